//! The only place where a JavaScript exception is made: a true `Error`, its name `TokenError`.

use wasm_bindgen::prelude::*;

pub(crate) use super::task::promise;

use super::names::get;
use super::out::{self, Out};
use super::values;
use crate::error::Error;

/// An error on its way to JavaScript.
pub(crate) struct Thrown(Box<Parts>);

/// What is thrown.
pub(crate) struct Parts {
    pub(crate) error: Error,
    /// The platform's own exception.
    pub(crate) cause: JsValue,
    /// Why Canvas probably refused an assertion.
    pub(crate) report: JsValue,
}

pub(crate) type Result<T> = core::result::Result<T, Thrown>;

impl Thrown {
    #[cold]
    #[inline(never)]
    pub(crate) fn caused_by(error: Error, cause: JsValue) -> Self {
        Self(Box::new(Parts { error, cause, report: JsValue::UNDEFINED }))
    }

    pub(crate) fn into_parts(self) -> Parts {
        *self.0
    }
}

impl core::ops::Deref for Thrown {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl core::ops::DerefMut for Thrown {
    fn deref_mut(&mut self) -> &mut Parts {
        &mut self.0
    }
}

impl From<Error> for Thrown {
    #[cold]
    fn from(error: Error) -> Self {
        Self::caused_by(error, JsValue::UNDEFINED)
    }
}

impl From<Thrown> for JsValue {
    #[cold]
    #[inline(never)]
    fn from(thrown: Thrown) -> Self {
        let Parts { error, cause, report } = thrown.into_parts();
        let body = error.body.as_deref().map_or(JsValue::UNDEFINED, out::json);
        let mut out = Out::new();
        for (name, text) in [
            ("message", Some(error.message.as_str())),
            ("code", Some(error.code.as_str())),
            ("at", error.at.as_deref()),
            ("claim", error.claim),
            ("spec", error.spec),
            ("oauthError", error.oauth_error.as_deref()),
        ] {
            out.text_where(name, text);
        }
        fail(&out.into_text(), error.status, error.retry_after, &body, &cause, &report)
    }
}

#[wasm_bindgen(module = "/src/wasm/platform.js")]
extern "C" {
    #[wasm_bindgen(js_namespace = platform)]
    fn fail(
        texts: &str,
        status: Option<u16>,
        retry_after: Option<f64>,
        body: &JsValue,
        cause: &JsValue,
        report: &JsValue,
    ) -> JsValue;
}

/// Whether a caught value was thrown by this package; also across instances and realms.
#[wasm_bindgen(js_name = isTokenError)]
#[must_use]
pub fn is_token_error(error: &JsValue) -> bool {
    let code = get(error, "code");
    error.is_object()
        && values::is(&get(error, "name"), "TokenError")
        && crate::Code::ALL.iter().any(|known| values::is(&code, known.as_str()))
}
