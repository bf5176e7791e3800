//! Service tokens: the client credentials grant of LTI Advantage (1EdTech Security Framework 1.0 §4.1). Builds the request,
//! reads the answer, and says what Canvas's words for a refusal mean.

use ::http::Method;

use super::platform::Platform;
use crate::error::{Code, Error, Result};
use crate::http::{self, Authorization, Repeat, Request, Response, answer};
use crate::json::Json;
use crate::lti2::{AccessToken, access_token};

/// A granted service token.
#[derive(Clone, PartialEq)]
pub struct ServiceToken {
    /// The token.
    pub token: AccessToken,
    /// What it may do.
    pub scopes: Vec<String>,
}

/// The scopes of a request: at least one, each as RFC 6749 §3.3 has it.
///
/// # Errors
/// `ERR_ARGUMENT` at `at`.
pub fn check_scopes(scopes: &[String], at: &str) -> Result<()> {
    if scopes.is_empty() {
        return Err(Error::argument(at, "empty, expected at least one scope"));
    }
    let is_scope = |scope: &String| http::is_header_text(scope) && !scope.contains(['"', '\\']);
    if scopes.iter().all(is_scope) {
        return Ok(());
    }
    Err(Error::argument(at, "a scope that is empty or has a space in it, expected one text for each")
        .spec("RFC 6749 §3.3"))
}

/// The request for a token. It may be sent again, as every try has an assertion of its own.
///
/// # Errors
/// `ERR_ARGUMENT` for scopes that are none, and for a token endpoint that no request can carry.
pub fn request(platform: &Platform, assertion: &str, scopes: &[String]) -> Result<Request> {
    check_scopes(scopes, "request.scopes")?;
    let at = "request.platform.tokenEndpoint";
    let mut request = http::request(Method::POST, &platform.token_endpoint, at, "application/json", Repeat::Harmless)?;
    http::form(
        &mut request,
        &[
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
            ("scope", &scopes.join(" ")),
        ],
    );
    Ok(request)
}

/// Reads the answer; `now` in seconds since 1970.
///
/// # Errors
/// `ERR_OAUTH` for an OAuth error, its message with the meaning of Canvas's words; else those of [`access_token::response`].
pub fn response(platform: &Platform, scopes: &[String], response: &Response, now: f64) -> Result<ServiceToken> {
    let token =
        access_token::response(response, now).map_err(|error| explained(error, platform, scopes, response, now))?;
    // One that no header carries, whose text is not repeated.
    if Authorization::bearer(&token.access_token, "access_token").is_err() {
        let message = "the answer's access_token has characters that no header carries";
        return Err(Error::new(Code::ResponseInvalid, message).spec("RFC 6750 §2.1"));
    }
    let granted = match answer::json(response) {
        Some(Json::Object(body)) => {
            body.text("scope").map(|granted| granted.split_whitespace().map(str::to_owned).collect())
        }
        _ => None,
    };
    Ok(ServiceToken { token, scopes: granted.unwrap_or_else(|| scopes.to_vec()) })
}

/// The name under which machines share the token of this client: the grant is per token endpoint, client and scopes, whatever
/// their order, and for no course or deployment.
#[must_use]
pub fn name(platform: &Platform, scopes: &[String]) -> String {
    let mut sorted = scopes.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let (url, client_id) = (http::segment(&platform.token_endpoint), http::segment(&platform.client_id));
    format!("lti-token/{url}/{client_id}/{}", http::segment(&sorted.join(" ")))
}

/// An OAuth error with what it means.
fn explained(mut error: Error, platform: &Platform, scopes: &[String], response: &Response, now: f64) -> Error {
    let Some(meaning) = meaning(&error, platform, scopes, response, now) else { return error };
    if error.oauth_error.as_deref() == Some(INVALID_SCOPE) {
        // Canvas's list is of long words, which are blanked as if they were tokens.
        error.facts().message = format!("the server answered {} {INVALID_SCOPE}: {meaning}", http::status(response));
        return error;
    }
    answer::explained(error, response, &meaning)
}

const INVALID_SCOPE: &str = "invalid_scope";
/// Canvas's words for any fault of the set at a JWK URL, and for one that is known.
const JWK_ERROR: &str = "JWK Error";
const KID_NOT_FOUND: &str = "KidNotFound";

