//! JSON Web Encryption (RFC 7516): how a content encryption key reaches its recipient, and what it encrypts.

pub mod content;
mod decrypt;
mod encrypt;
pub mod key_wrap;

pub use decrypt::{Ask, Decryption};
pub use encrypt::{Encryption, Random, Recipient};

use crate::error::{Code, Error, Result};
use crate::jose::base64url;
use crate::jose::header::Header;
use crate::jose::jwa::{ContentEncryption, KeyManagement};
use zeroize::Zeroizing;

/// The header's `apu` and `apv` (RFC 7518 §4.6.1.2, §4.6.1.3), which both sides put into the derived key; `malformed` is
/// the code for broken ones.
fn parties(header: &Header, malformed: Code) -> Result<[Vec<u8>; 2]> {
    let info = |name: &'static str| {
        let wrong =
            |message: String| Error::new(malformed, message).at(format!("header.{name}")).spec("RFC 7518 §4.6.1");
        let text = header.text(name).map_err(|error| wrong(error.message.clone()))?.unwrap_or_default();
        base64url::decode(text).map_err(|error| wrong(format!("header {name}: {}", error.message)))
    };
    Ok([info("apu")?, info("apv")?])
}

/// The key that an agreed value stands for (RFC 7518 §4.6.2), or nothing where it is too long to derive.
fn agreed_key(
    alg: &KeyManagement,
    enc: &ContentEncryption,
    [apu, apv]: &[Vec<u8>; 2],
    z: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (name, length) = if alg.kek == 0 { (enc.name, enc.cek) } else { (alg.name, alg.kek) };
    key_wrap::derive(z, name, apu, apv, length)
}
