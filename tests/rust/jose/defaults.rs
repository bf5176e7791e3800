//! What a header gets where it says nothing: `alg` from the key, in front, and the key's `kid`, behind.

use canvas_lms_tokens::jose::jwa::{Curve, KEY_MANAGEMENT, SIGNATURES, content_named};
use canvas_lms_tokens::jose::{Compact, Keys, jwk};
use canvas_lms_tokens::json::{Json, Object};

use crate::platform::keys::{self, changed, object, oct, on, rsa};
use crate::platform::{decrypt, encrypt, sign, verify};

fn header_of(token: &str) -> String {
    Compact::parse(token).unwrap().header().as_json().to_owned()
}

fn with(jwk: &Object, name: &'static str, value: &str) -> Object {
    changed(jwk, &[(name, Some(Json::from(value)))])
}

#[test]
fn the_first_algorithm_that_fits_the_key_is_its_default() {
    for (jwk, alg) in [
        (oct(64), "HS256"),
        (rsa(), "RS256"),
        (on(Curve::P256), "ES256"),
        (on(Curve::P384), "ES384"),
        (on(Curve::P521), "ES512"),
        (on(Curve::Ed25519), "EdDSA"),
    ] {
        let token = sign(b"{}", &keys::key(&jwk), &Object::default()).unwrap();
        assert_eq!(header_of(&token), format!(r#"{{"alg":"{alg}"}}"#));
        assert!(verify(&token, &keys::key(&jwk).into()).is_ok());
    }
    let error = sign(b"{}", &keys::key(&on(Curve::X25519)), &Object::default()).unwrap_err();
    assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JOSE_ALG_NOT_ALLOWED", Some("key.alg")));
    assert_eq!(error.message, "the key is for no signature algorithm");
    let error = sign(b"{}", &keys::key(&with(&on(Curve::P256), "alg", "ECDH-ES")), &Object::default()).unwrap_err();
    assert_eq!(error.message, "the key is for no signature algorithm");
}

#[test]
fn the_alg_of_the_key_comes_first() {
    for row in SIGNATURES {
        let jwk = with(&keys::for_signature(row), "alg", row.name);
        let token = sign(b"{}", &keys::key(&jwk), &object(r#"{"typ":"JWT"}"#)).unwrap();
        assert_eq!(header_of(&token), format!(r#"{{"alg":"{}","typ":"JWT"}}"#, row.name));
        assert!(verify(&token, &keys::key(&jwk).into()).is_ok());
    }
    let enc = content_named("A256GCM").unwrap();
    for row in KEY_MANAGEMENT {
        for jwk in keys::for_management(row, enc) {
            let jwk = with(&jwk, "alg", row.name);
            let token = encrypt(b"{}", &keys::key(&jwk), &object(r#"{"enc":"A256GCM"}"#)).unwrap();
            assert!(header_of(&token).starts_with(&format!(r#"{{"alg":"{}","enc":"A256GCM""#, row.name)));
            assert_eq!(decrypt(&token, &keys::key(&jwk).into()).unwrap().1, b"{}");
        }
    }
}

#[test]
fn the_kid_of_the_key_is_added_where_there_is_none() {
    let jwk = with(&oct(32), "kid", "mine");
    for (sent, expected) in [
        ("{}", r#"{"alg":"HS256","kid":"mine"}"#),
        (r#"{"typ":"JWT","alg":"HS256","x":1}"#, r#"{"typ":"JWT","alg":"HS256","x":1,"kid":"mine"}"#),
        (r#"{"kid":"theirs","alg":"HS256"}"#, r#"{"kid":"theirs","alg":"HS256"}"#),
    ] {
        assert_eq!(header_of(&sign(b"", &keys::key(&jwk), &object(sent)).unwrap()), expected);
    }
    let token = encrypt(b"", &keys::key(&jwk), &object(r#"{"alg":"dir","enc":"A128CBC-HS256"}"#)).unwrap();
    assert_eq!(header_of(&token), r#"{"alg":"dir","enc":"A128CBC-HS256","kid":"mine"}"#);
}

#[test]
fn what_is_made_of_a_set_is_chosen_from_it_again() {
    let members = [with(&rsa(), "kid", "a"), with(&on(Curve::P256), "kid", "b"), with(&keys::other_rsa(), "kid", "c")];
    let public = members.iter().map(|jwk| {
        let public = jwk::to_public_members(&keys::key(jwk));
        Json::Object(with(&public, "kid", jwk.text("kid").unwrap()))
    });
    let set = Keys::parse_set(&[("keys", Json::Array(public.collect()))].into_iter().collect()).unwrap();
    for jwk in &members {
        let token = sign(b"{}", &keys::key(jwk), &Object::default()).unwrap();
        assert_eq!(verify(&token, &set).unwrap().header().text("kid").unwrap(), jwk.text("kid"));
    }
}
