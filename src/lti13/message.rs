//! The rules for LTI 1.3 messages and notices (1EdTech Security Framework 1.0 §5.1.3, LTI Core 1.3 §5.3), as one list:
//! verifying throws the first failure, an inspection reports them all.

use super::claims::{self as names, short};
use crate::error::{Code, Error, Result};
use crate::http::HttpUrl;
use crate::jose::claims as registered;
use crate::json::{Json, Object};

/// The largest age of a launch, in seconds: Canvas makes the token when the login begins, and keeps it no longer.
pub const LAUNCH_AGE: f64 = 300.0;
/// The largest age of a notice, in seconds: nobody waits for it, so it may be as old as Canvas lets it be.
pub const NOTICE_AGE: f64 = 3600.0;

/// What a token is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A message with a user's browser: a launch.
    Launch,
    /// A notice of the Platform Notification Service, from server to server.
    Notice,
}

/// What a message is to be compared with; what is absent is not compared.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// The platform's issuer.
    pub issuer: Option<String>,
    /// The tool's client id.
    pub client_id: Option<String>,
    /// The nonce of the login.
    pub nonce: Option<String>,
    /// Seconds since 1970.
    pub now: f64,
    /// How far clocks may differ, in seconds.
    pub tolerance: f64,
}

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What the token is to be.
    pub form: Form,
    /// The claims set.
    pub claims: &'a Object,
    /// What to compare with.
    pub expected: &'a Expected,
}

/// A rule: nothing where it does not apply, else what was found, or why it is refused.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Stable, such as `lti-version`.
    pub id: &'static str,
    /// Its source.
    pub spec: &'static str,
    /// The rule itself.
    pub check: fn(&Facts<'_>) -> Option<Result<&'static str>>,
}

const SECURITY: &str = "1EdTech Security Framework 1.0 §5.1.3";
const ASSET_PROCESSOR: &str = "LTI Asset Processor 1.0";
const NOTIFICATION: &str = "LTI Platform Notification Service 1.0";

/// The rules, in the order in which verifying applies them, after those for registered claims.
pub static RULES: [Rule; 23] = [
    Rule { id: "azp", spec: SECURITY, check: authorized_party },
    Rule { id: "aud-others", spec: SECURITY, check: other_audiences },
    Rule { id: "nonce", spec: SECURITY, check: nonce },
    Rule { id: "lti-message-type", spec: "LTI Core 1.3 §5.3.1", check: message_type },
    Rule { id: "lti-version", spec: "LTI Core 1.3 §5.3.2", check: version },
    Rule { id: "lti-deployment", spec: "LTI Core 1.3 §5.3.3", check: deployment },
    Rule { id: "lti-target-link", spec: "LTI Core 1.3 §5.3.4", check: target_link },
    Rule { id: "lti-resource-link", spec: "LTI Core 1.3 §5.3.5", check: resource_link },
    Rule { id: "lti-user", spec: "LTI Core 1.3 §5.3.6", check: user },
    Rule { id: "lti-roles", spec: "LTI Core 1.3 §5.3.7", check: roles },
    Rule { id: "lti-context", spec: "LTI Core 1.3 §5.4.1", check: context },
    Rule { id: "lti-custom", spec: "LTI Core 1.3 §5.4.6", check: custom },
    Rule { id: "lti-deep-linking", spec: "LTI Deep Linking 2.0 §4.4", check: deep_linking },
    Rule { id: "lti-activity", spec: ASSET_PROCESSOR, check: activity },
    Rule { id: "lti-asset", spec: ASSET_PROCESSOR, check: asset },
    Rule { id: "lti-report-type", spec: ASSET_PROCESSOR, check: report_type },
    Rule { id: "lti-notice", spec: NOTIFICATION, check: notice },
    Rule { id: "lti-line-items", spec: "LTI Assignment and Grade Services 2.0 §3.1", check: line_items },
    Rule { id: "lti-memberships", spec: "LTI Names and Role Provisioning Services 2.0", check: memberships },
    Rule { id: "lti-notice-handlers", spec: NOTIFICATION, check: notice_handlers },
    Rule { id: "lti-eula", spec: ASSET_PROCESSOR, check: eula },
    Rule { id: "lti-assets", spec: ASSET_PROCESSOR, check: assets },
    Rule { id: "lti-reports", spec: ASSET_PROCESSOR, check: reports },
];

