//! Client assertions: what a tool signs to be given a service token (RFC 7523 §2.2; 1EdTech Security Framework 1.0 §4.1.1).
//! Their readers, Canvas and the inspector, have the rules; this makes none that breaks one.

use serde::Serialize;

use super::platform::Platform;
use super::tool_key;
use crate::error::{Error, Result};
use crate::jose::{Key, SigningInput};
use crate::json::MAX_SAFE_INTEGER;
use crate::lti2::random_uuid;

/// The claims set of a client assertion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct ClientAssertion {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub iat: i64,
    pub exp: i64,
    pub jti: String,
}

impl ClientAssertion {
    /// How long one is good for unless told otherwise, in seconds; Canvas takes none that is older.
    pub const LIFETIME: i64 = 300;

    /// The assertion for a platform: issuer and subject are the client id, the audience is the token endpoint, byte by byte.
    /// `now` in seconds since 1970, `lifetime` in seconds, default 300; `random` 16 random bytes for the `jti`, where none is
    /// given.
    ///
    /// ```
    /// use canvas_lms_tokens::lti13::{ClientAssertion, Environment, Platform};
    ///
    /// let platform = Platform::canvas("10000000000042", Environment::Production);
    /// let assertion = ClientAssertion::build(&platform, None, None, 1_700_000_000, || Ok([7; 16]))?;
    /// assert_eq!(assertion.aud, "https://sso.canvaslms.com/login/oauth2/token");
    /// assert_eq!(assertion.exp, 1_700_000_300);
    /// # Ok::<(), canvas_lms_tokens::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a platform as of [`Platform::check`], a lifetime that is not positive, and an empty `jti`.
    pub fn build(
        platform: &Platform,
        lifetime: Option<i64>,
        jti: Option<String>,
        now: i64,
        random: impl FnOnce() -> Result<[u8; 16]>,
    ) -> Result<Self> {
        platform.check("platform")?;
        Self::for_endpoint((&platform.client_id, &platform.token_endpoint), lifetime, jti, now, random)
    }

    /// The same for a client and a token endpoint that were checked.
    pub(crate) fn for_endpoint(
        (client_id, aud): (&str, &str),
        lifetime: Option<i64>,
        jti: Option<String>,
        now: i64,
        random: impl FnOnce() -> Result<[u8; 16]>,
    ) -> Result<Self> {
        let lifetime = lifetime.unwrap_or(Self::LIFETIME);
        if lifetime <= 0 {
            return Err(Error::argument("options.lifetime", "not positive, expected seconds"));
        }
        let exp = now.saturating_add(lifetime);
        if exp > MAX_SAFE_INTEGER {
            return Err(Error::argument("options.lifetime", "ends after 2^53 - 1 seconds since 1970"));
        }
        let jti = match jti {
            Some(jti) if jti.is_empty() => {
                return Err(Error::argument("options.jti", "empty, expected a unique text"));
            }
            Some(jti) => jti,
            None => random_uuid(random()?).to_string(),
        };
        let client_id = client_id.to_owned();
        Ok(Self { iss: client_id.clone(), sub: client_id, aud: aud.to_owned(), iat: now, exp, jti })
    }

    /// The claims set as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Text and integers can always be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The assertion to be signed with a key of the tool's.
    ///
    /// # Errors
    /// Those of [`tool_key::to_sign`].
    pub fn to_sign<'k>(&self, key: &'k Key) -> Result<SigningInput<'k>> {
        tool_key::to_sign(&self.to_json(), key)
    }
}
