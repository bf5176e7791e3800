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
        match parts(token)[..] {
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

/// What stands between the dots, up to the seventh part.
pub(crate) fn parts(token: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), token);
    while let Some((part, behind)) = rest.split_once('.').filter(|_| parts.len() < 6) {
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

fn part(name: &str, text: &str) -> Result<Vec<u8>> {
    base64url::decode(text).map_err(|error| error.within(&["the part ", name, ": "].concat(), name))
}

fn check_shape(token: &str) -> Result<()> {
    let line = if token.is_empty() {
        "token||the token is empty"
    } else if token.len() > MAX_TOKEN {
        "token||the token has {0} bytes, more than the {1} that are read"
    } else if token.trim_start().starts_with('{') {
        "token|RFC 7515 §7.1\
         |a JSON serialization (RFC 7515 §7.2, RFC 7516 §7.2), expected the compact serialization"
    } else {
        return Ok(());
    };
    Err(Error::told(Code::TokenInvalid, line, &[&decimal(token.len()), &decimal(MAX_TOKEN)]))
}

fn wrong_count(token: &str) -> Error {
    let count = token.bytes().filter(|byte| *byte == b'.').count() + 1;
    let line = match count {
        1 => "token|RFC 7515 §7.1|1 part between dots, expected 3 (JWS) or 5 (JWE)",
        _ => "token|RFC 7515 §7.1|{0} parts between dots, expected 3 (JWS) or 5 (JWE)",
    };
    Error::told(Code::TokenInvalid, line, &[&decimal(count)])
}
