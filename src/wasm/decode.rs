//! `decode`, `unwrap`, `wrap`.

use serde::Serialize;
use serde_json::value::RawValue;
use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use super::value::set;
use super::{json, read};
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

/// Layers, header and claims, written as one JSON text: the platform parses that faster than members are set one by one.
#[derive(Serialize)]
struct TokenOut<'a> {
    layers: Vec<LayerOut<'a>>,
    header: &'a RawValue,
    claims: Option<&'a RawValue>,
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
/// off it.
pub(crate) fn token_out(
    layers: &[Layer],
    header: Option<&Header>,
    claims: Option<&(Object, String)>,
    has_parts: bool,
) -> JsValue {
    let out = TokenOut {
        layers: layers.iter().map(|layer| layer_out(layer, has_parts)).collect(),
        header: raw(header.map_or("{}", Header::as_json)),
        claims: claims.map(|(_, text)| raw(text)),
    };
    let object = json::parse(&serde_json::to_string(&out).unwrap_or_default());
    set_exact(&object, layers, header, claims);
    object
}

fn layer_out(layer: &Layer, has_parts: bool) -> LayerOut<'_> {
    match layer {
        Layer::Base64 => LayerOut::Base64,
        Layer::Jws(jws) => LayerOut::Jws { header: raw(jws.header.as_json()), parts: has_parts.then_some(&jws.parts) },
        Layer::Jwe(jwe) => LayerOut::Jwe { header: raw(jwe.header.as_json()), parts: has_parts.then_some(&jwe.parts) },
    }
}

/// Replaces what the platform's parser has rounded: integers outside ±(2^53 − 1).
fn set_exact(object: &JsValue, layers: &[Layer], header: Option<&Header>, claims: Option<&(Object, String)>) {
    let replace = |object: &JsValue, name: &str, value: &Object| {
        if value.has_unsafe_integer() {
            set(object, name, &json::object_to_js(value));
        }
    };
    if let Some(header) = header {
        replace(object, "header", header.members());
    }
    if let Some((claims, _)) = claims {
        replace(object, "claims", claims);
    }
    for (place, layer) in (0..).zip(layers) {
        let (Layer::Jws(jose::UntrustedJws { header, .. }) | Layer::Jwe(jose::UntrustedJwe { header, .. })) = layer
        else {
            continue;
        };
        if header.members().has_unsafe_integer()
            && let Ok(layer) = js_sys::Reflect::get_u32(&super::value::get(object, "layers"), place)
        {
            replace(&layer, "header", header.members());
        }
    }
}
