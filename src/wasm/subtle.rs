//! Calls of `crypto.subtle`, which may be missing, throw, reject, or have been replaced: an `ERR_WEBCRYPTO` then.

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{Result, Thrown};
use super::js::{self, Array, Uint8Array, array};
use super::names::get;
use super::platform::global;
use super::task::asked;
use super::values;
use crate::error::{Code, Error};

/// What is asked of WebCrypto, step by step.
pub(crate) struct Steps(Array);

impl Steps {
    pub(crate) fn new() -> Self {
        Self(Array::new())
    }

    /// A call of a method, and what stands for its answer in the steps after it.
    pub(crate) fn call(&self, method: &'static str, parameters: &[JsValue]) -> Array {
        let step = array(&[method.into()]);
        for parameter in parameters {
            step.push(parameter);
        }
        array(&[(self.0.push(&step) - 1).into()])
    }

    pub(crate) async fn ask(self) -> Answers {
        subtle(&self.0);
        Answers(asked().await.unwrap_or_default().unchecked_into())
    }
}

/// What WebCrypto answered to the steps, as far as it came.
pub(crate) struct Answers(Array);

impl Answers {
    /// How many steps were not done.
    pub(crate) fn left(&self) -> f64 {
        self.0.get(0).as_f64().unwrap_or_default()
    }

    /// What a step gave, where it was done.
    pub(crate) fn given(&self, step: u32) -> JsValue {
        self.0.get(3 + step)
    }

    /// The last answer, or nothing where the last step failed with an exception of these names.
    pub(crate) fn last(&self, unless: &[&str]) -> Result<Option<JsValue>> {
        let (left, last) = (self.left(), self.0.get(1));
        if left < 1.0 {
            Ok(Some(last))
        } else if left < 2.0 && is_named(&last, unless) {
            Ok(None)
        } else {
            Err(refused(&self.method(), last))
        }
    }

    /// The method of the step that failed, or else of the last.
    fn method(&self) -> String {
        self.0.get(2).as_string().unwrap_or_default()
    }

    /// The bytes of the last answer.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>> {
        Ok(self.view(&self.last(&[])?.unwrap_or_default())?.to_vec())
    }

    /// The last answer as secret bytes, or nothing where the last step failed for what it was given.
    pub(crate) fn secret(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(answer) = self.last(&["OperationError", "DataError"])? else { return Ok(None) };
        let view = self.view(&answer)?;
        let secret = Zeroizing::new(view.to_vec());
        view.fill(0);
        Ok(Some(secret))
    }

    /// The bytes of an answer: an `ArrayBuffer` of any realm, as a test's may not be the platform's own.
    fn view(&self, answer: &JsValue) -> Result<Uint8Array> {
        let is_buffer = js::is_tagged(answer, "[object ArrayBuffer]");
        let view = if is_buffer { Uint8Array::new(answer).ok() } else { None };
        view.ok_or_else(|| odd(&self.method()))
    }
}

fn is_named(exception: &JsValue, names: &[&str]) -> bool {
    let name = get(exception, "name");
    names.iter().any(|known| values::is(&name, known))
}

/// A platform without WebCrypto, a throw and a rejection are all `ERR_WEBCRYPTO`; a key that the platform does not take
/// is the key's fault, unless the platform lacks the algorithm.
#[cold]
fn refused(method: &str, cause: JsValue) -> Thrown {
    let error = if method == "importKey" && is_named(&cause, &["DataError", "SyntaxError", "OperationError"]) {
        let message = ["the platform refuses the key: its parts disagree, or it is of another form"];
        Error::new(Code::JwkInvalid, &message).at("key").spec("RFC 7517 §4")
    } else if has(method) {
        let message = ["WebCrypto refused to ", method];
        Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §14.3")
    } else {
        let message = ["no crypto.subtle: a page on plain http, or a platform without WebCrypto; serve it over https"];
        return Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §10").into();
    };
    Thrown::caused_by(error, cause)
}

fn has(method: &str) -> bool {
    let subtle = get(&global("crypto"), "subtle");
    subtle.is_object() && js::get_member(&subtle, &method.into()).is_ok_and(|method| method.is_function())
}

#[wasm_bindgen(module = "/src/wasm/platform.js")]
extern "C" {
    #[wasm_bindgen(js_namespace = platform)]
    fn subtle(steps: &Array);
}

/// A platform, or what replaced its WebCrypto, that answers something else than it must.
pub(crate) fn odd(method: &str) -> Thrown {
    let message = ["WebCrypto gave another answer to ", method, " than it must"];
    Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §14.3").into()
}
