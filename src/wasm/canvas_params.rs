//! What the methods of `Canvas` take, read from JavaScript into a request.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::error::Result;
use super::options::Options;
use super::{json_in, values};
use crate::canvas::endpoint::Endpoint;
use crate::canvas::{jwts, originality_reports, subscriptions, tool_consumer_profile, tool_proxies};
use crate::error::text::contains;
use crate::http::Request;
use crate::json::{Json, Object};
use crate::lti::Id;

/// The ids of an endpoint, by their names.
pub(crate) fn ids(endpoint: &Endpoint, given: &JsValue) -> Result<Vec<(&'static str, Id)>> {
    let mut ids = Vec::new();
    let mut object = Options::required(given, endpoint.given);
    for path in endpoint.paths {
        for segment in path.split('/') {
            let Some(name) = segment.strip_prefix(':') else { continue };
            if name == endpoint.given {
                ids.push((name, values::id(given, &At::argument(name))?));
            } else if !ids.iter().any(|(known, _)| *known == name) {
                if endpoint.paths.iter().all(|path| contains(path, name)) {
                    object.must();
                }
                let id = object.id(name);
                object.check()?;
                if let Some(id) = id {
                    ids.push((name, id));
                }
            }
        }
    }
    Ok(ids)
}

/// What takes over an argument.
pub(crate) type Take = fn(&mut Request, &JsValue) -> Result<()>;

pub(crate) const NOTHING: Take = |_, _| Ok(());

/// `JwtParams`, which may be absent.
pub(crate) fn jwt(request: &mut Request, value: &JsValue) -> Result<()> {
    const FIELDS: Fields = &[
        ("workflows", "workflows", texts),
        ("contextType", "context_type", text),
        ("contextId", "context_id", id),
        ("contextUuid", "context_uuid", text),
        ("canvasAudience", "canvas_audience", boolean),
    ];
    Ok(jwts::put(request, &fields(Options::optional(value, "params"), FIELDS)?)?)
}

/// A JWT to be refreshed.
pub(crate) fn old_jwt(request: &mut Request, value: &JsValue) -> Result<()> {
    Ok(jwts::put_jwt(request, &values::text(value, &At::argument("jwt"))?)?)
}

/// The id of a profile, which may be absent.
pub(crate) fn profile(request: &mut Request, value: &JsValue) -> Result<()> {
    if value.is_undefined() {
        return Ok(());
    }
    Ok(tool_consumer_profile::only(request, &values::id(value, &At::argument("profileId"))?)?)
}

pub(crate) fn tool_proxy(request: &mut Request, value: &JsValue) -> Result<()> {
    tool_proxies::put(request, &json_in::to_object(value, &At::argument("toolProxy"))?);
    Ok(())
}

pub(crate) fn subscription(request: &mut Request, value: &JsValue) -> Result<()> {
    Ok(subscriptions::put(request, &json_in::to_object(value, &At::argument("subscription"))?)?)
}

/// The `startKey` of a page, which may be absent.
pub(crate) fn page(request: &mut Request, value: &JsValue) -> Result<()> {
    let mut value = Options::optional(value, "page");
    let key = value.text("startKey");
    value.check()?;
    Ok(key.map_or(Ok(()), |key| subscriptions::start(request, &key))?)
}

/// `OriginalityReportParams`.
pub(crate) fn report(request: &mut Request, value: &JsValue) -> Result<()> {
    const FIELDS: Fields = &[
        ("fileId", "file_id", id),
        ("originalityScore", "originality_score", score),
        ("originalityReportUrl", "originality_report_url", text),
        ("originalityReportFileId", "originality_report_file_id", id),
        ("workflowState", "workflow_state", text),
        ("errorMessage", "error_message", text),
        ("attempt", "attempt", integer),
        ("toolSetting", "tool_setting", setting),
    ];
    Ok(originality_reports::put(request, &fields(Options::required(value, "report"), FIELDS)?)?)
}

fn setting(value: &JsValue, at: &At<'_>) -> Result<Json> {
    const FIELDS: Fields = &[("resourceTypeCode", "resource_type_code", text), ("resourceUrl", "resource_url", text)];
    values::object(value, at)?;
    Ok(Json::Object(fields(Options::at(value, *at), FIELDS)?))
}

/// Members that may be absent: each by its name here and its name in Canvas, with what reads it.
type Fields = &'static [(&'static str, &'static str, fn(&JsValue, &At<'_>) -> Result<Json>)];

/// The members that are there, by the names that Canvas has for them.
fn fields(mut options: Options<'_>, fields: Fields) -> Result<Object> {
    let mut out = Object::default();
    for (name, known, read) in fields {
        match options.read(name, *read) {
            Some(Json::Object(object)) if object.iter().len() == 0 => {}
            Some(value) => out.set(known, value),
            None => {}
        }
    }
    options.check()?;
    Ok(out)
}

fn text(value: &JsValue, at: &At<'_>) -> Result<Json> {
    Ok(Json::String(values::text(value, at)?))
}

fn texts(value: &JsValue, at: &At<'_>) -> Result<Json> {
    let mut out = Vec::new();
    for text in &values::texts(value, at)? {
        out.push(Json::from(text.as_str()));
    }
    Ok(Json::Array(out))
}

fn id(value: &JsValue, at: &At<'_>) -> Result<Json> {
    Ok(values::id(value, at)?.to_json())
}

fn integer(value: &JsValue, at: &At<'_>) -> Result<Json> {
    Ok(values::integer(value, at)?.into())
}

fn boolean(value: &JsValue, at: &At<'_>) -> Result<Json> {
    Ok(Json::Bool(values::boolean(value, at)?))
}

fn score(value: &JsValue, at: &At<'_>) -> Result<Json> {
    match json_in::to_json(value, at)? {
        number @ Json::Number(_) if value.as_f64().is_some() => Ok(number),
        _ => Err(values::wrong(at, value, "a number between 0 and 100")),
    }
}
