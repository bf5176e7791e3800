//! `generateKey` and `thumbprint`.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{Result, Thrown};
use super::{json, read, runtime, to_js, webcrypto};
use crate::jose::jwa::{self, KeyKind, Management};
use crate::jose::{Key, Material, Secret, jwk, thumbprint_of};
use crate::json::{Json, Object};

type Js<T> = core::result::Result<T, JsValue>;

/// What is asked of `generateKey`.
#[derive(Default, Deserialize)]
struct GenerateOptions {
    kid: Option<String>,
}

/// Makes a key for an algorithm.
#[wasm_bindgen(js_name = generateKey)]
pub async fn generate_key(alg: JsValue, options: JsValue) -> Js<JsValue> {
    Ok(generate(&alg, &options).await?)
}

async fn generate(alg: &JsValue, options: &JsValue) -> Result<JsValue> {
    let alg = read::text(alg, "alg")?;
    let GenerateOptions { kid } = read::optional(options, "options")?;
    let (usage, secret) = shape(&alg)?;
    let key = match secret {
        None => webcrypto::generate(&alg).await?,
        Some(length) => {
            let mut bytes = vec![0; length];
            runtime::fill_random(&mut bytes)?;
            Key::new(Material::Oct(Secret::new(bytes, "key")?))
        }
    };
    let kid = kid.unwrap_or_else(|| thumbprint_of(&key));
    let with_facts = |members: Object| {
        let mut members = Zeroizing::new(members);
        for (name, value) in [("kid", kid.as_str()), ("alg", &alg), ("use", usage)] {
            members.set(name, Json::from(value));
        }
        to_js::parse(&members.to_secret_json())
    };
    let (private_key, public_key) = (with_facts(jwk::to_members(&key)), with_facts(jwk::to_public_members(&key)));
    Ok(super::to_value(&KeyPairOut { private_key, public_key }))
}

/// The thumbprint of a JWK (RFC 7638).
#[wasm_bindgen]
pub fn thumbprint(jwk: &JsValue) -> Js<String> {
    let jwk = Zeroizing::new(json::to_object(jwk, "jwk")?);
    Ok(thumbprint_of(&jwk::parse(&jwk).map_err(Thrown::from)?))
}

/// The `use` of a key for this algorithm, and its length in bytes where it is a secret.
fn shape(alg: &str) -> Result<(&'static str, Option<usize>)> {
    if let Ok(row) = jwa::signature_named(alg) {
        return Ok(("sig", (row.key == KeyKind::Secret).then_some(row.hash.size())));
    }
    if let Ok(row) = jwa::content_named(alg) {
        return Ok(("enc", Some(row.cek)));
    }
    match jwa::management_named(alg).map_err(|error| error.at("alg"))? {
        row if row.management == Management::Direct => {
            let message = "dir takes a key of the content encryption's length, expected its name, such as A256GCM";
            Err(Thrown::argument("alg", message))
        }
        row => Ok(("enc", (row.key == KeyKind::Secret).then_some(row.kek))),
    }
}

/// A new key as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyPairOut {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    private_key: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    public_key: JsValue,
}
