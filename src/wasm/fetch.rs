//! Sends a request with the platform's `fetch`, or the one it is given: timeout, abort, and the retries that
//! [`http::delay`] decides. Redirects are not followed.

use core::cell::RefCell;
use std::rc::Rc;

use ::http::{HeaderValue, StatusCode};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, RequestRedirect};

use super::error::{Result, Thrown};
use super::promise::{Settled, call_method, settled};
use super::read::{Integer, Number};
use super::runtime::{self, in_page, page_origin};
use super::value::{self, get, global, set, short_string};
use crate::error::{Code, Error};
use crate::http::{self, Body, Outcome, Request, Response, Said};

const USER_AGENT: &str = concat!("canvas-lms-tokens/", env!("CARGO_PKG_VERSION"));
const DEFAULT_TIMEOUT: f64 = 10_000.0;
const DEFAULT_RETRIES: u32 = 2;
/// What a part of an answer counts for at least, in bytes.
const SMALLEST_PART: usize = 64;
/// What a 32-bit timer can wait, in ms.
const LONGEST_TIMER: f64 = 2_147_483_647.0;
/// The response headers that anything reads.
const HEADERS: [&str; 9] =
    ["age", "cache-control", "content-type", "date", "endkey", "link", "location", "retry-after", "www-authenticate"];

/// `RequestOptions` as JavaScript gives them.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    fetch: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    signal: JsValue,
    timeout: Option<Number>,
    retries: Option<Integer>,
    user_agent: Option<String>,
}

/// How a call is to be made, and why it was stopped.
#[derive(Clone)]
pub(crate) struct Call {
    /// What the options are called in an error.
    name: &'static str,
    fetch: Option<Function>,
    signal: Option<JsValue>,
    timeout: f64,
    retries: u32,
    user_agent: Option<String>,
    /// Where the bytes of an answer go, in place of its text.
    bytes: Option<Rc<RefCell<Uint8Array>>>,
    /// How long an answer may be, in bytes, where it is to be read no further than that.
    limit: Option<u32>,
}

impl Call {
    pub(crate) fn new(name: &'static str) -> Self {
        let (timeout, retries) = (DEFAULT_TIMEOUT, DEFAULT_RETRIES);
        Self { name, fetch: None, signal: None, timeout, retries, user_agent: None, bytes: None, limit: None }
    }

    /// The same for an answer of so many bytes at most; a longer one is `ERR_RESPONSE_INVALID`.
    pub(crate) fn limited(mut self, bytes: u32) -> Self {
        self.limit = Some(bytes);
        self
    }

    /// The same for work that others wait for too: nobody's signal stops it.
    pub(crate) fn without_signal(mut self) -> Self {
        self.signal = None;
        self
    }

    /// The same with so many milliseconds for one try.
    pub(crate) fn within(mut self, timeout: f64) -> Self {
        self.timeout = timeout;
        self
    }

    /// The function that sends: the caller's, or the platform's.
    pub(crate) fn function(&self) -> Result<Function> {
        match &self.fetch {
            Some(fetch) => Ok(fetch.clone()),
            None => global("fetch").dyn_into().map_err(|found| {
                let at = format!("{}.fetch", self.name);
                Thrown::wrong_type(&at, &found, "a function")
            }),
        }
    }

    /// Waits for so many milliseconds, at most until the signal is aborted.
    pub(crate) async fn pass(&self, ms: f64) -> Result<()> {
        Deadline::start(self, ms)?.pass().await
    }

    /// Waits for a promise of somebody else's, at most for the time of one try.
    pub(crate) async fn wait_for(&self, promise: Promise) -> Result<Settled> {
        Deadline::start(self, self.timeout)?.wait_for(promise).await
    }

    /// Waits for work that has its own time, at most until the signal is aborted.
    pub(crate) async fn wait_with(&self, promise: Promise) -> Result<Settled> {
        match self.signal {
            Some(_) => Deadline::start(self, LONGEST_TIMER)?.wait_for(promise).await,
            None => Ok(JsFuture::from(promise).await),
        }
    }

