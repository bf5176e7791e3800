//! What can be told of an encrypted token without its key, and mistakes in it.

use canvas_lms_tokens::Result;
use canvas_lms_tokens::inspect::Outcome::{Fail, Skip, Warn};
use canvas_lms_tokens::inspect::{Outcome, Report};
use canvas_lms_tokens::jose::{Keys, base64url, wrap};

use crate::inspect::good::{self, rsa};
use crate::inspect::{Case, NOW, With, assert_first, case, inspect, opened_and_inspected};
use crate::platform::{self, keys};

fn direct() -> Keys {
    keys::key(&keys::oct(32)).into()
}

/// A service JWT as Canvas sends it: signed, encrypted, wrapped.
fn canvas_jwt() -> String {
    wrap(&encrypted(&good::canvas_jwt().signed()).unwrap())
}

fn encrypted(text: &str) -> Result<String> {
    let header = platform::header(&[("alg", "dir"), ("enc", "A256GCM")]);
    platform::encrypt(text.as_bytes(), &keys::key(&keys::oct(32)), &header)
}

/// For Instructure's gateway, which is the RSA key of the tests.
fn inst_access() -> String {
    let header = platform::header(&[("alg", "RSA-OAEP"), ("enc", "A128CBC-HS256")]);
    platform::encrypt(good::inst_access().signed().as_bytes(), &rsa(), &header).unwrap()
}

fn check<'a>(report: &'a Report, id: &str) -> &'a canvas_lms_tokens::inspect::Check {
    report.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("{id} in {report:#?}"))
}

#[test]
fn every_layer_is_opened_where_the_keys_are_given() {
    for (token, kind, decryption_key) in [
        (canvas_jwt(), "canvas-jwt", direct()),
        (inst_access(), "inst-access-token", keys::key(&keys::rsa()).into()),
        (encrypted(&good::jwt().payload).unwrap(), "jwt", direct()),
        (wrap(&good::canvas_jwt().signed()), "canvas-jwt", direct()),
        (encrypted(&canvas_jwt()).unwrap(), "canvas-jwt", direct()),
    ] {
        let with = With { decryption_key: Some(decryption_key), ..With::key(rsa()) };
        let (opened, report) = opened_and_inspected(&token, &with);
        assert_eq!(report.kind.as_str(), kind);
        assert!(opened.claims.is_some() && opened.encrypted().is_none());
        // Claims that are encrypted only were signed by nobody.
        assert_eq!(report.outcome, if kind == "jwt" { "unverified" } else { "valid" }, "{report:#?}");
    }
}

#[test]
fn without_the_key_it_is_told_who_has_it() {
    for (token, kind, who, fix) in [
        (canvas_jwt(), "canvas-jwt", "Instructure's own services", "canvas_audience=false"),
        (inst_access(), "inst-access-token", "Instructure's API gateway", "Send it to the API gateway"),
    ] {
        let report = inspect(&token, &With::at(NOW));
        assert_eq!((report.kind.as_str(), report.outcome), (kind, "unverified"));
        let check = check(&report, "encrypted");
        assert_eq!(check.outcome, Skip);
        assert!(check.message.contains(who) && check.fix.as_ref().unwrap().contains(fix), "{check:?}");
        assert!(report.summary.contains(who), "{}", report.summary);
    }
}

/// A part of a compact token changed.
fn part(token: &str, index: usize, change: impl Fn(&str) -> String) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[index] = change(&parts[index]);
    parts.join(".")
}

fn with_header(token: &str, header: &str) -> String {
    part(token, 0, |_| base64url::encode(header.as_bytes()))
}

