//! `prepareKey` and `prepareSecret`.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use super::keys::JsKeys;
use super::prepared::{self, Prepared, Usage};
use super::read::{self, Bytes};
use crate::jose::{Key, Keys, Purpose, Secret};

/// Imports and checks a key once. Rejects with what is wrong with the key.
#[wasm_bindgen(js_name = prepareKey)]
pub async fn prepare_key(key: JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(prepare(&key).await?)
}

async fn prepare(key: &JsValue) -> Result<JsValue> {
    if let Some(prepared) = prepared::of_object(key) {
        prepared.check("key")?;
        return Ok(key.clone());
    }
    let Some((mut keys, handle, external)) = JsKeys::read_whole(key, "key", None).await?.into_parts() else {
        return Ok(key.clone());
    };
    keys.prepare();
    let is_here = external.is_none();
    let made = Prepared::new(Some(keys), handle, None).with_external(external);
    let prepared = JsValue::from(prepared::object_of(Rc::new(made)));
    let keys = JsKeys::read(&prepared, "key", None)?;
    // What signs or verifies by default is imported now, so that a key that the platform refuses is told here.
    if let Ok(key) = keys.one("key")
        && let Some(row) = key.default_signature()
        && is_here
        && key.bytes().is_none()
    {
        let (usage, purpose) =
            if key.is_private() { (Usage::Sign, Purpose::Sign) } else { (Usage::Verify, Purpose::Verify) };
        if key.check_signature(row, purpose).is_ok() {
            keys.js_key(key).handle(row.name, usage).await?;
        }
    }
    Ok(prepared)
}

/// The same for a shared secret, at once.
#[wasm_bindgen(js_name = prepareSecret)]
pub fn prepare_secret(secret: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let secret: Bytes = read::required(secret, "secret")?;
    let secret = Secret::new(secret.into_vec(), "secret").map_err(Thrown::from)?;
    let mut keys = Keys::from(Key::secret(secret, None));
    keys.prepare();
    Ok(prepared::object_of(Rc::new(Prepared::new(Some(keys), None, None))).into())
}