    /// Takes over what these options say.
    pub(crate) fn with(mut self, options: RequestOptions) -> Result<Self> {
        let at = |member: &str| format!("{}.{member}", self.name);
        if !options.fetch.is_undefined() {
            if !options.fetch.is_function() {
                return Err(Thrown::wrong_type(&at("fetch"), &options.fetch, "a function"));
            }
            self.fetch = Some(options.fetch.unchecked_into());
        }
        if !options.signal.is_undefined() {
            if !is_signal(&options.signal) {
                return Err(Thrown::wrong_type(&at("signal"), &options.signal, "an AbortSignal"));
            }
            self.signal = Some(options.signal);
        }
        if let Some(Number(timeout)) = options.timeout {
            if !(timeout > 0.0 && timeout <= LONGEST_TIMER) {
                return Err(Thrown::argument(&at("timeout"), "expected more than 0 and at most 2147483647 ms"));
            }
            self.timeout = timeout;
        }
        if let Some(Integer(retries)) = options.retries {
            let wrong = |_| Thrown::argument(&at("retries"), "expected 0 or more");
            self.retries = retries.try_into().map_err(wrong)?;
        }
        if let Some(agent) = options.user_agent {
            // What a header can carry (RFC 9110 §5.5), and Canvas does not refuse.
            if agent.trim().is_empty() || !agent.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
                return Err(Thrown::argument(&at("userAgent"), "expected visible ASCII characters"));
            }
            self.user_agent = Some(agent);
        }
        Ok(self)
    }

    fn is_aborted(&self) -> bool {
        self.signal.as_ref().is_some_and(|signal| get(signal, "aborted").is_truthy())
    }

    /// Why a try was stopped: by the signal, or else by the timer.
    fn stopped(&self) -> Thrown {
        if self.is_aborted() {
            return self.aborted();
        }
        Error::new(Code::Timeout, format!("no whole answer within {} ms", self.timeout.trunc())).into()
    }

    fn aborted(&self) -> Thrown {
        let reason = self.signal.as_ref().map_or(JsValue::UNDEFINED, |signal| get(signal, "reason"));
        Thrown::caused_by(Error::new(Code::Aborted, "the signal was aborted"), reason)
    }
}

/// An `AbortSignal` of any realm.
fn is_signal(value: &JsValue) -> bool {
    get(value, "aborted").as_bool().is_some() && get(value, "addEventListener").is_function()
}

/// A time that ends by itself, or with the signal.
struct Deadline<'c> {
    call: &'c Call,
    controller: AbortController,
    timer: JsValue,
    /// Rings when the time has ended.
    ring: JsValue,
    /// Resolves with the controller when the time has ended.
    over: Promise,
}

impl<'c> Deadline<'c> {
    fn start(call: &'c Call, ms: f64) -> Result<Self> {
        if call.is_aborted() {
            return Err(call.aborted());
        }
        let lacking = |cause| Thrown::caused_by(Error::new(Code::Fetch, "no setTimeout, or no AbortController"), cause);
        let controller = AbortController::new().map_err(lacking)?;
        let mut ring = JsValue::UNDEFINED;
        let over = Promise::new(&mut |resolve, _| ring = resolve.bind1(&JsValue::UNDEFINED, &controller).into());
        let timer = call_method(&js_sys::global(), "setTimeout", &[&ring, &ms.into()]).map_err(lacking)?;
        let deadline = Self { call, controller, timer, ring, over };
        deadline.listen("addEventListener");
        Ok(deadline)
    }

    /// Where a signal of the caller's own throws, the timer alone ends the time.
    fn listen(&self, method: &'static str) {
        if let Some(signal) = &self.call.signal {
            call_method(signal, method, &[&"abort".into(), &self.ring]).unwrap_or_default();
        }
    }

    /// Waits for a promise, at most until the time has ended.
    async fn wait_for(&self, promise: Promise) -> Result<Settled> {
        let first = JsFuture::from(Promise::race(&Array::of2(&promise, &self.over))).await;
        if first.as_ref() != Ok(self.controller.as_ref()) {
            return Ok(first);
        }
        call_method(&self.controller, "abort", &[]).unwrap_or_default();
        Err(self.call.stopped())
    }

    /// Waits until the time has ended.
    async fn pass(&self) -> Result<()> {
        // It does not reject.
        JsFuture::from(self.over.clone()).await.unwrap_or_default();
        if self.call.is_aborted() { Err(self.call.aborted()) } else { Ok(()) }
    }
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        call_method(&js_sys::global(), "clearTimeout", &[&self.timer]).unwrap_or_default();
        self.listen("removeEventListener");
    }
}

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
        Deadline::start(call, seconds * 1000.0)?.pass().await?;
    }
}

/// The most bytes that are read of an answer that is a file.
const MOST_BYTES: u32 = 1 << 28;
/// The most parts without bytes that are read of it.
const MOST_EMPTY: u32 = 1000;

/// Sends a request for bytes, as [`send`] does. Those of an answer that says success come beside it, its text is then empty.
pub(crate) async fn send_for_bytes(call: &Call, request: &Request) -> Result<(Response, Uint8Array)> {
    let bytes = Rc::new(RefCell::new(Uint8Array::new_with_length(0)));
    let call = Call { bytes: Some(bytes.clone()), ..call.clone() };
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
