//! Rules for a platform's messages and notices in LTI 1.3: those that verifying applies, each with what to change, and what
//! Canvas sends that a tool stumbles over.

use super::context::Context;
use crate::error::{Code, Error};
use crate::http::HttpUrl;
use crate::inspect::check::{Check, shown};
use crate::inspect::kind::Kind;
use crate::json::{Json, Object};
use crate::lti13::claims::{self as names, short};
use crate::lti13::is_variable;
use crate::lti13::message::{Expected, Facts, RULES, Rule, is_of_canvas};

/// What Canvas makes of a message's claims with a meaning of LTI's: where services are.
const SERVICE_URLS: &[(&str, &str)] = &[
    (names::AGS_ENDPOINT, "lineitems"),
    (names::AGS_ENDPOINT, "lineitem"),
    (names::NAMES_ROLE_SERVICE, "context_memberships_url"),
    (names::PLATFORM_NOTIFICATION_SERVICE, "platform_notification_service_url"),
    (names::EULA_SERVICE, "url"),
    (names::ASSET_REPORT, "report_url"),
];

/// What the rules that verifying applies find; nothing of other kinds.
fn found(context: &Context<'_>) -> Vec<(&'static Rule, Result<&'static str, Error>)> {
    let Some(form) = context.kind.form() else { return Vec::new() };
    let expected = Expected {
        issuer: context.platform.map(|platform| platform.issuer.clone()),
        client_id: context.platform.map(|platform| platform.client_id.clone()),
        nonce: context.nonce.map(str::to_owned),
        now: context.clock.now,
        tolerance: context.clock.tolerance,
    };
    let facts = Facts { form, claims: context.claims, expected: &expected };
    RULES.iter().filter_map(|rule| (rule.check)(&facts).map(|outcome| (rule, outcome))).collect()
}

/// The claims of LTI that are missing, by the type of the message.
pub(super) fn missing(context: &Context<'_>) -> Vec<&'static str> {
    let of_error = |error: Error| error.claim.filter(|claim| is_missing(context, &error, claim));
    found(context).into_iter().filter_map(|(_, outcome)| outcome.err().and_then(of_error)).collect()
}

/// Whether the fault is that a claim of LTI is not there at all.
fn is_missing(context: &Context<'_>, error: &Error, claim: &str) -> bool {
    error.code == Code::MessageInvalid && context.claims.get(claim).is_none()
}

pub(super) fn check(context: &Context<'_>, checks: &mut Vec<Check>) {
    for (rule, outcome) in found(context) {
        match outcome {
            Ok(message) => checks.push(Check::pass(rule.id, message).spec(rule.spec)),
            Err(error) if error.claim.is_some_and(|claim| is_missing(context, &error, claim)) => {}
            Err(error) => checks.push(
                Check::fail(rule.id, error.code, error.message.clone())
                    .at(error.at.as_deref().unwrap_or("claims"))
                    .spec(rule.spec)
                    .fix(fix(context, rule.id, &error)),
            ),
        }
    }
    if context.kind.form().is_some() {
        checks.extend(deployment(context));
        checks.extend(message_type(context));
        checks.extend(unexpanded(context));
        checks.extend(insecure_service(context));
        checks.extend(signature_of_lti1(context));
    }
    if matches!(context.kind, Kind::Lti13IdToken | Kind::Lti13Notice | Kind::Lti13DeepLinkingResponse) {
        checks.extend(numeric_id(context));
    }
}

/// What to change about what a rule refused.
fn fix(context: &Context<'_>, id: &str, error: &Error) -> String {
    let claim = error.claim.unwrap_or_default();
    let text = match id {
        "azp" => "set azp and aud to the client id of the tool, and compare the token with that tool's platform",
        "aud-others" => "set aud to the client id of the tool alone",
        "nonce" => "put the nonce of the tool's authentication request into the token, and answer each login once",
        "lti-message-type" if context.claims.text(claim).is_some_and(|text| !text.is_empty()) => {
            "verify launches as launches and notices as notices: each has its own claims"
        }
        "lti-version" => "set version to \"1.3.0\", as a text",
        "lti-user" => "write sub as a text, or leave it out",
        _ => {
            let place = error.at.as_deref().and_then(|at| at.strip_prefix("claims.")?.strip_prefix(claim));
            let place = place.unwrap_or_default();
            let member = place.rsplit('.').next().unwrap_or_default();
            return format!(
                "set {}{place} to {}",
                short(claim),
                meant(if place.is_empty() { short(claim) } else { member })
            );
        }
    };
    text.to_owned()
}

/// What a claim or a member of one has to be.
fn meant(name: &str) -> &'static str {
    match name {
        "message_type" | "deployment_id" | "assetreport_type" | "id" | "type" | "timestamp" | "asset_id" | "data" => {
            "a text that is not empty"
        }
        "target_link_uri" | "lineitems" | "lineitem" => "an absolute http(s) URL",
        "roles" | "scope" | "accept_types" | "notice_types_supported" => "an array of texts",
        "accept_multiple" | "auto_create" => "true or false",
        "assets" => "an array of objects",
        name if name.ends_with("url") => "an absolute http(s) URL",
        _ => "an object",
    }
}

