//! A notice of the Platform Notification Service: from server to server, without a user, a login or a state.

use serde::Serialize;

use super::claims as names;
use super::id_token::{self, Clock, Nonce};
use super::launch::{Context, context};
use super::message::{Form, NOTICE_AGE};
use super::platform::Platform;
use crate::error::{Code, Error, Result};
use crate::jose::{Compact, Keys, Verification, Verified, VerifiedJwt};
use crate::json::{self, Json, Object};

/// A notice as it came, of which nothing is verified: who claims to send it, and to whom.
#[derive(Clone, PartialEq, Eq)]
pub struct UntrustedNotice {
    token: String,
    /// `iss`
    pub issuer: String,
    /// The client id that it is for: `azp`, else the only `aud`.
    pub client_id: Option<String>,
}

impl UntrustedNotice {
    /// Reads the `jwt` of a notice.
    ///
    /// # Errors
    /// `ERR_JWS_INVALID`, `ERR_JWT_INVALID`; `ERR_JWT_CLAIM_VALIDATION_FAILED` where it has no `iss`.
    pub fn parse(token: &str) -> Result<Self> {
        let malformed = |message: &str| Error::new(Code::JwsInvalid, message).at("jwt");
        let jws = match Compact::parse(token).map_err(|error| error.coded(Code::JwsInvalid))? {
            Compact::Jws(jws) => jws,
            Compact::Jwe(_) => return Err(malformed("a JWE, expected a signed notice")),
        };
        let claims = json::read_object(&jws.payload)
            .map_err(|fault| Error::from(fault).coded(Code::JwtInvalid).within("the payload: ", "payload"))?;
        let missing = || {
            let mut error =
                Error::new(Code::ClaimFailed, "claim iss: absent or no text, expected the platform's issuer");
            error.facts().claim = Some("iss");
            error.at("claims.iss").spec("1EdTech Security Framework 1.0 §5.1.3")
        };
        let issuer = claims.text("iss").ok_or_else(missing)?.to_owned();
        let client_id = claims.text("azp").or_else(|| only_audience(&claims)).map(str::to_owned);
        Ok(Self { token: token.to_owned(), issuer, client_id })
    }

    /// What is to be verified of it with the keys of its platform.
    ///
    /// # Errors
    /// `ERR_JWS_INVALID`, `ERR_JOSE_ALG_NOT_ALLOWED`, `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_NO_MATCHING_KEY`, `ERR_JWK_INVALID`.
    pub fn verification<'k>(&self, keys: &'k Keys) -> Result<Verification<'k>> {
        Verification::new(&self.token, keys, Some(&[id_token::RS256.to_owned()]))
    }
}

/// Shows no token.
impl core::fmt::Debug for UntrustedNotice {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("UntrustedNotice").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

fn only_audience(claims: &Object) -> Option<&str> {
    match claims.get("aud")? {
        Json::Array(items) => match items.as_slice() {
            [aud] => aud.as_str(),
            _ => None,
        },
        aud => aud.as_str(),
    }
}

/// A verified notice. What it is about stands in `claims`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// Such as `LtiAssetProcessorSubmissionNotice`.
    #[serde(rename = "type")]
    pub notice_type: String,
    /// The same for a notice that is sent again.
    pub id: String,
    /// When it happened (ISO 8601).
    pub timestamp: String,
    /// The platform that it comes from.
    pub platform: Platform,
    /// Which installation of the tool it is for.
    pub deployment_id: String,
    /// The course, group or account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// The nonce, which is the platform's own, to be claimed before the notice is taken: else it can be sent again until it
    /// expires.
    #[serde(skip)]
    pub nonce: Nonce,
    /// The claims set.
    #[serde(skip)]
    pub claims: Object,
    /// The claims set as sent.
    #[serde(skip)]
    pub text: String,
}

impl Notice {
    /// The notice of a token that was verified with a key of this platform.
    ///
    /// # Errors
    /// `ERR_JWT_INVALID`, `ERR_JWT_EXPIRED`, `ERR_JWT_CLAIM_VALIDATION_FAILED`, `ERR_LTI_MESSAGE_INVALID`,
    /// `ERR_LTI_DEPLOYMENT_UNKNOWN`.
    pub fn verify(verified: &Verified, platform: &Platform, clock: Clock) -> Result<Self> {
        let VerifiedJwt { claims, text, .. } = id_token::verify(verified, Form::Notice, platform, None, clock)?;
        let notice = claims.get(names::NOTICE).and_then(Json::as_object);
        let member = |name: &str| notice.and_then(|notice| notice.text(name)).unwrap_or_default().to_owned();
        let time = |name: &str| match claims.get(name) {
            Some(Json::Number(time)) => time.as_f64(),
            _ => f64::INFINITY,
        };
        let until = time("exp").min(time("iat") + NOTICE_AGE) + clock.tolerance;
        Ok(Self {
            notice_type: member("type"),
            id: member("id"),
            timestamp: member("timestamp"),
            platform: platform.clone(),
            deployment_id: claims.text(names::DEPLOYMENT_ID).unwrap_or_default().to_owned(),
            context: claims.get(names::CONTEXT).and_then(context),
            nonce: Nonce::new(platform, claims.text("nonce").unwrap_or_default(), until),
            claims,
            text,
        })
    }
}
