//! A client of Canvas's OAuth 2: a developer key at a Canvas, and how it proves to be that key's owner.

use core::fmt;

use crate::canvas::Site;
use crate::error::{Error, Result};
use crate::http::{HttpUrl, is_header_text};
use crate::lti2::Id;

/// The redirect URI of a program without an address: Canvas then shows the code in the address of a page of its own.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// A developer key at a Canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    base_url: String,
    id: String,
}

/// How a client proves who it is.
#[derive(Clone, Copy)]
pub enum Authentication<'a> {
    /// With the developer key's secret (RFC 6749 §2.3.1).
    Secret(&'a str),
    /// With a signed client assertion (RFC 7523 §2.2).
    Assertion(&'a str),
    /// Not at all: a public client, which PKCE alone protects.
    Public,
}

/// Shows neither secret nor assertion.
impl fmt::Debug for Authentication<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Secret(_) => "Secret(…)",
            Self::Assertion(_) => "Assertion(…)",
            Self::Public => "Public",
        })
    }
}

impl Client {
    /// The client with this id at the Canvas of this base URL; `at` names the client for the error.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a base URL that is no absolute `https` URL (on this machine `http` will do), or carries credentials, a
    /// query or a fragment, and for an id that no developer key has.
    pub fn new(base_url: &str, id: &Id, at: &str) -> Result<Self> {
        let at_url = format!("{at}.baseUrl");
        let site = Site::parse(base_url, &at_url)?;
        if !HttpUrl::parse(base_url).is_some_and(HttpUrl::is_private) {
            let message = "not an https URL: secrets and tokens go there, which anybody on the way could read";
            return Err(Error::argument(&at_url, message));
        }
        if !is_header_text(id.as_str()) {
            return Err(Error::argument(&format!("{at}.clientId"), "expected the id of a developer key"));
        }
        Ok(Self { base_url: site.base().to_owned(), id: id.as_str().to_owned() })
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The id of the developer key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where a user agrees.
    #[must_use]
    pub fn authorization_endpoint(&self) -> String {
        format!("{}/login/oauth2/auth", self.base_url)
    }

    /// Where tokens are asked for, and the audience of client assertions.
    #[must_use]
    pub fn token_endpoint(&self) -> String {
        format!("{}/login/oauth2/token", self.base_url)
    }
}
