//! Dynamic registration (LTI Dynamic Registration 1.0) with Canvas: reads the platform's configuration, checks the tool's before
//! anything is sent, registers it. Canvas drops silently what it does not know, so that a name which is spelt wrong would do
//! nothing: it is refused here.

use ::http::Method;

use super::members::Members;
use super::platform::{Deployments, Environment, Platform};
use crate::error::{Code, Error, Result};
use crate::http::{self, Authorization, HttpUrl, Repeat, Request, Response, answer, authorized};
use crate::json::names::{self, any_of, misspelt};
use crate::json::{Json, Object};

const JSON: &str = "application/json";
/// The member that tells of the tool what is LTI's.
pub const TOOL_CONFIGURATION: &str = "https://purl.imsglobal.org/spec/lti-tool-configuration";
/// The prefix of Canvas's extensions, and of its placements.
const CANVAS: &str = "https://canvas.instructure.com/lti/";

const OF_REGISTRATION: &[&str] = &[
    "application_type",
    "grant_types",
    "response_types",
    "redirect_uris",
    "initiate_login_uri",
    "client_name",
    "jwks_uri",
    "token_endpoint_auth_method",
    "scope",
    "contacts",
    "client_uri",
    "logo_uri",
    "tos_uri",
    "policy_uri",
    TOOL_CONFIGURATION,
];
const OF_TOOL: &[&str] = &[
    "domain",
    "secondary_domains",
    "deployment_id",
    "target_link_uri",
    "custom_parameters",
    "description",
    "messages",
    "claims",
    "https://canvas.instructure.com/lti/privacy_level",
    "https://canvas.instructure.com/lti/tool_id",
    "https://canvas.instructure.com/lti/vendor",
    "https://canvas.instructure.com/lti/disable_reinstall",
    "https://canvas.instructure.com/lti/content_migration",
];
const OF_MESSAGE: &[&str] = &[
    "type",
    "target_link_uri",
    "label",
    "icon_uri",
    "custom_parameters",
    "roles",
    "placements",
    "supported_types",
    "supported_media_types",
    "https://canvas.instructure.com/lti/course_navigation/default_enabled",
    "https://canvas.instructure.com/lti/visibility",
    "https://canvas.instructure.com/lti/display_type",
    "https://canvas.instructure.com/lti/launch_width",
    "https://canvas.instructure.com/lti/launch_height",
];
const MESSAGE_TYPES: &[&str] = &["LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiEulaRequest"];
const PLACEMENTS: &[&str] = &[
    "account_navigation",
    "analytics_hub",
    "assignment_edit",
    "assignment_group_menu",
    "assignment_index_menu",
    "assignment_menu",
    "assignment_selection",
    "assignment_view",
    "collaboration",
    "conference_selection",
    "course_assignments_menu",
    "course_home_sub_navigation",
    "course_navigation",
    "course_settings_sub_navigation",
    "discussion_topic_index_menu",
    "discussion_topic_menu",
    "editor_button",
    "file_index_menu",
    "file_menu",
    "global_navigation",
    "homework_submission",
    "link_selection",
    "migration_selection",
    "module_group_menu",
    "module_index_menu",
    "module_index_menu_modal",
    "module_menu",
    "module_menu_modal",
    "post_grades",
    "quiz_index_menu",
    "quiz_menu",
    "resource_selection",
    "similarity_detection",
    "student_context_card",
    "submission_type_selection",
    "tool_configuration",
    "top_navigation",
    "user_navigation",
    "wiki_index_menu",
    "wiki_page_menu",
    "ContentArea",
    "RichTextEditor",
    "ActivityAssetProcessor",
    "ActivityAssetProcessorContribution",
];
const SCOPES: &[&str] = &[
    "openid",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
    "https://purl.imsglobal.org/spec/lti/scope/noticehandlers",
    "https://purl.imsglobal.org/spec/lti/scope/asset.readonly",
    "https://purl.imsglobal.org/spec/lti/scope/report",
    "https://purl.imsglobal.org/spec/lti/scope/eula/deployment",
    "https://purl.imsglobal.org/spec/lti/scope/eula/user",
    "https://canvas.instructure.com/lti/public_jwk/scope/update",
    "https://canvas.instructure.com/lti/account_lookup/scope/show",
    "https://canvas.instructure.com/lti-ags/progress/scope/show",
    "https://canvas.instructure.com/lti/page_content/show",
    "https://canvas.instructure.com/lti/replace_editor_contents",
];
const PRIVACY_LEVELS: &[&str] = &["public", "name_only", "email_only", "anonymous"];
const VISIBILITIES: &[&str] = &["admins", "members", "public"];
const DISPLAY_TYPES: &[&str] = &[
    "default",
    "full_width",
    "full_width_in_context",
    "full_width_with_nav",
    "in_nav_context",
    "borderless",
    "new_window",
];

