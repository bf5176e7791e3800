//! A verified launch: the claims that tools use, under short names.

use serde::Serialize;

use super::claims as names;
use super::deep_linking::DeepLinking;
use super::id_token::Nonce;
use super::platform::Platform;
use crate::jose::{Header, VerifiedJwt};
use crate::json::{Json, Object};

/// A verified launch. Every claim is in `claims`; the rest are the ones that tools use, under short names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    /// Such as `LtiResourceLinkRequest`.
    pub message_type: String,
    /// The platform that it comes from.
    pub platform: Platform,
    /// Which installation of the tool it is.
    pub deployment_id: String,
    /// Nobody for an anonymous visitor of a public course.
    pub user: Option<User>,
    /// The user's roles, in the course or account and beyond it.
    pub roles: Vec<String>,
    /// Whether the user teaches in this context; teaching assistants do.
    pub is_instructor: bool,
    /// Whether the user learns in this context.
    pub is_learner: bool,
    /// Whether the user administers this context, the institution or the platform.
    pub is_administrator: bool,
    /// Where the user wants to go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_link_uri: Option<String>,
    /// The link that was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_link: Option<ResourceLink>,
    /// The course, group or account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// Custom parameters, without variables that Canvas did not expand (`$Canvas.user.id`).
    #[serde(skip)]
    pub custom: Object,
    /// Canvas's: where in Canvas it was opened.
    pub placement: Option<String>,
    /// What a deep linking response answers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deep_linking: Option<DeepLinking>,
    /// The line items service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_items: Option<LineItems>,
    /// The names and roles service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memberships: Option<Memberships>,
    /// The notification service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notices: Option<Notices>,
    /// A `Set-Cookie` header that forgets the login.
    pub clear_cookie: String,
    /// The nonce, to be claimed before the launch is taken: who does not lets it be replayed until the login expires.
    #[serde(skip)]
    pub nonce: Nonce,
    /// The token's header.
    #[serde(skip)]
    pub header: Header,
    /// The claims set.
    #[serde(skip)]
    pub claims: Object,
    /// The claims set as sent.
    #[serde(skip)]
    pub text: String,
}

/// A person, as far as the tool's privacy level shows one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct User {
    /// `sub`
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The link that was opened. Canvas gives one that is tied to no link the id of its context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct ResourceLink {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A course, group or account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Context {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<String>>,
}

/// The line items service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineItems {
    /// All line items of the context, where the tool may see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// That of the link which was opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_item: Option<String>,
    /// What a token can be asked for.
    pub scopes: Vec<String>,
}

/// The names and roles service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Memberships {
    /// The members of the context.
    pub url: String,
}

/// The notification service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notices {
    /// The notice handlers of the deployment.
    pub url: String,
    /// The types of notices that it can send.
    pub types: Vec<String>,
    /// What a token can be asked for.
    pub scopes: Vec<String>,
}

/// The prefix of the roles of LIS.
const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2/";

/// Makes a launch of claims that were verified.
pub(super) fn of(jwt: VerifiedJwt, platform: &Platform, nonce: Nonce, clear_cookie: String) -> Launch {
    let VerifiedJwt { header, claims, text } = jwt;
    let claim = |name: &str| claims.get(name);
    let of_text = |name: &str| claims.text(name).map(str::to_owned);
    let roles = claim(names::ROLES).map(texts).unwrap_or_default();
    let has = |in_context: &str, elsewhere: &[&str]| roles.iter().any(|role| is_role(role, in_context, elsewhere));
    let administrators = ["institution/person#Administrator", "system/person#Administrator", "system/person#SysAdmin"];
    Launch {
        message_type: of_text(names::MESSAGE_TYPE).unwrap_or_default(),
        platform: platform.clone(),
        deployment_id: of_text(names::DEPLOYMENT_ID).unwrap_or_default(),
        user: user(&claims),
        is_instructor: has("Instructor", &[]),
        is_learner: has("Learner", &[]),
        is_administrator: has("Administrator", &administrators),
        roles,
        target_link_uri: of_text(names::TARGET_LINK_URI),
        resource_link: claim(names::RESOURCE_LINK).and_then(resource_link),
        context: claim(names::CONTEXT).and_then(context),
        custom: claim(names::CUSTOM).and_then(Json::as_object).map(expanded).unwrap_or_default(),
        placement: of_text(names::PLACEMENT),
        deep_linking: claim(names::DEEP_LINKING_SETTINGS).and_then(deep_linking),
        line_items: claim(names::AGS_ENDPOINT).and_then(line_items),
        memberships: claim(names::NAMES_ROLE_SERVICE)
            .and_then(|service| member(service, "context_memberships_url"))
            .map(|url| Memberships { url }),
        notices: claim(names::PLATFORM_NOTIFICATION_SERVICE).and_then(notices),
        clear_cookie,
        nonce,
        header,
        claims,
        text,
    }
}

