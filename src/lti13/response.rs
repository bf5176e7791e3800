//! What the platform posts to the redirect URI (1EdTech Security Framework 1.0 §5.1.1.3), verified step by step: each step
//! gives the next. No key is needed for a state that is not ours, and none of another platform than the state's.

use core::fmt;

use super::id_token::{self, Clock, Nonce};
use super::launch::{self, Launch};
use super::login::StorageEntry;
use super::message::Form;
use super::parameters::Parameters;
use super::platform::Platform;
use super::refusal::REFUSALS;
use super::state::{Evidence, OurState, State, StateKeys};
use crate::error::{Code, Error, Result};
use crate::jose::{Keys, Verification, Verified};

/// A platform's answer to a login, its state verified: it is ours, and has not expired. The browser is not known yet.
pub struct LaunchResponse {
    state: OurState,
    id_token: Option<String>,
    storage_target: Option<String>,
}

impl LaunchResponse {
    /// Reads what the platform posts, or sends as a query, and verifies its state; `now` in seconds since 1970.
    ///
    /// An error that the platform answers is told whether or not its state has expired, and whatever browser brings it, so that
    /// its cause is seen; where it has a state, that must be ours.
    ///
    /// # Errors
    /// `ERR_LTI_STATE_INVALID` for a state that is absent, not ours or expired, and for a parameter that stands twice or
    /// is too long;
    /// `ERR_LTI_LAUNCH_REFUSED` for an error of the platform, with its code in `oauth_error`.
    pub fn parse(form: &Parameters, keys: &StateKeys, now: f64) -> Result<Self> {
        let get = |name: &str| form.get(name, Code::StateInvalid);
        let (state, error, id_token) = (get("state")?, get("error")?, form.token("id_token", Code::StateInvalid)?);
        let (description, storage_target) = (get("error_description")?, get("lti_storage_target")?);
        let state = state.map(|state| OurState::verify(state, keys)).transpose()?;
        if let Some(error) = error {
            return Err(REFUSALS.error(error, description));
        }
        let missing =
            || Error::new(Code::StateInvalid, "the launch has no state, expected that of a login").at("state");
        let state = state.ok_or_else(missing)?;
        state.check_time(now)?;
        Ok(Self { state, id_token: id_token.map(str::to_owned), storage_target: storage_target.map(str::to_owned) })
    }

    /// What the state holds.
    #[must_use]
    pub fn state(&self) -> &State {
        self.state.state()
    }

    /// Whether the platform offers its storage.
    #[must_use]
    pub fn offers_storage(&self) -> bool {
        self.storage_target.is_some()
    }

    /// The entry of the platform's storage that holds the binding, where the platform offers its storage: what a page reads
    /// when the browser sends no cookie.
    #[must_use]
    pub fn storage(&self, platform: &Platform) -> Option<StorageEntry> {
        StorageEntry::of(self.state(), platform, self.storage_target.as_deref()?, None)
    }

    /// Whether this browser began the login.
    ///
    /// # Errors
    /// `ERR_LTI_STATE_NOT_BOUND`, which says what was tried.
    pub fn bind(&self, evidence: &Evidence<'_>) -> Result<BoundResponse<'_>> {
        self.state.check_binding(evidence)?;
        Ok(BoundResponse(self))
    }
}

/// Shows neither token nor binding.
impl fmt::Debug for LaunchResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LaunchResponse").field("id", &self.state().id).finish_non_exhaustive()
    }
}

/// A platform's answer to a login that this browser began.
#[derive(Clone, Copy, Debug)]
pub struct BoundResponse<'r>(&'r LaunchResponse);

impl<'r> BoundResponse<'r> {
    /// The id token, of which nothing is verified yet.
    ///
    /// # Errors
    /// `ERR_LTI_MESSAGE_INVALID` where there is none.
    pub fn id_token(self) -> Result<&'r str> {
        let missing = || Error::new(Code::MessageInvalid, "the launch has no id_token").at("id_token");
        self.0.id_token.as_deref().ok_or_else(missing)
    }

    /// What is to be verified of the id token with the keys of the state's platform.
    ///
    /// # Errors
    /// `ERR_LTI_MESSAGE_INVALID` where there is none; `ERR_JWS_INVALID`, `ERR_JOSE_ALG_NOT_ALLOWED`,
    /// `ERR_JOSE_NOT_SUPPORTED`, `ERR_JWKS_NO_MATCHING_KEY`, `ERR_JWK_INVALID`.
    pub fn verification(self, keys: &Keys) -> Result<Verification<'_>> {
        Verification::new(self.id_token()?, keys, Some(&[id_token::RS256.to_owned()]))
    }

    /// The launch, where its token, verified with a key of the state's platform, is one of this login. Last of all its nonce
    /// must be claimed: see [`Launch::nonce`].
    ///
    /// # Errors
    /// `ERR_JWT_INVALID`, `ERR_JWT_EXPIRED`, `ERR_JWT_CLAIM_VALIDATION_FAILED`, `ERR_LTI_MESSAGE_INVALID`,
    /// `ERR_LTI_DEPLOYMENT_UNKNOWN`; `ERR_LTI_PLATFORM_UNKNOWN` for another platform than the state's.
    pub fn launch(self, verified: &Verified, platform: &Platform, clock: Clock) -> Result<Launch> {
        let state = self.0.state();
        platform.check_registration(&state.issuer, Some(&state.client_id))?;
        let jwt = id_token::verify(verified, Form::Launch, platform, Some(&state.nonce), clock)?;
        #[allow(clippy::cast_precision_loss)]
        let until = state.exp as f64 + clock.tolerance;
        let nonce = Nonce::new(platform, &state.nonce, until);
        Ok(launch::of(jwt, platform, nonce, state.cookie("", 0)))
    }
}
