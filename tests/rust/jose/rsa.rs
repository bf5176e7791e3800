//! RSA keys that are unsafe or whose parts disagree: each is refused with its own message.

use canvas_lms_tokens::jose::{base64url, jwk};
use canvas_lms_tokens::json::{Json, Object};
use openssl::bn::{BigNum, BigNumContext};

use crate::platform::keys::{self, changed, encoded, rsa};

const INVALID: &str = "ERR_JWK_INVALID";

fn refused(jwk: &Object, message: &str) {
    keys::refused(jwk, INVALID, message);
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
        refused(&with_modulus(&odd(bits)), message);
    }
    for bits in [2048, 2049, 3072, 4096, 8192, 16384] {
        assert!(jwk::parse(&with_modulus(&odd(bits))).is_ok(), "{bits}");
    }
    refused(&with_modulus(&[0; 256]), "key.n: leading zero bytes, expected the fewest bytes");
    refused(&with_modulus(&[&[0][..], &odd(2048)].concat()), "key.n: leading zero bytes, expected the fewest bytes");
    let mut even = odd(2048);
    even[255] = 0xfe;
    refused(&with_modulus(&even), "key.n: the modulus is even, so it is no product of two large primes");
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
        refused(&changed(&rsa(), &[("e", encoded(e))]), message);
    }
    for e in [&[3][..], &[17], &[1, 0, 1], &[0xff; 8]] {
        assert!(jwk::parse(&changed(&rsa(), &[("e", encoded(e))])).is_ok(), "{e:?}");
    }
}

fn number(value: u32) -> BigNum {
    BigNum::from_u32(value).unwrap()
}

/// The primes up to 167, as many as the library used for 2048 bits; the first is 2.
fn primes() -> Vec<u32> {
    (2..=167).filter(|n: &u32| (2..*n).all(|divisor| !n.is_multiple_of(divisor))).collect()
}

fn primorial() -> BigNum {
    primes().into_iter().fold(number(1), |product, prime| &product * &number(prime))
}

/// p = k·M + (65537^a mod M) with M the product of the first primes: how the faulty library made its primes (Nemec et
/// al., The Return of Coppersmith's Attack, §2.1). Whether they are prime matters not to the fingerprint.
fn roca_prime(exponent: u32) -> BigNum {
    let mut rest = BigNum::new().unwrap();
    rest.mod_exp(&number(65537), &number(exponent), &primorial(), &mut BigNumContext::new().unwrap()).unwrap();
    let mut top = number(3);
    top.lshift(&number(3), 1022).unwrap();
    let times = &top / &primorial();
    &(&times * &primorial()) + &rest
}

#[test]
fn a_modulus_with_the_roca_fingerprint_is_refused() {
    let n = &roca_prime(123_456) * &roca_prime(7_654_321);
    let message = "key.n: the modulus has the ROCA fingerprint: its private key can be computed from it";
    refused(&with_modulus(&n.to_vec()), message);
    assert_eq!(jwk::parse(&with_modulus(&n.to_vec())).unwrap_err().spec, Some("CVE-2017-15361"));
    // It takes all of the primes: n + k·M/p is the same for each but p.
    for prime in primes().into_iter().skip(1) {
        let powers = (1..prime).scan(1, |power, _| {
            *power = *power * 65537 % prime;
            Some(*power)
        });
        let powers: Vec<u32> = powers.collect();
        let others = (1..prime).map(|k| &n + &(&(&primorial() / &number(prime)) * &number(k)));
        let rest = |n: &BigNum| u32::try_from(n.mod_word(prime).unwrap()).unwrap();
        let other = others.into_iter().find(|other| !powers.contains(&rest(other))).unwrap();
        assert!(jwk::parse(&with_modulus(&other.to_vec())).is_ok(), "{prime}");
    }
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
        (vec![("d", encoded(b""))], "key.d: empty"),
        (vec![("oth", Some(Json::Array(vec![])))], "key.oth: more than two primes, which no platform takes"),
    ] {
        refused(&changed(&rsa(), &changes), message);
    }
    let few = ["p", "q", "dp", "dq", "qi"].map(|name| (name, None));
    assert!(jwk::parse(&changed(&rsa(), &few)).is_ok());
    let swapped = [("p", encoded(&member(&rsa(), "q"))), ("q", encoded(&p))];
    assert!(jwk::parse(&changed(&rsa(), &swapped)).is_ok());
}
