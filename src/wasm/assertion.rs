//! `buildAssertion`, `signAssertion`, `requestAccessToken`.

use core::cell::RefCell;

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown, promise};
use super::fetch;
use super::{clock, random, values};
use crate::error::{Code, Error};
use crate::http::{Repeat, Response};
use crate::inspect;
use crate::jose::Secret;
use crate::lti::{self, AccessToken, Assertion, AssertionParams};

/// Fills in an assertion's claims. Throws `ERR_ARGUMENT`.
#[wasm_bindgen(js_name = buildAssertion)]
pub fn build_assertion(claims: &JsValue, options: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let assertion = build(claims, options)?;
    let out = Object::new();
    values::set(&out, "sub", &values::get(claims, "sub", "claims.sub")?);
    values::set(&out, "aud", &assertion.aud.as_str().into());
    values::set(&out, "exp", &number(assertion.exp));
    values::set(&out, "iat", &number(assertion.iat));
    values::set(&out, "jti", &assertion.jti.as_str().into());
    Ok(out.into())
}

/// Builds and signs an assertion with HS256. Throws `ERR_ARGUMENT`, `ERR_WEBCRYPTO`.
#[wasm_bindgen(js_name = signAssertion)]
pub fn sign_assertion(claims: &JsValue, secret: &JsValue, options: &JsValue) -> core::result::Result<String, JsValue> {
    let assertion = build(claims, options)?;
    Ok(assertion.sign(&values::secret(secret, "secret")?))
}

/// Exchanges an assertion for an access token. Rejects with `ERR_ARGUMENT`, `ERR_OAUTH` and the errors of HTTP.
#[wasm_bindgen(js_name = requestAccessToken)]
pub fn request_access_token(request: JsValue) -> Promise {
    promise(async move {
        let exchange = Exchange::read(&request)?;
        let call = Call::read(&request, "request")?;
        let response = fetch::send(&call, async || exchange.request()).await?;
        match lti::access_token::response(&response, clock::now()) {
            Ok(token) => Ok(granted(&token)),
            Err(error) => Err(exchange.explained(error, &response)),
        }
    })
}

fn build(claims: &JsValue, options: &JsValue) -> Result<Assertion> {
    let params = params(values::object(claims, "claims")?, "claims", options, "options", values::text)?;
    let now = now(options, "options")?;
    Ok(Assertion::build(params, now, random::bytes)?)
}

/// The clock, unless `now` is given.
fn now(options: &JsValue, prefix: &str) -> Result<i64> {
    if options.is_undefined() {
        return Ok(clock::now_seconds());
    }
    Ok(values::optional(options, "now", prefix, values::integer)?.unwrap_or_else(clock::now_seconds))
}

fn params(
    claims: &JsValue,
    prefix: &str,
    options: &JsValue,
    options_prefix: &str,
    aud: impl FnOnce(&JsValue, &str) -> Result<String>,
) -> Result<AssertionParams> {
    let lifetime = if options.is_undefined() {
        None
    } else {
        values::optional(values::object(options, options_prefix)?, "lifetime", options_prefix, values::integer)?
    };
    Ok(AssertionParams {
        sub: values::required(claims, "sub", prefix, values::id)?,
        aud: values::required(claims, "aud", prefix, aud)?,
        exp: values::optional(claims, "exp", prefix, values::integer)?,
        iat: values::optional(claims, "iat", prefix, values::integer)?,
        jti: values::optional(claims, "jti", prefix, values::text)?,
        lifetime,
    })
}

/// What `requestAccessToken` was given.
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
    Unsigned { params: AssertionParams, secret: Secret },
}

impl Exchange {
    fn read(request: &JsValue) -> Result<Self> {
        let request = values::object(request, "request")?;
        let url = values::required(request, "url", "request", values::text)?;
        let code = values::optional(request, "code", "request", values::text)?;
        let assertion = values::optional(request, "assertion", "request", values::text)?;
        let secret = values::optional(request, "secret", "request", values::secret)?;
        let proof = match (assertion, secret) {
            (Some(assertion), None) => Proof::Signed(assertion),
            (None, Some(secret)) => {
                let params = params(request, "request", request, "request", |_, _| Ok(url.clone()))?;
                Proof::Unsigned { params, secret }
            }
            (None, None) => {
                return Err(Error::argument("request.assertion", &["absent, expected it or secret and sub"]).into());
            }
            (Some(_), Some(_)) => {
                return Err(Error::argument("request.assertion", &["given with secret, expected one of them"]).into());
            }
        };
        let now = values::optional(request, "now", "request", values::integer)?;
        lti::access_token::check_url(&url)?;
        Ok(Self { url, code, proof, now, sent: RefCell::default() })
    }

    fn request(&self) -> Result<crate::http::Request> {
        let code = self.code.as_deref();
        match &self.proof {
            Proof::Signed(assertion) => {
                self.sent.replace(assertion.clone());
                Ok(lti::access_token::request(&self.url, assertion, code, Repeat::OnlyIfUnsent)?)
            }
            Proof::Unsigned { params, secret } => {
                let now = self.now.unwrap_or_else(clock::now_seconds);
                let assertion = Assertion::build(params.clone(), now, random::bytes).map_err(of_request)?.sign(secret);
                // A given jti makes the second assertion a replay of the first (Canvas: LTI 2 authorize).
                let repeat = if params.jti.is_some() { Repeat::OnlyIfUnsent } else { Repeat::Harmless };
                let request = lti::access_token::request(&self.url, &assertion, code, repeat)?;
                self.sent.replace(assertion);
                Ok(request)
            }
        }
    }

    /// An OAuth error with the inspector's view of the assertion that was sent.
    fn explained(&self, error: Error, response: &Response) -> Thrown {
        let mut thrown = Thrown::from(error);
        if thrown.error.code == Code::OAuth {
            let secret = match &self.proof {
                Proof::Unsigned { secret, .. } => Some(secret),
                Proof::Signed(_) => None,
            };
            let exchange = inspect::Exchange {
                // Canvas takes a blank code for none.
                has_code: self.code.as_deref().is_some_and(|code| !code.trim().is_empty()),
                server_date: response.date(),
                is_invalid_grant: thrown.error.oauth_error.as_deref() == Some("invalid_grant"),
            };
            #[allow(clippy::cast_precision_loss)]
            let now = self.now.map_or_else(clock::now, |now| now as f64);
            thrown.report = super::inspect::of_refused(&self.sent.borrow(), secret, &self.url, now, exchange);
        }
        thrown
    }
}

/// Names a member as it is named here: `request.exp`, where an assertion's own reader says `claims.exp`.
fn of_request(error: Error) -> Error {
    let name = error.at.as_deref().and_then(|at| at.split_once('.'));
    match (name, error.message.split_once(": ")) {
        (Some((_, name)), Some((_, found))) => Error::argument(&["request.", name].concat(), &[found]),
        _ => error,
    }
}

fn granted(token: &AccessToken) -> JsValue {
    let out = Object::new();
    values::set(&out, "accessToken", &token.access_token.as_str().into());
    values::set(&out, "tokenType", &token.token_type.as_str().into());
    values::set(&out, "expiresIn", &token.expires_in.into());
    values::set(&out, "expiresAt", &token.expires_at.into());
    let claims = token.claims.as_ref().map(|(claims, text)| values::json_object(claims, text));
    values::set(&out, "claims", &claims.unwrap_or(JsValue::NULL));
    out.into()
}

/// A time that came in as a safe integer.
#[allow(clippy::cast_precision_loss)]
fn number(value: i64) -> JsValue {
    JsValue::from_f64(value as f64)
}
