//! The only place where a JavaScript exception is made: a true `Error`, its name `TokenError`.

use core::pin::Pin;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::values;
use crate::error::Error;

/// An error on its way to JavaScript, with the platform's own exception as its cause.
pub(crate) struct Thrown {
    pub(crate) error: Error,
    pub(crate) cause: JsValue,
    /// Why Canvas probably refused an assertion.
    pub(crate) report: JsValue,
}

pub(crate) type Result<T> = core::result::Result<T, Thrown>;

impl Thrown {
    pub(crate) fn caused_by(error: Error, cause: JsValue) -> Self {
        Self { error, cause, report: JsValue::UNDEFINED }
    }
}

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self::caused_by(error, JsValue::UNDEFINED)
    }
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        Thrown::from(error).into()
    }
}

impl From<Thrown> for JsValue {
    fn from(Thrown { error, cause, report }: Thrown) -> Self {
        let thrown = js_sys::Error::new(&error.message);
        // Not enumerable, as the name of every built-in error is.
        let name = Object::new();
        values::set(&name, "value", &"TokenError".into());
        values::set(&name, "configurable", &JsValue::TRUE);
        values::set(&name, "writable", &JsValue::TRUE);
        Object::define_property(&thrown, &"name".into(), &name);
        values::set(&thrown, "code", &error.code.as_str().into());
        let facts = [
            ("at", error.at.as_deref().map(JsValue::from)),
            ("claim", error.claim.map(JsValue::from)),
            ("spec", error.spec.map(JsValue::from)),
            ("status", error.status.map(JsValue::from)),
            ("oauthError", error.oauth_error.as_deref().map(JsValue::from)),
            ("retryAfter", error.retry_after.map(JsValue::from)),
            ("body", error.body.as_deref().map(values::json_text)),
            ("cause", (!cause.is_undefined()).then_some(cause)),
            ("report", (!report.is_undefined()).then_some(report)),
        ];
        for (name, value) in facts {
            if let Some(value) = value {
                values::set(&thrown, name, &value);
            }
        }
        thrown.into()
    }
}

/// A promise of what a future gives. Boxed: the machinery around a future is then there once, not for every one.
pub(crate) fn promise(future: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    let future: Pin<Box<dyn Future<Output = Result<JsValue>>>> = Box::pin(future);
    future_to_promise(async { future.await.map_err(JsValue::from) })
}

/// Whether a caught value was thrown by this package; also across instances and realms.
#[wasm_bindgen(js_name = isTokenError)]
#[must_use]
pub fn is_token_error(error: &JsValue) -> bool {
    let member = |name: &str| Reflect::get(error, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let code = member("code");
    error.is_object()
        && values::is(&member("name"), "TokenError")
        && crate::Code::ALL.iter().any(|known| values::is(&code, known.as_str()))
}
