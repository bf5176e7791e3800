//! Whether a point is on its curve: y² = x³ − 3x + b (FIPS 186-5, SP 800-186 §3.2.1). An agreement with a point that is
//! not leaks the private key.

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U576};

use super::jwa::Curve;

/// The field's prime and the constant b, in hexadecimal.
const fn constants(curve: Curve) -> Option<(&'static str, &'static str)> {
    match curve {
        Curve::P256 => Some((
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        )),
        Curve::P384 => Some((
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        )),
        Curve::P521 => Some((
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
             ffffffffffffffffffffffffffffffff",
            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf07\
             3573df883d2c34f1ef451fd46b503f00",
        )),
        Curve::Ed25519 | Curve::X25519 => None,
    }
}

/// Whether these big-endian coordinates are a point of this curve.
pub(crate) fn is_on(curve: Curve, x: &[u8], y: &[u8]) -> bool {
    let Some((prime, b)) = constants(curve) else { return false };
    let (prime, b) = (number(prime), number(b));
    let (x, y) = (from_bytes(x), from_bytes(y));
    let (Some(x), Some(y), Some(modulus)) = (x, y, Option::from(Odd::new(prime))) else { return false };
    if x >= prime || y >= prime {
        return false;
    }
    let params = FixedMontyParams::new_vartime(modulus);
    let [x, y, b] = [x, y, b].map(|value| FixedMontyForm::new(&value, &params));
    let three_x = x + x + x;
    y * y == x * x * x - three_x + b
}

fn number(hex: &str) -> U576 {
    hex.bytes()
        .filter_map(|digit| char::from(digit).to_digit(16))
        .fold(U576::ZERO, |value, digit| (value << 4) | U576::from(digit))
}

fn from_bytes(bytes: &[u8]) -> Option<U576> {
    let mut padded = [0; U576::BYTES];
    let start = padded.len().checked_sub(bytes.len())?;
    padded.get_mut(start..)?.copy_from_slice(bytes);
    Some(U576::from_be_slice(&padded))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base points of SP 800-186 §3.2.1.
    const POINTS: [(Curve, &str, &str); 3] = [
        (
            Curve::P256,
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        ),
        (
            Curve::P384,
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ),
        (
            Curve::P521,
            "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
            "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
        ),
    ];

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
    }

    #[test]
    fn base_points_are_on_their_curves_and_their_neighbours_are_not() {
        for (curve, x, y) in POINTS {
            let (x, mut y) = (bytes(x), bytes(y));
            assert!(is_on(curve, &x, &y), "{curve:?}");
            for other in POINTS {
                assert_eq!(is_on(other.0, &x, &y), other.0 == curve);
            }
            *y.last_mut().unwrap() ^= 1;
            assert!(!is_on(curve, &x, &y), "{curve:?}");
            assert!(!is_on(curve, &[], &[]));
        }
    }
}
