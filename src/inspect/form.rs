//! The text of a token as people paste it: what stands around it, what was done to it on its way. Each fault is
//! reported and mended, so that the rest can be read.

use super::check::{Check, Checks};
use super::text::{changed, unquoted};
use crate::error::text::{contains, is_one_of};
use crate::error::{Code, Error};
use crate::http;
use crate::jose::base64url;
use crate::json;

/// No word is as long as that.
const LONG: usize = 64;

/// Gives the text mended, and reports what had to be.
pub(crate) fn mend(raw: &str, checks: &mut Checks) -> String {
    let mut text = raw.to_owned();
    for (mend, line) in MENDS {
        if let Some(mended) = mend(&text) {
            text = mended;
            checks.fail(Code::TokenInvalid, line, &[]);
        }
    }
    if text.starts_with('{') { text } else { without_space(&text) }
}

/// What stands behind this beginning, in whatever case it is written.
fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (found, rest) = text.split_at_checked(start.len())?;
    found.eq_ignore_ascii_case(start).then_some(rest)
}

/// Gives the text without a fault, where it has that.
type Mend = fn(&str) -> Option<String>;

static MENDS: [(Mend, &str); 7] = [
    (
        |text| unless_same(text, text.trim()),
        "space|token|RFC 7515 §7.1|white space around the token|send the token without the white space around it",
    ),
    (
        from_header,
        "bearer|token|RFC 7515 §7.1|\"Bearer \" in front of the token\
         |send the token alone; Bearer belongs into the Authorization header",
    ),
    (
        from_answer,
        "json-answer|token|RFC 7515 §7.1|a JSON object with the token in it|send the token alone, not the whole answer",
    ),
    (
        |text| unless_same(text, unquoted(text, "\"'`“”‘’«»").trim()),
        "quotes|token|RFC 7515 §7.1|quotation marks around the token|remove the quotation marks",
    ),
    (
        from_url,
        "url-encoding|token|RFC 7515 §7.1|the token is URL-encoded (%2E for a dot, %3D for padding)\
         |decode the parameter once before using it",
    ),
    (from_lines, "line-break|token|RFC 7515 §7.1|line breaks or white space inside the token|send it as one line"),
    (from_two, "twice|token|RFC 7515 §7.1|the same token twice, one behind the other|send it once"),
];

fn unless_same(text: &str, mended: &str) -> Option<String> {
    (mended.len() != text.len()).then(|| mended.to_owned())
}

fn from_header(text: &str) -> Option<String> {
    let token = after(after(text, "authorization:").unwrap_or(text).trim_start(), "bearer ")?;
    Some(token.trim().to_owned())
}

/// A whole answer of Canvas's, such as `{"token":"…"}`.
fn from_answer(text: &str) -> Option<String> {
    let answer = json::read_object(text.as_bytes()).ok()?;
    let names = ["token", "access_token", "id_token", "assertion", "JWT"];
    names.iter().find_map(|name| answer.text(name)).map(str::to_owned)
}

fn from_url(text: &str) -> Option<String> {
    let is_code = |code: &str| is_one_of("2E 3D 2B 2F 2D 5F 0A 0D 20", &code.to_ascii_uppercase());
    let is_encoded = text.split('%').skip(1).any(|rest| rest.get(..2).is_some_and(is_code));
    let decoded = http::percent_decoded(text).filter(|_| is_encoded)?;
    Some(decoded.trim().to_owned())
}

/// Mends white space inside one token. Two tokens with space between them are another fault, and words are no token,
/// whatever stands between them.
fn from_lines(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let is_twice = words.next() == words.next() && words.next().is_none();
    let is_token = !is_twice && !text.starts_with('{') && (text.as_bytes().contains(&b'.') || text.len() > LONG);
    unless_same(text, &without_space(text)).filter(|_| is_token)
}

/// One of a token that stands there twice, with or without a character in between.
fn from_two(text: &str) -> Option<String> {
    let text = without_space(text);
    let first = text.get(..text.len() / 2).filter(|first| first.as_bytes().contains(&b'.'))?;
    text.ends_with(first).then(|| first.to_owned())
}

