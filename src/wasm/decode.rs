//! `decode`, `unwrap`, `wrap`.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::error::{self, Thrown};
use super::js::Array;
use super::out::Out;
use super::values;
use crate::error::{Code, Error};
use crate::jose::{self, Header, Layer, json};

/// Takes a token apart, trusting nothing. Throws `ERR_TOKEN_INVALID`.
#[wasm_bindgen]
pub fn decode(token: &JsValue) -> Result<JsValue, JsValue> {
    let token = token_text(token)?;
    let decoded = jose::decode(&token).map_err(Thrown::from)?;
    let mut out = Out::new();
    write(&mut out, &decoded.layers, Some(&decoded.header), decoded.claims.as_ref());
    Ok(out.end())
}

/// Removes Canvas's base64 wrapping. Throws `ERR_ARGUMENT` for what is no string.
#[wasm_bindgen]
pub fn unwrap(token: &JsValue) -> Result<JsValue, JsValue> {
    Ok(jose::unwrap(&values::text(token, &At::argument("token"))?).into())
}

/// Adds Canvas's base64 wrapping. Throws `ERR_ARGUMENT` for what is no string.
#[wasm_bindgen]
pub fn wrap(compact: &JsValue) -> Result<JsValue, JsValue> {
    Ok(jose::wrap(&values::text(compact, &At::argument("compact"))?).into())
}

/// A string that cannot be a token is an `ERR_TOKEN_INVALID` as any other.
fn token_text(token: &JsValue) -> error::Result<String> {
    values::text(token, &At::argument("token")).map_err(|thrown| {
        if token.is_string() {
            Error::new(Code::TokenInvalid, &[&thrown.error.message]).at("token").into()
        } else {
            thrown
        }
    })
}

/// Writes layers, header and claims into an object.
pub(crate) fn write(out: &mut Out, layers: &[Layer], header: Option<&Header>, claims: Option<&(json::Object, String)>) {
    out.value("layers", layers.iter().map(layer).collect::<Array>().into());
    match header {
        Some(header) => out.header("header", header),
        None => out.plain("header", "{}"),
    }
    out.claims(claims);
}

fn layer(layer: &Layer) -> JsValue {
    let mut out = Out::new();
    match layer {
        Layer::Base64 => out.text("type", "base64"),
        Layer::Jws(jws) => {
            out.text("type", "jws");
            out.header("header", &jws.header);
            out.bytes("payload", &jws.payload);
            out.bytes("signature", &jws.signature);
        }
        Layer::Jwe(jwe) => {
            out.text("type", "jwe");
            out.header("header", &jwe.header);
            out.bytes("encryptedKey", &jwe.encrypted_key);
            out.bytes("iv", &jwe.iv);
            out.bytes("ciphertext", &jwe.ciphertext);
            out.bytes("tag", &jwe.tag);
        }
    }
    out.end()
}
