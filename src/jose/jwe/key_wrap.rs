//! AES key wrap (RFC 3394), and the key derivation of ECDH-ES (RFC 7518 §4.6.2).

use aes::cipher::consts::U16;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use aes_kw::AesKw;
use sha2::digest::FixedOutput;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::jose::mac::and_wipe;

/// The key wrapped with a key of 16, 24 or 32 bytes.
#[must_use]
pub fn wrap(kek: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    match kek.len() {
        16 => wrap_with::<Aes128>(kek, key),
        24 => wrap_with::<Aes192>(kek, key),
        32 => wrap_with::<Aes256>(kek, key),
        _ => None,
    }
}

fn wrap_with<C>(kek: &[u8], key: &[u8]) -> Option<Vec<u8>>
where
    C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
{
    let mut out = vec![0; key.len().checked_add(8)?];
    and_wipe(|| AesKw::<C>::new_from_slice(kek).ok()?.wrap_key(key, &mut out).ok().map(drop))?;
    Some(out)
}

/// The key unwrapped, where it was wrapped with this one.
#[must_use]
pub fn unwrap(kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    match kek.len() {
        // Two blocks of key data at the least (RFC 3394 §2).
        _ if wrapped.len() < 24 => None,
        16 => unwrap_with::<Aes128>(kek, wrapped),
        24 => unwrap_with::<Aes192>(kek, wrapped),
        32 => unwrap_with::<Aes256>(kek, wrapped),
        _ => None,
    }
}

fn unwrap_with<C>(kek: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: BlockCipherDecrypt + BlockSizeUser<BlockSize = U16> + KeyInit,
{
    let mut out = Zeroizing::new(vec![0; wrapped.len()]);
    let unwrapped = || Some(AesKw::<C>::new_from_slice(kek).ok()?.unwrap_key(wrapped, &mut out).ok()?.len());
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
    let mut out = Zeroizing::new(vec![0; length.next_multiple_of(32)]);
    and_wipe(|| {
        for (block, round) in out.chunks_exact_mut(32).zip(1_u32..) {
            let number = round.to_be_bytes();
            let mut hash = Sha256::new();
            for part in [&number, z, &sizes[0], algorithm.as_bytes(), &sizes[1], apu, &sizes[2], apv, &bits] {
                Digest::update(&mut hash, part);
            }
            // Written in place: a hash that is returned leaves a copy of the key on the stack.
            FixedOutput::finalize_into(hash, block.try_into().ok()?);
        }
        Some(())
    })?;
    out.truncate(length);
    Some(out)
}
