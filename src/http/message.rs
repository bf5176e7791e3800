//! Requests and responses: the `http` crate's, with a body that no log shows.

use core::fmt;
use core::mem;

use ::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use ::http::{Method, StatusCode, Uri};
use form_urlencoded::Serializer;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// What is to be asked, for any HTTP client to send. An `authorization` header is marked as sensitive; the URL is the one
/// that was checked. Whether it may be sent twice is in its extensions, see [`repeat_of`].
///
/// ```
/// use canvas_lms_tokens::canvas::{Site, users};
/// use canvas_lms_tokens::http::{Authorization, authorized};
/// use canvas_lms_tokens::lti2::Id;
///
/// let site = Site::parse("https://school.instructure.com", "base URL")?;
/// let request = users::read(&site, &Id::from(3))?;
/// let request = authorized(request, &Authorization::bearer("1~token", "access token")?);
/// assert!(!format!("{request:?}").contains("1~token"));
///
/// // A client takes the body as its own type: reqwest for one `request.map(String::from).try_into()`.
/// let request: http::Request<String> = request.map(String::from);
/// assert_eq!(request.uri(), "https://school.instructure.com/api/lti/users/3");
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
pub type Request = ::http::Request<Body>;

/// What was answered. From a client's own response it is made with `response.map(Body::from)`, the body as text.
pub type Response = ::http::Response<Body>;

/// The text of a request or an answer. It may hold tokens: `Debug` does not show it, and it is wiped from memory when it is
/// dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(Zeroizing<String>);

impl Body {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no body.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<Body> for String {
    fn from(mut body: Body) -> Self {
        mem::take(&mut *body.0)
    }
}

impl From<Body> for Vec<u8> {
    fn from(body: Body) -> Self {
        String::from(body).into_bytes()
    }
}

/// Whether a request may be sent again although it may have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice does no harm: it reads, or makes one more token.
    Harmless,
    /// Only when it was surely not carried out.
    OnlyIfUnsent,
}

/// Marks an answer as a redirect of which a page sees neither status nor target (Fetch: opaque-redirect filtered response).
#[derive(Clone, Copy)]
struct OpaqueRedirect;

/// The answer that a page gets for a redirect that it does not follow. Its [`status`] is 0, as in the page.
#[must_use]
pub fn opaque_redirect() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::FOUND;
    response.extensions_mut().insert(OpaqueRedirect);
    response
}

/// The status code of an answer, 0 for a redirect of which nothing is seen.
#[must_use]
pub fn status(response: &Response) -> u16 {
    if response.extensions().get::<OpaqueRedirect>().is_some() { 0 } else { response.status().as_u16() }
}

/// The first header of this name, where it is text (in UTF-8).
#[must_use]
pub fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    core::str::from_utf8(response.headers().get(name)?.as_bytes()).ok()
}

/// Whether a request may be sent again although it may have been carried out.
#[must_use]
pub fn repeat_of(request: &Request) -> Repeat {
    request.extensions().get().copied().unwrap_or(Repeat::OnlyIfUnsent)
}

/// A request without body; `at` names the argument that the URL comes from.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry, such as one of more than 65,534 bytes.
pub(crate) fn request(method: Method, url: &str, at: &str, accept: &'static str, repeat: Repeat) -> Result<Request> {
    let url: Uri = url.parse().map_err(|error| Error::argument(at, format!("no request can carry it: {error}")))?;
    let mut request = Request::default();
    *request.method_mut() = method;
    *request.uri_mut() = url;
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static(accept));
    request.extensions_mut().insert(repeat);
    Ok(request)
}

pub(crate) fn set_body(request: &mut Request, content_type: &'static str, body: impl Into<Body>) {
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    *request.body_mut() = body.into();
}

/// The body is a form of these pairs.
pub(crate) fn form(request: &mut Request, pairs: &[(&str, &str)]) {
    let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
    set_body(request, "application/x-www-form-urlencoded", form);
}

/// Whether it is something, and has only visible ASCII characters, which every header can carry.
pub(crate) fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_not_shown() {
        let body = Body::from("assertion=a.b.c");
        assert_eq!(format!("{body:?}"), "Body(15 bytes)");
        assert_eq!((body.as_str(), body.is_empty(), Body::default().is_empty()), ("assertion=a.b.c", false, true));
        assert_eq!(String::from(body.clone()), "assertion=a.b.c");
        assert_eq!(Vec::from(body), b"assertion=a.b.c");
    }

    #[test]
    fn a_url_is_sent_as_it_was_checked() {
        let sent = |url: &str| request(Method::GET, url, "url", "*/*", Repeat::Harmless).map(|it| it.uri().to_string());
        for url in [
            "https://School.test:8443/a%2fb//c_d?x=%20é&y[]={1}",
            "http://[::1]:3000/",
            "https://a_b.test/?",
            "https://school.test/é/%zz",
        ] {
            assert_eq!(sent(url).as_deref(), Ok(url));
        }
        // Both are what RFC 3986 §6.2.2.1 and §6.2.3 say is the same.
        assert_eq!(sent("https://school.test").as_deref(), Ok("https://school.test/"));
        assert_eq!(sent("HTTPS://school.test/").as_deref(), Ok("https://school.test/"));
        for url in [String::new(), "https://é.test/".to_owned(), format!("https://a.test/{}", "x".repeat(65_535))] {
            let error = sent(&url).err().unwrap();
            assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("url")), "{url:.40}");
        }
    }

    #[test]
    fn what_a_page_sees_of_a_redirect() {
        let response = opaque_redirect();
        assert_eq!((status(&response), response.status().is_redirection()), (0, true));
        assert_eq!(status(&Response::default()), 200);
    }

    #[test]
    fn a_header_is_text() {
        assert!(is_header_text("a~!"));
        assert!(["", "a b", "é", "\u{7f}", "a\n"].iter().all(|text| !is_header_text(text)));
        let mut response = Response::default();
        response.headers_mut().insert("link", HeaderValue::from_bytes("é".as_bytes()).unwrap());
        response.headers_mut().insert("date", HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!((header(&response, "link"), header(&response, "date")), (Some("é"), None));
    }
}
