//! What a message or notice is about: its type, its deployment, who opened what and where (LTI Core 1.3 §5.3, §5.4).

use super::claim::{
    found, found_for_texts, is_nothing, is_texts, member, object, refused, refused_member, text, texts_member,
    url_member,
};
use super::{Facts, Form, Outcome};
use crate::http::HttpUrl;
use crate::json::Json;
use crate::lti13::claims as names;

pub(super) fn message_type(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::MESSAGE_TYPE;
    Some(match (facts.form, facts.claims.get(CLAIM)) {
        (Form::Notice, None) => return None,
        (Form::Notice, Some(_)) => Err(refused(CLAIM, "this is a message with a user's browser, expected a notice")),
        (Form::Launch, None) if facts.claims.get(names::NOTICE).is_some() => {
            Err(refused(CLAIM, "absent: this is a notice, expected a launch"))
        }
        (Form::Launch, _) => match text(facts.claims, CLAIM) {
            Ok("LtiDeepLinkingResponse") => {
                Err(refused(CLAIM, "that of a tool's own answer, expected a platform's message"))
            }
            Ok(_) => Ok("the message has a type"),
            Err(error) => Err(error),
        },
    })
}

#[allow(clippy::unnecessary_wraps)]
pub(super) fn version(facts: &Facts<'_>) -> Outcome {
    Some(text(facts.claims, names::VERSION).and_then(|version| {
        if version == "1.3.0" { Ok("the version is 1.3.0") } else { Err(refused(names::VERSION, "another than 1.3.0")) }
    }))
}

#[allow(clippy::unnecessary_wraps)]
pub(super) fn deployment(facts: &Facts<'_>) -> Outcome {
    Some(text(facts.claims, names::DEPLOYMENT_ID).map(|_| "the deployment is named"))
}

pub(super) fn target_link(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::TARGET_LINK_URI;
    if facts.is_spared(CLAIM) {
        return None;
    }
    Some(text(facts.claims, CLAIM).and_then(|url| match HttpUrl::parse(url) {
        Some(_) => Ok("the target link is a URL"),
        None => Err(refused(CLAIM, "a text, expected an absolute http(s) URL")),
    }))
}

pub(super) fn resource_link(facts: &Facts<'_>) -> Outcome {
    with_id(facts, names::RESOURCE_LINK, "the resource link has an id")
}

/// An object with an id.
fn with_id(facts: &Facts<'_>, claim: &'static str, right: &'static str) -> Outcome {
    if facts.is_spared(claim) {
        return None;
    }
    Some(object(facts.claims, claim).and_then(|object| member(object, claim, "id")).map(|_| right))
}

/// An anonymous visitor of a public course has no `sub`.
pub(super) fn user(facts: &Facts<'_>) -> Outcome {
    if facts.form == Form::Notice {
        return None;
    }
    let Some(sub) = facts.claims.get("sub") else { return Some(Ok("no sub: an anonymous visitor")) };
    Some(match sub.as_str().filter(|sub| !sub.is_empty()) {
        Some(_) => Ok("the user has an id"),
        None => {
            Err(refused("sub", &format!("{}, expected a text, or none for an anonymous visitor", found(Some(sub)))))
        }
    })
}

pub(super) fn roles(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::ROLES;
    if facts.is_spared(CLAIM) {
        return None;
    }
    let roles = facts.claims.get(CLAIM);
    Some(if is_texts(roles) {
        Ok("roles are texts")
    } else {
        Err(refused(CLAIM, &format!("{}, expected an array of texts", found_for_texts(roles))))
    })
}

pub(super) fn context(facts: &Facts<'_>) -> Outcome {
    with_id(facts, names::CONTEXT, "the context has an id")
}

pub(super) fn custom(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::CUSTOM;
    if facts.is_spared(CLAIM) {
        return None;
    }
    Some(object(facts.claims, CLAIM).map(|_| "the custom parameters are an object"))
}

pub(super) fn deep_linking(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::DEEP_LINKING_SETTINGS;
    if facts.is_spared(CLAIM) {
        return None;
    }
    Some(object(facts.claims, CLAIM).and_then(|settings| {
        url_member(settings, CLAIM, "deep_link_return_url")?;
        texts_member(settings, CLAIM, "accept_types")?;
        let data = settings.get("data");
        if !is_nothing(data) && settings.text("data").is_none() {
            return Err(refused_member(CLAIM, "data", &format!("{}, expected a text", found(data))));
        }
        for name in ["accept_multiple", "auto_create"] {
            let value = settings.get(name);
            if !is_nothing(value) && !matches!(value, Some(Json::Bool(_))) {
                return Err(refused_member(CLAIM, name, &format!("{}, expected a boolean", found(value))));
            }
        }
        Ok("the settings say what may be linked, and where the answer goes")
    }))
}

pub(super) fn activity(facts: &Facts<'_>) -> Outcome {
    with_id(facts, names::ACTIVITY, "the activity has an id")
}

pub(super) fn asset(facts: &Facts<'_>) -> Outcome {
    with_id(facts, names::ASSET, "the asset has an id")
}

pub(super) fn report_type(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::ASSET_REPORT_TYPE;
    if facts.is_spared(CLAIM) {
        return None;
    }
    Some(text(facts.claims, CLAIM).map(|_| "the report's type is named"))
}

pub(super) fn notice(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::NOTICE;
    if facts.form == Form::Launch {
        return None;
    }
    Some(object(facts.claims, CLAIM).and_then(|notice| {
        for name in ["id", "type", "timestamp"] {
            member(notice, CLAIM, name)?;
        }
        Ok("the notice has id, type and timestamp")
    }))
}
