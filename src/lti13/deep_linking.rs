//! LTI Deep Linking 2.0: the response that brings a tool's content items to the platform. Items are checked by Canvas's rules
//! before anything is signed, as Canvas tells the user alone what is wrong with them, or drops it.

use serde::Serialize;

use super::claims;
use super::members::Members;
use super::platform::Platform;
use crate::error::{Error, Result};
use crate::http::HttpUrl;
use crate::jose::base64url;
use crate::json::names::any_of;
use crate::json::{Json, MAX_SAFE_INTEGER, Object};

/// How long a response is good for unless told otherwise, in seconds. Canvas takes none that is older.
pub const RESPONSE_LIFETIME: i64 = 300;

const MODULE_NAME: &str = "https://canvas.instructure.com/lti/module_name";
const REPLACE_EDITOR_CONTENTS: &str = "https://canvas.instructure.com/lti/replace_editor_contents";

/// The types of content items that Canvas knows.
const TYPES: [&str; 6] = ["ltiResourceLink", "link", "html", "image", "file", "ltiAssetProcessor"];

/// What items of any type may have.
const NAMES: [&str; 19] = [
    "type",
    "title",
    "text",
    "icon",
    "thumbnail",
    "url",
    "iframe",
    "window",
    "embed",
    "custom",
    "lineItem",
    "available",
    "submission",
    "html",
    "width",
    "height",
    "mediaType",
    "expiresAt",
    "report",
];

/// Where in Canvas a line item of a resource link makes an assignment.
const LINE_ITEM_PLACEMENTS: [&str; 5] = [
    "assignment_selection",
    "course_assignments_menu",
    "link_selection",
    "module_index_menu_modal",
    "module_menu_modal",
];

/// What a deep linking response answers to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeepLinking {
    /// Where the browser posts the response to.
    pub return_url: String,
    /// To be sent back as it is, where the platform gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The types of items that are taken.
    pub accept_types: Vec<String>,
    /// Whether more than one item is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_multiple: Option<bool>,
    /// Whether items are made without asking the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_create: Option<bool>,
}

/// A response that is not yet signed.
#[derive(Clone, Debug, Default)]
pub struct DeepLinkingResponse<'a> {
    /// The installation of the tool that was launched.
    pub deployment_id: &'a str,
    /// Where in Canvas it was launched, where that is known.
    pub placement: Option<&'a str>,
    /// What the user chose, possibly nothing.
    pub items: &'a [Object],
    /// Shown to the user.
    pub message: Option<&'a str>,
    /// Logged by the platform.
    pub log: Option<&'a str>,
    /// Shown to the user, as an error.
    pub error_message: Option<&'a str>,
    /// Logged by the platform, as an error.
    pub error_log: Option<&'a str>,
    /// Canvas's: the name of the module that it makes for the items, where the launch was in the list of modules.
    pub module_name: Option<&'a str>,
    /// Canvas's: whether the items replace what is in the editor, which needs the scope of that name.
    pub replace_editor_contents: Option<bool>,
    /// In seconds, default 300.
    pub lifetime: Option<i64>,
}

