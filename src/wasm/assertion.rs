//! `buildAssertion`, `signAssertion`, `requestAccessToken`.

use core::cell::RefCell;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::{Call, RequestOptions};
use super::error::{Result, Thrown};
use super::external::External;
use super::fetch;
use super::inspect::{Sent, refused};
use super::names::members_of;
use super::read::{self, Bytes, Integer};
use super::value::get;
use super::{prepared, runtime, to_js};
use crate::error::{Code, Error};
use crate::http::{Repeat, Request, Response};
use crate::inspect::Kind;
use crate::jose::{Key, Keys, Secret};
use crate::lti2::{self, AccessToken, Assertion, AssertionParams, Id};

type Js<T> = core::result::Result<T, JsValue>;

/// `AssertionClaims`
#[derive(Deserialize)]
struct AssertionClaims {
    sub: Id,
    aud: String,
    exp: Option<Integer>,
    iat: Option<Integer>,
    jti: Option<String>,
}

/// `AssertionOptions`
#[derive(Default, Deserialize)]
struct AssertionOptions {
    lifetime: Option<Integer>,
    now: Option<Integer>,
}

/// An assertion's claims as JavaScript gets them.
#[derive(Serialize)]
struct ClaimsOut<'a> {
    /// As it was given, a number as a number.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    sub: JsValue,
    aud: &'a str,
    exp: f64,
    iat: f64,
    jti: &'a str,
}

/// Fills in an assertion's claims. Throws `ERR_ARGUMENT`.
#[wasm_bindgen(js_name = buildAssertion)]
#[allow(clippy::cast_precision_loss)]
pub fn build_assertion(claims: &JsValue, options: &JsValue) -> Js<JsValue> {
    let Assertion { aud, exp, iat, jti, .. } = &build(claims, options)?;
    let (exp, iat) = (*exp as f64, *iat as f64);
    Ok(super::to_value(&ClaimsOut { sub: get(claims, "sub"), aud, exp, iat, jti }))
}

/// Builds and signs an assertion with HS256. Throws `ERR_ARGUMENT`, `ERR_WEBCRYPTO`.
#[wasm_bindgen(js_name = signAssertion)]
pub fn sign_assertion(claims: &JsValue, secret: &JsValue, options: &JsValue) -> Js<String> {
    let assertion = build(claims, options)?;
    if let Some(prepared) = prepared::of_object(secret).filter(|prepared| prepared.external.is_none()) {
        return Ok(assertion.sign_with(prepared.secret("secret")?).map_err(Thrown::from)?);
    }
    let (key, external) = secret_key(secret, "secret")?;
    if external.is_some() {
        let message = "secret: a key that lives elsewhere, which answers with a promise; \
                       call signJwt(buildAssertion(claims, options), key)";
        return Err(Thrown::from(Error::new(Code::KeyNeedsAsync, message).at("secret")).into());
    }
    Ok(assertion.sign_with(&key).map_err(Thrown::from)?)
}

fn build(claims: &JsValue, options: &JsValue) -> Result<Assertion> {
    let AssertionClaims { sub, aud, exp, iat, jti } = read::required(claims, "claims")?;
    let AssertionOptions { lifetime, now } = read::optional(options, "options")?;
    let integer = |value: Option<Integer>| value.map(|value| value.0);
    let params = AssertionParams { sub, aud, exp: integer(exp), iat: integer(iat), jti, lifetime: integer(lifetime) };
    let now = now.map_or_else(runtime::now_seconds, |now| now.0);
    Ok(Assertion::build(params, now, runtime::random_bytes)?)
}

/// Exchanges an assertion for an access token. Rejects with `ERR_ARGUMENT`, `ERR_OAUTH` and the errors of HTTP.
#[wasm_bindgen(js_name = requestAccessToken)]
pub async fn request_access_token(request: JsValue) -> Js<JsValue> {
    Ok(exchange(&request).await?)
}

async fn exchange(request: &JsValue) -> Result<JsValue> {
    let (exchange, call) = Exchange::read(request)?;
    let response = fetch::send_made(&call, async || exchange.request(&call).await).await?;
    match lti2::access_token::response(&response, runtime::now()) {
        Ok(token) => Ok(granted(&token, None)),
        Err(error) => Err(exchange.explained(error, &response)),
    }
}

/// What `requestAccessToken` takes besides `RequestOptions`.
#[derive(Deserialize)]
struct ExchangeParams {
    url: String,
    code: Option<String>,
    assertion: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    secret: JsValue,
    now: Option<Integer>,
}

/// What it takes where it is to sign.
#[derive(Deserialize)]
struct SigningParams {
    sub: Id,
    exp: Option<Integer>,
    iat: Option<Integer>,
    jti: Option<String>,
    lifetime: Option<Integer>,
}

