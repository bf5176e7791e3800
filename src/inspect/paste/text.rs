//! What a token looks like, alone and among other text.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::inspect::form::{QUOTATION_MARKS, after};
use crate::jose::{base64url, stands_for_bits};
use crate::json;

/// Whether the text is a token, perhaps with faults that the opener reports: white space, quotation marks or a scheme
/// around it, and anything inside or behind it. Two tokens are not one.
pub(super) fn stands_alone(text: &str) -> bool {
    let start = text.trim().trim_matches(QUOTATION_MARKS);
    let start = after(start, "bearer ").unwrap_or(start).trim_start();
    // A JSON object in base64, and that in base64.
    !are_several(text) && ["ey", "ew", "ZX"].iter().any(|beginning| start.starts_with(beginning))
}

/// Whether white space stands between tokens that differ.
fn are_several(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| is_word(word));
    let first = words.next();
    words.any(|word| Some(word) != first)
}

/// Whether a text is a compact token, or Canvas's base64 around one; both may be broken into lines.
pub(super) fn is_token(text: &str) -> bool {
    let text = text.trim().trim_matches(QUOTATION_MARKS);
    let text = after(text, "bearer ").unwrap_or(text).trim();
    if !text.contains(char::is_whitespace) {
        return is_word(text);
    }
    let joined: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    is_word(&joined) && !are_several(text)
}

/// Whether a text without white space is a token.
fn is_word(text: &str) -> bool {
    let text = decoded(text);
    if text.contains('.') {
        return is_compact(&text);
    }
    if !text.starts_with("ZX") {
        return false;
    }
    let inner = base64url::decode_standard(&text).or_else(|| base64url::decode(text.trim_end_matches('=')).ok());
    inner.and_then(|inner| String::from_utf8(inner).ok()).is_some_and(|inner| is_compact(&inner))
}

fn decoded(text: &str) -> Cow<'_, str> {
    if text.contains('%') { percent_decode_str(text).decode_utf8_lossy() } else { Cow::Borrowed(text) }
}

/// Two dots or more, and before the first of them a header in base64url.
fn is_compact(text: &str) -> bool {
    let Some((protected, rest)) = text.split_once('.') else { return false };
    let is_of_token = |c: char| stands_for_bits(c) || matches!(c, '.' | '=');
    protected.starts_with('e')
        && rest.contains('.')
        && rest.chars().all(is_of_token)
        && base64url::decode(protected.trim_end_matches('=')).is_ok_and(|bytes| is_header(&bytes))
}

fn is_header(bytes: &[u8]) -> bool {
    json::read_object(bytes).is_ok_and(|header| header.get("alg").is_some())
}

/// The tokens in a text, with the name that stands before one and `=`. Only what stands between words counts: of a token
/// with another character in it, the rest is not one.
pub(super) fn tokens_in(text: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let is_between = |c: char| c.is_whitespace() || "\"'`<>()[]{},;:&?#|\\".contains(c);
    text.split(is_between).filter_map(token_in)
}

/// The token in a text without white space.
fn token_in(text: &str) -> Option<(Option<&str>, &str)> {
    let text = text.trim_start_matches(['.', '/']).trim_end_matches(['.', '/']);
    if is_token(text) {
        return Some((None, text));
    }
    let start = text.trim_end_matches('=').rfind('=').map_or(0, |place| place + 1);
    let (name, value) = text.split_at_checked(start)?;
    let token = if is_token(value) { value } else { value.split('/').find(|segment| is_token(segment))? };
    let name = name.trim_end_matches('=');
    let is_name = |name: &&str| !name.is_empty() && name.len() <= 100;
    Some((Some(name).filter(is_name), token))
}
