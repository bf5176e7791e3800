//! JWKs that are malformed or unsafe: each is refused with its own message.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::indexing_slicing)]

mod platform;

use canvas_lms_tokens::jose::json::{Json, Object};
use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{base64url, jwk};
use openssl::bn::{BigNum, BigNumContext};
use platform::keys::{self, changed, object, oct, on, rsa};

const INVALID: &str = "ERR_JWK_INVALID";
const UNSUPPORTED: &str = "ERR_JOSE_NOT_SUPPORTED";

fn refused(jwk: &Object, code: &str, message: &str) {
    let error = jwk::parse(jwk).expect_err(message);
    assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
    let at = error.at.as_deref().unwrap();
    assert!(at.starts_with("key.") && message.contains(at.trim_start_matches("key.")), "{at}: {message}");
    assert!(error.spec.is_some(), "{message}");
}

#[allow(clippy::unnecessary_wraps)] // As `changed` takes it.
fn encoded(bytes: &[u8]) -> Option<Json> {
    Some(Json::String(base64url::encode(bytes)))
}

#[allow(clippy::unnecessary_wraps)]
fn text(text: &str) -> Option<Json> {
    Some(Json::from(text))
}

fn member(jwk: &Object, name: &str) -> Vec<u8> {
    base64url::decode(jwk.text(name).unwrap()).unwrap()
}

/// The public half of the RSA key with another modulus.
fn with_modulus(n: &[u8]) -> Object {
    changed(&jwk::to_public_members(&keys::key(&rsa())), &[("n", encoded(n))])
}

/// An odd number of this many bits that has no fingerprint.
fn odd(bits: usize) -> Vec<u8> {
    let mut n = vec![0xff; bits.div_ceil(8)];
    n[0] = u8::try_from(0xff_u32 >> (8 * n.len() - bits)).unwrap();
    n
}

#[test]
fn the_length_of_an_rsa_modulus_is_bounded() {
    for (bits, message) in [
        (512, "key.n: the modulus has 512 bits, expected 2048 to 16384"),
        (1024, "key.n: the modulus has 1024 bits, expected 2048 to 16384"),
        (2047, "key.n: the modulus has 2047 bits, expected 2048 to 16384"),
        (16385, "key.n: the modulus has 16385 bits, expected 2048 to 16384"),
    ] {
        refused(&with_modulus(&odd(bits)), INVALID, message);
    }
    for bits in [2048, 2049, 3072, 4096, 8192, 16384] {
        assert!(jwk::parse(&with_modulus(&odd(bits))).is_ok(), "{bits}");
    }
    refused(&with_modulus(&[0; 256]), INVALID, "key.n: leading zero bytes, expected the fewest bytes");
    refused(
        &with_modulus(&[&[0][..], &odd(2048)].concat()),
        INVALID,
        "key.n: leading zero bytes, expected the fewest bytes",
    );
    let mut even = odd(2048);
    even[255] = 0xfe;
    refused(&with_modulus(&even), INVALID, "key.n: the modulus is even, so it is no product of two large primes");
}

#[test]
fn the_public_exponent_is_odd_and_over_two() {
    let bad = "key.e: the public exponent is even, under 3 or over 64 bits, expected 65537";
    let padded = "key.e: leading zero bytes, expected the fewest bytes";
    for (e, message) in [
        (&[1][..], bad),
        (&[2], bad),
        (&[4], bad),
        (&[1, 0, 0], bad),
        (&[1, 0, 0, 0, 0, 0, 0, 0, 1], bad),
        (&[0xff; 200], bad),
        (&[0], padded),
        (&[0, 3], padded),
        (&[0, 1, 0, 1], padded),
    ] {
        refused(&changed(&rsa(), &[("e", encoded(e))]), INVALID, message);
    }
    for e in [&[3][..], &[17], &[1, 0, 1], &[0xff; 8]] {
        assert!(jwk::parse(&changed(&rsa(), &[("e", encoded(e))])).is_ok(), "{e:?}");
    }
}