/// The secret that assertions are signed with, prepared or not, or a key that lives elsewhere.
fn secret_key(secret: &JsValue, at: &str) -> Result<(Key, Option<External>)> {
    if let Some(prepared) = prepared::of_object(secret) {
        return match (prepared.check(at)?, &prepared.external) {
            (Keys::One(key), Some(external)) => Ok((Key::clone(key), Some(external.named(at)))),
            _ => Ok((prepared.secret(at)?.clone(), None)),
        };
    }
    if let Some((key, external)) = External::read(secret, at)? {
        return Ok((key, Some(external)));
    }
    Ok((Key::secret(Secret::new(read::required::<Bytes>(secret, at)?.into_vec(), at)?, None), None))
}

/// What is to be exchanged.
struct Exchange {
    url: String,
    code: Option<String>,
    proof: Proof,
    /// Seconds since 1970, where it is not the clock that tells.
    now: Option<i64>,
    /// The assertion sent last.
    sent: RefCell<String>,
}

enum Proof {
    /// Signed by the caller; a server may take it once.
    Signed(String),
    /// Signed anew for each try.
    Unsigned { params: AssertionParams, key: Key, external: Option<External> },
}

impl Exchange {
    fn read(request: &JsValue) -> Result<(Self, Call)> {
        let [own, signing, sending] =
            [members_of::<ExchangeParams>(), members_of::<SigningParams>(), members_of::<RequestOptions>()];
        let params = read::among(request, "request", &[signing, sending])?;
        let call = Call::new("request").with(read::among(request, "request", &[own, signing])?)?;
        let ExchangeParams { url, code, assertion, secret, now } = params;
        let proof = match (assertion, !secret.is_undefined()) {
            (Some(assertion), false) => {
                if let Some(name) = signing.iter().find(|name| !get(request, name).is_undefined()) {
                    let fault = "given with assertion, which is signed as it is, expected one of them";
                    return Err(Thrown::argument(&format!("request.{name}"), fault));
                }
                Proof::Signed(assertion)
            }
            (None, true) => {
                let (key, external) = secret_key(&secret, "request.secret")?;
                let SigningParams { sub, exp, iat, jti, lifetime } = read::among(request, "request", &[own, sending])?;
                let integer = |value: Option<Integer>| value.map(|value| value.0);
                let (exp, iat, lifetime) = (integer(exp), integer(iat), integer(lifetime));
                let params = AssertionParams { sub, aud: url.clone(), exp, iat, jti, lifetime };
                Proof::Unsigned { params, key, external }
            }
            (None, false) => {
                return Err(Thrown::argument("request.assertion", "absent, expected it or secret and sub"));
            }
            (Some(_), true) => {
                return Err(Thrown::argument("request.assertion", "given with secret, expected one of them"));
            }
        };
        lti2::access_token::check_url(&url)?;
        Ok((Self { url, code, proof, now: now.map(|now| now.0), sent: RefCell::default() }, call))
    }

    async fn request(&self, call: &Call) -> Result<Request> {
        let (assertion, repeat) = match &self.proof {
            Proof::Signed(assertion) => (assertion.clone(), Repeat::OnlyIfUnsent),
            Proof::Unsigned { params, key, external } => {
                let now = self.now.unwrap_or_else(runtime::now_seconds);
                let assertion = Assertion::build_in_request(params.clone(), now, runtime::random_bytes)?;
                let assertion = match external {
                    None => assertion.sign_with(key)?,
                    Some(external) => {
                        let input = assertion.to_sign(key)?;
                        let signature = external.sign(input.algorithm(), input.as_bytes(), call).await?;
                        input.seal(&signature)
                    }
                };
                // A given jti makes the second assertion a replay of the first (Canvas: LTI 2 authorize).
                (assertion, if params.jti.is_some() { Repeat::OnlyIfUnsent } else { Repeat::Harmless })
            }
        };
        let request = lti2::access_token::request(&self.url, &assertion, self.code.as_deref(), repeat)?;
        self.sent.replace(assertion);
        Ok(request)
    }

    /// An OAuth error with its reason, and the inspector's view of the assertion that was sent.
    fn explained(&self, error: Error, response: &Response) -> Thrown {
        #[allow(clippy::cast_precision_loss)]
        let sent = Sent {
            assertion: &self.sent.borrow(),
            kind: Kind::Lti2Assertion,
            key: match &self.proof {
                Proof::Unsigned { key, external: None, .. } => Some(key),
                _ => None,
            },
            endpoint: &self.url,
            now: self.now.map_or_else(runtime::now, |now| now as f64),
            // Canvas takes a blank code for none.
            has_code: self.code.as_deref().is_some_and(|code| !code.trim().is_empty()),
        };
        refused(error, &sent, response, false)
    }
}

/// A granted token as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccessTokenOut<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: f64,
    expires_at: f64,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claims: JsValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<&'a [String]>,
}

/// A granted token, and of a service token what it may do.
pub(super) fn granted(token: &AccessToken, scopes: Option<&[String]>) -> JsValue {
    super::to_value(&AccessTokenOut {
        access_token: &token.access_token,
        token_type: &token.token_type,
        expires_in: token.expires_in,
        expires_at: token.expires_at,
        claims: to_js::claims(token.claims.as_ref()),
        scopes,
    })
}
