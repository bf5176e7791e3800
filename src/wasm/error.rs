//! The only place where a JavaScript exception is made: a true `Error`, its name `TokenError`.

use wasm_bindgen::prelude::*;

use super::value::{get, is_text, set};
use super::{shown, to_js, value};
use crate::error::{Code, Error};

/// An error on its way to JavaScript.
pub(crate) struct Thrown(Box<Parts>);

/// What is thrown.
pub(crate) struct Parts {
    pub(crate) error: Error,
    /// The platform's own exception.
    pub(crate) cause: JsValue,
    /// Why Canvas probably refused an assertion, or what is wrong with a token that was refused here.
    pub(crate) report: JsValue,
    /// What a page asks the platform's storage for, where a launch lacks the cookie.
    pub(crate) storage: JsValue,
    /// What was thrown before, and is thrown again as it is.
    again: Option<JsValue>,
}

pub(crate) type Result<T> = core::result::Result<T, Thrown>;

impl Thrown {
    pub(crate) fn caused_by(error: Error, cause: JsValue) -> Self {
        let (report, storage) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
        Self(Box::new(Parts { error, cause, report, storage, again: None }))
    }

    /// The error with what the inspector says of the token.
    pub(crate) fn reported(mut self, report: JsValue) -> Self {
        self.report = report;
        self
    }

    /// An argument refused; the message begins with its place.
    pub(crate) fn argument(at: &str, message: impl core::fmt::Display) -> Self {
        Error::argument(at, message).into()
    }

    /// An argument of a type that it cannot have.
    pub(crate) fn wrong_type(at: &str, found: &JsValue, expected: &str) -> Self {
        Self::argument(at, format_args!("{}, expected {expected}", value::kind(found)))
    }

    /// Throws again, as it is, what was thrown before: by this package, whose code it keeps, or by a caller's function.
    pub(crate) fn again(thrown: JsValue) -> Self {
        let is_ours = |known: &&Code| is_token_error(&thrown) && is_text(&get(&thrown, "code"), known.as_str());
        let code = Code::ALL.iter().find(is_ours).copied().unwrap_or(Code::Argument);
        let mut again = Self::from(Error::new(code, "a function of the options failed"));
        again.again = Some(thrown);
        again
    }

    /// The error of a part as that of the whole: says first what the part is.
    pub(crate) fn within(mut self, part: &str, at: &str) -> Self {
        self.0.error = self.0.error.within(part, at);
        self
    }

    pub(crate) fn into_error(self) -> Error {
        self.0.error
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
    fn from(error: Error) -> Self {
        Self::caused_by(error, JsValue::UNDEFINED)
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        let Parts { error, cause, report, storage, again } = *thrown.0;
        if let Some(again) = again {
            return again;
        }
        let has_report = !report.is_undefined();
        let out = js_sys::Error::new(&error.message);
        // Not enumerable, as the name of every built-in error is not.
        value::set_hidden(&out, &Self::from_str("name"), &Self::from_str("TokenError"));
        let text = |text: Option<&str>| text.map_or(Self::UNDEFINED, Self::from_str);
        let body = error.body.as_deref().map_or(Self::UNDEFINED, to_js::parse_exact);
        for (name, value) in [
            ("code", Self::from_str(error.code.as_str())),
            ("at", text(error.at.as_deref())),
            ("claim", text(error.claim)),
            ("spec", text(error.spec)),
            ("oauthError", text(error.oauth_error.as_deref())),
            ("status", error.status.map_or(Self::UNDEFINED, Self::from)),
            ("retryAfter", error.retry_after.map_or(Self::UNDEFINED, Self::from)),
            ("body", body),
            ("cause", cause),
            ("report", report),
            ("storage", storage),
        ] {
            if !value.is_undefined() {
                set(&out, name, &value);
            }
        }
        if has_report {
            shown::with_report(&out);
        }
        out.into()
    }
}

/// Whether a caught value was thrown by this package; also across instances and realms.
#[wasm_bindgen(js_name = isTokenError)]
#[must_use]
pub fn is_token_error(error: &JsValue) -> bool {
    let code = get(error, "code");
    error.is_object()
        && is_text(&get(error, "name"), "TokenError")
        && Code::ALL.iter().any(|known| is_text(&code, known.as_str()))
}
