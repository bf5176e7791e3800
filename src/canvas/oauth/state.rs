//! The state of an authorization, and what it keeps from its beginning to Canvas's answer.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::client::Client;
use crate::error::{Code, Error, Result};
use crate::http::segment;
use crate::jose::{Secret, UntrustedJws, base64url};
use crate::state::{Purpose, SigningKeys, seconds_until};

/// The header `typ` of a state.
pub(crate) const TYP: &str = "oauth-state+jwt";
/// How many random bytes an authorization takes.
pub const RANDOM: usize = 16;

pub(super) static AUTHORIZATION: Purpose = Purpose {
    typ: TYP,
    signing: "canvas-lms-tokens oauth-state signing",
    binding: "canvas-lms-tokens oauth-state binding",
    verifier: Some("canvas-lms-tokens oauth-state verifier"),
    cookie: "oauth",
    begun: "authorization",
    remedy: "begin a new one",
    invalid: Code::AuthorizationStateInvalid,
};

/// Whether a state was signed by who has this secret.
pub(crate) fn is_of_secret(secret: &[u8], state: &UntrustedJws) -> bool {
    AUTHORIZATION.is_of_secret(secret, state)
}

/// What states are signed and bound with, and what makes their code verifiers: keys derived from each secret for these purposes
/// alone.
pub struct AuthorizationKeys(pub(super) SigningKeys);

impl AuthorizationKeys {
    /// The keys of these secrets: the first signs, all verify, so that a secret can be replaced while authorizations are open.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for no secret, and for one of less than 32 bytes.
    pub fn new(secrets: &[Secret]) -> Result<Self> {
        SigningKeys::new(&AUTHORIZATION, secrets).map(Self)
    }
}

/// Says nothing of the keys.
impl fmt::Debug for AuthorizationKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthorizationKeys({})", self.0.len())
    }
}

/// The claims of a state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct AuthorizationState {
    /// The base URL of the Canvas that is asked, so that a code goes to no other (RFC 9700 §4.4).
    #[serde(rename = "iss")]
    pub base_url: String,
    /// The client id there.
    #[serde(rename = "aud")]
    pub client_id: String,
    /// The authorization's id, in the name of its cookie.
    #[serde(rename = "jti")]
    pub id: String,
    /// Where Canvas sends the browser to.
    pub redirect_uri: String,
    /// Where the user goes afterwards, a path of the tool's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
    /// When it began, in seconds since 1970.
    pub iat: i64,
    /// Until when the answer must have come, in seconds since 1970.
    pub exp: i64,
}

impl AuthorizationState {
    pub(super) fn new(client: &Client, redirect_uri: &str, (iat, exp): (i64, i64), random: &[u8; RANDOM]) -> Self {
        Self {
            base_url: client.base_url().to_owned(),
            client_id: client.id().to_owned(),
            id: base64url::encode(random),
            redirect_uri: redirect_uri.to_owned(),
            return_to: None,
            iat,
            exp,
        }
    }

    /// Whether this is the client that began.
    #[must_use]
    pub fn is_of(&self, client: &Client) -> bool {
        self.base_url == client.base_url() && self.client_id == client.id()
    }

    /// A `Set-Cookie` header that forgets the authorization.
    #[must_use]
    pub fn clear_cookie(&self) -> String {
        AUTHORIZATION.cookie(&self.id, "", 0)
    }

    /// What a store remembers of it, so that its answer is taken once.
    #[must_use]
    pub fn claim(&self) -> Claim {
        let (base_url, client_id) = (segment(&self.base_url), segment(&self.client_id));
        Claim { name: format!("oauth-state/{base_url}/{client_id}/{}", self.id), until: self.exp }
    }
}

/// An authorization whose answer may be taken once, for a store that tells whether it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name to remember.
    pub name: String,
    /// Until when to remember it, in seconds since 1970: nobody takes the answer after that.
    pub until: i64,
}

impl Claim {
    /// How long to remember it from now on, in seconds; `now` in seconds since 1970.
    #[must_use]
    pub fn lifetime(&self, now: f64) -> i64 {
        seconds_until(self.until, now)
    }

    /// Whether the answer may be taken; `is_first` is what the store says.
    ///
    /// # Errors
    /// `ERR_OAUTH_STATE_USED`
    pub fn check(&self, is_first: bool) -> Result<()> {
        if is_first {
            return Ok(());
        }
        let message = "an answer with this state was taken before, expected that of a new authorization";
        Err(Error::new(Code::AuthorizationUsed, message).at("state").spec("RFC 9700 §4.7.1"))
    }
}
