//! The endpoints of LTI Advantage's services: parameters to a request, its answer to JavaScript. The class `LtiServices` is in the
//! package; it holds the options and calls these by name.

use core::cell::Cell;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use super::json;
use super::read::{self, Integer};
use super::services::{Next, Services};
use super::to_js;
use crate::http::{Request, Response, header};
use crate::json::Object;
use crate::lti13::services::assets::{self, Checksum};
use crate::lti13::services::line_items::{self, LineItemFilter};
use crate::lti13::services::memberships::{self, MemberFilter};
use crate::lti13::services::notice_handlers::{self, NoticeHandlerParams};
use crate::lti13::services::results::{self, ResultFilter};
use crate::lti13::services::{Scope, scores};
use crate::lti13::timestamp;

type Js<T> = core::result::Result<T, JsValue>;

/// So many milliseconds at most is a time ahead of the clock.
const MOST_AHEAD: i64 = 10_000;

/// Sends what `request` makes of the URL, and gives what `read` makes of the answer.
async fn call<T>(
    services: &JsValue,
    options: &JsValue,
    (url, expected): (&JsValue, &str),
    scopes: &[Scope],
    request: impl FnOnce(&str) -> Result<Request>,
    read: fn(&Response, f64) -> crate::Result<T>,
) -> Result<T> {
    let services = Services::read(services, options)?;
    let request = request(&services.url(url, "url", expected)?)?;
    services.send(scopes, request, read).await
}

/// A list in pages.
struct List<F: 'static> {
    /// What its URL is, in words for a message.
    url: &'static str,
    scopes: &'static [Scope],
    first: fn(&str, &F) -> crate::Result<Request>,
    following: fn(&str) -> crate::Result<Request>,
    read: fn(&Response, f64) -> crate::Result<Vec<Object>>,
}

const LINE_ITEMS_URL: &str = "the lineItems.url of a launch";
const NOTICES_URL: &str = "the notices.url of a launch";

const LINE_ITEMS: List<LineItemFilter> = List {
    url: LINE_ITEMS_URL,
    scopes: &line_items::READ,
    first: line_items::list,
    following: line_items::following,
    read: line_items::page,
};
const RESULTS: List<ResultFilter> = List {
    url: line_items::ONE,
    scopes: &results::SCOPE,
    first: results::list,
    following: results::following,
    read: results::page,
};
const MEMBERS: List<MemberFilter> = List {
    url: "the memberships.url of a launch",
    scopes: &[memberships::SCOPE],
    first: memberships::list,
    following: memberships::following,
    read: memberships::page,
};

impl<F: DeserializeOwned + Default> List<F> {
    /// Gives a page: the first one, of `url` and `filter`, or the one that `next` says.
    async fn page(&self, services: &Services, url: &JsValue, filter: &JsValue, next: &JsValue) -> Result<JsValue> {
        if next.is_undefined() {
            let request = (self.first)(&services.url(url, "url", self.url)?, &read::optional(filter, "filter")?)?;
            return services.page(self.scopes, request, 1, self.read).await;
        }
        let Next { url, number } = read::required(next, "next")?;
        let request = (self.following)(&services.url(&url.into(), "next.url", self.url)?)?;
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
    let found =
        call(&services, &options, (&url, line_items::ONE), &line_items::READ, request, line_items::response).await?;
    Ok(object_out(&found))
}

/// Creates a line item.
#[wasm_bindgen(js_name = createLineItem)]
pub async fn create_line_item(services: JsValue, options: JsValue, url: JsValue, item: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(line_items::create(url, &json::to_object(&item, "item")?)?);
    let found =
        call(&services, &options, (&url, LINE_ITEMS_URL), &line_items::WRITE, request, line_items::response).await?;
    Ok(object_out(&found))
}

/// Updates a line item.
#[wasm_bindgen(js_name = updateLineItem)]
pub async fn update_line_item(services: JsValue, options: JsValue, url: JsValue, item: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(line_items::update(url, &json::to_object(&item, "item")?)?);
    let found =
        call(&services, &options, (&url, line_items::ONE), &line_items::WRITE, request, line_items::response).await?;
    Ok(object_out(&found))
}

/// Deletes a line item.
#[wasm_bindgen(js_name = deleteLineItem)]
pub async fn delete_line_item(services: JsValue, options: JsValue, url: JsValue) -> Js<JsValue> {
    let request = |url: &str| Ok(line_items::delete(url)?);
    call(&services, &options, (&url, line_items::ONE), &line_items::WRITE, request, line_items::deleted).await?;
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
    Ok(post(&services, &options, &url, &score).await?)
}

async fn post(services: &JsValue, options: &JsValue, url: &JsValue, score: &JsValue) -> Result<JsValue> {
    let (ScoreOptions { clears }, call_options) =
        if options.is_undefined() { Default::default() } else { read::both(options, "options")? };
    let services = Services::with(services, call_options)?;
    let url = services.url(url, "url", line_items::ONE)?;
    let score = json::to_object(score, "score")?;
    let request = scores::create(&url, &score, &timestamp("score.timestamp")?, clears == Some(true))?;
    Ok(object_out(&services.send(&scores::SCOPE, request, scores::response).await?))
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
    let found =
        call(&services, &options, (&url, NOTICES_URL), &notice_handlers::SCOPE, request, notice_handlers::response)
            .await?;
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
    call(&services, &options, (&url, NOTICES_URL), &notice_handlers::SCOPE, request, notice_handlers::updated).await?;
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
    let AssetParams { url, sha256_checksum, sha256 } = read::open(asset, "asset")?;
    let checksum = match (sha256_checksum, sha256) {
        (Some(text), _) => Some(Checksum::parse(&text, "asset.sha256_checksum")?),
        (None, Some(text)) => Some(Checksum::parse(&text, "asset.sha256Checksum")?),
        (None, None) => None,
    };
    let request = assets::read(&services.url(&url.into(), "asset.url", "the url of an asset")?)?;
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
    call(&services, &options, (&url, "the report_url of a notice"), &assets::REPORT, request, assets::reported).await?;
    Ok(JsValue::UNDEFINED)
}
