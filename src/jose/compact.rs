//! The compact serialization of JWS (RFC 7515 §7.1) and JWE (RFC 7516 §7.1): a token is split and its parts are decoded;
//! nothing is trusted. The JSON serializations and tokens over [`MAX_TOKEN`] are refused.

use serde::Serialize;

use super::base64url;
use super::header::Header;
use crate::error::{Code, Error};
use crate::json::{self, Object};

/// The largest token that is read, in bytes.
pub const MAX_TOKEN: usize = 1 << 20;

/// How many parts of a token are told apart; no serialization has as many.
const MOST_PARTS: usize = 7;

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
    /// The parts as they stand in the token.
    pub parts: JwsParts,
}

/// The base64url text of a JWS's parts, under the names of RFC 7515 §7.2.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct JwsParts {
    pub protected: String,
    pub payload: String,
    pub signature: String,
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
    /// The parts as they stand in the token.
    pub parts: JweParts,
}

/// The base64url text of a JWE's parts, under the names of RFC 7516 §7.2.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct JweParts {
    pub protected: String,
    pub encrypted_key: String,
    pub iv: String,
    pub ciphertext: String,
    pub tag: String,
}

/// A token in compact serialization.
#[derive(Clone, Debug)]
pub enum Compact {
    /// Three parts.
    Jws(UntrustedJws),
    /// Five parts.
    Jwe(UntrustedJwe),
}

/// Why a text is no token in compact serialization.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    Empty,
    TooLarge {
        bytes: usize,
    },
    /// One of the JSON serializations.
    JsonSerialization,
    /// Neither three nor five parts.
    PartCount {
        text: String,
        count: usize,
    },
    /// A part is not canonical base64url.
    Encoding {
        part: &'static str,
        text: String,
        error: Error,
    },
    /// The header, or a payload that begins as an object, is no JSON object.
    Json {
        part: &'static str,
        fault: json::Fault,
    },
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let invalid = |message: &str| Self::new(Code::TokenInvalid, message).at("token");
        match fault {
            Fault::Empty => invalid("the token is empty"),
            Fault::TooLarge { bytes } => {
                invalid(&format!("the token has {bytes} bytes, more than the {MAX_TOKEN} that are read"))
            }
            Fault::JsonSerialization => {
                invalid("a JSON serialization (RFC 7515 §7.2, RFC 7516 §7.2), expected the compact serialization")
                    .spec("RFC 7515 §7.1")
            }
            Fault::PartCount { count, .. } => {
                let parts = if count == 1 { "part" } else { "parts" };
                invalid(&format!("{count} {parts} between dots, expected 3 (JWS) or 5 (JWE)")).spec("RFC 7515 §7.1")
            }
            Fault::Encoding { part: "header", error, .. } => error.within("the header: ", "header"),
            Fault::Encoding { part, error, .. } => error.within(&format!("the part {part}: "), part),
            Fault::Json { part, fault } => {
                let error = Self::from(fault);
                let spec = error.spec.unwrap_or(if part == "header" { "RFC 7515 §4" } else { "RFC 7519 §7.2" });
                error.within(&format!("the {part}: "), part).spec(spec)
            }
        }
    }
}

