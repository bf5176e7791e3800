//! The algorithms, as rows of three tables (RFC 7518 §3.1, §4.1, §5.1; RFC 8037 §3). Those that sign are
//! [`jose_jwa::Signing`], and convert to it and back; it has none for encryption.
//!
//! ```
//! use canvas_lms_tokens::jose::jwa::{self, SignatureAlgorithm};
//! use jose_jwa::Signing;
//!
//! assert_eq!(Signing::from(jwa::signature_named("ES256")?), Signing::Es256);
//! let row: &SignatureAlgorithm = Signing::EdDsa.try_into()?;
//! assert_eq!(row.name, "EdDSA");
//! // An unsecured token is refused here, and so is the curve that no platform has.
//! assert!(<&SignatureAlgorithm>::try_from(Signing::Null).is_err());
//! assert!(<&SignatureAlgorithm>::try_from(Signing::Es256K).is_err());
//! # Ok::<(), canvas_lms_tokens::Error>(())
//! ```

use jose_jwa::{Algorithm, Signing};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as UnknownName;

use crate::error::{Code, Error, Result};

/// A SHA-2 hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The length of its output, in bytes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// An elliptic curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Curve {
    P256,
    P384,
    P521,
    Ed25519,
    X25519,
}

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 5] = [Self::P256, Self::P384, Self::P521, Self::Ed25519, Self::X25519];

    /// The `crv` of a JWK (RFC 7518 §7.6, RFC 8037 §5).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Ed25519 => "Ed25519",
            Self::X25519 => "X25519",
        }
    }

    /// The length of a coordinate or of the whole key, in bytes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::P256 | Self::Ed25519 | Self::X25519 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// Whether it is of RFC 8037 (`kty` OKP), so that its public keys are bytes, not points.
    #[must_use]
    pub const fn is_okp(self) -> bool {
        matches!(self, Self::Ed25519 | Self::X25519)
    }
}

/// What kind of key an algorithm takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Secret bytes (`oct`).
    Secret,
    /// An RSA key.
    Rsa,
    /// A key on this curve.
    On(Curve),
    /// A key on any curve for key agreement.
    Agreement,
}

/// A row of RFC 7518 §3.1.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SignatureAlgorithm {
    pub name: &'static str,
    pub signing: Signing,
    pub key: KeyKind,
    pub hash: Hash,
}

const fn signature(name: &'static str, signing: Signing, key: KeyKind, hash: Hash) -> SignatureAlgorithm {
    SignatureAlgorithm { name, signing, key, hash }
}

/// The signature and MAC algorithms. The first that fits a key without `alg` is its default.
pub static SIGNATURES: &[SignatureAlgorithm] = &[
    signature("HS256", Signing::Hs256, KeyKind::Secret, Hash::Sha256),
    signature("HS384", Signing::Hs384, KeyKind::Secret, Hash::Sha384),
    signature("HS512", Signing::Hs512, KeyKind::Secret, Hash::Sha512),
    signature("RS256", Signing::Rs256, KeyKind::Rsa, Hash::Sha256),
    signature("RS384", Signing::Rs384, KeyKind::Rsa, Hash::Sha384),
    signature("RS512", Signing::Rs512, KeyKind::Rsa, Hash::Sha512),
    signature("PS256", Signing::Ps256, KeyKind::Rsa, Hash::Sha256),
    signature("PS384", Signing::Ps384, KeyKind::Rsa, Hash::Sha384),
    signature("PS512", Signing::Ps512, KeyKind::Rsa, Hash::Sha512),
    signature("ES256", Signing::Es256, KeyKind::On(Curve::P256), Hash::Sha256),
    signature("ES384", Signing::Es384, KeyKind::On(Curve::P384), Hash::Sha384),
    signature("ES512", Signing::Es512, KeyKind::On(Curve::P521), Hash::Sha512),
    signature("EdDSA", Signing::EdDsa, KeyKind::On(Curve::Ed25519), Hash::Sha512),
];

