//! A key and what may be done with it. The key decides which algorithms are possible; a token's header never does
//! (RFC 8725 §3.1).

mod check;
mod external;
pub mod jwk;
mod material;
pub mod pem;
mod rustcrypto;
mod secret;
mod set;

use std::borrow::Cow;

use super::jwa::{
    ContentEncryption, Curve, Hash, KEY_MANAGEMENT, KeyKind, KeyManagement, Management, SIGNATURES, SignatureAlgorithm,
};
use super::mac::MacKey;
use crate::error::{Code, Error, Result};

pub use jwk::{thumbprint, thumbprint_of};
pub use material::{Material, Parts};
pub use secret::Secret;
pub use set::{Keys, Member};

/// A key with the limits that its owner set.
#[derive(Clone, Debug)]
pub struct Key {
    pub(crate) material: Material,
    pub(crate) kid: Option<String>,
    pub(crate) alg: Option<String>,
    pub(crate) usage: Option<String>,
    pub(crate) operations: Option<Vec<String>>,
    /// A shared secret keyed for each hash, once the key was prepared.
    prepared: Vec<MacKey>,
}

/// What a key is to be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Purpose {
    Sign,
    Verify,
    Encrypt,
    Decrypt,
}

impl Key {
    /// A key without limits.
    #[must_use]
    pub fn new(material: Material) -> Self {
        Self { material, kid: None, alg: None, usage: None, operations: None, prepared: Vec::new() }
    }

    /// A shared secret; `alg` limits it to one algorithm.
    #[must_use]
    pub fn secret(secret: Secret, alg: Option<String>) -> Self {
        Self { alg, ..Self::new(Material::Secret(secret)) }
    }

    /// Limits the key to one algorithm, and names it.
    pub fn limit(&mut self, alg: Option<String>, kid: Option<String>) {
        self.alg = alg;
        self.kid = kid;
    }

    /// A key of other material with the same limits.
    #[must_use]
    pub fn with_material(&self, material: Material) -> Self {
        let Self { material: _, kid, alg, usage, operations, prepared: _ } = self;
        let (kid, alg, usage, operations) = (kid.clone(), alg.clone(), usage.clone(), operations.clone());
        Self { material, kid, alg, usage, operations, prepared: Vec::new() }
    }

    /// Limits the key to these operations (RFC 7517 §4.3).
    pub fn limit_operations(&mut self, operations: Vec<String>) {
        self.operations = Some(operations);
    }

    /// The algorithm that the key is limited to.
    #[must_use]
    pub fn alg(&self) -> Option<&str> {
        self.alg.as_deref()
    }

    /// What the key is made of.
    #[must_use]
    pub fn material(&self) -> &Material {
        &self.material
    }

