//! The keys of a platform at a URL (RFC 7517 §5): which of them are held, for how long, and when they are asked for again.
//! Decides; fetches nothing, and has no clock. No library does this without sending the request itself; those that read
//! `Cache-Control` trust its numbers (`Age` may overflow), or know its directives in lower case alone.

use ::http::Method;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{Code, Error, Result};
use crate::http::{self, HttpUrl, Repeat, Request, Response, answer};
use crate::jose::jwa::KeyKind;
use crate::jose::{Key, Keys, Material, Member, Unverified, jwk, thumbprint_of};
use crate::json::{self, Json, Object};

/// How large a set may be, in bytes.
pub const MAX_BYTES: u32 = 256 * 1024;
/// How many keys a set may have.
pub const MAX_KEYS: usize = 100;

/// How long a set is good for that says nothing of it, or is not to be stored, in seconds.
const DEFAULT_LIFETIME: f64 = 600.0;
/// A set is kept for so many seconds at least: one that is good for none would be fetched for every token.
const SHORTEST_LIFETIME: f64 = 60.0;
/// And at most for so many, which is what Canvas says: ten days.
const LONGEST_LIFETIME: f64 = 864_000.0;
/// For so long after its time a set is used when the server gives no other, in seconds.
const GRACE: f64 = 86_400.0;
/// So many seconds lie between two fetches for a key that the set lacks.
const REFETCH: f64 = 60.0;
/// So many seconds after a fetch that failed there is no other.
const RETRY: f64 = 10.0;
/// A set that was fetched so many seconds in the future was fetched when the clock was wrong.
const CLOCK_STEP: f64 = 300.0;

/// The modulus of the three keys in Canvas's `config/dynamic_settings.yml.example`. Their private half is published there.
const EXAMPLE_MODULUS: &str = "uX1MpfEMQCBUMcj0sBYI-iFaG5Nodp3C6OlN8uY60fa5zSBd83-iIL3n_qzZ8VCluuTLfB7rrV_tiX727XIEqQ";

/// A set that was fetched.
#[derive(Clone, Debug)]
struct Held {
    keys: Keys,
    /// The set as it was answered.
    set: Object,
    /// In seconds since 1970, like all times here.
    fetched_at: f64,
    fresh_until: f64,
}

/// A set in a store.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    set: Box<RawValue>,
    fetched_at: f64,
    fresh_until: f64,
}

/// What is known of the keys at a URL.
///
/// ```
/// use canvas_lms_tokens::lti13::{CachedJwks, JwksStep};
///
/// let mut jwks = CachedJwks::default();
/// assert!(matches!(jwks.step(Some("1"), 1_700_000_000.0), JwksStep::Fetch));
///
/// // Sent with any HTTP client.
/// let mut answer = canvas_lms_tokens::http::Response::new(r#"{"keys":[]}"#.into());
/// answer.headers_mut().insert("cache-control", "max-age=864000".parse().expect("a header"));
/// jwks.fetched(&answer, 1_700_000_000.0)?;
/// assert!(matches!(jwks.step(Some("1"), 1_700_000_059.0), JwksStep::Use(_)));
/// // The set lacks the key, which may be new.
/// assert!(matches!(jwks.step(Some("1"), 1_700_000_060.0), JwksStep::Fetch));
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CachedJwks {
    held: Option<Held>,
    /// When a fetch ended last, well or not.
    tried_at: Option<f64>,
    /// Why the last fetch failed, where it did.
    failure: Option<Error>,
}