/// How the content encryption key reaches the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Management {
    /// The shared key is it.
    Direct,
    /// Wrapped with AES key wrap (RFC 3394).
    AesKw,
    /// Encrypted with AES-GCM.
    AesGcmKw,
    /// Encrypted with RSAES-OAEP.
    RsaOaep,
    /// Encrypted with RSAES-PKCS1-v1_5.
    RsaPkcs1,
    /// Agreed on, or wrapped with a key agreed on.
    EcdhEs,
}

/// A row of RFC 7518 §4.1.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct KeyManagement {
    pub name: &'static str,
    pub management: Management,
    pub key: KeyKind,
    /// The length of the wrapping key in bytes; 0 where nothing is wrapped with AES.
    pub kek: usize,
}

const fn management(name: &'static str, management: Management, key: KeyKind, kek: usize) -> KeyManagement {
    KeyManagement { name, management, key, kek }
}

/// The key management algorithms.
pub static KEY_MANAGEMENT: &[KeyManagement] = &[
    management("dir", Management::Direct, KeyKind::Secret, 0),
    management("A128KW", Management::AesKw, KeyKind::Secret, 16),
    management("A192KW", Management::AesKw, KeyKind::Secret, 24),
    management("A256KW", Management::AesKw, KeyKind::Secret, 32),
    management("A128GCMKW", Management::AesGcmKw, KeyKind::Secret, 16),
    management("A192GCMKW", Management::AesGcmKw, KeyKind::Secret, 24),
    management("A256GCMKW", Management::AesGcmKw, KeyKind::Secret, 32),
    management("RSA-OAEP", Management::RsaOaep, KeyKind::Rsa, 0),
    management("RSA-OAEP-256", Management::RsaOaep, KeyKind::Rsa, 0),
    management("ECDH-ES", Management::EcdhEs, KeyKind::Agreement, 0),
    management("ECDH-ES+A128KW", Management::EcdhEs, KeyKind::Agreement, 16),
    management("ECDH-ES+A192KW", Management::EcdhEs, KeyKind::Agreement, 24),
    management("ECDH-ES+A256KW", Management::EcdhEs, KeyKind::Agreement, 32),
];

/// RSAES-PKCS1-v1_5, which is not among those above: a key that lives elsewhere decrypts with it, nothing else does, and
/// nothing encrypts with it.
pub(crate) static RSA1_5: KeyManagement = management("RSA1_5", Management::RsaPkcs1, KeyKind::Rsa, 0);

/// How the content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// AES-GCM.
    Gcm,
    /// AES-CBC and HMAC with this hash (RFC 7518 §5.2).
    CbcHmac(Hash),
}

/// A row of RFC 7518 §5.1.
#[derive(Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ContentEncryption {
    pub name: &'static str,
    pub mode: Mode,
    /// The length of the content encryption key, in bytes.
    pub cek: usize,
}

const fn content(name: &'static str, mode: Mode, cek: usize) -> ContentEncryption {
    ContentEncryption { name, mode, cek }
}

/// The content encryption algorithms.
pub static CONTENT_ENCRYPTION: &[ContentEncryption] = &[
    content("A128GCM", Mode::Gcm, 16),
    content("A192GCM", Mode::Gcm, 24),
    content("A256GCM", Mode::Gcm, 32),
    content("A128CBC-HS256", Mode::CbcHmac(Hash::Sha256), 32),
    content("A192CBC-HS384", Mode::CbcHmac(Hash::Sha384), 48),
    content("A256CBC-HS512", Mode::CbcHmac(Hash::Sha512), 64),
];

impl ContentEncryption {
    /// The length of the initialization vector, in bytes.
    #[must_use]
    pub const fn iv(&self) -> usize {
        match self.mode {
            Mode::Gcm => 12,
            Mode::CbcHmac(_) => 16,
        }
    }

    /// The length of the authentication tag, in bytes.
    #[must_use]
    pub const fn tag(&self) -> usize {
        match self.mode {
            Mode::Gcm => 16,
            Mode::CbcHmac(hash) => hash.size() / 2,
        }
    }
}

