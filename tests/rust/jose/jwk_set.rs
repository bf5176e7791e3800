//! JWK Sets: a key is chosen by `kid`, or, without one, when it is the only one that fits. The caller's own list of
//! algorithms narrows that.

use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{Decryption, Keys, Verification, jwk};
use canvas_lms_tokens::json::{Json, Object};
use canvas_lms_tokens::{Error, Result};

use crate::platform::keys::{self, changed, object, oct, on, rsa};
use crate::platform::{decrypt, encrypt, header, sign, verify};

fn named(jwk: &Object, kid: &str) -> Object {
    changed(jwk, &[("kid", Some(Json::from(kid)))])
}

fn set(members: &[Object]) -> Result<Keys> {
    let members = members.iter().map(|member| Json::Object(member.clone())).collect();
    Keys::parse_set(&[("keys", Json::Array(members))].into_iter().collect())
}

fn public(jwk: &Object) -> Object {
    jwk::to_public_members(&keys::key(jwk))
}

fn check(error: &Error, code: &str, message: &str) {
    assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
}

/// A token of this key whose header has this `kid`.
fn token(jwk: &Object, alg: &str, kid: Option<&str>) -> String {
    let members = [("alg", Some(alg)), ("kid", kid)];
    let members: Vec<(&str, &str)> = members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    sign(b"payload", &keys::key(&changed(jwk, &[("kid", None)])), &header(&members)).unwrap()
}

const NO_MATCH: &str = "ERR_JWKS_NO_MATCHING_KEY";

#[test]
fn a_kid_chooses_its_key() {
    let (one, two) = (on(Curve::P256), on(Curve::Ed25519));
    let keys = set(&[named(&public(&one), "1"), named(&public(&two), "2"), named(&public(&rsa()), "3")]).unwrap();
    for (jwk, alg, kid) in [(&one, "ES256", "1"), (&two, "EdDSA", "2"), (&rsa(), "PS384", "3")] {
        assert_eq!(verify(&token(jwk, alg, Some(kid)), &keys).unwrap().payload(), b"payload");
    }
    // Another's kid is not helped by a key that would fit.
    let error = verify(&token(&one, "ES256", Some("2")), &keys).unwrap_err();
    check(&error, "ERR_JOSE_ALG_NOT_ALLOWED", "the key is an Ed25519 key, which ES256 does not use");
    let unknown = "no key of the set has the token's kid";
    for kid in ["4", "", "1 ", "one"] {
        let error = verify(&token(&one, "ES256", Some(kid)), &keys).unwrap_err();
        check(&error, NO_MATCH, unknown);
        assert_eq!((error.at.as_deref(), error.spec), (Some("header.kid"), Some("RFC 7515 §4.1.4")));
    }
    check(&verify(&token(&one, "ES256", Some("1")), &set(&[public(&one)]).unwrap()).unwrap_err(), NO_MATCH, unknown);
    // One key given by itself is used whatever kid the token names.
    let alone = keys::key(&named(&public(&one), "mine")).into();
    assert!(verify(&token(&one, "ES256", Some("theirs")), &alone).is_ok());
}

#[test]
fn without_kid_exactly_one_key_fits() {
    let ec = on(Curve::P256);
    let none = "the token has no kid, and no key of the set fits it";
    let many = "the token has no kid, and more than one key of the set fits it";
    let limited = |name, value: &str| changed(&public(&ec), &[(name, Some(Json::from(value)))]);
    let other = changed(&public(&ec), &[("kid", Some(Json::from("other")))]);
    for (members, expected) in [
        (vec![], Err(none)),
        (vec![public(&rsa()), public(&on(Curve::P384))], Err(none)),
        (vec![oct(64)], Err(none)),
        (vec![limited("use", "enc"), limited("alg", "ECDH-ES")], Err(none)),
        (vec![public(&ec)], Ok(())),
        (vec![public(&rsa()), public(&ec), public(&on(Curve::P521))], Ok(())),
        (vec![limited("use", "enc"), limited("use", "sig"), limited("alg", "ES384")], Ok(())),
        (vec![other.clone()], Ok(())),
        (vec![public(&ec), other.clone()], Err(many)),
        (vec![limited("use", "sig"), limited("alg", "ES256"), other], Err(many)),
    ] {
        let result = verify(&token(&ec, "ES256", None), &set(&members).unwrap());
        match expected {
            Ok(()) => assert_eq!(result.unwrap().payload(), b"payload"),
            Err(message) => check(&result.unwrap_err(), NO_MATCH, message),
        }
    }
}

