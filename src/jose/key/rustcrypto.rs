//! Keys as the crate jose-jwk has them, and back. JWKs are written through its structs; what comes from it is read and
//! checked as any JWK is.
//!
//! ```
//! use canvas_lms_tokens::jose::{Key, Keys, Secret};
//! use jose_jwk::{Jwk, JwkSet};
//!
//! let mut key = Key::secret(Secret::new(vec![7; 32], "secret")?, Some("HS256".to_owned()));
//! let mut jwk = Jwk::try_from(&key)?;
//! assert_eq!(jwk.prm.alg, Some(jose_jwa::Signing::Hs256.into()));
//!
//! jwk.prm.kid = Some("mine".to_owned());
//! key = Key::try_from(&jwk)?;
//! assert_eq!((key.kid(), key.alg()), (Some("mine"), Some("HS256")));
//!
//! let keys = Keys::try_from(&JwkSet { keys: vec![jwk] })?;
//! assert_eq!(JwkSet::try_from(&keys)?.keys.len(), 1);
//! # Ok::<(), canvas_lms_tokens::Error>(())
//! ```

use jose_jwk::{Jwk, JwkSet, Parameters};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as UnknownName;

use super::Key;
use super::jwk::{self, to_jose_jwk, to_object};
use super::set::Keys;
use crate::error::{Code, Error, Result};

/// A shared secret becomes a symmetric JWK, which is held to the length that its algorithm's hash has.
///
/// # Errors
/// `ERR_JOSE_NOT_SUPPORTED` for a private key in PKCS #8, whose public half is not known, for one that the platform
/// holds, and for an `alg`, `use` or `key_ops` that jose-jwk has no name for, such as those that encrypt.
impl TryFrom<&Key> for Jwk {
    type Error = Error;

    fn try_from(key: &Key) -> Result<Self> {
        let unknown = || unsupported("key", "its parts are not known, expected a key that a JWK can hold");
        let ops = match &key.operations {
            Some(names) => Some(names.iter().map(|name| named("key.key_ops", name)).collect::<Result<_>>()?),
            None => None,
        };
        let prm = Parameters {
            alg: key.alg.as_deref().map(|alg| named("key.alg", alg)).transpose()?,
            kid: key.kid.clone(),
            cls: key.usage.as_deref().map(|usage| named("key.use", usage)).transpose()?,
            ops,
            ..Parameters::default()
        };
        Ok(Self { key: to_jose_jwk(&key.material, true).ok_or_else(unknown)?, prm })
    }
}

/// # Errors
/// Those of [`jwk::parse`].
impl TryFrom<&Jwk> for Key {
    type Error = Error;

    fn try_from(jwk: &Jwk) -> Result<Self> {
        jwk::parse(&*to_object(jwk)?)
    }
}

/// # Errors
/// As of a [`Key`]; what is wrong with a member that cannot be used.
impl TryFrom<&Keys> for JwkSet {
    type Error = Error;

    fn try_from(keys: &Keys) -> Result<Self> {
        let keys = match keys {
            Keys::One(key) => vec![Jwk::try_from(&**key)?],
            Keys::Set(members) => members.iter().map(|member| member.key()?.try_into()).collect::<Result<_>>()?,
        };
        Ok(Self { keys })
    }
}

/// # Errors
/// Those of [`Keys::parse_set`].
impl TryFrom<&JwkSet> for Keys {
    type Error = Error;

    fn try_from(set: &JwkSet) -> Result<Self> {
        Self::parse_set(&*to_object(set)?)
    }
}

/// The name in jose-jwk's own terms.
fn named<'de, T: Deserialize<'de>>(at: &str, name: &'de str) -> Result<T> {
    T::deserialize(name.into_deserializer()).map_err(|_: UnknownName| {
        let name: String = name.chars().take(40).collect();
        unsupported(at, &format!("\"{name}\", expected one that jose-jwk has a name for"))
    })
}

fn unsupported(at: &str, message: &str) -> Error {
    Error::new(Code::NotSupported, format!("{at}: {message}")).at(at).spec("RFC 7517 §4")
}
