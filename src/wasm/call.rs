//! How a call is made, to the platform's `fetch` or to a function of the caller's: with what, for how long, and what stops it.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Uint8Array};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::error::{Result, Thrown};
use super::promise::{Settled, call_method, settled};
use super::read::{self, Integer, Number};
use super::value::{get, global};
use crate::error::{Code, Error};

const DEFAULT_TIMEOUT: f64 = 10_000.0;
const DEFAULT_RETRIES: u32 = 2;
/// What a 32-bit timer can wait, in ms.
const LONGEST_TIMER: f64 = 2_147_483_647.0;

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

/// `WaitOptions` as JavaScript gives them.
#[derive(Default, Deserialize)]
pub(crate) struct WaitOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    signal: JsValue,
    timeout: Option<Number>,
}

impl From<WaitOptions> for RequestOptions {
    fn from(WaitOptions { signal, timeout }: WaitOptions) -> Self {
        Self { signal, timeout, ..Self::default() }
    }
}

/// How a call is to be made, and why it was stopped.
#[derive(Clone)]
pub(crate) struct Call {
    /// What the options are called in an error.
    pub(super) name: &'static str,
    fetch: Option<Function>,
    signal: Option<JsValue>,
    pub(super) timeout: f64,
    pub(super) retries: u32,
    pub(super) user_agent: Option<String>,
    /// Where the bytes of an answer go, in place of its text.
    pub(super) bytes: Option<Rc<RefCell<Uint8Array>>>,
    /// How long an answer may be, in bytes, where it is to be read no further than that.
    pub(super) limit: Option<u32>,
}

impl Call {
    pub(crate) fn new(name: &'static str) -> Self {
        let (timeout, retries) = (DEFAULT_TIMEOUT, DEFAULT_RETRIES);
        Self { name, fetch: None, signal: None, timeout, retries, user_agent: None, bytes: None, limit: None }
    }

    /// Reads options that say how a request is sent, and what else a function takes.
    pub(crate) fn read<T: DeserializeOwned>(value: &JsValue, name: &'static str) -> Result<(T, Self)> {
        let (own, options) = read::both::<T, RequestOptions>(value, name)?;
        Ok((own, Self::new(name).with(options)?))
    }

    /// The same for a function that only waits, for a key that lives elsewhere.
    pub(crate) fn waiting<T: DeserializeOwned>(value: &JsValue, name: &'static str) -> Result<(T, Self)> {
        let (own, options) = read::both::<T, WaitOptions>(value, name)?;
        Ok((own, Self::new(name).with(options.into())?))
    }

    /// The same for options that may be absent.
    pub(crate) fn waiting_if_given<T: DeserializeOwned + Default>(
        value: &JsValue,
        name: &'static str,
    ) -> Result<(T, Self)> {
        if value.is_undefined() { Ok((T::default(), Self::new(name))) } else { Self::waiting(value, name) }
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
            None => global("fetch").dyn_into().map_err(|_| {
                let fault = "absent, and this runtime has none of its own, expected a function as the Fetch standard has it, \
                             such as that of undici";
                Thrown::argument(&format!("{}.fetch", self.name), fault)
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

    /// Asks a function of somebody else's, and waits for its answer at most for the time of one try, whose end its signal tells.
    pub(crate) async fn ask(&self, give: impl FnOnce(&JsValue) -> Settled) -> Result<Settled> {
        let deadline = Deadline::start(self, self.timeout)?;
        let signal = get(&deadline.controller, "signal");
        deadline.wait_for(settled(|| give(&signal))).await
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
pub(super) struct Deadline<'c> {
    call: &'c Call,
    pub(super) controller: AbortController,
    timer: JsValue,
    /// Rings when the time has ended.
    ring: JsValue,
    /// Resolves with the controller when the time has ended.
    over: Promise,
}

impl<'c> Deadline<'c> {
    pub(super) fn start(call: &'c Call, ms: f64) -> Result<Self> {
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
    pub(super) async fn wait_for(&self, promise: Promise) -> Result<Settled> {
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
