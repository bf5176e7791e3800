//! HMAC with SHA-2 (RFC 7518 §3.2), compared in constant time, and what keeps its keys from staying in memory.

use core::fmt;

use hkdf::Hkdf;
use hmac::digest::{FixedOutput, Key, KeyInit, Output, Update};
use hmac::{EagerHash, Hmac};
use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;
use zeroize::{Zeroizing, zeroize_stack};

use super::jwa::Hash;

/// A key whose pads were hashed already (RFC 2104 §4), so that each MAC with it takes two blocks less. It is zeroized
/// when it is dropped, and stands on the heap so that moving it leaves no copy.
#[derive(Clone)]
#[allow(missing_docs)]
pub enum MacKey {
    Sha256(Box<Hmac<Sha256>>),
    Sha384(Box<Hmac<Sha384>>),
    Sha512(Box<Hmac<Sha512>>),
}

impl MacKey {
    /// A key of any length for HMAC with this hash.
    #[must_use]
    pub fn new(hash: Hash, key: &[u8]) -> Self {
        and_wipe(|| match hash {
            Hash::Sha256 => Self::Sha256(Box::new(keyed(key))),
            Hash::Sha384 => Self::Sha384(Box::new(keyed(key))),
            Hash::Sha512 => Self::Sha512(Box::new(keyed(key))),
        })
    }

    /// The hash that it is for.
    #[must_use]
    pub fn hash(&self) -> Hash {
        match self {
            Self::Sha256(_) => Hash::Sha256,
            Self::Sha384(_) => Hash::Sha384,
            Self::Sha512(_) => Hash::Sha512,
        }
    }

    /// HMAC over the parts, one after the other.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
        let mut mac = Zeroizing::new(vec![0; self.hash().size()]);
        and_wipe(|| match self {
            Self::Sha256(key) => finish(Hmac::clone(key), parts, &mut mac),
            Self::Sha384(key) => finish(Hmac::clone(key), parts, &mut mac),
            Self::Sha512(key) => finish(Hmac::clone(key), parts, &mut mac),
        });
        mac
    }

    /// Whether this is the MAC over the parts, in time that depends on the lengths only.
    #[must_use]
    pub fn verify(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        same(&self.mac(parts), mac)
    }
}

/// Says nothing of the key.
impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MacKey({:?})", self.hash())
    }
}

/// HMAC with this key over the parts, one after the other.
///
/// ```
/// use canvas_lms_tokens::jose::jwa::Hash;
/// use canvas_lms_tokens::jose::mac::{mac, same};
///
/// let made = mac(Hash::Sha256, b"Jefe", &[b"what do ya want ", b"for nothing?"]);
/// assert_eq!(made[..4], [0x5b, 0xdc, 0xc1, 0x46]);
/// assert!(same(&made, &mac(Hash::Sha256, b"Jefe", &[b"what do ya want for nothing?"])));
/// ```
#[must_use]
pub fn mac(hash: Hash, key: &[u8], parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    MacKey::new(hash, key).mac(parts)
}

fn keyed<D: EagerHash>(key: &[u8]) -> Hmac<D> {
    // HMAC takes a key of any length (RFC 2104 §2), so that there is no error to handle.
    Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Key::<Hmac<D>>::default()))
}

fn finish<D: EagerHash>(mut state: Hmac<D>, parts: &[&[u8]], mac: &mut [u8]) {
    for part in parts {
        state.update(part);
    }
    if let Ok(mac) = <&mut Output<Hmac<D>>>::try_from(mac) {
        state.finalize_into(mac);
    }
}

/// A key of 32 bytes for the purpose that `info` names, by HKDF-SHA256 without salt (RFC 5869): one secret serves several
/// purposes, and what is made for one is of no use for another.
#[must_use]
pub(crate) fn derive(secret: &[u8], info: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; 32]);
    // It fails for more than 255 blocks, of which this is one.
    and_wipe(|| Hkdf::<Sha256>::new(None, secret).expand(info, &mut key)).unwrap_or_default();
    key
}

/// SHA-256 of the parts, one after the other.
#[must_use]
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    and_wipe(|| {
        let mut digest = Sha256::new();
        for part in parts {
            Digest::update(&mut digest, part);
        }
        digest.finalize().into()
    })
}

/// Whether two MACs or tags are the same, in time that depends on their lengths only.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// How much of the stack the ciphers and hashes use, and more, in bytes.
const STACK: usize = 4096;

/// Calls this, then zeroizes the stack that it used: the ciphers and hashes leave blocks of plaintext, padded keys and
/// agreed values there. What it returns must hold no secret itself, for it is moved.
pub(super) fn and_wipe<T>(call: impl FnOnce() -> T) -> T {
    /// A function of its own, so that its stack begins where that of `zeroize_stack` does.
    #[inline(never)]
    fn called<T>(call: impl FnOnce() -> T) -> T {
        call()
    }
    let result = called(call);
    zeroize_stack::<STACK>();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prepared_key_makes_the_same_macs() {
        for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
            let block = if hash == Hash::Sha256 { 64 } else { 128 };
            for length in [0, 1, hash.size(), block - 1, block, block + 1, 3 * block] {
                let key: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect();
                let prepared = MacKey::new(hash, &key);
                for text in [&b""[..], b"text", &[7; 200]] {
                    let made = mac(hash, &key, &[text]);
                    assert_eq!(made.len(), hash.size());
                    // Twice, since a MAC must not change the key.
                    assert_eq!([prepared.mac(&[text]), prepared.clone().mac(&[text])], [made.clone(), made.clone()]);
                    assert!(prepared.verify(&[text], &made), "{hash:?} {length}");
                    assert!(!prepared.verify(&[text], &made[1..]) && !prepared.verify(&[text, b"."], &made));
                }
            }
        }
    }

    #[test]
    fn keys_are_derived_as_rfc_5869_says() {
        // Appendix A.3: no salt, no info.
        let expected = [0x8d, 0xa4, 0xe7, 0x75, 0xa5, 0x63, 0xc1, 0x8f, 0x71, 0x5f, 0x80, 0x2a, 0x06, 0x3c, 0x5a, 0x31];
        assert_eq!(derive(&[0x0b; 22], b"")[..16], expected);
        assert_ne!(derive(&[0x0b; 22], b"a"), derive(&[0x0b; 22], b"b"));
    }

    #[test]
    fn a_mac_key_shows_nothing_of_the_key() {
        assert_eq!(format!("{:?}", MacKey::new(Hash::Sha256, b"secret")), "MacKey(Sha256)");
    }
}
