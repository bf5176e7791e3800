//! Content encryption: AES-GCM (RFC 7518 §5.3) and AES-CBC with HMAC (§5.2). The tag is checked before anything is
//! decrypted.

use aes::{Aes128, Aes192, Aes256};
use aes_gcm::aead::consts::{U12, U16};
use aes_gcm::{AeadInOut, AesGcm, KeyInit, Nonce, Tag};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use cbc::{Decryptor, Encryptor};
use zeroize::Zeroizing;

use crate::jose::jwa::{ContentEncryption, Hash, Mode};
use crate::jose::mac::{and_wipe, mac, same};

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

/// AES-GCM with the IV of 96 bits that RFC 7518 §5.3 asks for.
type Gcm<C> = AesGcm<C, U12>;

/// AES-GCM with a key of 16, 24 or 32 bytes.
pub(crate) fn gcm_encrypt(key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    fn encrypt<C>(key: &[u8], iv: &Nonce<U12>, aad: &[u8], text: &mut [u8]) -> Option<Tag<U16>>
    where
        C: AeadInOut<NonceSize = U12, TagSize = U16> + KeyInit,
    {
        and_wipe(|| C::new_from_slice(key).ok()?.encrypt_inout_detached(iv, aad, text.into()).ok())
    }
    let iv = iv.try_into().ok()?;
    let mut text = plaintext.to_vec();
    let tag = match key.len() {
        16 => encrypt::<Gcm<Aes128>>(key, iv, aad, &mut text),
        24 => encrypt::<Gcm<Aes192>>(key, iv, aad, &mut text),
        32 => encrypt::<Gcm<Aes256>>(key, iv, aad, &mut text),
        _ => None,
    }?;
    Some((text, tag.to_vec()))
}

/// The inverse of [`gcm_encrypt`], where the tag is right.
pub(crate) fn gcm_decrypt(
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    fn decrypt<C>(key: &[u8], iv: &Nonce<U12>, aad: &[u8], text: &mut [u8], tag: &Tag<U16>) -> Option<()>
    where
        C: AeadInOut<NonceSize = U12, TagSize = U16> + KeyInit,
    {
        and_wipe(|| C::new_from_slice(key).ok()?.decrypt_inout_detached(iv, aad, text.into(), tag).ok())
    }
    let (iv, tag) = (iv.try_into().ok()?, tag.try_into().ok()?);
    let mut text = Zeroizing::new(ciphertext.to_vec());
    match key.len() {
        16 => decrypt::<Gcm<Aes128>>(key, iv, aad, &mut text, tag),
        24 => decrypt::<Gcm<Aes192>>(key, iv, aad, &mut text, tag),
        32 => decrypt::<Gcm<Aes256>>(key, iv, aad, &mut text, tag),
        _ => None,
    }?;
    Some(text)
}

fn cbc_encrypt<C: BlockModeEncrypt + KeyIvInit>(key: &[u8], iv: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let length = plaintext.len() + 16 - plaintext.len() % 16;
    let mut text = Vec::with_capacity(length);
    text.extend_from_slice(plaintext);
    text.resize(length, 0);
    let encrypt = || {
        let cbc = C::new_from_slices(key, iv).ok()?;
        Some(cbc.encrypt_padded::<Pkcs7>(&mut text, plaintext.len()).ok()?.len())
    };
    (and_wipe(encrypt)? == length).then_some(text)
}

fn cbc_decrypt<C: BlockModeDecrypt + KeyIvInit>(
    key: &[u8],
    iv: &[u8],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(ciphertext.to_vec());
    let decrypt = || {
        let cbc = C::new_from_slices(key, iv).ok()?;
        Some(cbc.decrypt_padded::<Pkcs7>(&mut text).ok()?.len())
    };
    let length = and_wipe(decrypt)?;
    text.truncate(length);
    Some(text)
}

/// RFC 7518 §5.2.2.1: HMAC over AAD, IV, ciphertext and the AAD's length in bits, cut to its first half.
fn cbc_tag(hash: Hash, key: &[u8], aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?.to_be_bytes();
    let tag = mac(hash, key, &[aad, iv, ciphertext, &bits]);
    Some(tag.get(..hash.size() / 2)?.to_vec())
}
