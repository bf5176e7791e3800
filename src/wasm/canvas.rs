//! The methods of `Canvas`: parameters to a request, the request sent, its answer to JavaScript. The class itself is in
//! the package and holds the options.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::canvas_params as params;
use super::canvas_site::Canvas;
use super::error::{Result, promise};
use super::js::{Array, Object, Promise};
use super::options::Options;
use super::out::{self, Out};
use super::{json_in, names, values};
use crate::canvas::jwts::IssuedToken;
use crate::canvas::{
    Site, inst_access_tokens, jwts, originality_reports, pages, submissions, subscriptions, tool_consumer_profile,
    tool_proxies, users,
};
use crate::error::{Code, Error};
use crate::http::{Request, Response};
use crate::jose::json;
use crate::lti::Id;

type Js<T> = core::result::Result<T, JsValue>;

/// How many pages of a list are read.
const MAX_PAGES: usize = 1000;

/// The options of the class, checked: a copy of those it knows, so that later changes do not reach it.
#[wasm_bindgen(js_name = canvasOptions)]
pub fn class_options(options: &JsValue) -> Js<JsValue> {
    Ok(copied(options)?)
}

fn copied(options: &JsValue) -> Result<JsValue> {
    let copy = Object::new();
    let mut options = Options::required(options, "options");
    for name in ["baseUrl", "accessToken", "fetch", "signal", "timeout", "retries", "userAgent"] {
        if let Some(value) = options.value(name) {
            names::set(&copy, name, &value);
        }
    }
    options.check()?;
    Canvas::read(&copy, &JsValue::UNDEFINED)?;
    Ok(copy.into())
}

/// What an answer becomes.
type Read = fn(&Response, f64) -> crate::Result<JsValue>;

/// One call: `build` makes its request, `out` reads its answer.
fn call(canvas: &JsValue, options: &JsValue, build: &dyn Fn(&Site) -> Result<Request>, out: Read) -> Promise {
    let prepared = prepare(canvas, options, build);
    promise(async move {
        let (canvas, request) = prepared?;
        canvas.send(request).await?.read(&out)
    })
}

fn prepare(canvas: &JsValue, options: &JsValue, build: &dyn Fn(&Site) -> Result<Request>) -> Result<(Canvas, Request)> {
    let canvas = Canvas::read(canvas, options)?;
    let request = build(&canvas.site)?;
    Ok((canvas, request))
}

fn id_of(value: &JsValue, name: &str) -> Result<Id> {
    values::id(value, &At::argument(name))
}

fn object_of(value: &JsValue, name: &str) -> Result<json::Object> {
    json_in::to_object(value, &At::argument(name))
}

/// `POST /api/v1/jwts`
#[wasm_bindgen(js_name = createJwt)]
pub fn create_jwt(canvas: &JsValue, jwt: &JsValue, options: &JsValue) -> Promise {
    call(canvas, options, &|site| Ok(jwts::create(site, &params::jwt(jwt)?)?), jwt_out)
}

/// `POST /api/v1/jwts/refresh`
#[wasm_bindgen(js_name = refreshJwt)]
pub fn refresh_jwt(canvas: &JsValue, jwt: &JsValue, options: &JsValue) -> Promise {
    call(canvas, options, &|site| Ok(jwts::refresh(site, &values::text(jwt, &At::argument("jwt"))?)?), jwt_out)
}

/// `POST /api/v1/inst_access_tokens`
#[wasm_bindgen(js_name = createInstAccessToken)]
pub fn create_inst_access_token(canvas: &JsValue, options: &JsValue) -> Promise {
    call(canvas, options, &|site| Ok(inst_access_tokens::create(site)), inst_access_token_out)
}

/// `GET /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profile_id)`
#[wasm_bindgen(js_name = toolConsumerProfile)]
pub fn tool_consumer_profile(canvas: &JsValue, context: &JsValue, profile: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| {
        let profile = if profile.is_undefined() { None } else { Some(id_of(profile, "profileId")?) };
        Ok(tool_consumer_profile::read(site, &params::context(context)?, profile.as_ref())?)
    };
    call(canvas, options, &build, object)
}

/// `POST /api/lti/{accounts|courses}/:id/tool_proxy`
#[wasm_bindgen(js_name = registerToolProxy)]
pub fn register_tool_proxy(canvas: &JsValue, context: &JsValue, tool_proxy: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| {
        let tool_proxy = object_of(tool_proxy, "toolProxy")?;
        Ok(tool_proxies::register(site, &params::context(context)?, &tool_proxy)?)
    };
    call(canvas, options, &build, object)
}

/// `POST …/submissions/:id/originality_report`
#[wasm_bindgen(js_name = createOriginalityReport)]
pub fn create_originality_report(canvas: &JsValue, path: &JsValue, report: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| {
        let (assignment, submission) = params::submission(path)?;
        Ok(originality_reports::create(site, &assignment, &submission, &params::report(report)?)?)
    };
    call(canvas, options, &build, object)
}

/// `PUT …/originality_report`
#[wasm_bindgen(js_name = updateOriginalityReport)]
pub fn update_originality_report(canvas: &JsValue, path: &JsValue, report: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| {
        let path = params::report_path(path)?;
        Ok(originality_reports::update(site, &path, &params::report(report)?)?)
    };
    call(canvas, options, &build, object)
}

