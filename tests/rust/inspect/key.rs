//! Mistakes with keys: the secret that signed is not quite the one that verifies.

use canvas_lms_tokens::inspect::Outcome::{Fail, Warn};
use canvas_lms_tokens::jose::jwa::Hash;
use canvas_lms_tokens::jose::{Keys, base64url, mac};

use crate::inspect::good::{self, SECRET, rsa, signed};
use crate::inspect::{assert_first, inspect, secret};
use crate::platform::keys;

const HEX: &str = "6120736563726574206f66207468697274792d74776f206279746573";
const BASE64: &str = "YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcw==";
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
fn a_signature_of_another_hash_is_recognised() {
    let good = good::assertion();
    for (header, hash) in [("HS256", Hash::Sha512), ("HS256", Hash::Sha384), ("HS512", Hash::Sha256)] {
        let header = good.header.replace("HS256", header);
        let input = [base64url::encode(header.as_bytes()), base64url::encode(good.payload.as_bytes())].join(".");
        let token = [&input, ".", &base64url::encode(&mac::mac(hash, SECRET.as_bytes(), &[input.as_bytes()]))].concat();
        let with = good.with();
        assert_first("another hash", &inspect(&token, &with), (Fail, "signature", "that the header's alg names"));
        // Its length tells without the key.
        let with = crate::inspect::With { key: None, ..with };
        let id = if hash == Hash::Sha256 { "cut-short" } else { "signature" };
        let report = inspect(&token, &with);
        assert_eq!(
            (report.checks[0].id, report.outcome),
            (if id == "cut-short" { "signature" } else { id }, "invalid")
        );
    }
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

/// What is wrong, the key that is given for an assertion signed with a secret.
#[test]
fn a_key_of_another_kind_is_named() {
    let good = good::assertion();
    let mut p256 = keys::on(canvas_lms_tokens::jose::jwa::Curve::P256);
    p256 = keys::changed(&p256, &[("d", None)]);
    for (name, key, id, fix) in [
        ("a public RSA key", Keys::from(rsa()), "key-alg", "a public key verifies no HMAC"),
        ("a public key on a curve", Keys::from(keys::key(&p256)), "key-alg", "a public key verifies no HMAC"),
        ("a JWK Set of public keys", set(&[("marked-kid", &keys::rsa())]), "kid", "give the JWK Set that has the key"),
        (
            "a JWK for another algorithm",
            jwk(r#"{"kty":"oct","alg":"HS512","k":"KEY"}"#),
            "key-alg",
            "belongs to the token's alg",
        ),
        (
            "a JWK for encryption",
            jwk(r#"{"kty":"oct","use":"enc","k":"KEY"}"#),
            "key-alg",
            "belongs to the token's alg",
        ),
        (
            "a JWK that may only sign",
            jwk(r#"{"kty":"oct","key_ops":["sign"],"k":"KEY"}"#),
            "key-alg",
            "belongs to the token's alg",
        ),
        ("a JWK that is too short", jwk(r#"{"kty":"oct","k":"AAAA"}"#), "key", "whole and safe"),
    ] {
        let mut with = good.with();
        with.key = Some(key);
        assert_first(name, &inspect(&good.signed(), &with), (Fail, id, fix));
    }
}

fn jwk(text: &str) -> Keys {
    let text = text.replace("KEY", &base64url::encode(SECRET.as_bytes()));
    keys::key(&keys::object(&text)).into()
}

fn set(members: &[(&str, &canvas_lms_tokens::jose::json::Object)]) -> Keys {
    let member = |(kid, jwk): &(&str, &canvas_lms_tokens::jose::json::Object)| {
        let public = canvas_lms_tokens::jose::jwk::to_public_members(&keys::key(jwk));
        keys::changed(&public, &[("kid", Some((*kid).into()))]).to_json()
    };
    let members: Vec<String> = members.iter().map(member).collect();
    Keys::parse_set(&keys::object(&format!(r#"{{"keys":[{}]}}"#, members.join(",")))).unwrap()
}

#[test]
fn a_set_is_searched_by_kid() {
    let (right, other) = (keys::rsa(), keys::other_rsa());
    let good = good::client_assertion();
    for (name, header, members, expected) in [
        ("the kid of the set", r#""kid":"marked-kid""#, vec![("marked-kid", &right), ("two", &other)], None),
        ("an unknown kid", r#""kid":"old""#, vec![("marked-kid", &right)], Some(("kid", "set the header's kid"))),
        (
            "another key under this kid",
            r#""kid":"marked-kid""#,
            vec![("marked-kid", &other)],
            Some(("signature", "for this sub or kid")),
        ),
        (
            "no kid, two keys",
            r#""x":1"#,
            vec![("marked-kid", &right), ("two", &other)],
            Some(("kid", "set the header's kid")),
        ),
        ("an empty set", r#""kid":"marked-kid""#, vec![], Some(("kid", "set the header's kid"))),
    ] {
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
    let token = signed(&good.header, good.payload.as_bytes(), Some(b"secret"));
    let mut with = good.with();
    with.key = Some(secret("secret"));
    let report = inspect(&token, &with);
    assert_first("six bytes", &report, (Warn, "secret-length", "a longer secret where you choose it"));
    assert_eq!(report.outcome, "valid");
}

#[test]
fn a_platform_that_cannot_verify_is_no_fault_of_the_token() {
    use canvas_lms_tokens::inspect::{Signature, open, report};
    let error = good::assertion().with().key.map(|_| ()).and_then(|()| crate::platform::verify("", &secret("x")).err());
    let (good, error) = (good::client_assertion(), error.unwrap());
    let report = report(&open(&good.signed()), &Signature::Unknown(&error), &good.with().options);
    assert_eq!(report.outcome, "unverified");
}
