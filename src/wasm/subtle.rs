//! Calls of `crypto.subtle`, which may be missing, throw, reject, or have been replaced: an `ERR_WEBCRYPTO` then.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{Result, Thrown};
use super::names::get;
use super::platform::{global, settled};
use super::values;
use crate::error::{Code, Error};

/// Calls `crypto.subtle`. A platform without it, a throw and a rejection are all `ERR_WEBCRYPTO`.
pub(crate) async fn subtle(method: &'static str, arguments: &[JsValue]) -> Result<JsValue> {
    let failed = |cause: JsValue| {
        let message = ["WebCrypto refused to ", method];
        Thrown::caused_by(Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §14.3"), cause)
    };
    let subtle = get(&global("crypto"), "subtle");
    let Ok(function) = get(&subtle, method).dyn_into::<Function>() else {
        let message = ["no crypto.subtle: a page on plain http, or a platform without WebCrypto; serve it over https"];
        return Err(Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §10").into());
    };
    let called = Reflect::apply(&function, &subtle, &arguments.iter().collect::<Array>()).map_err(failed)?;
    settled(&called).await.map_err(failed)
}

/// The bytes of an answer: an `ArrayBuffer` of any realm, as a test's may not be the platform's own.
pub(crate) fn view(method: &str, answer: &JsValue) -> Result<Uint8Array> {
    let is_buffer = values::tag(answer).is_ok_and(|tag| values::is(&tag, "[object ArrayBuffer]"));
    let view = if is_buffer { View::new(answer).ok() } else { None };
    view.map(View::unchecked_into).ok_or_else(|| odd(method))
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
