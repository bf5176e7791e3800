//! JSON Web Encryption (RFC 7516 §5.1): makes the content encryption key reach the recipient, then encrypts.

use core::fmt;

use zeroize::Zeroizing;

use super::{agreed_key, content, key_wrap, parties};
use crate::error::{Code, Error, Result};
use crate::jose::base64url;
use crate::jose::extensions;
use crate::jose::header::Header;
use crate::jose::jwa::{ContentEncryption, KeyManagement, Management, content_named, management_named};
use crate::jose::jws::complete;
use crate::jose::key::{Key, Purpose};
use crate::json::{Json, Object};

/// Fills a buffer with random bytes.
pub type Random<'r> = &'r mut dyn FnMut(&mut [u8]) -> Result<()>;

/// A token about to be encrypted.
pub struct Encryption<'k> {
    alg: &'static KeyManagement,
    enc: &'static ContentEncryption,
    key: &'k Key,
    header: Object,
    cek: Zeroizing<Vec<u8>>,
}

/// What the platform has done, where the key management algorithm needs it.
pub enum Recipient {
    /// Nothing: the key is a shared secret.
    Shared,
    /// Encrypted the content encryption key with RSAES-OAEP.
    Encrypted(Vec<u8>),
    /// Made an ephemeral key and agreed on a value with the recipient's.
    Agreed {
        /// The ephemeral public key as a JWK.
        epk: Object,
        /// The agreed value.
        z: Zeroizing<Vec<u8>>,
    },
}

impl<'k> Encryption<'k> {
    /// Reads `alg` (or the key's) and `enc` from the header, and makes a content encryption key.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a header without `enc`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JOSE_ALG_NOT_ALLOWED`.
    pub fn new(key: &'k Key, header: Object, random: Random<'_>) -> Result<Self> {
        let named = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Error::argument(&format!("header.{name}"), "expected a string")),
        };
        let alg = match named("alg")? {
            Some(name) => management_named(&name)?,
            None => key
                .default_management()
                .ok_or_else(|| Error::argument("header.alg", "absent, expected a key management algorithm"))?,
        };
        let enc = named("enc")?;
        let enc =
            enc.ok_or_else(|| Error::argument("header.enc", "absent, expected a content encryption algorithm"))?;
        let enc = content_named(&enc)?;
        key.check_management(alg, enc, Purpose::Encrypt)?;
        extensions::check(&Header::new(header.clone()), Code::Argument)?;
        let mut cek = Zeroizing::new(vec![0; enc.cek]);
        match key.bytes().filter(|_| alg.management == Management::Direct) {
            Some(bytes) => cek.copy_from_slice(bytes),
            None => random(&mut cek)?,
        }
        Ok(Self { alg, enc, key, header, cek })
    }

    /// The key management algorithm.
    #[must_use]
    pub fn algorithm(&self) -> &'static KeyManagement {
        self.alg
    }

    /// The content encryption key, for the platform to encrypt.
    #[must_use]
    pub fn cek(&self) -> &[u8] {
        &self.cek
    }

    /// The token.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` where `recipient` is not what the algorithm needs; those of `random`.
    pub fn seal(mut self, plaintext: &[u8], recipient: Recipient, random: Random<'_>) -> Result<String> {
        let mut header = self.header.clone();
        let kek = self.key.bytes().unwrap_or_default();
        let encrypted_key = match (self.alg.management, recipient) {
            (Management::Direct, _) => Some(Vec::new()),
            (Management::AesKw, _) => key_wrap::wrap(kek, &self.cek),
            (Management::AesGcmKw, _) => {
                let mut iv = [0; 12];
                random(&mut iv)?;
                content::gcm_encrypt(kek, &iv, &[], &self.cek).map(|(encrypted, tag)| {
                    header.set("iv", Json::String(base64url::encode(&iv)));
                    header.set("tag", Json::String(base64url::encode(&tag)));
                    encrypted
                })
            }
            (Management::RsaOaep, Recipient::Encrypted(encrypted)) => Some(encrypted),
            (Management::EcdhEs, Recipient::Agreed { epk, z }) => {
                header.set("epk", Json::Object(epk));
                let parties = parties(&Header::new(header.clone()), Code::Argument)?;
                match agreed_key(self.alg, self.enc, &parties, &z) {
                    Some(agreed) if self.alg.kek == 0 => {
                        self.cek = agreed;
                        Some(Vec::new())
                    }
                    agreed => agreed.and_then(|agreed| key_wrap::wrap(&agreed, &self.cek)),
                }
            }
            _ => return Err(Error::argument("recipient", format!("not what {} needs", self.alg.name))),
        };
        let mut iv = vec![0; self.enc.iv()];
        random(&mut iv)?;
        let header = complete(&header, self.alg.name, self.key).to_part();
        let encrypted = content::encrypt(self.enc, &self.cek, &iv, header.as_bytes(), plaintext);
        let (Some(encrypted_key), Some((ciphertext, tag))) = (encrypted_key, encrypted) else {
            let message = format!("{} with {}: key or input too long", self.alg.name, self.enc.name);
            return Err(Error::new(Code::NotSupported, message));
        };
        let mut token = header;
        for part in [&encrypted_key, &iv, &ciphertext, &tag] {
            token.push('.');
            token.push_str(&base64url::encode(part));
        }
        Ok(token)
    }
}

impl fmt::Debug for Encryption<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encryption").field("alg", &self.alg.name).field("enc", &self.enc.name).finish_non_exhaustive()
    }
}
