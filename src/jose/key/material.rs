//! What a key is made of. It is zeroized when it is dropped, and `Debug` shows only its kind.

use core::fmt;

use zeroize::Zeroizing;

use super::secret::Secret;
use crate::jose::jwa::Curve;

/// What the key is made of.
#[derive(Clone)]
pub enum Material {
    /// A shared secret, of any length.
    Secret(Secret),
    /// A symmetric JWK, which must be as long as its algorithm's hash.
    Oct(Secret),
    /// An RSA key.
    Rsa(Parts),
    /// A key on a NIST curve.
    Ec(Curve, Parts),
    /// A key on a curve of RFC 8037.
    Okp(Curve, Parts),
    /// A private key as PKCS #8, which does not tell its public half.
    Pkcs8(Curve, Zeroizing<Vec<u8>>),
    /// A key that the platform holds, and the algorithms that the platform allows it.
    Platform(Vec<&'static str>, bool),
    /// A key that lives elsewhere: the one algorithm that it is for, and its public half, where that is known.
    External(&'static str, Option<Box<Material>>),
}

impl Material {
    /// The bytes of this member of its JWK.
    pub(crate) fn part(&self, name: &str) -> Option<&[u8]> {
        match self {
            Self::Secret(secret) | Self::Oct(secret) => (name == "k").then_some(secret.as_bytes()),
            Self::Rsa(parts) | Self::Ec(_, parts) | Self::Okp(_, parts) => parts.get(name),
            Self::Pkcs8(..) | Self::Platform(..) | Self::External(..) => None,
        }
    }

    /// The curve it is on.
    pub(crate) fn curve(&self) -> Option<Curve> {
        match self {
            Self::Ec(curve, _) | Self::Okp(curve, _) | Self::Pkcs8(curve, _) => Some(*curve),
            _ => None,
        }
    }

    /// What kind of key it is, in words for a message.
    pub(super) fn describe(&self) -> &'static str {
        match self {
            Self::Secret(_) | Self::Oct(_) => "a shared secret",
            Self::Rsa(_) => "an RSA key",
            Self::Platform(..) => "a CryptoKey of another algorithm",
            Self::External(..) => "a key that lives elsewhere",
            Self::Ec(curve, _) | Self::Okp(curve, _) | Self::Pkcs8(curve, _) => match curve {
                Curve::P256 => "a P-256 key",
                Curve::P384 => "a P-384 key",
                Curve::P521 => "a P-521 key",
                Curve::Ed25519 => "an Ed25519 key",
                Curve::X25519 => "an X25519 key",
            },
        }
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe())
    }
}

/// What an asymmetric key is made of: its parts by the names that a JWK gives them (RFC 7518 §6.2, §6.3; RFC 8037 §2),
/// each as big-endian bytes.
#[derive(Clone, Default)]
pub struct Parts(Vec<(&'static str, Zeroizing<Vec<u8>>)>);

impl Parts {
    pub(crate) fn add(&mut self, name: &'static str, bytes: Zeroizing<Vec<u8>>) {
        self.0.push((name, bytes));
    }

    /// The part of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes.as_slice())
    }
}
