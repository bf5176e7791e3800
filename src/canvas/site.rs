//! A Canvas site: where it is, and how a request to it is authorized. A token goes to this origin only.

use crate::error::text::is_visible;
use crate::error::{Error, Result};
use crate::http::{HttpUrl, Request, Response, is_same_origin, percent};
use crate::json::{Json, Object};
use crate::lti::answer;

/// The base URL of a Canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    base: String,
}

/// How a request is authorized.
#[derive(Clone, PartialEq, Eq)]
pub enum Authorization {
    /// With a bearer token (RFC 6750 §2.1).
    Bearer(String),
    /// With the page's own Canvas session, and Canvas's CSRF token where the page has one.
    Session(Option<String>),
}

impl Site {
    /// Reads a base URL, with or without path or slash; `at` names the option.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for what is no absolute http(s) URL, and for credentials, query and fragment.
    pub fn parse(base_url: &str, at: &str) -> Result<Self> {
        let refused = |message: &str| Err(Error::argument(at, &[message]));
        let Some(url) = HttpUrl::parse(base_url) else {
            return refused("not an absolute http(s) URL, expected one such as https://school.instructure.com");
        };
        match url {
            _ if url.userinfo.is_some() => refused("carries a user name or password"),
            _ if url.query.is_some() => refused("carries a query (?), expected the URL of the site alone"),
            _ if url.fragment.is_some() => refused("carries a fragment (#), expected the URL of the site alone"),
            _ => Ok(Self { base: base_url.trim_end_matches('/').to_owned() }),
        }
    }

    /// Its URL without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Whether this URL is of the site's own origin, and without credentials.
    #[must_use]
    pub fn is_origin_of(&self, url: &str) -> bool {
        is_same_origin(&self.base, url)
    }
}

impl Request {
    /// The body is an object of this one member.
    pub(crate) fn set_json(&mut self, name: &str, value: &Object) {
        self.set_body("application/json", ["{\"", name, "\":", &value.to_json(), "}"].concat());
    }

    /// The request with its authorization.
    #[must_use]
    pub fn authorized(mut self, authorization: &Authorization) -> Self {
        match authorization {
            Authorization::Bearer(token) => self.headers.push(("authorization", ["Bearer ", token].concat())),
            Authorization::Session(Some(csrf)) => self.headers.push(("x-csrf-token", csrf.clone())),
            Authorization::Session(None) => {}
        }
        self
    }
}

impl Authorization {
    /// A bearer token, which a header must be able to carry (RFC 6750 §2.1).
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for anything but visible ASCII characters.
    pub fn bearer(token: &str, at: &str) -> Result<Self> {
        let token = token.trim();
        if !is_visible(token) {
            return Err(Error::refused(at, "not a bearer token, expected visible ASCII characters"));
        }
        Ok(Self::Bearer(token.to_owned()))
    }

    /// The page's session, with the CSRF token from its cookies (`document.cookie`), where a header can carry it.
    #[must_use]
    pub fn session(cookies: &str) -> Self {
        let csrf = cookies.split(';').find_map(|pair| pair.trim().strip_prefix("_csrf_token="));
        Self::Session(csrf.and_then(percent::decode).filter(|csrf| is_visible(csrf)))
    }

    /// An answer that does not repeat this token.
    #[must_use]
    pub fn blanked_in(&self, response: &Response) -> Response {
        answer::without(response, if let Self::Bearer(token) | Self::Session(Some(token)) = self { token } else { "" })
    }
}

/// The answer as a JSON object, or the error that it is.
///
/// # Errors
/// Those of [`answer::refusal`]; `ERR_RESPONSE_INVALID`.
pub fn object(response: &Response, now: f64) -> Result<Object> {
    match success(response, now)? {
        Some(Json::Object(object)) => Ok(object),
        _ => Err(answer::unexpected(response, "a JSON object")),
    }
}

/// The answer as an array of JSON objects, or the error that it is.
///
/// # Errors
/// Those of [`answer::refusal`]; `ERR_RESPONSE_INVALID`.
pub fn objects(response: &Response, now: f64) -> Result<Vec<Object>> {
    let items = items(response, now)?.into_iter();
    Ok(items.filter_map(|item| if let Json::Object(object) = item { Some(object) } else { None }).collect())
}

/// The items of an answer that is an array of JSON objects.
pub(crate) fn items(response: &Response, now: f64) -> Result<Vec<Json>> {
    match success(response, now)? {
        Some(Json::Array(items)) if items.iter().all(|item| item.as_object().is_some()) => Ok(items),
        _ => Err(answer::unexpected(response, "an array of JSON objects")),
    }
}

/// The JSON of an answer that says success.
pub(crate) fn success(response: &Response, now: f64) -> Result<Option<Json>> {
    if response.is_success() { Ok(answer::json(response)) } else { Err(answer::refusal(response, now)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_the_site_alone() {
        for base in [
            "school.test",
            "ftp://school.test",
            "https://u:p@school.test",
            "https://school.test?x",
            "https://school.test/#x",
            "",
        ] {
            let error = Site::parse(base, "options.baseUrl").unwrap_err();
            assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("options.baseUrl")), "{base}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let site = Site::parse("https://School.test/canvas", "baseUrl").unwrap();
        assert!(site.is_origin_of("https://school.test:443/other"));
        for other in [
            "http://school.test/",
            "https://school.test:8443/",
            "https://evil.test/",
            "https://u@school.test/",
            "/canvas",
            "",
        ] {
            assert!(!site.is_origin_of(other), "{other}");
        }
    }

    #[test]
    fn the_csrf_token_is_decoded() {
        let session = Authorization::session("a=1; _csrf_token=tKx0%2BwB%2F%3D%3D; b=2");
        assert!(session == Authorization::Session(Some("tKx0+wB/==".to_owned())));
        assert!(Authorization::session("") == Authorization::Session(None));
    }
}
