//! LTI 2 assertions: the claims that a tool signs with HS256 and exchanges for an access token (Canvas: JWT access
//! tokens, sections 1.0 and 2.0). Refuses what no server could accept; what a server may refuse is the inspector's.

use super::id::Id;
use crate::error::{Error, Result};
use crate::http::HttpUrl;
use crate::jose::jwa::Hash;
use crate::jose::mac::mac;
use crate::jose::{Secret, base64url};
use crate::json::{Json, MAX_SAFE_INTEGER, Object};

/// How long an assertion is good for unless told otherwise, in seconds; older Canvas refuses more.
pub const DEFAULT_LIFETIME: i64 = 60;

/// The claims as a caller gives them.
#[derive(Clone, Debug)]
pub struct AssertionParams {
    /// Developer key global id, tool proxy guid, or registration key.
    pub sub: Id,
    /// The access token URL, as Canvas knows it.
    pub aud: String,
    /// Expiration time in seconds since 1970; default `iat` + `lifetime`.
    pub exp: Option<i64>,
    /// Issued at, in seconds since 1970; default now.
    pub iat: Option<i64>,
    /// Unique for each assertion; default a random UUID.
    pub jti: Option<String>,
    /// In seconds, default 60.
    pub lifetime: Option<i64>,
}

/// The whole claims set of an assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Assertion {
    pub sub: Id,
    pub aud: String,
    pub exp: i64,
    pub iat: i64,
    pub jti: String,
}

impl Assertion {
    /// Fills in what is absent: `now` in seconds since 1970, `random` 16 random bytes for the `jti`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` naming the option: `aud` no absolute http(s) URL, `exp` not after `iat`, an empty `jti`, a
    /// lifetime that is not positive.
    pub fn build(params: AssertionParams, now: i64, random: impl FnOnce() -> Result<[u8; 16]>) -> Result<Self> {
        let iat = params.iat.unwrap_or(now);
        let lifetime = params.lifetime.unwrap_or(DEFAULT_LIFETIME);
        let exp = params.exp.unwrap_or_else(|| iat.saturating_add(lifetime));
        let (at, fault) = match &params {
            _ if HttpUrl::parse(&params.aud).is_none() => {
                ("claims.aud", "not an absolute http(s) URL, expected the access token URL")
            }
            _ if lifetime <= 0 => ("options.lifetime", "not positive, expected seconds"),
            _ if exp <= iat => ("claims.exp", "not after iat, expected a later time in seconds since 1970"),
            _ if exp > MAX_SAFE_INTEGER => ("claims.exp", "more than 2^53 - 1, expected seconds since 1970"),
            AssertionParams { jti: Some(jti), .. } if jti.is_empty() => ("claims.jti", "empty, expected a unique text"),
            _ => {
                let jti = params.jti.clone().map_or_else(|| random().map(uuid_v4), Ok)?;
                return Ok(Self { sub: params.sub, aud: params.aud, exp, iat, jti });
            }
        };
        Err(Error::refused(at, fault))
    }

    /// The claims set, in the order of Canvas's template.
    #[must_use]
    pub fn to_claims(&self) -> Object {
        let mut claims = Object::default();
        claims.set("sub", self.sub.to_json());
        claims.set("aud", Json::from(self.aud.as_str()));
        claims.set("exp", Json::from(self.exp));
        claims.set("iat", Json::from(self.iat));
        claims.set("jti", Json::from(self.jti.as_str()));
        claims
    }

    /// Signs with HS256 under the header `{"alg":"HS256","typ":"JWT"}`.
    #[must_use]
    pub fn sign(&self, secret: &Secret) -> String {
        let header = base64url::encode(br#"{"alg":"HS256","typ":"JWT"}"#);
        let payload = base64url::encode(self.to_claims().to_json().as_bytes());
        let input = [&header, ".", &payload].concat();
        let mac = mac(Hash::Sha256, secret.as_bytes(), &[input.as_bytes()]);
        [&input, ".", &base64url::encode(&mac)].concat()
    }
}

/// A version 4 UUID (RFC 9562 §5.4) of these random bytes.
fn uuid_v4(random: [u8; 16]) -> String {
    let mut out = String::new();
    for (index, byte) in random.into_iter().enumerate() {
        let byte = match index {
            6 => byte & 0x0f | 0x40,
            8 => byte & 0x3f | 0x80,
            _ => byte,
        };
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from_digit(nibble.into(), 16).unwrap_or_default());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        assert_eq!(uuid_v4([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(
            uuid_v4([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
            "00010203-0405-4607-8809-0a0b0c0d0e0f"
        );
    }
}
