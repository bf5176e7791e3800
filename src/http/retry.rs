//! When a request is sent again: after throttling, after an answer or a failure that says it was not carried out, and
//! otherwise only where carrying it out twice does no harm. Decides; does not wait.

use super::date;
use super::message::Response;
use crate::error::text::contains;

/// Whether a request may be sent again although it may have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice does no harm: it reads, or makes one more token.
    Harmless,
    /// Only when it was surely not carried out.
    OnlyIfUnsent,
}

/// How one try ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// With an answer.
    Answer(&'a Response),
    /// With a failure before anything was sent.
    Unsent,
    /// With a failure after something may have been sent.
    Lost,
}

/// The longest wait that a `Retry-After` can ask for, in seconds; beyond it the error is the better answer.
pub const LONGEST_WAIT: f64 = 60.0;

const FIRST_WAIT: f64 = 0.5;

/// How many seconds to wait before the next try, or nothing when there is none. `tries` counts those made, `jitter` is
/// a random number from 0 to 1, `now` is in seconds since 1970.
#[must_use]
pub fn delay(tries: u32, retries: u32, outcome: Outcome<'_>, repeat: Repeat, jitter: f64, now: f64) -> Option<f64> {
    if tries > retries {
        return None;
    }
    let again = match outcome {
        Outcome::Unsent => true,
        Outcome::Lost => repeat == Repeat::Harmless,
        Outcome::Answer(response) => {
            response.is_throttled()
                || response.status == 503
                // A gateway's error: what stands behind it may have done the work (RFC 9110 §15.6.3, §15.6.5).
                || (matches!(response.status, 502 | 504) && repeat == Repeat::Harmless)
        }
    };
    let asked = match outcome {
        Outcome::Answer(response) => response.retry_after(now),
        _ => None,
    };
    let doubled = FIRST_WAIT * 2.0_f64.powi(i32::try_from(tries.min(10)).unwrap_or(10) - 1);
    let wait = asked.unwrap_or_else(|| doubled * (0.5 + jitter.clamp(0.0, 1.0) / 2.0));
    (again && wait <= LONGEST_WAIT).then_some(wait)
}

/// Whether a platform's error code says that no connection was made, so that nothing was sent.
#[must_use]
pub fn is_unsent(code: &str) -> bool {
    const UNSENT: [&str; 7] = [
        "ECONNREFUSED",
        "ENOTFOUND",
        "EAI_AGAIN",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "UND_ERR_CONNECT_TIMEOUT",
        "ConnectionRefused",
    ];
    UNSENT.contains(&code)
}

impl Response {
    /// Whether Canvas refused it for the rate of requests: 429, or the older 403 with its text.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status == 429 || (self.status == 403 && contains(&self.body, "Rate Limit Exceeded"))
    }

    /// `Retry-After` in seconds from now, given as seconds or as a date (RFC 9110 §10.2.3).
    #[must_use]
    pub fn retry_after(&self, now: f64) -> Option<f64> {
        let text = self.header("retry-after")?.trim();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text.bytes().fold(0.0, |seconds, digit| seconds * 10.0 + f64::from(digit - b'0')));
        }
        date::parse(text).map(|date| (date - now).max(0.0))
    }

    /// The server's clock in its `Date` header, in seconds since 1970.
    #[must_use]
    pub fn date(&self) -> Option<f64> {
        date::parse(self.header("date")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&str>, body: &str) -> Response {
        let headers = retry_after.map(|value| ("retry-after".to_owned(), value.to_owned())).into_iter().collect();
        Response { status, headers, body: body.to_owned() }
    }

    #[test]
    fn what_happens_next() {
        use Repeat::{Harmless, OnlyIfUnsent};
        let throttled = "403 Forbidden (Rate Limit Exceeded)\n";
        for (response, repeat, expected) in [
            (answer(200, None, "{}"), Harmless, None),
            (answer(400, None, "{}"), Harmless, None),
            (answer(401, None, "{}"), Harmless, None),
            (answer(403, None, "{}"), Harmless, None),
            (answer(500, None, ""), Harmless, None),
            (answer(403, None, throttled), OnlyIfUnsent, Some(0.5)),
            (answer(429, None, ""), OnlyIfUnsent, Some(0.5)),
            (answer(429, Some("7"), ""), OnlyIfUnsent, Some(7.0)),
            (answer(429, Some("Sun, 06 Nov 1994 08:49:47 GMT"), ""), OnlyIfUnsent, Some(10.0)),
            (answer(429, Some("Sun, 06 Nov 1994 08:49:27 GMT"), ""), OnlyIfUnsent, Some(0.0)),
            (answer(429, Some("soon"), ""), OnlyIfUnsent, Some(0.5)),
            (answer(429, Some("61"), ""), OnlyIfUnsent, None),
            (answer(429, Some("99999999999"), ""), OnlyIfUnsent, None),
            (answer(503, Some("2"), ""), OnlyIfUnsent, Some(2.0)),
            (answer(502, None, ""), OnlyIfUnsent, None),
            (answer(502, None, ""), Harmless, Some(0.5)),
            (answer(504, None, ""), OnlyIfUnsent, None),
            (answer(504, None, ""), Harmless, Some(0.5)),
        ] {
            let next = delay(1, 2, Outcome::Answer(&response), repeat, 1.0, 784_111_777.0);
            assert_eq!(next, expected, "{response:?} {repeat:?}");
        }
        assert_eq!(delay(1, 2, Outcome::Unsent, OnlyIfUnsent, 0.0, 0.0), Some(0.25));
        assert_eq!(delay(2, 2, Outcome::Unsent, OnlyIfUnsent, 0.0, 0.0), Some(0.5));
        assert_eq!(delay(3, 2, Outcome::Unsent, OnlyIfUnsent, 0.0, 0.0), None);
        assert_eq!(delay(1, 0, Outcome::Unsent, Harmless, 0.0, 0.0), None);
        assert_eq!(delay(1, 2, Outcome::Lost, OnlyIfUnsent, 0.0, 0.0), None);
        assert_eq!(delay(1, 2, Outcome::Lost, Harmless, 0.0, 0.0), Some(0.25));
    }
}