#[test]
fn a_set_decrypts_by_the_same_rules() {
    let symmetric = [named(&oct(16), "a"), named(&oct(32), "b")];
    let asymmetric = [named(&rsa(), "c"), named(&on(Curve::X25519), "d")];
    for (members, algorithms) in
        [(&symmetric, ["A128KW", "A256GCMKW"]), (&asymmetric, ["RSA-OAEP-256", "ECDH-ES+A192KW"])]
    {
        let keys = set(members).unwrap();
        for (jwk, alg) in members.iter().zip(algorithms) {
            for jwk in [jwk.clone(), changed(jwk, &[("kid", None)])] {
                let token = encrypt(b"text", &keys::key(&jwk), &header(&[("alg", alg), ("enc", "A128GCM")])).unwrap();
                assert_eq!(decrypt(&token, &keys).unwrap().1, b"text");
            }
        }
    }
    let keys = set(&symmetric).unwrap();
    let token = encrypt(b"", &keys::key(&oct(24)), &header(&[("alg", "A192KW"), ("enc", "A128GCM")])).unwrap();
    check(&decrypt(&token, &keys).unwrap_err(), NO_MATCH, "the token has no kid, and no key of the set fits it");
}

#[test]
fn a_set_is_malformed() {
    for (text, message) in [
        ("{}", "key.keys: expected an array of JWKs"),
        (r#"{"keys":{}}"#, "key.keys: expected an array of JWKs"),
        (r#"{"keys":[[]]}"#, "key.keys: an array in the set, expected a JWK"),
        (r#"{"keys":[{"kty":"oct","k":"AA"},"x"]}"#, "key.keys: a string in the set, expected a JWK"),
        (
            r#"{"keys":[{"kty":"oct","k":"AA","kid":"a"},{"kid":"b"},{"kty":"EC","kid":"a"}]}"#,
            "key.keys: a kid stands twice in the set",
        ),
    ] {
        check(&Keys::parse_set(&object(text)).unwrap_err(), "ERR_JWK_INVALID", message);
    }
    assert!(Keys::parse_set(&object(r#"{"keys":[],"more":1}"#)).is_ok());
}

#[test]
fn a_set_holds_keys_of_one_kind() {
    let all = [rsa(), on(Curve::P256), on(Curve::P384), on(Curve::P521), on(Curve::Ed25519), on(Curve::X25519)];
    assert!(set(&all).is_ok() && set(&all.clone().map(|jwk| public(&jwk))).is_ok());
    assert!(set(&[oct(16), oct(64)]).is_ok());
    let refused = |members: &[Object]| {
        let error = set(members).unwrap_err();
        let message = "key.keys: symmetric and asymmetric keys in one set, expected one kind";
        check(&error, "ERR_JWK_INVALID", message);
        assert_eq!((error.at.as_deref(), error.spec), (Some("key.keys"), Some("RFC 7517 §5")));
    };
    for jwk in &all {
        refused(&[oct(32), public(jwk)]);
        refused(&[public(jwk), named(&oct(32), "a"), jwk.clone()]);
    }
    // Those that cannot be used count too; those of an unknown type are of neither kind.
    refused(&[object(r#"{"kty":"EC"}"#), oct(32)]);
    refused(&[object(r#"{"kty":"oct"}"#), rsa()]);
    assert!(set(&[object(r#"{"kty":"AKP"}"#), oct(32)]).is_ok());
    assert!(set(&[object(r#"{"kty":"AKP"}"#), object("{}"), object(r#"{"kty":1}"#), rsa()]).is_ok());
}

#[test]
fn a_member_that_cannot_be_used_matters_only_when_it_is_chosen() {
    let ec = on(Curve::P256);
    let bad = object(r#"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA","kid":"bad"}"#);
    let weak = object(r#"{"kty":"RSA","n":"_w","e":"AQAB","kid":"weak"}"#);
    let keys = set(&[bad, weak, object(r#"{"kid":7}"#), object("{}"), named(&public(&ec), "good")]).unwrap();
    assert!(verify(&token(&ec, "ES256", Some("good")), &keys).is_ok());
    assert!(verify(&token(&ec, "ES256", None), &keys).is_ok());
    let error = verify(&token(&ec, "ES256", Some("bad")), &keys).unwrap_err();
    let message = "the key's crv \"secp256k1\" is not supported, expected P-256, P-384 or P-521 with kty EC";
    check(&error, "ERR_JOSE_NOT_SUPPORTED", message);
    let error = verify(&token(&ec, "ES256", Some("weak")), &keys).unwrap_err();
    check(&error, "ERR_JWK_INVALID", "key.n: the modulus has 8 bits, expected 2048 to 16384");
}

#[test]
fn a_large_set_is_read() {
    let members: Vec<Object> = (0..40_000).map(|i| named(&Object::default(), &i.to_string())).collect();
    let keys = set(&members).unwrap();
    check(&keys.choose(Some("39999"), &|_| Ok(())).unwrap_err(), "ERR_JWK_INVALID", "key.kty: absent");
}

#[test]
fn the_callers_list_narrows_what_the_key_allows() {
    let list = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let message = |name: &str| format!("{name} is not among the algorithms that the options allow");
    let (key, keys) = (keys::key(&oct(64)), Keys::from(keys::key(&oct(64))));
    let token = sign(b"", &key, &header(&[("alg", "HS384")])).unwrap();
    for (algorithms, is_good) in [
        (None, true),
        (list(&["HS384"]), true),
        (list(&["HS256", "HS384"]), true),
        (list(&["HS256"]), false),
        (list(&["hs384"]), false),
        (list(&[]), false),
    ] {
        let result = Verification::new(&token, &keys, algorithms.as_deref());
        if is_good {
            assert_eq!(result.unwrap().mac_is_right(), Some(true));
        } else {
            let error = result.unwrap_err();
            check(&error, "ERR_JOSE_ALG_NOT_ALLOWED", &message("HS384"));
            assert_eq!(error.at.as_deref(), Some("header.alg"));
        }
    }
    let keys = Keys::from(keys::key(&oct(32)));
    let token = encrypt(b"", &keys::key(&oct(32)), &header(&[("alg", "A256KW"), ("enc", "A128GCM")])).unwrap();
    for (algorithms, encryptions, at, name) in [
        (None, None, None, ""),
        (list(&["dir", "A256KW"]), list(&["A128GCM"]), None, ""),
        (list(&["dir"]), None, Some("header.alg"), "A256KW"),
        (list(&[]), None, Some("header.alg"), "A256KW"),
        (None, list(&["A256GCM", "A128CBC-HS256"]), Some("header.enc"), "A128GCM"),
        (list(&["A256KW"]), list(&[]), Some("header.enc"), "A128GCM"),
    ] {
        let result = Decryption::new(&token, &keys, algorithms.as_deref(), encryptions.as_deref());
        assert_eq!(result.is_ok(), at.is_none());
        if let Err(error) = result {
            check(&error, "ERR_JOSE_ALG_NOT_ALLOWED", &message(name));
            assert_eq!(error.at.as_deref(), at);
        }
    }
}
