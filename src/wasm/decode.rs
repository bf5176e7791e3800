//! `decode`, `unwrap`, `wrap`.

use serde::Serialize;
use serde_json::value::RawValue;
use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use super::value::{get, set};
use super::{read, to_js};
use crate::error::{Code, Error};
use crate::jose::{self, Header, JweParts, JwsParts, Layer};
use crate::json::Object;

/// Takes a token apart, trusting nothing. Throws `ERR_TOKEN_INVALID`.
#[wasm_bindgen]
pub fn decode(token: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let decoded = jose::decode(&token_text(token)?).map_err(Thrown::from)?;
    Ok(token_out(&decoded.layers, Some(&decoded.header), decoded.claims.as_ref(), true))
}

/// Removes Canvas's base64 wrapping. Throws `ERR_ARGUMENT` for what is no string.
#[wasm_bindgen]
pub fn unwrap(token: &JsValue) -> core::result::Result<String, JsValue> {
    Ok(jose::unwrap(&read::text(token, "token")?))
}

/// Adds Canvas's base64 wrapping. Throws `ERR_ARGUMENT` for what is no string.
#[wasm_bindgen]
pub fn wrap(compact: &JsValue) -> core::result::Result<String, JsValue> {
    Ok(jose::wrap(&read::text(compact, "compact")?))
}

/// A string that cannot be a token is an `ERR_TOKEN_INVALID` as any other.
fn token_text(token: &JsValue) -> Result<String> {
    read::text(token, "token").map_err(|thrown| {
        if token.is_string() {
            Error::new(Code::TokenInvalid, thrown.error.message.as_str()).at("token").into()
        } else {
            thrown
        }
    })
}

/// An object with the header and claims of a verified JWT.
pub(crate) fn jwt_out(header: &Header, (claims, text): (&Object, &str)) -> JsValue {
    let object = to_js::parse(&format!(r#"{{"header":{},"claims":{text}}}"#, header.as_json()));
    for (name, value) in [("header", header.members()), ("claims", claims)] {
        set_exact(&object, name, value);
    }
    object
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum LayerOut<'a> {
    Base64,
    Jws {
        header: &'a RawValue,
        #[serde(flatten)]
        parts: Option<&'a JwsParts>,
    },
    Jwe {
        header: &'a RawValue,
        #[serde(flatten)]
        parts: Option<&'a JweParts>,
    },
}

/// The text of what was read as JSON before.
fn raw(text: &str) -> &RawValue {
    serde_json::from_str(text).unwrap_or(RawValue::NULL)
}

/// An object with layers, header and claims; the layers with the text of their parts, unless the token must not be read
/// off it. It is written as one JSON text, which the platform parses faster than members are set one by one.
pub(crate) fn token_out(
    layers: &[Layer],
    header: Option<&Header>,
    claims: Option<&(Object, String)>,
    has_parts: bool,
) -> JsValue {
    let out: Vec<_> = layers.iter().map(|layer| layer_out(layer, has_parts)).collect();
    // Our own structs and JSON that was read can always be written.
    let out = serde_json::to_string(&out).unwrap_or_default();
    let header_text = header.map_or("{}", Header::as_json);
    let claims_text = claims.map_or("null", |(_, text)| text);
    let object = to_js::parse(&format!(r#"{{"layers":{out},"header":{header_text},"claims":{claims_text}}}"#));
    if let Some(header) = header {
        set_exact(&object, "header", header.members());
    }
    if let Some((claims, _)) = claims {
        set_exact(&object, "claims", claims);
    }
    for (place, layer) in (0..).zip(layers) {
        if let Layer::Jws(jose::UntrustedJws { header, .. }) | Layer::Jwe(jose::UntrustedJwe { header, .. }) = layer
            && header.members().has_unsafe_integer()
            && let Ok(layer) = js_sys::Reflect::get_u32(&get(&object, "layers"), place)
        {
            set_exact(&layer, "header", header.members());
        }
    }
    object
}

fn layer_out(layer: &Layer, has_parts: bool) -> LayerOut<'_> {
    match layer {
        Layer::Base64 => LayerOut::Base64,
        Layer::Jws(jws) => LayerOut::Jws { header: raw(jws.header.as_json()), parts: has_parts.then_some(&jws.parts) },
        Layer::Jwe(jwe) => LayerOut::Jwe { header: raw(jwe.header.as_json()), parts: has_parts.then_some(&jwe.parts) },
    }
}

/// Replaces an object that the platform's parser has rounded: one with integers outside ±(2^53 − 1).
fn set_exact(object: &JsValue, name: &'static str, value: &Object) {
    if value.has_unsafe_integer() {
        set(object, name, &to_js::object(value));
    }
}
