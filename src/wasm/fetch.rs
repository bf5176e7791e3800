//! Sends a request with the platform's `fetch`, or the one it is given: timeout, abort, and the retries that
//! [`http::delay`] decides. Redirects are not followed.

use core::cell::RefCell;
use std::rc::Rc;

use ::http::{HeaderValue, StatusCode};
use js_sys::{Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{RequestInit, RequestRedirect};

use super::call::{Call, Deadline};
use super::error::{Result, Thrown};
use super::promise::{Settled, call_method, settled};
use super::runtime::{self, in_page, page_origin};
use super::value::{self, get, set, short_string};
use crate::error::{Code, Error};
use crate::http::{self, Body, Outcome, Request, Response, Said};

const USER_AGENT: &str = concat!("canvas-lms-tokens/", env!("CARGO_PKG_VERSION"));
/// What a part of an answer counts for at least, in bytes.
const SMALLEST_PART: usize = 64;
/// The response headers that anything reads.
const HEADERS: [&str; 9] =
    ["age", "cache-control", "content-type", "date", "endkey", "link", "location", "retry-after", "www-authenticate"];

/// No answer.
struct Failure {
    thrown: Thrown,
    /// Nothing was sent.
    is_unsent: bool,
}

/// Sends a request, again where that is right. It is made anew for each try, whose time includes it: first `function` is
/// called, where there is one, then `make` with what that gave.
pub(crate) async fn send(
    call: &Call,
    function: Option<&Function>,
    make: impl Fn(Settled) -> Result<Request>,
) -> Result<Response> {
    let given = async |deadline: &Deadline<'_>| {
        let given = match function {
            Some(function) => deadline.wait_for(settled(|| function.call0(&JsValue::UNDEFINED))).await?,
            None => Ok(JsValue::UNDEFINED),
        };
        make(given)
    };
    send_each(call, given).await
}