/// What to do for a key.
#[derive(Debug)]
pub enum JwksStep<'a> {
    /// Choose from these.
    Use(&'a Keys),
    /// Fetch the set, hand over what comes of it, and ask again.
    Fetch,
    /// There are no keys, for this reason.
    Refuse(&'a Error),
}

impl CachedJwks {
    /// What to do for a token with this `kid`, at this time. A set that lacks the `kid` is fetched again, at most once a
    /// minute. Whether it has the key of a token without `kid` cannot be seen, so that nothing is fetched for one.
    #[must_use]
    pub fn step(&self, kid: Option<&str>, now: f64) -> JwksStep<'_> {
        let waited = |seconds: f64| self.tried_at.is_none_or(|at| !(at..at + seconds).contains(&now));
        let refused = self.failure.as_ref().filter(|_| !waited(RETRY)).map(JwksStep::Refuse);
        let Some(held) = self.held.as_ref().filter(|held| held.is_usable(now)) else {
            return refused.unwrap_or(JwksStep::Fetch);
        };
        if kid.is_some_and(|kid| !held.has(kid)) {
            if waited(REFETCH) {
                return JwksStep::Fetch;
            }
            // A fetch that failed would perhaps have brought the key.
            return self.failure.as_ref().map_or(JwksStep::Use(&held.keys), JwksStep::Refuse);
        }
        if held.is_fresh(now) || refused.is_some() { JwksStep::Use(&held.keys) } else { JwksStep::Fetch }
    }

    /// Takes the answer to a fetch. A set replaces the one that was held, so that a withdrawn key is gone, and another key
    /// under the same `kid` is the one that counts.
    ///
    /// # Errors
    /// Those of [`response`], which are remembered as by [`failed`](Self::failed).
    pub fn fetched(&mut self, answer: &Response, now: f64) -> Result<&Keys> {
        match read(answer, now) {
            Ok((set, keys)) => {
                self.tried_at = Some(now);
                self.failure = None;
                let held = Held { keys, set, fetched_at: now, fresh_until: now + lifetime(answer) };
                Ok(&self.held.insert(held).keys)
            }
            Err(error) => {
                self.failed(error.clone(), now);
                Err(error)
            }
        }
    }

    /// The set for a store that machines share: its text, and for how many seconds it may be of use.
    #[must_use]
    pub fn to_stored(&self, now: f64) -> Option<(String, f64)> {
        let Held { set, fetched_at, fresh_until, .. } = self.held.as_ref()?;
        let stored = Stored {
            set: serde_json::value::to_raw_value(set).ok()?,
            fetched_at: *fetched_at,
            fresh_until: *fresh_until,
        };
        Some((serde_json::to_string(&stored).ok()?, (fresh_until + GRACE - now).ceil()))
    }

    /// Takes such a text of a store, where it is of use: a set that another machine fetched after this one did. Says whether
    /// it did. Whoever writes to the store says which keys there are.
    pub fn restore(&mut self, text: &str, now: f64) -> bool {
        let Ok(Stored { set, fetched_at, fresh_until }) = serde_json::from_str(text) else { return false };
        let is_newer = self.held.as_ref().is_none_or(|held| fetched_at > held.fetched_at);
        let is_possible = fetched_at < now + CLOCK_STEP && fresh_until <= fetched_at + LONGEST_LIFETIME;
        let Ok(set) = json::read_object(set.get().as_bytes()) else { return false };
        let (true, true, Ok(keys)) = (is_newer, is_possible, read_set(&set)) else { return false };
        let held = Held { keys, set, fetched_at, fresh_until };
        if !held.is_usable(now) {
            return false;
        }
        self.tried_at = self.tried_at.into_iter().chain([fetched_at]).reduce(f64::max);
        self.failure = None;
        self.held = Some(held);
        true
    }

    /// The keys that are held, good or not.
    #[must_use]
    pub fn keys(&self) -> Option<&Keys> {
        self.held.as_ref().map(|held| &held.keys)
    }

    /// Remembers that a fetch failed: for some seconds there is no other. One that was aborted says nothing of the server.
    pub fn failed(&mut self, error: Error, now: f64) {
        if error.code != Code::Aborted {
            self.tried_at = Some(now);
            self.failure = Some(error);
        }
    }
}

impl Held {
    fn has(&self, kid: &str) -> bool {
        match &self.keys {
            Keys::Set(members) => members.iter().any(|member| member.kid() == Some(kid)),
            Keys::One(key) => key.kid() == Some(kid),
        }
    }

    fn is_fresh(&self, now: f64) -> bool {
        (self.fetched_at - CLOCK_STEP..self.fresh_until).contains(&now)
    }

    fn is_usable(&self, now: f64) -> bool {
        now < self.fresh_until + GRACE
    }
}

/// The name under which machines share the keys at a URL.
#[must_use]
pub fn stored_name(url: &str) -> String {
    format!("lti-jwks/{}", http::segment(url))
}

