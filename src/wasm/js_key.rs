//! What is done with a key: here with a shared secret, where the key lives, or by the platform.

use web_sys::CryptoKey;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{Result, Thrown};
use super::external::External;
use super::prepared::{Prepared, Usage};
use super::value::{get, is_text};
use super::webcrypto;
use crate::error::{Code, Error};
use crate::jose::jwa::Curve;
use crate::jose::{Ask, Decryption, Key, SigningInput, Verification};

/// A key of the core, and what the platform knows of it.
pub(crate) struct JsKey<'k> {
    pub(super) key: &'k Key,
    pub(super) handle: Option<&'k CryptoKey>,
    pub(super) prepared: Option<&'k Prepared>,
    pub(super) external: Option<&'k External>,
}

impl JsKey<'_> {
    /// Signs: with the shared secret, where the key lives, or by the platform.
    pub(crate) async fn sign(&self, input: &SigningInput<'_>, call: &Call) -> Result<Vec<u8>> {
        let (alg, bytes) = (input.algorithm(), input.as_bytes());
        match (input.mac(), self.external) {
            (Some(mac), _) => Ok(mac),
            (None, Some(external)) => external.sign(alg, bytes, call).await,
            (None, None) => webcrypto::sign(alg.name, &self.handle(alg.name, Usage::Sign).await?, bytes).await,
        }
    }

    /// Whether the signature is right.
    pub(crate) async fn verify(&self, verification: &Verification<'_>, call: &Call) -> Result<bool> {
        let (alg, signature) = (verification.algorithm(), verification.signature());
        let input = verification.signing_input();
        match (verification.mac_is_right(), self.external) {
            (Some(is_right), _) => Ok(is_right),
            (None, Some(external)) => external.verify(alg, input, signature, call).await,
            (None, None) => {
                let own = self.handle(alg.name, Usage::Verify).await?;
                webcrypto::verify(alg.name, &own, input, signature).await
            }
        }
    }

    /// What has to be done before the core decrypts; nothing where that failed, or is not needed.
    pub(crate) async fn prepare_decryption(
        &self,
        decryption: &Decryption<'_>,
        call: &Call,
    ) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let alg = decryption.algorithm().name;
        match (decryption.ask(), self.external) {
            (Ask::Decrypt(encrypted), _) => {
                webcrypto::rsa_decrypt(alg, &self.handle(alg, Usage::Decrypt).await?, encrypted).await
            }
            (Ask::Agree(ephemeral), _) => webcrypto::agree(&self.handle_to_agree(ephemeral).await?, ephemeral).await,
            (Ask::Unwrap(encrypted), Some(external)) => external.unwrap_key(encrypted, decryption.header(), call).await,
            (Ask::Nothing, _) | (Ask::Unwrap(_), None) => Ok(None),
        }
    }

    /// The platform's handle of the key, imported where it was not before.
    pub(crate) async fn handle(&self, alg: &str, usage: Usage) -> Result<CryptoKey> {
        if let Some(handle) = self.handle {
            return Ok(handle.clone());
        }
        if let Some(handle) = self.prepared.and_then(|prepared| prepared.handle(self.key, alg, usage)) {
            return Ok(handle);
        }
        let handle = webcrypto::import(alg, self.key, usage.names()).await?;
        if let Some(prepared) = self.prepared {
            prepared.remember(self.key, alg, usage, &handle);
        }
        Ok(handle)
    }

    pub(crate) fn curve(&self) -> Option<Curve> {
        webcrypto::curve_of(self.key, self.handle)
    }

    /// The platform's handle of the own key, to agree with this ephemeral public key.
    pub(crate) async fn handle_to_agree(&self, public: &Key) -> Result<CryptoKey> {
        // Of keys that the platform does not hold the core has seen the curve.
        if self.handle.is_some() && self.curve() != webcrypto::curve_of(public, None) {
            let error = Error::new(Code::JweInvalid, "header epk is not on the curve of the key");
            return Err(error.at("header.epk").spec("RFC 7518 §4.6.1.1").into());
        }
        self.handle("ECDH-ES", Usage::Derive).await
    }

    /// The platform's handle of the recipient's public key.
    pub(crate) async fn handle_of_recipient(&self) -> Result<CryptoKey> {
        if self.handle.is_some_and(|handle| is_text(&get(handle, "type"), "private")) {
            return Err(Thrown::argument("key", "private, encrypting takes the public key"));
        }
        self.handle("ECDH-ES", Usage::Agree).await
    }
}
