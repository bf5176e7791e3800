//! A shared secret. Its bytes are zeroized when it is dropped, and shown nowhere. The text of a key file is refused.

use core::fmt;

use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// The bytes of a shared secret.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// A secret of these bytes; `at` names the option for the error.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for no bytes, and for the text of a PEM or JWK: a public key taken for an HMAC secret lets anybody
    /// sign (RFC 8725 §2.1).
    pub fn new(bytes: Vec<u8>, at: &str) -> Result<Self> {
        let secret = Self(Zeroizing::new(bytes));
        if secret.0.is_empty() {
            return Err(Error::argument(at, "empty, expected a secret of at least one byte"));
        }
        if contains(&secret.0, b"-----BEGIN ") || is_jwk(&secret.0) {
            let message = "a PEM or JWK text, expected a shared secret; pass it as a key, not as a secret";
            return Err(Error::argument(at, message).spec("RFC 8725 §2.1"));
        }
        Ok(secret)
    }

    /// The bytes of a symmetric JWK, which say themselves what they are.
    pub(crate) fn from_key_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Whether it begins as a JSON object does, and has a member `kty` or `keys`. It is not read as JSON, so that no copy of
/// a secret is made.
fn is_jwk(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text).trim_ascii_start();
    text.starts_with(b"{") && (contains(text, b"\"kty\"") || contains(text, b"\"keys\""))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