type Mistake = (&'static str, fn(&str) -> String, Outcome, &'static str, &'static str);

const MISTAKES: &[Mistake] = &[
    (
        "RSA1_5, as documented",
        |t| with_header(t, r#"{"alg":"RSA1_5","enc":"A128CBC-HS256"}"#),
        Warn,
        "alg",
        "POST /api/v1/inst_access_tokens",
    ),
    ("PBES2", |t| with_header(t, r#"{"alg":"PBES2-HS256+A128KW","enc":"A256GCM"}"#), Fail, "alg", "RFC 7518 §4.1"),
    ("alg missing", |t| with_header(t, r#"{"enc":"A256GCM"}"#), Fail, "alg", "RFC 7518 §4.1"),
    ("alg in capitals", |t| with_header(t, r#"{"alg":"DIR","enc":"A256GCM"}"#), Fail, "alg", "RFC 7518 §4.1"),
    ("alg of a signature", |t| with_header(t, r#"{"alg":"HS256","enc":"A256GCM"}"#), Fail, "alg", "RFC 7518 §4.1"),
    ("enc missing", |t| with_header(t, r#"{"alg":"dir"}"#), Fail, "enc", "RFC 7518 §4.1"),
    ("enc in small letters", |t| with_header(t, r#"{"alg":"dir","enc":"a256gcm"}"#), Fail, "enc", "RFC 7518 §4.1"),
    (
        "compressed",
        |t| with_header(t, r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#),
        Fail,
        "zip",
        "encrypt without zip",
    ),
    ("a header that is no JSON", |t| with_header(t, "dir"), Fail, "json", "JSON library"),
    ("padded", |t| format!("{t}=="), Fail, "padding", "leave the padding"),
    ("the standard alphabet", |t| part(t, 3, |c| format!("+{}", &c[1..])), Fail, "alphabet", "- for +"),
    ("cut short", |t| t[..t.len() - 1].to_owned(), Fail, "cut-short", "send the whole token"),
    ("without its tag", |t| t.rsplit_once('.').unwrap().0.to_owned(), Fail, "cut-short", "all five parts"),
    ("twice", |t| format!("{t}{t}"), Fail, "twice", "send it once"),
];

/// What is wrong, and what is inspected with the key that is given.
fn closed() -> Vec<(&'static str, String, Keys, &'static str)> {
    let token = encrypted(&good::canvas_jwt().signed()).unwrap();
    let altered = part(&token, 4, |tag| format!("{}{}", if tag.starts_with('A') { 'B' } else { 'A' }, &tag[1..]));
    let other = keys::changed(&keys::oct(32), &[("k", keys::encoded(&[9; 32]))]);
    let set = |kid: &str| {
        let jwk = keys::changed(&keys::oct(32), &[("kid", Some(kid.into()))]).to_json();
        Keys::parse_set(&keys::object(&format!(r#"{{"keys":[{jwk}]}}"#))).unwrap()
    };
    let with_kid = with_header(&token, r#"{"alg":"dir","enc":"A256GCM","kid":"new"}"#);
    let rsa1_5 = with_header(&token, r#"{"alg":"RSA1_5","enc":"A128CBC-HS256"}"#);
    let compressed = with_header(&token, r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#);
    let critical = with_header(&token, r#"{"alg":"dir","enc":"A256GCM","crit":[]}"#);
    vec![
        ("another key", token.clone(), keys::key(&other).into(), "the key that the token was encrypted for"),
        ("altered", altered, direct(), "get the token again"),
        ("too short a key", token.clone(), keys::key(&keys::oct(16)).into(), "the key that this algorithm takes"),
        ("a key of another kind", token, keys::key(&keys::rsa()).into(), "the key that this algorithm takes"),
        ("a set without its kid", with_kid, set("old"), "give the key that the token's kid names"),
        ("RSA1_5", rsa1_5, direct(), "an algorithm that is safe"),
        ("compressed", compressed, direct(), "an algorithm that is safe"),
        ("a broken crit", critical, direct(), "get the token again: it was altered or cut on its way"),
    ]
}

/// Every row as a case.
pub(super) fn cases() -> Vec<Case> {
    let token = encrypted(&good::canvas_jwt().signed()).unwrap();
    let without_key = MISTAKES.iter().map(|(name, change, ..)| case(*name, change(&token), With::at(NOW)));
    let with_key = closed()
        .into_iter()
        .map(|(name, token, key, _)| case(name, token, With { decryption_key: Some(key), ..With::key(rsa()) }));
    let opened = |token| case("opened", token, With { decryption_key: Some(direct()), ..With::key(rsa()) });
    let others = [
        case("a service JWT", canvas_jwt(), With::at(NOW)),
        case("an InstAccess token", inst_access(), With::at(NOW)),
        case("of nobody we know", with_header(&token, r#"{"alg":"A256KW","enc":"A256GCM"}"#), With::at(NOW)),
        opened(canvas_jwt()),
        case("signed only by nobody", encrypted(&good::jwt().payload).unwrap(), opened(String::new()).with),
        case("without its padding", wrap(&token).trim_end_matches('=').to_owned() + "=", With::at(NOW)),
        case("an assertion, opened", encrypted(&good::assertion().signed()).unwrap(), {
            With { decryption_key: Some(direct()), ..good::assertion().with_kind() }
        }),
        case("an assertion, closed", encrypted(&good::assertion().signed()).unwrap(), good::assertion().with_kind()),
    ];
    without_key.chain(with_key).chain(others).collect()
}

#[test]
fn each_is_found_without_the_key() {
    let token = encrypted(&good::canvas_jwt().signed()).unwrap();
    for (name, change, outcome, id, fix) in MISTAKES {
        assert_first(name, &inspect(&change(&token), &With::at(NOW)), (*outcome, id, fix));
    }
}

#[test]
fn why_it_stays_closed_is_told() {
    for (name, token, key, fix) in closed() {
        let with = With { decryption_key: Some(key), ..With::key(rsa()) };
        assert_first(name, &inspect(&token, &with), (Fail, "decryption", fix));
    }
}

#[test]
fn what_is_wrong_inside_is_found_too() {
    let inner = good::canvas_jwt();
    for (inner, id) in [
        (inner.with_claims("1700003600", "1700000000").signed(), "exp"),
        (inner.with_header("RS256", "none").signed(), "alg"),
        (inner.with_claims(r#""iss":"Canvas""#, r#""iss":"me""#).signed(), "iss"),
        (inner.signed().replacen('.', "", 1), "cut-short"),
        (inner.signed().rsplit_once('.').unwrap().0.to_owned() + ".AAAA", "cut-short"),
    ] {
        let token = wrap(&encrypted(&inner).unwrap());
        let mut with = With { decryption_key: Some(direct()), ..With::key(rsa()) };
        with.options.kind = canvas_lms_tokens::inspect::Kind::named("canvas-jwt");
        let report = inspect(&token, &with);
        assert_eq!((report.checks[0].outcome, report.checks[0].id), (Fail, id), "{report:#?}");
    }
}

#[test]
fn wrapping_is_undone_and_told_when_it_is_not_canvas_s() {
    let compact = good::canvas_jwt().signed();
    let with = With::key(rsa());
    assert_eq!(inspect(&wrap(&compact), &with).outcome, "valid");
    let padded = wrap(&compact).trim_end_matches('=').to_owned();
    if !padded.len().is_multiple_of(4) {
        assert_first("without its padding", &inspect(&padded, &with), (Fail, "wrapping", "its = included"));
    }
    let url = wrap(&compact).replace('+', "-").replace('/', "_");
    let report = inspect(&url, &with);
    assert_eq!(report.kind.as_str(), "canvas-jwt");
}

#[test]
fn what_is_signed_only_is_not_encrypted() {
    let good = good::assertion();
    let token = encrypted(&good.signed()).unwrap();
    let with = With { decryption_key: Some(direct()), ..good.with_kind() };
    assert_first("an assertion", &inspect(&token, &with), (Fail, "encrypted", "without encrypting it"));
    let report = inspect(&token, &good.with_kind());
    assert_first("closed", &report, (Fail, "kind", "send the kind of token that is expected"));
    assert_eq!((report.checks[1].outcome, report.checks[1].id), (Fail, "encrypted"));
}

#[test]
fn what_is_no_token_inside_is_no_closed_token() {
    for inner in ["a letter of 2 words. And more.", "[1]", ""] {
        let report = inspect(&encrypted(inner).unwrap(), &With { decryption_key: Some(direct()), ..With::at(NOW) });
        let found: Vec<_> = report.checks.iter().map(|check| check.id).collect();
        assert!(!found.contains(&"parts") && !found.contains(&"encrypted"), "{report:#?}");
        assert_eq!(check(&report, "payload").message, "The payload is no JSON object, so this is no JWT");
    }
}
