//! The services of LTI Advantage: parameters to a request, the request sent with a service token, its answer to JavaScript. The
//! class `LtiServices` is in the package; it holds the options and calls these by name.

use core::cell::Cell;

use js_sys::Uint8Array;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::{Call, RequestOptions};
use super::error::{Result, Thrown};
use super::fetch;
use super::json;
use super::read::{self, Integer, Texts};
use super::store::Store;
use super::token_cache::ServiceTokens;
use super::value::{self, get, origin_of};
use super::{runtime, to_js};
use crate::error::{Code, Error};
use crate::http::{Authorization, HttpUrl, Request, Response, answer, authorized, header};
use crate::json::{Json, Object};
use crate::lti13::services::assets::{self, Checksum};
use crate::lti13::services::line_items::{self, LineItemFilter};
use crate::lti13::services::memberships::{self, MemberFilter};
use crate::lti13::services::notice_handlers::{self, NoticeHandlerParams};
use crate::lti13::services::results::{self, ResultFilter};
use crate::lti13::services::{self, Named, Origins, Scope, scores, wanted};
use crate::lti13::{Platform, timestamp};

type Js<T> = core::result::Result<T, JsValue>;

/// How many pages of a list are read.
const MAX_PAGES: u32 = 1000;
/// So many milliseconds at most is a time ahead of the clock.
const MOST_AHEAD: i64 = 10_000;

/// `LtiServicesOptions` besides `RequestOptions`.
#[derive(Deserialize)]
struct ServicesOptions {
    platform: Platform,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    key: JsValue,
    origins: Texts,
    scopes: Option<Texts>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    store: JsValue,
}

/// The services of a platform, as the options say: where they are, what a token is asked with, and how a request is sent.
struct Services {
    origins: Origins,
    scopes: Option<Vec<String>>,
    tokens: ServiceTokens,
    call: Call,
}

impl Services {
    /// Reads the options of the class and those of one call, which go before them.
    fn read(options: &JsValue, call_options: &JsValue) -> Result<Self> {
        let ServicesOptions { platform, key, origins, scopes, store } = read::required(options, "options")?;
        platform.check("options.platform")?;
        let origins = Origins::parse(&origins.0, &platform, "options.origins")?;
        let call = Call::new("options").with(read::required(options, "options")?)?;
        let call = call.with(read::optional::<RequestOptions>(call_options, "options")?)?;
        let tokens = ServiceTokens::new(platform, key, Store::read(&store, "options.store")?);
        Ok(Self { origins, scopes: scopes.map(|scopes| scopes.0), tokens, call })
    }

    /// The URL as a token is sent to it: for the platform too it is of an origin that was named.
    fn url(&self, url: &JsValue, name: &str) -> Result<String> {
        let text = read::text(url, name)?;
        let url = self.origins.check(&text, name)?;
        let is_same = origin_of(&url).is_some_and(|origin| self.origins.check(&origin, name).is_ok());
        if is_same { Ok(url) } else { Err(Thrown::argument(name, "no URL for this platform")) }
    }