/// A member that is text; an empty one says nothing.
fn member(object: &Json, name: &str) -> Option<String> {
    object.as_object()?.text(name).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn flag(object: &Json, name: &str) -> Option<bool> {
    match object.as_object()?.get(name) {
        Some(Json::Bool(flag)) => Some(*flag),
        _ => None,
    }
}

/// The texts of an array.
fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn list(object: &Json, name: &str) -> Option<Vec<String>> {
    object.as_object()?.get(name).map(texts)
}

fn user(claims: &Object) -> Option<User> {
    let text = |name: &str| claims.text(name).map(str::to_owned);
    Some(User {
        id: text("sub")?,
        name: text("name"),
        given_name: text("given_name"),
        family_name: text("family_name"),
        email: text("email"),
        picture: text("picture"),
        locale: text("locale"),
    })
}

/// Whether it is this role in the context, a kind of it (LTI Core 1.3 §A.2.3.1, such as `membership/Instructor#Grader`), or
/// one of these elsewhere.
fn is_role(role: &str, in_context: &str, elsewhere: &[&str]) -> bool {
    let Some(role) = role.strip_prefix(LIS) else { return false };
    let is_kind = |rest: &str| rest.strip_prefix(in_context).is_some_and(|rest| rest.starts_with('#'));
    role.strip_prefix("membership#") == Some(in_context)
        || role.strip_prefix("membership/").is_some_and(is_kind)
        || elsewhere.contains(&role)
}

fn resource_link(claim: &Json) -> Option<ResourceLink> {
    let text = |name: &str| member(claim, name);
    Some(ResourceLink { id: text("id")?, title: text("title"), description: text("description") })
}

pub(super) fn context(claim: &Json) -> Option<Context> {
    let text = |name: &str| member(claim, name);
    Some(Context { id: text("id")?, label: text("label"), title: text("title"), types: list(claim, "type") })
}

fn deep_linking(claim: &Json) -> Option<DeepLinking> {
    Some(DeepLinking {
        return_url: member(claim, "deep_link_return_url")?,
        data: member(claim, "data"),
        accept_types: list(claim, "accept_types").unwrap_or_default(),
        accept_multiple: flag(claim, "accept_multiple"),
        auto_create: flag(claim, "auto_create"),
    })
}

fn line_items(claim: &Json) -> Option<LineItems> {
    let (url, line_item) = (member(claim, "lineitems"), member(claim, "lineitem"));
    // A platform leaves out the list for a tool that may do something with the line item of the link alone.
    let is_named = url.is_some() || line_item.is_some();
    is_named.then(|| LineItems { url, line_item, scopes: list(claim, "scope").unwrap_or_default() })
}

fn notices(claim: &Json) -> Option<Notices> {
    Some(Notices {
        url: member(claim, "platform_notification_service_url")?,
        types: list(claim, "notice_types_supported").unwrap_or_default(),
        scopes: list(claim, "scope").unwrap_or_default(),
    })
}

/// Custom parameters as text, without those that stand for nothing.
fn expanded(custom: &Object) -> Object {
    let text = |value: &Json| match value {
        Json::String(text) if is_variable(text) => None,
        Json::String(text) => Some(Json::String(text.clone())),
        Json::Number(number) => Some(Json::from(number.as_str())),
        Json::Bool(flag) => Some(Json::String(flag.to_string())),
        _ => None,
    };
    custom.iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
}

/// Whether it is the name of a variable, `$Canvas.user.id` or `${Canvas.user.id}`, which Canvas left because the user or the
/// placement has no value for it.
pub(crate) fn is_variable(text: &str) -> bool {
    let Some(name) = text.strip_prefix('$') else { return false };
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    let is_in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._<>-".contains(&byte);
    name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.bytes().all(is_in_name)
}
