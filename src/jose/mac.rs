//! SHA-2 (FIPS 180-4), and HMAC with it (RFC 7518 §3.2), compared in constant time.

use sha2::{Digest, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::jwa::Hash;
use super::stack::and_wipe;

/// HMAC over the parts, one after the other (RFC 2104 §2). Not by the crate of that name, which leaves the padded key on
/// the stack.
#[must_use]
pub fn mac(hash: Hash, key: &[u8], parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let block = if hash == Hash::Sha256 { 64 } else { 128 };
    let hashed = if key.len() > block { digest(hash, key, &[]) } else { Zeroizing::default() };
    let key = if key.len() > block { &hashed } else { key };
    let padded = |pad: u8| {
        let mut bytes = Zeroizing::new(vec![pad; block]);
        for (byte, key) in bytes.iter_mut().zip(key) {
            *byte ^= key;
        }
        bytes
    };
    digest(hash, &padded(0x5c), &[&digest(hash, &padded(0x36), parts)])
}

fn digest(hash: Hash, start: &[u8], parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    match hash {
        Hash::Sha256 => run::<Sha256>(start, parts),
        Hash::Sha384 => run::<Sha384>(start, parts),
        Hash::Sha512 => run::<Sha512>(start, parts),
    }
}

fn run<D: Digest>(start: &[u8], parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let mut digest = D::new();
    digest.update(start);
    for part in parts {
        digest.update(part);
    }
    Zeroizing::new(digest.finalize().to_vec())
}

/// SHA-256 of the parts, one after the other.
#[must_use]
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    and_wipe(|| {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(part);
        }
        digest.finalize().into()
    })
}

/// Whether two MACs or tags are the same, in time that depends on their lengths only.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
