//! What Canvas sends the browser back with (RFC 6749 §4.1.2), verified step by step: each step gives the next.

use core::fmt;

use super::refusal::REFUSALS;
use super::state::{AuthorizationKeys, AuthorizationState};
use crate::error::{Code, Error, Result};
use crate::http::is_same_origin;
use crate::lti13::Parameters;
use crate::state::Ours;

/// Canvas's answer to an authorization, its state verified: it is ours, and has not expired. The browser is not known yet.
pub struct AuthorizationResponse {
    state: Ours<AuthorizationState>,
    code: Option<String>,
    issuer: Option<String>,
}

/// What is exchanged for a token. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant {
    /// The authorization code.
    pub code: String,
    /// What the authorization was begun with.
    pub redirect_uri: String,
    /// The code verifier (RFC 7636 §4.5).
    pub verifier: String,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grant(…)")
    }
}

impl AuthorizationResponse {
    /// Reads what the browser brings, and verifies its state; `now` in seconds since 1970.
    ///
    /// An error that Canvas answers is told whether or not its state has expired, and whatever browser brings it, so that its
    /// cause is seen; where it has a state, that must be ours. Canvas leaves it out of an `invalid_scope`.
    ///
    /// # Errors
    /// `ERR_OAUTH_STATE_INVALID` for a state that is absent, not ours or expired, and for a parameter that stands twice or is
    /// too long; `ERR_OAUTH` for an error of Canvas's, with its code in `oauth_error`.
    pub fn parse(query: &Parameters, keys: &AuthorizationKeys, now: f64) -> Result<Self> {
        const INVALID: Code = Code::AuthorizationStateInvalid;
        let get = |name: &str| query.get(name, INVALID);
        let (state, code, error) = (get("state")?, get("code")?, get("error")?);
        let (description, issuer) = (get("error_description")?, get("iss")?);
        let state = state.map(|state| keys.0.verify::<AuthorizationState>(state)).transpose()?;
        if let Some(error) = error {
            return Err(REFUSALS.error(error, description));
        }
        let missing = || Error::new(INVALID, "the answer has no state, expected that of an authorization").at("state");
        let state = state.ok_or_else(missing)?;
        state.check_time((state.claims.iat, state.claims.exp), now)?;
        Ok(Self { state, code: code.map(str::to_owned), issuer: issuer.map(str::to_owned) })
    }

    /// What the state holds.
    #[must_use]
    pub fn state(&self) -> &AuthorizationState {
        &self.state.claims
    }

    /// Whether this browser began the authorization: by the request's `Cookie` header, or the binding that was kept for it.
    ///
    /// # Errors
    /// `ERR_OAUTH_STATE_NOT_BOUND`, which says what was tried.
    pub fn bind(&self, cookie: Option<&str>, binding: Option<&str>) -> Result<BoundAuthorization<'_>> {
        let by_cookie = self.state.by_cookie(&self.state().id, cookie);
        let Err(by_cookie) = by_cookie else { return Ok(BoundAuthorization(self)) };
        let by_binding = match binding {
            Some(binding) if self.state.is_binding(binding) => return Ok(BoundAuthorization(self)),
            Some(_) => "the binding is another's",
            None => "no binding was given",
        };
        let message = format!(
            "nothing shows that this browser began the authorization: {by_cookie}; {by_binding}; pass the request's Cookie \
             header, or the binding that was kept for this browser"
        );
        Err(Error::new(Code::AuthorizationNotBound, message).at("state").spec("RFC 9700 §4.7"))
    }
}

/// Shows no code.
impl fmt::Debug for AuthorizationResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationResponse").field("id", &self.state().id).finish_non_exhaustive()
    }
}

/// Canvas's answer to an authorization that this browser began.
#[derive(Clone, Copy, Debug)]
pub struct BoundAuthorization<'r>(&'r AuthorizationResponse);

impl BoundAuthorization<'_> {
    /// What is to be exchanged, where the answer came to the redirect URI of its authorization, `redirect_uri` being where it
    /// came to, and names no other server than was asked (RFC 9207 §2.4; Canvas names none).
    ///
    /// # Errors
    /// `ERR_OAUTH_STATE_INVALID`; `ERR_RESPONSE_INVALID` for an answer without a code.
    pub fn grant(self, redirect_uri: &str) -> Result<Grant> {
        let (response, state) = (self.0, self.0.state());
        let mixed_up = |message: &str, at: &str| {
            Err(Error::new(Code::AuthorizationStateInvalid, message).at(at).spec("RFC 9700 §4.4"))
        };
        if state.redirect_uri != redirect_uri {
            let message = "the authorization was begun with another redirect URI than this answer came to";
            return mixed_up(message, "options.redirectUri");
        }
        if response.issuer.as_deref().is_some_and(|issuer| !is_same_origin(issuer, &state.base_url)) {
            return mixed_up("the answer is of another server than the authorization was begun with", "iss");
        }
        let missing = || Error::new(Code::ResponseInvalid, "the answer has neither code nor error").at("code");
        Ok(Grant {
            code: response.code.clone().ok_or_else(missing)?,
            redirect_uri: state.redirect_uri.clone(),
            verifier: response.state.verifier.clone().unwrap_or_default(),
        })
    }
}
