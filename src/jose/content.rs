//! Content encryption: AES-GCM (RFC 7518 §5.3) and AES-CBC with HMAC (§5.2). The tag is checked before anything is
//! decrypted.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::{AeadInOut, AesGcm, KeyInit, Nonce, Tag};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use cbc::{Decryptor, Encryptor};
use zeroize::Zeroizing;

use super::jwa::{ContentEncryption, Hash, Mode};
use super::mac::{mac, same};

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
            let ciphertext = match key.len() {
                16 => cbc_encrypt::<Encryptor<Aes128>>(key, iv, plaintext),
                24 => cbc_encrypt::<Encryptor<Aes192>>(key, iv, plaintext),
                32 => cbc_encrypt::<Encryptor<Aes256>>(key, iv, plaintext),
                _ => None,
            }?;
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
            match key.len() {
                16 => cbc_decrypt::<Decryptor<Aes128>>(key, iv, ciphertext),
                24 => cbc_decrypt::<Decryptor<Aes192>>(key, iv, ciphertext),
                32 => cbc_decrypt::<Decryptor<Aes256>>(key, iv, ciphertext),
                _ => None,
            }
        }
    }
}

/// AES-GCM with a key of 16, 24 or 32 bytes.
pub(crate) fn gcm_encrypt(key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let iv: &Nonce<U12> = iv.try_into().ok()?;
    let mut text = plaintext.to_vec();
    let buffer = (&mut text[..]).into();
    let tag: Tag<U16> = match key.len() {
        16 => AesGcm::<Aes128, U12>::new_from_slice(key).ok()?.encrypt_inout_detached(iv, aad, buffer),
        24 => AesGcm::<Aes192, U12>::new_from_slice(key).ok()?.encrypt_inout_detached(iv, aad, buffer),
        32 => AesGcm::<Aes256, U12>::new_from_slice(key).ok()?.encrypt_inout_detached(iv, aad, buffer),
        _ => return None,
    }
    .ok()?;
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
    let buffer = (&mut text[..]).into();
    match key.len() {
        16 => AesGcm::<Aes128, U12>::new_from_slice(key).ok()?.decrypt_inout_detached(iv, aad, buffer, tag),
        24 => AesGcm::<Aes192, U12>::new_from_slice(key).ok()?.decrypt_inout_detached(iv, aad, buffer, tag),
        32 => AesGcm::<Aes256, U12>::new_from_slice(key).ok()?.decrypt_inout_detached(iv, aad, buffer, tag),
        _ => return None,
    }
    .ok()?;
    Some(text)
}

fn cbc_encrypt<C: KeyIvInit + BlockModeEncrypt>(key: &[u8], iv: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let mut text = plaintext.to_vec();
    text.resize(plaintext.len() + 16 - plaintext.len() % 16, 0);
    let written = C::new_from_slices(key, iv).ok()?.encrypt_padded::<Pkcs7>(&mut text, plaintext.len()).ok()?.len();
    (written == text.len()).then_some(text)
}

fn cbc_decrypt<C: KeyIvInit + BlockModeDecrypt>(
    key: &[u8],
    iv: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(ciphertext.to_vec());
    let length = C::new_from_slices(key, iv).ok()?.decrypt_padded::<Pkcs7>(&mut text).ok()?.len();
    text.truncate(length);
    Some(text)
}

/// RFC 7518 §5.2.2.1: HMAC over AAD, IV, ciphertext and the AAD's length in bits, cut to its first half.
fn cbc_tag(hash: Hash, key: &[u8], aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?.to_be_bytes();
    let tag = mac(hash, key, &[aad, iv, ciphertext, &bits]);
    Some(tag.get(..hash.size() / 2)?.to_vec())
}
