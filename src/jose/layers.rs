//! What a token's layers are, and Canvas's wrapping: standard, padded base64 around a compact token.

use super::base64url;
use super::compact::{UntrustedJwe, UntrustedJws};

/// One layer of a token.
#[derive(Clone, Debug)]
pub enum Layer {
    /// Standard, padded base64 around a compact token.
    Base64,
    /// A signed layer.
    Jws(UntrustedJws),
    /// An encrypted layer; nothing inside it was read.
    Jwe(UntrustedJwe),
}

/// Removes Canvas's wrapping (standard, padded base64 around a compact token); other text is returned as it is.
#[must_use]
pub fn unwrap(token: &str) -> String {
    unwrapped(token).unwrap_or_else(|| token.to_owned())
}

/// Adds Canvas's wrapping: standard, padded base64.
#[must_use]
pub fn wrap(compact: &str) -> String {
    base64url::encode_standard(compact.as_bytes())
}

/// The compact token inside standard, padded base64.
pub(super) fn unwrapped(token: &str) -> Option<String> {
    if token.contains('.') {
        return None;
    }
    let inner = String::from_utf8(base64url::decode_standard(token)?).ok()?;
    looks_compact(&inner).then_some(inner)
}

/// Three or five parts of base64url characters, the first not empty.
pub(super) fn looks_compact(text: &str) -> bool {
    matches!(text.matches('.').count(), 2 | 4)
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// The text of these bytes where it is probably a token, perhaps a damaged one: three or five parts, and the beginning
/// of a JSON object in base64url.
pub(super) fn probable_token(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(bytes).ok()?;
    (matches!(text.matches('.').count(), 2 | 4) && text.starts_with("ey")).then_some(text)
}
