//! Rules for `exp`, `iat` and `nbf` as Canvas compares them, and times in words.

use super::check::Checks;
use super::claims::Context;
use super::kind::Kind;
use crate::error::Code;
use crate::error::text::digits;
use crate::json::{Json, Object};

/// Above this a time is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS: f64 = 1e11;
const MICROSECONDS: f64 = 1e14;
const NANOSECONDS: f64 = 1e17;
/// The lifetime that older Canvas allows an assertion, in seconds.
const MINUTE: f64 = 60.0;
const HOURS: f64 = 3.0 * 3600.0;

/// What times are compared with, in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) now: f64,
    pub(crate) tolerance: f64,
}

pub(crate) fn check(context: &Context<'_>, checks: &mut Checks) {
    let Some(iat) = time(context.claims, "iat") else { return };
    if iat < context.clock.now.max(MILLISECONDS) {
        issued(context, iat, checks);
    }
    if let Some(exp) = time(context.claims, "exp").filter(|exp| *exp < MILLISECONDS) {
        lifetime(context.kind, exp - iat, checks);
    }
}

pub(crate) fn time(claims: &Object, name: &str) -> Option<f64> {
    match claims.get(name) {
        Some(Json::Number(number)) => Some(number.as_f64()),
        _ => None,
    }
}

/// Whether the times are in seconds.
pub(crate) fn units(context: &Context<'_>, checks: &mut Checks) {
    for name in ["exp", "nbf", "iat"] {
        let Some(Json::Number(number)) = context.claims.get(name) else { continue };
        let time = number.as_f64();
        if time >= MILLISECONDS {
            let (unit, factor) = match time {
                ..MICROSECONDS => ("milliseconds", "1000"),
                ..NANOSECONDS => ("microseconds", "1000000"),
                _ => ("nanoseconds", "1000000000"),
            };
            let line = "time-unit|claims.{0}|RFC 7519 §2|{0} is in {1}, expected seconds since 1970\
                        |divide {0} by {2} and drop the fraction";
            let values = [name, unit, factor];
            match refused_ahead(context, name) {
                Some((furthest, code)) if time > context.clock.now + furthest + context.clock.tolerance => {
                    checks.fail(code, line, &values);
                }
                _ => checks.warn(line, &values),
            }
        } else if !number.is_integer() {
            checks.warn(
                "time-fraction|claims.{0}|RFC 7519 §2\
                 |{0} is written with a fraction or exponent, expected whole seconds|write {0} as an integer",
                &[name],
            );
        }
    }
}

/// How far ahead a time may be, and as what it is refused beyond. An `exp` in milliseconds is far in the future, which
/// newer Canvas takes.
fn refused_ahead(context: &Context<'_>, name: &str) -> Option<(f64, Code)> {
    match name {
        "nbf" if context.kind != Kind::Lti2Assertion => Some((0.0, Code::NotYetValid)),
        "iat" => context.kind.profile().issued.map(|(_, furthest)| (furthest, Code::ClaimFailed)),
        _ => None,
    }
}

fn issued(context: &Context<'_>, iat: f64, checks: &mut Checks) {
    let Some((oldest, furthest)) = context.kind.profile().issued else { return };
    let Clock { now, tolerance } = context.clock;
    let span = duration(now - iat);
    if iat < now - oldest - tolerance {
        checks.refuse(
            "iat-age|claims.iat|*|iat is {0} ago, Canvas takes at most {1}\
             |make a new token for each request, just before sending it",
            &[&span, &duration(oldest)],
        );
    } else if iat > now + furthest + tolerance {
        let line = if furthest > 0.0 {
            "iat-future|claims.iat|*|iat is {0} ahead, Canvas takes at most {1}\
             |set the clock of this machine (NTP), and write iat in UTC seconds"
        } else {
            "iat-future|claims.iat|*|iat is {0} ahead\
             |set the clock of this machine (NTP), and write iat in UTC seconds"
        };
        checks.refuse(line, &[&span, &duration(furthest)]);
    } else {
        let found = if oldest.is_finite() { "recent" } else { "in the past" };
        checks.pass("iat-age|claims.iat|*|iat is {0}", &[found]);
    }
}

fn lifetime(kind: Kind, seconds: f64, checks: &mut Checks) {
    if seconds <= 0.0 {
        checks.warn("time-order|claims.exp|RFC 7519 §4.1.4|exp is not after iat|set exp to iat + 60", &[]);
    } else if kind == Kind::Lti2Assertion && seconds > MINUTE {
        checks.warn(
            "lifetime|claims.exp|*|a lifetime of {0}; older Canvas refuses more than a minute|set exp to iat + 60",
            &[&duration(seconds)],
        );
    } else if kind.is_assertion() && seconds > HOURS {
        checks.warn(
            "lifetime|claims.exp|RFC 7523 §3|a lifetime of {0} for a token that is used once\
             |set exp to iat + 300 or less",
            &[&duration(seconds)],
        );
    }
}

/// A span of time in words: `47 s`, `3 min 20 s`, `2 h 5 min`, `3 days`.
pub(crate) fn duration(seconds: f64) -> String {
    let total = whole(seconds.abs());
    let (days, hours, minutes, rest) = (total / 86_400, total / 3600 % 24, total / 60 % 60, total % 60);
    let (large, small) = match total {
        0..60 => ((rest, " s"), (0, "")),
        60..3600 => ((minutes, " min"), (rest, " s")),
        3600..86_400 => ((hours, " h"), (minutes, " min")),
        86_400..172_800 => ((1, " day"), (hours, " h")),
        _ => ((days, " days"), (0, "")),
    };
    let mut words = digits(large.0) + large.1;
    if small.0 > 0 {
        words = [&words, " ", &digits(small.0), small.1].concat();
    }
    words
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(seconds: f64) -> u64 {
    (seconds + 0.5) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_put_in_words() {
        for (seconds, words) in [
            (0.0, "0 s"),
            (47.4, "47 s"),
            (60.0, "1 min"),
            (200.0, "3 min 20 s"),
            (3600.0, "1 h"),
            (7500.0, "2 h 5 min"),
            (90_000.0, "1 day 1 h"),
            (1e6, "11 days"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }
}
