//! A shared secret. Its bytes are zeroized when it is dropped and shown nowhere. Refuses key files given as a secret.

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
        let text = secret.0.trim_ascii_start();
        if secret.0.is_empty() {
            return Err(Error::argument(at, &["empty, expected a secret of at least one byte"]));
        }
        if text.starts_with(b"-----BEGIN ") || is_jwk(text) {
            return Err(Error::argument(
                at,
                &["a PEM or JWK text, expected a shared secret; pass it as a key, not as a secret"],
            )
            .spec("RFC 8725 §2.1"));
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

/// A JSON object with `kty` or `keys`, told without reading it whole.
fn is_jwk(text: &[u8]) -> bool {
    text.starts_with(b"{")
        && [&b"\"kty\""[..], b"\"keys\""].iter().any(|name| text.windows(name.len()).any(|part| part == *name))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