impl DeepLinkingResponse<'_> {
    /// The claims to sign with RS256, in this order. `now` in seconds since 1970, `random` 16 random bytes for the nonce.
    ///
    /// ```
    /// use canvas_lms_tokens::json::{Json, read};
    /// use canvas_lms_tokens::lti13::{DeepLinking, DeepLinkingResponse, Environment, Platform};
    ///
    /// let Ok(Json::Object(item)) = read(r#"{"type":"ltiResourceLink","lineItem":{"label":"Quiz"}}"#) else { return };
    /// let settings = DeepLinking { return_url: "https://school.test/deep_linking_response".to_owned(), ..DeepLinking::default() };
    /// let items = [item];
    /// let response = DeepLinkingResponse { deployment_id: "1:a", items: &items, ..DeepLinkingResponse::default() };
    /// let platform = Platform::canvas("10000000000042", Environment::Production);
    /// let error = response.claims(&platform, &settings, 1_700_000_000, || Ok([7; 16])).unwrap_err();
    /// assert_eq!(error.message, "items[0].lineItem.scoreMaximum: absent, expected a number above 0");
    /// ```
    ///
    /// # Errors
    /// `ERR_ARGUMENT`, with the place of the fault, such as `items[0].lineItem.scoreMaximum`.
    pub fn claims(
        &self,
        platform: &Platform,
        settings: &DeepLinking,
        now: i64,
        random: impl FnOnce() -> Result<[u8; 16]>,
    ) -> Result<Object> {
        check_return_url(&settings.return_url)?;
        self.check_items(settings)?;
        let lifetime = self.lifetime.unwrap_or(RESPONSE_LIFETIME);
        let exp = now.saturating_add(lifetime);
        if lifetime <= 0 || exp > MAX_SAFE_INTEGER {
            return Err(Error::argument("options.lifetime", "expected more than 0 seconds, and an end before 2^53"));
        }
        let mut response: Object = [
            ("iss", Json::from(platform.client_id.as_str())),
            ("aud", Json::from(platform.issuer.as_str())),
            ("iat", Json::from(now)),
            ("exp", Json::from(exp)),
            ("nonce", Json::from(base64url::encode(&random()?).as_str())),
            (claims::MESSAGE_TYPE, Json::from("LtiDeepLinkingResponse")),
            (claims::VERSION, Json::from("1.3.0")),
            (claims::DEPLOYMENT_ID, Json::from(self.deployment_id)),
            (claims::CONTENT_ITEMS, Json::Array(self.items.iter().cloned().map(Json::Object).collect())),
        ]
        .into_iter()
        .collect();
        for (name, text) in [
            (claims::DATA, settings.data.as_deref()),
            (claims::MSG, self.message),
            (claims::LOG, self.log),
            (claims::ERROR_MSG, self.error_message),
            (claims::ERROR_LOG, self.error_log),
            (MODULE_NAME, self.module_name),
        ] {
            if let Some(text) = text {
                response.set(name, Json::from(text));
            }
        }
        if let Some(replaces) = self.replace_editor_contents {
            response.set(REPLACE_EDITOR_CONTENTS, Json::Bool(replaces));
        }
        Ok(response)
    }

    fn check_items(&self, settings: &DeepLinking) -> Result<()> {
        if settings.accept_multiple == Some(false) && self.items.len() > 1 {
            return Err(Error::argument("items", format!("{}, but the platform takes one", self.items.len())));
        }
        for (index, item) in self.items.iter().enumerate() {
            let item = Members::new(item, format!("items[{index}]"));
            let kind = type_of(&item)?;
            let accepted: Vec<_> = settings.accept_types.iter().map(String::as_str).collect();
            if !accepted.is_empty() && !accepted.contains(&kind) {
                let fault = format!("{kind}, which the platform does not take here, expected {}", any_of(&accepted));
                return Err(item.refused("type", fault));
            }
            check_item(kind, &item)?;
            if let Some(placement) = self.placement.filter(|placement| !LINE_ITEM_PLACEMENTS.contains(placement))
                && item.object.get("lineItem").is_some()
            {
                let fault = format!("in the placement {placement}, where Canvas makes none of it");
                return Err(item.refused("lineItem", fault));
            }
        }
        Ok(())
    }
}

/// Whether Canvas can make something of this content item, whatever the request asked for; `at` is its place.
///
/// # Errors
/// `ERR_ARGUMENT`, with the place of the fault.
pub(crate) fn check_content_item(item: &Object, at: String) -> Result<()> {
    let item = Members::new(item, at);
    check_item(type_of(&item)?, &item)
}

fn type_of<'a>(item: &Members<'a>) -> Result<&'a str> {
    item.spelt(&NAMES)?;
    item.required("type", item.one_of("type", &TYPES)?, &any_of(&TYPES))
}

