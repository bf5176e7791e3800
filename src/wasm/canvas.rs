//! The endpoints of Canvas: parameters to a request, the request sent, its answer to JavaScript. The class `Canvas` is in the
//! package; it holds the options and calls these by name.

use core::cell::RefCell;

use js_sys::Function;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::{Call, RequestOptions};
use super::error::{Result, Thrown, is_token_error};
use super::fetch;
use super::json;
use super::names::members_of;
use super::promise::Settled;
use super::read;
use super::runtime::{self, in_page, page_origin};
use super::to_js;
use super::token_cache;
use super::value::{get, global, origin_of};
use crate::canvas::jwts::{IssuedToken, JwtParams};
use crate::canvas::originality_reports::{self, ReportParams, ReportPath};
use crate::canvas::submissions::{self, SubmissionPath};
use crate::canvas::{Context, Site, jwts, oauth, pages, registration, subscriptions, users};
use crate::error::{Code, Error};
use crate::http::{Authorization, Request, Response, answer, authorized};
use crate::json::{Json, Object};
use crate::lti2::Id;

type Js<T> = core::result::Result<T, JsValue>;

/// How many pages of a list are read.
const MAX_PAGES: usize = 1000;

/// `CanvasOptions` besides `RequestOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CanvasOptions {
    base_url: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    access_token: JsValue,
}

/// A Canvas as its options say: where it is, what authorizes a request, and how one is sent.
pub(super) struct Canvas {
    pub(super) site: Site,
    token: Token,
    call: Call,
}

enum Token {
    Text(Authorization),
    Function(Function),
    Session,
}

impl Canvas {
    /// Reads the options of the class and those of one call, which go before them.
    pub(super) fn read(options: &JsValue, call_options: &JsValue) -> Result<Self> {
        let (CanvasOptions { base_url, access_token }, call) = Call::read(options, "options")?;
        let call = call.with(read::optional::<RequestOptions>(call_options, "options")?)?;
        Self::new(&base_url, access_token, call)
    }

    /// One at this base URL, whose requests this token authorizes.
    pub(super) fn new(base_url: &str, access_token: JsValue, call: Call) -> Result<Self> {
        let site = Site::parse(base_url, "options.baseUrl")?;
        // A token goes where the platform's own URL says, so that it must read the base URL too.
        if origin_of(base_url).is_none() {
            return Err(Thrown::argument(
                "options.baseUrl",
                "no URL for this platform, expected an absolute http(s) URL",
            ));
        }
        let token = if access_token.is_undefined() {
            Token::Session
        } else if access_token.is_string() {
            Token::Text(bearer(&access_token)?)
        } else {
            let wrong = |found| Thrown::wrong_type("options.accessToken", &found, "a string or a function");
            Token::Function(access_token.dyn_into().map_err(wrong)?)
        };
        Ok(Self { site, token, call })
    }

    /// What authorizes a request, of what the caller's function gave.
    fn authorization(&self, given: Settled) -> Result<Authorization> {
        match &self.token {
            Token::Text(authorization) => Ok(authorization.clone()),
            Token::Session => Ok(self.session()),
            // What this package threw says more than that the function failed: that the user has to agree again, for example.
            Token::Function(_) => bearer(&given.map_err(|cause| {
                if is_token_error(&cause) {
                    return Thrown::again(cause);
                }
                Thrown::caused_by(Error::argument("options.accessToken", "the function failed"), cause)
            })?),
        }
    }

    /// The session of the page, where it is a page of this Canvas.
    fn session(&self) -> Authorization {
        let is_own_page = in_page() && page_origin().is_some_and(|origin| self.site.is_origin_of(&origin));
        let cookies = get(&global("document"), "cookie").as_string();
        Authorization::session(&cookies.filter(|_| is_own_page).unwrap_or_default())
    }

    /// Sends a request. Where Canvas does not take the token of a cache, it is forgotten, and the request sent once more with
    /// another one: it was not carried out.
    pub(super) async fn send(&self, request: Request) -> Result<Answer> {
        let cache = if let Token::Function(function) = &self.token { token_cache::of_function(function) } else { None };
        let answer = self.send_with_token(request.clone()).await?;
        if let (Some(cache), Authorization::Bearer(token)) = (cache, &answer.authorization)
            && answer.response.status().as_u16() == 401
            && answer::refusal(&answer.response, runtime::now()).code == Code::Unauthenticated
        {
            cache.forget(Some(token)).await;
            return self.send_with_token(request).await;
        }
        Ok(answer)
    }

    async fn send_with_token(&self, request: Request) -> Result<Answer> {
        let used = RefCell::new(Authorization::Session(None));
        let make = |given| {
            let authorization = self.authorization(given)?;
            used.replace(authorization.clone());
            Ok(authorized(request.clone(), &authorization))
        };
        let function = if let Token::Function(function) = &self.token { Some(function) } else { None };
        let response = fetch::send(&self.call, function, make).await?;
        Ok(Answer { response, authorization: used.into_inner(), scope: oauth::scope_of(&request) })
    }

    /// The request for the next page, where there is one: for the platform too it is of this Canvas's own origin.
    fn next_page(&self, base_url: &str, response: &Response) -> crate::Result<Option<Request>> {
        let next = pages::next(&self.site, response)?;
        let is_own = |next: &Request| origin_of(&next.uri().to_string()) == origin_of(base_url);
        if next.as_ref().is_none_or(is_own) {
            return Ok(next);
        }
        Err(answer::invalid(response, "the next page is on another origin, not followed"))
    }
}

fn bearer(token: &JsValue) -> Result<Authorization> {
    const AT: &str = "options.accessToken";
    Ok(Authorization::bearer(&read::text(token, AT)?, AT)?)
}

/// An answer, and what its request was authorized with.
pub(super) struct Answer {
    response: Response,
    authorization: Authorization,
    /// The scope that a user's token needs for it, where it needs one.
    scope: Option<String>,
}

impl Answer {
    /// Reads it. An error tells what the server said, but for the token, which the server may have repeated.
    pub(super) fn read<T>(&self, read: impl Fn(&Response, f64) -> crate::Result<T>) -> Result<T> {
        let now = runtime::now();
        let blanked = |error| read(&self.authorization.blanked_in(&self.response), now).err().unwrap_or(error);
        let explained = |error| oauth::lacking(error, &self.response, self.scope.as_deref());
        Ok(read(&self.response, now).map_err(blanked).map_err(explained)?)
    }
}

/// Checks the options of the class, and copies them, so that later changes do not reach it.
#[wasm_bindgen(js_name = canvasOptions)]
pub fn canvas_options(options: &JsValue) -> Js<JsValue> {
    let copy = read::copied(options, "options", &[members_of::<CanvasOptions>(), members_of::<RequestOptions>()])?;
    Canvas::read(&copy, &JsValue::UNDEFINED)?;
    Ok(copy)
}

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
    let claims = token.claims.as_ref().map_or(JsValue::NULL, |(claims, text)| to_js::parsed_object(claims, text));
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
