//! The scopes of users' tokens: Canvas's API names each by method and path.

use crate::error::{Code, Error};
use crate::http::{Request, Response};

/// What Canvas says where a token lacks the scope of an endpoint, whatever the status.
const LACKING: &str = "Insufficient scopes on access token";

/// The scope that a token needs for this request, such as `url:POST|/api/v1/jwts`, where it is of the API for users.
///
/// ```
/// use canvas_lms_tokens::canvas::jwts::{JwtParams, create};
/// use canvas_lms_tokens::canvas::{Site, oauth};
///
/// let site = Site::parse("https://school.test/lms", "base URL")?;
/// let request = create(&site, &JwtParams::default())?;
/// assert_eq!(oauth::scope_of(&request).as_deref(), Some("url:POST|/api/v1/jwts"));
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
#[must_use]
pub fn scope_of(request: &Request) -> Option<String> {
    let (_, path) = request.uri().path().split_once("/api/v1/")?;
    Some(format!("url:{}|/api/v1/{path}", request.method()))
}

/// The error of an answer, with what to do where Canvas says that the token lacks this scope.
#[must_use]
pub fn lacking(mut error: Error, response: &Response, scope: Option<&str>) -> Error {
    if let Some(scope) = scope
        && error.code == Code::Forbidden
        && response.body().as_str().contains(LACKING)
    {
        let remedy =
            format!(" The token lacks {scope}: enable it on the developer key, and begin the authorization with it");
        error.facts().message.push_str(&remedy);
    }
    error
}
