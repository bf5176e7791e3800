//! Stores that callers give, and `encryptedStore`, which is one. What such a store does wrong is an `ERR_STORE`.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::call::Call;
use super::error::{Result, Thrown};
use super::json;
use super::promise::{call_method, settled};
use super::read;
use super::runtime;
use super::value::{self, kind, try_get};
use crate::error::{Code, Error};
use crate::lti13::Sealer;

/// A store of a caller's, whose methods may give or promise what they have, and throw.
#[derive(Clone)]
pub(crate) struct Store(JsValue);

impl Store {
    /// Reads an option that may be absent; `name` is what it is called in an error.
    pub(crate) fn read(value: &JsValue, name: &str) -> Result<Option<Self>> {
        if value.is_undefined() {
            return Ok(None);
        }
        for method in ["get", "set", "delete"] {
            let at = format!("{name}.{method}");
            if !value.is_object() {
                return Err(Thrown::wrong_type(name, value, "a store: an object with get, set and delete"));
            }
            let found = try_get(value, method)
                .map_err(|cause| Thrown::caused_by(Error::argument(&at, "reading it failed"), cause))?;
            if !found.is_function() {
                return Err(Thrown::wrong_type(&at, &found, "a function"));
            }
        }
        Ok(Some(Self(value.clone())))
    }

    /// What stands under this name.
    pub(crate) async fn get(&self, name: &str, call: &Call) -> Result<Option<String>> {
        let given = self.ask("get", &[&name.into()], call).await?;
        if given.is_undefined() || given.is_null() {
            return Ok(None);
        }
        if !given.is_string() {
            return Err(failed(
                "get",
                &format!("gave {}, expected a string or null", kind(&given)),
                JsValue::UNDEFINED,
            ));
        }
        json::text(&given).map(Some).map_err(|fault| failed("get", &format!("gave {fault}"), JsValue::UNDEFINED))
    }

    /// Puts a value under this name, for so many seconds.
    pub(crate) async fn set(&self, name: &str, value: &str, seconds: f64, call: &Call) -> Result<()> {
        self.ask("set", &[&name.into(), &value.into(), &seconds.into()], call).await.map(|_| ())
    }

    /// Whether this caller was the one that put a value under this name; nothing where the store cannot tell.
    pub(crate) async fn add(&self, name: &str, value: &str, seconds: f64, call: &Call) -> Option<bool> {
        if !value::get(&self.0, "add").is_function() {
            return None;
        }
        self.ask("add", &[&name.into(), &value.into(), &seconds.into()], call).await.ok()?.as_bool()
    }

    /// Takes away what stands under this name.
    pub(crate) async fn delete(&self, name: &str, call: &Call) -> Result<()> {
        self.ask("delete", &[&name.into()], call).await.map(|_| ())
    }

    /// Calls a method, and waits for what it promises, for the time of one try.
    async fn ask(&self, method: &'static str, arguments: &[&JsValue], call: &Call) -> Result<JsValue> {
        match call.wait_for(settled(|| call_method(&self.0, method, arguments))).await {
            Ok(Ok(given)) => Ok(given),
            Ok(Err(cause)) => Err(failed(method, "failed", cause)),
            Err(thrown) if thrown.error.code == Code::Timeout => {
                Err(failed(method, &thrown.error.message, JsValue::UNDEFINED))
            }
            Err(thrown) => Err(thrown),
        }
    }
}

fn failed(method: &str, message: &str, cause: JsValue) -> Thrown {
    Thrown::caused_by(Error::new(Code::Store, format!("the store's {method}: {message}")).at("store"), cause)
}

/// A store that encrypts what the one behind it holds. Throws `ERR_ARGUMENT`.
#[wasm_bindgen(js_name = encryptedStore)]
pub fn encrypted_store(store: &JsValue, secret: &JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(encrypted(store, secret)?)
}

fn encrypted(store: &JsValue, secret: &JsValue) -> Result<JsValue> {
    let Some(behind) = Store::read(store, "store")? else {
        return Err(Thrown::wrong_type("store", store, "a store: an object with get, set and delete"));
    };
    let can_add = get_method(store, "add")?;
    let (behind, sealer) = (Rc::new(behind), Rc::new(Sealer::new(&read::secrets(secret, "secret")?, "secret")?));
    let out = value::object();
    let method = |name: &'static str| {
        let (behind, sealer) = (behind.clone(), sealer.clone());
        let call = move |entry: JsValue, value: JsValue, seconds: JsValue| -> Promise {
            let (behind, sealer) = (behind.clone(), sealer.clone());
            future_to_promise(async move { Ok(sealed(name, &behind, &sealer, &entry, &value, &seconds).await?) })
        };
        Closure::<dyn Fn(JsValue, JsValue, JsValue) -> Promise>::new(call).into_js_value()
    };
    for name in ["get", "set", "delete"] {
        value::set(&out, name, &method(name));
    }
    // A store that cannot add atomically has no such method, and neither has this.
    if can_add {
        value::set(&out, "add", &method("add"));
    }
    Ok(out)
}

fn get_method(store: &JsValue, name: &'static str) -> Result<bool> {
    let found = try_get(store, name)
        .map_err(|cause| Thrown::caused_by(Error::argument(&format!("store.{name}"), "reading it failed"), cause))?;
    if !found.is_undefined() && !found.is_function() {
        return Err(Thrown::wrong_type(&format!("store.{name}"), &found, "a function, or nothing"));
    }
    Ok(found.is_function())
}

/// One call of such a store.
async fn sealed(
    method: &'static str,
    behind: &Store,
    sealer: &Sealer,
    name: &JsValue,
    value: &JsValue,
    seconds: &JsValue,
) -> Result<JsValue> {
    let (text, call) = (read::text(name, "name")?, Call::new("store"));
    let random = &mut runtime::fill_random;
    match method {
        "get" => {
            let found = behind.get(&text, &call).await?;
            let opened = found.and_then(|found| sealer.open(&text, &found, random));
            Ok(opened.map_or(JsValue::NULL, |value| JsValue::from_str(&value)))
        }
        "delete" => behind.delete(&text, &call).await.map(|()| JsValue::UNDEFINED),
        _ => {
            let token = sealer.seal(&text, &read::text(value, "value")?, random)?;
            let given = behind.ask(method, &[name, &token.into(), seconds], &call).await?;
            match given.as_bool() {
                _ if method == "set" => Ok(JsValue::UNDEFINED),
                Some(added) => Ok(added.into()),
                None => Err(failed("add", &format!("gave {}, expected a boolean", kind(&given)), JsValue::UNDEFINED)),
            }
        }
    }
}
