//! Where in the inspected text its parts, header members, claims and checks stand: what a page or an editor marks.
//! Counted in UTF-16 code units of the text as it was given, through mends and base64; what was encrypted stands nowhere
//! in it.

use serde::Serialize;

use super::check::{Check, Span, shown};
use super::open::Opened;
use super::places::{Given, Places, span};
use crate::jose::{TextRead, base64url, guessed_bytes, split, stands_for_bits};
use crate::json;

/// A part of a compact token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The place of its token among the layers, outermost 0; none where that token could not be decoded whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<usize>,
    /// Its name (RFC 7515 §7.2.2, RFC 7516 §7.2.2): `protected`, `payload`, `signature`; `protected`, `encrypted_key`,
    /// `iv`, `ciphertext`, `tag`.
    pub name: &'static str,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Its JSON text, where it is JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<String>,
    /// The members of its JSON object: header parameters or claims.
    pub members: Vec<Member>,
}

/// A header parameter or claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// The characters that hold it, from the quotation mark before its name to the end of its value. As three bytes of
    /// JSON are four characters, the first and last of these may hold bits of its neighbours too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Gives each check its span, and the parts of every token that was read, outermost first.
pub(super) fn locate(opened: &Opened, checks: &mut [Check]) -> Vec<Part> {
    let texts = located_texts(opened);
    for check in checks {
        check.span = span_of(check, &texts, opened);
    }
    texts.into_iter().flat_map(|text| text.parts).collect()
}

/// One of the texts that were opened.
struct Located {
    span: Option<Span>,
    parts: Vec<Part>,
}

/// The span of what this check is about.
fn span_of(check: &Check, texts: &[Located], opened: &Opened) -> Option<Span> {
    let at = check.at.as_deref()?;
    if at == "token" {
        let found = opened.found.as_ref().filter(|_| check.id != "no-token").and_then(|found| found.span);
        let whole = found.unwrap_or_else(|| Span { start: 0, end: opened.given.encode_utf16().count() });
        // Without a text of its own, the check is about all that was given.
        let Some(text) = texts.get(check.text.unwrap_or_default()) else { return Some(whole) };
        let is_inside = opened.outside.is_some_and(|outside| check.text.is_some_and(|text| text >= outside));
        return if is_inside { None } else { Some(text.span.unwrap_or(whole)) };
    }
    let parts = match check.text {
        Some(text) => &texts.get(text)?.parts,
        // What was encrypted may be a claims set, which is no text of its own.
        None if opened.outside.is_some_and(|outside| outside == texts.len()) => return None,
        None => &texts.last()?.parts,
    };
    let (part, member) = match at.split_once('.') {
        Some((part, member)) => (part, Some(member)),
        None => (at, None),
    };
    let name = match part {
        "header" => "protected",
        "claims" => "payload",
        "encryptedKey" => "encrypted_key",
        part => part,
    };
    let part = parts.iter().find(|part| part.name == name)?;
    match member {
        Some(member) => member_at(&part.members, member)?.span,
        None => part.span,
    }
}

/// The member that a check is about, which names it as it shows it, or in full, and where inside it the fault is.
fn member_at<'a>(members: &'a [Member], at: &str) -> Option<&'a Member> {
    let is_inside =
        |name: &str| at.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    let shown = members.iter().find(|known| shown(&known.name) == at);
    shown.or_else(|| members.iter().filter(|known| is_inside(&known.name)).max_by_key(|known| known.name.len()))
}

/// The texts that were opened, outermost first.
fn located_texts(opened: &Opened) -> Vec<Located> {
    let mut located = Vec::new();
    let mut places = opened.texts.first().and_then(|token| Given::new(&opened.given).places_of(&token.text));
    for (index, read) in opened.texts.iter().enumerate() {
        let of_text = places.take().filter(|_| opened.outside.is_none_or(|outside| index < outside));
        let span = of_text.as_ref().and_then(|places| span(places, 0..read.text.len()));
        let mut parts = Vec::new();
        if read.is_wrapping {
            places = of_text.map(|places| places_of_bytes(&read.text, &places));
        } else {
            (parts, places) = located_parts(read, of_text.as_deref());
        }
        located.push(Located { span, parts });
    }
    located
}

/// The parts of a compact token, and where the bytes of its payload stand.
fn located_parts(read: &TextRead, places: Option<&[Span]>) -> (Vec<Part>, Option<Places>) {
    let mut parts = Vec::new();
    let mut of_payload = None;
    let mut start = 0;
    for (name, text) in names(read.parts).iter().zip(split(&read.text)) {
        let bytes = start..start + text.len();
        start = bytes.end + 1;
        let span = places.and_then(|places| span(places, bytes.clone()));
        let of_bytes = places.and_then(|places| places.get(bytes)).map(|places| places_of_bytes(text, places));
        parts.push(Part { layer: read.layer, span, ..part(name, text, of_bytes.as_deref()) });
        if *name == "payload" {
            of_payload = of_bytes;
        }
    }
    (parts, of_payload)
}

/// The names of a token's parts, by how many there are.
fn names(count: usize) -> &'static [&'static str] {
    match count {
        5 => &["protected", "encrypted_key", "iv", "ciphertext", "tag"],
        _ => &["protected", "payload", "signature"],
    }
}

/// What is in a part; `places` are those of its bytes.
fn part(name: &'static str, text: &str, places: Option<&[Span]>) -> Part {
    let is_json = matches!(name, "protected" | "payload");
    let json = is_json.then(|| json_text(text)).flatten();
    let spans = json.as_deref().map(json::spans).unwrap_or_default();
    let member = |(name, range)| Member { name, span: places.and_then(|places| span(places, range)) };
    Part { layer: None, name, span: None, members: spans.into_iter().map(member).collect(), json }
}

/// The JSON text in a part, where it is JSON.
fn json_text(part: &str) -> Option<String> {
    let bytes = base64url::decode(part).ok().or_else(|| guessed_bytes(part))?;
    let text = String::from_utf8(bytes).ok()?;
    json::read(&text).is_ok().then_some(text)
}

/// Where the bytes stand that this base64 text encodes: byte n begins in character 4n/3 and ends before 4(n+1)/3, rounded
/// up. Characters that stand for no bits are not counted.
fn places_of_bytes(text: &str, places: &[Span]) -> Places {
    let with_bits: Vec<Span> = text
        .char_indices()
        .filter(|(_, c)| stands_for_bits(*c))
        .filter_map(|(at, _)| places.get(at).copied())
        .collect();
    let bytes = with_bits.len() * 3 / 4;
    (0..bytes).filter_map(|byte| span(&with_bits, byte * 4 / 3..((byte + 1) * 4).div_ceil(3))).collect()
}
