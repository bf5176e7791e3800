//! JWKs that are malformed or unsafe: each is refused with its own message.

use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{base64url, jwk};
use canvas_lms_tokens::json::{Json, Object};
use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcPoint, PointConversionForm};

use crate::platform::crypto;
use crate::platform::keys::{self, changed, encoded, object, oct, on, refused, rsa};

const INVALID: &str = "ERR_JWK_INVALID";
const UNSUPPORTED: &str = "ERR_JOSE_NOT_SUPPORTED";

#[allow(clippy::unnecessary_wraps)]
fn text(text: &str) -> Option<Json> {
    Some(Json::from(text))
}

fn member(jwk: &Object, name: &str) -> Vec<u8> {
    base64url::decode(jwk.text(name).unwrap()).unwrap()
}

/// The primes of the fields of P-256, P-384 and P-521.
const FIELDS: [&str; 3] = [
    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
    concat!(
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffff"
    ),
];

#[test]
fn points_are_on_their_curve_and_coordinates_whole() {
    for (curve, prime) in [Curve::P256, Curve::P384, Curve::P521].into_iter().zip(FIELDS) {
        let (name, size) = (curve.name(), curve.size());
        let (jwk, off) = (on(curve), ["key.x: the point is not on ", curve.name()].concat());
        let (x, y) = (member(&jwk, "x"), member(&jwk, "y"));
        let mut neighbour = y.clone();
        neighbour[size - 1] ^= 1;
        let zero = vec![0; size];
        let prime = BigNum::from_hex_str(prime).unwrap().to_vec_padded(i32::try_from(size).unwrap()).unwrap();
        for (x, y) in [(&x, &neighbour), (&y, &x), (&zero, &zero), (&prime, &y), (&x, &prime), (&x, &vec![0xff; size])]
        {
            refused(&changed(&jwk, &[("x", encoded(x)), ("y", encoded(y))]), INVALID, &off);
        }
        for member in ["x", "y", "d"] {
            for length in [size - 1, size + 1, 1, 2 * size] {
                let message = format!("key.{member}: {length} bytes, {name} takes {size}");
                refused(&changed(&jwk, &[(member, encoded(&vec![1; length]))]), INVALID, &message);
            }
        }
        for member in ["x", "y"] {
            refused(&changed(&jwk, &[(member, None)]), INVALID, &format!("key.{member}: absent"));
        }
    }
    for curve in [Curve::Ed25519, Curve::X25519] {
        for (member, length) in [("x", 31), ("x", 33), ("d", 31), ("d", 64)] {
            let message = format!("key.{member}: {length} bytes, {} takes 32", curve.name());
            refused(&changed(&on(curve), &[(member, encoded(&vec![1; length]))]), INVALID, &message);
        }
        refused(&changed(&on(curve), &[("x", None)]), INVALID, "key.x: absent");
    }
}

#[test]
fn a_coordinate_is_below_the_prime() {
    let group = crypto::group("P-256");
    let compressed = [&[2][..], &[0; 32]].concat();
    let mut context = BigNumContext::new().unwrap();
    let point = EcPoint::from_bytes(&group, &compressed, &mut context).unwrap();
    let bytes = point.to_bytes(&group, PointConversionForm::UNCOMPRESSED, &mut context).unwrap();
    let (x, y) = bytes[1..].split_at(32);
    let with = |x: &[u8], y: &[u8]| {
        let public = jwk::to_public_members(&keys::key(&on(Curve::P256)));
        changed(&public, &[("x", encoded(x)), ("y", encoded(y))])
    };
    assert!(jwk::parse(&with(x, y)).is_ok());
    // The same number of the field, written with the prime added.
    let prime = BigNum::from_hex_str(FIELDS[0]).unwrap().to_vec();
    refused(&with(&prime, y), INVALID, "key.x: the point is not on P-256");
}