/// What is refused by name, and why.
const REFUSED: [(&str, &str); 5] = [
    ("none", "an unsecured token proves nothing"),
    (
        "RSA1_5",
        "deprecated for its padding oracle; Canvas has sent RSA-OAEP since 2021; to decrypt it all the same, give \
         algorithms: ['RSA1_5'] and a key { alg: 'RSA1_5', unwrapKey } that lives elsewhere",
    ),
    ("PBES2-HS256+A128KW", "the sender chooses how long the reader computes"),
    ("PBES2-HS384+A192KW", "the sender chooses how long the reader computes"),
    ("PBES2-HS512+A256KW", "the sender chooses how long the reader computes"),
];

/// The row of this signature algorithm.
///
/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED`.
pub fn signature_named(name: &str) -> Result<&'static SignatureAlgorithm> {
    let signing = Signing::deserialize(name.into_deserializer()).map_err(|_: UnknownName| unknown("alg", name))?;
    signing.try_into()
}

/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED` for ES256K and for no algorithm.
impl TryFrom<Signing> for &'static SignatureAlgorithm {
    type Error = Error;

    fn try_from(signing: Signing) -> Result<Self> {
        SIGNATURES.iter().find(|row| row.signing == signing).ok_or_else(|| unknown("alg", &signing.to_string()))
    }
}

/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED` for what signs nothing, ES256K and no algorithm.
impl TryFrom<&Algorithm> for &'static SignatureAlgorithm {
    type Error = Error;

    fn try_from(algorithm: &Algorithm) -> Result<Self> {
        match algorithm {
            Algorithm::Signing(signing) => (*signing).try_into(),
            _ => Err(Error::new(Code::NotSupported, "alg: not an algorithm that signs").at("header.alg")),
        }
    }
}

impl From<&SignatureAlgorithm> for Signing {
    fn from(row: &SignatureAlgorithm) -> Self {
        row.signing
    }
}

impl From<&SignatureAlgorithm> for Algorithm {
    fn from(row: &SignatureAlgorithm) -> Self {
        row.signing.into()
    }
}

/// The row of this key management algorithm.
///
/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED`.
pub fn management_named(name: &str) -> Result<&'static KeyManagement> {
    KEY_MANAGEMENT.iter().find(|row| row.name == name).ok_or_else(|| unknown("alg", name))
}

/// The row of this content encryption algorithm.
///
/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED`.
pub fn content_named(name: &str) -> Result<&'static ContentEncryption> {
    CONTENT_ENCRYPTION.iter().find(|row| row.name == name).ok_or_else(|| unknown("enc", name))
}

fn unknown(member: &str, name: &str) -> Error {
    let refused = REFUSED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let known = SIGNATURES.iter().map(|row| row.name).chain(KEY_MANAGEMENT.iter().map(|row| row.name));
    let other_case =
        known.chain(CONTENT_ENCRYPTION.iter().map(|row| row.name)).find(|row| row.eq_ignore_ascii_case(name));
    let reason = match (refused, other_case) {
        (Some((_, why)), _) => format!("is refused: {why}"),
        (None, Some(right)) if right != name => {
            format!("is not known; names are case-sensitive, expected {right}")
        }
        _ => "is not supported here".to_owned(),
    };
    let name: String = name.chars().take(40).collect();
    Error::new(Code::NotSupported, format!("{member} \"{name}\" {reason}"))
        .at(format!("header.{member}"))
        .spec("RFC 7518 §3.1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_of_jose_jwa() {
        for row in SIGNATURES {
            assert_eq!(row.signing.to_string(), row.name);
            assert_eq!(signature_named(row.name), Ok(row));
            assert_eq!(<&SignatureAlgorithm>::try_from(&Algorithm::from(row)), Ok(row));
        }
    }

    #[test]
    fn what_jose_jwa_knows_besides_is_refused() {
        for (signing, message) in [
            (Signing::Null, "alg \"none\" is refused: an unsecured token proves nothing"),
            (Signing::Es256K, "alg \"ES256K\" is not supported here"),
        ] {
            let error = <&SignatureAlgorithm>::try_from(signing).unwrap_err();
            assert_eq!((error.code, error.message.as_str()), (Code::NotSupported, message));
            assert_eq!(signature_named(&signing.to_string()), Err(error));
        }
    }
}
