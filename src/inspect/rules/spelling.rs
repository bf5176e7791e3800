//! Claims that are missing because they are misspelt.

use strsim::osa_distance;

use crate::lti13::claims::short;

/// What is a claim of its own is no misspelt other one.
const REGISTERED: &[&str] = &["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce"];

/// No longer name is compared letter by letter.
const LONGEST: usize = 20;

/// Names that people write for a registered claim, in small letters and without what joins their words.
fn aliases(claim: &str) -> &'static [&'static str] {
    match claim {
        "iss" => &["issuer"],
        "sub" => &["subject", "clientid", "developerkey"],
        "aud" => &["audience", "url", "endpoint"],
        "exp" => &["expires", "expiration", "expiresat", "expiry", "expire", "expiresin"],
        "nbf" => &["notbefore"],
        "iat" => &["issuedat", "issued", "createdat"],
        "jti" => &["jwtid", "uuid", "id", "nonceid"],
        _ => &[],
    }
}

/// The name among these that was probably meant to be this one: the nearest, and the first of those.
pub(crate) fn meant_to_be<'a>(expected: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // In three letters two changes leave nothing to recognise.
    let allowed = if expected.len() <= 3 { 1 } else { 2 };
    names
        .filter(|name| !REGISTERED.contains(name))
        .filter_map(|name| distance(expected, name).map(|distance| (distance, name)))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How far a name is from the claim: 0 where only the case differs, else at least 1.
fn distance(expected: &str, name: &str) -> Option<usize> {
    if expected.contains("://") {
        return (name != expected && last_word(name) == last_word(expected)).then_some(1);
    }
    let lower = name.trim().to_ascii_lowercase();
    if lower == expected {
        return Some(0);
    }
    if aliases(expected).contains(&lower.replace(['-', ' ', '_'], "").as_str()) {
        return Some(1);
    }
    let is_short = |text: &str| text.chars().take(LONGEST + 1).count() <= LONGEST;
    (is_short(expected) && is_short(&lower)).then(|| osa_distance(expected, &lower).max(1))
}

/// What remains of a claim's URL that people get wrong: its last part in small letters, without what joins its words.
fn last_word(name: &str) -> String {
    short(name).to_ascii_lowercase().replace(['-', '_'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_recognised() {
        for (expected, names, found) in [
            ("iat", &["Iat", "exp"][..], Some("Iat")),
            ("iat", &["ait"], Some("ait")),
            ("iat", &["issued_at"], Some("issued_at")),
            ("exp", &["expires"], Some("expires")),
            ("exp", &["EXP", "expires"], Some("EXP")),
            ("exp", &["expires", "EXP"], Some("EXP")),
            ("exp", &["epx", "exo"], Some("epx")),
            ("aud", &["audience"], Some("audience")),
            ("aud", &["auds"], Some("auds")),
            ("sub", &["aud", "jti"], None),
            ("iat", &["exp", "name", "id"], None),
            ("nonce", &["nonse"], Some("nonse")),
            ("jti", &["xyz"], None),
            (
                "https://a.test/claim/content_items",
                &["x", "https://b.test/contentItems"],
                Some("https://b.test/contentItems"),
            ),
            ("https://a.test/claim/version", &["https://a.test/claim/versions"], None),
        ] {
            assert_eq!(meant_to_be(expected, names.iter().copied()), found, "{expected} {names:?}");
        }
    }
}
