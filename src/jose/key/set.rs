//! One key, or a JWK Set to choose from by `kid` (RFC 7517 §5).

use super::{Key, jwk};
use crate::error::{Code, Error, Result};
use crate::json::{Json, Object, repeated};

/// A key, or a set of keys.
#[derive(Clone, Debug)]
pub enum Keys {
    /// One key, whatever `kid` a token names.
    One(Box<Key>),
    /// A JWK Set.
    Set(Vec<Member>),
}

const NONE_FITS: &str = "the token has no kid, and no key of the set fits it";

/// A member of a JWK Set: read, or the reason why it cannot be.
#[derive(Clone, Debug)]
pub struct Member {
    kid: Option<String>,
    key: Result<Key>,
}

impl Member {
    /// A member of a set that is read elsewhere.
    pub(crate) fn new(kid: Option<String>, key: Result<Key>) -> Self {
        Self { kid, key }
    }

    /// Its identifier, whether it can be used or not.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The key.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn key(&self) -> Result<&Key> {
        self.key.as_ref().map_err(Clone::clone)
    }
}

impl Keys {
    /// Reads a JWK Set. A member that cannot be used matters only when it is chosen (RFC 7517 §5).
    ///
    /// # Errors
    /// `ERR_JWK_INVALID` for what is no set, for a `kid` that stands twice, and for a set of symmetric and asymmetric keys:
    /// a public key of it may be taken for a shared secret.
    pub fn parse_set(set: &Object) -> Result<Self> {
        let Some(Json::Array(items)) = set.get("keys") else {
            return Err(invalid("expected an array of JWKs", "RFC 7517 §5.1"));
        };
        let mut members: Vec<Member> = Vec::new();
        for item in items {
            let Json::Object(item) = item else {
                return Err(invalid(&format!("{} in the set, expected a JWK", item.kind()), "RFC 7517 §5.1"));
            };
            members.push(Member { kid: item.text("kid").map(str::to_owned), key: jwk::parse(item) });
        }
        let mut kids = Vec::new();
        for member in &members {
            kids.extend(member.kid.as_deref());
        }
        if repeated(kids).is_some() {
            return Err(invalid("a kid stands twice in the set", "RFC 7517 §4.5"));
        }
        let types: Vec<&str> = items.iter().filter_map(|item| item.as_object()?.text("kty")).collect();
        if types.contains(&"oct") && types.iter().any(|kty| ["RSA", "EC", "OKP"].contains(kty)) {
            return Err(invalid("symmetric and asymmetric keys in one set, expected one kind", "RFC 7517 §5"));
        }
        Ok(Self::Set(members))
    }

    /// Prepares each key, as [`Key::prepare`] does.
    pub fn prepare(&mut self) {
        match self {
            Self::One(key) => key.prepare(),
            Self::Set(members) => {
                members.iter_mut().filter_map(|member| member.key.as_mut().ok()).for_each(Key::prepare);
            }
        }
    }

    /// The key for a token: the one there is, or that of the set with the token's `kid`, or, where the token names
    /// none, the only one that fits.
    ///
    /// # Errors
    /// `ERR_JWKS_NO_MATCHING_KEY`, what `fits` says of the one chosen, and what is wrong with it.
    pub fn choose(&self, kid: Option<&str>, fits: &dyn Fn(&Key) -> Result<()>) -> Result<&Key> {
        let members = match self {
            Self::One(key) => return fits(key).map(|()| &**key),
            Self::Set(members) => members,
        };
        let no_match =
            |message: &str| Error::new(Code::JwksNoMatchingKey, message).at("header.kid").spec("RFC 7515 §4.1.4");
        if let Some(kid) = kid {
            let member = members.iter().find(|member| member.kid.as_deref() == Some(kid));
            let key = member.ok_or_else(|| no_match("no key of the set has the token's kid"))?.key()?;
            return fits(key).map(|()| key);
        }
        let mut fitting = members.iter().filter_map(|member| member.key.as_ref().ok()).filter(|key| fits(key).is_ok());
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            // Where none can be used at all, what is wrong with them says more.
            (None, _) if members.iter().all(|member| member.key.is_err()) => {
                members.first().map_or_else(|| Err(no_match(NONE_FITS)), Member::key)
            }
            (None, _) => Err(no_match(NONE_FITS)),
            (Some(_), Some(_)) => Err(no_match("the token has no kid, and more than one key of the set fits it")),
        }
    }
}

fn invalid(message: &str, spec: &'static str) -> Error {
    Error::new(Code::JwkInvalid, format!("key.keys: {message}")).at("key.keys").spec(spec)
}

impl From<Key> for Keys {
    fn from(key: Key) -> Self {
        Self::One(Box::new(key))
    }
}