    /// Sends a request with a token that one of these scopes is enough for. Where the service says that the token is dead, it is
    /// forgotten and the request sent once more.
    async fn send<T>(
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
    async fn bytes(&self, scopes: &[Scope], request: Request) -> Result<(Response, Uint8Array)> {
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
    async fn page(
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
struct Next {
    url: String,
    number: u32,
}

/// Checks the options of the class, and copies those it knows, so that later changes do not reach it.
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
    let Message { platform } = read::required(launch, "launch")?;
    platform.check("launch.platform")?;
    let named = services::named(&json::to_object(&get(launch, "claims"), "launch.claims")?, &platform);
    if named.origins.is_empty() {
        return Err(Thrown::argument("launch.claims", "names no service that a token opens"));
    }
    copied(options, Some((platform, named)))
}

fn copied(options: &JsValue, of: Option<(Platform, Named)>) -> Result<JsValue> {
    // Whether it is an object at all.
    read::required::<NoMembers>(options, "options")?;
    let copy = value::object();
    for name in ["platform", "key", "origins", "scopes", "store", "fetch", "signal", "timeout", "retries", "userAgent"]
    {
        let found = value::try_get(options, name).map_err(|cause| {
            Thrown::caused_by(Error::argument(&format!("options.{name}"), "reading it failed"), cause)
        })?;
        if !found.is_undefined() {
            value::set(&copy, name, &found);
        }
    }
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

/// An object of which nothing is read.
#[derive(Deserialize)]
struct NoMembers {}

/// Sends what `request` makes of the URL, and gives what `read` makes of the answer.
async fn call<T>(
    services: &JsValue,
    options: &JsValue,
    url: &JsValue,
    scopes: &[Scope],
    request: impl FnOnce(&str) -> Result<Request>,
    read: fn(&Response, f64) -> crate::Result<T>,
) -> Result<T> {
    let services = Services::read(services, options)?;
    let request = request(&services.url(url, "url")?)?;
    services.send(scopes, request, read).await
}

/// A list in pages.
struct List<F: 'static> {
    scopes: &'static [Scope],
    first: fn(&str, &F) -> crate::Result<Request>,
    following: fn(&str) -> crate::Result<Request>,
    read: fn(&Response, f64) -> crate::Result<Vec<Object>>,
}

const LINE_ITEMS: List<LineItemFilter> = List {
    scopes: &line_items::READ,
    first: line_items::list,
    following: line_items::following,
    read: line_items::page,
};
const RESULTS: List<ResultFilter> =
    List { scopes: &results::SCOPE, first: results::list, following: results::following, read: results::page };
const MEMBERS: List<MemberFilter> = List {
    scopes: &[memberships::SCOPE],
    first: memberships::list,
    following: memberships::following,
    read: memberships::page,
};

impl<F: DeserializeOwned + Default> List<F> {
    /// Gives a page: the first one, of `url` and `filter`, or the one that `next` says.
    async fn page(&self, services: &Services, url: &JsValue, filter: &JsValue, next: &JsValue) -> Result<JsValue> {
        if next.is_undefined() {
            let request = (self.first)(&services.url(url, "url")?, &read::optional(filter, "filter")?)?;
            return services.page(self.scopes, request, 1, self.read).await;
        }
        let Next { url, number } = read::required(next, "next")?;
        let request = (self.following)(&services.url(&url.into(), "next.url")?)?;
        services.page(self.scopes, request, number, self.read).await
    }
}

fn object_out(object: &Object) -> JsValue {
    to_js::parsed_object(object, &object.to_json())
}

/// A page of a context's line items.
#[wasm_bindgen(js_name = lineItemsPage)]
pub async fn line_items_page(
    services: JsValue,
    options: JsValue,
    url: JsValue,
    filter: JsValue,
    next: JsValue,
) -> Js<JsValue> {
    Ok(LINE_ITEMS.page(&Services::read(&services, &options)?, &url, &filter, &next).await?)
}

/// A page of a line item's results.
#[wasm_bindgen(js_name = resultsPage)]
pub async fn results_page(
    services: JsValue,
    options: JsValue,
    url: JsValue,
    filter: JsValue,
    next: JsValue,
) -> Js<JsValue> {
    Ok(RESULTS.page(&Services::read(&services, &options)?, &url, &filter, &next).await?)
}

/// A page of a context's members.
#[wasm_bindgen(js_name = membersPage)]
pub async fn members_page(
    services: JsValue,
    options: JsValue,
    url: JsValue,
    filter: JsValue,
    next: JsValue,
) -> Js<JsValue> {
    Ok(MEMBERS.page(&Services::read(&services, &options)?, &url, &filter, &next).await?)
}

/// Reads a line item.
#[wasm_bindgen(js_name = lineItem)]
pub async fn line_item(services: JsValue, options: JsValue, url: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(line_items::read(url)?);
    let found = call(&services, &options, &url, &line_items::READ, request, line_items::response).await?;
    Ok(object_out(&found))
}

/// Creates a line item.
#[wasm_bindgen(js_name = createLineItem)]
pub async fn create_line_item(services: JsValue, options: JsValue, url: JsValue, item: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(line_items::create(url, &json::to_object(&item, "item")?)?);
    let found = call(&services, &options, &url, &line_items::WRITE, request, line_items::response).await?;
    Ok(object_out(&found))
}

/// Updates a line item.
#[wasm_bindgen(js_name = updateLineItem)]
pub async fn update_line_item(services: JsValue, options: JsValue, url: JsValue, item: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(line_items::update(url, &json::to_object(&item, "item")?)?);
    let found = call(&services, &options, &url, &line_items::WRITE, request, line_items::response).await?;
    Ok(object_out(&found))
}

/// Deletes a line item.
#[wasm_bindgen(js_name = deleteLineItem)]
pub async fn delete_line_item(services: JsValue, options: JsValue, url: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(line_items::delete(url)?);
    call(&services, &options, &url, &line_items::WRITE, request, line_items::deleted).await?;
    Ok(JsValue::UNDEFINED)
}

/// What `postScore` takes besides `RequestOptions`.
#[derive(Default, Deserialize)]
struct ScoreOptions {
    clears: Option<bool>,
}

/// Posts a score.
#[wasm_bindgen(js_name = postScore)]
pub async fn post_score(services: JsValue, options: JsValue, url: JsValue, score: JsValue) -> Js<JsValue> {
    let request = |url: &str| {
        let ScoreOptions { clears } = read::optional(&options, "options")?;
        let score = json::to_object(&score, "score")?;
        Ok(scores::create(url, &score, &timestamp("score.timestamp")?, clears == Some(true))?)
    };
    let found = call(&services, &options, &url, &scores::SCOPE, request, scores::response).await?;
    Ok(object_out(&found))
}

thread_local! {
    /// The last time that was given, in milliseconds since 1970.
    static LAST_TIME: Cell<i64> = const { Cell::new(0) };
}

/// The clock's time, but later than the one before: of two that are the same Canvas may not take the second. A clock that was
/// set back by more than some seconds is right now.
#[allow(clippy::cast_possible_truncation)]
fn timestamp(at: &str) -> Result<String> {
    let now = js_sys::Date::now().floor() as i64;
    let next = LAST_TIME.get().saturating_add(1);
    let time = if next > now.saturating_add(MOST_AHEAD) { now } else { now.max(next) };
    LAST_TIME.set(time);
    let lost = || Thrown::argument(at, "absent, and the clock has no time that can be written, expected it");
    timestamp::of_milliseconds(time).ok_or_else(lost)
}

/// Reads the notice handlers of a deployment.
#[wasm_bindgen(js_name = noticeHandlers)]
pub async fn notice_handlers(services: JsValue, options: JsValue, url: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(notice_handlers::read(url)?);
    let found = call(&services, &options, &url, &notice_handlers::SCOPE, request, notice_handlers::response).await?;
    Ok(object_out(&found))
}

/// `NoticeHandlerParams`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HandlerParams {
    #[serde(rename = "type")]
    notice_type: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    handler: JsValue,
    max_batch_size: Option<Integer>,
}

/// Sets or removes a notice handler.
#[wasm_bindgen(js_name = setNoticeHandler)]
pub async fn set_notice_handler(services: JsValue, options: JsValue, url: JsValue, handler: JsValue) -> Js<JsValue> {
    let request = |url: &str| {
        let HandlerParams { notice_type, handler, max_batch_size } = read::required(&handler, "handler")?;
        // Absent is a mistake, not a wish to unsubscribe.
        let handler = if handler.is_null() { None } else { Some(read::text(&handler, "handler.handler")?) };
        let max_batch_size = max_batch_size.map(|size| size.0);
        Ok(notice_handlers::update(url, &NoticeHandlerParams { notice_type, handler, max_batch_size })?)
    };
    call(&services, &options, &url, &notice_handlers::SCOPE, request, notice_handlers::updated).await?;
    Ok(JsValue::UNDEFINED)
}

/// What is read of an asset as a notice has it.
#[derive(Deserialize)]
struct AssetParams {
    url: String,
    sha256_checksum: Option<String>,
    #[serde(rename = "sha256Checksum")]
    sha256: Option<String>,
}

/// An asset.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AssetOut {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    bytes: JsValue,
    content_type: Option<String>,
}

/// How many bytes are hashed at once.
const PIECE: u32 = 1 << 20;

/// Reads an asset, and compares its bytes with their checksum.
#[wasm_bindgen(js_name = asset)]
pub async fn asset(services: JsValue, options: JsValue, asset: JsValue) -> Js<JsValue> {
    Ok(asset_of(&services, &options, &asset).await?)
}

async fn asset_of(services: &JsValue, options: &JsValue, asset: &JsValue) -> Result<JsValue> {
    let services = Services::read(services, options)?;
    let AssetParams { url, sha256_checksum, sha256 } = read::required(asset, "asset")?;
    let checksum = match (sha256_checksum, sha256) {
        (Some(text), _) => Some(Checksum::parse(&text, "asset.sha256_checksum")?),
        (None, Some(text)) => Some(Checksum::parse(&text, "asset.sha256Checksum")?),
        (None, None) => None,
    };
    let request = assets::read(&services.url(&url.into(), "asset.url")?)?;
    let (response, bytes) = services.bytes(&assets::READ, request).await?;
    if let Some(mut checksum) = checksum {
        for start in (0..bytes.length()).step_by(PIECE as usize) {
            checksum.update(&bytes.subarray(start, bytes.length().min(start + PIECE)).to_vec());
        }
        checksum.check()?;
    }
    let content_type = header(&response, "content-type").map(str::to_owned);
    Ok(super::to_value(&AssetOut { bytes: bytes.into(), content_type }))
}

/// Posts a report on an asset.
#[wasm_bindgen(js_name = postAssetReport)]
pub async fn post_asset_report(services: JsValue, options: JsValue, url: JsValue, report: JsValue) -> Js<JsValue> {
    let request =
        |url: &str| Ok(assets::report(url, &json::to_object(&report, "report")?, &timestamp("report.timestamp")?)?);
    call(&services, &options, &url, &assets::REPORT, request, assets::reported).await?;
    Ok(JsValue::UNDEFINED)
}