/// The request for the keys at a URL; `at` names the argument that it comes from.
///
/// # Errors
/// `ERR_ARGUMENT` for anything but an absolute http(s) URL without credentials and fragment, its host in ASCII.
pub fn request(url: &str, at: &str) -> Result<Request> {
    let refused = |fault: &str| Err(Error::argument(at, fault));
    match HttpUrl::parse(url) {
        None => refused("not an absolute http(s) URL"),
        Some(url) if url.userinfo.is_some() => refused("carries a user name or password"),
        Some(url) if url.fragment.is_some() => refused("carries a fragment (#)"),
        Some(url) if !url.host.is_ascii() => refused("its host is not ASCII, expected it as it is sent (xn--…)"),
        Some(_) => http::request(Method::GET, url, at, "application/jwk-set+json, application/json", Repeat::Harmless),
    }
}

/// Reads the answer; `now` in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for a success that is no JWK Set, or too large a one, and what [`answer::refusal`] makes of other
/// answers, such as redirects.
pub fn response(response: &Response, now: f64) -> Result<Keys> {
    read(response, now).map(|(_, keys)| keys)
}

fn read(response: &Response, now: f64) -> Result<(Object, Keys)> {
    if !response.status().is_success() {
        return Err(answer::refusal(response, now));
    }
    if response.body().as_str().len() > MAX_BYTES as usize {
        return Err(answer::invalid(response, &format!("more than {MAX_BYTES} bytes, expected a JWK Set")));
    }
    let expected = "a JWK Set: an object with an array of keys";
    let Some(Json::Object(set)) = answer::json(response) else {
        return Err(answer::unexpected(response, expected));
    };
    let Some(Json::Array(items)) = set.get("keys") else {
        return Err(answer::invalid(response, &format!("the answer has no array of keys, expected {expected}")));
    };
    if items.len() > MAX_KEYS {
        let message = format!("the set has {} keys, expected at most {MAX_KEYS}", items.len());
        return Err(answer::invalid(response, &message));
    }
    let keys = public_keys(items);
    Ok((set, keys))
}

/// The keys of a set that is published. What cannot be used matters only when it is chosen (RFC 7517 §5): types and curves
/// that are not known, keys that are too short, secrets and private keys, which everybody can read there, and a `kid` that
/// stands for two keys.
fn public_keys(items: &[Json]) -> Keys {
    let mut members: Vec<Member> = Vec::new();
    for item in items.iter().filter_map(Json::as_object) {
        let (kid, key) = (item.text("kid"), public_key(item));
        let Some(same) = kid.and_then(|kid| members.iter_mut().find(|member| member.kid() == Some(kid))) else {
            members.push(Member::new(kid.map(str::to_owned), key));
            continue;
        };
        let is_same = matches!((same.key(), &key), (Ok(one), Ok(other)) if thumbprint_of(one) == thumbprint_of(other));
        if !is_same {
            let message = "key.kid: it stands for two keys of the set, expected one for each";
            let error = Error::new(Code::JwkInvalid, message).at("key.kid").spec("RFC 7517 §4.5");
            *same = Member::new(kid.map(str::to_owned), Err(error));
        }
    }
    Keys::Set(members)
}

/// Reads a set of a platform's keys that was given, not fetched.
///
/// # Errors
/// `ERR_JWK_INVALID` for what is no set.
pub fn read_set(set: &Object) -> Result<Keys> {
    match set.get("keys") {
        Some(Json::Array(items)) => Ok(public_keys(items)),
        _ => Err(Error::new(Code::JwkInvalid, "key.keys: expected an array of JWKs")
            .at("key.keys")
            .spec("RFC 7517 §5.1")),
    }
}

/// Refuses Canvas's example key, by name.
///
/// # Errors
/// `ERR_JWK_INVALID`
pub(crate) fn refuse_example(item: &Object) -> Result<()> {
    if item.text("n") == Some(EXAMPLE_MODULUS) {
        let message = "key.n: Canvas's example key of 512 bits, whose private half is public in Canvas's repository: anyone \
                       can forge launches of this platform; its operator must put keys of its own in place of those of \
                       config/dynamic_settings.yml.example";
        let error = Error::new(Code::JwkInvalid, message).at("key.n");
        return Err(error.spec("Canvas: config/dynamic_settings.yml.example"));
    }
    Ok(())
}

