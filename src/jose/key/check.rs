//! What makes a public key unsafe. An RSA key: too short (RFC 7518 §3.3), a bad public exponent, the ROCA fingerprint
//! (CVE-2017-15361), parts that are not of one key. A key on a curve of NIST: a point that is not on the curve, as an
//! agreement with it leaks the private key.

use crypto_bigint::BoxedUint;
use zeroize::Zeroizing;

use super::material::Parts;
use crate::error::{Code, Error, Result};
use crate::jose::jwa::Curve;

/// The shortest modulus that RFC 7518 §3.3 and §4.3 allow, in bits.
const SHORTEST: usize = 2048;
/// No platform takes a longer one, and the work grows with it.
const LONGEST: usize = 16384;

/// Whether the coordinates of this key are a point of this curve (SEC 1 §3.2.2.1), other than the point at infinity.
pub(crate) fn is_on_curve(curve: Curve, key: &Parts) -> bool {
    let (Some(x), Some(y)) = (key.get("x"), key.get("y")) else { return false };
    let uncompressed = [&[4], x, y].concat();
    match curve {
        Curve::P256 => p256::PublicKey::from_sec1_bytes(&uncompressed).is_ok(),
        Curve::P384 => p384::PublicKey::from_sec1_bytes(&uncompressed).is_ok(),
        Curve::P521 => p521::PublicKey::from_sec1_bytes(&uncompressed).is_ok(),
        Curve::Ed25519 | Curve::X25519 => false,
    }
}

/// Refuses an RSA key that something speaks against.
pub(crate) fn check_rsa(key: &Parts) -> Result<()> {
    let part = |name| key.get(name).unwrap_or_default();
    for name in ["n", "e"] {
        if part(name).first() == Some(&0) {
            return refused(name, "RFC 7518 §2", "leading zero bytes, expected the fewest bytes");
        }
    }
    let (n, e) = (part("n"), part("e"));
    let bits = bits(n);
    if !(SHORTEST..=LONGEST).contains(&bits) {
        let message = format!("the modulus has {bits} bits, expected {SHORTEST} to {LONGEST}");
        return refused("n", "RFC 7518 §3.3", &message);
    }
    if e.len() > 8 || !is_odd(e) || matches!(e, [0..3]) {
        let message = "the public exponent is even, under 3 or over 64 bits, expected 65537";
        return refused("e", "RFC 8017 §3.1", message);
    }
    if !is_odd(n) {
        return refused("n", "RFC 8017 §3.1", "the modulus is even, so it is no product of two large primes");
    }
    if has_roca_fingerprint(n) {
        let message = "the modulus has the ROCA fingerprint: its private key can be computed from it";
        return refused("n", "CVE-2017-15361", message);
    }
    if key.get("p").is_some() && !is_product(n, part("p"), part("q")) {
        return refused("p", "RFC 8017 §3.2", "p times q is not n: the parts are not of one key");
    }
    Ok(())
}

fn refused(name: &str, spec: &'static str, message: &str) -> Result<()> {
    let at = format!("key.{name}");
    Err(Error::new(Code::JwkInvalid, format!("{at}: {message}")).at(at).spec(spec))
}

fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last % 2 == 1)
}

/// Whether n is p times q. A factor that is longer than n is not read, as the work grows with its length.
fn is_product(n: &[u8], p: &[u8], q: &[u8]) -> bool {
    let number = |bytes: &[u8]| {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let significant = bytes.get(zeros..)?;
        BoxedUint::from_be_slice(significant, u32::try_from(n.len() * 8).ok()?).ok().map(Zeroizing::new)
    };
    let (Some(n), Some(p), Some(q)) = (number(n), number(p), number(q)) else { return false };
    p.checked_mul(&*q).into_option().is_some_and(|product| product == *n)
}

/// Whether the modulus lies, for each of these primes, in the group that 65537 generates: all moduli of the faulty
/// library do, others by a chance of 2^-27 or less (Nemec et al., The Return of Coppersmith's Attack, §3).
fn has_roca_fingerprint(n: &[u8]) -> bool {
    static PRIMES: [u8; 38] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
        109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];
    PRIMES.iter().all(|prime| {
        let prime = u32::from(*prime);
        let rest = n.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..prime).any(|_| {
            power = power * 65537 % prime;
            power == rest
        })
    })
}

#[cfg(test)]
mod tests {
    use crypto_bigint::ConcatenatingMul;

    use super::*;

    #[test]
    fn a_product_is_known() {
        assert!(is_product(&[6], &[2], &[3]));
        assert!(is_product(&[0xff, 0xfe, 0xff, 0x00, 0x01], &[0xff, 0xff], &[0, 0xff, 0xff, 0xff]));
        assert!(is_product(&[1, 0, 0], &[1, 0], &[0, 0, 0, 0, 1, 0]));
        for (p, q) in
            [(&[2][..], &[4][..]), (&[6], &[]), (&[], &[]), (&[6, 0], &[1, 0]), (&[1, 0], &[6]), (&[3], &[87])]
        {
            assert!(!is_product(&[6], p, q), "{p:?} {q:?}");
        }
    }

    #[test]
    fn the_fingerprint_is_found_in_a_product_of_powers_of_65537() {
        // 65537^n modulo every one of the primes is in the group by construction.
        let mut power = BoxedUint::one();
        for _ in 0..100 {
            power = power.concatenating_mul(BoxedUint::from(65537_u32));
        }
        let mut power = power.to_be_bytes_trimmed_vartime().into_vec();
        assert!(has_roca_fingerprint(&power));
        *power.last_mut().unwrap() ^= 2;
        assert!(!has_roca_fingerprint(&power));
    }

    /// The base point of P-256, and the same with x and y exchanged (SP 800-186 §3.2.1.3).
    #[test]
    fn a_point_is_on_its_own_curve_alone() {
        const X: [u64; 4] =
            [0x6b17_d1f2_e12c_4247, 0xf8bc_e6e5_63a4_40f2, 0x7703_7d81_2deb_33a0, 0xf4a1_3945_d898_c296];
        const Y: [u64; 4] =
            [0x4fe3_42e2_fe1a_7f9b, 0x8ee7_eb4a_7c0f_9e16, 0x2bce_3357_6b31_5ece, 0xcbb6_4068_37bf_51f5];
        let parts = |x: [u64; 4], y: [u64; 4]| {
            let mut parts = Parts::default();
            parts.add("x", x.map(u64::to_be_bytes).concat().into());
            parts.add("y", y.map(u64::to_be_bytes).concat().into());
            parts
        };
        for curve in Curve::ALL {
            assert_eq!(is_on_curve(curve, &parts(X, Y)), curve == Curve::P256);
            assert!(!is_on_curve(curve, &parts(Y, X)) && !is_on_curve(curve, &Parts::default()));
        }
    }
}
