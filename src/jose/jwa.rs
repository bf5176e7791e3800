//! The algorithms, as rows of three tables (RFC 7518 §3.1, §4.1, §5.1; RFC 8037 §3). Nothing else in the core names one.

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
    pub key: KeyKind,
    pub hash: Hash,
}

const fn signature(name: &'static str, key: KeyKind, hash: Hash) -> SignatureAlgorithm {
    SignatureAlgorithm { name, key, hash }
}

/// The signature and MAC algorithms. The first that fits a key without `alg` is its default.
pub static SIGNATURES: &[SignatureAlgorithm] = &[
    signature("HS256", KeyKind::Secret, Hash::Sha256),
    signature("HS384", KeyKind::Secret, Hash::Sha384),
    signature("HS512", KeyKind::Secret, Hash::Sha512),
    signature("RS256", KeyKind::Rsa, Hash::Sha256),
    signature("RS384", KeyKind::Rsa, Hash::Sha384),
    signature("RS512", KeyKind::Rsa, Hash::Sha512),
    signature("PS256", KeyKind::Rsa, Hash::Sha256),
    signature("PS384", KeyKind::Rsa, Hash::Sha384),
    signature("PS512", KeyKind::Rsa, Hash::Sha512),
    signature("ES256", KeyKind::On(Curve::P256), Hash::Sha256),
    signature("ES384", KeyKind::On(Curve::P384), Hash::Sha384),
    signature("ES512", KeyKind::On(Curve::P521), Hash::Sha512),
    signature("EdDSA", KeyKind::On(Curve::Ed25519), Hash::Sha512),
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
    ("RSA1_5", "deprecated for its padding oracle; Canvas has sent RSA-OAEP since 2021"),
    ("PBES2-HS256+A128KW", "the sender chooses how long the reader computes"),
    ("PBES2-HS384+A192KW", "the sender chooses how long the reader computes"),
    ("PBES2-HS512+A256KW", "the sender chooses how long the reader computes"),
];

/// The row of this signature algorithm.
///
/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED`.
pub fn signature_named(name: &str) -> Result<&'static SignatureAlgorithm> {
    SIGNATURES.iter().find(|row| row.name == name).ok_or_else(|| unknown("alg", name))
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
        (Some((_, why)), _) => ["is refused: ", why].concat(),
        (None, Some(right)) if right != name => ["is not known; names are case-sensitive, expected ", right].concat(),
        _ => "is not supported here".to_owned(),
    };
    let name: String = name.chars().take(40).collect();
    Error::new(Code::NotSupported, &[member, " \"", &name, "\" ", &reason])
        .at(&["header.", member].concat())
        .spec("RFC 7518 §3.1")
}
