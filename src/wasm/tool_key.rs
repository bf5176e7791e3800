//! The tool's own keys: `publicJwks`, and what signs with one of them.

use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown};
use super::keys::JsKeys;
use super::prepared::Usage;
use super::value::is_array;
use super::{json, to_js};
use crate::error::Error;
use crate::jose::Key;
use crate::lti13::tool_key;

/// The public halves of keys, to be published. Throws `ERR_ARGUMENT` and what is wrong with a key.
#[wasm_bindgen(js_name = publicJwks)]
pub fn public_jwks(keys: &JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(publish(keys)?)
}

fn publish(keys: &JsValue) -> Result<JsValue> {
    if !is_array(keys) {
        return Err(Thrown::wrong_type("keys", keys, "an array of keys"));
    }
    let failed = |(found, cause): (String, JsValue)| Thrown::caused_by(Error::argument("keys", found), cause);
    let mut read = Vec::new();
    for (i, key) in json::array_items(keys).map_err(failed)?.iter().enumerate() {
        read.push(JsKeys::read(key, &format!("keys[{i}]"), None)?);
    }
    let named = |(i, keys)| JsKeys::one(keys, &format!("keys[{i}]"));
    let keys: Vec<&Key> = read.iter().enumerate().map(named).collect::<Result<_>>()?;
    Ok(to_js::object(&tool_key::publish(keys)?))
}

/// Signs a claims set with a key of the tool's; `name` is what the key is called in an error.
pub(crate) async fn sign(claims: &str, key: &JsValue, name: &str, call: &Call) -> Result<String> {
    let keys = JsKeys::read_whole(key, name, Some((Usage::Sign, Some("RS256")))).await?;
    // A key that is known by its handle alone has no thumbprint.
    if !keys.is_known || keys.one(name)?.kid().is_some() {
        let signed = sign_with(claims, &keys, name, call).await;
        // What is wrong with such a key is said by its first reader.
        if signed.is_ok() || !keys.is_known {
            return signed;
        }
    }
    sign_with(claims, &JsKeys::read_whole(key, name, None).await?, name, call).await
}

async fn sign_with(claims: &str, keys: &JsKeys, name: &str, call: &Call) -> Result<String> {
    let key = keys.one(name)?;
    let input = tool_key::to_sign(claims, key)?;
    let signature = keys.js_key(key).sign(&input, call).await?;
    Ok(input.seal(&signature))
}
