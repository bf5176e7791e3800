//! What a form or query holds, in the forms that runtimes give it: `URLSearchParams`, `FormData`, text, a plain object.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use super::promise::call_method;
use super::read;
use super::value::{is_plain, is_tagged, own_keys, try_get};
use crate::error::Error;
use crate::http::HttpUrl;
use crate::lti13::Parameters;

/// How many parameters are read; Canvas posts a handful.
const MOST: usize = 1000;
const EXPECTED: &str = "URLSearchParams, FormData, a string or a plain object";

/// Reads the query of a request: of one of the Fetch standard, whose `Cookie` header comes along, of a URL as an object or text,
/// or by itself in any form that [`read`] takes.
pub(crate) fn query(value: &JsValue, name: &str) -> Result<(Parameters, Option<String>)> {
    let member = |member| try_get(value, member).map_err(|cause| failed(name, cause));
    if value.is_string() {
        return Ok((of_url(&read::text(value, name)?), None));
    }
    if is_tagged(value, "[object URL]") {
        return Ok((of_url(&read::text(&member("href")?, name)?), None));
    }
    if is_tagged(value, "[object Request]") {
        let cookie = call_method(&member("headers")?, "get", &[&"cookie".into()]);
        let cookie = read::nullable(&cookie.map_err(|cause| failed(name, cause))?, name)?;
        return Ok((of_url(&read::text(&member("url")?, name)?), cookie));
    }
    Ok((read(value, name)?, None))
}

/// The parameters in the query of a URL or path, without the fragment behind it; other text is a query by itself.
fn of_url(text: &str) -> Parameters {
    let is_url = |before: &str| before.starts_with('/') || HttpUrl::parse(before).is_some();
    match text.split_once('?').filter(|(before, _)| is_url(before)) {
        Some((_, query)) => Parameters::parse(query.split('#').next().unwrap_or_default()),
        None => Parameters::parse(text),
    }
}

/// Reads a form. An array is a parameter that stands more than once, as parsers of queries give it. What is no text is left
/// out: files, and what such parsers make of names with brackets, which anybody can send.
pub(crate) fn read(value: &JsValue, name: &str) -> Result<Parameters> {
    if value.is_string() {
        return Ok(Parameters::parse(&read::text(value, name)?));
    }
    if is_tagged(value, "[object URLSearchParams]") || is_tagged(value, "[object FormData]") {
        return entries(value, name);
    }
    if is_plain(value) {
        return members(value, name);
    }
    Err(Thrown::wrong_type(name, value, EXPECTED))
}

fn failed(name: &str, cause: JsValue) -> Thrown {
    Thrown::caused_by(Error::argument(name, "reading it failed"), cause)
}

fn too_many(name: &str) -> Thrown {
    Thrown::argument(name, format_args!("more than {MOST} parameters"))
}

fn entries(value: &JsValue, name: &str) -> Result<Parameters> {
    let failed = |cause| failed(name, cause);
    let entries = js_sys::try_iter(value).map_err(failed)?;
    let entries = entries.ok_or_else(|| Thrown::wrong_type(name, value, EXPECTED))?;
    let mut parameters = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let [key, value] = [0, 1].map(|place| Reflect::get_u32(&entry, place));
        let (key, value) = (key.map_err(failed)?, value.map_err(failed)?);
        if value.is_string() {
            parameters.push((read::text(&key, name)?, read::text(&value, name)?));
        }
        if parameters.len() > MOST {
            return Err(too_many(name));
        }
    }
    Ok(parameters.into_iter().collect())
}

fn members(object: &JsValue, name: &str) -> Result<Parameters> {
    let keys: Array = own_keys(object).map_err(|cause| failed(name, cause))?;
    let mut parameters = Vec::new();
    for key in keys.iter() {
        let value = Reflect::get(object, &key);
        let key = read::text(&key, name)?;
        let at = format!("{name}.{key}");
        let value = value.map_err(|cause| failed(&at, cause))?;
        let items = read::one_or_more(&value, &at)?;
        for item in items.iter().filter(|item| item.is_string()) {
            parameters.push((key.clone(), read::text(item, &at)?));
        }
        if parameters.len() > MOST {
            return Err(too_many(name));
        }
    }
    Ok(parameters.into_iter().collect())
}
