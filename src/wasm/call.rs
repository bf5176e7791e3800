//! How a call is to be made: the caller's `RequestOptions`, and why it was stopped.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use super::platform::member;
use super::values;
use crate::error::{Code, Error};

const DEFAULT_TIMEOUT: f64 = 10_000.0;
const DEFAULT_RETRIES: u32 = 2;
/// What a 32-bit timer can wait, in ms.
const LONGEST_TIMER: f64 = 2_147_483_647.0;

/// The caller's `RequestOptions`.
pub(crate) struct Call {
    pub(super) prefix: String,
    pub(super) fetch: Option<Function>,
    pub(super) signal: Option<JsValue>,
    pub(super) timeout: f64,
    pub(super) retries: u32,
    pub(super) user_agent: Option<String>,
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

impl Call {
    pub(super) fn is_aborted(&self) -> bool {
        self.signal.as_ref().is_some_and(|signal| member(signal, "aborted").is_truthy())
    }

    /// Why a try was stopped: by the signal, or else by the timer.
    pub(super) fn stopped(&self) -> Thrown {
        if self.is_aborted() {
            return self.aborted();
        }
        #[allow(clippy::cast_possible_truncation)]
        let ms = (self.timeout as i64).to_string();
        Error::new(Code::Timeout, &["no whole answer within ", &ms, " ms"]).into()
    }

    pub(super) fn aborted(&self) -> Thrown {
        let reason = self.signal.as_ref().map_or(JsValue::UNDEFINED, |signal| member(signal, "reason"));
        Thrown::caused_by(Error::new(Code::Aborted, &["the signal was aborted"]), reason)
    }
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