/// A deployment that may not launch.
fn deployment(context: &Context<'_>) -> Option<Check> {
    let deployment = context.claims.text(names::DEPLOYMENT_ID).filter(|id| !id.is_empty())?;
    context.platform.filter(|platform| !platform.allows(deployment))?;
    Some(
        Check::fail("lti-deployment", Code::DeploymentUnknown, "deployment_id is none of those that may launch")
            .at(format!("claims.{}", names::DEPLOYMENT_ID))
            .spec("LTI Core 1.3 §5.3.3")
            .fix("add this deployment to those that may launch, or let every deployment of the client id launch"),
    )
}

/// A type that Canvas does not have.
fn message_type(context: &Context<'_>) -> Option<Check> {
    let name = context.claims.text(names::MESSAGE_TYPE).filter(|name| !name.is_empty())?;
    if context.kind != Kind::Lti13IdToken || is_of_canvas(name) || name == "LtiDeepLinkingResponse" {
        return None;
    }
    Some(
        Check::warn("lti-message-type", "the message is of a type that Canvas does not send")
            .at(format!("claims.{}", names::MESSAGE_TYPE))
            .spec("Canvas: LTI 1.3 launch")
            .fix("expect links, deep linking, terms of use, and an asset processor's settings and reports; SpeedGrader opens a link"),
    )
}

/// Variables that Canvas was asked for and did not fill in.
fn unexpanded(context: &Context<'_>) -> Option<Check> {
    let places = [names::CUSTOM, names::LIS];
    let members = places.iter().filter_map(|claim| Some((*claim, context.claims.get(claim)?.as_object()?)));
    let variables = members.flat_map(|(claim, object)| object.iter().map(move |member| (claim, member)));
    let mut unexpanded = variables.filter(|(_, (_, value))| value.as_str().is_some_and(is_variable));
    let (claim, (name, _)) = unexpanded.next()?;
    let more = match unexpanded.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let message = format!("{}.{} is a variable that Canvas did not expand{more}", short(claim), shown(name));
    Some(
        Check::warn("variable", message)
            .at(format!("claims.{claim}.{}", shown(name)))
            .spec("LTI Core 1.3 §5.4.6")
            .fix("take it as absent: this user, place or privacy level has no value for it, or its name is misspelt"),
    )
}

/// Canvas writes http:// for some of a site's services where others have https://.
fn insecure_service(context: &Context<'_>) -> Option<Check> {
    let url = |(claim, name): &(&'static str, &'static str)| {
        let url = HttpUrl::parse(context.claims.get(claim)?.as_object()?.text(name)?)?;
        Some((*claim, *name, url.origin().0))
    };
    let urls: Vec<_> = SERVICE_URLS.iter().filter_map(url).collect();
    let is_any_secure = urls.iter().any(|(.., is_secure)| *is_secure);
    let (claim, name, _) = urls.into_iter().find(|(.., is_secure)| !is_secure && is_any_secure)?;
    Some(
        Check::warn("service-scheme", format!("{name} is an http:// URL, where other services have https://"))
            .at(format!("claims.{claim}.{name}"))
            .spec("Canvas: LTI 1.3 launch")
            .fix("send requests to the same URL with https://, and compare no URLs by their scheme"),
    )
}

fn signature_of_lti1(context: &Context<'_>) -> Option<Check> {
    context.claims.get(names::LTI1P1)?.as_object()?.get("oauth_consumer_key_sign")?;
    Some(
        Check::warn(
            "lti1p1",
            "the signature in lti1p1 is made with another nonce than the token's, so that nobody can verify it",
        )
        .at(format!("claims.{}.oauth_consumer_key_sign", names::LTI1P1))
        .spec("LTI 1.3 Migration Guide")
        .fix("tell users of LTI 1.1 by lti1p1.user_id alone, which the token's own signature covers"),
    )
}

/// An id that is a number, which JavaScript rounds where it exceeds 2^53, as Canvas's global ids do.
fn numeric_id(context: &Context<'_>) -> Option<Check> {
    let is_id = |name: &str| name == "id" || name.ends_with("_id");
    let place = |object: &Object| {
        let found = object.iter().find(|(name, value)| is_id(name) && matches!(value, Json::Number(_)));
        found.map(|(name, _)| shown(name))
    };
    let inside = |(claim, value): (&str, &Json)| {
        let name = place(value.as_object()?)?;
        Some((format!("{}.{name}", shown(short(claim))), format!("claims.{claim}.{name}")))
    };
    // Of what a rule needs as a text, that rule says so.
    let is_needed = |claim: &str| {
        [names::RESOURCE_LINK, names::CONTEXT, names::ACTIVITY, names::ASSET, names::NOTICE].contains(&claim)
    };
    let (name, at) = context.claims.iter().filter(|(claim, _)| !is_needed(claim)).find_map(inside)?;
    Some(
        Check::warn("id-number", format!("{name} is a number, expected an id as a text"))
            .at(at)
            .spec("RFC 8259 §6")
            .fix("write ids as text: Canvas's exceed 2^53, which JavaScript rounds"),
    )
}