/// What a platform says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformConfiguration {
    /// The `iss` of its messages. Of Canvas it is not the host of the configuration.
    pub issuer: String,
    /// Where a login is answered to.
    pub authorization_endpoint: String,
    /// Where service tokens are asked for.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
    /// Where a tool is registered.
    pub registration_endpoint: String,
}

/// The request for a platform's configuration, by the URL that the platform gave, its query as it is. The registration token goes
/// with it, as newer Canvas wants it.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that is no `https` URL, for one of this machine unless `is_local`, where `http` will do, and for a
/// token that no header can carry.
pub fn configuration_request(url: &str, is_local: bool, token: Option<&str>) -> Result<Request> {
    const AT: &str = "request.openidConfiguration";
    let Some(parts) = HttpUrl::parse(url).filter(|parts| parts.is_private()) else {
        return Err(Error::argument(AT, "not an absolute https URL"));
    };
    // Whoever opens the tool's page says what is asked for.
    if parts.is_of_this_machine() && !is_local {
        return Err(Error::argument(AT, "of this machine, expected the option local for that"));
    }
    with_token(http::request(Method::GET, url, AT, JSON, Repeat::Harmless)?, token)
}

fn with_token(request: Request, token: Option<&str>) -> Result<Request> {
    let Some(token) = token else { return Ok(request) };
    Ok(authorized(request, &Authorization::bearer(token, "request.registrationToken")?))
}

/// Reads the platform's configuration at the URL that was asked. Anybody can name a configuration, and a tool's key opens what
/// its token endpoint guards: so issuer, authorization, token and key URLs are those of Instructure's cloud, or all of them of
/// the origin that was asked (LTI Dynamic Registration 1.0 §3.4). A tool is registered on the institution's host, which neither
/// need be. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for one that lacks a URL, has one that is no `https` URL, one of another origin, or one of this machine
/// without being there; the errors of [`answer::refusal`].
pub fn configuration(response: &Response, asked: &str, now: f64) -> Result<PlatformConfiguration> {
    let body = answer::object(response, now)?;
    let invalid =
        |name: &str, fault: &str| answer::invalid(response, &format!("the platform's configuration: {name} {fault}"));
    let asked = HttpUrl::parse(asked);
    let is_local = asked.is_some_and(HttpUrl::is_of_this_machine);
    let read = |name: &str| {
        let url = body.text(name).ok_or_else(|| invalid(name, "is absent, or no text"))?;
        match HttpUrl::parse(url).filter(|parts| parts.is_private()) {
            Some(parts) if is_local || !parts.is_of_this_machine() => Ok(url.to_owned()),
            Some(_) => Err(invalid(name, "is of this machine, which the configuration is not")),
            None => Err(invalid(name, "is no absolute https URL")),
        }
    };
    let found = PlatformConfiguration {
        issuer: read("issuer")?,
        authorization_endpoint: read("authorization_endpoint")?,
        token_endpoint: read("token_endpoint")?,
        jwks_uri: read("jwks_uri")?,
        registration_endpoint: read("registration_endpoint")?,
    };
    match found.foreign(asked).filter(|_| !found.is_of_cloud()) {
        Some(name) => Err(invalid(name, "is neither of the configuration's own origin nor of Canvas's cloud")),
        None => Ok(found),
    }
}

impl PlatformConfiguration {
    /// Whether the issuer is one of Instructure's cloud, and the endpoints are its.
    fn is_of_cloud(&self) -> bool {
        Environment::ALL.map(Platform::in_cloud).iter().any(|known| {
            let has = |url: &str, of: fn(&Platform) -> &str| known.iter().any(|known| of(known) == url);
            has(&self.issuer, |known| &known.issuer)
                && has(&self.authorization_endpoint, |known| &known.authorization_endpoint)
                && has(&self.token_endpoint, |known| &known.token_endpoint)
                && has(&self.jwks_uri, |known| &known.jwks_uri)
        })
    }

