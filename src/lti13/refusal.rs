//! What a platform's refusal of a login means (1EdTech Security Framework 1.0 §5.1.1.5), and what to do about it.

use crate::error::Code;
use crate::http::Brought;

pub(super) static REFUSALS: Brought = Brought {
    code: Code::LaunchRefused,
    spec: "1EdTech Security Framework 1.0 §5.1.1.5",
    refused: "the platform refused the login",
    meanings: &MEANINGS,
    otherwise: "; open the tool in the platform again",
};

static MEANINGS: [(&str, &str, &str); 9] = [
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
