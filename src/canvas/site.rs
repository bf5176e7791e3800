//! A Canvas site: where it is. A token goes to this origin only.

use std::collections::BTreeMap;

use ::http::Method;
use ::http::header::{ACCEPT, HeaderValue};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::http::{self, HttpUrl, Repeat, Request};
use crate::lti2::Id;

/// The base URL of a Canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    base: String,
}

impl Site {
    /// Reads a base URL, with or without path or slash; `at` names the option.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for what is no absolute http(s) URL, for credentials, query and fragment, and for a host that is not
    /// ASCII.
    pub fn parse(base_url: &str, at: &str) -> Result<Self> {
        let refused = |fault: &str| Err(Error::argument(at, fault));
        let Some(url) = HttpUrl::parse(base_url) else {
            return refused("not an absolute http(s) URL, expected one such as https://school.instructure.com");
        };
        match url {
            _ if url.userinfo.is_some() => refused("carries a user name or password"),
            _ if url.query.is_some() => refused("carries a query (?), expected the URL of the site alone"),
            _ if url.fragment.is_some() => refused("carries a fragment (#), expected the URL of the site alone"),
            _ if !url.host.is_ascii() => refused("its host is not ASCII, expected it as it is sent (xn--…)"),
            _ => Ok(Self { base: base_url.trim_end_matches('/').to_owned() }),
        }
    }

    /// The base URL without a slash at its end.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Whether this URL is of the site's own origin, and without credentials.
    #[must_use]
    pub fn is_origin_of(&self, url: &str) -> bool {
        http::is_same_origin(&self.base, url)
    }

    /// A request for what is at this path, which begins without a slash. One that reads may be sent twice.
    pub(super) fn request(&self, method: Method, path: &str) -> Result<Request> {
        let repeat = if method == Method::GET { Repeat::Harmless } else { Repeat::OnlyIfUnsent };
        at_url(method, &format!("{}/{path}", self.base), repeat)
    }

    /// The request for a page of this very URL.
    pub(super) fn page(url: &str) -> Result<Request> {
        at_url(Method::GET, url, Repeat::Harmless)
    }
}

fn at_url(method: Method, url: &str, repeat: Repeat) -> Result<Request> {
    http::request(method, url, "url", "application/json", repeat)
}

/// Marks a request as one that may be sent twice, as it only makes one more token.
pub(super) fn set_repeatable(request: &mut Request) {
    request.extensions_mut().insert(Repeat::Harmless);
}

/// The request accepts a format of LTI 2 besides plain JSON.
pub(super) fn set_accept(request: &mut Request, accept: &'static str) {
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
}

/// The body is a JSON object of this one member.
pub(super) fn set_json(request: &mut Request, name: &str, value: &impl Serialize) {
    // Parameters, and what was read from JSON, can always be written.
    let body = serde_json::to_string(&BTreeMap::from([(name, value)])).unwrap_or_default();
    http::set_body(request, "application/json", body);
}

/// An id as one segment of a path; `at` names it for errors.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment: `.` and `..` would be resolved away, whatever their spelling
/// (RFC 3986 §5.2.4).
pub(super) fn segment(id: &Id, at: &str) -> Result<String> {
    match id.as_str() {
        "." | ".." => Err(Error::argument(at, "a path of dots, expected an id")),
        id if id.trim().is_empty() => Err(Error::argument(at, "empty, expected an id")),
        id => Ok(http::segment(id)),
    }
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
            "https://schülé.test/",
            "",
        ] {
            let error = Site::parse(base, "options.baseUrl").unwrap_err();
            assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("options.baseUrl")), "{base}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let site = Site::parse("https://School.test/canvas", "baseUrl").unwrap();
        for own in ["https://school.test:443/other", "HTTPS://SCHOOL.test", "https://school.test/?a[]=|é"] {
            assert!(site.is_origin_of(own), "{own}");
        }
        for other in [
            "http://school.test/",
            "https://school.test:8443/",
            "https://school.test:99999/",
            "https://evil.test/",
            "https://u@school.test/",
            "https://school.test\\@evil.test/",
            "https://school.test@evil.test/",
            "/canvas",
            "",
        ] {
            assert!(!site.is_origin_of(other), "{other}");
        }
    }

    #[test]
    fn an_id_stays_in_its_segment() {
        for base in ["https://school.test", "https://school.test/", "https://school.test//"] {
            let site = Site::parse(base, "baseUrl").unwrap();
            let id = segment(&Id::Text("a/b?c#d%2e e".to_owned()), "id").unwrap();
            let request = site.request(Method::GET, &format!("api/{id}/x")).unwrap();
            assert_eq!(request.uri().to_string(), "https://school.test/api/a%2Fb%3Fc%23d%252e%20e/x");
        }
        for (id, found) in [
            ("..", Err("id: a path of dots, expected an id")),
            (".", Err("id: a path of dots, expected an id")),
            (" ", Err("id: empty, expected an id")),
            ("a.b", Ok("a.b")),
            ("*~", Ok("%2A~")),
        ] {
            let segment = segment(&Id::Text(id.to_owned()), "id").map_err(|error| error.message.clone());
            assert_eq!(segment.as_deref().map_err(String::as_str), found, "{id}");
        }
    }
}