    /// The first member that is of another origin than the configuration. On this machine, Canvas in development has the issuer
    /// of the cloud.
    fn foreign(&self, asked: Option<HttpUrl<'_>>) -> Option<&'static str> {
        let origin = asked.map(HttpUrl::origin);
        let is_own = |url: &str| HttpUrl::parse(url).map(HttpUrl::origin) == origin;
        let is_any_issuer = asked.is_some_and(HttpUrl::is_of_this_machine);
        let members = [
            ("issuer", &self.issuer),
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("jwks_uri", &self.jwks_uri),
        ];
        let mut members = members.iter().skip(usize::from(is_any_issuer));
        members.find(|(_, url)| !is_own(url)).map(|(name, _)| *name)
    }
}

/// The tool's configuration as it is sent: checked by Canvas's schema, with what is the same for every tool.
///
/// # Errors
/// `ERR_ARGUMENT`, with the place of the fault; for a name that Canvas does not know, with the nearest one that it does.
pub fn tool(tool: &Object) -> Result<Object> {
    let mut tool = tool.clone();
    for (name, value) in [
        ("application_type", Json::from("web")),
        ("grant_types", texts(&["implicit", "client_credentials"])),
        ("response_types", texts(&["id_token"])),
        ("token_endpoint_auth_method", Json::from("private_key_jwt")),
    ] {
        if tool.get(name).is_none() {
            tool.set(name, value);
        }
    }
    check(&Members::new(&tool, "tool"))?;
    Ok(tool)
}

fn texts(items: &[&str]) -> Json {
    Json::Array(items.iter().map(|text| Json::from(*text)).collect())
}

fn check(tool: &Members<'_>) -> Result<()> {
    // Others are other specifications' (RFC 7591 §2), unless they are ours but for a letter.
    for (name, _) in tool.object.iter().filter(|(name, _)| !OF_REGISTRATION.contains(name)) {
        if let Some(meant) = misspelt(name, OF_REGISTRATION) {
            return Err(unknown(tool, name, meant));
        }
    }
    tool.one_of("application_type", &["web"])?;
    tool.one_of("token_endpoint_auth_method", &["private_key_jwt"])?;
    for (name, needed) in [("grant_types", &["implicit", "client_credentials"][..]), ("response_types", &["id_token"])]
    {
        let found = tool.texts(name)?.unwrap_or_default();
        if let Some(missing) = needed.iter().find(|needed| !found.contains(*needed)) {
            return Err(tool.refused(name, format_args!("lacks {missing}, which Canvas needs")));
        }
    }
    tool.required_text("client_name")?;
    tool.required_url("initiate_login_uri")?;
    tool.required_url("jwks_uri")?;
    for name in ["client_uri", "logo_uri", "tos_uri", "policy_uri"] {
        tool.url(name)?;
    }
    let redirects = tool.required("redirect_uris", tool.texts("redirect_uris")?, "an array of URLs")?;
    if redirects.is_empty() {
        return Err(tool.refused("redirect_uris", "empty, expected one URL or more"));
    }
    if let Some(index) = redirects.iter().position(|url| HttpUrl::parse(url).is_none()) {
        return Err(tool.refused(&format!("redirect_uris[{index}]"), "not an absolute http(s) URL"));
    }
    for scope in tool.text("scope")?.unwrap_or_default().split_ascii_whitespace() {
        if let Some(meant) = misspelt(scope, SCOPES) {
            return Err(tool.refused("scope", format_args!("an unknown scope, expected perhaps {meant}")));
        }
    }
    for (index, contact) in tool.texts("contacts")?.unwrap_or_default().iter().enumerate() {
        if !contact.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty()) {
            return Err(tool.refused(&format!("contacts[{index}]"), "no e-mail address"));
        }
    }
    let configuration = tool.member(TOOL_CONFIGURATION)?;
    check_configuration(&tool.required(TOOL_CONFIGURATION, configuration, "an object")?)
}

fn check_configuration(tool: &Members<'_>) -> Result<()> {
    check_names(tool, OF_TOOL)?;
    if !is_domain(tool.required_text("domain")?) {
        return Err(tool.refused("domain", "expected a host name, with its port if it has one, and no scheme"));
    }
    for (index, domain) in tool.texts("secondary_domains")?.unwrap_or_default().iter().enumerate() {
        if domain.contains(':') || !is_domain(domain) {
            return Err(tool.refused(&format!("secondary_domains[{index}]"), "expected a host name alone"));
        }
    }
    tool.url("target_link_uri")?;
    tool.texts_by_name("custom_parameters")?;
    tool.all_texts(&["description", "deployment_id", &canvas("tool_id"), &canvas("vendor")])?;
    tool.one_of(&canvas("privacy_level"), PRIVACY_LEVELS)?;
    tool.boolean(&canvas("disable_reinstall"))?;
    tool.member(&canvas("content_migration"))?;
    tool.required("claims", tool.texts("claims")?, "an array of strings")?;
    let messages = tool.required("messages", tool.objects("messages")?, "an array of objects")?;
    messages.iter().try_for_each(check_message)
}

