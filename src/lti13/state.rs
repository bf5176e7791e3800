//! The state of a login, and what shows that the browser of a launch is the one in which it was begun.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Code, Error, Result};
use crate::jose::{Secret, UntrustedJws, base64url};
use crate::state::{Ours, Purpose, Signed, SigningKeys};

/// The header `typ` of a state.
pub(crate) const TYP: &str = "lti-state+jwt";
/// The random bytes of a login: its id, and its nonce.
const ID: usize = 12;
/// How many random bytes a login takes.
pub const RANDOM: usize = ID + 16;

static LOGIN: Purpose = Purpose {
    typ: TYP,
    signing: "canvas-lms-tokens lti-state signing",
    binding: "canvas-lms-tokens lti-state binding",
    verifier: None,
    cookie: "lti",
    begun: "login",
    remedy: "open the tool in the platform again",
    invalid: Code::StateInvalid,
};

/// Whether a state was signed by who has this secret.
pub(crate) fn is_of_secret(secret: &[u8], state: &UntrustedJws) -> bool {
    LOGIN.is_of_secret(secret, state)
}

/// What states are signed and bound with: two keys, derived from each secret for these purposes alone.
pub struct StateKeys(SigningKeys);

impl StateKeys {
    /// The keys of these secrets: the first signs, all verify, so that a secret can be replaced while logins are open.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for no secret, and for one of less than 32 bytes.
    pub fn new(secrets: &[Secret]) -> Result<Self> {
        SigningKeys::new(&LOGIN, secrets).map(Self)
    }
}

/// Says nothing of the keys.
impl fmt::Debug for StateKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StateKeys({})", self.0.len())
    }
}

/// The claims of a state.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct State {
    /// The platform's issuer.
    #[serde(rename = "iss")]
    pub issuer: String,
    /// The tool's client id there.
    #[serde(rename = "aud")]
    pub client_id: String,
    /// The login's id, in the names of its cookie and its entry in the platform's storage.
    #[serde(rename = "jti")]
    pub id: String,
    /// What the id token must carry.
    pub nonce: String,
    /// The origin of the redirect URI, such as `https://tool.test`.
    pub origin: String,
    /// When the login began, in seconds since 1970.
    pub iat: i64,
    /// Until when the launch must have come, in seconds since 1970.
    pub exp: i64,
}

impl State {
    /// A new state; `origin` is that of the redirect URI.
    pub(super) fn new(
        (issuer, client_id): (&str, &str),
        origin: String,
        (iat, exp): (i64, i64),
        random: &[u8; RANDOM],
    ) -> Self {
        let (id, nonce) = random.split_at(ID);
        Self {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            id: base64url::encode(id),
            nonce: base64url::encode(nonce),
            origin,
            iat,
            exp,
        }
    }

    pub(super) fn sign(&self, keys: &StateKeys) -> Result<Signed> {
        keys.0.sign(self)
    }

    /// The name under which the platform's storage holds the binding.
    #[must_use]
    pub fn storage_key(&self) -> String {
        format!("lti-{}", self.id)
    }

    /// A `Set-Cookie` header with this value.
    pub(super) fn cookie(&self, value: &str, max_age: i64) -> String {
        LOGIN.cookie(&self.id, value, max_age)
    }
}

/// What a browser brings to show that it began the login.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// The request's `Cookie` header.
    pub cookie: Option<&'a str>,
    /// What the page got from the platform's storage.
    pub stored: Option<Stored<'a>>,
}

/// What the page got from the platform's storage, and from where it was sent.
#[derive(Clone, Copy)]
pub struct Stored<'a> {
    /// The value under [`State::storage_key`].
    pub value: &'a str,
    /// The `Origin` header of the request that brought it: an attacker who posts his own launch from a page of his own knows
    /// its stored value too.
    pub origin: Option<&'a str>,
}

/// Does not show the value.
impl fmt::Debug for Stored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// A state that is ours.
#[derive(Debug)]
pub(super) struct OurState(Ours<State>);

impl OurState {
    /// Verifies the MAC of a state.
    pub(super) fn verify(text: &str, keys: &StateKeys) -> Result<Self> {
        keys.0.verify(text).map(Self)
    }

    /// What it holds.
    pub(super) fn state(&self) -> &State {
        &self.0.claims
    }

    /// Whether the launch has come in time; `now` in seconds since 1970.
    pub(super) fn check_time(&self, now: f64) -> Result<()> {
        self.0.check_time((self.state().iat, self.state().exp), now)
    }

    /// Whether the browser is the one in which the login was begun.
    pub(super) fn check_binding(&self, evidence: &Evidence<'_>) -> Result<()> {
        let by_cookie = self.0.by_cookie(&self.state().id, evidence.cookie);
        let Err(cookie) = by_cookie else { return Ok(()) };
        let Err(stored) = self.by_storage(evidence.stored) else { return Ok(()) };
        let remedy = "verify with the request's Cookie header, or with what the platform's storage gives; where a browser \
                      keeps neither, open the tool in a new window";
        let message = format!("nothing shows that this browser began the login: {cookie}; {stored}; {remedy}");
        Err(Error::new(Code::StateNotBound, message).at("state").spec("RFC 9700 §4.7"))
    }

    fn by_storage(&self, stored: Option<Stored<'_>>) -> Result<(), String> {
        let Some(Stored { value, origin }) = stored else { return Err("no stored value was given".to_owned()) };
        let expected = &self.state().origin;
        match origin {
            None => Err(format!("the stored value came without an Origin header, expected {expected}")),
            Some(origin) if origin != expected => {
                Err(format!("the stored value came from another origin than the redirect URI's, expected {expected}"))
            }
            Some(_) if self.0.is_binding(value) => Ok(()),
            Some(_) => Err("the stored value is another's".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::mac::derive;
    use crate::jose::{Key, SigningInput};
    use crate::json::{Json, Object};

    #[test]
    fn a_token_of_another_type_is_no_state() {
        let secret = Secret::new(vec![7; 32], "secret").unwrap();
        let derived = Secret::from_key_bytes(derive(secret.as_bytes(), LOGIN.signing.as_bytes()));
        let keys = StateKeys::new(&[secret]).unwrap();
        let state = State::new(("i", "c"), "https://tool.test".to_owned(), (1, 2), &[7; RANDOM]);
        let text = state.sign(&keys).unwrap().text;
        assert!(OurState::verify(&text, &keys).is_ok());
        let key = Key::secret(derived, None);
        for typ in ["JWT", "lti-state"] {
            let header: Object = [("typ", Json::from(typ)), ("alg", Json::from("HS256"))].into_iter().collect();
            let claims = serde_json::to_string(&state).unwrap();
            let input = SigningInput::new(claims.as_bytes(), &key, &header).unwrap();
            let mac = input.mac().unwrap();
            let error = OurState::verify(&input.seal(&mac), &keys).unwrap_err();
            assert_eq!(
                (error.code, error.message.as_str()),
                (Code::StateInvalid, "the state is not ours: its typ is another")
            );
        }
    }
}
