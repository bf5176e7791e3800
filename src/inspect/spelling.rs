//! Claims that are missing because they are misspelt.

/// Names that people write for a registered claim, in small letters and without what joins their words.
const ALIASES: [(&str, &[&str]); 7] = [
    ("iss", &["issuer"]),
    ("sub", &["subject", "clientid", "developerkey"]),
    ("aud", &["audience", "url", "endpoint"]),
    ("exp", &["expires", "expiration", "expiresat", "expiry", "expire", "expiresin"]),
    ("nbf", &["notbefore"]),
    ("iat", &["issuedat", "issued", "createdat"]),
    ("jti", &["jwtid", "uuid", "id", "nonceid"]),
];

const REGISTERED: [&str; 8] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce"];

/// The name among these that was probably meant to be this one.
pub(crate) fn meant_to_be<'a>(expected: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let aliases = ALIASES.iter().find(|(name, _)| *name == expected).map_or(&[][..], |(_, aliases)| aliases);
    let mut best: Option<(usize, &str)> = None;
    for name in names.filter(|name| !REGISTERED.contains(name)) {
        let lower = name.trim().to_ascii_lowercase();
        let distance = match () {
            () if lower == expected => 0,
            () if aliases.contains(&lower.replace(['-', ' ', '_'], "").as_str()) => 1,
            () if expected.len() > 20 => continue,
            () => distance(expected, &lower).max(1),
        };
        // In three letters two changes leave nothing to recognise.
        let allowed = if expected.len() <= 3 { 1 } else { 2 };
        if distance <= allowed && best.is_none_or(|(found, _)| distance < found) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// How many letters were changed, left out, added, or swapped with their neighbour (Damerau, 1964).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().take(24).collect());
    let mut before = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let cell = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let changed = cell(&row, j) + usize::from(x != y);
            let mut least = changed.min(cell(&row, j + 1) + 1).min(cell(&next, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(cell(&before, j - 1) + 1);
            }
            next.push(least);
        }
        before = core::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
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