/// Applies every rule of messages, up to the first failure, to claims that were compared with what [`registered`] gives.
/// Whether the deployment may launch is another question, see [`Platform::allows`](super::Platform::allows).
///
/// # Errors
/// `ERR_JWT_CLAIM_VALIDATION_FAILED` for what any token of the Security Framework needs, `ERR_LTI_MESSAGE_INVALID` for what LTI
/// does; with `claim`, `at` and `spec`.
pub fn verify(facts: &Facts<'_>) -> Result<()> {
    RULES.iter().try_for_each(|rule| match (rule.check)(facts) {
        Some(Err(error)) => Err(error.spec(rule.spec)),
        _ => Ok(()),
    })
}

/// What the registered claims of such a token are compared with.
#[must_use]
pub fn registered(form: Form, expected: &Expected) -> registered::Expected {
    let one = |text: &Option<String>| text.clone().map(|text| vec![text]);
    registered::Expected {
        issuer: one(&expected.issuer),
        audience: one(&expected.client_id),
        required: ["iss", "aud", "exp", "iat", "nonce"].map(str::to_owned).to_vec(),
        max_age: Some(match form {
            Form::Launch => LAUNCH_AGE,
            Form::Notice => NOTICE_AGE,
        }),
        now: expected.now,
        tolerance: expected.tolerance,
        ..registered::Expected::default()
    }
}

type Outcome = Option<Result<&'static str>>;

/// The messages that Canvas sends, and the claims that each needs besides those of all messages. Deep Linking demands neither
/// a target nor roles.
static TYPES: [(&str, &[&str]); 5] = [
    ("LtiResourceLinkRequest", &[names::TARGET_LINK_URI, names::ROLES, names::RESOURCE_LINK]),
    ("LtiDeepLinkingRequest", &[names::DEEP_LINKING_SETTINGS]),
    ("LtiEulaRequest", &[names::TARGET_LINK_URI, names::ROLES]),
    ("LtiAssetProcessorSettingsRequest", &[names::TARGET_LINK_URI, names::ROLES, names::ACTIVITY]),
    (
        "LtiReportReviewRequest",
        &[names::TARGET_LINK_URI, names::ROLES, names::ACTIVITY, names::ASSET, names::ASSET_REPORT_TYPE],
    ),
];

/// Whether Canvas sends messages of this type.
#[must_use]
pub fn is_of_canvas(name: &str) -> bool {
    TYPES.iter().any(|(known, _)| *known == name)
}

impl Facts<'_> {
    /// Whether this type of message needs this claim. Of types that are not known, none is.
    fn needs(&self, claim: &str) -> bool {
        let name = self.claims.text(names::MESSAGE_TYPE).filter(|_| self.form == Form::Launch);
        TYPES.iter().any(|(known, needed)| Some(*known) == name && needed.contains(&claim))
    }

    /// Whether a claim is absent, or null as Canvas writes what it has no value for, and need not be there.
    fn is_spared(&self, claim: &str) -> bool {
        is_nothing(self.claims.get(claim)) && !self.needs(claim)
    }
}

/// A claim refused as LTI's, or as any token's.
fn refused(claim: &'static str, message: &str) -> Error {
    of_code(Code::MessageInvalid, claim, message)
}

fn of_code(code: Code, claim: &'static str, message: &str) -> Error {
    let mut error = Error::new(code, format!("claim {}: {message}", short(claim))).at(format!("claims.{claim}"));
    error.facts().claim = Some(claim);
    error
}