/// Reads one key of a platform's.
///
/// # Errors
/// `ERR_JWK_INVALID` for Canvas's example key, by name, for a secret and for a private key; those of reading any JWK.
pub fn public_key(item: &Object) -> Result<Key> {
    refuse_example(item)?;
    let key = jwk::parse(item)?;
    if key.is_private() {
        let what = match key.material() {
            Material::Oct(_) => "a shared secret",
            _ => "a private key",
        };
        let message = format!("{what} in a published set: whoever reads it can sign, expected public keys");
        return Err(Error::new(Code::JwkInvalid, message).at("key").spec("RFC 7517 §9.2"));
    }
    Ok(key)
}

/// The `kid` of the key that a token wants, of keys that are published: told before any is fetched.
///
/// # Errors
/// Those of [`Unverified::parse`]; `ERR_JOSE_ALG_NOT_ALLOWED` for a MAC, for which no published key is right.
pub fn wanted_kid(token: &str, algorithms: Option<&[String]>) -> Result<Option<String>> {
    let token = Unverified::parse(token, algorithms)?;
    let alg = token.algorithm();
    if alg.key == KeyKind::Secret {
        let message =
            format!("{} is made with a shared secret, expected a signature: keys at a URL are public", alg.name);
        return Err(Error::new(Code::AlgNotAllowed, message).at("header.alg").spec("RFC 8725 §3.1"));
    }
    Ok(token.kid().map(str::to_owned))
}

/// How long an answer is good for, in seconds: its `max-age` less its `Age` (RFC 9111 §4.2), within bounds.
fn lifetime(response: &Response) -> f64 {
    let control = http::header(response, "cache-control").unwrap_or_default();
    let directives = control.split(',').map(|directive| directive.split_once('=').unwrap_or((directive, "")));
    let (mut is_stored, mut max_age) = (true, None);
    for (name, value) in directives.map(|(name, value)| (name.trim(), value.trim().trim_matches('"'))) {
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            is_stored = false;
        } else if name.eq_ignore_ascii_case("max-age") && max_age.is_none() {
            max_age = seconds(value);
        }
    }
    let age = http::header(response, "age").and_then(seconds).unwrap_or_default();
    match max_age.filter(|_| is_stored) {
        Some(max_age) => (max_age - age).clamp(SHORTEST_LIFETIME, LONGEST_LIFETIME),
        None => DEFAULT_LIFETIME,
    }
}

/// A number of seconds (RFC 9111 §1.2.2); however large, it is a number.
fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aborted_fetch_says_nothing_of_the_server() {
        let mut jwks = CachedJwks::default();
        jwks.failed(Error::new(Code::Aborted, "the signal was aborted"), 7.0);
        assert!(matches!(jwks.step(None, 7.0), JwksStep::Fetch));
        jwks.failed(Error::new(Code::Timeout, "no whole answer"), 7.0);
        assert!(matches!(jwks.step(None, 7.0), JwksStep::Refuse(_)));
    }

    #[test]
    fn how_long_an_answer_is_good_for() {
        for (control, age, expected) in [
            (None, None, 600.0),
            (Some("max-age=864000, private, must-revalidate"), None, 864_000.0),
            (Some("public, Max-Age=\"3600\""), None, 3600.0),
            (Some("max-age=3600"), Some("600"), 3000.0),
            (Some("max-age=3600"), Some("99999999999999999999999"), 60.0),
            (Some("max-age=0"), None, 60.0),
            (Some("max-age=99999999999999999999999999"), None, 864_000.0),
            (Some("s-maxage=5000"), None, 600.0),
            (Some("max-age=-1"), None, 600.0),
            (Some("max-age"), None, 600.0),
            (Some("max-age=1e3"), None, 600.0),
            (Some("no-store, max-age=3600"), None, 600.0),
            (Some("max-age=3600, No-Cache"), None, 600.0),
            (Some("max-age=120, max-age=3600"), None, 120.0),
        ] {
            let mut response = Response::default();
            for (name, value) in [("cache-control", control), ("age", age)] {
                if let Some(value) = value {
                    response.headers_mut().insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(lifetime(&response).to_bits(), f64::to_bits(expected), "{control:?} {age:?}");
        }
    }
}
