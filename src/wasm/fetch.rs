//! Sends a request with the platform's `fetch`, or the one it is given: timeout, abort, and the retries that
//! [`http::delay`] decides. Redirects are not followed.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::call::Call;
use super::error::{Result, Thrown};
use super::js::Array;
use super::names::get;
use super::platform::{global, in_page, page_origin};
use super::task::{Given, asked};
use super::{clock, random, values};
use crate::error::{Code, Error};
use crate::http::{self, Outcome, Request, Response};
use crate::lti::answer;

const USER_AGENT: &str = concat!("canvas-lms-tokens/", env!("CARGO_PKG_VERSION"));

#[wasm_bindgen(module = "/src/wasm/platform.js")]
extern "C" {
    /// A time that ends by itself, or with the signal. What is asked within it gives the time itself when that ends first.
    type Time;
    #[wasm_bindgen(catch, js_namespace = platform)]
    fn begin(ms: f64, signal: Option<&JsValue>) -> core::result::Result<Time, JsValue>;
    #[wasm_bindgen(method)]
    fn wait(this: &Time);
    #[wasm_bindgen(method)]
    fn call(this: &Time, function: &JsValue);
    #[wasm_bindgen(method)]
    fn fetch(this: &Time, given: Option<&JsValue>, url: &str, method: &str, headers: &[JsValue], body: Option<&str>);
    #[wasm_bindgen(method)]
    fn end(this: &Time);
}

/// A time that is ended when it is no longer needed.
struct Alarm(Time);

impl Alarm {
    fn set(call: &Call, ms: f64) -> Result<Self> {
        if call.is_aborted() {
            return Err(call.aborted());
        }
        let time = begin(ms, call.signal.as_ref());
        let lacks =
            |cause| Thrown::caused_by(Error::new(Code::Fetch, &["no setTimeout, or no AbortController"]), cause);
        Ok(Self(time.map_err(lacks)?))
    }

    /// What was given in time.
    fn in_time(&self, call: &Call, given: Given) -> Result<Given> {
        if given.as_ref() == Ok(&self.0) { Err(call.stopped()) } else { Ok(given) }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// No answer.
struct Failure {
    thrown: Thrown,
    /// Nothing was sent.
    is_unsent: bool,
}

/// What makes the request of a try, of what the function gave.
pub(crate) type Make<'a> = &'a dyn Fn(Given) -> Result<Request>;

/// Sends a request, again where that is right. It is made anew for each try, whose time includes it: first by `function`,
/// where there is one, then by `make`.
pub(crate) async fn send(call: &Call, function: Option<&JsValue>, make: Make<'_>) -> Result<Response> {
    let mut tries = 0;
    loop {
        let alarm = Alarm::set(call, call.timeout)?;
        let mut got = Ok(JsValue::UNDEFINED);
        if let Some(function) = function {
            alarm.0.call(function);
            got = alarm.in_time(call, asked().await)?;
        }
        let request = make(got)?;
        ask(call, &request, &alarm.0)?;
        let answered = alarm.in_time(call, asked().await)?;
        drop(alarm);
        let ended = read(call, &request, answered)?;
        tries += 1;
        let outcome = match &ended {
            Ok(response) => Outcome::Answer(response),
            Err(failure) if failure.is_unsent => Outcome::Unsent,
            Err(_) => Outcome::Lost,
        };
        let jitter = random::fraction();
        let Some(seconds) = http::delay(tries, call.retries, outcome, request.repeat, jitter, clock::now()) else {
            return ended.map_err(|failure| failure.thrown);
        };
        let alarm = Alarm::set(call, seconds * 1000.0)?;
        alarm.0.wait();
        let _ = asked().await;
        if call.is_aborted() {
            return Err(call.aborted());
        }
    }
}

fn ask(call: &Call, request: &Request, time: &Time) -> Result<()> {
    if call.fetch.is_none() {
        values::function(&global("fetch"), &At::argument(call.name).member("fetch"))?;
    }
    let agent = ("user-agent", call.user_agent.as_deref().unwrap_or(USER_AGENT));
    let agent = Some(agent).filter(|_| !in_page());
    let headers = request.headers.iter().map(|(name, value)| (*name, value.as_str())).chain(agent);
    let headers: Vec<_> = headers.flat_map(|(name, value)| [name, value]).map(JsValue::from_str).collect();
    time.fetch(call.fetch.as_ref(), &request.url, request.method.as_str(), &headers, request.body.as_deref());
    Ok(())
}

/// The answer, or how there was none.
fn read(call: &Call, request: &Request, answered: Given) -> Result<core::result::Result<Response, Failure>> {
    let facts = match answered {
        Ok(facts) => facts,
        Err(cause) => {
            let is_unsent = [&cause, &get(&cause, "cause")]
                .into_iter()
                .any(|error| values::string(&get(error, "code")).is_some_and(|code| http::is_unsent(&code)));
            let thrown = Thrown::caused_by(answer::none(&request.url, page_origin().as_deref()), cause);
            return Ok(Err(Failure { thrown, is_unsent }));
        }
    };
    let facts = facts.unchecked_into::<Array>();
    let mut facts = facts.iter();
    let mut next = || facts.next().unwrap_or_default();
    let status = next().as_f64().filter(|status| (0.0..1000.0).contains(status));
    let (Some(status), Some(body)) = (status, values::long_text(next())) else {
        return Err(values::fault(&At::argument(call.name).member("fetch"), &["gave no Response"]));
    };
    let mut headers = Vec::new();
    while let Some(name) = next().as_string() {
        headers.extend(values::string(&next()).map(|value| (name, value)));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let status = status as u16;
    Ok(Ok(Response { status, headers, body }))
}
