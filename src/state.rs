//! What goes through a browser and comes back: signed, so that no machine has to remember it, and bound to the browser that it
//! was begun in. Without the binding, whoever gets somebody to open his own answer logs that person in as himself (RFC 9700
//! §4.7). Logins of LTI and authorizations of Canvas each have states, and keys, of their own.

use core::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Code, Error, Result};
use crate::jose::jwa::Hash;
use crate::jose::mac::{MacKey, derive, mac, same};
use crate::jose::{Key, Keys, Secret, SigningInput, UntrustedJws, Verification, Verified, base64url};
use crate::json::{Json, Object};

const ALG: &str = "HS256";
/// The shortest secret, in bytes (RFC 7518 §3.2).
const SHORTEST: usize = 32;

/// Whether there is a secret, and each is long enough; `at` names them for the error.
pub(crate) fn check_secrets(secrets: &[Secret], at: &str) -> Result<()> {
    if secrets.is_empty() {
        return Err(Error::argument(at, format!("no secret, expected one of at least {SHORTEST} bytes")));
    }
    match secrets.iter().map(|secret| secret.as_bytes().len()).find(|length| *length < SHORTEST) {
        Some(length) => {
            let message = format!("{length} bytes, expected a random secret of at least {SHORTEST}");
            Err(Error::argument(at, message).spec("RFC 7518 §3.2"))
        }
        None => Ok(()),
    }
}

/// How many whole seconds there are until this time, at least one; both in seconds since 1970.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(crate) fn seconds_until(until: i64, now: f64) -> i64 {
    ((until as f64 - now).ceil() as i64).max(1)
}

/// What states are for, so that none is taken for one of another purpose.
pub(crate) struct Purpose {
    /// The header `typ` (RFC 8725 §3.11).
    pub(crate) typ: &'static str,
    /// What the key that signs is derived for.
    pub(crate) signing: &'static str,
    /// What the key that binds is derived for.
    pub(crate) binding: &'static str,
    /// What the key is derived for that makes the code verifier (RFC 7636), where there is one.
    pub(crate) verifier: Option<&'static str>,
    /// What cookies are named after.
    pub(crate) cookie: &'static str,
    /// What is begun with a state.
    pub(crate) begun: &'static str,
    /// What to do when it has expired.
    pub(crate) remedy: &'static str,
    /// The error for one that is not ours, or has expired.
    pub(crate) invalid: Code,
}

impl Purpose {
    /// Whether a state was signed by who has this secret.
    pub(crate) fn is_of_secret(&self, secret: &[u8], state: &UntrustedJws) -> bool {
        let key = derive(secret, self.signing.as_bytes());
        same(&mac(Hash::Sha256, &key, &[state.signing_input.as_bytes()]), &state.signature)
    }

    /// The name of the cookie that holds the binding. A browser may begin several at a time, so that each has its own.
    pub(crate) fn cookie_name(&self, id: &str) -> String {
        format!("__Host-{}-{id}", self.cookie)
    }

    /// A `Set-Cookie` header with this value; without `Partitioned`, browsers that block third-party cookies drop it in frames.
    pub(crate) fn cookie(&self, id: &str, value: &str, max_age: i64) -> String {
        let name = self.cookie_name(id);
        format!("{name}={value}; Path=/; Max-Age={max_age}; SameSite=None; Secure; HttpOnly; Partitioned")
    }

    /// The error for a state that is none of ours.
    fn foreign(&self, message: &str) -> Error {
        Error::new(self.invalid, format!("the state is not ours: {message}")).at("state")
    }
}

/// What states of one purpose are signed and bound with: keys derived from each secret for this purpose alone.
pub(crate) struct SigningKeys {
    purpose: &'static Purpose,
    sets: Vec<KeySet>,
}

struct KeySet {
    signing: Keys,
    binding: MacKey,
    verifier: Option<MacKey>,
}

/// A state as text, and what belongs to it.
pub(crate) struct Signed {
    pub(crate) text: String,
    /// What the browser keeps.
    pub(crate) binding: String,
    /// The code verifier, where the purpose has one. Who has the secret makes it again, so that it is kept nowhere.
    pub(crate) verifier: Option<String>,
}

impl SigningKeys {
    /// The keys of these secrets: the first signs, all verify, so that a secret can be replaced while states are open.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for no secret, and for one of less than 32 bytes.
    pub(crate) fn new(purpose: &'static Purpose, secrets: &[Secret]) -> Result<Self> {
        check_secrets(secrets, "options.secret")?;
        let set = |secret: &Secret| {
            let mac_key = |info: &str| MacKey::new(Hash::Sha256, &derive(secret.as_bytes(), info.as_bytes()));
            let signing = Secret::from_key_bytes(derive(secret.as_bytes(), purpose.signing.as_bytes()));
            KeySet {
                signing: Key::secret(signing, Some(ALG.to_owned())).into(),
                binding: mac_key(purpose.binding),
                verifier: purpose.verifier.map(mac_key),
            }
        };
        Ok(Self { purpose, sets: secrets.iter().map(set).collect() })
    }

