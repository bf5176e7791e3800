//! Sends a request with the platform's `fetch`, or the one it is given: timeout, abort, and the retries that
//! [`http::delay`] decides. Redirects are not followed.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use js_sys::{Function, JsString, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::error::{Result, Thrown};
use super::{clock, random, values};
use crate::error::{Code, Error};
use crate::http::{self, Outcome, Repeat, Request, Response};
use crate::lti::answer;

const DEFAULT_TIMEOUT: f64 = 10_000.0;
const DEFAULT_RETRIES: u32 = 2;
const USER_AGENT: &str = concat!("canvas-lms-tokens/", env!("CARGO_PKG_VERSION"));
/// What a 32-bit timer can wait, in ms.
const LONGEST_TIMER: f64 = 2_147_483_647.0;
/// The response headers that anything here reads.
const HEADERS: [&str; 7] = ["content-type", "date", "endkey", "link", "location", "retry-after", "www-authenticate"];

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64) -> core::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue) -> core::result::Result<(), JsValue>;

    type AbortController;
    #[wasm_bindgen(catch, constructor)]
    fn new() -> core::result::Result<AbortController, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);
}

/// The caller's `RequestOptions`.
pub(crate) struct Call {
    prefix: String,
    fetch: Option<Function>,
    signal: Option<JsValue>,
    timeout: f64,
    retries: u32,
    user_agent: Option<String>,
}

/// How a try failed.
enum Failure {
    /// Before anything was sent.
    Unsent(Thrown),
    /// After something may have been sent.
    Lost(Thrown),
    /// By the caller's will; there is no other try.
    Stopped(Thrown),
}

impl Call {
    /// Reads the options; `prefix` names them for errors.
    pub(crate) fn read(options: &JsValue, prefix: &str) -> Result<Self> {
        let none = Self {
            prefix: prefix.to_owned(),
            fetch: None,
            signal: None,
            timeout: DEFAULT_TIMEOUT,
            retries: DEFAULT_RETRIES,
            user_agent: None,
        };
        none.with(options, prefix)
    }

    /// These options, with those of one call before them.
    pub(crate) fn with(self, options: &JsValue, prefix: &str) -> Result<Self> {
        let at = |name: &str| [prefix, ".", name].concat();
        let timeout = values::optional(options, "timeout", prefix, number)?.unwrap_or(self.timeout);
        if !(timeout > 0.0 && timeout <= LONGEST_TIMER) {
            return Err(Error::argument(&at("timeout"), &["expected more than 0 and at most 2147483647 ms"]).into());
        }
        let retries = values::optional(options, "retries", prefix, values::integer)?;
        Ok(Self {
            prefix: self.prefix,
            fetch: values::optional(options, "fetch", prefix, function)?.or(self.fetch),
            signal: values::optional(options, "signal", prefix, signal)?.or(self.signal),
            timeout,
            retries: retries
                .map_or(Ok(self.retries), u32::try_from)
                .map_err(|_| Error::argument(&at("retries"), &["expected 0 or more"]))?,
            user_agent: values::optional(options, "userAgent", prefix, user_agent)?.or(self.user_agent),
        })
    }
}

/// Sends what `make` makes, again where that is right; `make` is called for each try, whose time includes it.
pub(crate) async fn send(call: &Call, make: impl AsyncFn() -> Result<Request>) -> Result<Response> {
    let mut tries = 0;
    loop {
        let (ended, repeat) = one_try(call, &make).await;
        tries += 1;
        let outcome = match &ended {
            Ok(response) => Outcome::Answer(response),
            Err(Failure::Unsent(_)) => Outcome::Unsent,
            Err(Failure::Lost(_)) => Outcome::Lost,
            Err(Failure::Stopped(_)) => return ended.map_err(Failure::into_thrown),
        };
        let jitter = random::fraction();
        match http::delay(tries, call.retries, outcome, repeat, jitter, clock::now()) {
            None => return ended.map_err(Failure::into_thrown),
            Some(seconds) => wait(call, seconds * 1000.0).await?,
        }
    }
}

impl Failure {
    fn into_thrown(self) -> Thrown {
        match self {
            Self::Unsent(thrown) | Self::Lost(thrown) | Self::Stopped(thrown) => thrown,
        }
    }
}

/// How a try ended, and whether its request may be repeated.
type Try = (core::result::Result<Response, Failure>, Repeat);

