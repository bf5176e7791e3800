//! Calls of `crypto.subtle`, which may be missing, throw, reject, or have been replaced: an `ERR_WEBCRYPTO` then.

use core::pin::Pin;
use core::task::{Context, Poll};

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{Result, Thrown};
use super::names::get;
use super::platform::global;
use super::task::{self, given};
use super::values;
use crate::error::{Code, Error};

/// Calls `crypto.subtle`. A platform without it, a throw and a rejection are all `ERR_WEBCRYPTO`.
pub(crate) fn subtle(method: &'static str, parameters: &[JsValue]) -> Asked {
    ask(method, parameters);
    Asked(method, given())
}

/// An answer of WebCrypto to this method.
pub(crate) struct Asked(&'static str, task::Asked);

impl Future for Asked {
    type Output = Result<JsValue>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<JsValue>> {
        let method = self.0;
        Pin::new(&mut self.1).poll(context).map_err(|cause| refused(method, cause))
    }
}

#[cold]
fn refused(method: &'static str, cause: JsValue) -> Thrown {
    if !get(&get(&global("crypto"), "subtle"), method).is_function() {
        let message = ["no crypto.subtle: a page on plain http, or a platform without WebCrypto; serve it over https"];
        return Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §10").into();
    }
    let message = ["WebCrypto refused to ", method];
    Thrown::caused_by(Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §14.3"), cause)
}

/// The bytes of an answer: an `ArrayBuffer` of any realm, as a test's may not be the platform's own.
pub(crate) fn view(method: &str, answer: &JsValue) -> Result<Uint8Array> {
    let is_buffer = values::tag(answer).is_ok_and(|tag| values::is(&tag, "[object ArrayBuffer]"));
    let view = if is_buffer { View::new(answer).ok() } else { None };
    view.map(View::unchecked_into).ok_or_else(|| odd(method))
}

#[wasm_bindgen(module = "/src/wasm/platform.js")]
extern "C" {
    #[wasm_bindgen(js_name = subtle)]
    fn ask(method: &str, parameters: &[JsValue]);
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Uint8Array)]
    type View;
    #[wasm_bindgen(catch, constructor, js_class = "Uint8Array")]
    fn new(buffer: &JsValue) -> core::result::Result<View, JsValue>;
}

/// A platform, or what replaced its WebCrypto, that answers something else than it must.
pub(crate) fn odd(method: &str) -> Thrown {
    let message = ["WebCrypto gave another answer to ", method, " than it must"];
    Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §14.3").into()
}

/// Secret bytes, or nothing where the operation failed for what it was given.
pub(crate) fn secret_of(method: &str, answer: Result<JsValue>) -> Result<Option<Zeroizing<Vec<u8>>>> {
    match answer {
        Ok(buffer) => {
            let view = view(method, &buffer)?;
            let secret = Zeroizing::new(view.to_vec());
            view.fill(0, 0, view.length());
            Ok(Some(secret))
        }
        Err(thrown) if ["OperationError", "DataError"].iter().any(|name| is_named(&thrown, name)) => Ok(None),
        Err(thrown) => Err(thrown),
    }
}

pub(crate) fn is_named(thrown: &Thrown, name: &str) -> bool {
    values::is(&get(&thrown.cause, "name"), name)
}
