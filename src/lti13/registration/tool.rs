//! What a tool says of itself, checked by Canvas's schema. Canvas drops silently what it does not know, so that a name which is
//! spelt wrong would do nothing: it is refused here.

use super::names::{
    CANVAS, DISPLAY_TYPES, MESSAGE_TYPES, OF_MESSAGE, OF_REGISTRATION, OF_TOOL, PLACEMENTS, PRIVACY_LEVELS, SCOPES,
    TOOL_CONFIGURATION, VISIBILITIES,
};
use crate::error::{Error, Result};
use crate::http::HttpUrl;
use crate::json::names::{self, any_of, misspelt};
use crate::json::{Json, Object};
use crate::lti13::members::Members;

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
