//! `encryptJwe` and `decryptJwe`: what needs the platform is asked of it, the rest is the core's.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::Result;
use super::jose::{PARAMETERS, header_object};
use super::keys::JsKeys;
use super::prepared::Usage;
use super::read::{self, Texts};
use super::to_js::{self, BytesOut};
use super::{runtime, webcrypto};
use crate::jose::jwa::Management;
use crate::jose::{Decryption, Encryption, Header, Recipient};

type Js<T> = core::result::Result<T, JsValue>;

/// Encrypts bytes or text.
#[wasm_bindgen(js_name = encryptJwe)]
pub async fn encrypt_jwe(plaintext: JsValue, key: JsValue, header: JsValue) -> Js<JsValue> {
    Ok(encrypt(&plaintext, &key, &header).await?.into())
}

async fn encrypt(plaintext: &JsValue, key: &JsValue, header: &JsValue) -> Result<String> {
    let plaintext = read::payload(plaintext, "plaintext")?;
    let header = header_object(header, &[PARAMETERS])?;
    let keys = JsKeys::read_whole(key, "key", None).await?;
    let key = keys.one("key")?;
    let encryption = Encryption::new(key, header, &mut runtime::fill_random)?;
    let (alg, own) = (encryption.algorithm(), keys.js_key(key));
    let recipient = match alg.management {
        Management::RsaOaep => {
            let handle = own.handle(alg.name, Usage::Encrypt).await?;
            Recipient::Encrypted(webcrypto::rsa_encrypt(alg.name, &handle, encryption.cek()).await?)
        }
        Management::EcdhEs => webcrypto::agree_ephemeral(&own.handle_of_recipient().await?, own.curve()).await?,
        _ => Recipient::Shared,
    };
    Ok(encryption.seal(&plaintext, recipient, &mut runtime::fill_random)?)
}

/// Which algorithms may be used to decrypt.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct JweOptions {
    algorithms: Option<Texts>,
    content_encryption: Option<Texts>,
}

/// Decrypts a token.
#[wasm_bindgen(js_name = decryptJwe)]
pub async fn decrypt_jwe(token: JsValue, key: JsValue, options: JsValue) -> Js<JsValue> {
    let token = read::text(&token, "token")?;
    let (options, call) = Call::waiting_if_given::<JweOptions>(&options, "options")?;
    let keys = JsKeys::read_whole(&key, "key", None).await?;
    let algorithms = options.algorithms.map(|texts| texts.0);
    let encryptions = options.content_encryption.map(|texts| texts.0);
    let (header, plaintext) = decrypt(&token, &keys, algorithms.as_deref(), encryptions.as_deref(), &call).await?;
    Ok(super::to_value(&JweOut { header: to_js::header(&header), plaintext: BytesOut(&plaintext) }))
}

pub(crate) async fn decrypt(
    token: &str,
    keys: &JsKeys,
    algorithms: Option<&[String]>,
    encryptions: Option<&[String]>,
    call: &Call,
) -> Result<(Header, Zeroizing<Vec<u8>>)> {
    let decryption = Decryption::new(token, keys.keys(), algorithms, encryptions)?;
    let answer = keys.js_key(decryption.key()).prepare_decryption(&decryption, call).await?;
    let answer = answer.as_ref().map(|answer| answer.as_slice());
    Ok(decryption.decrypt(answer, &mut runtime::fill_random)?)
}

/// A decrypted JWE as JavaScript gets it.
#[derive(Serialize)]
struct JweOut<'a> {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    header: JsValue,
    plaintext: BytesOut<'a>,
}
