//! Keys that live elsewhere: in a KMS, an HSM, behind a gateway. Nothing is known of one but the algorithm that it is for.

use super::{Key, Material, Purpose};
use crate::error::{Error, Result};
use crate::jose::jwa::{Management, RSA1_5, management_named, signature_named};

impl Key {
    /// A key that lives elsewhere, for this one algorithm. Whoever asks it says what it answered:
    /// [`SigningInput::seal`](crate::jose::SigningInput::seal), [`Verification::conclude`](crate::jose::Verification::conclude),
    /// [`Decryption::decrypt`](crate::jose::Decryption::decrypt).
    ///
    /// ```
    /// use canvas_lms_tokens::jose::{Key, Purpose, SigningInput};
    /// use canvas_lms_tokens::json::Object;
    ///
    /// let key = Key::external("ES256", Some("kms-1".to_owned()), Purpose::Sign)?;
    /// let input = SigningInput::new(b"{}", &key, &Object::default())?;
    /// assert_eq!(input.as_bytes(), b"eyJhbGciOiJFUzI1NiIsImtpZCI6Imttcy0xIn0.e30");
    /// // What the KMS signed: for ECDSA its DER too.
    /// let signature = input.algorithm().signature(&[7; 64])?.into_owned();
    /// assert!(input.seal(&signature).ends_with("BwcHBw"));
    /// # Ok::<(), canvas_lms_tokens::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_JOSE_NOT_SUPPORTED`; `ERR_ARGUMENT` where the algorithm is not for this purpose. `RSA1_5` decrypts, and is the one
    /// algorithm that no other kind of key has.
    pub fn external(alg: &str, kid: Option<String>, purpose: Purpose) -> Result<Self> {
        let at = |error: Error| error.at("alg");
        let other = |message: &str| Err(Error::argument("alg", format!("{alg} {message}")));
        let name = match purpose {
            Purpose::Sign | Purpose::Verify if alg == RSA1_5.name || management_named(alg).is_ok() => {
                return other("signs nothing, expected a signature algorithm such as RS256");
            }
            Purpose::Sign | Purpose::Verify => signature_named(alg).map_err(at)?.name,
            Purpose::Decrypt if alg == RSA1_5.name => RSA1_5.name,
            Purpose::Decrypt | Purpose::Encrypt if signature_named(alg).is_ok() => {
                return other("encrypts no key, expected a key management algorithm such as RSA-OAEP-256");
            }
            Purpose::Decrypt | Purpose::Encrypt => {
                let row = management_named(alg).map_err(at)?;
                if row.management == Management::Direct {
                    return other("has no encrypted key, expected a key management algorithm that has one");
                }
                row.name
            }
        };
        let mut key = Self::new(Material::External(name, None));
        key.limit(Some(name.to_owned()), kid);
        Ok(key)
    }

    /// The same key with its public half, to be published, and named by its thumbprint where neither has a `kid`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a private key, for one with another `kid`, and where the key is to decrypt; those of
    /// [`Key::check_signature`] where the public half is not for the key's algorithm.
    pub fn with_public_half(mut self, public: Self) -> Result<Self> {
        let Some(alg) = self.external_algorithm() else { return Ok(self) };
        let refused = |message: &str| Err(Error::argument("publicKey", message));
        let Ok(row) = signature_named(alg) else { return refused("given for a key that signs nothing, expected none") };
        if public.is_private() {
            return refused("private or secret, expected the public half alone");
        }
        public.check_signature(row, Purpose::Verify).map_err(|error| error.within("publicKey: ", "publicKey"))?;
        if self.kid.is_some() && public.kid.is_some() && self.kid != public.kid {
            return refused("of another kid than the key, expected the same or none");
        }
        self.kid = self.kid.or(public.kid);
        self.material = Material::External(row.name, Some(Box::new(public.material)));
        Ok(self)
    }

    /// The algorithm of a key that lives elsewhere.
    pub(crate) fn external_algorithm(&self) -> Option<&'static str> {
        match self.material {
            Material::External(alg, _) => Some(alg),
            _ => None,
        }
    }
}
