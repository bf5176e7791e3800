//! What verifying a launch and a notice have in common: the platform's keys, the report of what was refused, the nonce.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::error::{Result, Thrown};
use super::fetch::Call;
use super::promise::settled;
use super::{inspect, jose};
use crate::error::{Code, Error};
use crate::inspect::{Kind, Signature};
use crate::jose::Verified;
use crate::lti13::{Clock, Nonce, Platform, RS256};

/// A platform's token.
#[derive(Clone, Copy)]
pub(crate) struct IdToken<'t> {
    pub(crate) text: &'t str,
    /// What it is to be.
    pub(crate) kind: Kind,
    pub(crate) platform: &'t Platform,
    /// That of the login it answers, if it does.
    pub(crate) nonce: Option<&'t str>,
    pub(crate) clock: Clock,
}

impl IdToken<'_> {
    /// Verifies its signature with the keys that are given, else with those of the platform.
    pub(crate) async fn verify(self, keys: &JsValue, call: &Call) -> Result<Verified> {
        let algorithms = [RS256.to_owned()];
        let keys = (keys, "options.keys");
        let verified = jose::verify_of_platform(self.text, keys, Some(&algorithms), &self.platform.jwks_uri, call);
        verified.await.map_err(|thrown| {
            let report = self.report(&thrown.error, &Signature::Wrong(&thrown.error, None));
            Thrown::reported(thrown, report)
        })
    }

    /// The error for what was refused of it after its signature.
    pub(crate) fn refused(self, error: Error) -> Thrown {
        let report = self.report(&error, &Signature::Right(None));
        Thrown::reported(error.into(), report)
    }

    /// The inspector's view of it, where the error is about it.
    fn report(self, error: &Error, signature: &Signature<'_>) -> JsValue {
        let is_about_token = matches!(
            error.code,
            Code::JwsInvalid
                | Code::JwtInvalid
                | Code::AlgNotAllowed
                | Code::NotSupported
                | Code::JwksNoMatchingKey
                | Code::SignatureFailed
                | Code::Expired
                | Code::NotYetValid
                | Code::ClaimFailed
                | Code::MessageInvalid
                | Code::DeploymentUnknown
        );
        let Self { text, kind, platform, nonce, clock } = self;
        let report = is_about_token.then(|| inspect::of_received(text, kind, platform, nonce, signature, clock));
        report.flatten().unwrap_or_default()
    }
}

const CLAIM: &str = "options.claimNonce";

/// The caller's function that tells whether a nonce is new, if there is one.
pub(crate) fn nonce_claim(value: &JsValue) -> Result<Option<Function>> {
    if value.is_undefined() {
        return Ok(None);
    }
    let function = value.dyn_ref::<Function>().ok_or_else(|| Thrown::wrong_type(CLAIM, value, "a function"))?;
    Ok(Some(function.clone()))
}

/// Asks the caller's store whether the nonce is new; it is waited for as long as a request of this call.
pub(crate) async fn claim_nonce(function: Option<&Function>, nonce: &Nonce, call: &Call) -> Result<()> {
    let Some(function) = function else { return Ok(()) };
    #[allow(clippy::cast_precision_loss)]
    let until = JsValue::from_f64(nonce.until as f64);
    let ask = || function.call2(&JsValue::UNDEFINED, &nonce.name.as_str().into(), &until);
    let answer = call.wait_for(settled(ask)).await?.map_err(|cause| {
        let message = format!("{CLAIM} failed, so that the nonce may have been used before");
        Thrown::caused_by(Error::new(Code::Store, message).at(CLAIM), cause)
    })?;
    let is_first = answer.as_bool().ok_or_else(|| Thrown::wrong_type(CLAIM, &answer, "true or false"))?;
    Ok(nonce.check(is_first)?)
}
