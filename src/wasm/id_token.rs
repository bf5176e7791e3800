//! What verifying a launch and a notice have in common: the platform's keys, the report of what was refused, the nonce.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown};
use super::platforms::PlatformKeys;
use super::promise::{call_method, settled};
use super::value::{kind, try_get};
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
    pub(crate) async fn verify(self, keys: &PlatformKeys, call: &Call) -> Result<Verified> {
        let algorithms = [RS256.to_owned()];
        let keys = (&keys.of(self.platform, call).await?, "options.keys");
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

/// What tells whether a nonce is new: a function of the caller's, or a store that can add.
pub(crate) enum NonceClaim {
    Function(Function),
    Store(JsValue),
}

impl NonceClaim {
    pub(crate) fn read(value: &JsValue) -> Result<Option<Self>> {
        if value.is_undefined() {
            return Ok(None);
        }
        if let Some(function) = value.dyn_ref::<Function>() {
            return Ok(Some(Self::Function(function.clone())));
        }
        if !value.is_object() {
            return Err(Thrown::wrong_type(CLAIM, value, "a function, or a store that has add"));
        }
        let at = format!("{CLAIM}.add");
        let add = try_get(value, "add")
            .map_err(|cause| Thrown::caused_by(Error::argument(&at, "reading it failed"), cause))?;
        if !add.is_function() {
            return Err(Thrown::wrong_type(&at, &add, "a function, by which one caller alone adds a name"));
        }
        Ok(Some(Self::Store(value.clone())))
    }

    /// Asks whether the nonce is new; the answer is waited for as long as a request of this call.
    pub(crate) async fn claim(&self, nonce: &Nonce, clock: Clock, call: &Call) -> Result<()> {
        Ok(nonce.check(self.is_first(&nonce.name, (nonce.until, nonce.lifetime(clock.now)), call).await?)?)
    }

    /// Whether this name was not asked about before; it is remembered until this time, for so many seconds.
    pub(crate) async fn is_first(&self, name: &str, (until, lifetime): (i64, i64), call: &Call) -> Result<bool> {
        let name = JsValue::from_str(name);
        #[allow(clippy::cast_precision_loss)]
        let [until, lifetime] = [until, lifetime].map(|seconds| JsValue::from_f64(seconds as f64));
        let ask = || match self {
            Self::Function(function) => function.call2(&JsValue::UNDEFINED, &name, &until),
            Self::Store(store) => call_method(store, "add", &[&name, &"1".into(), &lifetime]),
        };
        let answer = call.wait_for(settled(ask)).await?.map_err(|cause| {
            let message = format!("{CLAIM} failed, so that the nonce may have been used before");
            Thrown::caused_by(Error::new(Code::Store, message).at(CLAIM), cause)
        })?;
        answer.as_bool().ok_or_else(|| {
            let gave = if answer.is_undefined() { "nothing" } else { kind(&answer) };
            let expected = "true for the first caller with this name, false for every other one";
            Thrown::argument(CLAIM, format_args!("gave {gave}, expected {expected}"))
        })
    }
}
