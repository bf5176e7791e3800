//! Mistakes with keys: the secret that signed is not quite the one that verifies.

use std::sync::LazyLock;

use canvas_lms_tokens::Error;
use canvas_lms_tokens::inspect::Outcome::{Fail, Skip, Warn};
use canvas_lms_tokens::inspect::{Repair, SecretChange, Signature, open, report};
use canvas_lms_tokens::jose::jwa::{Curve, Hash};
use canvas_lms_tokens::jose::{Keys, base64url, mac};
use canvas_lms_tokens::json::Object;

use crate::inspect::good::{self, SECRET, rsa, signed};
use crate::inspect::{Case, With, assert_first, case, inspect, secret};
use crate::platform::keys;

const HEX: &str = "6120736563726574206f66207468697274792d74776f206279746573";
const BASE64: &str = "YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw==";
const BASE64URL: &str = "YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw";
const PLAIN: &[u8] = b"a secret of thirty-two bytes";

/// What is wrong, the secret that signed, the one that is given, how the one becomes the other, what to change.
const SECRETS: &[(&str, &[u8], &str, &str, &str)] = &[
    (
        "given with white space in front",
        SECRET.as_bytes(),
        " a secret of thirty-two bytes, or more",
        "the white space",
        "trim the secret",
    ),
    (
        "given with a line break",
        SECRET.as_bytes(),
        "a secret of thirty-two bytes, or more\n",
        "the white space",
        "trim the secret",
    ),
    (
        "signed with a line break",
        b"a secret of thirty-two bytes, or more\n",
        SECRET,
        "a line break behind",
        "trim it there",
    ),
    (
        "signed with CR LF",
        b"a secret of thirty-two bytes, or more\r\n",
        SECRET,
        "a line break (CR LF)",
        "trim it there",
    ),
    (
        "given in quotation marks",
        SECRET.as_bytes(),
        "\"a secret of thirty-two bytes, or more\"",
        "the quotation marks",
        "without quotation marks",
    ),
    (
        "given in apostrophes",
        SECRET.as_bytes(),
        "'a secret of thirty-two bytes, or more'",
        "the quotation marks",
        "without quotation marks",
    ),
    (
        "quoted, with a line break",
        SECRET.as_bytes(),
        "\"a secret of thirty-two bytes, or more\"\n",
        "the quotation marks",
        "without quotation marks",
    ),
    (
        "given in curly quotation marks",
        SECRET.as_bytes(),
        "“a secret of thirty-two bytes, or more”",
        "the quotation marks",
        "without quotation marks",
    ),
    (
        "given as a line of a program",
        SECRET.as_bytes(),
        r"'a secret of thirty-two bytes, or more\n',",
        "the quotation marks",
        "without quotation marks",
    ),
    (
        "signed with its quotation marks",
        b"\"a secret of thirty-two bytes, or more\"",
        SECRET,
        "with quotation marks around",
        "take them out there",
    ),
    (
        "signed with its apostrophes",
        b"'a secret of thirty-two bytes, or more'",
        SECRET,
        "with apostrophes around",
        "take them out there",
    ),
    ("given in base64", PLAIN, BASE64, "decoded from base64", "decide on one"),
    (
        "given in base64 with a line break",
        PLAIN,
        "YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw==\n",
        "decoded from base64",
        "decide on one",
    ),
    (
        "given in base64 without padding",
        PLAIN,
        "YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw",
        "decoded from base64",
        "decide on one",
    ),
    ("given in hexadecimal", PLAIN, HEX, "decoded from hexadecimal", "decide on one"),
    (
        "signed with its base64",
        BASE64.as_bytes(),
        "a secret of thirty-two bytes",
        "encoded in base64",
        "sign with the secret itself",
    ),
    (
        "signed with its base64url",
        BASE64URL.as_bytes(),
        "a secret of thirty-two bytes",
        "encoded in base64url",
        "sign with the secret itself",
    ),
    ("signed with nothing", b"", SECRET, "an empty secret", "no secret at all"),
    (
        "another secret",
        b"another secret of thirty-two bytes",
        SECRET,
        "another key, or the token was altered",
        "that the reader has for this sub",
    ),
];

