//! JSON Web Signature (RFC 7515): what is to be signed or verified, and what follows from the answer. MACs are computed
//! here, signatures by the platform.

use super::base64url;
use super::compact::{Compact, UntrustedJws};
use super::extensions;
use super::header::Header;
use super::jwa::{SignatureAlgorithm, signature_named};
use super::key::{Key, Keys, Purpose};
use crate::error::{Code, Error, Result};
use crate::json::{Json, Object};

/// A token about to be signed.
#[derive(Debug)]
pub struct SigningInput<'k> {
    alg: &'static SignatureAlgorithm,
    key: &'k Key,
    text: String,
}

impl<'k> SigningInput<'k> {
    /// The signing input for a payload. The algorithm is the header's, else the key's; a header without it gets it.
    ///
    /// # Errors
    /// `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_ARGUMENT` for a public key, `ERR_JWK_INVALID`.
    pub fn new(payload: &[u8], key: &'k Key, header: &Object) -> Result<Self> {
        let alg = match header.get("alg") {
            Some(Json::String(name)) => signature_named(name)?,
            Some(_) => return Err(Error::argument("header.alg", "expected a string")),
            None => key.default_signature().ok_or_else(|| {
                Error::new(Code::AlgNotAllowed, "the key is for no signature algorithm").at("key.alg")
            })?,
        };
        key.check_signature(alg, Purpose::Sign)?;
        let header = complete(header, alg.name, key);
        extensions::check(&header, Code::Argument)?;
        let text = format!("{}.{}", header.to_part(), base64url::encode(payload));
        Ok(Self { alg, key, text })
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.alg
    }

    /// What is signed (RFC 7515 §5.1, step 8).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The MAC, where the key is secret bytes; else the platform has to sign.
    #[must_use]
    pub fn mac(&self) -> Option<Vec<u8>> {
        Some(self.key.mac_key(self.alg.hash)?.mac(&[self.as_bytes()]).to_vec())
    }

    /// The token with its signature.
    #[must_use]
    pub fn seal(mut self, signature: &[u8]) -> String {
        self.text.push('.');
        self.text.push_str(&base64url::encode(signature));
        self.text
    }
}

/// The header with `alg` in front and the key's `kid` behind, where they are absent.
pub(crate) fn complete(header: &Object, alg: &str, key: &Key) -> Header {
    let mut out = Object::default();
    if header.get("alg").is_none() {
        out.set("alg", Json::from(alg));
    }
    for (name, value) in header.iter() {
        out.set(name, value.clone());
    }
    if let Some(kid) = key.kid().filter(|_| header.get("kid").is_none()) {
        out.set("kid", Json::from(kid));
    }
    Header::new(out)
}

/// A token that was read, and for which no key was chosen yet.
#[derive(Debug)]
pub struct Unverified {
    jws: UntrustedJws,
    alg: &'static SignatureAlgorithm,
    kid: Option<String>,
}

impl Unverified {
    /// Reads a token. `algorithms` narrows those that it may be signed with.
    ///
    /// # Errors
    /// `ERR_JWS_INVALID`, `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`.
    pub fn parse(token: &str, algorithms: Option<&[String]>) -> Result<Self> {
        let recoded = |error: Error| error.coded(Code::JwsInvalid);
        let jws = match Compact::parse(token).map_err(recoded)? {
            Compact::Jws(jws) => jws,
            Compact::Jwe(_) => {
                let message = "5 parts between dots: a JWE, which is decrypted, expected a JWS of 3";
                return Err(Error::new(Code::JwsInvalid, message).at("token").spec("RFC 7515 §7.1"));
            }
        };
        let alg = signature_named(algorithm(&jws.header, Code::JwsInvalid)?)?;
        extensions::check(&jws.header, Code::JwsInvalid)?;
        narrow(alg.name, algorithms, "header.alg")?;
        let kid = jws.header.text("kid").map_err(recoded)?.map(str::to_owned);
        Ok(Self { jws, alg, kid })
    }

    /// The algorithm that its header names.
    #[must_use]
    pub fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.alg
    }

    /// The identifier of its key, where its header has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Chooses the key to verify it with.
    ///
    /// # Errors
    /// `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JWKS_NO_MATCHING_KEY`, `ERR_JWK_INVALID`, `ERR_JOSE_NOT_SUPPORTED`.
    pub fn choose(self, keys: &Keys) -> Result<Verification<'_>> {
        let Self { jws, alg, kid } = self;
        let key = keys.choose(kid.as_deref(), &|key| key.check_signature(alg, Purpose::Verify))?;
        Ok(Verification { jws, alg, key })
    }
}

/// A token whose signature is to be verified.
#[derive(Debug)]
pub struct Verification<'k> {
    jws: UntrustedJws,
    alg: &'static SignatureAlgorithm,
    key: &'k Key,
}

/// A token whose signature was verified. There is no other way to one.
#[derive(Debug)]
pub struct Verified {
    jws: UntrustedJws,
}

impl<'k> Verification<'k> {
    /// Reads a token and chooses its key. `algorithms` narrows what the key allows.
    ///
    /// # Errors
    /// `ERR_JWS_INVALID`, `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_NO_MATCHING_KEY`,
    /// `ERR_JWK_INVALID`.
    pub fn new(token: &str, keys: &'k Keys, algorithms: Option<&[String]>) -> Result<Self> {
        Unverified::parse(token, algorithms)?.choose(keys)
    }

    /// The algorithm to verify with.
    #[must_use]
    pub fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.alg
    }

    /// The key to verify with.
    #[must_use]
    pub fn key(&self) -> &'k Key {
        self.key
    }

    /// What was signed.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.jws.signing_input.as_bytes()
    }

    /// The signature to verify.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.jws.signature
    }

    /// Whether the MAC is right, where the key is secret bytes; else the platform has to verify.
    #[must_use]
    pub fn mac_is_right(&self) -> Option<bool> {
        Some(self.key.mac_key(self.alg.hash)?.verify(&[self.signing_input()], self.signature()))
    }

    /// The token verified, where the signature was found right.
    ///
    /// # Errors
    /// `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`.
    pub fn conclude(self, signature_is_right: bool) -> Result<Verified> {
        if signature_is_right {
            return Ok(Verified { jws: self.jws });
        }
        let message = format!("the {} signature is not this key's over this header and payload", self.alg.name);
        Err(Error::new(Code::SignatureFailed, message).at("signature").spec("RFC 7515 §5.2"))
    }
}

impl Verified {
    /// The protected header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.jws.header
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.jws.payload
    }

    /// The token that was verified.
    pub(super) fn jws(&self) -> &UntrustedJws {
        &self.jws
    }
}

/// The header's `alg`, which must be there.
pub(crate) fn algorithm(header: &Header, malformed: Code) -> Result<&str> {
    let missing =
        || Error::new(malformed, "the header has no alg, expected one").at("header.alg").spec("RFC 7515 §4.1.1");
    header.text("alg").map_err(|error| error.coded(malformed))?.ok_or_else(missing)
}

/// The `alg` of a JWS, as verifying reads it.
pub(crate) fn check_algorithm(header: &Header) -> Result<&str> {
    algorithm(header, Code::JwsInvalid)
}

/// The caller's own list of algorithms.
pub(crate) fn narrow(name: &str, allowed: Option<&[String]>, at: &str) -> Result<()> {
    if allowed.is_none_or(|allowed| allowed.iter().any(|known| known == name)) {
        return Ok(());
    }
    let message = format!("{name} is not among the algorithms that the options allow");
    Err(Error::new(Code::AlgNotAllowed, message).at(at).spec("RFC 8725 §3.1"))
}
