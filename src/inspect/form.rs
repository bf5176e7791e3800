//! The text of a token as people paste it: what stands around it, what was done to it on its way. Each fault is
//! reported and mended, so that the rest can be read.

use percent_encoding::percent_decode_str;

use super::check::Check;
use crate::error::Code;
use crate::jose::{Fault, Finding, Found, MAX_TOKEN, stands_for_bits};
use crate::json::{self, FaultKind};

/// No word is as long as that.
const LONG: usize = 64;

/// What people put around a token, and URL-encode in it.
pub(super) const QUOTATION_MARKS: &[char] = &['"', '\'', '`', '“', '”', '‘', '’', '«', '»'];
const URL_ENCODED: &[&str] = &["2E", "3D", "2B", "2F", "2D", "5F", "0A", "0D", "20"];

/// The source of what a token looks like.
const COMPACT: &str = "RFC 7515 §7.1";

/// Gives the text mended, and reports what had to be.
pub(super) fn mend(raw: &str, checks: &mut Vec<Check>) -> String {
    let mut mending = Mending { text: raw.to_owned(), checks };
    mending.try_to(
        trimmed,
        "space",
        "white space stands around the token",
        "send the token without the white space around it",
    );
    mending.try_to(
        from_header,
        "bearer",
        "the token has \"Bearer \" in front of it",
        "send the token alone; Bearer belongs into the Authorization header",
    );
    mending.try_to(
        from_answer,
        "json-answer",
        "the token stands in a JSON object",
        "send the token alone, not the whole answer",
    );
    mending.try_to(unquoted, "quotes", "quotation marks stand around the token", "remove the quotation marks");
    mending.try_to(
        from_url,
        "url-encoding",
        "the token is URL-encoded (%2E for a dot, %3D for padding)",
        "decode the parameter once before using it",
    );
    mending.try_to(
        from_lines,
        "line-break",
        "line breaks or white space stand inside the token",
        "send it as one line",
    );
    mending.try_to(from_two, "twice", "the same token stands there twice, one behind the other", "send it once");
    let text = mending.text;
    if text.starts_with('{') { text } else { without_space(&text) }
}

/// A text on its way to the token in it.
struct Mending<'a> {
    text: String,
    checks: &'a mut Vec<Check>,
}

impl Mending<'_> {
    /// Removes a fault, where the text has it.
    fn try_to(&mut self, remove: fn(&str) -> Option<String>, id: &'static str, message: &str, fix: &str) {
        if let Some(mended) = remove(&self.text) {
            self.text = mended;
            self.checks.push(Check::fail(id, Code::TokenInvalid, message).at("token").spec(COMPACT).fix(fix));
        }
    }
}

fn trimmed(text: &str) -> Option<String> {
    unless_same(text, text.trim())
}

fn unquoted(text: &str) -> Option<String> {
    unless_same(text, text.trim_matches(QUOTATION_MARKS).trim())
}

/// What stands behind this beginning, in whatever case it is written.
pub(super) fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (found, rest) = text.split_at_checked(start.len())?;
    found.eq_ignore_ascii_case(start).then_some(rest)
}

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
    let is_code = |code: &str| URL_ENCODED.contains(&code.to_ascii_uppercase().as_str());
    let is_encoded = text.split('%').skip(1).any(|rest| rest.get(..2).is_some_and(is_code));
    let decoded = percent_decode_str(text).decode_utf8().ok().filter(|_| is_encoded)?;
    Some(decoded.trim().to_owned())
}

/// Mends white space inside one token. Two tokens with space between them are another fault, and words are no token,
/// whatever stands between them.
fn from_lines(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let is_twice = words.next() == words.next() && words.next().is_none();
    let is_token = !is_twice && !text.starts_with('{') && (text.contains('.') || text.len() > LONG);
    unless_same(text, &without_space(text)).filter(|_| is_token)
}

