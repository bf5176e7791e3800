//! When a request is sent again: after throttling, after an answer or a failure that says it was not carried out, and
//! otherwise only where carrying it out twice does no harm. Decides; does not wait.

use std::time::{SystemTime, UNIX_EPOCH};

use ::http::StatusCode;

use super::message::{Repeat, Response, header};

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
const LONGEST_WAIT: f64 = 60.0;

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
            is_throttled(response)
                || response.status() == StatusCode::SERVICE_UNAVAILABLE
                // A gateway's error: what stands behind it may have done the work (RFC 9110 §15.6.3, §15.6.5).
                || (matches!(response.status(), StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT)
                    && repeat == Repeat::Harmless)
        }
    };
    let asked = match outcome {
        Outcome::Answer(response) => retry_after(response, now),
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

/// Whether Canvas refused it for the rate of requests: 429, or the older 403 with its text.
#[must_use]
pub fn is_throttled(response: &Response) -> bool {
    response.status() == StatusCode::TOO_MANY_REQUESTS
        || (response.status() == StatusCode::FORBIDDEN && response.body().as_str().contains("Rate Limit Exceeded"))
}

/// `Retry-After` in seconds from `now`, given as seconds or as a date (RFC 9110 §10.2.3). `now` is in seconds since 1970.
#[must_use]
pub fn retry_after(response: &Response, now: f64) -> Option<f64> {
    let text = header(response, "retry-after")?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    http_date(text).map(|date| (date - now).max(0.0))
}

/// The server's clock in its `Date` header, in seconds since 1970.
#[must_use]
pub fn date(response: &Response) -> Option<f64> {
    http_date(header(response, "date")?)
}

/// A date in any of the three forms of RFC 9110 §5.6.7, in seconds since 1970.
fn http_date(text: &str) -> Option<f64> {
    let date: SystemTime = httpdate::parse_http_date(text).ok()?;
    date.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&str>, body: &str) -> Response {
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        if let Some(value) = retry_after {
            response.headers_mut().insert("retry-after", value.parse().unwrap());
        }
        response
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
            (answer(403, None, "403 Forbidden (Rate Limit)\n"), Harmless, None),
            (answer(400, None, throttled), Harmless, None),
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

    #[test]
    fn a_date_of_every_form_is_read() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(http_date(text), Some(784_111_777.0), "{text}");
        }
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199.0),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200.0),
            ("Tuesday, 31-Dec-69 23:59:59 GMT", 3_155_759_999.0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799.0),
        ] {
            assert_eq!(http_date(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_date() {
        for text in [
            "",
            "soon",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Thu, 06 Nov 1969 08:49:37 GMT",
            // Not the day that it was.
            "Mon, 06 Nov 1994 08:49:37 GMT",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
