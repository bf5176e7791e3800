//! Dynamic registration (LTI Dynamic Registration 1.0) with Canvas: reads the platform's configuration, checks the tool's before
//! anything is sent, registers it.

mod names;
mod tool;

use ::http::Method;

use super::platform::{Deployments, Environment, Platform};
use crate::error::{Code, Error, Result};
use crate::http::{self, Authorization, HttpUrl, Repeat, Request, Response, answer, authorized};
use crate::json::{Json, Object};

pub use names::TOOL_CONFIGURATION;
pub use tool::tool;

const JSON: &str = "application/json";

/// How much is read of a configuration and of a registration, in bytes: anybody can name the server that answers.
pub const MAX_BYTES: u32 = 256 * 1024;

/// What a platform says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformConfiguration {
    /// The `iss` of its messages. Of Canvas it is not the host of the configuration.
    pub issuer: String,
    /// Where a login is answered to.
    pub authorization_endpoint: String,
    /// Where service tokens are asked for.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
    /// Where a tool is registered.
    pub registration_endpoint: String,
}

/// The request for a platform's configuration, by the URL that the platform gave, its query as it is. The registration token goes
/// with it, as newer Canvas wants it.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that is no `https` URL, for one of this machine unless `is_local`, where `http` will do, and for a
/// token that no header can carry.
pub fn configuration_request(url: &str, is_local: bool, token: Option<&str>) -> Result<Request> {
    const AT: &str = "request.openidConfiguration";
    let Some(parts) = HttpUrl::parse(url).filter(|parts| parts.is_private()) else {
        return Err(Error::argument(AT, "not an absolute https URL"));
    };
    // Whoever opens the tool's page says what is asked for.
    if parts.is_of_this_machine() && !is_local {
        return Err(Error::argument(AT, "of this machine, expected the option local for that"));
    }
    with_token(http::request(Method::GET, url, AT, JSON, Repeat::Harmless)?, token)
}

fn with_token(request: Request, token: Option<&str>) -> Result<Request> {
    let Some(token) = token else { return Ok(request) };
    Ok(authorized(request, &Authorization::bearer(token, "request.registrationToken")?))
}

/// Reads the platform's configuration at the URL that was asked. Anybody can name a configuration, and a tool's key opens what
/// its token endpoint guards: so issuer, authorization, token and key URLs are those of Instructure's cloud, or all of them of
/// the origin that was asked (LTI Dynamic Registration 1.0 §3.4). A tool is registered on the institution's host, which neither
/// need be. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for one that lacks a URL, has one that is no `https` URL, one of another origin, or one of this machine
/// without being there; the errors of [`answer::refusal`].
pub fn configuration(response: &Response, asked: &str, now: f64) -> Result<PlatformConfiguration> {
    let body = answer::object(response, now)?;
    let invalid =
        |name: &str, fault: &str| answer::invalid(response, &format!("the platform's configuration: {name} {fault}"));
    let asked = HttpUrl::parse(asked);
    let is_local = asked.is_some_and(HttpUrl::is_of_this_machine);
    let read = |name: &str| {
        let url = body.text(name).ok_or_else(|| invalid(name, "is absent, or no text"))?;
        match HttpUrl::parse(url).filter(|parts| parts.is_private()) {
            Some(parts) if is_local || !parts.is_of_this_machine() => Ok(url.to_owned()),
            Some(_) => Err(invalid(name, "is of this machine, which the configuration is not")),
            None => Err(invalid(name, "is no absolute https URL")),
        }
    };
    let found = PlatformConfiguration {
        issuer: read("issuer")?,
        authorization_endpoint: read("authorization_endpoint")?,
        token_endpoint: read("token_endpoint")?,
        jwks_uri: read("jwks_uri")?,
        registration_endpoint: read("registration_endpoint")?,
    };
    match found.foreign(asked).filter(|_| !found.is_of_cloud()) {
        Some(name) => Err(invalid(name, "is neither of the configuration's own origin nor of Canvas's cloud")),
        None => Ok(found),
    }
}

impl PlatformConfiguration {
    /// Whether the issuer is one of Instructure's cloud, and the endpoints are its.
    fn is_of_cloud(&self) -> bool {
        Environment::ALL.map(Platform::in_cloud).iter().any(|known| {
            let has = |url: &str, of: fn(&Platform) -> &str| known.iter().any(|known| of(known) == url);
            has(&self.issuer, |known| &known.issuer)
                && has(&self.authorization_endpoint, |known| &known.authorization_endpoint)
                && has(&self.token_endpoint, |known| &known.token_endpoint)
                && has(&self.jwks_uri, |known| &known.jwks_uri)
        })
    }

    /// The first member that is of another origin than the configuration. On this machine, Canvas in development has the issuer
    /// of the cloud.
    fn foreign(&self, asked: Option<HttpUrl<'_>>) -> Option<&'static str> {
        let origin = asked.map(HttpUrl::origin);
        let is_own = |url: &str| HttpUrl::parse(url).map(HttpUrl::origin) == origin;
        let is_any_issuer = asked.is_some_and(HttpUrl::is_of_this_machine);
        let members = [
            ("issuer", &self.issuer),
            ("authorization_endpoint", &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("jwks_uri", &self.jwks_uri),
        ];
        let mut members = members.iter().skip(usize::from(is_any_issuer));
        members.find(|(_, url)| !is_own(url)).map(|(name, _)| *name)
    }
}

/// The request that registers a tool, of what [`tool`] gave.
///
/// # Errors
/// `ERR_ARGUMENT` for a token that no header can carry.
pub fn request(platform: &PlatformConfiguration, token: Option<&str>, tool: &Object) -> Result<Request> {
    let url = &platform.registration_endpoint;
    let mut request = http::request(Method::POST, url, "request.openidConfiguration", JSON, Repeat::OnlyIfUnsent)?;
    http::set_body(&mut request, JSON, tool.to_json());
    with_token(request, token)
}

/// Reads the answer: the platform as it is kept, and what it registered. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_HTTP_STATUS` that lists every fault, where the platform names some; `ERR_RESPONSE_INVALID` for an answer without
/// `client_id`; the errors of [`answer::refusal`].
pub fn response(response: &Response, now: f64, platform: PlatformConfiguration) -> Result<(Platform, Object)> {
    if !response.status().is_success() {
        return Err(refusal(response, now));
    }
    let registration = answer::object(response, now)?;
    let client_id = match registration.get("client_id") {
        Some(Json::String(id)) if !id.trim().is_empty() => id.clone(),
        Some(Json::Number(id)) if id.is_integer() => id.as_str().to_owned(),
        _ => return Err(answer::invalid(response, "the answer has no client_id")),
    };
    let platform = Platform {
        issuer: platform.issuer,
        client_id,
        authorization_endpoint: platform.authorization_endpoint,
        token_endpoint: platform.token_endpoint,
        jwks_uri: platform.jwks_uri,
        deployments: Deployments::Any,
    };
    Ok((platform, registration))
}

/// Canvas lists faults in a form of its own: `{"errors":[…]}`.
fn refusal(response: &Response, now: f64) -> Error {
    let mut error = answer::refusal(response, now);
    let faults = answer::all_messages(response);
    if error.code == Code::HttpStatus && faults.len() > 1 {
        error.facts().message = format!("the server answered {}: {}", http::status(response), faults.join("; "));
    }
    error
}
