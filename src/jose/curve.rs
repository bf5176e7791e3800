//! Whether a point is on its curve: y² = x³ − 3x + b (FIPS 186-5, SP 800-186 §3.2.1). An agreement with a point that is
//! not leaks the private key.

use super::jwa::Curve;
use super::parts::Parts;

// The field's prime and the constant b, their least significant words first.
#[allow(clippy::unreadable_literal)]
static P256: [Number; 2] = [
    [0xffffffff, 0xffffffff, 0xffffffff, 0, 0, 0, 1, 0xffffffff, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0, 0x769886bc, 0xb3ebbd55, 0xaa3a93e7, 0x5ac635d8, 0, 0, 0, 0, 0,
        0, 0, 0, 0,
    ],
];
#[allow(clippy::unreadable_literal)]
static P384: [Number; 2] = [
    [
        0xffffffff, 0, 0, 0xffffffff, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
        0xffffffff, 0xffffffff, 0, 0, 0, 0, 0,
    ],
    [
        0xd3ec2aef, 0x2a85c8ed, 0x8a2ed19d, 0xc656398d, 0x5013875a, 0x0314088f, 0xfe814112, 0x181d9c6e, 0xe3f82d19,
        0x988e056b, 0xe23ee7e4, 0xb3312fa7, 0, 0, 0, 0, 0,
    ],
];
#[allow(clippy::unreadable_literal)]
static P521: [Number; 2] = [
    [
        0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
        0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x000001ff,
    ],
    [
        0x6b503f00, 0xef451fd4, 0x3d2c34f1, 0x3573df88, 0x3bb1bf07, 0x1652c0bd, 0xec7e937b, 0x56193951, 0x8ef109e1,
        0xb8b48991, 0x99b315f3, 0xa2da725b, 0xb68540ee, 0x929a21a0, 0x8e1c9a1f, 0x953eb961, 81,
    ],
];

/// Whether it is of RFC 8037: its public keys are bytes, not points.
pub(crate) fn is_okp(curve: Curve) -> bool {
    matches!(curve, Curve::Ed25519 | Curve::X25519)
}

/// Whether the coordinates of this key are a point of this curve.
pub(crate) fn is_on(curve: Curve, key: &Parts) -> bool {
    let [prime, b] = match curve {
        Curve::P256 => &P256,
        Curve::P384 => &P384,
        Curve::P521 => &P521,
        Curve::Ed25519 | Curve::X25519 => return false,
    };
    let coordinate = |name| number(key.get(name)?);
    let (Some(x), Some(y)) = (coordinate("x"), coordinate("y")) else { return false };
    let field = Field { prime };
    // A sum is below the prime.
    if field.sum(&x, &[0; 17]) != x || field.sum(&y, &[0; 17]) != y {
        return false;
    }
    let x_cubed = field.product(&field.product(&x, &x), &x);
    let three_x = field.sum(&field.sum(&x, &x), &x);
    // Without a subtraction: y² + 3x = x³ + b.
    field.sum(&field.product(&y, &y), &three_x) == field.sum(&x_cubed, b)
}

/// A number below 2^544, its least significant word first. All that is reckoned with here is public, so that the time
/// it takes may tell.
type Number = [u32; 17];

/// The numbers below a prime of at most 543 bits.
struct Field {
    prime: &'static Number,
}

impl Field {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn sum(&self, a: &Number, b: &Number) -> Number {
        let (mut sum, mut carry) = ([0; 17], 0);
        for (word, (a, b)) in sum.iter_mut().zip(a.iter().zip(b)) {
            carry += u64::from(*a) + u64::from(*b);
            *word = carry as u32;
            carry >>= 32;
        }
        let (mut less, mut borrow) = ([0; 17], 0);
        for (word, (sum, prime)) in less.iter_mut().zip(sum.iter().zip(self.prime)) {
            borrow += i64::from(*sum) - i64::from(*prime);
            *word = borrow as u32;
            borrow >>= 32;
        }
        if borrow < 0 { sum } else { less }
    }

    /// By doubling and adding, from the most significant bit on.
    fn product(&self, a: &Number, b: &Number) -> Number {
        let mut product = [0; 17];
        for word in a.iter().rev().skip_while(|word| **word == 0) {
            for bit in (0..32).rev() {
                product = self.sum(&product, &product);
                if word >> bit & 1 == 1 {
                    product = self.sum(&product, b);
                }
            }
        }
        product
    }
}

fn number(bytes: &[u8]) -> Option<Number> {
    let mut number = [0; 17];
    for (place, byte) in bytes.iter().rev().enumerate() {
        *number.get_mut(place / 4)? |= u32::from(*byte) << (place % 4 * 8);
    }
    Some(number)
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

    fn point(x: &[u8], y: &[u8]) -> Parts {
        let mut parts = Parts::default();
        parts.add("x", x.to_vec().into());
        parts.add("y", y.to_vec().into());
        parts
    }

    #[test]
    fn base_points_are_on_their_curves_and_their_neighbours_are_not() {
        for (curve, x, y) in POINTS {
            let (x, mut y) = (bytes(x), bytes(y));
            assert!(is_on(curve, &point(&x, &y)), "{curve:?}");
            for other in POINTS {
                assert_eq!(is_on(other.0, &point(&x, &y)), other.0 == curve);
            }
            *y.last_mut().unwrap() ^= 1;
            assert!(!is_on(curve, &point(&x, &y)), "{curve:?}");
            assert!(!is_on(curve, &point(&[], &[])));
        }
    }
}