fn without_space(text: &str) -> String {
    changed(text, &mut |c| (!c.is_whitespace()).then_some(c))
}

/// A part's bytes: strictly, or else as far as they can be guessed, with what is wrong.
pub(crate) fn part(name: &str, text: &str, checks: &mut Checks) -> Option<Vec<u8>> {
    let error = match base64url::decode(text) {
        Ok(bytes) => return Some(bytes),
        Err(error) => error,
    };
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/".contains(&byte);
    let line = match () {
        () if !text.trim_end_matches('=').bytes().all(is_known) => {
            "character|{0}|RFC 7515 §2|the part {0}: {1}|encode the part in base64url: A-Z a-z 0-9 - _"
        }
        () if text.bytes().any(|byte| b"+/".contains(&byte)) => {
            "alphabet|{0}|RFC 7515 §2|the part {0}: {1}|use the URL-safe alphabet: - for +, _ for /"
        }
        () if text.as_bytes().contains(&b'=') => "padding|{0}|RFC 7515 §2|the part {0}: {1}|leave the padding (=) out",
        () => "cut-short|{0}|RFC 7515 §2|the part {0}: {1}|send the whole token, unchanged",
    };
    checks.fail(error.code, line, &[name, &error.message]);
    let guess = changed(text, &mut |c| match c {
        '+' => Some('-'),
        '/' => Some('_'),
        c => (c.is_ascii_alphanumeric() || c == '-' || c == '_').then_some(c),
    });
    let whole = guess.len() - usize::from(guess.len() % 4 == 1);
    // Stray bits of the last character do not matter to a guess: E has none behind two others, Q none behind one.
    let (head, rest) = guess.split_at_checked(whole.checked_sub(1)?)?;
    let last = rest.get(..1)?;
    [last, "E", "Q"].iter().find_map(|last| base64url::decode(&[head, last].concat()).ok())
}

/// Reports why a part is no JSON object.
pub(crate) fn json_fault(part: &str, error: &Error, checks: &mut Checks) {
    let says = |words: &str| contains(&error.message, words);
    let (id, fix) = match () {
        () if says("stands twice") => ("duplicate-name", "write each name once; readers differ in which one they take"),
        () if says("UTF-8") => ("utf8", "encode the JSON as UTF-8"),
        () => ("json", "put one JSON object there, written by a JSON library"),
    };
    checks.list.push(Check {
        message: ["the ", part, ": ", &error.message].concat(),
        code: Some(if part == "payload" { Code::JwtInvalid } else { Code::JwsInvalid }),
        at: Some(part.to_owned()),
        ..Check::of_error(id, error, fix)
    });
}

/// Reports what a text is that has neither three nor five parts.
pub(crate) fn wrong_parts(text: &str, count: usize, checks: &mut Checks) {
    const PARTS: &str = "parts|token|RFC 7515 §7.1|{0}, expected 3 parts (JWS) or 5 (JWE) between dots|{1}";
    const CUT: &str = "cut-short|token|RFC 7515 §7.1|{0}, expected 3 parts (JWS) or 5 (JWE) between dots|{1}";
    if text.starts_with('{') {
        return checks.fail(
            Code::TokenInvalid,
            "json-serialization|token|RFC 7515 §7.2\
             |a JSON serialization, expected the compact serialization of three or five parts\
             |serialize the token compactly: header.payload.signature",
            &[],
        );
    }
    let is_opaque = |(shard, rest): (&str, &str)| {
        !rest.is_empty() && !shard.is_empty() && shard.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (line, found, fix) = match count {
        1 if text.split_once('~').is_some_and(is_opaque) => (
            PARTS,
            "a Canvas access token, which has nothing inside to read",
            "send it to Canvas as the bearer token it is",
        ),
        1 if text.is_empty() => (PARTS, "an empty text", "send a token"),
        1 => (PARTS, "no dots", "send the whole token, its dots included"),
        2 => (CUT, "two parts: the signature is missing", "send the whole token, its third part included"),
        4 => (CUT, "four parts", "send the whole token, all five parts of it"),
        _ => (PARTS, "more than five parts", "send one token"),
    };
    checks.fail(Code::TokenInvalid, line, &[found, fix]);
}