async fn one_try(call: &Call, make: &impl AsyncFn() -> Result<Request>) -> Try {
    let stopped = |thrown| (Err(Failure::Stopped(thrown)), Repeat::OnlyIfUnsent);
    let alarm = match Alarm::set(call, call.timeout) {
        Ok(alarm) => alarm,
        Err(thrown) => return stopped(thrown),
    };
    let controller = match AbortController::new() {
        Ok(controller) => controller,
        Err(cause) => return stopped(Thrown::caused_by(Error::new(Code::Fetch, &["no AbortController"]), cause)),
    };
    let mut tried = pin!(async {
        match make().await {
            Ok(request) => (exchange(call, &request, controller.signal()).await, request.repeat),
            Err(thrown) => stopped(thrown),
        }
    });
    let mut rung = pin!(alarm.rung());
    let ended = poll_fn(|context| match tried.as_mut().poll(context) {
        Poll::Ready(tried) => Poll::Ready(Some(tried)),
        Poll::Pending => rung.as_mut().poll(context).map(|()| None),
    })
    .await;
    ended.unwrap_or_else(|| {
        controller.abort();
        stopped(call.stopped())
    })
}

/// Waits before the next try; ends early when the caller aborts.
async fn wait(call: &Call, ms: f64) -> Result<()> {
    let alarm = Alarm::set(call, ms)?;
    alarm.rung().await;
    if call.is_aborted() { Err(call.aborted()) } else { Ok(()) }
}

/// A timer that the caller's signal can end early.
struct Alarm {
    promise: Promise,
    timer: JsValue,
    resolve: JsValue,
    signal: Option<JsValue>,
}

impl Alarm {
    fn set(call: &Call, ms: f64) -> Result<Self> {
        if call.is_aborted() {
            return Err(call.aborted());
        }
        let (mut timer, mut callback) = (Ok(JsValue::UNDEFINED), JsValue::UNDEFINED);
        let promise = Promise::new(&mut |resolve, _| {
            timer = set_timeout(&resolve, ms);
            callback = resolve.into();
        });
        let timer = timer.map_err(|cause| Thrown::caused_by(Error::new(Code::Fetch, &["no setTimeout"]), cause))?;
        let alarm = Self { promise, timer, resolve: callback, signal: call.signal.clone() };
        alarm.listen("addEventListener");
        Ok(alarm)
    }

    /// Calls the signal's method for the `abort` event.
    fn listen(&self, method: &str) {
        let Some(signal) = &self.signal else { return };
        let listener = Reflect::get(signal, &method.into()).ok().and_then(|value| value.dyn_into::<Function>().ok());
        let done = listener.map(|listener| listener.call2(signal, &"abort".into(), &self.resolve));
        debug_assert!(matches!(done, Some(Ok(_))));
    }

    async fn rung(&self) {
        let ended = JsFuture::from(self.promise.clone()).await;
        debug_assert!(ended.is_ok());
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.listen("removeEventListener");
        let cleared = clear_timeout(&self.timer);
        // A promise that is never settled keeps for ever what waits for it.
        let settled = self.resolve.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
        debug_assert!(cleared.is_ok() && settled.is_ok());
    }
}

impl Call {
    fn is_aborted(&self) -> bool {
        self.signal.as_ref().is_some_and(|signal| member(signal, "aborted").is_truthy())
    }

    /// Why a try was stopped: by the signal, or else by the timer.
    fn stopped(&self) -> Thrown {
        if self.is_aborted() {
            return self.aborted();
        }
        #[allow(clippy::cast_possible_truncation)]
        let ms = (self.timeout as i64).to_string();
        Error::new(Code::Timeout, &["no whole answer within ", &ms, " ms"]).into()
    }

    fn aborted(&self) -> Thrown {
        let reason = self.signal.as_ref().map_or(JsValue::UNDEFINED, |signal| member(signal, "reason"));
        Thrown::caused_by(Error::new(Code::Aborted, &["the signal was aborted"]), reason)
    }
}