/// A member of a claim refused.
fn refused_member(claim: &'static str, member: &str, message: &str) -> Error {
    let at = format!("claims.{claim}.{member}");
    refused(claim, &format!("{member} is {message}")).at(at)
}

/// The kind of a value, or that there is none.
fn found(value: Option<&Json>) -> &'static str {
    match value {
        None => "absent",
        Some(Json::String(text)) if text.is_empty() => "empty",
        Some(value) => value.kind(),
    }
}

/// A text that is not empty.
fn text<'a>(claims: &'a Object, claim: &'static str) -> Result<&'a str> {
    claims
        .text(claim)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| refused(claim, &format!("{}, expected a text", found(claims.get(claim)))))
}

fn object<'a>(claims: &'a Object, claim: &'static str) -> Result<&'a Object> {
    claims
        .get(claim)
        .and_then(Json::as_object)
        .ok_or_else(|| refused(claim, &format!("{}, expected an object", found(claims.get(claim)))))
}

/// A member that is a text and not empty.
fn member<'a>(object: &'a Object, claim: &'static str, name: &str) -> Result<&'a str> {
    object
        .text(name)
        .filter(|text| !text.is_empty())
        .ok_or_else(|| refused_member(claim, name, &format!("{}, expected a text", found(object.get(name)))))
}

/// A member that is an absolute URL.
fn url_member(object: &Object, claim: &'static str, name: &str) -> Result<()> {
    let url = member(object, claim, name)?;
    if HttpUrl::parse(url).is_some() {
        return Ok(());
    }
    Err(refused_member(claim, name, "a text, expected an absolute http(s) URL"))
}

/// A member that is an array of texts.
fn texts_member(object: &Object, claim: &'static str, name: &str) -> Result<()> {
    let value = object.get(name);
    if is_texts(value) {
        return Ok(());
    }
    Err(refused_member(claim, name, &format!("{}, expected an array of texts", found_for_texts(value))))
}

/// What a value is that is no array of texts.
fn found_for_texts(value: Option<&Json>) -> &'static str {
    if let Some(Json::Array(_)) = value { "an array with something else" } else { found(value) }
}

fn is_texts(value: Option<&Json>) -> bool {
    matches!(value, Some(Json::Array(items)) if items.iter().all(|item| item.as_str().is_some()))
}

/// Whether it is absent or null, as Canvas writes some members that it has no value for.
fn is_nothing(value: Option<&Json>) -> bool {
    matches!(value, None | Some(Json::Null))
}

