//! What the class `LtiServices` holds, and how its requests are sent: to the origins that are named, with a service token.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::{Call, RequestOptions};
use super::error::{Result, Thrown};
use super::fetch;
use super::json;
use super::names::members_of;
use super::read::{self, Texts};
use super::service_tokens::ServiceTokens;
use super::store::Store;
use super::value::{self, get, origin_of};
use super::{runtime, to_js};
use crate::error::{Code, Error};
use crate::http::{Authorization, HttpUrl, Request, Response, answer, authorized};
use crate::json::{Json, Object};
use crate::lti13::Platform;
use crate::lti13::services::{self, Named, Origins, Scope, assets, wanted};

type Js<T> = core::result::Result<T, JsValue>;

/// How many pages of a list are read.
const MAX_PAGES: u32 = 1000;

/// What a launch names of `LtiServicesOptions`.
#[derive(Deserialize)]
struct NamedOptions {
    platform: Platform,
    origins: Texts,
    scopes: Option<Texts>,
}

/// What it does not name, besides `RequestOptions`.
#[derive(Deserialize)]
struct OwnOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    key: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    store: JsValue,
}

/// The services of a platform, as the options say: where they are, what a token is asked with, and how a request is sent.
pub(super) struct Services {
    origins: Origins,
    scopes: Option<Vec<String>>,
    tokens: ServiceTokens,
    call: Call,
}

impl Services {
    /// Reads the options of the class and those of one call, which go before them.
    pub(super) fn read(options: &JsValue, call_options: &JsValue) -> Result<Self> {
        Self::with(options, read::optional(call_options, "options")?)
    }

    pub(super) fn with(options: &JsValue, call_options: RequestOptions) -> Result<Self> {
        let [named, own, sending] = option_names();
        let params = read::among(options, "options", &[own, sending])?;
        let NamedOptions { platform, origins, scopes } = params;
        let OwnOptions { key, store } = read::among(options, "options", &[named, sending])?;
        platform.check("options.platform")?;
        if !key.is_object() {
            let expected = "the tool's private key, such as { pem } or a JWK";
            return Err(Thrown::wrong_type("options.key", &key, expected));
        }
        let origins = Origins::parse(&origins.0, &platform, "options.origins")?;
        let call = Call::new("options").with(read::among(options, "options", &[named, own])?)?.with(call_options)?;
        let tokens = ServiceTokens::new(platform, key, Store::read(&store, "options.store")?);
        Ok(Self { origins, scopes: scopes.map(|scopes| scopes.0), tokens, call })
    }

    /// The URL as a token is sent to it: for the platform too it is of an origin that was named. `expected` says where a caller
    /// finds it.
    pub(super) fn url(&self, url: &JsValue, name: &str, expected: &str) -> Result<String> {
        if !url.is_string() {
            return Err(Thrown::wrong_type(name, url, expected));
        }
        let text = read::text(url, name)?;
        let url = self.origins.check(&text, name)?;
        let is_same = origin_of(&url).is_some_and(|origin| self.origins.check(&origin, name).is_ok());
        if is_same { Ok(url) } else { Err(Thrown::argument(name, "no URL for this platform")) }
    }

    /// Sends a request with a token that one of these scopes is enough for. Where the service says that the token is dead, it is
    /// forgotten and the request sent once more.
    pub(super) async fn send<T>(
        &self,
        scopes: &[Scope],
        request: Request,
        read: impl Fn(&Response, f64) -> crate::Result<T>,
    ) -> Result<T> {
        let scopes = wanted(self.scopes.as_deref(), scopes)?;
        let mut is_second = false;
        loop {
            let token = self.tokens.token(&self.call, &scopes).await?;
            let authorization = Authorization::bearer(&token, "options.store")?;
            let response = fetch::send(&self.call, None, |_| Ok(authorized(request.clone(), &authorization))).await?;
            let now = runtime::now();
            match read(&response, now) {
                Ok(found) => return Ok(found),
                Err(error) if error.code == Code::Unauthenticated && !is_second => {
                    self.tokens.forget(&self.call, &scopes, &token).await?;
                    is_second = true;
                }
                // It tells what the server said, but for the token, which the server may have repeated.
                Err(error) => {
                    return Err(read(&authorization.blanked_in(&response), now).err().unwrap_or(error).into());
                }
            }
        }
    }

    /// Sends a request for bytes, and follows a redirect once: Canvas keeps files elsewhere, and says there what may be read, so
    /// that no other origin gets the token.
    pub(super) async fn bytes(&self, scopes: &[Scope], request: Request) -> Result<(Response, Uint8Array)> {
        let asked = request.uri().to_string();
        let scopes = wanted(self.scopes.as_deref(), scopes)?;
        let mut is_second = false;
        loop {
            let token = self.tokens.token(&self.call, &scopes).await?;
            let authorization = Authorization::bearer(&token, "options.store")?;
            let authorized = authorized(request.clone(), &authorization);
            let (mut response, mut bytes) = fetch::send_for_bytes(&self.call, &authorized).await?;
            let mut is_own = true;
            if let Some(target) = assets::redirect(&response) {
                let target = target_of(&asked, target).ok_or_else(|| answer::refusal(&response, runtime::now()))?;
                let mut request = assets::read(&target)?;
                is_own = origin_of(&target) == origin_of(&asked);
                if is_own {
                    request = crate::http::authorized(request, &authorization);
                }
                (response, bytes) = fetch::send_for_bytes(&self.call, &request).await?;
            }
            if response.status().is_success() {
                return Ok((response, bytes));
            }
            let now = runtime::now();
            let error = assets::refusal(&authorization.blanked_in(&response), now);
            // What another origin says is not of this token.
            if error.code != Code::Unauthenticated || is_second || !is_own {
                return Err(error.into());
            }
            self.tokens.forget(&self.call, &scopes, &token).await?;
            is_second = true;
        }
    }

