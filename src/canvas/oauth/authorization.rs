//! The authorization request (RFC 6749 §4.1.1) with a code challenge (RFC 7636 §4.3), as Canvas reads it.

use core::fmt;

use form_urlencoded::Serializer;
use serde::Serialize;

use super::client::{Client, OUT_OF_BAND};
use super::state::{AUTHORIZATION, AuthorizationKeys, AuthorizationState, RANDOM};
use crate::error::{Error, Result};
use crate::http::HttpUrl;
use crate::jose::base64url;
use crate::jose::mac::sha256;
use crate::lti13::service_token::check_scopes;
use crate::state::Signed;

/// How long an authorization may take unless told otherwise, in seconds.
pub const DEFAULT_LIFETIME: i64 = 600;
/// The longest that can be asked for, in seconds.
const LONGEST_LIFETIME: i64 = 86_400;
/// The longest path to return to, in bytes: it stands in a URL.
const LONGEST_PATH: usize = 1024;

/// How an authorization is begun.
#[derive(Clone, Debug, Default)]
pub struct AuthorizationOptions<'a> {
    /// Where Canvas sends the browser to; one of the developer key's, or [`OUT_OF_BAND`].
    pub redirect_uri: &'a str,
    /// What the token may do, such as `url:POST|/api/v1/jwts`; none: all that the user may, where the key allows it.
    pub scopes: &'a [String],
    /// What the user sees of it in the list of his tokens.
    pub purpose: Option<&'a str>,
    /// Whether the user has to log in although he is.
    pub force_login: bool,
    /// What stands in the login form as the user's name.
    pub unique_id: Option<&'a str>,
    /// `none`: no page is shown, and what would need one is an error.
    pub prompt: Option<&'a str>,
    /// Whether the user logs in to Canvas itself, not by way of the institution.
    pub canvas_login: bool,
    /// By which of the institution's ways the user logs in.
    pub authentication_provider: Option<&'a str>,
    /// Where the user goes afterwards, a path of the tool's own.
    pub return_to: Option<&'a str>,
    /// How long it may take, in seconds, default [`DEFAULT_LIFETIME`].
    pub lifetime: Option<i64>,
    /// Seconds since 1970.
    pub now: i64,
}

/// An authorization that was begun.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Authorization {
    /// Where the browser goes now.
    pub url: String,
    /// What Canvas sends back with the code.
    pub state: String,
    /// A `Set-Cookie` header that binds the state to the browser.
    pub cookie: String,
    /// The same for who keeps it in a session of his own.
    pub binding: String,
}

/// Shows neither state nor binding.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization").finish_non_exhaustive()
    }
}

impl Authorization {
    /// Begins an authorization, with random bytes for its id.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a redirect URI that is no absolute http(s) URL or carries credentials or a fragment, for scopes that are
    /// none, another prompt than `none`, a path to return to that leads elsewhere, and a lifetime of less than a second or more
    /// than a day.
    pub fn begin(
        client: &Client,
        keys: &AuthorizationKeys,
        options: &AuthorizationOptions<'_>,
        random: &[u8; RANDOM],
    ) -> Result<Self> {
        options.check()?;
        let lifetime = options.lifetime.unwrap_or(DEFAULT_LIFETIME);
        let times = (options.now, options.now.saturating_add(lifetime));
        let mut state = AuthorizationState::new(client, options.redirect_uri, times, random);
        state.return_to = options.return_to.map(str::to_owned);
        let Signed { text, binding, verifier } = keys.0.sign(&state)?;
        let cookie = AUTHORIZATION.cookie(&state.id, &binding, lifetime);
        let challenge = base64url::encode(&sha256(&[verifier.unwrap_or_default().as_bytes()]));
        let url = options.url(client, &text, &challenge);
        Ok(Self { url, state: text, cookie, binding })
    }
}

impl AuthorizationOptions<'_> {
    fn check(&self) -> Result<()> {
        check_redirect_uri(self.redirect_uri, "options.redirectUri")?;
        if !self.scopes.is_empty() {
            check_scopes(self.scopes, "options.scopes")?;
        }
        if self.prompt.is_some_and(|prompt| prompt != "none") {
            return Err(Error::argument("options.prompt", "unknown to Canvas, expected 'none' or nothing"));
        }
        if self.return_to.is_some_and(|path| !is_own_path(path)) {
            let message = "expected a path of the tool's own, such as /courses/1: a URL could lead a user anywhere";
            return Err(Error::argument("options.returnTo", message).spec("RFC 9700 §4.11"));
        }
        if self.lifetime.is_some_and(|lifetime| !(1..=LONGEST_LIFETIME).contains(&lifetime)) {
            return Err(Error::argument("options.lifetime", format!("expected 1 to {LONGEST_LIFETIME} seconds")));
        }
        Ok(())
    }

    fn url(&self, client: &Client, state: &str, challenge: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs([
            ("response_type", "code"),
            ("client_id", client.id()),
            ("redirect_uri", self.redirect_uri),
            ("state", state),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]);
        if !self.scopes.is_empty() {
            query.append_pair("scope", &self.scopes.join(" "));
        }
        for (name, value) in [
            ("purpose", self.purpose),
            ("force_login", self.force_login.then_some("1")),
            ("unique_id", self.unique_id),
            ("prompt", self.prompt),
            ("canvas_login", self.canvas_login.then_some("1")),
            ("authentication_provider", self.authentication_provider),
        ] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        format!("{}?{}", client.authorization_endpoint(), query.finish())
    }
}

/// Whether a browser can be sent there with a code.
pub(super) fn check_redirect_uri(uri: &str, at: &str) -> Result<()> {
    let plain = HttpUrl::parse(uri).filter(|url| url.userinfo.is_none() && url.fragment.is_none());
    if uri == OUT_OF_BAND || plain.and_then(HttpUrl::ascii_origin).is_some() {
        return Ok(());
    }
    Err(Error::argument(at, "not an absolute http(s) URL in ASCII without credentials and fragment"))
}

/// Whether it is a path of the origin it is used at, for every browser: some take a backslash for a slash, and leave tabs out.
fn is_own_path(path: &str) -> bool {
    let is_plain = path.len() <= LONGEST_PATH && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_plain && path.starts_with('/') && !path.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_to_return_to_leads_nowhere_else() {
        for path in ["/", "/courses/1?x=/a#b", "/%5c%5cevil.test", "/a//b", "/@evil.test"] {
            assert!(is_own_path(path), "{path}");
        }
        for path in [
            "",
            "courses",
            "//evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/\t/evil.test",
            "/ /a",
            "https://evil.test",
            "/é",
            "javascript:alert(1)",
        ] {
            assert!(!is_own_path(path), "{path}");
        }
        assert!(is_own_path(&format!("/{}", "a".repeat(1023))) && !is_own_path(&format!("/{}", "a".repeat(1024))));
    }

    #[test]
    fn a_redirect_uri_is_an_address_or_none_at_all() {
        for uri in ["https://tool.test/callback?a=1", "http://localhost:3000/", OUT_OF_BAND] {
            assert!(check_redirect_uri(uri, "x").is_ok(), "{uri}");
        }
        for uri in
            ["", "/callback", "https://u@tool.test/", "https://tool.test/#a", "app://x", "urn:ietf:wg:oauth:2.0:oob2"]
        {
            assert!(check_redirect_uri(uri, "x").is_err(), "{uri}");
        }
    }
}
