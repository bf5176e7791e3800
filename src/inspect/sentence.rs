//! What checks say, as sentences: each begins with a capital, names what it is about, and says who expects what.

use super::check::{Check, Outcome};
use super::kind::Kind;
use crate::lti13::claims::short;

const CLAIMS: &[&str] = &["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "azp"];
const PARAMETERS: &[&str] = &["alg", "enc", "kid", "typ", "zip", "crit"];

/// Makes sentences of a check's message and fix.
pub(super) fn sentences(check: &mut Check, kind: Kind) {
    let reader = kind.reader();
    let message = subject(check);
    let message = match check.outcome {
        Outcome::Fail => message.replacen(", expected ", &format!("; {reader} expects "), 1),
        _ => message.replacen(", expected ", "; it should be ", 1),
    };
    check.message = capitalized(&message);
    check.fix = check.fix.as_deref().map(capitalized);
}

/// The message with what it is about as its subject.
fn subject(check: &Check) -> String {
    let message = check.message.as_str();
    let first = message.split([' ', ':', ',', ';']).next().unwrap_or_default();
    let at = check.at.as_deref().unwrap_or_default();
    if let Some(rest) = message.strip_prefix("claim ") {
        return described("The claim", rest);
    }
    if let Some(rest) = message.strip_prefix("header ") {
        return described("The header's", &rest.replace('"', ""));
    }
    if let Some(claim) = at.strip_prefix("claims.") {
        // A claim's URL is named by its last part, and what is inside of it by its path.
        let name = short(claim);
        let is_name = !first.is_empty() && (name.starts_with(first) || name.ends_with(first));
        if is_name || CLAIMS.contains(&first) {
            return described("The claim", message);
        }
    }
    if CLAIMS.contains(&first) {
        return described("The claim", message);
    }
    if PARAMETERS.contains(&first) {
        return described("The header's", message);
    }
    message.to_owned()
}

/// What is said of a thing behind a colon, with a verb: `aud: a number` is that the claim aud is one.
fn described(what: &str, message: &str) -> String {
    let Some((name, said)) = message.split_once(": ").filter(|(name, _)| !name.contains(' ')) else {
        return format!("{what} {message}");
    };
    let first = said.split([' ', ',']).next().unwrap_or_default();
    let is_noun = ["a", "an", "null", "none", "not", "empty", "absent", "unknown", "another", "that", "more"];
    if is_noun.contains(&first) || first.starts_with('"') {
        format!("{what} {name} is {said}")
    } else if first.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{what} {name} has {said}")
    } else {
        format!("{what} {name} is wrong: {said}")
    }
}

pub(super) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A sentence as it goes on behind another; names keep their capitals.
pub(super) fn continued(text: &str) -> String {
    const NAMES: &[&str] = &["Canvas", "Bearer", "OAuth", "Instructure"];
    let first = text.split([' ', '\'']).next().unwrap_or_default();
    let is_name = NAMES.contains(&first) || first.chars().filter(|c| c.is_uppercase()).count() > 1;
    if is_name {
        return text.to_owned();
    }
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_message_becomes_a_sentence() {
        let fail = |message: &str, at: &str| Check::fail("x", Code::ClaimFailed, message).at(at).fix("set it");
        for (message, at, sentence) in [
            ("aud has a trailing slash", "claims.aud", "The claim aud has a trailing slash"),
            (
                "claim aud: a number, expected a string",
                "claims.aud",
                "The claim aud is a number; Canvas expects a string",
            ),
            ("claim aud: 2 audiences, expected one", "claims.aud", "The claim aud has 2 audiences; Canvas expects one"),
            ("claim iss: not the expected issuer", "claims.iss", "The claim iss is not the expected issuer"),
            (
                "claim context: id is absent, expected a text",
                "claims.https://x/context.id",
                "The claim context is wrong: id is absent; Canvas expects a text",
            ),
            ("alg is ES256, expected HS256", "header.alg", "The header's alg is ES256; Canvas expects HS256"),
            (
                "header \"alg\" is null, expected a string",
                "header.alg",
                "The header's alg is null; Canvas expects a string",
            ),
            (
                "custom.course is a variable",
                "claims.https://x/claim/custom.course",
                "The claim custom.course is a variable",
            ),
            (
                "content_items[0].title: a number",
                "claims.https://x/claim/content_items[0].title",
                "The claim content_items[0].title is a number",
            ),
            ("version is not 1.3.0", "claims.https://x/claim/version", "The claim version is not 1.3.0"),
            ("the token has expired", "claims.exp", "The token has expired"),
        ] {
            let mut check = fail(message, at);
            sentences(&mut check, Kind::Lti2Assertion);
            assert_eq!((check.message.as_str(), check.fix.as_deref()), (sentence, Some("Set it")));
        }
    }

    #[test]
    fn a_sentence_goes_on_behind_another() {
        assert_eq!(continued("The claim"), "the claim");
        assert_eq!(continued("Canvas's example"), "Canvas's example");
        assert_eq!(continued("JSON stands"), "JSON stands");
        assert_eq!(continued(""), "");
    }
}
