//! The keys at a URL as they are held: for how long, and when they are asked for again. Decides; fetches nothing, and has no
//! clock. No library does this without sending the request itself; those that read `Cache-Control` trust its numbers (`Age` may
//! overflow), or know its directives in lower case alone.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::jwks::{read, read_set};
use crate::error::{Code, Error, Result};
use crate::http::{self, Response};
use crate::jose::Keys;
use crate::json::{self, Object};

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
    /// Those of [`response`](super::jwks::response), which are remembered as by [`failed`](Self::failed).
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

    /// The name under which machines share the keys at a URL.
    #[must_use]
    pub fn stored_name(url: &str) -> String {
        format!("lti-jwks/{}", http::segment(url))
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
