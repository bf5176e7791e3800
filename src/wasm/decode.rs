//! `decode`, `unwrap`, `wrap`.

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use super::error::{self, Thrown};
use super::values;
use crate::error::{Code, Error};
use crate::jose::{self, Header, Layer, json};

/// Takes a token apart, trusting nothing. Throws `ERR_TOKEN_INVALID`.
#[wasm_bindgen]
pub fn decode(token: &JsValue) -> Result<JsValue, JsValue> {
    let token = token_text(token)?;
    let decoded = jose::decode(&token).map_err(Thrown::from)?;
    let out = Object::new();
    write(&out, &decoded.layers, Some(&decoded.header), decoded.claims.as_ref());
    Ok(out.into())
}

/// Removes Canvas's base64 wrapping. Throws `ERR_ARGUMENT` for what is no string.
#[wasm_bindgen]
pub fn unwrap(token: &JsValue) -> Result<String, JsValue> {
    Ok(jose::unwrap(&values::text(token, "token")?))
}

/// Adds Canvas's base64 wrapping. Throws `ERR_ARGUMENT` for what is no string.
#[wasm_bindgen]
pub fn wrap(compact: &JsValue) -> Result<String, JsValue> {
    Ok(jose::wrap(&values::text(compact, "compact")?))
}

/// A string that cannot be a token is an `ERR_TOKEN_INVALID` as any other.
fn token_text(token: &JsValue) -> error::Result<String> {
    values::text(token, "token").map_err(|thrown| match thrown {
        Thrown { error, .. } if token.is_string() => {
            Error::new(Code::TokenInvalid, &[&error.message]).at("token").into()
        }
        thrown => thrown,
    })
}

/// Writes layers, header and claims into an object.
pub(crate) fn write(out: &Object, layers: &[Layer], head: Option<&Header>, claims: Option<&(json::Object, String)>) {
    values::set(out, "layers", &layers.iter().map(layer).collect::<Array>());
    values::set(out, "header", &head.map_or_else(|| Object::new().into(), header));
    values::set(out, "claims", &claims.map_or(JsValue::NULL, |(claims, text)| values::json_object(claims, text)));
}

fn header(header: &Header) -> JsValue {
    values::json_object(header.members(), header.as_json())
}

fn layer(layer: &Layer) -> JsValue {
    let out = Object::new();
    let (kind, head, parts): (_, _, &[(&str, &Vec<u8>)]) = match layer {
        Layer::Base64 => ("base64", None, &[]),
        Layer::Jws(jws) => ("jws", Some(&jws.header), &[("payload", &jws.payload), ("signature", &jws.signature)]),
        Layer::Jwe(jwe) => (
            "jwe",
            Some(&jwe.header),
            &[
                ("encryptedKey", &jwe.encrypted_key),
                ("iv", &jwe.iv),
                ("ciphertext", &jwe.ciphertext),
                ("tag", &jwe.tag),
            ],
        ),
    };
    values::set(&out, "type", &kind.into());
    if let Some(head) = head {
        values::set(&out, "header", &header(head));
    }
    for (name, bytes) in parts {
        values::set(&out, name, &Uint8Array::from(bytes.as_slice()));
    }
    out.into()
}