#[test]
fn a_secret_that_is_not_quite_it_is_recognised() {
    let good = good::assertion();
    for (name, signer, given, how, fix) in SECRETS {
        let token = signed(&good.header, good.payload.as_bytes(), Some(signer));
        let mut with = good.with();
        with.key = Some(secret(given));
        let report = inspect(&token, &with);
        assert_first(name, &report, (Fail, "signature", fix));
        assert!(report.checks[0].message.contains(how), "{name}: {}", report.checks[0].message);
    }
}

#[test]
fn a_program_can_change_a_secret_that_was_copied_with_something() {
    let good = good::assertion();
    for (given, how) in [
        (format!("{SECRET}\n"), Some(SecretChange::Trim)),
        (format!("\"{SECRET}\""), Some(SecretChange::RemoveQuotes)),
        ("another".to_owned(), None),
    ] {
        let report = inspect(&good.signed(), &With { key: Some(secret(&given)), ..good.with() });
        let expected: Vec<Repair> = how.map(|how| Repair::ChangeSecret { how }).into_iter().collect();
        assert_eq!(report.checks[0].repairs, expected, "{given}");
    }
}

/// The signature is right with it, but the reader's secret is probably another.
#[test]
fn a_right_secret_with_something_around_it_is_a_warning() {
    let good = good::assertion();
    for given in [format!("{SECRET}\n"), format!(" {SECRET}"), format!("\"{SECRET}\""), format!("'{SECRET}'")] {
        let token = signed(&good.header, good.payload.as_bytes(), Some(given.as_bytes()));
        let report = inspect(&token, &With { key: Some(secret(&given)), ..good.with() });
        assert_first(&given, &report, (Warn, "secret-copied", "sign again with the secret alone"));
        assert_eq!(report.outcome, "valid");
    }
}

/// What the header names, by which hash it is signed, and what that is called.
const HASHES: [(&str, Hash, &str); 5] = [
    ("HS256", Hash::Sha512, "HS512"),
    ("HS256", Hash::Sha384, "HS384"),
    ("HS384", Hash::Sha256, "HS256"),
    ("HS512", Hash::Sha256, "HS256"),
    ("HS512", Hash::Sha384, "HS384"),
];

fn signed_by(alg: &str, hash: Hash) -> String {
    let good = good::assertion();
    let header = good.header.replace("HS256", alg);
    let input = [base64url::encode(header.as_bytes()), base64url::encode(good.payload.as_bytes())].join(".");
    [&input, ".", &base64url::encode(&mac::mac(hash, SECRET.as_bytes(), &[input.as_bytes()]))].concat()
}

#[test]
fn a_signature_of_another_hash_is_recognised() {
    for (alg, hash, other) in HASHES {
        let (token, with) = (signed_by(alg, hash), good::assertion().with());
        let report = inspect(&token, &with);
        assert_first(
            "another hash",
            &report,
            (Fail, "signature", "sign with the algorithm that the header's alg names"),
        );
        // Its length tells without the key.
        let report = inspect(&token, &With { key: None, ..with });
        let expected = format!("The signature has the length of {other}: sign with the algorithm that alg names");
        let first = &report.checks[0];
        assert_eq!((first.id, first.fix.as_ref(), report.outcome), ("signature", Some(&expected), "invalid"), "{alg}");
    }
}

