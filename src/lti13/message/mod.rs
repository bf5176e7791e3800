//! The rules for LTI 1.3 messages and notices (1EdTech Security Framework 1.0 §5.1.3, LTI Core 1.3 §5.3), as one list:
//! verifying throws the first failure, an inspection reports them all.

mod claim;
mod content;
mod security;
mod services;

use super::claims as names;
use crate::error::Result;
use crate::jose::claims as registered;
use crate::json::Object;
use claim::is_nothing;

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
    Rule { id: "azp", spec: SECURITY, check: security::authorized_party },
    Rule { id: "aud-others", spec: SECURITY, check: security::other_audiences },
    Rule { id: "nonce", spec: SECURITY, check: security::nonce },
    Rule { id: "lti-message-type", spec: "LTI Core 1.3 §5.3.1", check: content::message_type },
    Rule { id: "lti-version", spec: "LTI Core 1.3 §5.3.2", check: content::version },
    Rule { id: "lti-deployment", spec: "LTI Core 1.3 §5.3.3", check: content::deployment },
    Rule { id: "lti-target-link", spec: "LTI Core 1.3 §5.3.4", check: content::target_link },
    Rule { id: "lti-resource-link", spec: "LTI Core 1.3 §5.3.5", check: content::resource_link },
    Rule { id: "lti-user", spec: "LTI Core 1.3 §5.3.6", check: content::user },
    Rule { id: "lti-roles", spec: "LTI Core 1.3 §5.3.7", check: content::roles },
    Rule { id: "lti-context", spec: "LTI Core 1.3 §5.4.1", check: content::context },
    Rule { id: "lti-custom", spec: "LTI Core 1.3 §5.4.6", check: content::custom },
    Rule { id: "lti-deep-linking", spec: "LTI Deep Linking 2.0 §4.4", check: content::deep_linking },
    Rule { id: "lti-activity", spec: ASSET_PROCESSOR, check: content::activity },
    Rule { id: "lti-asset", spec: ASSET_PROCESSOR, check: content::asset },
    Rule { id: "lti-report-type", spec: ASSET_PROCESSOR, check: content::report_type },
    Rule { id: "lti-notice", spec: NOTIFICATION, check: content::notice },
    Rule { id: "lti-line-items", spec: "LTI Assignment and Grade Services 2.0 §3.1", check: services::line_items },
    Rule { id: "lti-memberships", spec: "LTI Names and Role Provisioning Services 2.0", check: services::memberships },
    Rule { id: "lti-notice-handlers", spec: NOTIFICATION, check: services::notice_handlers },
    Rule { id: "lti-eula", spec: ASSET_PROCESSOR, check: services::eula },
    Rule { id: "lti-assets", spec: ASSET_PROCESSOR, check: services::assets },
    Rule { id: "lti-reports", spec: ASSET_PROCESSOR, check: services::reports },
];

/// Applies every rule of messages, up to the first failure, to claims that were compared with what [`registered()`] gives.
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
