//! A Canvas site: joins its base URL and an endpoint's path so that no id leaves its segment, and says how a request is
//! authorized. A token goes to this origin only.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::{Error, Result};
use crate::http::{HttpUrl, Method, Repeat, Request, Response};
use crate::jose::json::{Json, Object};
use crate::lti::{Id, answer};

/// What stands in a path segment as it is (RFC 3986 §2.3, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

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

    /// The URL of this path.
    pub(crate) fn url(&self, path: &str) -> String {
        [&self.base, "/", path].concat()
    }

    /// A request to this path. Each `*` in it stands for the next id, given with its name for the error.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for an id that is no path segment: `.` and `..` would be resolved away, whatever their spelling
    /// (RFC 3986 §5.2.4).
    pub(crate) fn request(&self, method: Method, path: &str, ids: &[(&Id, &str)]) -> Result<Request> {
        let mut url = self.base.clone();
        let mut ids = ids.iter();
        for segment in path.split('/') {
            url.push('/');
            match ids.as_slice().first().filter(|_| segment == "*") {
                None => url.push_str(segment),
                Some((id, at)) => {
                    ids.next();
                    let id = id.as_str();
                    if id.trim().is_empty() {
                        return Err(Error::refused(at, "empty, expected an id"));
                    }
                    if matches!(id, "." | "..") {
                        return Err(Error::refused(at, "a path of dots, expected an id"));
                    }
                    url.extend(utf8_percent_encode(id, SEGMENT));
                }
            }
        }
        Ok(Request::new(method, url))
    }

    /// Whether this URL is of the site's own origin.
    #[must_use]
    pub fn is_origin_of(&self, url: &str) -> bool {
        let origin = HttpUrl::parse(&self.base).map(HttpUrl::origin);
        origin.is_some() && HttpUrl::parse(url).map(HttpUrl::origin) == origin
    }
}

impl Request {
    /// A request without body.
    pub(crate) fn new(method: Method, url: String) -> Self {
        let repeat = if method == Method::Get { Repeat::Harmless } else { Repeat::OnlyIfUnsent };
        let headers = vec![("accept", "application/json".to_owned())];
        Self { method, url, headers, body: None, repeat }
    }

    pub(crate) fn with_json(self, body: &Object) -> Self {
        self.with_body("application/json", body.to_json())
    }

    pub(crate) fn with_body(mut self, content_type: &str, body: String) -> Self {
        self.headers.push(("content-type", content_type.to_owned()));
        self.body = Some(body);
        self
    }

    pub(crate) fn accepting(mut self, media_types: &str) -> Self {
        self.headers = vec![("accept", media_types.to_owned())];
        self
    }

    pub(crate) fn repeatable(mut self) -> Self {
        self.repeat = Repeat::Harmless;
        self
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
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::refused(at, "not a bearer token, expected visible ASCII characters"));
        }
        Ok(Self::Bearer(token.to_owned()))
    }

    /// The page's session, with the CSRF token from its cookies (`document.cookie`), where a header can carry it.
    #[must_use]
    pub fn session(cookies: &str) -> Self {
        let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
        let csrf = pairs.find(|(name, _)| *name == "_csrf_token").map(|(_, value)| value);
        let csrf = csrf.and_then(|csrf| percent_decode_str(csrf).decode_utf8().ok()).map(Cow::into_owned);
        Self::Session(csrf.filter(|csrf| !csrf.is_empty() && csrf.bytes().all(|byte| byte.is_ascii_graphic())))
    }

    /// An answer that does not repeat this token.
    #[must_use]
    pub fn blanked_in(&self, response: &Response) -> Response {
        match self {
            Self::Bearer(token) | Self::Session(Some(token)) => answer::without(response, token),
            Self::Session(None) => response.clone(),
        }
    }
}

/// The answer as a JSON object, or the error that it is.
///
/// # Errors
/// Those of [`answer::refusal`]; `ERR_RESPONSE_INVALID`.
pub fn object(response: &Response, now: f64) -> Result<Object> {
    match success(response, now)? {
        Some(Json::Object(object)) => Ok(object),
        _ => Err(answer::invalid(
            response,
            &["the answer is ", answer::describe(response), ", expected a JSON object"].concat(),
        )),
    }
}

/// The answer as an array of JSON objects, or the error that it is.
///
/// # Errors
/// Those of [`answer::refusal`]; `ERR_RESPONSE_INVALID`.
pub fn objects(response: &Response, now: f64) -> Result<Vec<Object>> {
    let Some(Json::Array(items)) = success(response, now)? else { return Err(not_objects(response)) };
    let mut objects = Vec::new();
    for item in items {
        let Json::Object(object) = item else { return Err(not_objects(response)) };
        objects.push(object);
    }
    Ok(objects)
}

fn not_objects(response: &Response) -> Error {
    answer::invalid(
        response,
        &["the answer is ", answer::describe(response), ", expected an array of JSON objects"].concat(),
    )
}

/// The JSON of an answer that says success.
pub(crate) fn success(response: &Response, now: f64) -> Result<Option<Json>> {
    if response.is_success() { Ok(answer::json(response)) } else { Err(answer::refusal(response, now)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stays_in_its_segment() {
        for base in ["https://school.test", "https://school.test/", "https://school.test//"] {
            let site = Site::parse(base, "baseUrl").unwrap();
            let id = Id::Text("a/b?c#d%2e e".to_owned());
            let request = site.request(Method::Get, "api/*", &[(&id, "id")]).ok().unwrap();
            assert_eq!(request.url, "https://school.test/api/a%2Fb%3Fc%23d%252e%20e");
        }
        let site = Site::parse("https://school.test:8443/canvas/", "baseUrl").unwrap();
        assert_eq!(site.url("api"), "https://school.test:8443/canvas/api");
        for (id, url) in [("..", None), (".", None), (" ", None), ("a.b", Some("a.b/c")), ("*", Some("%2A/c"))] {
            let request = site.request(Method::Get, "*/c", &[(&Id::Text(id.to_owned()), "id")]).ok();
            assert_eq!(
                request.map(|request| request.url),
                url.map(|url| ["https://school.test:8443/canvas/", url].concat())
            );
        }
    }

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
        for other in ["http://school.test/", "https://school.test:8443/", "https://evil.test/", "/canvas", ""] {
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