/// Checks the members of an item, where they are there.
fn check_item(kind: &str, item: &Members<'_>) -> Result<()> {
    item.all_texts(&["title", "text"])?;
    for image in ["icon", "thumbnail"] {
        if let Some(image) = item.member(image)? {
            image.spelt(&["url", "width", "height"])?;
            image.required_url("url")?;
            check_size(&image)?;
        }
    }
    for frame in ["iframe", "window"] {
        if let Some(frame) = item.member(frame)? {
            frame.spelt(&["width", "height", "src", "targetName", "windowFeatures"])?;
            check_size(&frame)?;
            frame.url("src")?;
            frame.all_texts(&["targetName", "windowFeatures"])?;
        }
    }
    match kind {
        "html" => item.required_text("html").map(|_| ()),
        "link" => item.required_url("url").map(|_| ()),
        "image" => {
            item.required_url("url")?;
            check_size(item)
        }
        "file" => {
            item.required_url("url")?;
            item.text("mediaType")?;
            item.timestamp("expiresAt").map(|_| ())
        }
        "ltiAssetProcessor" => {
            item.url("url")?;
            item.texts_by_name("custom")?;
            let Some(report) = item.member("report")? else { return Ok(()) };
            report.spelt(&["url", "custom", "supportedTypes"])?;
            report.url("url")?;
            report.texts_by_name("custom")?;
            report.texts("supportedTypes").map(|_| ())
        }
        _ => check_resource_link(item),
    }
}

fn check_resource_link(item: &Members<'_>) -> Result<()> {
    item.url("url")?;
    item.texts_by_name("custom")?;
    for period in ["available", "submission"] {
        if let Some(period) = item.member(period)? {
            period.spelt(&["startDateTime", "endDateTime"])?;
            period.timestamp("startDateTime")?;
            period.timestamp("endDateTime")?;
        }
    }
    let Some(line_item) = item.member("lineItem")? else { return Ok(()) };
    line_item.spelt(&["label", "scoreMaximum", "resourceId", "tag", "gradesReleased"])?;
    line_item.all_texts(&["label", "resourceId", "tag"])?;
    let expected = "a number above 0";
    let maximum = line_item.required("scoreMaximum", line_item.number("scoreMaximum")?, expected)?;
    if maximum > 0.0 {
        return Ok(());
    }
    Err(line_item.refused("scoreMaximum", format_args!("not positive, expected {expected}")))
}

fn check_size(item: &Members<'_>) -> Result<()> {
    item.count("width")?;
    item.count("height").map(|_| ())
}

fn check_return_url(url: &str) -> Result<()> {
    if HttpUrl::parse(url).is_some() {
        return Ok(());
    }
    Err(Error::argument("launch.deepLinking.returnUrl", "not an absolute http(s) URL"))
}

/// A page that posts the signed response to the platform: only the browser can, as it has the user's session. It does so at
/// once, by a script with this nonce of the page's Content Security Policy, or when its button is pressed.
///
/// # Errors
/// `ERR_ARGUMENT` for a return URL that is no absolute http(s) URL, and a nonce with other characters than base64 has (CSP 3
/// §2.3.1).
pub fn form(jwt: &str, return_url: &str, script_nonce: Option<&str>) -> Result<String> {
    check_return_url(return_url)?;
    let nonce = match script_nonce {
        None => String::new(),
        Some(nonce) if is_nonce(nonce) => format!(" nonce=\"{nonce}\""),
        Some(_) => return Err(Error::argument("options.scriptNonce", "expected text as base64 has it")),
    };
    let action = html_escape::encode_double_quoted_attribute(return_url);
    let jwt = html_escape::encode_double_quoted_attribute(jwt);
    Ok(format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head><meta charset=\"utf-8\"><title>Returning</title></head>\n\
         <body>\n\
         <form method=\"post\" action=\"{action}\">\n\
         <input type=\"hidden\" name=\"JWT\" value=\"{jwt}\">\n\
         <button>Continue</button>\n\
         </form>\n\
         <script{nonce}>document.forms[0].submit();</script>\n\
         </body>\n\
         </html>\n"
    ))
}

fn is_nonce(nonce: &str) -> bool {
    let text = nonce.trim_end_matches('=');
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    !text.is_empty() && nonce.len() - text.len() <= 2 && text.bytes().all(is_base64)
}
