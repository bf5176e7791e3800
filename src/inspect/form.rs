//! The text of a token as people paste it: what stands around it, what was done to it on its way. Each fault is
//! reported and mended, so that the rest can be read.

use percent_encoding::percent_decode_str;

use super::check::Check;
use crate::error::Code;
use crate::jose::{base64url, json_read};

/// No word is as long as that.
const LONG: usize = 64;

/// The text mended, and what had to be.
pub(crate) struct Mended {
    pub(crate) text: String,
    pub(crate) checks: Vec<Check>,
}

pub(crate) fn mend(raw: &str) -> Mended {
    let mut mended = Mended { text: raw.to_owned(), checks: Vec::new() };
    let text = raw.trim();
    if text.len() != raw.len() {
        mended.fault("space", "white space around the token", "send the token without the white space around it");
    }
    let scheme = after(after(text, "authorization:").unwrap_or(text).trim_start(), "bearer ");
    if scheme.is_some() {
        let fix = "send the token alone; Bearer belongs into the Authorization header";
        mended.fault("bearer", "\"Bearer \" in front of the token", fix);
    }
    scheme.unwrap_or(text).trim().clone_into(&mut mended.text);
    mended.answer();
    mended.quotes();
    mended.url_encoding();
    mended.line_breaks();
    mended.twice();
    mended
}

/// What stands behind this beginning, in whatever case it is written.
fn after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    let (found, rest) = text.split_at_checked(start.len())?;
    found.eq_ignore_ascii_case(start).then_some(rest)
}

impl Mended {
    fn fault(&mut self, id: &'static str, message: &str, fix: &str) {
        self.checks.push(Check::fail(id, Code::TokenInvalid, &[message], fix).at("token").spec("RFC 7515 §7.1"));
    }

    /// A whole answer of Canvas's, such as `{"token":"…"}`.
    fn answer(&mut self) {
        let Ok(answer) = json_read::read_object(self.text.as_bytes()) else { return };
        let names = ["token", "access_token", "id_token", "assertion", "JWT"];
        if let Some(token) = names.iter().find_map(|name| answer.text(name)) {
            token.clone_into(&mut self.text);
            self.fault(
                "json-answer",
                "a JSON object with the token in it",
                "send the token alone, not the whole answer",
            );
        }
    }

    fn quotes(&mut self) {
        let is_quote = |c: char| matches!(c, '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '«' | '»');
        let inner = self.text.trim_matches(is_quote).trim();
        if inner.len() != self.text.len() {
            self.text = inner.to_owned();
            self.fault("quotes", "quotation marks around the token", "remove the quotation marks");
        }
    }

    fn url_encoding(&mut self) {
        let upper = self.text.to_ascii_uppercase();
        if !["%2E", "%3D", "%2B", "%2F", "%2D", "%5F", "%0A", "%0D", "%20"].iter().any(|code| upper.contains(code)) {
            return;
        }
        self.text = percent_decode_str(&self.text).decode_utf8_lossy().trim().to_owned();
        self.fault(
            "url-encoding",
            "the token is URL-encoded (%2E for a dot, %3D for padding)",
            "decode the parameter once before using it",
        );
    }

    fn line_breaks(&mut self) {
        if !self.text.contains(char::is_whitespace) || self.text.starts_with('{') {
            return;
        }
        // Two tokens with space between them are the next fault.
        let mut words = self.text.split_whitespace();
        if let (Some(first), Some(second), None) = (words.next(), words.next(), words.next())
            && first == second
        {
            self.text = [first, second].concat();
            return;
        }
        // Words are no token, whatever stands between them.
        let is_token = self.text.contains('.') || self.text.len() > LONG;
        self.text.retain(|c| !c.is_whitespace());
        if !is_token {
            return;
        }
        self.fault("line-break", "line breaks or white space inside the token", "send it as one line");
    }

    fn twice(&mut self) {
        // With or without a character between them.
        let (half, length) = (self.text.len() / 2, self.text.len());
        let first = self.text.get(..half).filter(|first| first.contains('.'));
        if let Some(first) = first.filter(|first| self.text.get(length - half..) == Some(*first)) {
            self.text = first.to_owned();
            self.fault("twice", "the same token twice, one behind the other", "send it once");
        }
    }
}

/// A part's bytes: strictly, or else as far as they can be guessed, with what is wrong.
pub(crate) fn part(name: &str, text: &str, checks: &mut Vec<Check>) -> Option<Vec<u8>> {
    let error = match base64url::decode(text) {
        Ok(bytes) => return Some(bytes),
        Err(error) => error,
    };
    let has = |characters: &[char]| text.contains(characters);
    let (id, fix) = match () {
        () if text.trim_end_matches('=').contains(|c: char| !(c.is_ascii_alphanumeric() || "-_+/".contains(c))) => {
            ("character", "encode the part in base64url: A-Z a-z 0-9 - _")
        }
        () if has(&['+', '/']) => ("alphabet", "use the URL-safe alphabet: - for +, _ for /"),
        () if has(&['=']) => ("padding", "leave the padding (=) out"),
        () => ("cut-short", "send the whole token, unchanged"),
    };
    let mut check = Check::of_error(id, &error, fix).at(name);
    check.message = ["the part ", name, ": ", &error.message].concat();
    checks.push(check);
    let mut guess: String = text.replace('+', "-").replace('/', "_");
    guess.retain(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let whole = guess.len() - usize::from(guess.len() % 4 == 1);
    // Stray bits of the last character do not matter to a guess.
    (0..64).find_map(|bits| {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let head = guess.get(..whole.checked_sub(1)?)?;
        let last = if bits == 0 {
            guess.get(whole - 1..whole)?.to_owned()
        } else {
            char::from(*alphabet.get(bits)?).to_string()
        };
        base64url::decode(&[head, &last].concat()).ok()
    })
}

/// What a text is that has neither three nor five parts.
pub(crate) fn wrong_parts(text: &str, count: usize) -> Check {
    if text.starts_with('{') {
        let message = ["a JSON serialization, expected the compact serialization of three or five parts"];
        let fix = "serialize the token compactly: header.payload.signature";
        return Check::fail("json-serialization", Code::TokenInvalid, &message, fix).at("token").spec("RFC 7515 §7.2");
    }
    let is_opaque = |(shard, rest): (&str, &str)| {
        !rest.is_empty() && !shard.is_empty() && shard.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (found, id, fix) = match count {
        1 if text.split_once('~').is_some_and(is_opaque) => (
            "a Canvas access token, which has nothing inside to read".to_owned(),
            "parts",
            "send it to Canvas as the bearer token it is",
        ),
        1 if text.is_empty() => ("an empty text".to_owned(), "parts", "send a token"),
        1 => ("no dots".to_owned(), "parts", "send the whole token, its dots included"),
        2 => (
            "two parts: the signature is missing".to_owned(),
            "cut-short",
            "send the whole token, its third part included",
        ),
        4 => ("four parts".to_owned(), "cut-short", "send the whole token, all five parts of it"),
        _ => ("more than five parts".to_owned(), "parts", "send one token"),
    };
    Check::fail(id, Code::TokenInvalid, &[&found, ", expected 3 parts (JWS) or 5 (JWE) between dots"], fix)
        .at("token")
        .spec("RFC 7515 §7.1")
}
