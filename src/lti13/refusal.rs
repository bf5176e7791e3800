//! What a platform's refusal of a login means (1EdTech Security Framework 1.0 §5.1.1.5), and what to do about it.

use crate::error::{Code, Error};
use crate::http::blanked;
use crate::json::{Json, Object};

/// The longest error code that is repeated, in characters.
const LONGEST: usize = 64;

/// An error code, why a platform probably gives it, and what to do.
type Row = (&'static str, &'static str, &'static str);

static MEANINGS: [Row; 9] = [
    (
        "login_required",
        "the browser shows the platform no session of the user who opened the tool: its cookies are blocked inside the \
         frame (Safari, private windows, a Canvas without https), the session ended, or another user has logged in since",
        "open the tool in a new window, or log in to the platform again",
    ),
    (
        "unauthorized_client",
        "the developer key is off, or the tool is not installed in the course or account of the launch",
        "turn the key on, install the tool there, and compare the client id with the platform's",
    ),
    (
        "launch_no_longer_valid",
        "the launch is older than five minutes, or was taken already: a reload, the back button, a form sent twice",
        "open the tool in the platform again",
    ),
    (
        "invalid_request_object",
        "the authentication request lacks a parameter, or its scope is not openid",
        "send the browser to the URL of the login unchanged",
    ),
    (
        "invalid_request",
        "the platform does not take the authentication request as it came",
        "send the browser to the URL of the login unchanged",
    ),
    (
        "invalid_scope",
        "the scope of the authentication request is not openid",
        "send the browser to the URL of the login unchanged",
    ),
    ("access_denied", "the user may not open the tool there", "let the platform's administrator look at who may"),
    ("server_error", "the platform failed", "open the tool in the platform again, later"),
    ("temporarily_unavailable", "the platform is overloaded or being maintained", "open the tool again, later"),
];

/// The error for a refusal with this code. What the platform says of it stands in the error's `body`.
pub(super) fn refused(code: &str, description: Option<&str>) -> Error {
    // RFC 6749 §4.1.2.1; anybody can post an error to the redirect URI.
    let is_code = code.len() <= LONGEST && code.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let code = if is_code { code } else { "an error that is no OAuth error code" };
    let message = match MEANINGS.iter().find(|(known, ..)| *known == code) {
        Some((_, cause, remedy)) => format!("the platform refused the login with {code}: {cause}; {remedy}"),
        None => format!("the platform refused the login with {code}; open the tool in the platform again"),
    };
    let description = description.map(|words| ("error_description", Json::String(blanked(words))));
    let body: Object = [("error", Json::from(code))].into_iter().chain(description).collect();
    let mut error = Error::new(Code::LaunchRefused, message).spec("1EdTech Security Framework 1.0 §5.1.1.5");
    error.facts().oauth_error = Some(code.to_owned());
    error.facts().body = Some(body.to_json());
    error
}
