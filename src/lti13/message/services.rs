//! The services that a message or notice names.

use super::claim::{found, is_nothing, member, object, refused_member, texts_member, url_member};
use super::{Facts, Outcome};
use crate::error::Result;
use crate::json::{Json, Object};
use crate::lti13::claims as names;

/// A service that is named. Presence is no permission, so absence is no fault.
fn service(facts: &Facts<'_>, claim: &'static str, check: impl FnOnce(&Object) -> Result<&'static str>) -> Outcome {
    if facts.is_spared(claim) {
        return None;
    }
    Some(object(facts.claims, claim).and_then(check))
}

/// Either URL may be absent: a link without a grade has no line item of its own.
pub(super) fn line_items(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::AGS_ENDPOINT;
    service(facts, CLAIM, |endpoint| {
        for name in ["lineitems", "lineitem"] {
            if !is_nothing(endpoint.get(name)) {
                url_member(endpoint, CLAIM, name)?;
            }
        }
        texts_member(endpoint, CLAIM, "scope")?;
        Ok("the line items have URLs and scopes")
    })
}

pub(super) fn memberships(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::NAMES_ROLE_SERVICE;
    service(facts, CLAIM, |service| {
        url_member(service, CLAIM, "context_memberships_url").map(|()| "the memberships have a URL")
    })
}

pub(super) fn notice_handlers(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::PLATFORM_NOTIFICATION_SERVICE;
    service(facts, CLAIM, |service| {
        url_member(service, CLAIM, "platform_notification_service_url")?;
        for name in ["notice_types_supported", "scope"] {
            if !is_nothing(service.get(name)) {
                texts_member(service, CLAIM, name)?;
            }
        }
        Ok("the notice handlers have a URL")
    })
}

pub(super) fn eula(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::EULA_SERVICE;
    service(facts, CLAIM, |service| url_member(service, CLAIM, "url").map(|()| "the service for terms has a URL"))
}

pub(super) fn assets(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::ASSET_SERVICE;
    service(facts, CLAIM, |service| {
        let Some(Json::Array(assets)) = service.get("assets") else {
            let message = format!("{}, expected an array", found(service.get("assets")));
            return Err(refused_member(CLAIM, "assets", &message));
        };
        for (index, asset) in assets.iter().enumerate() {
            let at = format!("assets[{index}]");
            let Some(asset) = asset.as_object() else {
                return Err(refused_member(CLAIM, &at, &format!("{}, expected an object", asset.kind())));
            };
            member(asset, CLAIM, "asset_id").and_then(|_| url_member(asset, CLAIM, "url")).map_err(|error| {
                let place = error.at.as_deref().and_then(|at| at.rsplit('.').next()).unwrap_or_default();
                let at = format!("claims.{CLAIM}.{at}.{place}");
                error.at(at)
            })?;
        }
        Ok("the assets have ids and URLs")
    })
}

pub(super) fn reports(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::ASSET_REPORT;
    service(facts, CLAIM, |service| url_member(service, CLAIM, "report_url").map(|()| "the reports have a URL"))
}
