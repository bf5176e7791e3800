//! Sends a request with the platform's `fetch`, or the one it is given: timeout, abort, and the retries that
//! [`http::delay`] decides. Redirects are not followed.

use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::Poll;

use js_sys::{JsString, Object};
use wasm_bindgen::prelude::*;

use super::alarm::Alarm;
use super::at::At;
use super::call::Call;
use super::error::{Result, Thrown};
use super::names::{get, set};
use super::platform::{global, in_page, invoke, page_origin, settled};
use super::{clock, random, values};
use crate::error::{Code, Error};
use crate::http::{self, Outcome, Repeat, Request, Response};
use crate::lti::answer;

const USER_AGENT: &str = concat!("canvas-lms-tokens/", env!("CARGO_PKG_VERSION"));
/// The response headers that anything here reads.
const HEADERS: [&str; 7] = ["content-type", "date", "endkey", "link", "location", "retry-after", "www-authenticate"];

#[wasm_bindgen]
extern "C" {
    type AbortController;
    #[wasm_bindgen(catch, constructor)]
    fn new() -> core::result::Result<AbortController, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);
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

/// A request in the making.
pub(crate) type Making<'a> = Pin<Box<dyn Future<Output = Result<Request>> + 'a>>;

/// Sends what `make` makes, again where that is right; `make` is called for each try, whose time includes it.
pub(crate) async fn send<'a>(call: &Call, make: &(dyn Fn() -> Making<'a> + 'a)) -> Result<Response> {
    let mut tries = 0;
    loop {
        let (ended, repeat) = one_try(call, make).await;
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

async fn one_try<'a>(call: &Call, make: &(dyn Fn() -> Making<'a> + 'a)) -> Try {
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

/// Sends and reads the whole answer.
async fn exchange(call: &Call, request: &Request, signal: JsValue) -> core::result::Result<Response, Failure> {
    let no_answer = |cause: JsValue| {
        let unsent = [&cause, &get(&cause, "cause")]
            .into_iter()
            .any(|error| values::string(&get(error, "code")).is_some_and(|code| http::is_unsent(&code)));
        let page = page_origin();
        let thrown = Thrown::caused_by(answer::none(&request.url, page.as_deref()), cause);
        if unsent { Failure::Unsent(thrown) } else { Failure::Lost(thrown) }
    };
    let options = At::argument(call.name);
    let at = options.member("fetch");
    let no_response = || Failure::Stopped(values::fault(&at, &["gave no Response"]));
    let (fetch, this) = match &call.fetch {
        Some(fetch) => (fetch.clone(), JsValue::UNDEFINED),
        None => (values::function(&global("fetch"), &at).map_err(Failure::Stopped)?, js_sys::global().into()),
    };
    let init = init(call, request, &signal);
    // `fetch` may throw before it gives a promise, and a given one may give anything: both end up as a rejection.
    let called = fetch.call2(&this, &request.url.as_str().into(), &init).map_err(no_answer)?;
    let answer = settled(&called).await.map_err(no_answer)?;
    let status = get(&answer, "status").as_f64().filter(|status| (0.0..1000.0).contains(status));
    let (Some(status), true) = (status, get(&answer, "text").is_function()) else { return Err(no_response()) };
    let text = invoke(&answer, "text", &[]).map_err(no_answer)?;
    let body = settled(&text).await.map_err(no_answer)?.dyn_into::<JsString>().map_err(|_| no_response())?;
    let headers = get(&answer, "headers");
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

fn init(call: &Call, request: &Request, signal: &JsValue) -> Object {
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &value.as_str().into());
    }
    if !in_page() {
        set(&headers, "user-agent", &call.user_agent.as_deref().unwrap_or(USER_AGENT).into());
    }
    let init = Object::new();
    set(&init, "method", &request.method.as_str().into());
    set(&init, "headers", &headers);
    set(&init, "redirect", &"manual".into());
    set(&init, "signal", signal);
    if let Some(body) = &request.body {
        set(&init, "body", &body.as_str().into());
    }
    init
}