/// `GET …/originality_report`
#[wasm_bindgen(js_name = originalityReport)]
pub fn originality_report(canvas: &JsValue, path: &JsValue, options: &JsValue) -> Promise {
    call(canvas, options, &|site| Ok(originality_reports::read(site, &params::report_path(path)?)?), object)
}

/// `POST /api/lti/subscriptions`
#[wasm_bindgen(js_name = createSubscription)]
pub fn create_subscription(canvas: &JsValue, subscription: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| Ok(subscriptions::create(site, &object_of(subscription, "subscription")?)?);
    call(canvas, options, &build, object)
}

/// `PUT /api/lti/subscriptions/:id`
#[wasm_bindgen(js_name = updateSubscription)]
pub fn update_subscription(canvas: &JsValue, id: &JsValue, subscription: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| {
        let subscription = object_of(subscription, "subscription")?;
        Ok(subscriptions::update(site, &id_of(id, "id")?, &subscription)?)
    };
    call(canvas, options, &build, object)
}

/// `GET /api/lti/subscriptions/:id`
#[wasm_bindgen]
pub fn subscription(canvas: &JsValue, id: &JsValue, options: &JsValue) -> Promise {
    call(canvas, options, &|site| Ok(subscriptions::read(site, &id_of(id, "id")?)?), object)
}

/// `GET /api/lti/subscriptions`
#[wasm_bindgen(js_name = subscriptions)]
pub fn list_subscriptions(canvas: &JsValue, page: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| Ok(subscriptions::list(site, params::start_key(page)?.as_deref())?);
    call(canvas, options, &build, |response, now| {
        let (found, end_key) = subscriptions::page(response, now)?;
        let mut out = Out::new();
        out.value("subscriptions", objects(&found));
        out.value("endKey", end_key.map_or(JsValue::NULL, JsValue::from));
        Ok(out.end())
    })
}

/// `DELETE /api/lti/subscriptions/:id`
#[wasm_bindgen(js_name = deleteSubscription)]
pub fn delete_subscription(canvas: &JsValue, id: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| Ok(subscriptions::delete(site, &id_of(id, "id")?)?);
    call(canvas, options, &build, |response, now| {
        subscriptions::deleted(response, now)?;
        Ok(JsValue::UNDEFINED)
    })
}

/// `GET …/submissions/:id`
#[wasm_bindgen]
pub fn submission(canvas: &JsValue, path: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| {
        let (assignment, submission) = params::submission(path)?;
        Ok(submissions::read(site, &assignment, &submission)?)
    };
    call(canvas, options, &build, object)
}

/// `GET …/submissions/:id/history`
#[wasm_bindgen(js_name = submissionHistory)]
pub fn submission_history(canvas: &JsValue, path: &JsValue, options: &JsValue) -> Promise {
    let build = |site: &Site| {
        let (assignment, submission) = params::submission(path)?;
        Ok(submissions::history(site, &assignment, &submission)?)
    };
    call(canvas, options, &build, |response, now| Ok(objects(&crate::canvas::objects(response, now)?)))
}

/// `GET /api/lti/users/:id`
#[wasm_bindgen]
pub fn user(canvas: &JsValue, id: &JsValue, options: &JsValue) -> Promise {
    call(canvas, options, &|site| Ok(users::read(site, &id_of(id, "id")?)?), object)
}

/// `GET /api/lti/groups/:id/users`, every page.
#[wasm_bindgen(js_name = groupUsers)]
pub fn group_users(canvas: &JsValue, group: &JsValue, options: &JsValue) -> Promise {
    let prepared = prepare(canvas, options, &|site| Ok(users::of_group(site, &id_of(group, "groupId")?)?));
    promise(async move {
        let (canvas, request) = prepared?;
        let (found, mut next) = (Array::new(), Some(request));
        for _ in 0..MAX_PAGES {
            let Some(request) = next else { return Ok(found.into()) };
            let answer = canvas.send(request).await?;
            let users = answer.read(&users::page_response)?;
            for user in &users {
                found.push(&object_out(user));
            }
            next = answer.read(&|response, _| pages::next(&canvas.site, response))?;
        }
        Err(Error::new(Code::ResponseInvalid, &["the list has no end: 1000 pages were read"]).into())
    })
}

fn object(response: &Response, now: f64) -> crate::Result<JsValue> {
    Ok(object_out(&crate::canvas::object(response, now)?))
}

fn objects(objects: &[json::Object]) -> JsValue {
    objects.iter().map(object_out).collect::<Array>().into()
}

fn object_out(object: &json::Object) -> JsValue {
    out::object(object, &object.to_json())
}

fn jwt_out(response: &Response, now: f64) -> crate::Result<JsValue> {
    let token = jwts::response(response, now)?;
    let mut out = token_out(&token);
    out.text("compact", &token.compact);
    Ok(out.end())
}

fn inst_access_token_out(response: &Response, now: f64) -> crate::Result<JsValue> {
    Ok(token_out(&inst_access_tokens::response(response, now)?).end())
}

fn token_out(token: &IssuedToken) -> Out {
    let mut out = Out::new();
    out.text("token", &token.token);
    out.plain("encrypted", if token.encrypted { "true" } else { "false" });
    out.claims(token.claims.as_ref());
    out.value("expiresAt", token.expires_at.into());
    out
}
