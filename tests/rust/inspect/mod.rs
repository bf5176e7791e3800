//! The inspector as the package runs it, with OpenSSL for the platform's crypto, and good tokens to spoil.

mod any_text;
mod claims;
mod encrypted;
mod form;
mod good;
mod header;
mod key;
mod kinds;
mod lti13;
mod mistakes;
mod paste;
mod reports;
mod spans;
mod spoilt;
mod verifying;

use canvas_lms_tokens::Error;
use canvas_lms_tokens::inspect::{Check, Opened, Options, Outcome, Report, Signature, open, open_as_sent, report};
use canvas_lms_tokens::jose::{Key, Keys, Material, Secret};

use crate::platform;

pub(crate) const NOW: f64 = 1_700_000_000.0;

/// A token, and what it is inspected with.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) token: String,
    pub(crate) with: With,
}

pub(crate) fn case(name: impl Into<String>, token: String, with: With) -> Case {
    Case { name: name.into(), token, with }
}

/// What a token is inspected with.
#[derive(Debug, Default)]
pub(crate) struct With {
    pub(crate) key: Option<Keys>,
    pub(crate) decryption_key: Option<Keys>,
    pub(crate) options: Options,
}

impl With {
    pub(crate) fn key(key: impl Into<Keys>) -> Self {
        Self { key: Some(key.into()), ..Self::at(NOW) }
    }

    pub(crate) fn at(now: f64) -> Self {
        Self { options: Options { now, ..Options::default() }, ..Self::default() }
    }
}

pub(crate) fn secret(text: &str) -> Keys {
    Key::secret(Secret::new(text.into(), "key").unwrap(), None).into()
}

pub(crate) fn inspect(token: &str, with: &With) -> Report {
    opened_and_inspected(token, with).1
}

/// Inspects a token as it was sent, with what stands around it.
pub(crate) fn inspect_as_sent(token: &str, with: &With) -> Report {
    inspected(token, open_as_sent(token), with).1
}

pub(crate) fn opened_and_inspected(token: &str, with: &With) -> (Opened, Report) {
    inspected(token, open(token), with)
}

fn inspected(token: &str, mut opened: Opened, with: &With) -> (Opened, Report) {
    while let (Some(encrypted), Some(keys)) = (opened.encrypted(), &with.decryption_key) {
        let plaintext = platform::decrypt(encrypted, keys);
        opened.decrypted(plaintext.as_ref().map(|(_, plaintext)| plaintext.as_slice()));
    }
    let answer: Option<Result<(), Error>> =
        opened.signed().zip(with.key.as_ref()).map(|(signed, keys)| platform::verify(signed, keys).map(|_| ()));
    let secret = with.key.as_ref().and_then(bytes);
    let signature = match &answer {
        None => Signature::NoKey,
        Some(Ok(())) => Signature::Right(secret),
        Some(Err(error)) => Signature::Wrong(error, secret),
    };
    let report = report(&opened, &signature, &with.options);
    assert_readable(&report);
    assert_discreet(&report, token, secret);
    (opened, report)
}

fn bytes(keys: &Keys) -> Option<&[u8]> {
    let Keys::One(key) = keys else { return None };
    match key.material() {
        Material::Secret(secret) | Material::Oct(secret) => Some(secret.as_bytes()),
        _ => None,
    }
}

/// Names of this package's functions and options, which no sentence has: a page shows them as they are.
const NAMES_OF_OURS: [&str; 9] = [
    "beginLaunch",
    "beginAuthorization",
    "verifyLaunch",
    "verifyNotice",
    "verifyJwt",
    "decryptionKey",
    "unwrap",
    "canvasAudience",
    "clockTolerance",
];

/// What holds for every report.
fn assert_readable(report: &Report) {
    let ranks: Vec<Outcome> = report.checks.iter().map(|check| check.outcome).collect();
    assert!(ranks.is_sorted(), "fails first: {ranks:?}");
    assert_eq!(report.outcome == "invalid", ranks.first() == Some(&Outcome::Fail), "{report:?}");
    assert_eq!(report.checks.iter().filter(|check| check.id == "kind").count(), 1, "{report:?}");
    for check in &report.checks {
        let Check { id, message, fix, code, .. } = check;
        let texts = [Some(message), fix.as_ref()];
        for text in texts.into_iter().flatten() {
            let is_sentence = !text.is_empty() && !text.ends_with('.') && !text.contains('\n');
            assert!(is_sentence && text.starts_with(char::is_uppercase), "{id}: {text}");
            assert!(!NAMES_OF_OURS.iter().any(|name| text.contains(name)), "{id}: {text}");
        }
        match check.outcome {
            Outcome::Fail => {
                let is_whole = fix.is_some() && code.is_some() && check.at.is_some() && check.spec.is_some();
                assert!(is_whole, "{check:?}");
            }
            Outcome::Warn => assert!(fix.is_some() && code.is_none(), "{check:?}"),
            Outcome::Pass | Outcome::Skip => assert!(code.is_none(), "{check:?}"),
        }
    }
    let summary = &report.summary;
    assert!(summary.starts_with(char::is_uppercase) && !summary.ends_with('.') && !summary.contains('\n'), "{summary}");
}

/// No message has a secret in it, a part of the token, or a claim of somebody's.
fn assert_discreet(report: &Report, token: &str, secret: Option<&[u8]>) {
    let checks = report.checks.iter();
    let texts = checks.flat_map(|check| [Some(&check.message), check.fix.as_ref(), check.at.as_ref()]).flatten();
    let text = texts.chain([&report.summary]).fold(String::new(), |all, text| all + text + "\n");
    let parts = token.split(['.', ' ']).filter(|part| part.len() >= 16);
    let secret = secret.and_then(|bytes| std::str::from_utf8(bytes).ok()).filter(|secret| secret.len() >= 12);
    for private in good::PRIVATE.into_iter().chain(parts).chain(secret) {
        assert!(!text.contains(private), "{private} in {text}");
    }
}

/// The first check, which must have this outcome, id, and words in its fix. (`reports` compares all of it.)
#[track_caller]
pub(crate) fn assert_first(name: &str, report: &Report, (outcome, id, fix): (Outcome, &str, &str)) {
    let first = &report.checks[0];
    let is_found =
        first.outcome == outcome && first.id == id && first.fix.as_deref().is_some_and(|text| has(text, fix));
    assert!(is_found, "{name}: expected {id} and \"{fix}\", found {:#?}", &report.checks[..2]);
}

/// Whether these words stand in the text, and no piece of one: `by 1000` is not in `by 1000000`.
fn has(text: &str, words: &str) -> bool {
    // They may be the first, which has a capital.
    let mut text = text.to_owned();
    text.get_mut(..1).into_iter().for_each(str::make_ascii_lowercase);
    let ends = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    text.match_indices(words).any(|(at, _)| ends(&text[at + words.len()..]))
}

/// The rows of a table in text: cells between bars.
pub(crate) fn rows<const N: usize>(table: &'static str) -> Vec<[&'static str; N]> {
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        cells.try_into().unwrap_or_else(|_| panic!("{N} cells: {line}"))
    };
    table.lines().map(str::trim).filter(|line| !line.is_empty()).map(row).collect()
}
