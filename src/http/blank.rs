//! Takes tokens and secrets out of what a server answered, before an error keeps it.

use super::message::{Body, Response};
use crate::json::{Json, Object};

/// How much of a text an error keeps, in characters.
const KEPT: usize = 500;

/// A word of so many characters is taken for a token, of whatever kind.
const LONG_WORD: usize = 40;

/// A token shorter than this would be found in other words, too.
const SHORTEST_TOKEN: usize = 8;

/// A value shorter than this, of a member that is named like a secret, says something about it instead.
const SHORTEST_SECRET: usize = 16;

/// What stands where a token or secret stood.
const BLANKED: &str = "[blanked]";

/// An answer in which this token is blanked, of whatever form it is.
#[must_use]
pub(crate) fn without(response: &Response, token: &str) -> Response {
    let mut response = response.clone();
    if token.len() < SHORTEST_TOKEN {
        return response;
    }
    for value in response.headers_mut().values_mut() {
        let blanked = core::str::from_utf8(value.as_bytes()).ok().map(|text| text.replace(token, BLANKED));
        if let Some(Ok(blanked)) = blanked.map(|text| text.as_bytes().try_into()) {
            *value = blanked;
        }
    }
    response.map(|body| Body::from(body.as_str().replace(token, BLANKED)))
}

/// Blanks tokens and secrets in a JSON value.
pub(super) fn json(value: &mut Json) {
    match value {
        Json::String(words) => *words = text(words),
        Json::Array(items) => items.iter_mut().for_each(json),
        Json::Object(object) => members(object),
        _ => {}
    }
}

fn members(object: &mut Object) {
    for (name, value) in object.values_mut() {
        match value {
            Json::String(text) if is_secret_name(name) && looks_secret(text) => BLANKED.clone_into(text),
            value => json(value),
        }
    }
    // A server that takes a form for something else repeats it as a name.
    let names: Vec<String> = object.iter().map(|(name, _)| text(name)).collect();
    if !names.iter().map(String::as_str).eq(object.iter().map(|(name, _)| name)) {
        let values = object.iter().map(|(_, value)| value.clone());
        *object = names.iter().map(String::as_str).zip(values).collect();
    }
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "assertion", "jwt", "password"].iter().any(|word| name.contains(word))
}

/// Long enough, and without the spaces of a sentence, to be a token rather than words about one.
fn looks_secret(text: &str) -> bool {
    text.len() >= SHORTEST_SECRET && !text.contains(' ')
}

/// The text cut to a readable length, with every word that may be a token blanked.
pub(crate) fn text(text: &str) -> String {
    let in_token = |c: char| c.is_ascii_alphanumeric() || "-_.+/=~".contains(c);
    let (mut out, mut left, mut rest) = (String::new(), KEPT, text);
    while left > 0 && !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(|c| !in_token(c)).unwrap_or(rest.len()));
        let (between, next) = after.split_at(after.find(in_token).unwrap_or(after.len()));
        // A word is never cut: the first characters of a token do not tell that it is one.
        let word = if looks_like_token(word) { BLANKED } else { word };
        out.push_str(word);
        left = left.saturating_sub(word.len());
        out.extend(between.chars().take(left));
        left = left.saturating_sub(between.len());
        rest = next;
    }
    out
}

/// Whether a word is as long as a token, or is a JWS or JWE, which begin with `ey` (`{"` in base64url).
fn looks_like_token(word: &str) -> bool {
    word.len() >= LONG_WORD || (word.starts_with("ey") && word.matches('.').count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_forty_characters_is_taken_for_a_token() {
        let word = "Ab3-_.+/=~".repeat(4);
        assert_eq!(text(&format!("got {word}!")), "got [blanked]!");
        let shorter = word.get(1..).unwrap();
        assert_eq!(text(&format!("got {shorter}!")), format!("got {shorter}!"));
        assert_eq!(text("eyJ.e30. and ey.e30"), "[blanked] and ey.e30");
    }

    #[test]
    fn a_member_that_is_named_like_a_secret_is_blanked() {
        for name in ["token", "tc_half_shared_secret", "Assertion", "id_JWT", "password"] {
            let mut object: Object = [(name, Json::from("1234567890abcdef"))].into_iter().collect();
            members(&mut object);
            assert_eq!(object.text(name), Some(BLANKED), "{name}");
            for words in ["1234567890abcde", "is required by the server"] {
                let mut object: Object = [(name, Json::from(words))].into_iter().collect();
                members(&mut object);
                assert_eq!(object.text(name), Some(words), "{name}");
            }
        }
    }

    #[test]
    fn names_that_are_the_same_once_blanked_are_one() {
        let names: Vec<String> = (0..100_000).map(|number| format!("{number:040}")).collect();
        let mut object: Object = names.iter().map(|name| (name.as_str(), Json::from(name.as_str()))).collect();
        assert_eq!(object.iter().len(), names.len());
        object.set("b", Json::Null);
        members(&mut object);
        assert_eq!(object.to_json(), r#"{"[blanked]":"[blanked]","b":null}"#);
    }

    #[test]
    fn a_token_given_as_a_name_is_blanked() {
        let name = format!("grant_type=x&assertion=eyJ.{}.AA", "e30".repeat(10));
        let mut object: Object = [(name.as_str(), Json::Null), ("b", Json::Null)].into_iter().collect();
        members(&mut object);
        let names: Vec<_> = object.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["grant_type=x&[blanked]", "b"]);
    }
}
