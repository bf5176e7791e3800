//! A token's layers, read without trust: base64 around a compact token (as Canvas sends them), a JWS, a JWS inside its
//! payload, a JWE at which reading stops.

use super::base64url;
use super::compact::{Compact, UntrustedJwe, UntrustedJws};
use super::header::Header;
use crate::error::{Error, Result};
use crate::json;
use crate::json::Object;

/// How many layers are opened.
const MAX_LAYERS: usize = 8;

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

/// A token taken apart, nothing of it verified.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Outermost first.
    pub layers: Vec<Layer>,
    /// Of the innermost layer that can be read.
    pub header: Header,
    /// The claims set with its text as sent; absent when encrypted, or when the payload is no JSON object.
    pub claims: Option<(Object, String)>,
}

/// Takes a token apart. Surrounding white space and a leading `Bearer ` are removed first.
///
/// ```
/// let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjkwMDAwMDAwMDAwMDAwMDAxfQ.AA";
/// let decoded = canvas_lms_tokens::jose::decode(token)?;
/// let (_, text) = decoded.claims.expect("a claims set");
/// assert_eq!(text, r#"{"sub":90000000000000001}"#);
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
///
/// # Errors
/// `ERR_TOKEN_INVALID`, with `at`, for what is no token and for duplicate JSON names.
pub fn decode(token: &str) -> Result<Decoded> {
    let mut layers = Vec::new();
    let mut token = strip(token).to_owned();
    loop {
        if let Some(inner) = unwrapped(&token) {
            token = inner;
            layers.push(Layer::Base64);
            continue;
        }
        let (jws, header) = match Compact::parse(&token)? {
            Compact::Jwe(jwe) => {
                let header = jwe.header.clone();
                layers.push(Layer::Jwe(jwe));
                return Ok(Decoded { layers, header, claims: None });
            }
            Compact::Jws(jws) => {
                let header = jws.header.clone();
                (jws, header)
            }
        };
        let nested = nested_token(&jws.payload).filter(|_| layers.len() < MAX_LAYERS);
        let claims = if nested.is_none() { claims(&jws.payload)? } else { None };
        layers.push(Layer::Jws(jws));
        match nested {
            Some(inner) => token = inner,
            None => return Ok(Decoded { layers, header, claims }),
        }
    }
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

/// Without surrounding white space and a leading `Bearer `.
fn strip(token: &str) -> &str {
    let token = token.trim();
    match token.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer ") => rest.trim_start(),
        _ => token,
    }
}

fn unwrapped(token: &str) -> Option<String> {
    if token.as_bytes().contains(&b'.') {
        return None;
    }
    let inner = String::from_utf8(base64url::decode_standard(token)?).ok()?;
    looks_compact(&inner).then_some(inner)
}

/// Three or five parts of base64url characters, the first not empty.
fn looks_compact(text: &str) -> bool {
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    (dots == 2 || dots == 4)
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A token as the payload (RFC 7519 §5.2, nested JWT), told by its shape: Canvas sends no `cty`.
fn nested_token(payload: &[u8]) -> Option<String> {
    if payload.first() == Some(&b'{') {
        return None;
    }
    let text = core::str::from_utf8(payload).ok()?;
    let token = unwrap(text);
    (looks_compact(&token) && Compact::parse(&token).is_ok()).then(|| text.to_owned())
}

/// The claims set, where the payload is a JSON object. An object with a fault in it is an error: its reader would be
/// misled by half of it.
fn claims(payload: &[u8]) -> Result<Option<(Object, String)>> {
    if payload.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Ok(None);
    }
    match json::read_text(payload) {
        Ok((claims, text)) => Ok(Some((claims, text.to_owned()))),
        Err(fault) => {
            let error = Error::from(fault);
            let spec = error.spec.unwrap_or("RFC 7519 §7.2");
            Err(error.within("the payload: ", "payload").spec(spec))
        }
    }
}
