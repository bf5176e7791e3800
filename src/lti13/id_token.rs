//! A platform's token, launch or notice: by which rules it is verified, for which deployments, and once.

use super::claims::DEPLOYMENT_ID;
use super::message::{self, Expected, Facts, Form};
use super::platform::Platform;
use crate::error::{Code, Error, Result};
use crate::http::segment;
use crate::jose::mac::sha256;
use crate::jose::{Verified, VerifiedJwt, base64url, verified_jwt};
use crate::state::seconds_until;

/// What a platform signs with, whatever a token's header says (1EdTech Security Framework 1.0 §5.1.3, 6).
pub const RS256: &str = "RS256";
/// How far clocks may differ unless told otherwise, in seconds.
pub const DEFAULT_TOLERANCE: f64 = 60.0;
/// The longest nonce that stands in a name as it is, in characters.
const LONGEST_NONCE: usize = 128;

/// The clock that a token's times are compared with.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Seconds since 1970.
    pub now: f64,
    /// How far clocks may differ, in seconds; see [`DEFAULT_TOLERANCE`].
    pub tolerance: f64,
}

/// Whether a token whose signature was verified is this platform's, for us, of this time, and a whole message.
pub(super) fn verify(
    verified: &Verified,
    form: Form,
    platform: &Platform,
    nonce: Option<&str>,
    clock: Clock,
) -> Result<VerifiedJwt> {
    let expected = Expected {
        issuer: Some(platform.issuer.clone()),
        client_id: Some(platform.client_id.clone()),
        nonce: nonce.map(str::to_owned),
        now: clock.now,
        tolerance: clock.tolerance,
    };
    let jwt = verified_jwt(verified, &message::registered(form, &expected))?;
    message::verify(&Facts { form, claims: &jwt.claims, expected: &expected })?;
    let deployment = jwt.claims.text(DEPLOYMENT_ID).unwrap_or_default();
    if platform.allows(deployment) {
        return Ok(jwt);
    }
    let message = "the deployment is not one of the platform's registration, expected one of its deployments";
    let mut error = Error::new(Code::DeploymentUnknown, message).at(format!("claims.{DEPLOYMENT_ID}"));
    error.facts().claim = Some(DEPLOYMENT_ID);
    Err(error.spec("LTI Core 1.3 §5.3.3"))
}

/// A nonce that may be used once, for a store that tells whether it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce {
    /// The name to remember, which holds issuer and client id, as two platforms may give the same nonce.
    pub name: String,
    /// Until when to remember it, in seconds since 1970: nobody takes the token after that.
    pub until: i64,
}

impl Nonce {
    #[allow(clippy::cast_possible_truncation)]
    pub(super) fn new(platform: &Platform, nonce: &str, until: f64) -> Self {
        let nonce = if nonce.chars().count() > LONGEST_NONCE {
            base64url::encode(&sha256(&[nonce.as_bytes()]))
        } else {
            segment(nonce)
        };
        let name = format!("lti-nonce/{}/{}/{nonce}", segment(&platform.issuer), segment(&platform.client_id));
        Self { name, until: until.ceil() as i64 }
    }

    /// How long to remember it from now on, in seconds; `now` in seconds since 1970.
    #[must_use]
    pub fn lifetime(&self, now: f64) -> i64 {
        seconds_until(self.until, now)
    }

    /// Whether the token may be taken; `is_first` is what the store says.
    ///
    /// # Errors
    /// `ERR_LTI_NONCE_USED`
    pub fn check(&self, is_first: bool) -> Result<()> {
        if is_first {
            return Ok(());
        }
        let mut error = Error::new(Code::NonceUsed, "a token with this nonce was taken before, expected a new one");
        error.facts().claim = Some("nonce");
        Err(error.at("claims.nonce").spec("1EdTech Security Framework 1.0 §5.1.3"))
    }
}
