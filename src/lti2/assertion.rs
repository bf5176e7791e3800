//! LTI 2 assertions: the claims that a tool signs with HS256 and exchanges for an access token (Canvas: JWT access
//! tokens, sections 1.0 and 2.0). Refuses what no server could accept; what a server may refuse is the inspector's.

use jose_jwa::Signing;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::id::Id;
use super::integer;
use crate::error::{Code, Error, Result};
use crate::http::HttpUrl;
use crate::jose::jwa::{Hash, signature_named};
use crate::jose::mac::MacKey;
use crate::jose::rustcrypto::jwt_header;
use crate::jose::{Key, Purpose, Secret, SigningInput, base64url};
use crate::json::{Json, MAX_SAFE_INTEGER};

/// How long an assertion is good for unless told otherwise, in seconds; older Canvas refuses more.
pub const DEFAULT_LIFETIME: i64 = 60;

/// The claims as a caller gives them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct AssertionParams {
    /// Developer key global id, tool proxy guid, or registration key.
    pub sub: Id,
    /// The access token URL, as Canvas knows it.
    pub aud: String,
    /// Expiration time in seconds since 1970; default `iat` + `lifetime`.
    #[serde(default, deserialize_with = "integer::optional")]
    pub exp: Option<i64>,
    /// Issued at, in seconds since 1970; default now.
    #[serde(default, deserialize_with = "integer::optional")]
    pub iat: Option<i64>,
    /// Unique for each assertion; default a random UUID.
    pub jti: Option<String>,
    /// In seconds, default 60.
    #[serde(default, deserialize_with = "integer::optional")]
    pub lifetime: Option<i64>,
}

/// The whole claims set of an assertion, in the order of Canvas's template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Assertion {
    pub sub: Id,
    pub aud: String,
    pub exp: i64,
    pub iat: i64,
    pub jti: String,
}

/// Under which names a caller gave the parameters, for errors.
struct Places {
    claims: &'static str,
    lifetime: &'static str,
}

impl Assertion {
    /// Fills in what is absent: `now` in seconds since 1970, `random` 16 random bytes for the `jti`.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` naming the claim or option, such as `claims.aud` or `options.lifetime`: `aud` no absolute http(s)
    /// URL, `exp` not after `iat`, an empty `jti`, a lifetime that is not positive.
    pub fn build(params: AssertionParams, now: i64, random: impl FnOnce() -> Result<[u8; 16]>) -> Result<Self> {
        Self::build_at(&Places { claims: "claims", lifetime: "options" }, params, now, random)
    }

    /// As [`Assertion::build`] where the parameters are members of a request for an access token.
    ///
    /// # Errors
    /// As [`Assertion::build`], but naming a member of the request: `request.exp`.
    pub fn build_in_request(
        params: AssertionParams,
        now: i64,
        random: impl FnOnce() -> Result<[u8; 16]>,
    ) -> Result<Self> {
        Self::build_at(&Places { claims: "request", lifetime: "request" }, params, now, random)
    }

    fn build_at(
        places: &Places,
        params: AssertionParams,
        now: i64,
        random: impl FnOnce() -> Result<[u8; 16]>,
    ) -> Result<Self> {
        let AssertionParams { sub, aud, exp, iat, jti, lifetime } = params;
        let refused = |place: &str, name: &str, fault: &str| Err(Error::argument(&format!("{place}.{name}"), fault));
        let iat = iat.unwrap_or(now);
        let lifetime = lifetime.unwrap_or(DEFAULT_LIFETIME);
        let exp = exp.unwrap_or_else(|| iat.saturating_add(lifetime));
        if HttpUrl::parse(&aud).is_none() {
            return refused(places.claims, "aud", "not an absolute http(s) URL, expected the access token URL");
        }
        if lifetime <= 0 {
            return refused(places.lifetime, "lifetime", "not positive, expected seconds");
        }
        if exp <= iat {
            return refused(places.claims, "exp", "not after iat, expected a later time in seconds since 1970");
        }
        if exp > MAX_SAFE_INTEGER {
            return refused(places.claims, "exp", "more than 2^53 - 1, expected seconds since 1970");
        }
        let jti = match jti {
            Some(jti) if jti.is_empty() => return refused(places.claims, "jti", "empty, expected a unique text"),
            Some(jti) => jti,
            None => random_uuid(random()?).to_string(),
        };
        Ok(Self { sub, aud, exp, iat, jti })
    }

    /// The claims set as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text and integers can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Signs with HS256 under the header `{"alg":"HS256","typ":"JWT"}`.
    #[must_use]
    pub fn sign(&self, secret: &Secret) -> String {
        self.seal(&MacKey::new(Hash::Sha256, secret.as_bytes()))
    }