/// What Canvas's words in an OAuth error mean, where that is known; `now` in seconds since 1970.
#[must_use]
pub fn meaning(error: &Error, platform: &Platform, scopes: &[String], response: &Response, now: f64) -> Option<String> {
    if error.code != Code::OAuth {
        return None;
    }
    let said = answer::oauth_description(response).filter(|said| !said.is_empty());
    let code = error.oauth_error.as_deref().unwrap_or_default();
    if code == INVALID_SCOPE {
        return Some(lacking(scopes, said.as_deref().unwrap_or_default()));
    }
    let said = said.as_deref().unwrap_or(code);
    let meant: Vec<_> = MEANINGS
        .iter()
        .filter(|(words, _)| said.contains(words) && (*words != JWK_ERROR || !said.contains(KID_NOT_FOUND)))
        .map(|(_, meaning)| meaning(platform, clock(response, now).as_deref()))
        .collect();
    (!meant.is_empty()).then(|| meant.join("; "))
}

/// Which scopes the key lacks, as far as the server says it.
fn lacking(scopes: &[String], said: &str) -> String {
    let words: Vec<_> = said.split(|c: char| c.is_whitespace() || ",;'\"".contains(c)).collect();
    let named: Vec<_> = scopes.iter().map(String::as_str).filter(|scope| words.contains(scope)).collect();
    let which = if named.is_empty() {
        format!("the developer key lacks one of {}", scopes.join(", "))
    } else {
        format!("the developer key lacks {}", named.join(", "))
    };
    format!(
        "{which}: one that it lacks fails the whole grant; enable it there, or ask only for the scopes that the launch lists"
    )
}

/// By how much the server's clock differs, where it is enough to matter.
fn clock(response: &Response, now: f64) -> Option<String> {
    let ahead = now - http::date(response)?;
    let (seconds, which) = (ahead.abs().round(), if ahead > 0.0 { "ahead of" } else { "behind" });
    (seconds >= 5.0).then(|| format!("this machine's clock is {seconds} s {which} the server's: set it right"))
}

type Meaning = fn(&Platform, Option<&str>) -> String;

/// Canvas's words, and what they mean; the most likely cause first.
static MEANINGS: &[(&str, Meaning)] = &[
    ("JWS signature invalid.", |platform, _| {
        format!(
            "probably, the most likely first: (1) the developer key has the public half of another key, or of one before; \
             (2) it has a JWK URL that Canvas cannot fetch (an address of an inner network, a redirect, an incomplete TLS chain, \
             no JSON), then paste the JWK instead; (3) the set at that URL lacks the kid of the assertion; (4) the published JWK \
             has no alg RS256 or use sig; (5) the developer key has neither JWK nor URL; (6) {} is the client id of another \
             developer key",
            platform.client_id
        )
    }),
    ("JSON::JWS::VerificationFailed", |_, _| {
        "the developer key has the public half of another key, or of one before".to_owned()
    }),
    (KID_NOT_FOUND, |_, _| "the set at the developer key's JWK URL lacks the kid of the assertion".to_owned()),
    ("Unexpected alg header", |_, _| "Canvas takes RS256 alone".to_owned()),
    (JWK_ERROR, |_, _| {
        "Canvas could not read the JWK URL of the developer key: it must answer from the internet, with JSON, without redirect \
         and with a complete TLS chain; or paste the JWK instead"
            .to_owned()
    }),
    ("'aud' is invalid", |platform, _| {
        format!(
            "the audience of the assertion was {}: Canvas compares it with its own URL of this endpoint, byte by byte; look for a \
             slash at the end, a port or scheme that a proxy changed, and the host, which in Instructure's cloud is \
             sso.canvaslms.com (sso.beta., sso.test.) and not the institution's",
            platform.token_endpoint
        )
    }),
    ("JWT has expired", |_, clock| clock.unwrap_or("the assertion came later than its lifetime").to_owned()),
    ("'iat'", |_, clock| {
        clock
            .unwrap_or("Canvas takes assertions of the last five minutes, and up to 30 seconds in the future")
            .to_owned()
    }),
    ("assertions are missing", |_, _| "the assertion lacks these claims, or has them empty".to_owned()),
    ("unknown client", |platform, _| {
        format!(
            "no active developer key has the client id {} at this Canvas: look whether the key is on, and whether it is of this \
             environment (production, beta, test)",
            platform.client_id
        )
    }),
    ("assertion method not supported", |_, _| {
        "this Canvas, or this developer key, takes no client assertion: it must be an LTI key".to_owned()
    }),
];
