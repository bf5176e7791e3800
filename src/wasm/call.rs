//! How a call is to be made: the caller's `RequestOptions`, and why it was stopped.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::error::{Result, Thrown};
use super::names::get;
use super::options::Options;
use super::values;
use crate::error::text::decimal;
use crate::error::{Code, Error};

const DEFAULT_TIMEOUT: f64 = 10_000.0;
const DEFAULT_RETRIES: u32 = 2;
/// What a 32-bit timer can wait, in ms.
const LONGEST_TIMER: f64 = 2_147_483_647.0;

/// The caller's `RequestOptions`.
pub(crate) struct Call {
    /// What they are called in an error.
    pub(super) name: &'static str,
    pub(super) fetch: Option<JsValue>,
    pub(super) signal: Option<JsValue>,
    pub(super) timeout: f64,
    pub(super) retries: u32,
    pub(super) user_agent: Option<String>,
}

impl Call {
    pub(crate) fn new(name: &'static str) -> Self {
        let (timeout, retries) = (DEFAULT_TIMEOUT, DEFAULT_RETRIES);
        Self { name, fetch: None, signal: None, timeout, retries, user_agent: None }
    }

    /// Takes over what these options say.
    pub(crate) fn read(&mut self, options: &mut Options<'_>) {
        if let Some(timeout) = options.read("timeout", number) {
            self.timeout = timeout;
        }
        if !(self.timeout > 0.0 && self.timeout <= LONGEST_TIMER) {
            options.refuse("timeout", "expected more than 0 and at most 2147483647 ms");
        }
        if let Some(retries) = options.integer("retries") {
            match retries.try_into() {
                Ok(retries) => self.retries = retries,
                Err(_) => options.refuse("retries", "expected 0 or more"),
            }
        }
        self.fetch = options.function("fetch").or_else(|| self.fetch.take());
        self.signal = options.read("signal", signal).or_else(|| self.signal.take());
        self.user_agent = options.read("userAgent", user_agent).or_else(|| self.user_agent.take());
    }

    pub(super) fn is_aborted(&self) -> bool {
        self.signal.as_ref().is_some_and(|signal| get(signal, "aborted").is_truthy())
    }

    /// Why a try was stopped: by the signal, or else by the timer.
    pub(super) fn stopped(&self) -> Thrown {
        if self.is_aborted() {
            return self.aborted();
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let ms = decimal(self.timeout as usize);
        Error::new(Code::Timeout, &["no whole answer within ", &ms, " ms"]).into()
    }

    pub(super) fn aborted(&self) -> Thrown {
        let reason = self.signal.as_ref().map_or(JsValue::UNDEFINED, |signal| get(signal, "reason"));
        Thrown::caused_by(Error::new(Code::Aborted, &["the signal was aborted"]), reason)
    }
}

fn number(value: &JsValue, at: &At<'_>) -> Result<f64> {
    value.as_f64().ok_or_else(|| values::wrong(at, value, "a number"))
}

/// What a header can carry (RFC 9110 §5.5), and Canvas does not refuse.
fn user_agent(value: &JsValue, at: &At<'_>) -> Result<String> {
    let text = values::text(value, at)?;
    let is_good = !text.trim().is_empty() && text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if is_good { Ok(text) } else { Err(values::fault(at, &["expected visible ASCII characters"])) }
}

/// An `AbortSignal` of any realm.
fn signal(value: &JsValue, at: &At<'_>) -> Result<JsValue> {
    let is_signal = get(value, "aborted").as_bool().is_some() && get(value, "addEventListener").is_function();
    if is_signal { Ok(value.clone()) } else { Err(values::wrong(at, value, "an AbortSignal")) }
}