/// The different texts in `aud`.
fn audiences(claims: &Object) -> Vec<&str> {
    let mut found: Vec<&str> = match claims.get("aud") {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
        Some(aud) => aud.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    found.sort_unstable();
    found.dedup();
    found
}

fn authorized_party(facts: &Facts<'_>) -> Outcome {
    let audiences = audiences(facts.claims);
    let failed = |message: &str| Some(Err(of_code(Code::ClaimFailed, "azp", message)));
    let Some(azp) = facts.claims.get("azp") else {
        return (audiences.len() > 1)
            .then(|| Err(of_code(Code::ClaimFailed, "azp", "absent, although aud names several audiences")));
    };
    let Some(azp) = azp.as_str() else {
        return failed(&format!("{}, expected the client id as a text", azp.kind()));
    };
    match &facts.expected.client_id {
        Some(client_id) if client_id != azp => failed("not this tool's client id"),
        None if !audiences.contains(&azp) => {
            failed("no audience of the token, expected the client id that aud has too")
        }
        _ => Some(Ok("azp is the client id")),
    }
}

/// A tool has to refuse audiences that it does not trust, and there is none besides itself that it knows.
fn other_audiences(facts: &Facts<'_>) -> Outcome {
    let count = audiences(facts.claims).len();
    (count > 1).then(|| {
        let message = format!("{count} audiences, expected this tool's client id alone");
        Err(of_code(Code::ClaimFailed, "aud", &message))
    })
}

fn nonce(facts: &Facts<'_>) -> Outcome {
    let failed = |message: &str| Some(Err(of_code(Code::ClaimFailed, "nonce", message)));
    let nonce = facts.claims.get("nonce")?;
    match (nonce.as_str().filter(|nonce| !nonce.is_empty()), &facts.expected.nonce) {
        (None, _) => failed(&format!("{}, expected a text", found(Some(nonce)))),
        (Some(nonce), Some(expected)) if nonce != expected => failed("not that of the login"),
        (_, Some(_)) => Some(Ok("nonce is that of the login")),
        (_, None) => Some(Ok("nonce is a text")),
    }
}

fn message_type(facts: &Facts<'_>) -> Outcome {
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
fn version(facts: &Facts<'_>) -> Outcome {
    Some(text(facts.claims, names::VERSION).and_then(|version| {
        if version == "1.3.0" { Ok("the version is 1.3.0") } else { Err(refused(names::VERSION, "another than 1.3.0")) }
    }))
}

#[allow(clippy::unnecessary_wraps)]
fn deployment(facts: &Facts<'_>) -> Outcome {
    Some(text(facts.claims, names::DEPLOYMENT_ID).map(|_| "the deployment is named"))
}

fn target_link(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::TARGET_LINK_URI;
    if facts.is_spared(CLAIM) {
        return None;
    }
    Some(text(facts.claims, CLAIM).and_then(|url| match HttpUrl::parse(url) {
        Some(_) => Ok("the target link is a URL"),
        None => Err(refused(CLAIM, "a text, expected an absolute http(s) URL")),
    }))
}

fn resource_link(facts: &Facts<'_>) -> Outcome {
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
fn user(facts: &Facts<'_>) -> Outcome {
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

fn roles(facts: &Facts<'_>) -> Outcome {
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

fn context(facts: &Facts<'_>) -> Outcome {
    with_id(facts, names::CONTEXT, "the context has an id")
}

fn custom(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::CUSTOM;
    if facts.is_spared(CLAIM) {
        return None;
    }
    Some(object(facts.claims, CLAIM).map(|_| "the custom parameters are an object"))
}

fn deep_linking(facts: &Facts<'_>) -> Outcome {
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

fn activity(facts: &Facts<'_>) -> Outcome {
    with_id(facts, names::ACTIVITY, "the activity has an id")
}

fn asset(facts: &Facts<'_>) -> Outcome {
    with_id(facts, names::ASSET, "the asset has an id")
}

fn report_type(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::ASSET_REPORT_TYPE;
    if facts.is_spared(CLAIM) {
        return None;
    }
    Some(text(facts.claims, CLAIM).map(|_| "the report's type is named"))
}

fn notice(facts: &Facts<'_>) -> Outcome {
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

/// A service that is named. Presence is no permission, so absence is no fault.
fn service(facts: &Facts<'_>, claim: &'static str, check: impl FnOnce(&Object) -> Result<&'static str>) -> Outcome {
    if facts.is_spared(claim) {
        return None;
    }
    Some(object(facts.claims, claim).and_then(check))
}

/// Either URL may be absent: a link without a grade has no line item of its own.
fn line_items(facts: &Facts<'_>) -> Outcome {
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

fn memberships(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::NAMES_ROLE_SERVICE;
    service(facts, CLAIM, |service| {
        url_member(service, CLAIM, "context_memberships_url").map(|()| "the memberships have a URL")
    })
}

fn notice_handlers(facts: &Facts<'_>) -> Outcome {
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

fn eula(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::EULA_SERVICE;
    service(facts, CLAIM, |service| url_member(service, CLAIM, "url").map(|()| "the service for terms has a URL"))
}

fn assets(facts: &Facts<'_>) -> Outcome {
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

fn reports(facts: &Facts<'_>) -> Outcome {
    const CLAIM: &str = names::ASSET_REPORT;
    service(facts, CLAIM, |service| url_member(service, CLAIM, "report_url").map(|()| "the reports have a URL"))
}
