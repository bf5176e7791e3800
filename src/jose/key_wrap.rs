//! AES key wrap (RFC 3394), and the key derivation of ECDH-ES (RFC 7518 §4.6.2).

use aes_kw::{AesKw, InnerInit};
use zeroize::Zeroizing;

use super::aes::Aes;
use super::mac::sha256;
use super::stack::and_wipe;

/// The key wrapped with a key of 16, 24 or 32 bytes.
#[must_use]
pub fn wrap(kek: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0; key.len().checked_add(8)?];
    and_wipe(|| AesKw::inner_init(Aes::new(kek)?).wrap_key(key, &mut out).ok().map(drop))?;
    Some(out)
}

/// The key unwrapped, where it was wrapped with this one.
#[must_use]
pub fn unwrap(kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // Two blocks of key data at the least (RFC 3394 §2).
    if wrapped.len() < 24 {
        return None;
    }
    let mut out = Zeroizing::new(vec![0; wrapped.len()]);
    let unwrapped = || Some(AesKw::inner_init(Aes::new(kek)?).unwrap_key(wrapped, &mut out).ok()?.len());
    let length = and_wipe(unwrapped)?;
    out.truncate(length);
    Some(out)
}

/// Concat KDF with SHA-256 (NIST SP 800-56A §5.8.1): `length` bytes for this algorithm from the agreed value `z`.
#[must_use]
pub fn derive(z: &[u8], algorithm: &str, apu: &[u8], apv: &[u8], length: usize) -> Option<Zeroizing<Vec<u8>>> {
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).ok().map(u32::to_be_bytes);
    let bits = u32::try_from(length).ok()?.checked_mul(8)?.to_be_bytes();
    let sizes = [size(algorithm.as_bytes())?, size(apu)?, size(apv)?];
    let mut out = Zeroizing::new(Vec::with_capacity(length + 32));
    let mut round: u32 = 1;
    while out.len() < length {
        let number = round.to_be_bytes();
        let parts: [&[u8]; 9] = [&number, z, &sizes[0], algorithm.as_bytes(), &sizes[1], apu, &sizes[2], apv, &bits];
        out.extend_from_slice(Zeroizing::new(sha256(&parts)).as_slice());
        round += 1;
    }
    out.truncate(length);
    Some(out)
}
