//! How a request is authorized. The header that does it is marked as sensitive.

use ::http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use super::blank::without;
use super::message::{Request, Response, is_header_text};
use super::url::percent_decoded;
use crate::error::{Error, Result};

/// How a request is authorized.
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization {
    /// With a bearer token (RFC 6750 §2.1).
    Bearer(String),
    /// With the page's own Canvas session, and Canvas's CSRF token where the page has one.
    Session(Option<String>),
}

impl Authorization {
    /// A bearer token, which a header must be able to carry (RFC 6750 §2.1).
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for anything but visible ASCII characters.
    pub fn bearer(token: &str, at: &str) -> Result<Self> {
        let token = token.trim();
        if !is_header_text(token) {
            return Err(Error::argument(at, "not a bearer token, expected visible ASCII characters"));
        }
        Ok(Self::Bearer(token.to_owned()))
    }

    /// The page's session, with the CSRF token from its cookies (`document.cookie`), where a header can carry it.
    #[must_use]
    pub fn session(cookies: &str) -> Self {
        let csrf = cookies.split(';').find_map(|pair| pair.trim().strip_prefix("_csrf_token="));
        Self::Session(csrf.and_then(percent_decoded).filter(|csrf| is_header_text(csrf)))
    }

    /// An answer that does not repeat this token.
    #[must_use]
    pub fn blanked_in(&self, response: &Response) -> Response {
        match self {
            Self::Bearer(token) | Self::Session(Some(token)) => without(response, token),
            Self::Session(None) => response.clone(),
        }
    }
}

/// The request with its authorization, in a header that is marked as sensitive. A token that no header can carry is left
/// out; [`Authorization::bearer`] makes none.
#[must_use]
pub fn authorized(mut request: Request, authorization: &Authorization) -> Request {
    let (name, value) = match authorization {
        Authorization::Bearer(token) => (AUTHORIZATION, format!("Bearer {token}")),
        Authorization::Session(Some(csrf)) => (HeaderName::from_static("x-csrf-token"), csrf.clone()),
        Authorization::Session(None) => return request,
    };
    if let Ok(mut value) = HeaderValue::try_from(value) {
        value.set_sensitive(true);
        request.headers_mut().insert(name, value);
    }
    request
}

#[cfg(test)]
mod tests {
    use ::http::Method;

    use super::*;
    use crate::http::{Repeat, request as request_of};

    #[test]
    fn the_csrf_token_is_decoded() {
        let session = Authorization::session("a=1; _csrf_token=tKx0%2BwB%2F%3D%3D; b=2");
        assert!(session == Authorization::Session(Some("tKx0+wB/==".to_owned())));
        assert!(Authorization::session("") == Authorization::Session(None));
    }

    #[test]
    fn a_token_is_not_shown_with_its_request() {
        let request = || request_of(Method::GET, "https://a.test/x", "url", "*/*", Repeat::Harmless).unwrap();
        for authorization in
            [Authorization::bearer("1~secret", "token").unwrap(), Authorization::session("_csrf_token=1~secret")]
        {
            let request = authorized(request(), &authorization);
            assert_eq!(request.headers().len(), 2);
            assert!(!format!("{request:?}").contains("1~secret"));
        }
    }
}