/// Every mistake of this module as a case.
pub(super) fn cases() -> Vec<Case> {
    let good = good::assertion();
    let mut cases: Vec<Case> = Vec::new();
    for (name, signer, given, ..) in SECRETS {
        let token = signed(&good.header, good.payload.as_bytes(), Some(signer));
        cases.push(case(*name, token, With { key: Some(secret(given)), ..good.with() }));
    }
    for (alg, hash, other) in HASHES {
        let token = signed_by(alg, hash);
        cases.push(case(format!("{alg}, signed as {other}"), token.clone(), good.with()));
        cases.push(case(format!("{alg}, signed as {other}, without a key"), token, With { key: None, ..good.with() }));
    }
    for (name, key, ..) in of_another_kind() {
        cases.push(case(name, good.signed(), With { key: Some(key), ..good.with() }));
    }
    let client = good::client_assertion();
    for (name, header, members, _) in sets() {
        let token = client.with_header(r#""kid":"marked-kid""#, header).signed();
        cases.push(case(name, token, With { key: Some(set(&members)), ..client.with() }));
    }
    for (name, cut) in [("one byte short", 2), ("empty", 0)] {
        let token = client.signed();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let bytes = base64url::decode(signature).unwrap();
        let kept = if cut == 0 { &[] } else { &bytes[..bytes.len() - 1] };
        let token = [input, ".", &base64url::encode(kept)].concat();
        cases.push(case(format!("an RSA signature, {name}"), token, With { key: None, ..client.with() }));
    }
    for (name, header, length) in [
        ("HMAC, too long", r#"{"alg":"HS256"}"#, 33),
        ("HMAC, too short", r#"{"alg":"HS256"}"#, 31),
        ("ES256, too long", r#"{"alg":"ES256"}"#, 70),
        ("ES512, too short", r#"{"alg":"ES512"}"#, 131),
        ("RS256, too short", r#"{"alg":"RS256"}"#, 255),
    ] {
        let input = [base64url::encode(header.as_bytes()), base64url::encode(good::jwt().payload.as_bytes())].join(".");
        let token = [&input, ".", &base64url::encode(&vec![1; length])].concat();
        cases.push(case(name, token, With { key: None, ..good::jwt().with() }));
    }
    cases
}

#[test]
fn what_was_altered_afterwards_cannot_be_told_from_another_key() {
    let good = good::assertion();
    let other = good.with_claims("123123", "123124").signed();
    let (genuine, altered) = (good.signed(), other.split('.').nth(1).unwrap().to_owned());
    let parts: Vec<&str> = genuine.split('.').collect();
    let report = inspect(&[parts[0], &altered, parts[2]].join("."), &good.with());
    assert_first("altered", &report, (Fail, "signature", "send the token unchanged"));
    assert!(report.checks[0].message.contains("which of both cannot be told"));
}

/// What is wrong, the key that is given for an assertion signed with a secret, the check, and what to change.
fn of_another_kind() -> Vec<(&'static str, Keys, &'static str, &'static str)> {
    let p256 = keys::changed(&keys::on(Curve::P256), &[("d", None)]);
    let belongs = "give the key that belongs to the token's alg";
    let no_hmac = "give the shared secret that it was signed with; a public key verifies no HMAC";
    let no_key = "give the JWK Set that has the key with this kid, or set the header's kid";
    vec![
        ("a public RSA key", Keys::from(rsa()), "key-alg", no_hmac),
        ("a public key on a curve", Keys::from(keys::key(&p256)), "key-alg", no_hmac),
        ("a JWK Set of public keys", set(&[("marked-kid", &keys::rsa())]), "kid", no_key),
        ("a JWK for another algorithm", jwk(r#"{"kty":"oct","alg":"HS512","k":"KEY"}"#), "key-alg", belongs),
        ("a JWK for encryption", jwk(r#"{"kty":"oct","use":"enc","k":"KEY"}"#), "key-alg", belongs),
        ("a JWK that may only sign", jwk(r#"{"kty":"oct","key_ops":["sign"],"k":"KEY"}"#), "key-alg", belongs),
        ("a JWK that is too short", jwk(r#"{"kty":"oct","k":"AAAA"}"#), "key", "give a key that is whole and safe"),
    ]
}

#[test]
fn a_key_of_another_kind_is_named() {
    let good = good::assertion();
    for (name, key, id, fix) in of_another_kind() {
        assert_first(name, &inspect(&good.signed(), &With { key: Some(key), ..good.with() }), (Fail, id, fix));
    }
}

fn jwk(text: &str) -> Keys {
    let text = text.replace("KEY", &base64url::encode(SECRET.as_bytes()));
    keys::key(&keys::object(&text)).into()
}

fn set(members: &[(&str, &Object)]) -> Keys {
    let member = |(kid, jwk): &(&str, &Object)| {
        let public = canvas_lms_tokens::jose::jwk::to_public_members(&keys::key(jwk));
        keys::changed(&public, &[("kid", Some((*kid).into()))]).to_json()
    };
    let members: Vec<String> = members.iter().map(member).collect();
    Keys::parse_set(&keys::object(&format!(r#"{{"keys":[{}]}}"#, members.join(",")))).unwrap()
}

type InSet = (&'static str, &'static str, Vec<(&'static str, &'static Object)>, Option<(&'static str, &'static str)>);

/// What is right or wrong, the header's kid, the keys of the set, and the check that fails with what to change.
fn sets() -> Vec<InSet> {
    static RIGHT: LazyLock<Object> = LazyLock::new(keys::rsa);
    static OTHER: LazyLock<Object> = LazyLock::new(keys::other_rsa);
    let (right, other): (&'static Object, &'static Object) = (&RIGHT, &OTHER);
    let kid = r#""kid":"marked-kid""#;
    let no_key = Some(("kid", "give the JWK Set that has the key with this kid, or set the header's kid"));
    let not_it = "sign with the key that the reader has for this sub or kid, and send the token unchanged";
    vec![
        ("the kid of the set", kid, vec![("marked-kid", right), ("two", other)], None),
        ("an unknown kid", r#""kid":"old""#, vec![("marked-kid", right)], no_key),
        ("another key under this kid", kid, vec![("marked-kid", other)], Some(("signature", not_it))),
        ("no kid, two keys", r#""x":1"#, vec![("marked-kid", right), ("two", other)], no_key),
        ("an empty set", kid, vec![], no_key),
    ]
}

#[test]
fn a_set_is_searched_by_kid() {
    let good = good::client_assertion();
    for (name, header, members, expected) in sets() {
        let mut with = good.with();
        with.key = Some(set(&members));
        let report = inspect(&good.with_header(r#""kid":"marked-kid""#, header).signed(), &with);
        match expected {
            None => assert_eq!(report.outcome, "valid", "{name}"),
            Some((id, fix)) => assert_first(name, &report, (Fail, id, fix)),
        }
    }
}

#[test]
fn a_short_secret_is_a_warning() {
    let good = good::assertion();
    let longer = &SECRET[..32];
    for (text, is_short) in [("secret", true), (&SECRET[..31], true), (longer, false), (SECRET, false)] {
        let token = signed(&good.header, good.payload.as_bytes(), Some(text.as_bytes()));
        let report = inspect(&token, &With { key: Some(secret(text)), ..good.with() });
        assert_eq!(report.outcome, "valid");
        assert_eq!(report.checks.iter().any(|check| check.id == "secret-length"), is_short, "{} bytes", text.len());
        if is_short {
            assert_first(text, &report, (Warn, "secret-length", "use a longer secret where you choose it"));
            let message = format!("The secret has {} bytes; it should be at least 32 random ones", text.len());
            assert_eq!(report.checks[0].message, message);
        }
    }
}

/// An error of verifying, for a token like this one.
fn error_of(token: &str) -> Error {
    crate::platform::verify(token, &secret(SECRET)).unwrap_err()
}

#[test]
fn a_platform_that_cannot_verify_is_no_fault_of_the_token() {
    let (good, error) = (good::client_assertion(), error_of(""));
    let report = report(&open(&good.signed()), &Signature::Unknown(&error), &good.with().options);
    assert_eq!(report.outcome, "unverified");
    let check = report.checks.last().unwrap();
    assert_eq!((check.id, check.outcome, check.fix.as_ref()), ("signature", Skip, None));
    assert_eq!(check.message, format!("The signature was not verified: {}", error.message));
}

/// Whatever verifying says against a token in which nothing else was found, the report passes on, and says what to change.
#[test]
fn what_verifying_alone_finds_is_reported() {
    let good = good::assertion();
    let unsupported = error_of(&good.with_header("HS256", "none").signed());
    for (error, id, fix) in [
        (unsupported, "alg", "Sign with an algorithm that is supported"),
        (error_of("a.b.c"), "form", "Get the token again: it was altered on its way"),
    ] {
        let report = report(&open(&good.signed()), &Signature::Wrong(&error, None), &good.with().options);
        let check = &report.checks[0];
        assert_eq!((check.id, check.outcome, check.fix.as_deref()), (id, Fail, Some(fix)));
        // Its words, with a subject in front or a capital.
        assert!(check.code == Some(error.code) && check.message.ends_with(&error.message[1..]), "{check:?}");
    }
}
