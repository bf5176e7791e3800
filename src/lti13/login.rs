//! The third-party-initiated login (1EdTech Security Framework 1.0 §5.1.1.1 and §5.1.1.2): the platform's request, and
//! what answers it.

use core::fmt;

use form_urlencoded::Serializer;
use serde::Serialize;

use super::parameters::Parameters;
use super::platform::Platform;
use super::state::{RANDOM, State, StateKeys};
use crate::error::{Code, Error, Result};
use crate::http::HttpUrl;
use crate::state::Signed;

/// How long a login may take unless told otherwise, in seconds: Canvas's launches wait five minutes.
pub const DEFAULT_LIFETIME: i64 = 600;
/// The longest that can be asked for, in seconds.
const LONGEST_LIFETIME: i64 = 86_400;

/// A platform's request to begin a login. Nothing in it is authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginRequest {
    /// `iss`
    pub issuer: String,
    /// Which user of the platform it is; only to be sent back.
    pub login_hint: String,
    /// Where the user wants to go. The launch says it again, signed.
    pub target_link_uri: String,
    /// The tool's client id, which platforms may leave out.
    pub client_id: Option<String>,
    /// `lti_deployment_id`, or `deployment_id` as Canvas called it. The launch says it again, signed.
    pub deployment_id: Option<String>,
    /// Which message it is; only to be sent back.
    pub message_hint: Option<String>,
    /// The frame of the platform's storage, where it offers one.
    pub storage_target: Option<String>,
}

impl LoginRequest {
    /// Reads a login request, sent by GET or POST.
    ///
    /// # Errors
    /// `ERR_LTI_LOGIN_INVALID`, with `at` the parameter, where one is missing that every login has, one stands twice or is
    /// too long, or the two names of the deployment disagree.
    pub fn parse(form: &Parameters) -> Result<Self> {
        const SPEC: &str = "1EdTech Security Framework 1.0 §5.1.1.1";
        let optional = |name: &str| form.get(name, Code::LoginInvalid).map(|value| value.map(str::to_owned));
        let required = |name: &str| {
            let missing = || {
                let message = format!("the login request has no {name}, expected what the platform sends to a tool");
                Error::new(Code::LoginInvalid, message).at(name).spec(SPEC)
            };
            optional(name)?.ok_or_else(missing)
        };
        let (deployment_id, old_name) = (optional("lti_deployment_id")?, optional("deployment_id")?);
        if deployment_id.is_some() && old_name.is_some() && deployment_id != old_name {
            let message = "lti_deployment_id and deployment_id differ, expected one deployment";
            return Err(Error::new(Code::LoginInvalid, message).at("deployment_id"));
        }
        Ok(Self {
            issuer: required("iss")?,
            login_hint: required("login_hint")?,
            target_link_uri: required("target_link_uri")?,
            client_id: optional("client_id")?,
            deployment_id: deployment_id.or(old_name),
            message_hint: optional("lti_message_hint")?,
            storage_target: optional("lti_storage_target")?,
        })
    }
}

/// Shows neither state nor binding.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("platform", &self.platform)
            .field("storage", &self.storage)
            .finish_non_exhaustive()
    }
}

/// Does not show the value.
impl fmt::Debug for StorageEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StorageEntry").field("target", &self.target).field("key", &self.key).finish_non_exhaustive()
    }
}

/// How a login is begun.
#[derive(Clone, Copy, Debug)]
pub struct LoginOptions<'a> {
    /// Where the platform posts the launch to; registered there.
    pub redirect_uri: &'a str,
    /// How long it may take, in seconds, default [`DEFAULT_LIFETIME`].
    pub lifetime: Option<i64>,
    /// Seconds since 1970.
    pub now: i64,
}

/// What answers a login request.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Login {
    /// The platform that was found.
    pub platform: Platform,
    /// Where the browser goes now.
    pub url: String,
    /// What the platform sends back with the launch.
    pub state: String,
    /// What the id token must carry.
    pub nonce: String,
    /// A `Set-Cookie` header that binds the state to the browser.
    pub cookie: String,
    /// What the page puts into the platform's storage, where it offers one.
    pub storage: Option<StorageEntry>,
}

/// An entry of the platform's storage: which frame it is asked of by postMessage, of which origin that frame must be.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct StorageEntry {
    /// The name of the frame beside the tool's, or `_parent`.
    pub target: String,
    /// The origin of the platform's authorization endpoint.
    pub origin: String,
    /// The entry's name.
    pub key: String,
    /// What to put there; nothing where it is to be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl StorageEntry {
    /// The entry of a login in this platform's storage.
    pub(super) fn of(state: &State, platform: &Platform, target: &str, value: Option<String>) -> Option<Self> {
        let origin = HttpUrl::parse(&platform.authorization_endpoint)?.ascii_origin()?;
        Some(Self { target: target.to_owned(), origin, key: state.storage_key(), value })
    }
}

impl Login {
    /// Begins a login on the platform that [`find`](super::find) gave for the request, with random bytes for its id and nonce.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a redirect URI that is no absolute http(s) URL or carries credentials or a fragment, a lifetime of
    /// less than a second or more than a day, and for a platform that is not complete.
    pub fn begin(
        request: &LoginRequest,
        platform: &Platform,
        keys: &StateKeys,
        options: &LoginOptions<'_>,
        random: &[u8; RANDOM],
    ) -> Result<Self> {
        platform.check("options.platforms")?;
        let origin = redirect_origin(options.redirect_uri)?;
        let lifetime = options.lifetime.unwrap_or(DEFAULT_LIFETIME);
        if !(1..=LONGEST_LIFETIME).contains(&lifetime) {
            let message = format!("expected 1 to {LONGEST_LIFETIME} seconds");
            return Err(Error::argument("options.lifetime", message));
        }
        let times = (options.now, options.now.saturating_add(lifetime));
        let state = State::new((&platform.issuer, &platform.client_id), origin, times, random);
        let Signed { text, binding, .. } = state.sign(keys)?;
        let url = authorization_url(request, platform, options.redirect_uri, (&text, &state.nonce));
        let cookie = state.cookie(&binding, lifetime);
        let target = request.storage_target.as_deref();
        let storage = target.and_then(|target| StorageEntry::of(&state, platform, target, Some(binding)));
        Ok(Self { platform: platform.clone(), url, state: text, nonce: state.nonce, cookie, storage })
    }
}

fn redirect_origin(uri: &str) -> Result<String> {
    const AT: &str = "options.redirectUri";
    let plain = HttpUrl::parse(uri).filter(|url| url.userinfo.is_none() && url.fragment.is_none());
    let origin = plain.and_then(HttpUrl::ascii_origin);
    origin.ok_or_else(|| Error::argument(AT, "not an absolute http(s) URL in ASCII without credentials and fragment"))
}

/// The authentication request (§5.1.1.2), which the browser has to make by itself: the platform looks for its session.
fn authorization_url(
    request: &LoginRequest,
    platform: &Platform,
    redirect_uri: &str,
    (state, nonce): (&str, &str),
) -> String {
    let endpoint = platform.authorization_endpoint.as_str();
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let mut query = Serializer::new(String::new());
    query.extend_pairs([
        ("scope", "openid"),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("prompt", "none"),
        ("client_id", &platform.client_id),
        ("redirect_uri", redirect_uri),
        ("login_hint", &request.login_hint),
        ("state", state),
        ("nonce", nonce),
    ]);
    if let Some(hint) = &request.message_hint {
        query.append_pair("lti_message_hint", hint);
    }
    format!("{endpoint}{separator}{}", query.finish())
}