/// p = k·M + (65537^a mod M) with M the product of the first primes: how the faulty library made its primes (Nemec et
/// al., The Return of Coppersmith's Attack, §2.1). Whether they are prime matters not to the fingerprint.
fn roca_prime(exponent: u32) -> BigNum {
    let mut context = BigNumContext::new().unwrap();
    let number = |value| BigNum::from_u32(value).unwrap();
    let is_prime = |n: &u32| (2..*n).all(|divisor| !n.is_multiple_of(divisor));
    let primorial = (2..=167).filter(is_prime).fold(number(1), |product, prime| &product * &number(prime));
    let mut rest = BigNum::new().unwrap();
    rest.mod_exp(&number(65537), &number(exponent), &primorial, &mut context).unwrap();
    let mut top = number(3);
    top.lshift(&number(3), 1022).unwrap();
    let times = &top / &primorial;
    &(&times * &primorial) + &rest
}

#[test]
fn a_modulus_with_the_roca_fingerprint_is_refused() {
    let n = &roca_prime(123_456) * &roca_prime(7_654_321);
    let message = "key.n: the modulus has the ROCA fingerprint: its private key can be computed from it";
    refused(&with_modulus(&n.to_vec()), INVALID, message);
    let other = &n + &BigNum::from_u32(2).unwrap();
    assert!(jwk::parse(&with_modulus(&other.to_vec())).is_ok());
    let error = jwk::parse(&with_modulus(&n.to_vec())).unwrap_err();
    assert_eq!(error.spec, Some("CVE-2017-15361"));
}

#[test]
fn the_parts_of_a_private_rsa_key_belong_together() {
    let p = member(&rsa(), "p");
    let mut other = p.clone();
    other[50] ^= 4;
    let disagree = "key.p: p times q is not n: the parts are not of one key";
    for (changes, message) in [
        (vec![("p", encoded(&other))], disagree),
        (vec![("q", encoded(&p))], disagree),
        // Too long to be multiplied: 1.2 million digits.
        (vec![("p", encoded(&vec![0xff; 500_000])), ("q", encoded(&vec![0xff; 500_000]))], disagree),
        (vec![("q", None)], "key.q: absent"),
        (vec![("dp", None)], "key.dp: absent"),
        (vec![("dq", None)], "key.dq: absent"),
        (vec![("qi", None)], "key.qi: absent"),
        (vec![("d", None)], "key.d: absent, although the primes are there"),
        (vec![("d", text(""))], "key.d: empty"),
        (vec![("oth", Some(Json::Array(vec![])))], "key.oth: more than two primes, which no platform takes"),
    ] {
        refused(&changed(&rsa(), &changes), INVALID, message);
    }
    let few = ["p", "q", "dp", "dq", "qi"].map(|name| (name, None));
    assert!(jwk::parse(&changed(&rsa(), &few)).is_ok());
    let swapped = [("p", encoded(&member(&rsa(), "q"))), ("q", encoded(&p))];
    assert!(jwk::parse(&changed(&rsa(), &swapped)).is_ok());
}

#[test]
fn points_are_on_their_curve_and_coordinates_whole() {
    let primes = [
        "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        concat!(
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "ffffffffffffffffffffffffffffffff"
        ),
    ];
    for (curve, prime) in [Curve::P256, Curve::P384, Curve::P521].into_iter().zip(primes) {
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
fn unknown_types_and_curves_are_refused_by_name() {
    let any = "expected P-256, P-384, P-521, Ed25519 or X25519";
    let kty = |name: &str| format!("the key's kty \"{name}\" is not supported, expected RSA, EC, OKP or oct");
    for name in ["AKP", "rsa", "ec", "OCT", "okp", "", "oct "] {
        refused(&changed(&on(Curve::P256), &[("kty", text(name))]), UNSUPPORTED, &kty(name));
    }
    for (kty, crv, expected) in [
        ("EC", "secp256k1", any),
        ("EC", "P-192", any),
        ("EC", "p-256", any),
        ("EC", "", any),
        ("OKP", "X448", any),
        ("OKP", "Ed448", any),
        ("EC", "Ed25519", "expected P-256, P-384 or P-521 with kty EC"),
        ("EC", "X25519", "expected P-256, P-384 or P-521 with kty EC"),
        ("OKP", "P-256", "expected Ed25519 or X25519 with kty OKP"),
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