    /// As [`Assertion::sign`], with a key that may be prepared and limited.
    ///
    /// ```
    /// use canvas_lms_tokens::jose::{Key, Secret};
    /// use canvas_lms_tokens::lti2::{Assertion, AssertionParams, Id};
    ///
    /// let mut key = Key::secret(Secret::new(b"secret".to_vec(), "secret")?, None);
    /// key.prepare();
    /// let aud = "https://school.test/api/lti/accounts/1/authorize".to_owned();
    /// let params = AssertionParams { sub: Id::from(1), aud, exp: None, iat: None, jti: None, lifetime: None };
    /// let assertion = Assertion::build(params, 1_486_393_800, || Ok([7; 16]))?;
    /// assert!(assertion.sign_with(&key)?.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
    /// # Ok::<(), canvas_lms_tokens::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_JOSE_ALG_NOT_ALLOWED` and `ERR_JWK_INVALID` as of [`Key::check_signature`]; `ERR_KEY_NEEDS_ASYNC` where the
    /// platform holds the secret.
    pub fn sign_with(&self, key: &Key) -> Result<String> {
        let alg = signature_named("HS256")?;
        key.check_signature(alg, Purpose::Sign)?;
        let held = || Error::new(Code::KeyNeedsAsync, "the platform holds this secret, expected its bytes").at("key");
        let key = key.mac_key(alg.hash).ok_or_else(held)?;
        Ok(self.seal(&key))
    }

    /// The assertion for a key that lives elsewhere to sign with HS256, its `kid` in the header.
    ///
    /// # Errors
    /// `ERR_JOSE_ALG_NOT_ALLOWED` for a key of another algorithm.
    pub fn to_sign<'k>(&self, key: &'k Key) -> Result<SigningInput<'k>> {
        let header = [("alg", Json::from("HS256")), ("typ", Json::from("JWT"))].into_iter().collect();
        SigningInput::new(self.to_json().as_bytes(), key, &header)
    }

    fn seal(&self, key: &MacKey) -> String {
        let payload = base64url::encode(self.to_json().as_bytes());
        let input = format!("{}.{payload}", base64url::encode(jwt_header(Signing::Hs256).as_bytes()));
        let mac = key.mac(&[input.as_bytes()]);
        format!("{input}.{}", base64url::encode(&mac))
    }
}

/// A version 4 UUID (RFC 9562 §5.4) of these random bytes.
pub(crate) fn random_uuid(random: [u8; 16]) -> Uuid {
    uuid::Builder::from_random_bytes(random).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_has_its_version_and_variant() {
        for (random, uuid) in [
            ([0xff; 16], "ffffffff-ffff-4fff-bfff-ffffffffffff"),
            ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], "00010203-0405-4607-8809-0a0b0c0d0e0f"),
        ] {
            assert_eq!(random_uuid(random).to_string(), uuid);
        }
    }

    #[test]
    fn parameters_are_read_from_json() {
        let read = |json: &str| serde_json::from_str::<AssertionParams>(json).map_err(|error| error.to_string());
        let params = read(r#"{"sub":90000000000000001,"aud":"a","exp":9007199254740991,"iat":0}"#).unwrap();
        assert_eq!((params.exp, params.iat, params.lifetime), (Some(MAX_SAFE_INTEGER), Some(0), None));
        for (exp, expected) in [
            ("1.5", "expected an integer of at most 2^53 - 1"),
            ("9007199254740992", "expected an integer of at most 2^53 - 1"),
            ("\"1\"", "invalid type: string \"1\", expected an integer"),
        ] {
            let error = read(&format!(r#"{{"sub":1,"aud":"a","exp":{exp}}}"#)).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn a_fault_is_named_as_it_was_given() {
        let params = AssertionParams {
            sub: Id::from(1),
            aud: "https://school.test/api/lti/accounts/1/authorize".to_owned(),
            exp: None,
            iat: None,
            jti: None,
            lifetime: Some(0),
        };
        let given = |result: Result<Assertion>| result.unwrap_err().message.clone();
        let found = given(Assertion::build(params.clone(), 0, || Ok([0; 16])));
        assert_eq!(found, "options.lifetime: not positive, expected seconds");
        let found = given(Assertion::build_in_request(params.clone(), 0, || Ok([0; 16])));
        assert_eq!(found, "request.lifetime: not positive, expected seconds");
        let params = AssertionParams { exp: Some(0), lifetime: None, ..params };
        let found = given(Assertion::build_in_request(params.clone(), 0, || Ok([0; 16])));
        assert_eq!(found, "request.exp: not after iat, expected a later time in seconds since 1970");
        let params = AssertionParams { exp: Some(MAX_SAFE_INTEGER + 1), ..params };
        let found = given(Assertion::build(params.clone(), 0, || Ok([0; 16])));
        assert_eq!(found, "claims.exp: more than 2^53 - 1, expected seconds since 1970");
        let params = AssertionParams { exp: Some(60), jti: Some(String::new()), ..params };
        let found = given(Assertion::build(params, 0, || Ok([0; 16])));
        assert_eq!(found, "claims.jti: empty, expected a unique text");
    }
}
