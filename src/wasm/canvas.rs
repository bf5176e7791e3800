//! The endpoints of Canvas: parameters to a request, its answer to JavaScript. The class `Canvas` is in the package; it holds
//! the options and calls these by name.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::canvas_class::Canvas;
use super::error::Result;
use super::value::get;
use super::{json, read, to_js};
use crate::canvas::jwts::{IssuedToken, JwtParams};
use crate::canvas::originality_reports::{self, ReportParams, ReportPath};
use crate::canvas::submissions::{self, SubmissionPath};
use crate::canvas::{Context, Site, jwts, registration, subscriptions, users};
use crate::error::{Code, Error};
use crate::http::{Request, Response};
use crate::json::{Json, Object};
use crate::lti2::Id;

type Js<T> = core::result::Result<T, JsValue>;

/// How many pages of a list are read.
const MAX_PAGES: usize = 1000;

/// Sends what `request` makes, and gives what `response` makes of the answer.
async fn call<T: Into<JsValue>>(
    canvas: &JsValue,
    options: &JsValue,
    request: impl FnOnce(&Site) -> Result<Request>,
    response: impl Fn(&Response, f64) -> crate::Result<T>,
) -> Js<JsValue> {
    let canvas = Canvas::read(canvas, options)?;
    let request = request(&canvas.site)?;
    Ok(canvas.send(request).await?.read(response)?.into())
}

fn object(read: fn(&Response, f64) -> crate::Result<Object>) -> impl Fn(&Response, f64) -> crate::Result<JsValue> {
    move |response, now| read(response, now).map(|object| to_js::parsed_object(&object, &object.to_json()))
}

fn objects(items: Vec<Object>) -> JsValue {
    to_js::json(&Json::Array(items.into_iter().map(Json::Object).collect()))
}

/// A token of Canvas's, as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TokenOut<'a> {
    token: &'a str,
    encrypted: bool,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claims: JsValue,
    expires_at: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    compact: Option<&'a str>,
}

fn token_out(token: &IssuedToken, compact: Option<&str>) -> JsValue {
    let claims = to_js::claims(token.claims.as_ref());
    let IssuedToken { token, encrypted, expires_at, .. } = token;
    super::to_value(&TokenOut { token, encrypted: *encrypted, claims, expires_at: *expires_at, compact })
}

fn jwt_out(response: &Response, now: f64) -> crate::Result<JsValue> {
    jwts::response(response, now).map(|token| token_out(&token, Some(&token.compact)))
}

/// `POST /api/v1/jwts`
#[wasm_bindgen(js_name = createJwt)]
pub async fn create_jwt(canvas: JsValue, options: JsValue, params: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(jwts::create(site, &read::optional::<JwtParams>(&params, "params")?)?);
    call(&canvas, &options, request, jwt_out).await
}

/// `POST /api/v1/jwts/refresh`
#[wasm_bindgen(js_name = refreshJwt)]
pub async fn refresh_jwt(canvas: JsValue, options: JsValue, jwt: JsValue) -> Js<JsValue> {
    call(&canvas, &options, |site| Ok(jwts::refresh(site, &read::text(&jwt, "jwt")?)?), jwt_out).await
}

/// `POST /api/v1/inst_access_tokens`
#[wasm_bindgen(js_name = createInstAccessToken)]
pub async fn create_inst_access_token(canvas: JsValue, options: JsValue) -> Js<JsValue> {
    let out = |response: &Response, now| jwts::response(response, now).map(|token| token_out(&token, None));
    call(&canvas, &options, |site| Ok(jwts::create_inst_access_token(site)?), out).await
}

/// `GET /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profile_id)`
#[wasm_bindgen(js_name = toolConsumerProfile)]
pub async fn tool_consumer_profile(
    canvas: JsValue,
    options: JsValue,
    context: JsValue,
    profile_id: JsValue,
) -> Js<JsValue> {
    let request = |site: &Site| {
        let context: Context = read::required(&context, "context")?;
        let profile: Option<Id> = read::required(&profile_id, "profileId")?;
        Ok(registration::tool_consumer_profile(site, &context, profile.as_ref())?)
    };
    call(&canvas, &options, request, object(registration::response)).await
}

/// `POST /api/lti/{accounts|courses}/:id/tool_proxy`
#[wasm_bindgen(js_name = registerToolProxy)]
pub async fn register_tool_proxy(
    canvas: JsValue,
    options: JsValue,
    context: JsValue,
    tool_proxy: JsValue,
) -> Js<JsValue> {
    let request = |site: &Site| {
        let context: Context = read::required(&context, "context")?;
        Ok(registration::register(site, &context, &json::to_object(&tool_proxy, "toolProxy")?)?)
    };
    call(&canvas, &options, request, object(registration::response)).await
}

/// `POST /api/lti/assignments/:id/submissions/:id/originality_report`
#[wasm_bindgen(js_name = createOriginalityReport)]
pub async fn create_originality_report(
    canvas: JsValue,
    options: JsValue,
    path: JsValue,
    report: JsValue,
) -> Js<JsValue> {
    let request = |site: &Site| {
        let path: SubmissionPath = read::required(&path, "path")?;
        Ok(originality_reports::create(site, &path, &read::required::<ReportParams>(&report, "report")?)?)
    };
    call(&canvas, &options, request, object(originality_reports::response)).await
}

