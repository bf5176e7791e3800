//! Decryption of a JWE (RFC 7516 §5.2). Whatever fails, the error is one and the same; a key that could not be unwrapped
//! is replaced by a random one, so that the failure shows at the tag like any other (§11.5).

use zeroize::Zeroizing;

use super::{Random, agreed_key, content, key_wrap, parties};
use crate::error::{Code, Error, Result};
use crate::jose::base64url;
use crate::jose::compact::{Compact, UntrustedJwe};
use crate::jose::extensions;
use crate::jose::header::Header;
use crate::jose::jwa::{ContentEncryption, KeyManagement, Management, RSA1_5, content_named, management_named};
use crate::jose::jwk;
use crate::jose::jws::{algorithm, narrow};
use crate::jose::key::{Key, Keys, Material, Purpose};
use crate::json::Json;

/// A token to be decrypted.
#[derive(Debug)]
pub struct Decryption<'k> {
    jwe: UntrustedJwe,
    alg: &'static KeyManagement,
    enc: &'static ContentEncryption,
    key: &'k Key,
    ephemeral: Option<Key>,
}

/// What the platform has to do first.
#[derive(Debug)]
pub enum Ask<'a> {
    /// Nothing: the key is a shared secret.
    Nothing,
    /// Decrypt the encrypted key with RSAES-OAEP.
    Decrypt(&'a [u8]),
    /// Agree on a value with this ephemeral public key.
    Agree(&'a Key),
    /// Unwrap the encrypted key, which may be empty, where the key lives: to the content encryption key itself.
    Unwrap(&'a [u8]),
}

impl<'k> Decryption<'k> {
    /// Reads a token and chooses its key. `algorithms` and `encryptions` narrow what the key allows.
    ///
    /// # Errors
    /// `ERR_JWE_INVALID`, `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_NO_MATCHING_KEY`,
    /// `ERR_JWK_INVALID`.
    pub fn new(
        token: &str,
        keys: &'k Keys,
        algorithms: Option<&[String]>,
        encryptions: Option<&[String]>,
    ) -> Result<Self> {
        let jwe = match Compact::parse(token).map_err(recoded)? {
            Compact::Jwe(jwe) => jwe,
            Compact::Jws(_) => {
                let message = "3 parts between dots: a JWS, which is verified, expected a JWE of 5";
                return Err(invalid("token", message).spec("RFC 7516 §7.1"));
            }
        };
        let alg = management(algorithm(&jwe.header, Code::JweInvalid)?, keys, algorithms)?;
        let enc = jwe.header.text("enc").map_err(recoded)?;
        let enc = content_named(enc.ok_or_else(|| invalid("header.enc", "the header has no enc"))?)?;
        extensions::check(&jwe.header, Code::JweInvalid)?;
        narrow(alg.name, algorithms, "header.alg")?;
        narrow(enc.name, encryptions, "header.enc")?;
        check_lengths(&jwe, alg, enc)?;
        let kid = jwe.header.text("kid").map_err(recoded)?;
        let key = keys.choose(kid, &|key| key.check_management(alg, enc, Purpose::Decrypt))?;
        let ephemeral = check_parameters(&jwe.header, alg, key)?;
        Ok(Self { jwe, alg, enc, key, ephemeral })
    }

    /// The key management algorithm.
    #[must_use]
    pub fn algorithm(&self) -> &'static KeyManagement {
        self.alg
    }

    /// The key to decrypt with.
    #[must_use]
    pub fn key(&self) -> &'k Key {
        self.key
    }

    /// The token's header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.jwe.header
    }

    /// What the platform has to do before [`decrypt`](Self::decrypt).
    #[must_use]
    pub fn ask(&self) -> Ask<'_> {
        match (&self.ephemeral, self.alg.management) {
            _ if self.key.external_algorithm().is_some() => Ask::Unwrap(&self.jwe.encrypted_key),
            (Some(ephemeral), _) => Ask::Agree(ephemeral),
            (None, Management::RsaOaep) => Ask::Decrypt(&self.jwe.encrypted_key),
            (None, _) => Ask::Nothing,
        }
    }

    /// Decrypts. `answer` is what the platform gave, nothing where it failed or was not asked.
    ///
    /// # Errors
    /// `ERR_JWE_DECRYPTION_FAILED`, whatever failed; those of `random`.
    pub fn decrypt(self, answer: Option<&[u8]>, random: Random<'_>) -> Result<(Header, Zeroizing<Vec<u8>>)> {
        let right = self.cek(answer).filter(|right| right.len() == self.enc.cek);
        let cek = match right {
            // Nothing was unwrapped.
            Some(right) if self.alg.management == Management::Direct => right,
            right => {
                // Drawn always, so that the work does not tell whether it is used.
                let mut drawn = Zeroizing::new(vec![0; self.enc.cek]);
                random(&mut drawn)?;
                right.unwrap_or(drawn)
            }
        };
        let is_external = self.key.external_algorithm().is_some();
        let UntrustedJwe { header, iv, ciphertext, tag, aad, .. } = self.jwe;
        let plaintext = content::decrypt(self.enc, &cek, &iv, aad.as_bytes(), &ciphertext, &tag).ok_or_else(|| {
            // The same whatever failed, as whoever learns that the unwrapping did can decrypt by asking often.
            let message = if is_external {
                "decryption failed: another key, an altered token, or an unwrapKey that threw or gave no key of the right length"
            } else {
                "decryption failed: another key, or an altered token"
            };
            Error::new(Code::DecryptionFailed, message).spec("RFC 7516 §5.2")
        })?;
        Ok((header, plaintext))
    }

    /// The content encryption key, where it can be had.
    fn cek(&self, answer: Option<&[u8]>) -> Option<Zeroizing<Vec<u8>>> {
        let (header, encrypted) = (&self.jwe.header, &self.jwe.encrypted_key);
        if self.key.external_algorithm().is_some() {
            return Some(Zeroizing::new(answer?.to_vec()));
        }
        match self.alg.management {
            Management::Direct => Some(Zeroizing::new(self.key.bytes()?.to_vec())),
            Management::AesKw => key_wrap::unwrap(self.key.bytes()?, encrypted),
            Management::AesGcmKw => {
                let (iv, tag) = (wrapping(header, "iv", 12).ok()?, wrapping(header, "tag", 16).ok()?);
                content::gcm_decrypt(self.key.bytes()?, &iv, &[], encrypted, &tag)
            }
            Management::RsaOaep | Management::RsaPkcs1 => Some(Zeroizing::new(answer?.to_vec())),
            Management::EcdhEs => {
                // RFC 8037 §3.2 and RFC 7748 §6.1: an all-zero value comes of a point of small order.
                let z = answer.filter(|z| z.iter().any(|byte| *byte != 0))?;
                let agreed = agreed_key(self.alg, self.enc, &parties(header, Code::JweInvalid).ok()?, z)?;
                if self.alg.kek == 0 { Some(agreed) } else { key_wrap::unwrap(&agreed, encrypted) }
            }
        }
    }
}

