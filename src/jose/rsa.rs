//! What makes an RSA key unsafe: too short (RFC 7518 §3.3), a bad public exponent, the ROCA fingerprint
//! (CVE-2017-15361), parts that are not of one key.

use super::parts::Parts;
use crate::error::text::decimal;
use crate::error::{Code, Error, Result};

/// The shortest modulus that RFC 7518 §3.3 and §4.3 allow, in bits.
const SHORTEST: usize = 2048;
/// No platform takes a longer one, and the work grows with it.
const LONGEST: usize = 16384;

/// Refuses a key that something speaks against.
pub(crate) fn check(key: &Parts) -> Result<()> {
    let part = |name| key.get(name).unwrap_or_default();
    for name in ["n", "e"] {
        if part(name).first() == Some(&0) {
            return refused("key.{0}|RFC 7518 §2|key.{0}: leading zero bytes, expected the fewest bytes", &[name]);
        }
    }
    let (n, e) = (part("n"), part("e"));
    let bits = bits(n);
    if !(SHORTEST..=LONGEST).contains(&bits) {
        return refused(
            "key.n|RFC 7518 §3.3|key.n: the modulus has {0} bits, expected 2048 to 16384",
            &[&decimal(bits)],
        );
    }
    if e.len() > 8 || e.last().is_none_or(|last| last % 2 == 0) || matches!(e, [0..3]) {
        return refused(
            "key.e|RFC 8017 §3.1|key.e: the public exponent is even, under 3 or over 64 bits, expected 65537",
            &[],
        );
    }
    if n.last().is_none_or(|last| last % 2 == 0) {
        return refused("key.n|RFC 8017 §3.1|key.n: the modulus is even, so it is no product of two large primes", &[]);
    }
    if has_roca_fingerprint(n) {
        return refused(
            "key.n|CVE-2017-15361\
             |key.n: the modulus has the ROCA fingerprint: its private key can be computed from it",
            &[],
        );
    }
    if key.get("p").is_some() && !is_product(n, significant(part("p")), significant(part("q"))) {
        return refused("key.p|RFC 8017 §3.2|key.p: p times q is not n: the parts are not of one key", &[]);
    }
    Ok(())
}

fn refused(line: &'static str, values: &[&str]) -> Result<()> {
    Err(Error::told(Code::JwkInvalid, line, values))
}

/// Without leading zero bytes.
fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

fn bits(number: &[u8]) -> usize {
    number.first().map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

/// Whether n is p times q. Factors too long for that are not multiplied, as the work grows with both.
fn is_product(n: &[u8], p: &[u8], q: &[u8]) -> bool {
    p.len() + q.len() <= n.len() + 1 && product(p, q) == n
}

/// Big-endian, without leading zero bytes.
fn product(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = vec![0_u8; a.len() + b.len()];
    for (i, x) in a.iter().rev().enumerate() {
        let (mut high, mut digits) = (0, out.iter_mut().rev().skip(i));
        for (y, digit) in b.iter().rev().zip(&mut digits) {
            let sum = u16::from(*digit) + u16::from(*x) * u16::from(*y) + u16::from(high);
            [high, *digit] = sum.to_be_bytes();
        }
        if let Some(digit) = digits.next() {
            *digit = high;
        }
    }
    significant(&out).to_vec()
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
    use super::*;

    #[test]
    fn numbers_are_multiplied() {
        assert_eq!(product(&[2], &[3]), [6]);
        assert_eq!(product(&[0xff, 0xff], &[0xff, 0xff, 0xff]), [0xff, 0xfe, 0xff, 0x00, 0x01]);
        assert_eq!(product(&[1, 0], &[1, 0]), [1, 0, 0]);
    }

    #[test]
    fn the_fingerprint_is_found_in_a_product_of_powers_of_65537() {
        // 65537^n modulo every one of the primes is in the group by construction.
        let mut power = vec![1];
        for _ in 0..100 {
            power = product(&power, &[1, 0, 1]);
        }
        assert!(has_roca_fingerprint(&power));
        *power.last_mut().unwrap() ^= 2;
        assert!(!has_roca_fingerprint(&power));
    }
}