/// The same for a request that takes its time to be made, for example to be signed.
pub(crate) async fn send_made(call: &Call, make: impl AsyncFn() -> Result<Request>) -> Result<Response> {
    send_each(call, async |_: &Deadline<'_>| make().await).await
}

async fn send_each(call: &Call, make: impl AsyncFn(&Deadline<'_>) -> Result<Request>) -> Result<Response> {
    let mut tries = 0;
    loop {
        let deadline = Deadline::start(call, call.timeout)?;
        let request = make(&deadline).await?;
        let ended = ask(call, &request, &deadline).await?;
        drop(deadline);
        tries += 1;
        let outcome = match &ended {
            Ok(response) => Outcome::Answer(response),
            Err(failure) if failure.is_unsent => Outcome::Unsent,
            Err(_) => Outcome::Lost,
        };
        let (repeat, jitter, now) = (http::repeat_of(&request), js_sys::Math::random(), runtime::now());
        let Some(seconds) = http::delay(tries, call.retries, outcome, repeat, jitter, now) else {
            return ended.map_err(|failure| failure.thrown);
        };
        call.pass(seconds * 1000.0).await?;
    }
}

/// The most bytes that are read of an answer that is a file.
const MOST_BYTES: u32 = 1 << 28;
/// The most parts without bytes that are read of it.
const MOST_EMPTY: u32 = 1000;

/// Sends a request for bytes, as [`send`] does. Those of an answer that says success come beside it, its text is then empty.
pub(crate) async fn send_for_bytes(call: &Call, request: &Request) -> Result<(Response, Uint8Array)> {
    let bytes = Rc::new(RefCell::new(Uint8Array::new_with_length(0)));
    let mut call = call.clone();
    call.bytes = Some(bytes.clone());
    let response = send(&call, None, |_| Ok(request.clone())).await?;
    Ok((response, bytes.borrow().clone()))
}

/// Reads the bytes of an answer, no further than is allowed; or gives what reading them threw.
async fn bytes_of(answer: &JsValue, deadline: &Deadline<'_>) -> Result<core::result::Result<Uint8Array, JsValue>> {
    let too_long = || {
        // The rest is not wanted.
        call_method(&deadline.controller, "abort", &[]).unwrap_or_default();
        Error::new(
            Code::ResponseInvalid,
            format!("more than {MOST_BYTES} bytes, or parts of none, not read to their end"),
        )
    };
    // An answer of nothing has no stream, and neither has that of a fetch that knows none.
    let Ok(reader) = call_method(&get(answer, "body"), "getReader", &[]) else {
        let given = deadline.wait_for(settled(|| call_method(answer, "arrayBuffer", &[]))).await?;
        return match given.and_then(|buffer| value::view(&buffer)) {
            Ok(bytes) if bytes.length() > MOST_BYTES => Err(too_long().into()),
            given => Ok(given),
        };
    };
    let (mut parts, mut length, mut empty) = (Vec::new(), 0, 0);
    loop {
        let part = match deadline.wait_for(settled(|| call_method(&reader, "read", &[]))).await? {
            Ok(part) => part,
            Err(cause) => return Ok(Err(cause)),
        };
        if get(&part, "done").is_truthy() {
            break;
        }
        let part = match value::view(&get(&part, "value")) {
            Ok(part) => part,
            Err(cause) => return Ok(Err(cause)),
        };
        // A stream of nothing would never give way to the timer.
        empty += u32::from(part.length() == 0);
        if part.length() > MOST_BYTES - length || empty > MOST_EMPTY {
            return Err(too_long().into());
        }
        length += part.length();
        parts.push(part);
    }
    let whole = Uint8Array::new_with_length(length);
    let mut place = 0;
    for part in parts {
        whole.set(&part, place);
        place += part.length();
    }
    Ok(Ok(whole))
}

/// Sends a request once. An answer counts when its whole text is there.
async fn ask(
    call: &Call,
    request: &Request,
    deadline: &Deadline<'_>,
) -> Result<core::result::Result<Response, Failure>> {
    let at = format!("{}.fetch", call.name);
    let fetch = call.function()?;
    let url = request.uri().to_string();
    let init = init(call, request, deadline);
    let failed = |cause: JsValue, can_be_unsent: bool| {
        let errors = [&cause, &get(&cause, "cause")];
        let texts = |name| errors.into_iter().filter_map(|error| short_string(&get(error, name))).collect();
        let said = Said { codes: texts("code"), messages: texts("message") };
        let is_unsent = can_be_unsent && said.codes.iter().any(|code| http::is_unsent(code));
        let thrown = Thrown::caused_by(http::no_answer(&url, page_origin().as_deref(), &said), cause);
        Ok(Err(Failure { thrown, is_unsent }))
    };
    let given = deadline.wait_for(settled(|| fetch.call2(&JsValue::UNDEFINED, &url.as_str().into(), &init))).await?;
    let answer = match given {
        Ok(answer) => answer,
        Err(cause) => return failed(cause, true),
    };
    let none = || Thrown::argument(&at, "gave no Response");
    let status = get(&answer, "status").as_f64().filter(|status| (0.0..1000.0).contains(status)).ok_or_else(none)?;
    if !get(&answer, "text").is_function() {
        return Err(none());
    }
    let body = if let Some(bytes) = call.bytes.as_ref().filter(|_| (200.0..300.0).contains(&status)) {
        match bytes_of(&answer, deadline).await? {
            Ok(found) => bytes.replace(found),
            Err(cause) => return failed(cause, false),
        };
        String::new()
    } else {
        match body_of(call, &answer, deadline).await? {
            Ok(body) => body.ok_or_else(none)?,
            Err(cause) => return failed(cause, false),
        }
    };
    let headers = get(&answer, "headers");
    let mut response = response_of(status).ok_or_else(none)?;
    for name in HEADERS {
        let value = call_method(&headers, "get", &[&name.into()]).ok();
        let value = value.as_ref().and_then(short_string).map(|text| HeaderValue::from_bytes(text.as_bytes()));
        if let Some(Ok(value)) = value {
            response.headers_mut().insert(name, value);
        }
    }
    *response.body_mut() = Body::from(body);
    Ok(Ok(response))
}

/// The text of an answer, or nothing where it gives none; or what reading it threw.
async fn body_of(
    call: &Call,
    answer: &JsValue,
    deadline: &Deadline<'_>,
) -> Result<core::result::Result<Option<String>, JsValue>> {
    let stream = get(answer, "body");
    if let Some(limit) = call.limit
        && get(&stream, "getReader").is_function()
    {
        return read_within(limit, &stream, deadline).await;
    }
    Ok(match deadline.wait_for(settled(|| call_method(answer, "text", &[]))).await? {
        // Of an endless answer no more is read than shows what it is.
        Ok(text) => Ok(text.dyn_ref::<js_sys::JsString>().map(|text| text.slice(0, value::LONGEST).into())),
        Err(cause) => Err(cause),
    })
}

/// Reads a stream of bytes no further than its limit.
async fn read_within(
    limit: u32,
    stream: &JsValue,
    deadline: &Deadline<'_>,
) -> Result<core::result::Result<Option<String>, JsValue>> {
    let reader = match call_method(stream, "getReader", &[]) {
        Ok(reader) => reader,
        Err(cause) => return Ok(Err(cause)),
    };
    let (limit, mut bytes, mut read) = (limit as usize, Vec::new(), 0);
    loop {
        let part = match deadline.wait_for(settled(|| call_method(&reader, "read", &[]))).await? {
            Ok(part) => part,
            Err(cause) => return Ok(Err(cause)),
        };
        if get(&part, "done").is_truthy() {
            let text = String::from_utf8_lossy(&bytes);
            return Ok(Ok(Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())));
        }
        // Even an empty part counts: a stream of nothing would never give way to the timer.
        read += match value::bytes(&get(&part, "value")) {
            Some(Ok(part)) => {
                bytes.extend_from_slice(&part);
                part.len().max(SMALLEST_PART)
            }
            Some(Err(value::Unreadable::TooLong)) => 2 * limit + 1,
            _ => return Ok(Ok(None)),
        };
        if bytes.len() > limit || read > 2 * limit {
            // The rest is not wanted.
            call_method(&deadline.controller, "abort", &[]).unwrap_or_default();
            let message = format!("an answer of more than {limit} bytes, not read to its end");
            return Err(Error::new(Code::ResponseInvalid, message).into());
        }
    }
}

/// An answer of this status. A page sees nothing of a redirect that it does not follow, and gets the status 0.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn response_of(status: f64) -> Option<Response> {
    if status == 0.0 {
        return Some(http::opaque_redirect());
    }
    let mut response = Response::default();
    *response.status_mut() = StatusCode::from_u16(status as u16).ok()?;
    Some(response)
}

fn init(call: &Call, request: &Request, deadline: &Deadline<'_>) -> JsValue {
    let headers = value::object();
    for (name, value) in request.headers() {
        let value = JsValue::from_str(value.to_str().unwrap_or_default());
        // An object of our own making takes what is set.
        Reflect::set(&headers, &name.as_str().into(), &value).unwrap_or_default();
    }
    if !in_page() {
        set(&headers, "user-agent", &call.user_agent.as_deref().unwrap_or(USER_AGENT).into());
    }
    let init = RequestInit::new();
    init.set_method(request.method().as_str());
    init.set_redirect(RequestRedirect::Manual);
    // A getter that somebody may have replaced.
    init.set_signal(Some(get(&deadline.controller, "signal").unchecked_ref()));
    init.set_headers(&headers);
    if !request.body().is_empty() {
        init.set_body(&request.body().as_str().into());
    }
    init.into()
}
