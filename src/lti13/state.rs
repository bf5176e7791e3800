//! The state of a login: signed, so that no machine has to remember it, and bound to the browser that began it. Without
//! the binding, whoever gets somebody to open his own launch logs that person in as himself (RFC 9700 §4.7).

use core::fmt;

use serde::{Deserialize, Serialize};

use super::secrets;
use crate::error::{Code, Error, Result};
use crate::jose::jwa::Hash;
use crate::jose::mac::{MacKey, derive, mac, same};
use crate::jose::{Header, Key, Keys, Secret, SigningInput, UntrustedJws, Verification, Verified, base64url};
use crate::json::{Json, Object};

/// The header `typ` of a state, so that no other token of ours is taken for one (RFC 8725 §3.11).
pub(crate) const TYP: &str = "lti-state+jwt";
const ALG: &str = "HS256";
/// The random bytes of a login: its id, and its nonce.
const ID: usize = 12;
/// How many random bytes a login takes.
pub const RANDOM: usize = ID + 16;

/// What the key that signs is derived for.
const SIGNING: &[u8] = b"canvas-lms-tokens lti-state signing";

/// Whether a state was signed by who has this secret.
pub(crate) fn is_of_secret(secret: &[u8], state: &UntrustedJws) -> bool {
    let key = derive(secret, SIGNING);
    same(&mac(Hash::Sha256, &key, &[state.signing_input.as_bytes()]), &state.signature)
}

/// What states are signed and bound with: two keys, derived from each secret for these purposes alone.
pub struct StateKeys(Vec<Pair>);

struct Pair {
    signing: Keys,
    binding: MacKey,
}