    /// The key's identifier.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The secret bytes, where the key has them.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match &self.material {
            Material::Secret(secret) | Material::Oct(secret) => Some(secret.as_bytes()),
            _ => None,
        }
    }

    /// Does once what HMAC does with a shared secret for each MAC (RFC 2104 §4). Other keys are as they were.
    pub fn prepare(&mut self) {
        if let Some(secret) = self.bytes() {
            self.prepared = [Hash::Sha256, Hash::Sha384, Hash::Sha512].map(|hash| MacKey::new(hash, secret)).into();
        }
    }

    /// The key for HMAC with this hash, where it is a shared secret: the one prepared, else one made now.
    pub(crate) fn mac_key(&self, hash: Hash) -> Option<Cow<'_, MacKey>> {
        match self.prepared.iter().find(|prepared| prepared.hash() == hash) {
            Some(prepared) => Some(Cow::Borrowed(prepared)),
            None => Some(Cow::Owned(MacKey::new(hash, self.bytes()?))),
        }
    }

    fn curve(&self) -> Option<Curve> {
        self.material.curve()
    }

    /// Whether this key could sign or decrypt.
    pub(crate) fn is_private(&self) -> bool {
        match &self.material {
            Material::Secret(_) | Material::Oct(_) | Material::Pkcs8(..) | Material::External(..) => true,
            Material::Rsa(parts) | Material::Ec(_, parts) | Material::Okp(_, parts) => parts.get("d").is_some(),
            Material::Platform(_, is_private) => *is_private,
        }
    }

    fn is_kind(&self, name: &str, kind: KeyKind) -> bool {
        match (&self.material, kind) {
            (Material::Platform(allowed, _), _) => allowed.contains(&name),
            (Material::External(alg, _), _) => *alg == name,
            (Material::Secret(_) | Material::Oct(_), KeyKind::Secret) | (Material::Rsa(_), KeyKind::Rsa) => true,
            (_, KeyKind::On(curve)) => self.curve() == Some(curve),
            (_, KeyKind::Agreement) => self.curve().is_some_and(|curve| curve != Curve::Ed25519),
            _ => false,
        }
    }

    /// The algorithm to sign with where the header names none.
    pub(crate) fn default_signature(&self) -> Option<&'static SignatureAlgorithm> {
        let named = |name: &str| SIGNATURES.iter().find(|row| row.name == name);
        match &self.alg {
            Some(alg) => named(alg),
            None => SIGNATURES.iter().find(|row| self.is_kind(row.name, row.key)),
        }
    }

    /// The algorithm to encrypt with where the header names none.
    pub(crate) fn default_management(&self) -> Option<&'static KeyManagement> {
        KEY_MANAGEMENT.iter().find(|row| self.alg.as_deref() == Some(row.name))
    }

    /// Whether this key may be used with this signature algorithm.
    ///
    /// # Errors
    /// `ERR_JOSE_ALG_NOT_ALLOWED`; `ERR_ARGUMENT` for a public key that is to sign; `ERR_JWK_INVALID` for a symmetric
    /// JWK shorter than the hash.
    pub fn check_signature(&self, alg: &SignatureAlgorithm, purpose: Purpose) -> Result<()> {
        self.check_kind(alg.name, alg.key)?;
        let operation = if purpose == Purpose::Sign { "sign" } else { "verify" };
        self.check_limits(&[alg.name], "sig", &[operation])?;
        self.check_private(purpose)?;
        match &self.material {
            // RFC 7518 §3.2: "A key of the same size as the hash output (...) or larger MUST be used".
            Material::Oct(secret) if secret.as_bytes().len() < alg.hash.size() => {
                let (found, least) = (secret.as_bytes().len(), alg.hash.size());
                let message = format!("the symmetric JWK has {found} bytes, {} takes at least {least}", alg.name);
                Err(Error::new(Code::JwkInvalid, message).at("key.k").spec("RFC 7518 §3.2"))
            }
            _ => Ok(()),
        }
    }

    /// Whether this key may be used with this key management algorithm.
    ///
    /// # Errors
    /// `ERR_JOSE_ALG_NOT_ALLOWED`; `ERR_ARGUMENT` for a public key that is to decrypt.
    pub fn check_management(&self, alg: &KeyManagement, enc: &ContentEncryption, purpose: Purpose) -> Result<()> {
        self.check_kind(alg.name, alg.key)?;
        let operations: &[&str] = match (alg.management, purpose) {
            // The recipient's public half does nothing itself (RFC 7518 §4.6), so that its operations may be none.
            (Management::EcdhEs, Purpose::Encrypt) if self.operations.as_ref().is_some_and(Vec::is_empty) => &[],
            (Management::EcdhEs, _) => &["deriveKey", "deriveBits"],
            (Management::Direct, Purpose::Encrypt) => &["encrypt"],
            (Management::Direct, _) => &["decrypt"],
            (_, Purpose::Encrypt) => &["wrapKey", "encrypt"],
            (..) => &["unwrapKey", "decrypt"],
        };
        // A key for `dir` is a content encryption key, and its `alg` may say so (RFC 7520 §5.6).
        let names: &[&str] = if alg.management == Management::Direct { &[alg.name, enc.name] } else { &[alg.name] };
        self.check_limits(names, "enc", operations)?;
        self.check_private(purpose)?;
        let expected = if alg.management == Management::Direct { enc.cek } else { alg.kek };
        match self.bytes() {
            Some(bytes) if bytes.len() != expected => {
                let name = if alg.management == Management::Direct { enc.name } else { alg.name };
                let message = format!("the key has {} bytes, {name} takes {expected}", bytes.len());
                not_allowed("key", "RFC 8725 §3.1", message)
            }
            _ => Ok(()),
        }
    }

    fn check_kind(&self, name: &str, kind: KeyKind) -> Result<()> {
        if self.is_kind(name, kind) {
            return Ok(());
        }
        let message = match self.external_algorithm() {
            Some(alg) => format!("the key lives elsewhere and is for {alg} alone, not for {name}"),
            None => format!("the key is {}, which {name} does not use", self.material.describe()),
        };
        not_allowed("header.alg", "RFC 8725 §3.1", message)
    }

    /// `alg`, `use` and `key_ops` of the key (RFC 7517 §4.2-4.4); it must have one of the operations, if any are given.
    fn check_limits(&self, names: &[&str], usage: &str, operations: &[&str]) -> Result<()> {
        let name = names.first().copied().unwrap_or_default();
        if let Some(alg) = self.alg.as_deref().filter(|alg| !names.contains(alg)) {
            let message = format!("the key's alg is {}, not {name}", short(alg));
            return not_allowed("key.alg", "RFC 7517 §4.4", message);
        }
        if let Some(found) = self.usage.as_deref().filter(|found| *found != usage) {
            let message = format!("the key's use is {}, not {usage}", short(found));
            return not_allowed("key.use", "RFC 7517 §4.2", message);
        }
        match &self.operations {
            Some(found)
                if !operations.is_empty() && !found.iter().any(|found| operations.contains(&found.as_str())) =>
            {
                let message = format!("the key's key_ops lack {}", operations.join(" or "));
                not_allowed("key.key_ops", "RFC 7517 §4.3", message)
            }
            _ => Ok(()),
        }
    }

    fn check_private(&self, purpose: Purpose) -> Result<()> {
        let verb = match purpose {
            Purpose::Sign => "signing",
            Purpose::Decrypt => "decrypting",
            Purpose::Encrypt if matches!(self.material, Material::External(..)) => {
                return Err(Error::argument("key", "one that unwraps elsewhere, encrypting takes the public key"));
            }
            Purpose::Verify | Purpose::Encrypt => return Ok(()),
        };
        if self.is_private() {
            return Ok(());
        }
        Err(Error::argument("key", format!("public, {verb} takes the private key")))
    }
}

fn not_allowed(at: &str, spec: &'static str, message: String) -> Result<()> {
    Err(Error::new(Code::AlgNotAllowed, message).at(at).spec(spec))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}
