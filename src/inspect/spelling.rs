//! Claims that are missing because they are misspelt.

use super::text::changed;
use crate::error::text::is_one_of;

const REGISTERED: &str = "iss sub aud exp nbf iat jti nonce";

/// A registered claim, and names that people write for it, in small letters and without what joins their words.
const ALIASES: &str = "iss issuer|sub subject clientid developerkey|aud audience url endpoint\
                       |exp expires expiration expiresat expiry expire expiresin|nbf notbefore\
                       |iat issuedat issued createdat|jti jwtid uuid id nonceid";

fn is_alias(claim: &str, name: &str) -> bool {
    ALIASES.split('|').any(|row| row.split_once(' ').is_some_and(|(of, names)| of == claim && is_one_of(names, name)))
}

/// The name among these that was probably meant to be this one.
pub(crate) fn meant_to_be<'a>(expected: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // In three letters two changes leave nothing to recognise.
    let mut allowed = if expected.len() <= 3 { 1 } else { 2 };
    let mut best = None;
    for name in names.filter(|name| !is_one_of(REGISTERED, name)) {
        let lower = name.trim().to_ascii_lowercase();
        let joined = changed(&lower, &mut |c| (!matches!(c, '-' | ' ' | '_')).then_some(c));
        let distance = match () {
            () if lower == expected => 0,
            () if is_alias(expected, &joined) => 1,
            () if expected.len() > 20 => continue,
            () => distance(expected, &lower, allowed).max(1),
        };
        if distance <= allowed {
            best = Some(name);
            // Another one has to be nearer.
            let Some(nearer) = distance.checked_sub(1) else { break };
            allowed = nearer;
        }
    }
    best
}

/// How many letters were changed, left out, added, or swapped with their neighbour (Damerau, 1964); more than `most`
/// are not counted to the end.
fn distance(a: &str, b: &str, most: usize) -> usize {
    let ((x, a_rest), (y, b_rest)) = (first(a), first(b));
    if x == y {
        return if x.is_none() { 0 } else { distance(a_rest, b_rest, most) };
    }
    let Some(most) = most.checked_sub(1) else { return 1 };
    let ((x2, a_behind), (y2, b_behind)) = (first(a_rest), first(b_rest));
    let swapped = if x == y2 && x2 == y { distance(a_behind, b_behind, most) } else { most + 1 };
    let changed = distance(a_rest, b_rest, most).min(swapped);
    1 + changed.min(distance(a, b_rest, most)).min(distance(a_rest, b, most))
}

/// The first letter, and what stands behind it.
fn first(text: &str) -> (Option<char>, &str) {
    let mut letters = text.chars();
    (letters.next(), letters.as_str())
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
            ("aud", &["audience"], Some("audience")),
            ("aud", &["auds"], Some("auds")),
            ("sub", &["aud", "jti"], None),
            ("iat", &["exp", "name", "id"], None),
            ("nonce", &["nonse"], Some("nonse")),
            ("jti", &["xyz"], None),
        ] {
            assert_eq!(meant_to_be(expected, names.iter().copied()), found, "{expected} {names:?}");
        }
    }
}
