//! The exchange of an assertion for an access token at `/api/lti/{accounts|courses}/:id/authorize` (RFC 7523 §2.1, and
//! the authorization code grant with the registration key as its code). Builds the request, reads the answer.

use ::http::Method;

use crate::error::{Error, Result};
use crate::http::{self, HttpUrl, Repeat, Request, Response, answer};
use crate::jose::{self, Decoded};
use crate::json::{Json, Object};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A granted access token.
#[derive(Clone, PartialEq)]
pub struct AccessToken {
    /// The bearer token.
    pub access_token: String,
    /// As the server wrote it; Canvas writes `bearer` here.
    pub token_type: String,
    /// Lifetime in seconds.
    pub expires_in: f64,
    /// In seconds since 1970, by this machine's clock.
    pub expires_at: f64,
    /// The token's claims with their text, unverified.
    pub claims: Option<(Object, String)>,
}

/// The request that exchanges `assertion` at `url`. With `code` (the registration key) the grant is
/// `authorization_code`, else JWT bearer.
///
/// # Errors
/// `ERR_ARGUMENT` for a `url` that is no absolute http(s) URL, carries credentials or a fragment, or has a host that is not
/// ASCII, and for an empty assertion or code.
pub fn request(url: &str, assertion: &str, code: Option<&str>, repeat: Repeat) -> Result<Request> {
    check_url(url)?;
    if assertion.is_empty() {
        return Err(Error::argument("request.assertion", "empty, expected a signed assertion"));
    }
    if code == Some("") {
        return Err(Error::argument("request.code", "empty, expected the registration key"));
    }
    let mut request = http::request(Method::POST, url, "request.url", "application/json", repeat)?;
    let grant = if code.is_some() { "authorization_code" } else { JWT_BEARER };
    let mut pairs = vec![("grant_type", grant), ("assertion", assertion)];
    pairs.extend(code.map(|code| ("code", code)));
    http::form(&mut request, &pairs);
    Ok(request)
}

/// The URL a request may be sent to.
///
/// # Errors
/// `ERR_ARGUMENT` for anything but an absolute http(s) URL without credentials and fragment, its host in ASCII.
pub fn check_url(url: &str) -> Result<()> {
    let refused = |fault: &str| Err(Error::argument("request.url", fault));
    match HttpUrl::parse(url) {
        None => refused("not an absolute http(s) URL"),
        Some(url) if url.userinfo.is_some() => refused("carries a user name or password"),
        Some(url) if url.fragment.is_some() => refused("carries a fragment (#)"),
        Some(url) if !url.host.is_ascii() => refused("its host is not ASCII, expected it as it is sent (xn--…)"),
        Some(_) => Ok(()),
    }
}

/// Reads the answer; `now` in seconds since 1970.
///
/// # Errors
/// `ERR_OAUTH` for an OAuth error, `ERR_RESPONSE_INVALID` for a success that grants no token, and what
/// [`answer::refusal`] makes of other answers.
pub fn response(response: &Response, now: f64) -> Result<AccessToken> {
    let body = answer::json(response);
    if let Some(error) = body.as_ref().and_then(|body| answer::oauth_error(response, body)) {
        return Err(error);
    }
    if !response.status().is_success() {
        return Err(answer::refusal(response, now));
    }
    let invalid = |what: &str| Err(answer::invalid(response, what));
    let Some(Json::Object(body)) = body else {
        return Err(answer::unexpected(response, "a JSON object with access_token"));
    };
    let Some(access_token) = body.text("access_token").filter(|token| !token.is_empty()) else {
        return invalid("the answer has no access_token");
    };
    let Some(expires_in) = body.get("expires_in").and_then(seconds) else {
        return invalid("the answer has no expires_in in seconds");
    };
    Ok(AccessToken {
        access_token: access_token.to_owned(),
        token_type: body.text("token_type").unwrap_or("bearer").to_owned(),
        expires_in,
        expires_at: now.floor() + expires_in,
        claims: jose::decode(access_token).ok().and_then(|Decoded { claims, .. }| claims),
    })
}

/// Canvas sends `"3600"` here and `3600` elsewhere.
fn seconds(value: &Json) -> Option<f64> {
    let seconds = match value {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => f64::from(text.parse::<u32>().ok()?),
        _ => return None,
    };
    (seconds >= 0.0).then_some(seconds)
}
