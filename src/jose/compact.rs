//! The compact serialization of JWS (RFC 7515 §7.1) and JWE (RFC 7516 §7.1): parts split and decoded, nothing trusted.
//! Refuses the JSON serializations and tokens over [`MAX_TOKEN`].

use super::base64url;
use super::header::Header;
use crate::error::text::decimal;
use crate::error::{Code, Error, Result};

/// The largest token that is read, in bytes.
pub const MAX_TOKEN: usize = 1 << 20;

/// A JWS as read, nothing of it verified.
#[derive(Clone, Debug)]
pub struct UntrustedJws {
    /// The protected header.
    pub header: Header,
    /// The payload's bytes.
    pub payload: Vec<u8>,
    /// The signature or MAC.
    pub signature: Vec<u8>,
    /// Header and payload as sent, which the signature covers (RFC 7515 §2, JWS Signing Input).
    pub signing_input: String,
}

/// A JWE as read, nothing of it decrypted or authenticated.
#[derive(Clone, Debug)]
pub struct UntrustedJwe {
    /// The protected header.
    pub header: Header,
    /// The encrypted content encryption key; empty with `dir` and `ECDH-ES`.
    pub encrypted_key: Vec<u8>,
    /// The initialization vector.
    pub iv: Vec<u8>,
    /// The ciphertext.
    pub ciphertext: Vec<u8>,
    /// The authentication tag.
    pub tag: Vec<u8>,
    /// The protected header as sent, which the tag covers too (RFC 7516 §5.1, step 14).
    pub aad: String,
}

/// A token in compact serialization.
#[derive(Clone, Debug)]
pub enum Compact {
    /// Three parts.
    Jws(UntrustedJws),
    /// Five parts.
    Jwe(UntrustedJwe),
}

impl Compact {
    /// Splits and decodes a token of three or five parts.
    ///
    /// # Errors
    /// `ERR_TOKEN_INVALID`, with `at` the part.
    pub fn parse(token: &str) -> Result<Self> {
        check_shape(token)?;
        let parts: Vec<&str> = token.splitn(6, '.').collect();
        match parts[..] {
            [header, payload, signature] => Ok(Self::Jws(UntrustedJws {
                header: Header::parse(header)?,
                payload: part("payload", payload)?,
                signature: part("signature", signature)?,
                signing_input: [header, ".", payload].concat(),
            })),
            [header, encrypted_key, iv, ciphertext, tag] => Ok(Self::Jwe(UntrustedJwe {
                header: Header::parse(header)?,
                encrypted_key: part("encryptedKey", encrypted_key)?,
                iv: part("iv", iv)?,
                ciphertext: part("ciphertext", ciphertext)?,
                tag: part("tag", tag)?,
                aad: header.to_owned(),
            })),
            _ => Err(wrong_count(token)),
        }
    }

    /// The protected header.
    #[must_use]
    pub fn header(&self) -> &Header {
        match self {
            Self::Jws(jws) => &jws.header,
            Self::Jwe(jwe) => &jwe.header,
        }
    }
}

fn part(name: &str, text: &str) -> Result<Vec<u8>> {
    base64url::decode(text).map_err(|error| error.within(&["the part ", name, ": "].concat(), name))
}

fn check_shape(token: &str) -> Result<()> {
    let invalid = |message: &[&str]| Err(Error::new(Code::TokenInvalid, message).at("token"));
    if token.is_empty() {
        return invalid(&["the token is empty"]);
    }
    if token.len() > MAX_TOKEN {
        return invalid(&[
            "the token has ",
            &decimal(token.len()),
            " bytes, more than the ",
            &decimal(MAX_TOKEN),
            " that are read",
        ]);
    }
    if token.trim_start().starts_with('{') {
        return invalid(&["a JSON serialization (RFC 7515 §7.2, RFC 7516 §7.2), expected the compact serialization"])
            .map_err(|error| error.spec("RFC 7515 §7.1"));
    }
    Ok(())
}

fn wrong_count(token: &str) -> Error {
    let count = token.bytes().filter(|byte| *byte == b'.').count() + 1;
    let found = if count == 1 { "1 part".to_owned() } else { [&decimal(count), " parts"].concat() };
    Error::new(Code::TokenInvalid, &[&found, " between dots, expected 3 (JWS) or 5 (JWE)"])
        .at("token")
        .spec("RFC 7515 §7.1")
}