fn check_message(message: &Members<'_>) -> Result<()> {
    check_names(message, OF_MESSAGE)?;
    message.required("type", message.one_of("type", MESSAGE_TYPES)?, &any_of(MESSAGE_TYPES))?;
    message.url("target_link_uri")?;
    message.url("icon_uri")?;
    message.text("label")?;
    message.texts_by_name("custom_parameters")?;
    message.texts("roles")?;
    for (index, placement) in message.texts("placements")?.unwrap_or_default().iter().enumerate() {
        let name = placement.strip_prefix(CANVAS).unwrap_or(placement);
        // One that is like none of these may be newer than this list, or another platform's.
        if misspelt(name, PLACEMENTS).is_some() {
            let fault = format!("an unknown placement, expected {}", names::expected(name, PLACEMENTS));
            return Err(message.refused(&format!("placements[{index}]"), fault));
        }
    }
    message.boolean(&canvas("course_navigation/default_enabled"))?;
    message.one_of(&canvas("visibility"), VISIBILITIES)?;
    message.one_of(&canvas("display_type"), DISPLAY_TYPES).map(|_| ())
}

fn canvas(name: &str) -> String {
    format!("{CANVAS}{name}")
}

/// Refuses what Canvas would drop. Names in another language (`label#de`) are the specification's.
fn check_names(members: &Members<'_>, known: &[&str]) -> Result<()> {
    let drops = |name: &str| !known.contains(&name.split('#').next().unwrap_or(name));
    let Some((name, _)) = members.object.iter().find(|(name, _)| drops(name)) else { return Ok(()) };
    Err(unknown(members, name, nearest(name, known)))
}

/// Which of the known names was meant: one that ends so, else the nearest of its kind, an extension for an extension.
fn nearest<'k>(name: &str, known: &[&'k str]) -> &'k str {
    let extension = name.strip_prefix(CANVAS);
    let short = extension.unwrap_or(name);
    let of_its_kind = || {
        known
            .iter()
            .filter_map(|known| Some((*known, if extension.is_some() { known.strip_prefix(CANVAS)? } else { *known })))
    };
    let longer = of_its_kind().find(|(_, known)| known.ends_with(short));
    let short_names: Vec<_> = of_its_kind().map(|(_, known)| known).collect();
    let nearest =
        || names::nearest(short, &short_names).and_then(|meant| of_its_kind().find(|(_, known)| *known == meant));
    longer.or_else(nearest).map_or("another name", |(known, _)| known)
}

#[cold]
fn unknown(members: &Members<'_>, name: &str, meant: &str) -> Error {
    members.refused(name, format_args!("unknown, so that Canvas would drop it, expected perhaps {meant}"))
}

/// A host name with a port or without, as Canvas's schema has it.
fn is_domain(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inside)
    };
    host.split('.').all(is_label)
        && port.is_none_or(|port| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The request that registers a tool, of what [`tool`] gave.
///
/// # Errors
/// `ERR_ARGUMENT` for a token that no header can carry.
pub fn request(platform: &PlatformConfiguration, token: Option<&str>, tool: &Object) -> Result<Request> {
    let url = &platform.registration_endpoint;
    let mut request = http::request(Method::POST, url, "request.openidConfiguration", JSON, Repeat::OnlyIfUnsent)?;
    http::set_body(&mut request, JSON, tool.to_json());
    with_token(request, token)
}

/// Reads the answer: the platform as it is kept, and what it registered. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_HTTP_STATUS` that lists every fault, where the platform names some; `ERR_RESPONSE_INVALID` for an answer without
/// `client_id`; the errors of [`answer::refusal`].
pub fn response(response: &Response, now: f64, platform: PlatformConfiguration) -> Result<(Platform, Object)> {
    if !response.status().is_success() {
        return Err(refusal(response, now));
    }
    let registration = answer::object(response, now)?;
    let client_id = match registration.get("client_id") {
        Some(Json::String(id)) if !id.trim().is_empty() => id.clone(),
        Some(Json::Number(id)) if id.is_integer() => id.as_str().to_owned(),
        _ => return Err(answer::invalid(response, "the answer has no client_id")),
    };
    let platform = Platform {
        issuer: platform.issuer,
        client_id,
        authorization_endpoint: platform.authorization_endpoint,
        token_endpoint: platform.token_endpoint,
        jwks_uri: platform.jwks_uri,
        deployments: Deployments::Any,
    };
    Ok((platform, registration))
}

/// Canvas lists faults in a form of its own: `{"errors":[…]}`.
fn refusal(response: &Response, now: f64) -> Error {
    let mut error = answer::refusal(response, now);
    let faults = answer::all_messages(response);
    if error.code == Code::HttpStatus && faults.len() > 1 {
        error.facts().message = format!("the server answered {}: {}", http::status(response), faults.join("; "));
    }
    error
}
