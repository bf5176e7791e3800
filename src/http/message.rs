//! Requests and responses.

use super::percent;
use super::retry::Repeat;
use crate::error::text::replaced;

/// The request method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// The method as it is sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What is to be asked.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body, where there is one.
    pub body: Option<String>,
    /// Whether it may be sent again when it may have been carried out.
    pub repeat: Repeat,
}

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Request {
    /// A request without body.
    pub(crate) fn new(method: Method, url: String, accept: &str, repeat: Repeat) -> Self {
        Self { method, url, headers: vec![("accept", accept.to_owned())], body: None, repeat }
    }

    pub(crate) fn set_body(&mut self, content_type: &str, body: String) {
        self.headers.push(("content-type", content_type.to_owned()));
        self.body = Some(body);
    }

    /// The body is a form of these pairs.
    pub(crate) fn set_form(&mut self, pairs: &[(&str, &str)]) {
        self.set_body("application/x-www-form-urlencoded", form(pairs));
    }
}

impl Response {
    /// The header of this name (in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the status says success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Pairs as `application/x-www-form-urlencoded`.
fn form(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        let and = if out.is_empty() { "" } else { "&" };
        out.push_str(&[and, &percent::encode(name), "=", &percent::encode(value)].concat());
    }
    replaced(&out, "%20", "+")
}
