//! Keys that were prepared sign and verify as they do unprepared.

use canvas_lms_tokens::jose::{Key, Keys, Material, Secret, SigningInput, Verification};
use canvas_lms_tokens::json::{Json, Object};
use canvas_lms_tokens::lti2::{Assertion, AssertionParams, Id};

use crate::platform::header;
use crate::platform::keys::{changed, key, oct, rsa};

fn assertion() -> Assertion {
    let aud = "https://school.test/api/lti/accounts/1/authorize".to_owned();
    let params = AssertionParams { sub: Id::from(1), aud, exp: None, iat: None, jti: None, lifetime: None };
    Assertion::build(params, 1_486_393_800, || Ok([7; 16])).unwrap()
}

fn secret(length: usize) -> Key {
    Key::secret(Secret::new(vec![b'k'; length], "secret").unwrap(), None)
}

fn signed(key: &Key, alg: &str) -> String {
    let input = SigningInput::new(b"text", key, &header(&[("alg", alg)])).unwrap();
    let mac = input.mac().unwrap();
    input.seal(&mac)
}

#[test]
fn with_the_same_macs() {
    // HMAC-SHA256 works on blocks of 64 bytes, the others on blocks of 128; a longer key is hashed first.
    for length in [1, 32, 63, 64, 65, 127, 128, 129, 300] {
        let (fresh, mut prepared) = (secret(length), secret(length));
        prepared.prepare();
        let other = Keys::from(secret(length + 1));
        for alg in ["HS256", "HS384", "HS512"] {
            let token = signed(&fresh, alg);
            assert_eq!(signed(&prepared, alg), token, "{alg} {length}");
            let keys = [Keys::from(fresh.clone()), Keys::from(prepared.clone())];
            for keys in &keys {
                let is_right = Verification::new(&token, keys, None).unwrap().mac_is_right();
                assert_eq!(is_right, Some(true), "{alg} {length}");
            }
            assert_eq!(Verification::new(&token, &other, None).unwrap().mac_is_right(), Some(false));
        }
        let assertion = assertion();
        let token = assertion.sign(&Secret::new(vec![b'k'; length], "secret").unwrap());
        assert_eq!([assertion.sign_with(&fresh), assertion.sign_with(&prepared)], [Ok(token.clone()), Ok(token)]);
    }
}

#[test]
fn in_a_set_too() {
    let named = |length, kid: &str| changed(&oct(length), &[("kid", Some(Json::from(kid)))]);
    let set = Object::from_iter([("keys", Json::Array([named(32, "a"), named(64, "b")].map(Json::Object).into()))]);
    let (fresh, mut prepared) = (Keys::parse_set(&set).unwrap(), Keys::parse_set(&set).unwrap());
    prepared.prepare();
    let token = signed(&key(&named(64, "b")), "HS512");
    for keys in [&fresh, &prepared] {
        assert_eq!(Verification::new(&token, keys, None).unwrap().mac_is_right(), Some(true));
    }
}

#[test]
fn within_the_same_limits() {
    let mut short = key(&oct(16));
    let mut other = key(&changed(&oct(48), &[("alg", Some(Json::from("HS384")))]));
    let mut verifying = secret(32);
    verifying.limit_operations(vec!["verify".to_owned()]);
    let mut asymmetric = key(&rsa());
    for _ in 0..2 {
        for (key, message) in [
            (&short, "the symmetric JWK has 16 bytes, HS256 takes at least 32"),
            (&other, "the key's alg is HS384, not HS256"),
            (&verifying, "the key's key_ops lack sign"),
            (&asymmetric, "the key is an RSA key, which HS256 does not use"),
        ] {
            assert_eq!(assertion().sign_with(key).unwrap_err().message, message);
        }
        for key in [&mut short, &mut other, &mut verifying, &mut asymmetric] {
            key.prepare();
        }
    }
}

#[test]
fn a_secret_of_the_platform_signs_nothing_here() {
    let mut key = Key::new(Material::Platform(vec!["HS256"], true));
    key.prepare();
    let error = assertion().sign_with(&key).unwrap_err();
    assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_KEY_NEEDS_ASYNC", Some("key")));
    assert_eq!(error.message, "the platform holds this secret, expected its bytes");
}

#[test]
fn other_material_forgets_what_was_prepared() {
    let mut key = secret(40);
    key.prepare();
    let other = key.with_material(secret(41).material().clone());
    assert_eq!(signed(&other, "HS256"), signed(&secret(41), "HS256"));
}