/// `PUT` of an originality report
#[wasm_bindgen(js_name = updateOriginalityReport)]
pub async fn update_originality_report(
    canvas: JsValue,
    options: JsValue,
    path: JsValue,
    report: JsValue,
) -> Js<JsValue> {
    let request = |site: &Site| {
        let path: ReportPath = read::required(&path, "path")?;
        Ok(originality_reports::update(site, &path, &read::required::<ReportParams>(&report, "report")?)?)
    };
    call(&canvas, &options, request, object(originality_reports::response)).await
}

/// `GET` of an originality report
#[wasm_bindgen(js_name = originalityReport)]
pub async fn originality_report(canvas: JsValue, options: JsValue, path: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(originality_reports::read(site, &read::required::<ReportPath>(&path, "path")?)?);
    call(&canvas, &options, request, object(originality_reports::response)).await
}

/// `POST /api/lti/subscriptions`
#[wasm_bindgen(js_name = createSubscription)]
pub async fn create_subscription(canvas: JsValue, options: JsValue, subscription: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(subscriptions::create(site, &json::to_object(&subscription, "subscription")?)?);
    call(&canvas, &options, request, object(subscriptions::response)).await
}

/// `PUT /api/lti/subscriptions/:id`
#[wasm_bindgen(js_name = updateSubscription)]
pub async fn update_subscription(canvas: JsValue, options: JsValue, id: JsValue, subscription: JsValue) -> Js<JsValue> {
    let request = |site: &Site| {
        let id: Id = read::required(&id, "id")?;
        Ok(subscriptions::update(site, &id, &json::to_object(&subscription, "subscription")?)?)
    };
    call(&canvas, &options, request, object(subscriptions::response)).await
}

/// `GET /api/lti/subscriptions/:id`
#[wasm_bindgen(js_name = subscription)]
pub async fn subscription(canvas: JsValue, options: JsValue, id: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(subscriptions::read(site, &read::required(&id, "id")?)?);
    call(&canvas, &options, request, object(subscriptions::response)).await
}

/// Where a page of subscriptions starts.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageParams {
    start_key: Option<String>,
}

/// A page of subscriptions.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageOut {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    subscriptions: JsValue,
    end_key: Option<String>,
}

/// `GET /api/lti/subscriptions`
#[wasm_bindgen(js_name = subscriptions)]
pub async fn subscriptions(canvas: JsValue, options: JsValue, page: JsValue) -> Js<JsValue> {
    let request = |site: &Site| {
        let PageParams { start_key } = read::optional(&page, "page")?;
        Ok(subscriptions::list(site, start_key.as_deref())?)
    };
    let out = |response: &Response, now| {
        let (found, end_key) = subscriptions::page(response, now)?;
        Ok(super::to_value(&PageOut { subscriptions: objects(found), end_key }))
    };
    call(&canvas, &options, request, out).await
}

/// `DELETE /api/lti/subscriptions/:id`
#[wasm_bindgen(js_name = deleteSubscription)]
pub async fn delete_subscription(canvas: JsValue, options: JsValue, id: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(subscriptions::delete(site, &read::required(&id, "id")?)?);
    call(&canvas, &options, request, |response, now| {
        subscriptions::deleted(response, now)?;
        Ok(JsValue::UNDEFINED)
    })
    .await
}

/// `GET /api/lti/assignments/:id/submissions/:id`
#[wasm_bindgen(js_name = submission)]
pub async fn submission(canvas: JsValue, options: JsValue, path: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(submissions::read(site, &read::required::<SubmissionPath>(&path, "path")?)?);
    call(&canvas, &options, request, object(submissions::response)).await
}

/// `GET /api/lti/assignments/:id/submissions/:id/history`
#[wasm_bindgen(js_name = submissionHistory)]
pub async fn submission_history(canvas: JsValue, options: JsValue, path: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(submissions::history(site, &read::required::<SubmissionPath>(&path, "path")?)?);
    call(&canvas, &options, request, |response, now| submissions::history_response(response, now).map(objects)).await
}

/// `GET /api/lti/users/:id`
#[wasm_bindgen(js_name = user)]
pub async fn user(canvas: JsValue, options: JsValue, id: JsValue) -> Js<JsValue> {
    let request = |site: &Site| Ok(users::read(site, &read::required(&id, "id")?)?);
    call(&canvas, &options, request, object(users::response)).await
}

/// `GET /api/lti/groups/:id/users`, every page
#[wasm_bindgen(js_name = groupUsers)]
pub async fn group_users(canvas: JsValue, options: JsValue, group_id: JsValue) -> Js<JsValue> {
    Ok(every_user(&canvas, &options, &group_id).await?)
}

async fn every_user(options: &JsValue, call_options: &JsValue, group_id: &JsValue) -> Result<JsValue> {
    let canvas = Canvas::read(options, call_options)?;
    let base_url = get(options, "baseUrl").as_string().unwrap_or_default();
    let mut request = users::of_group(&canvas.site, &read::required(group_id, "groupId")?)?;
    let mut found = Vec::new();
    for _ in 0..MAX_PAGES {
        let answer = canvas.send(request).await?;
        found.extend(answer.read(users::page_response)?);
        match answer.read(|response, _| canvas.next_page(&base_url, response))? {
            Some(next) => request = next,
            None => return Ok(objects(found)),
        }
    }
    Err(Error::new(Code::ResponseInvalid, "the list has no end: 1000 pages were read").into())
}