    /// How many secrets they are of.
    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    /// Signs claims, which always can be written.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<Signed> {
        let none = || Error::argument("options.secret", "no secret");
        let set = self.sets.first().ok_or_else(none)?;
        let Keys::One(key) = &set.signing else { return Err(none()) };
        let header: Object = [("typ", Json::from(self.purpose.typ)), ("alg", Json::from(ALG))].into_iter().collect();
        let claims = serde_json::to_string(claims).unwrap_or_default();
        let input = SigningInput::new(claims.as_bytes(), key, &header)?;
        let mac = input.mac().unwrap_or_default();
        Ok(set.complete(input.seal(&mac)))
    }

    /// Verifies the MAC of a state.
    ///
    /// # Errors
    /// That of the purpose for a state that is not ours.
    pub(crate) fn verify<T: DeserializeOwned>(&self, text: &str) -> Result<Ours<T>> {
        let verified = self.sets.iter().map(|set| self.verify_by(text, set));
        let none = || Err(self.purpose.foreign("no secret to verify it with"));
        // Of several secrets, the error is that of the last: all say that the state is not ours.
        verified.reduce(Result::or).unwrap_or_else(none)
    }

    fn verify_by<T: DeserializeOwned>(&self, text: &str, set: &KeySet) -> Result<Ours<T>> {
        let purpose = self.purpose;
        let recoded = |error: Error| error.coded(purpose.invalid).within("the state is not ours: ", "state");
        let verification = Verification::new(text, &set.signing, None).map_err(recoded)?;
        let is_right = verification.mac_is_right().unwrap_or_default();
        let verified: Verified = verification.conclude(is_right).map_err(|error| match error.code {
            Code::SignatureFailed => purpose.foreign(
                "it was signed with another secret than this one: that of another machine, or of this program before it was \
                 restarted",
            ),
            _ => recoded(error),
        })?;
        if verified.header().members().text("typ") != Some(purpose.typ) {
            return Err(purpose.foreign("its typ is another"));
        }
        let claims =
            serde_json::from_slice(verified.payload()).map_err(|_| purpose.foreign("its claims are others"))?;
        let Signed { binding, verifier, .. } = set.complete(text.to_owned());
        Ok(Ours { claims, purpose, binding, verifier })
    }
}

impl KeySet {
    fn complete(&self, text: String) -> Signed {
        let of = |key: &MacKey| base64url::encode(&key.mac(&[text.as_bytes()]));
        let (binding, verifier) = (of(&self.binding), self.verifier.as_ref().map(of));
        Signed { text, binding, verifier }
    }
}

/// A state that is ours.
pub(crate) struct Ours<T> {
    pub(crate) claims: T,
    purpose: &'static Purpose,
    binding: String,
    pub(crate) verifier: Option<String>,
}

/// Shows neither binding nor verifier.
impl<T: fmt::Debug> fmt::Debug for Ours<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ours").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl<T> Ours<T> {
    /// Whether the answer has come in time: begun at `iat`, to end at `exp`, all in seconds since 1970.
    pub(crate) fn check_time(&self, (iat, exp): (i64, i64), now: f64) -> Result<()> {
        #[allow(clippy::cast_precision_loss)]
        let is_in_time = now < exp as f64;
        if is_in_time {
            return Ok(());
        }
        let Purpose { begun, remedy, invalid, .. } = self.purpose;
        let lifetime = exp.saturating_sub(iat);
        Err(Error::new(*invalid, format!("the {begun} was begun more than {lifetime} s ago, {remedy}")).at("state"))
    }

    /// Whether the browser's cookies have the binding of the state with this id; else what they have.
    pub(crate) fn by_cookie(&self, id: &str, header: Option<&str>) -> Result<(), String> {
        let name = self.purpose.cookie_name(id);
        let Some(header) = header else { return Err("the request has no Cookie header".to_owned()) };
        // Other blanks belong to a name: a browser takes U+2000 before `__Host-` from any subdomain, as part of another name.
        let cookies = header.split(';').filter_map(|cookie| cookie.trim_matches([' ', '\t']).split_once('='));
        let mut values = cookies.filter(|(known, _)| *known == name).map(|(_, value)| value).peekable();
        if values.peek().is_none() {
            return Err(format!("there is no cookie {name}"));
        }
        if values.any(|value| self.is_binding(value)) { Ok(()) } else { Err(format!("the cookie {name} is another's")) }
    }

    /// Whether it is what the browser was given.
    pub(crate) fn is_binding(&self, value: &str) -> bool {
        same(self.binding.as_bytes(), value.as_bytes())
    }
}