/// One of a token that stands there twice, with or without a character in between. One that is not signed may have a payload
/// that is its header again.
fn from_two(text: &str) -> Option<String> {
    let text = without_space(text);
    let is_token = |first: &&str| first.matches('.').count() >= 2 && first.chars().any(|c| c != '.');
    let first = text.get(..text.len() / 2).filter(is_token)?;
    text.ends_with(first).then(|| first.to_owned())
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Reports dots with nothing between them.
pub(super) fn only_dots() -> Check {
    Check::fail(
        "no-token",
        Code::TokenInvalid,
        "nothing stands between the dots, expected a token of 3 parts (JWS) or 5 (JWE)",
    )
    .at("token")
    .spec(COMPACT)
    .fix("send the whole token; the three parts of this one are empty")
}

/// Reports what the opener came upon.
pub(super) fn check_of(finding: &Finding) -> Check {
    let check = match &finding.what {
        Found::Fault(fault) => fault_check(fault),
        Found::Wrapping => Check::fail(
            "wrapping",
            Code::TokenInvalid,
            "base64 stands around the token, but not as Canvas wraps it: standard alphabet, padded with =",
        )
        .at("token")
        .spec("Canvas: JWTs API")
        .fix("send the token as Canvas gave it, its = included"),
        Found::JwsOfFiveParts { is_two_tokens: true } => {
            Check::fail("twice", Code::TokenInvalid, "two tokens stand there, one behind the other")
                .at("token")
                .spec(COMPACT)
                .fix("send one of them")
        }
        Found::JwsOfFiveParts { is_two_tokens: false } => Check::fail(
            "parts",
            Code::TokenInvalid,
            "there are five parts, but the header is that of a JWS, which has three",
        )
        .at("token")
        .spec(COMPACT)
        .fix("send header.payload.signature"),
        Found::NoClaims => Check::warn("payload", "the payload is no JSON object, so this is no JWT")
            .at("payload")
            .spec("RFC 7519 §7.2")
            .fix("put a JSON object of claims into the payload"),
        Found::TooManyLayers => {
            Check::warn("layers", "there are more layers than are opened").fix("look at the inner token by itself")
        }
    };
    Check { text: Some(finding.text), ..check }
}

fn fault_check(fault: &Fault) -> Check {
    match fault {
        Fault::PartCount { text, count } => wrong_parts(text, *count),
        Fault::Empty => wrong_parts("", 1),
        Fault::JsonSerialization => wrong_parts("{", 1),
        Fault::TooLarge { .. } => too_large(MAX_TOKEN),
        Fault::Encoding { part, text, error } => {
            let (id, fix) = wrong_encoding(text);
            let found = match error.message.as_str() {
                message if message.starts_with("the ") => format!("in the part {part}, {message}"),
                message => format!("the part {part} has {message}"),
            };
            Check::fail(id, error.code, found).at(*part).spec("RFC 7515 §2").fix(fix)
        }
        Fault::Json { part, fault } => json_fault(part, fault),
    }
}

/// Reports a text of more bytes than are read.
pub(super) fn too_large(most: usize) -> Check {
    Check::fail("size", Code::TokenInvalid, format!("the text has more than the {most} bytes that are read"))
        .at("token")
        .spec(COMPACT)
        .fix("send a smaller token")
}

/// Which fault the base64url of a part has, and what to do about it.
fn wrong_encoding(text: &str) -> (&'static str, &'static str) {
    if !text.trim_end_matches('=').chars().all(stands_for_bits) {
        ("character", "encode the part in base64url: A-Z a-z 0-9 - _")
    } else if text.contains(['+', '/']) {
        ("alphabet", "use the URL-safe alphabet: - for +, _ for /")
    } else if text.contains('=') {
        ("padding", "leave the padding (=) out")
    } else {
        ("cut-short", "send the whole token, unchanged")
    }
}

/// Reports why a part is no JSON object.
fn json_fault(part: &str, fault: &json::Fault) -> Check {
    let code = if part == "payload" { Code::JwtInvalid } else { Code::JwsInvalid };
    let (id, spec, fix) = match fault.kind {
        FaultKind::DuplicateName => {
            ("duplicate-name", "RFC 7515 §4", "write each name once; readers differ in which one they take")
        }
        FaultKind::Encoding => ("utf8", "RFC 7515 §5.2", "encode the JSON as UTF-8"),
        FaultKind::Syntax => ("json", "RFC 8259", "put one JSON object there, written by a JSON library"),
        FaultKind::NotAnObject => ("json", "RFC 7515", "put one JSON object there, written by a JSON library"),
    };
    let found = match fault.kind {
        FaultKind::Syntax => format!("the {part} is no JSON: {}", fault.message),
        FaultKind::NotAnObject => format!("the {part} is {}", fault.message),
        FaultKind::DuplicateName | FaultKind::Encoding => format!("in the {part}, {}", fault.message),
    };
    Check::fail(id, code, found).at(part).spec(spec).fix(fix)
}

/// Reports what a text is that has neither three nor five parts.
fn wrong_parts(text: &str, count: usize) -> Check {
    if text.starts_with('{') {
        return Check::fail(
            "json-serialization",
            Code::TokenInvalid,
            "this is a JSON serialization, expected the compact serialization of three or five parts",
        )
        .at("token")
        .spec("RFC 7515 §7.2")
        .fix("serialize the token compactly: header.payload.signature");
    }
    let (id, found, fix) = match count {
        1 if is_canvas_access_token(text) => (
            "parts",
            "this is a Canvas access token, which has nothing inside to read",
            "send it to Canvas as the bearer token it is",
        ),
        1 if text.is_empty() => ("parts", "there is no text", "send a token"),
        1 => ("parts", "there are no dots", "send the whole token, its dots included"),
        2 => (
            "cut-short",
            "there are two parts: the signature is missing",
            "send the whole token, its third part included",
        ),
        4 => ("cut-short", "there are four parts", "send the whole token, all five parts of it"),
        _ => ("parts", "there are more than five parts", "send one token"),
    };
    Check::fail(id, Code::TokenInvalid, format!("{found}; a token has 3 parts (JWS) or 5 (JWE) between dots"))
        .at("token")
        .spec(COMPACT)
        .fix(fix)
}

/// Whether it is digits, `~` and more, as Canvas's own access tokens are.
fn is_canvas_access_token(text: &str) -> bool {
    text.split_once('~').is_some_and(|(shard, rest)| {
        !rest.is_empty() && !shard.is_empty() && shard.bytes().all(|byte| byte.is_ascii_digit())
    })
}
