//! The names of LTI 1.3's claims.

/// What kind of message it is (LTI Core 1.3 §5.3.1).
pub const MESSAGE_TYPE: &str = "https://purl.imsglobal.org/spec/lti/claim/message_type";
/// `1.3.0` (LTI Core 1.3 §5.3.2).
pub const VERSION: &str = "https://purl.imsglobal.org/spec/lti/claim/version";
/// Where the tool is installed (LTI Core 1.3 §5.3.3).
pub const DEPLOYMENT_ID: &str = "https://purl.imsglobal.org/spec/lti/claim/deployment_id";
/// What is to be shown (LTI Core 1.3 §5.3.4).
pub const TARGET_LINK_URI: &str = "https://purl.imsglobal.org/spec/lti/claim/target_link_uri";
/// The link that was followed (LTI Core 1.3 §5.3.5).
pub const RESOURCE_LINK: &str = "https://purl.imsglobal.org/spec/lti/claim/resource_link";
/// What the user is (LTI Core 1.3 §5.3.7).
pub const ROLES: &str = "https://purl.imsglobal.org/spec/lti/claim/roles";
/// The course, group or account (LTI Core 1.3 §5.4.1).
pub const CONTEXT: &str = "https://purl.imsglobal.org/spec/lti/claim/context";
/// The platform and its version (LTI Core 1.3 §5.4.2).
pub const TOOL_PLATFORM: &str = "https://purl.imsglobal.org/spec/lti/claim/tool_platform";
/// Whom a mentor looks after (LTI Core 1.3 §5.4.3).
pub const ROLE_SCOPE_MENTOR: &str = "https://purl.imsglobal.org/spec/lti/claim/role_scope_mentor";
/// How it is shown, and where to return to (LTI Core 1.3 §5.4.4).
pub const LAUNCH_PRESENTATION: &str = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation";
/// Ids of a student information system (LTI Core 1.3 §5.4.5).
pub const LIS: &str = "https://purl.imsglobal.org/spec/lti/claim/lis";
/// What the tool has asked to be told (LTI Core 1.3 §5.4.6).
pub const CUSTOM: &str = "https://purl.imsglobal.org/spec/lti/claim/custom";
/// The same launch as LTI 1.1 would have told it (LTI 1.3 Migration Guide).
pub const LTI1P1: &str = "https://purl.imsglobal.org/spec/lti/claim/lti1p1";
/// The activity that an asset processor is set up for (LTI Asset Processor 1.0).
pub const ACTIVITY: &str = "https://purl.imsglobal.org/spec/lti/claim/activity";
/// The submission whose report is looked at (LTI Asset Processor 1.0).
pub const SUBMISSION: &str = "https://purl.imsglobal.org/spec/lti/claim/submission";
/// The asset whose report is looked at (LTI Asset Processor 1.0).
pub const ASSET: &str = "https://purl.imsglobal.org/spec/lti/claim/asset";
/// The type of the report that is looked at (LTI Asset Processor 1.0).
pub const ASSET_REPORT_TYPE: &str = "https://purl.imsglobal.org/spec/lti/claim/assetreport_type";
/// Whom the message is about.
pub const FOR_USER: &str = "https://purl.imsglobal.org/spec/lti/claim/for_user";
/// Where an asset processor gets assets (LTI Asset Processor 1.0).
pub const ASSET_SERVICE: &str = "https://purl.imsglobal.org/spec/lti/claim/assetservice";
/// Where an asset processor sends reports (LTI Asset Processor 1.0).
pub const ASSET_REPORT: &str = "https://purl.imsglobal.org/spec/lti/claim/assetreport";
/// Where a tool says who accepted its terms (LTI Asset Processor 1.0).
pub const EULA_SERVICE: &str = "https://purl.imsglobal.org/spec/lti/claim/eulaservice";
/// What a notice is about (LTI Platform Notification Service 1.0).
pub const NOTICE: &str = "https://purl.imsglobal.org/spec/lti/claim/notice";
/// Where a tool says which notices it wants (LTI Platform Notification Service 1.0).
pub const PLATFORM_NOTIFICATION_SERVICE: &str = "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice";
/// Where line items are (Assignment and Grade Services 2.0 §3.1).
pub const AGS_ENDPOINT: &str = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";
/// Where the members of the context are (Names and Role Provisioning Services 2.0 §3.6.1.1).
pub const NAMES_ROLE_SERVICE: &str = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice";
/// What may be linked, and where the answer goes (Deep Linking 2.0 §4.4).
pub const DEEP_LINKING_SETTINGS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings";
/// What is to be linked (Deep Linking 2.0 §4.5).
pub const CONTENT_ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";
/// The `data` of the settings, sent back (Deep Linking 2.0 §4.5).
pub const DATA: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/data";
/// What the user is told (Deep Linking 2.0 §4.5).
pub const MSG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/msg";
/// What is written into the platform's log (Deep Linking 2.0 §4.5).
pub const LOG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/log";
/// What the user is told of a failure (Deep Linking 2.0 §4.5).
pub const ERROR_MSG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/errormsg";
/// What is written into the platform's log about a failure (Deep Linking 2.0 §4.5).
pub const ERROR_LOG: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/errorlog";
/// Canvas's: where in Canvas the tool was opened; null where that has no name.
pub const PLACEMENT: &str = "https://www.instructure.com/placement";

/// The last part of a claim's name, as messages have it.
#[must_use]
pub fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
