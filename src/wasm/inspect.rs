//! `inspect`: opens what the keys open, verifies what the platform can verify, and hands over the report.

use js_sys::JsString;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown};
use super::keys::JsKeys;
use super::read::{Seconds, Texts};
use super::{decode, jose, json, jwe, remote_jwks, runtime, value};
use crate::error::{Code, Error};
use crate::http::{self, Response, answer};
use crate::inspect::{self, Check, Exchange, FoundToken, Kind, Part, Report, Signature};
use crate::jose::{Key, Keys, Verification};
use crate::json::Object;
use crate::lti13::{Clock, Platform, claims as names, jwks};

/// `InspectOptions`
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InspectOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    key: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    decryption_key: JsValue,
    decryption_algorithms: Option<Texts>,
    #[serde(rename = "as")]
    kind: Option<String>,
    endpoint: Option<String>,
    platform: Option<Platform>,
    nonce: Option<String>,
    now: Option<Seconds>,
    clock_tolerance: Option<Seconds>,
    spans: Option<bool>,
}

/// Says what a token is, whether it is good, and if not, why. Never rejects for a bad token.
#[wasm_bindgen(js_name = inspect)]
pub async fn inspect_token(token: JsValue, options: JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(inspected(&token, &options).await?)
}

async fn inspected(token: &JsValue, options: &JsValue) -> Result<JsValue> {
    let token = readable(token)?;
    let (options, call) = Call::waiting_if_given::<InspectOptions>(options, "options")?;
    let settings = settings(&options)?;
    let remote = remote_jwks::of_object(&options.key, "options.key")?;
    let mut key = if remote.is_some() { None } else { key_of(&options.key, "options.key").await? };
    let decryption_key = key_of(&options.decryption_key, "options.decryptionKey").await?;
    let mut opened = inspect::open(&token);
    while let (Some(encrypted), Some(key)) = (opened.encrypted(), &decryption_key) {
        let algorithms = options.decryption_algorithms.as_ref().map(|texts| texts.0.as_slice());
        let plaintext = reportable(jwe::decrypt(encrypted, key, algorithms, None, &call).await)?;
        opened.decrypted(plaintext.as_ref().map(|(_, plaintext)| plaintext.as_slice()));
    }
    let mut failed = None;
    if let (Some(signed), Some(remote)) = (opened.signed(), &remote) {
        match reportable(remote.keys_for(signed, None, &call).await)? {
            Ok(keys) => key = Some(JsKeys::of_prepared(keys, "options.key", None)?),
            Err(error) => failed = Some(error),
        }
    }
    let verified = match (opened.signed(), &key) {
        (Some(signed), Some(key)) => Some(reportable(jose::verify(signed, key, None, &call).await)?),
        _ => failed.map(Err),
    };
    let secret = key.as_ref().and_then(secret_of);
    let signature = match &verified {
        None => Signature::NoKey,
        Some(Ok(_)) => Signature::Right(secret),
        Some(Err(error)) if is_unknown(error) => Signature::Unknown(error),
        Some(Err(error)) => Signature::Wrong(error, secret),
    };
    let mut report = inspect::report(&opened, &signature, &settings);
    let has_spans = options.spans == Some(true);
    if has_spans {
        report.locate(&opened);
    }
    let token = decode::token_out(&opened.layers, opened.header.as_ref(), opened.claims.as_ref(), true);
    Ok(report_out(&report, &token, has_spans))
}

/// What goes into the report; not that the caller's signal ended the call.
fn reportable<T>(result: Result<T>) -> Result<core::result::Result<T, Error>> {
    match result {
        Err(thrown) if thrown.error.code == Code::Aborted => Err(thrown),
        result => Ok(result.map_err(Thrown::into_error)),
    }
}

/// Whether the signature could not be verified: the platform cannot, or there is no key, as the server gives none.
fn is_unknown(error: &Error) -> bool {
    let of_http = [
        Code::HttpStatus,
        Code::Unauthenticated,
        Code::Forbidden,
        Code::Throttled,
        Code::ResponseInvalid,
        Code::Fetch,
        Code::Timeout,
        Code::Aborted,
    ];
    [Code::WebCrypto, Code::KeyOperation].contains(&error.code) || of_http.contains(&error.code)
}

async fn key_of(key: &JsValue, name: &str) -> Result<Option<JsKeys>> {
    if key.is_undefined() {
        return Ok(None);
    }
    if value::get(key, "kty").is_string() {
        jwks::refuse_example(&json::to_object(key, name)?)?;
    }
    JsKeys::read_whole(key, name, None).await.map(Some)
}

/// Any string: of one that is too long no more is read than shows it, and what is no character is replaced by one that no
/// token has.
#[allow(clippy::cast_possible_truncation)]
fn readable(token: &JsValue) -> Result<String> {
    const ENOUGH: u32 = inspect::MAX_PASTE as u32 + 1;
    match token.dyn_ref::<JsString>() {
        Some(text) => Ok(text.slice(0, ENOUGH).into()),
        None => Err(Thrown::wrong_type("token", token, "a string")),
    }
}

/// An assertion that was sent.
pub(crate) struct Sent<'a> {
    pub(crate) assertion: &'a str,
    pub(crate) kind: Kind,
    /// Its shared secret, where that is known.
    pub(crate) key: Option<&'a Key>,
    pub(crate) endpoint: &'a str,
    /// When, in seconds since 1970.
    pub(crate) now: f64,
    /// Whether the request carried the registration key.
    pub(crate) has_code: bool,
}