impl StateKeys {
    /// The keys of these secrets: the first signs, all verify, so that a secret can be replaced while logins are open.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for no secret, and for one of less than 32 bytes.
    pub fn new(secrets: &[Secret]) -> Result<Self> {
        secrets::check(secrets, "options.secret")?;
        let pair = |secret: &Secret| {
            let signing = derive(secret.as_bytes(), SIGNING);
            let binding = derive(secret.as_bytes(), b"canvas-lms-tokens lti-state binding");
            let signing = Secret::from_key_bytes(signing);
            Pair {
                signing: Key::secret(signing, Some(ALG.to_owned())).into(),
                binding: MacKey::new(Hash::Sha256, &binding),
            }
        };
        Ok(Self(secrets.iter().map(pair).collect()))
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

/// A state as text, and what binds it to the browser.
#[derive(Debug)]
pub(super) struct Signed {
    pub(super) text: String,
    pub(super) binding: String,
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
        let none = || Error::argument("options.secret", "no secret");
        let Pair { signing, binding } = keys.0.first().ok_or_else(none)?;
        let Keys::One(key) = signing else { return Err(none()) };
        let header: Object = [("typ", Json::from(TYP)), ("alg", Json::from(ALG))].into_iter().collect();
        // Text and integers can always be written.
        let claims = serde_json::to_string(self).unwrap_or_default();
        let input = SigningInput::new(claims.as_bytes(), key, &header)?;
        let mac = input.mac().unwrap_or_default();
        let text = input.seal(&mac);
        let binding = bind(binding, &text);
        Ok(Signed { text, binding })
    }

    /// The name of the cookie that holds the binding. A page may embed several tools, or one several times, so that each
    /// login has its own.
    pub(super) fn cookie_name(&self) -> String {
        format!("__Host-lti-{}", self.id)
    }

    /// The name under which the platform's storage holds the binding.
    #[must_use]
    pub fn storage_key(&self) -> String {
        format!("lti-{}", self.id)
    }

    /// A `Set-Cookie` header with this value; without `Partitioned`, browsers that block third-party cookies drop it.
    pub(super) fn cookie(&self, value: &str, max_age: i64) -> String {
        let name = self.cookie_name();
        format!("{name}={value}; Path=/; Max-Age={max_age}; SameSite=None; Secure; HttpOnly; Partitioned")
    }
}

fn bind(key: &MacKey, state: &str) -> String {
    base64url::encode(&key.mac(&[state.as_bytes()]))
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
pub(super) struct OurState {
    pub(super) state: State,
    binding: String,
}

impl OurState {
    /// Verifies the MAC of a state.
    pub(super) fn verify(text: &str, keys: &StateKeys) -> Result<Self> {
        let pairs = keys.0.iter();
        let verified = pairs.map(|pair| verify(text, pair));
        let none = || Err(foreign("no secret to verify it with"));
        // Of several secrets, the error is that of the last: all say that the state is not ours.
        verified.reduce(Result::or).unwrap_or_else(none)
    }

    /// Whether the launch has come in time; `now` in seconds since 1970.
    pub(super) fn check_time(&self, now: f64) -> Result<()> {
        #[allow(clippy::cast_precision_loss)]
        let exp = self.state.exp as f64;
        if now < exp {
            return Ok(());
        }
        let lifetime = self.state.exp.saturating_sub(self.state.iat);
        let message = format!("the login was begun more than {lifetime} s ago, open the tool in the platform again");
        Err(Error::new(Code::StateInvalid, message).at("state"))
    }

    /// Whether the browser is the one in which the login was begun.
    pub(super) fn check_binding(&self, evidence: &Evidence<'_>) -> Result<()> {
        let by_cookie = self.by_cookie(evidence.cookie);
        let Err(cookie) = by_cookie else { return Ok(()) };
        let Err(stored) = self.by_storage(evidence.stored) else { return Ok(()) };
        let remedy = "verify with the request's Cookie header, or with what the platform's storage gives; where a browser \
                      keeps neither, open the tool in a new window";
        let message = format!("nothing shows that this browser began the login: {cookie}; {stored}; {remedy}");
        Err(Error::new(Code::StateNotBound, message).at("state").spec("RFC 9700 §4.7"))
    }

    fn by_cookie(&self, header: Option<&str>) -> Result<(), String> {
        let name = self.state.cookie_name();
        let Some(header) = header else { return Err("the request has no Cookie header".to_owned()) };
        // Other blanks belong to a name: a browser takes U+2000 before `__Host-` from any subdomain, as part of another name.
        let cookies = header.split(';').filter_map(|cookie| cookie.trim_matches([' ', '\t']).split_once('='));
        let mut values = cookies.filter(|(known, _)| *known == name).map(|(_, value)| value).peekable();
        if values.peek().is_none() {
            return Err(format!("there is no cookie {name}"));
        }
        if values.any(|value| self.is_binding(value)) { Ok(()) } else { Err(format!("the cookie {name} is another's")) }
    }

    fn by_storage(&self, stored: Option<Stored<'_>>) -> Result<(), String> {
        let Some(Stored { value, origin }) = stored else { return Err("no stored value was given".to_owned()) };
        let expected = &self.state.origin;
        match origin {
            None => Err(format!("the stored value came without an Origin header, expected {expected}")),
            Some(origin) if origin != expected => {
                Err(format!("the stored value came from another origin than the redirect URI's, expected {expected}"))
            }
            Some(_) if self.is_binding(value) => Ok(()),
            Some(_) => Err("the stored value is another's".to_owned()),
        }
    }

    fn is_binding(&self, value: &str) -> bool {
        same(self.binding.as_bytes(), value.as_bytes())
    }
}

/// A state that is none of ours.
fn foreign(message: &str) -> Error {
    Error::new(Code::StateInvalid, format!("the state is not ours: {message}")).at("state")
}

fn verify(text: &str, pair: &Pair) -> Result<OurState> {
    let recoded = |error: Error| error.coded(Code::StateInvalid).within("the state is not ours: ", "state");
    let verification = Verification::new(text, &pair.signing, None).map_err(recoded)?;
    let is_right = verification.mac_is_right().unwrap_or_default();
    let verified: Verified = verification.conclude(is_right).map_err(|error| match error.code {
        Code::SignatureFailed => foreign(
            "it was signed with another secret than this one: that of another machine, or of this program before it was \
             restarted",
        ),
        _ => recoded(error),
    })?;
    if typ(verified.header()) != Some(TYP) {
        return Err(foreign("its typ is another"));
    }
    let state = serde_json::from_slice(verified.payload()).map_err(|_| foreign("its claims are others"))?;
    Ok(OurState { state, binding: bind(&pair.binding, text) })
}

fn typ(header: &Header) -> Option<&str> {
    header.members().text("typ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_another_type_is_no_state() {
        let keys = StateKeys::new(&[Secret::new(vec![7; 32], "secret").unwrap()]).unwrap();
        let state = State::new(("i", "c"), "https://tool.test".to_owned(), (1, 2), &[7; RANDOM]);
        let text = state.sign(&keys).unwrap().text;
        assert!(OurState::verify(&text, &keys).is_ok());
        let Keys::One(key) = &keys.0[0].signing else { panic!("one key") };
        for typ in ["JWT", "lti-state"] {
            let header = [("typ", Json::from(typ)), ("alg", Json::from(ALG))].into_iter().collect();
            let claims = serde_json::to_string(&state).unwrap();
            let input = SigningInput::new(claims.as_bytes(), key, &header).unwrap();
            let mac = input.mac().unwrap();
            let error = OurState::verify(&input.seal(&mac), &keys).unwrap_err();
            assert_eq!(
                (error.code, error.message.as_str()),
                (Code::StateInvalid, "the state is not ours: its typ is another")
            );
        }
    }
}
