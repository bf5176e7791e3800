//! The methods of `Canvas`: parameters to a request, the request sent, its answer to JavaScript. The class itself is in
//! the package and holds the options.

use wasm_bindgen::prelude::*;

use super::canvas_params as params;
use super::canvas_site::Canvas;
use super::error::{Result, promise};
use super::js::{Array, Object, Promise};
use super::names;
use super::options::Options;
use super::out::{self, Out};
use crate::canvas::jwts::IssuedToken;
use crate::canvas::{
    endpoint::Endpoint, inst_access_tokens, jwts, originality_reports, pages, submissions, subscriptions,
    tool_consumer_profile, tool_proxies, users,
};
use crate::error::{Code, Error};
use crate::http::{Request, Response};
use crate::json::Json;

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

/// One method of `Canvas`: its endpoint, what takes over the argument besides the ids, and what the answer becomes.
type Method = (&'static Endpoint, params::Take, Read);
type Read = fn(&Response, f64) -> crate::Result<JsValue>;

/// The methods of `Canvas`, in the order of their numbers in the package.
static METHODS: [Method; 17] = [
    (&jwts::CREATE, params::jwt, jwt_out),
    (&jwts::REFRESH, params::old_jwt, jwt_out),
    (&inst_access_tokens::CREATE, params::NOTHING, inst_access_token_out),
    (&tool_consumer_profile::READ, params::profile, object),
    (&tool_proxies::REGISTER, params::tool_proxy, object),
    (&originality_reports::CREATE, params::report, object),
    (&originality_reports::UPDATE, params::report, object),
    (&originality_reports::READ, params::NOTHING, object),
    (&subscriptions::CREATE, params::subscription, object),
    (&subscriptions::UPDATE, params::subscription, object),
    (&subscriptions::READ, params::NOTHING, object),
    (&subscriptions::LIST, params::page, page),
    (&subscriptions::DELETE, params::NOTHING, deleted),
    (&submissions::READ, params::NOTHING, object),
    (&submissions::HISTORY, params::NOTHING, objects),
    (&users::READ, params::NOTHING, object),
    (&users::OF_GROUP, params::NOTHING, objects),
];

/// The one method that reads every page.
const GROUP_USERS: usize = 16;

/// Calls the method of this number with what it takes: the ids of its endpoint, and what else it is given.
#[wasm_bindgen(js_name = callCanvas)]
pub fn call_canvas(canvas: &JsValue, method: usize, options: &JsValue, ids: &JsValue, given: &JsValue) -> Promise {
    let prepared = prepare(canvas, method, options, ids, given);
    promise(async move {
        let (canvas, mut request, read) = prepared?;
        let found = Array::new();
        for _ in 0..MAX_PAGES {
            let answer = canvas.send(request).await?;
            let value = answer.read(&read)?;
            if method != GROUP_USERS {
                return Ok(value);
            }
            for item in value.unchecked_ref::<Array>().iter() {
                found.push(&item);
            }
            match answer.read(&|response, _| pages::next(&canvas.site, response))? {
                Some(next) => request = next,
                None => return Ok(found.into()),
            }
        }
        Err(Error::new(Code::ResponseInvalid, &["the list has no end: 1000 pages were read"]).into())
    })
}

fn prepare(
    canvas: &JsValue,
    method: usize,
    options: &JsValue,
    ids: &JsValue,
    given: &JsValue,
) -> Result<(Canvas, Request, Read)> {
    let canvas = Canvas::read(canvas, options)?;
    let (endpoint, take, read) = METHODS.get(method).ok_or_else(|| Error::refused("method", "unknown"))?;
    let mut request = endpoint.request(&canvas.site, &params::ids(endpoint, ids)?)?;
    take(&mut request, given)?;
    Ok((canvas, request, *read))
}

fn object(response: &Response, now: f64) -> crate::Result<JsValue> {
    let object = crate::canvas::object(response, now)?;
    Ok(out::object(&object, &object.to_json()))
}

fn objects(response: &Response, now: f64) -> crate::Result<JsValue> {
    let items = Json::Array(crate::canvas::site::items(response, now)?);
    let text = items.to_json();
    Ok(if items.has_unsafe_integer() { out::json(&text) } else { out::parse(&text) })
}

fn page(response: &Response, now: f64) -> crate::Result<JsValue> {
    let mut out = Out::new();
    out.value("subscriptions", objects(response, now)?);
    out.value("endKey", subscriptions::end_key(response).map_or(JsValue::NULL, JsValue::from_str));
    Ok(out.end())
}

fn deleted(response: &Response, now: f64) -> crate::Result<JsValue> {
    subscriptions::deleted(response, now)?;
    Ok(JsValue::UNDEFINED)
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