/// Sends and reads the whole answer.
async fn exchange(call: &Call, request: &Request, signal: JsValue) -> core::result::Result<Response, Failure> {
    let no_answer = |cause: JsValue| {
        let unsent = [&cause, &member(&cause, "cause")]
            .into_iter()
            .any(|error| values::string(&member(error, "code")).is_some_and(|code| http::is_unsent(&code)));
        let page = page_origin();
        let thrown = Thrown::caused_by(answer::none(&request.url, page.as_deref()), cause);
        if unsent { Failure::Unsent(thrown) } else { Failure::Lost(thrown) }
    };
    let at = [&call.prefix, ".fetch"].concat();
    let no_response = || Failure::Stopped(Error::argument(&at, &["gave no Response"]).into());
    let global: JsValue = js_sys::global().into();
    let (fetch, this) = match &call.fetch {
        Some(fetch) => (fetch.clone(), JsValue::UNDEFINED),
        None => (function(&member(&global, "fetch"), &at).map_err(Failure::Stopped)?, global),
    };
    let init = init(call, request, &signal);
    // `fetch` may throw before it gives a promise, and a given one may give anything: both end up as a rejection.
    let called = fetch.call2(&this, &request.url.as_str().into(), &init).map_err(no_answer)?;
    let answer = settled(&called).await.map_err(no_answer)?;
    let status = member(&answer, "status").as_f64().filter(|status| (0.0..1000.0).contains(status));
    let (Some(status), true) = (status, member(&answer, "text").is_function()) else { return Err(no_response()) };
    let text = invoke(&answer, "text", &[]).map_err(no_answer)?;
    let body = settled(&text).await.map_err(no_answer)?.dyn_into::<JsString>().map_err(|_| no_response())?;
    let headers = member(&answer, "headers");
    let header = |name: &&str| {
        let value = invoke(&headers, "get", &[(*name).into()]).ok()?;
        Some(((*name).to_owned(), values::string(&value)?))
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let status = status as u16;
    Ok(Response {
        status,
        headers: HEADERS.iter().filter_map(header).collect(),
        body: body.slice(0, values::LONGEST).into(),
    })
}

/// Waits for a promise, a thenable or a value. `Promise.resolve` would trust a promise's own `constructor` and `then`.
pub(crate) fn settled(value: &JsValue) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        let done = resolve.call1(&JsValue::UNDEFINED, value);
        debug_assert!(done.is_ok());
    }))
}

fn init(call: &Call, request: &Request, signal: &JsValue) -> Object {
    let headers = Object::new();
    for (name, value) in &request.headers {
        values::set(&headers, name, &value.as_str().into());
    }
    if !in_page() {
        values::set(&headers, "user-agent", &call.user_agent.as_deref().unwrap_or(USER_AGENT).into());
    }
    let init = Object::new();
    values::set(&init, "method", &request.method.as_str().into());
    values::set(&init, "headers", &headers);
    values::set(&init, "redirect", &"manual".into());
    values::set(&init, "signal", signal);
    if let Some(body) = &request.body {
        values::set(&init, "body", &body.as_str().into());
    }
    init
}

/// A browser, where `User-Agent` is not ours to set; every other runtime names itself in `navigator.userAgent`.
pub(crate) fn in_page() -> bool {
    let agent = member(&member(&js_sys::global(), "navigator"), "userAgent");
    agent.as_string().is_some_and(|agent| agent.starts_with("Mozilla/"))
}

/// The origin of the page or worker this runs in.
pub(crate) fn page_origin() -> Option<String> {
    let origin = member(&member(&js_sys::global(), "location"), "origin");
    in_page().then(|| origin.as_string()).flatten()
}

/// A member, or undefined where there is none or its getter throws.
pub(crate) fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn invoke(value: &JsValue, method: &str, arguments: &[JsValue]) -> core::result::Result<JsValue, JsValue> {
    let function: Function = Reflect::get(value, &method.into())?.dyn_into()?;
    Reflect::apply(&function, value, &arguments.iter().collect())
}

pub(crate) fn function(value: &JsValue, at: &str) -> Result<Function> {
    value.clone().dyn_into().map_err(|_| values::wrong(at, value, "a function"))
}

fn number(value: &JsValue, at: &str) -> Result<f64> {
    value.as_f64().ok_or_else(|| values::wrong(at, value, "a number"))
}

/// What a header can carry (RFC 9110 §5.5), and Canvas does not refuse.
fn user_agent(value: &JsValue, at: &str) -> Result<String> {
    let text = values::text(value, at)?;
    let is_good = !text.trim().is_empty() && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if is_good { Ok(text) } else { Err(Error::argument(at, &["expected visible ASCII characters"]).into()) }
}

/// An `AbortSignal` of any realm.
fn signal(value: &JsValue, at: &str) -> Result<JsValue> {
    let is_signal = member(value, "aborted").as_bool().is_some() && member(value, "addEventListener").is_function();
    if is_signal { Ok(value.clone()) } else { Err(values::wrong(at, value, "an AbortSignal")) }
}
