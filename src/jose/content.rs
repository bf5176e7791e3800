//! Content encryption: AES-GCM (RFC 7518 §5.3) and AES-CBC with HMAC (§5.2). The tag is checked before anything is
//! decrypted.

use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::{AeadInOut, AesGcm, Nonce, Tag};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit};
use cbc::{Decryptor, Encryptor};
use zeroize::Zeroizing;

use super::aes::Aes;
use super::jwa::{ContentEncryption, Hash, Mode};
use super::mac::{mac, same};
use super::stack::and_wipe;

/// Ciphertext and tag; nothing where key or IV have the wrong length.
#[must_use]
pub fn encrypt(
    enc: &ContentEncryption,
    cek: &[u8],
    iv: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Option<(Vec<u8>, Vec<u8>)> {
    if cek.len() != enc.cek {
        return None;
    }
    match enc.mode {
        Mode::Gcm => gcm_encrypt(cek, iv, aad, plaintext),
        Mode::CbcHmac(hash) => {
            let (mac_key, key) = cek.split_at_checked(cek.len() / 2)?;
            let ciphertext = and_wipe(|| cbc_encrypt(key, iv, plaintext))?;
            let tag = cbc_tag(hash, mac_key, aad, iv, &ciphertext)?;
            Some((ciphertext, tag))
        }
    }
}

/// The plaintext, where the tag is right; nothing else is told.
#[must_use]
pub fn decrypt(
    enc: &ContentEncryption,
    cek: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    if cek.len() != enc.cek {
        return None;
    }
    match enc.mode {
        Mode::Gcm => gcm_decrypt(cek, iv, aad, ciphertext, tag),
        Mode::CbcHmac(hash) => {
            let (mac_key, key) = cek.split_at_checked(cek.len() / 2)?;
            if !same(&cbc_tag(hash, mac_key, aad, iv, ciphertext)?, tag) {
                return None;
            }
            and_wipe(|| cbc_decrypt(key, iv, ciphertext))
        }
    }
}

/// AES-GCM with a key of 16, 24 or 32 bytes.
pub(crate) fn gcm_encrypt(key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let iv: &Nonce<U12> = iv.try_into().ok()?;
    let mut text = plaintext.to_vec();
    let encrypt =
        || AesGcm::<Aes, U12>::from(Aes::new(key)?).encrypt_inout_detached(iv, aad, (&mut text[..]).into()).ok();
    let tag = and_wipe(encrypt)?;
    Some((text, tag.to_vec()))
}

pub(crate) fn gcm_decrypt(
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let iv: &Nonce<U12> = iv.try_into().ok()?;
    let tag: &Tag<U16> = tag.try_into().ok()?;
    let mut text = Zeroizing::new(ciphertext.to_vec());
    and_wipe(|| {
        AesGcm::<Aes, U12>::from(Aes::new(key)?).decrypt_inout_detached(iv, aad, (&mut text[..]).into(), tag).ok()
    })?;
    Some(text)
}

fn cbc_encrypt(key: &[u8], iv: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let cbc = Encryptor::inner_iv_slice_init(Aes::new(key)?, iv).ok()?;
    let length = plaintext.len() + 16 - plaintext.len() % 16;
    let mut text = Vec::with_capacity(length);
    text.extend_from_slice(plaintext);
    text.resize(length, 0);
    let written = cbc.encrypt_padded::<Pkcs7>(&mut text, plaintext.len()).ok()?.len();
    (written == text.len()).then_some(text)
}

fn cbc_decrypt(key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let cbc = Decryptor::inner_iv_slice_init(Aes::new(key)?, iv).ok()?;
    let mut text = Zeroizing::new(ciphertext.to_vec());
    let length = cbc.decrypt_padded::<Pkcs7>(&mut text).ok()?.len();
    text.truncate(length);
    Some(text)
}

/// RFC 7518 §5.2.2.1: HMAC over AAD, IV, ciphertext and the AAD's length in bits, cut to its first half.
fn cbc_tag(hash: Hash, key: &[u8], aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?.to_be_bytes();
    let tag = mac(hash, key, &[aad, iv, ciphertext, &bits]);
    Some(tag.get(..hash.size() / 2)?.to_vec())
}