/// An OAuth error with the report on the assertion that was sent, whose first fault is the reason where no other is known.
pub(crate) fn refused(error: Error, sent: &Sent<'_>, response: &Response, is_explained: bool) -> Thrown {
    if error.code != Code::OAuth {
        return error.into();
    }
    let exchange = Exchange {
        has_code: sent.has_code,
        server_date: http::date(response),
        // Canvas gives it to everything in LTI 2.
        is_invalid_grant: sent.kind == Kind::Lti2Assertion && error.oauth_error.as_deref() == Some("invalid_grant"),
    };
    let (report, reason) = of_refused(sent, exchange);
    let error = match reason.filter(|_| !is_explained) {
        Some(reason) => answer::explained(error, response, &reason),
        None => error,
    };
    Thrown::from(error).reported(report)
}

/// The report on an assertion that was refused, and the reason that it gives.
fn of_refused(sent: &Sent<'_>, exchange: Exchange) -> (JsValue, Option<String>) {
    let &Sent { assertion, kind, key, endpoint, now, .. } = sent;
    let opened = inspect::open_as_sent(assertion);
    let options = inspect::Options {
        kind: Some(kind),
        endpoint: Some(endpoint.to_owned()),
        now,
        tolerance: 0.0,
        exchange: Some(exchange),
        ..inspect::Options::default()
    };
    let bytes = key.and_then(Key::bytes);
    let verified = key.zip(opened.signed()).map(|(key, signed)| {
        let keys = Keys::from(key.clone());
        let verification = Verification::new(signed, &keys, None)?;
        let is_right = verification.mac_is_right().unwrap_or_default();
        verification.conclude(is_right)
    });
    let signature = match &verified {
        None => Signature::NoKey,
        Some(Ok(_)) => Signature::Right(bytes),
        Some(Err(error)) => Signature::Wrong(error, bytes),
    };
    let report = inspect::report(&opened, &signature, &options);
    // An error is logged, and must not repeat the assertion.
    let token = decode::token_out(&opened.layers, opened.header.as_ref(), opened.claims.as_ref(), false);
    (report_out(&report, &token, false), report.reason())
}

/// The report on a platform's token that was refused here, where the inspector sees why. Of its claims it shows those that are no person's.
pub(crate) fn of_received(
    token: &str,
    kind: Kind,
    platform: &Platform,
    nonce: Option<&str>,
    signature: &Signature<'_>,
    clock: Clock,
) -> Option<JsValue> {
    const SHOWN: [&str; 10] = [
        "iss",
        "aud",
        "azp",
        "exp",
        "iat",
        "nbf",
        names::MESSAGE_TYPE,
        names::VERSION,
        names::DEPLOYMENT_ID,
        names::PLACEMENT,
    ];
    let opened = inspect::open_as_sent(token);
    let options = inspect::Options {
        kind: Some(kind),
        platform: Some(platform.clone()),
        nonce: nonce.map(str::to_owned),
        now: clock.now,
        tolerance: clock.tolerance,
        ..inspect::Options::default()
    };
    let report = inspect::report(&opened, signature, &options);
    // A report that finds no fault would tell nothing of why it was refused.
    if report.outcome != "invalid" {
        return None;
    }
    let claims = opened.claims.as_ref().map(|(claims, _)| {
        let shown = claims.iter().filter(|(name, _)| SHOWN.contains(name));
        let shown: Object = shown.map(|(name, value)| (name, value.clone())).collect();
        let text = shown.to_json();
        (shown, text)
    });
    let token = decode::token_out(&opened.layers, opened.header.as_ref(), claims.as_ref(), false);
    Some(report_out(&report, &token, false))
}

fn settings(options: &InspectOptions) -> Result<inspect::Options> {
    let kind = options.kind.as_deref().map(|name| {
        let unknown = || Thrown::argument("options.as", "no kind of token, expected one such as lti2-assertion");
        Kind::named(name).ok_or_else(unknown)
    });
    Ok(inspect::Options {
        kind: kind.transpose()?,
        endpoint: options.endpoint.as_deref().map(|endpoint| endpoint.trim().to_owned()),
        platform: options.platform.clone(),
        nonce: options.nonce.clone(),
        now: options.now.map_or_else(runtime::now, |seconds| seconds.0),
        tolerance: options.clock_tolerance.map_or(0.0, |seconds| seconds.0),
        exchange: None,
    })
}

fn secret_of(keys: &JsKeys) -> Option<&[u8]> {
    match keys.keys() {
        Keys::One(key) => key.bytes(),
        Keys::Set(_) => None,
    }
}

/// A report as JavaScript gets it, before what `decode` gives too.
#[derive(Serialize)]
struct ReportOut<'a> {
    kind: Kind,
    outcome: &'a str,
    summary: &'a str,
    checks: &'a [Check],
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<&'a FoundToken>,
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<&'a [FoundToken]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parts: Option<&'a [Part]>,
}

fn report_out(report: &Report, token: &JsValue, has_spans: bool) -> JsValue {
    let out = super::to_value(&ReportOut {
        kind: report.kind,
        outcome: report.outcome,
        summary: &report.summary,
        checks: &report.checks,
        found: report.found.as_ref(),
        others: report.found.as_ref().map(|_| report.others.as_slice()),
        parts: has_spans.then_some(&report.parts),
    });
    for name in ["layers", "header", "claims"] {
        value::set(&out, name, &value::get(token, name));
    }
    out
}