    /// Sends the request for a page of a list, the first one or the one that `next` says.
    pub(super) async fn page(
        &self,
        scopes: &[Scope],
        request: Request,
        number: u32,
        read: fn(&Response, f64) -> crate::Result<Vec<Object>>,
    ) -> Result<JsValue> {
        let url = request.uri().to_string();
        let both = |response: &Response, now| Ok((read(response, now)?, next_page(&url, response)?));
        let (items, next) = self.send(scopes, request, both).await?;
        if next.is_some() && number >= MAX_PAGES {
            let message = format!("the list has no end: {MAX_PAGES} pages were read");
            return Err(Error::new(Code::ResponseInvalid, message).into());
        }
        let items = to_js::json(&Json::Array(items.into_iter().map(Json::Object).collect()));
        let next = next.map(|url| Next { url, number: number + 1 });
        Ok(super::to_value(&PageOut { items, next }))
    }
}

/// Where a redirect leads, if nobody on the way reads what is there. To this machine it leads from there alone.
fn target_of(asked: &str, target: &str) -> Option<String> {
    let target = web_sys::Url::new_with_base(target, asked).ok()?.href();
    let is_local = HttpUrl::parse(asked).is_some_and(HttpUrl::is_of_this_machine);
    let is_good = |url: HttpUrl<'_>| url.is_private() && (is_local || !url.is_of_this_machine());
    HttpUrl::parse(&target).is_some_and(is_good).then_some(target)
}

/// The next page: for the platform too it is of the same origin.
fn next_page(asked: &str, response: &Response) -> crate::Result<Option<String>> {
    let next = services::next_page(asked, response)?;
    if next.as_ref().is_none_or(|next| origin_of(next) == origin_of(asked)) {
        return Ok(next);
    }
    Err(services::foreign_page(response))
}

/// A page of a list, and where the next one is.
#[derive(Serialize)]
struct PageOut {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    items: JsValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Next>,
}

/// Where the next page of a list is, and how many were read before it.
#[derive(Serialize, Deserialize)]
pub(super) struct Next {
    pub(super) url: String,
    pub(super) number: u32,
}

/// The names of the options: of what a launch names, of what it does not, and of how a request is sent.
fn option_names() -> [&'static [&'static str]; 3] {
    [members_of::<NamedOptions>(), members_of::<OwnOptions>(), members_of::<RequestOptions>()]
}

/// Checks the options of the class, and copies them, so that later changes do not reach it.
#[wasm_bindgen(js_name = servicesOptions)]
pub fn services_options(options: &JsValue) -> Js<JsValue> {
    Ok(copied(options, None)?)
}

/// What is read of a launch or notice.
#[derive(Deserialize)]
struct Message {
    platform: Platform,
}

/// The options of the class for what a verified launch or notice names: its platform, the origins and scopes of its services.
#[wasm_bindgen(js_name = servicesOptionsOf)]
pub fn services_options_of(launch: &JsValue, options: &JsValue) -> Js<JsValue> {
    Ok(options_of(launch, options)?)
}

fn options_of(launch: &JsValue, options: &JsValue) -> Result<JsValue> {
    let Message { platform } = read::open(launch, "launch")?;
    platform.check("launch.platform")?;
    let named = services::named(&json::to_object(&get(launch, "claims"), "launch.claims")?, &platform);
    if named.origins.is_empty() {
        return Err(Thrown::argument("launch.claims", "names no service that a token opens"));
    }
    copied(options, Some((platform, named)))
}

fn copied(options: &JsValue, of: Option<(Platform, Named)>) -> Result<JsValue> {
    let [named_options, own, sending] = option_names();
    if of.is_some()
        && let Some(name) = named_options.iter().find(|name| !get(options, name).is_undefined())
    {
        let fault = "given with a launch, which names it, expected new LtiServices for what is given";
        return Err(Thrown::argument(&format!("options.{name}"), fault));
    }
    let copy = read::copied(options, "options", &[named_options, own, sending])?;
    if let Some((platform, named)) = of {
        value::set(&copy, "platform", &super::to_value(&platform));
        value::set(&copy, "origins", &super::to_value(&named.origins));
        value::set(&copy, "scopes", &super::to_value(&named.scopes));
    }
    let Services { origins, scopes, tokens, .. } = Services::read(&copy, &JsValue::UNDEFINED)?;
    value::set(&copy, "platform", &super::to_value(&tokens.platform));
    value::set(&copy, "origins", &super::to_value(&origins.as_slice()));
    if let Some(scopes) = scopes {
        value::set(&copy, "scopes", &super::to_value(&scopes));
    }
    Ok(copy)
}