impl Compact {
    /// Splits and decodes a token of three or five parts.
    ///
    /// # Errors
    /// `ERR_TOKEN_INVALID`, with `at` the part.
    pub fn parse(token: &str) -> Result<Self, Error> {
        check_shape(token)?;
        match split(token)[..] {
            [protected, payload, signature] => Ok(Self::Jws(UntrustedJws {
                header: header(&bytes("header", protected)?)?,
                payload: bytes("payload", payload)?,
                signature: bytes("signature", signature)?,
                signing_input: signing_input(protected, payload),
                parts: JwsParts::new(protected, payload, signature),
            })),
            [protected, encrypted_key, iv, ciphertext, tag] => Ok(Self::Jwe(UntrustedJwe {
                header: header(&bytes("header", protected)?)?,
                encrypted_key: bytes("encryptedKey", encrypted_key)?,
                iv: bytes("iv", iv)?,
                ciphertext: bytes("ciphertext", ciphertext)?,
                tag: bytes("tag", tag)?,
                aad: protected.to_owned(),
                parts: JweParts::new([protected, encrypted_key, iv, ciphertext, tag]),
            })),
            _ => Err(part_count(token).into()),
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

impl JwsParts {
    pub(super) fn new(protected: &str, payload: &str, signature: &str) -> Self {
        Self { protected: protected.to_owned(), payload: payload.to_owned(), signature: signature.to_owned() }
    }
}

impl JweParts {
    pub(super) fn new([protected, encrypted_key, iv, ciphertext, tag]: [&str; 5]) -> Self {
        Self {
            protected: protected.to_owned(),
            encrypted_key: encrypted_key.to_owned(),
            iv: iv.to_owned(),
            ciphertext: ciphertext.to_owned(),
            tag: tag.to_owned(),
        }
    }
}

/// Header and payload as sent, with the dot between them.
pub(super) fn signing_input(protected: &str, payload: &str) -> String {
    [protected, ".", payload].concat()
}

/// What stands between the dots; everything behind the sixth dot is one part.
pub(crate) fn split(token: &str) -> Vec<&str> {
    token.splitn(MOST_PARTS, '.').collect()
}

/// Refuses what is no compact serialization at the first glance.
pub(super) fn check_shape(token: &str) -> Result<(), Fault> {
    if token.is_empty() {
        Err(Fault::Empty)
    } else if token.len() > MAX_TOKEN {
        Err(Fault::TooLarge { bytes: token.len() })
    } else if token.trim_start().starts_with('{') {
        Err(Fault::JsonSerialization)
    } else {
        Ok(())
    }
}

/// The fault of a token that has neither three nor five parts.
pub(super) fn part_count(token: &str) -> Fault {
    Fault::PartCount { text: token.to_owned(), count: token.matches('.').count() + 1 }
}

/// The bytes of a part.
pub(super) fn bytes(part: &'static str, text: &str) -> Result<Vec<u8>, Fault> {
    base64url::decode(text).map_err(|error| Fault::Encoding { part, text: text.to_owned(), error })
}

/// The header of these bytes.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let (members, text) = json::read_text(bytes).map_err(|fault| Fault::Json { part: "header", fault })?;
    Ok(Header::read((members, text.to_owned())))
}

/// The claims set of a payload, with its text; nothing where the payload does not begin as a JSON object. An object with
/// a fault in it is refused: half of it would mislead whoever reads it.
pub(super) fn claims(payload: &[u8]) -> Result<Option<(Object, String)>, Fault> {
    if !payload.trim_ascii_start().starts_with(b"{") {
        return Ok(None);
    }
    match json::read_text(payload) {
        Ok((claims, text)) => Ok(Some((claims, text.to_owned()))),
        Err(fault) => Err(Fault::Json { part: "payload", fault }),
    }
}

/// The bytes that a part with faults in its base64url was probably meant to be: the standard alphabet and padding are
/// taken, other characters are left out, and so is a last character that stands for no whole byte.
pub(crate) fn guessed_bytes(text: &str) -> Option<Vec<u8>> {
    let guess: String = text
        .chars()
        .filter(|c| stands_for_bits(*c))
        .map(|c| match c {
            '+' => '-',
            '/' => '_',
            c => c,
        })
        .collect();
    let whole = guess.len() - usize::from(guess.len() % 4 == 1);
    // The last character may have bits that belong to no byte; E has none behind two others, Q has none behind one.
    let (head, rest) = guess.split_at_checked(whole.checked_sub(1)?)?;
    let last = rest.get(..1)?;
    [last, "E", "Q"].iter().find_map(|last| base64url::decode(&format!("{head}{last}")).ok())
}

/// Whether this character is of base64, in either alphabet, and no padding.
pub(crate) fn stands_for_bits(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/')
}