#[test]
fn unknown_types_and_curves_are_refused_by_name() {
    let (ec, okp) = ("expected P-256, P-384 or P-521 with kty EC", "expected Ed25519 or X25519 with kty OKP");
    let kty = |name: &str| format!("the key's kty \"{name}\" is not supported, expected RSA, EC, OKP or oct");
    for name in ["AKP", "rsa", "ec", "OCT", "okp", "", "oct "] {
        refused(&changed(&on(Curve::P256), &[("kty", text(name))]), UNSUPPORTED, &kty(name));
    }
    for (kty, crv, expected) in [
        ("EC", "secp256k1", ec),
        ("EC", "P-192", ec),
        ("EC", "p-256", ec),
        ("EC", "", ec),
        ("OKP", "X448", okp),
        ("OKP", "Ed448", okp),
        ("EC", "Ed25519", ec),
        ("EC", "X25519", ec),
        ("OKP", "P-256", okp),
    ] {
        let message = format!("the key's crv \"{crv}\" is not supported, {expected}");
        refused(&changed(&on(Curve::P256), &[("kty", text(kty)), ("crv", text(crv))]), UNSUPPORTED, &message);
    }
    let long = "x".repeat(1000);
    refused(&changed(&oct(32), &[("kty", text(&long))]), UNSUPPORTED, &kty(&"x".repeat(40)));
}

#[test]
fn members_have_their_types() {
    for (jwk, message) in [
        ("{}", "key.kty: absent"),
        (r#"{"kty":1}"#, "key.kty: a number, expected a string"),
        (r#"{"kty":null}"#, "key.kty: null, expected a string"),
        (r#"{"kty":"oct"}"#, "key.k: absent"),
        (r#"{"kty":"oct","k":""}"#, "key.k: empty"),
        (r#"{"kty":"oct","k":[1]}"#, "key.k: an array, expected a string"),
        (r#"{"kty":"oct","k":"AA=="}"#, "key.k: padding (=) at character 3, expected only A-Z a-z 0-9 - _ (base64url)"),
        (
            r#"{"kty":"oct","k":"A+AA"}"#,
            "key.k: a character of standard base64 (+ or /) at character 2, expected only A-Z a-z 0-9 - _ (base64url)",
        ),
        (
            r#"{"kty":"oct","k":"AB"}"#,
            "key.k: the last character has bits that belong to no byte; probably cut short or altered",
        ),
        (r#"{"kty":"RSA","e":"AQAB"}"#, "key.n: absent"),
        (r#"{"kty":"RSA","n":"AQAB"}"#, "key.e: absent"),
        (r#"{"kty":"EC","x":"AA","y":"AA"}"#, "key.crv: absent"),
        (r#"{"kty":"EC","crv":{},"x":"AA","y":"AA"}"#, "key.crv: an object, expected a string"),
        (r#"{"kty":"oct","k":"AA","kid":7}"#, "key.kid: a number, expected a string"),
        (r#"{"kty":"oct","k":"AA","alg":true}"#, "key.alg: a boolean, expected a string"),
        (r#"{"kty":"oct","k":"AA","use":[]}"#, "key.use: an array, expected a string"),
        (r#"{"kty":"oct","k":"AA","key_ops":"sign"}"#, "key.key_ops: expected an array of different strings"),
        (r#"{"kty":"oct","k":"AA","key_ops":[1]}"#, "key.key_ops: expected an array of different strings"),
        (
            r#"{"kty":"oct","k":"AA","key_ops":["sign","verify","sign"]}"#,
            "key.key_ops: expected an array of different strings",
        ),
    ] {
        refused(&object(jwk), INVALID, message);
    }
}

#[test]
fn unknown_members_are_let_be_and_no_certificate_is_the_key() {
    let mut jwk = jwk::to_public_members(&keys::key(&on(Curve::P256)));
    let before = jwk::to_public_members(&keys::key(&jwk)).to_json();
    for (name, value) in [("x5c", Json::Array(vec![])), ("x5u", Json::from("https://a.test/")), ("exp", Json::Null)] {
        jwk.set(name, value);
    }
    assert_eq!(jwk::to_public_members(&keys::key(&jwk)).to_json(), before);
}

#[test]
fn private_parts_show_in_no_debug_text_and_not_in_the_public_half() {
    let jwks = [oct(32), rsa(), on(Curve::P256), on(Curve::P521), on(Curve::Ed25519), on(Curve::X25519)];
    for jwk in &jwks {
        let key = keys::key(jwk);
        let shown = format!("{key:?} {:?}", key.material());
        for name in ["k", "d", "p", "q", "dp", "dq", "qi"] {
            let Some(part) = jwk.text(name) else { continue };
            let bytes = base64url::decode(part).unwrap();
            let decimal = format!("{bytes:?}");
            assert!(!shown.contains(part) && !shown.contains(decimal.trim_matches(['[', ']'])), "{name}: {shown}");
            let public = jwk::to_public_members(&key);
            assert!(public.get(name).is_none() || name == "k", "{name}");
        }
        assert_eq!(jwk::to_members(&keys::key(&jwk::to_members(&key))), jwk::to_members(&key));
    }
}