/// The key management algorithm of this name. `RSA1_5` is one for a key that lives elsewhere alone, and where the caller asks
/// for it.
fn management(name: &str, keys: &Keys, algorithms: Option<&[String]>) -> Result<&'static KeyManagement> {
    let is_for_it = matches!(keys, Keys::One(key) if key.external_algorithm() == Some(RSA1_5.name));
    if name != RSA1_5.name || !is_for_it {
        return management_named(name);
    }
    if algorithms.is_none() {
        let message = "RSA1_5 is decrypted only where the options name it among the algorithms to accept";
        return Err(Error::new(Code::AlgNotAllowed, message).at("header.alg").spec("RFC 8725 §3.2"));
    }
    Ok(&RSA1_5)
}

/// What the header says about the key, refused before the key is used: what fails later must not be told apart. Gives
/// the ephemeral public key, where there is one.
fn check_parameters(header: &Header, alg: &KeyManagement, key: &Key) -> Result<Option<Key>> {
    match alg.management {
        Management::AesGcmKw => wrapping(header, "iv", 12).and(wrapping(header, "tag", 16)).map(|_| None),
        Management::EcdhEs => parties(header, Code::JweInvalid).and(ephemeral(header, key)).map(Some),
        _ => Ok(None),
    }
}

/// The ephemeral public key of the header: it must be on the recipient's curve.
fn ephemeral(header: &Header, key: &Key) -> Result<Key> {
    let wrong = |message: &str| invalid("header.epk", message).spec("RFC 7518 §4.6.1.1");
    let Some(Json::Object(epk)) = header.members().get("epk") else {
        return Err(wrong("the header has no epk, expected the ephemeral public key as a JWK"));
    };
    let epk = jwk::parse(epk).map_err(|error| {
        error.coded(Code::JweInvalid).within("header epk: ", "header.epk").spec("RFC 7518 §4.6.1.1")
    })?;
    let same_curve = match (epk.material(), key.material()) {
        (_, Material::Platform(..) | Material::External(..)) => true,
        (Material::Ec(curve, _), Material::Ec(own, _) | Material::Pkcs8(own, _))
        | (Material::Okp(curve, _), Material::Okp(own, _) | Material::Pkcs8(own, _)) => curve == own,
        _ => false,
    };
    if same_curve { Ok(epk) } else { Err(wrong("header epk is not on the curve of the key")) }
}

/// A part of AES-GCM key wrapping that the header carries (RFC 7518 §4.7.1).
fn wrapping(header: &Header, name: &'static str, length: usize) -> Result<Vec<u8>> {
    let wrong = || {
        let message = format!("header {name}: expected {length} bytes in base64url");
        invalid(&format!("header.{name}"), &message).spec("RFC 7518 §4.7.1")
    };
    let text = header.text(name).map_err(recoded)?.ok_or_else(wrong)?;
    base64url::decode(text).ok().filter(|bytes| bytes.len() == length).ok_or_else(wrong)
}

/// Lengths that the algorithms fix and everybody can see.
fn check_lengths(jwe: &UntrustedJwe, alg: &KeyManagement, enc: &ContentEncryption) -> Result<()> {
    let has_no_key = alg.management == Management::Direct || (alg.management == Management::EcdhEs && alg.kek == 0);
    if jwe.encrypted_key.is_empty() != has_no_key {
        let expected = if has_no_key { "an empty one" } else { "one that is not empty" };
        let message = format!("the encrypted key: {} takes {expected}", alg.name);
        return Err(invalid("encryptedKey", &message).spec("RFC 7516 §5.2"));
    }
    for (name, part, length) in [("iv", &jwe.iv, enc.iv()), ("tag", &jwe.tag, enc.tag())] {
        if part.len() != length {
            let message = format!("the part {name} has {} bytes, {} takes {length}", part.len(), enc.name);
            return Err(invalid(name, &message).spec("RFC 7518 §5.1"));
        }
    }
    Ok(())
}

fn invalid(at: &str, message: &str) -> Error {
    Error::new(Code::JweInvalid, message).at(at).spec("RFC 7516 §5.2")
}

fn recoded(error: Error) -> Error {
    error.coded(Code::JweInvalid)
}
