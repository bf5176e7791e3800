//! `buildAssertion`, `signAssertion`, `requestAccessToken`.

use core::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::at::At;
use super::call::Call;
use super::error::{Result, Thrown, promise};
use super::js::Promise;
use super::options::Options;
use super::out::Out;
use super::{clock, fetch, random, values};
use crate::error::{Code, Error};
use crate::http::{Repeat, Response};
use crate::inspect;
use crate::jose::Secret;
use crate::json::Number;
use crate::lti::{self, AccessToken, Assertion, AssertionParams};

/// Fills in an assertion's claims. Throws `ERR_ARGUMENT`.
#[wasm_bindgen(js_name = buildAssertion)]
pub fn build_assertion(claims: &JsValue, options: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let assertion = build(claims, options)?;
    let mut out = Out::new();
    // As it was given, a number as a number.
    out.value("sub", super::names::get(claims, "sub"));
    out.text("aud", &assertion.aud);
    out.plain("exp", Number::from(assertion.exp).as_str());
    out.plain("iat", Number::from(assertion.iat).as_str());
    out.text("jti", &assertion.jti);
    Ok(out.end())
}

/// Builds and signs an assertion with HS256. Throws `ERR_ARGUMENT`, `ERR_WEBCRYPTO`.
#[wasm_bindgen(js_name = signAssertion)]
pub fn sign_assertion(claims: &JsValue, secret: &JsValue, options: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let sign = || Ok(build(claims, options)?.sign(&values::secret(secret, &At::argument("secret"))?).into());
    sign().map_err(|thrown: Thrown| thrown.into())
}

/// Exchanges an assertion for an access token. Rejects with `ERR_ARGUMENT`, `ERR_OAUTH` and the errors of HTTP.
#[wasm_bindgen(js_name = requestAccessToken)]
pub fn request_access_token(request: JsValue) -> Promise {
    promise(async move {
        let mut options = Options::required(&request, "request");
        let exchange = Exchange::read(&mut options)?;
        let mut call = Call::new("request");
        call.read(&mut options);
        options.check()?;
        let response = fetch::send(&call, None, &|_| exchange.request()).await?;
        match lti::access_token::response(&response, clock::now()) {
            Ok(token) => Ok(granted(&token)),
            Err(error) => Err(exchange.explained(error, &response)),
        }
    })
}

fn build(claims: &JsValue, options: &JsValue) -> Result<Assertion> {
    let mut claims = Options::required(claims, "claims");
    let (sub, aud) = (claims.must().id("sub"), claims.must().text("aud"));
    let (exp, iat, jti) = (claims.integer("exp"), claims.integer("iat"), claims.text("jti"));
    let mut options = Options::optional(options, "options");
    let (lifetime, now) = (options.integer("lifetime"), options.integer("now"));
    let (sub, aud) = claims.give(sub.zip(aud))?;
    options.check()?;
    let params = AssertionParams { sub, aud, exp, iat, jti, lifetime };
    Ok(Assertion::build(params, now.unwrap_or_else(clock::now_seconds), random::bytes)?)
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
    fn read(request: &mut Options<'_>) -> Result<Self> {
        let (url, code) = (request.must().text("url"), request.text("code"));
        let (assertion, secret) = (request.text("assertion"), request.secret("secret"));
        let url = request.give(url)?;
        let proof = match (assertion, secret) {
            (Some(assertion), None) => Proof::Signed(assertion),
            (None, Some(secret)) => {
                let (lifetime, sub) = (request.integer("lifetime"), request.must().id("sub"));
                let (exp, iat, jti) = (request.integer("exp"), request.integer("iat"), request.text("jti"));
                let params = AssertionParams { sub: request.give(sub)?, aud: url.clone(), exp, iat, jti, lifetime };
                Proof::Unsigned { params, secret }
            }
            (assertion, _) => {
                let fault = match assertion {
                    None => "absent, expected it or secret and sub",
                    Some(_) => "given with secret, expected one of them",
                };
                return Err(Error::argument("request.assertion", &[fault]).into());
            }
        };
        let now = request.integer("now");
        request.check()?;
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
    let at = error.at.as_deref().unwrap_or_default();
    let found = error.message.strip_prefix(at).and_then(|rest| rest.strip_prefix(": "));
    let name = at.strip_prefix("claims.").or_else(|| at.strip_prefix("options."));
    match (name, found) {
        (Some(name), Some(found)) => Error::argument(&["request.", name].concat(), &[found]),
        _ => error,
    }
}

fn granted(token: &AccessToken) -> JsValue {
    let mut out = Out::new();
    out.text("accessToken", &token.access_token);
    out.text("tokenType", &token.token_type);
    out.value("expiresIn", token.expires_in.into());
    out.value("expiresAt", token.expires_at.into());
    out.claims(token.claims.as_ref());
    out.end()
}
