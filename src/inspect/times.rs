//! Rules for `exp`, `iat` and `nbf` as Canvas compares them, and times in words.

use super::check::Check;
use super::kind::Kind;
use crate::error::Code;
use crate::jose::json::{Json, Object};

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

pub(crate) fn check(kind: Kind, claims: &Object, clock: Clock, checks: &mut Vec<Check>) {
    let (iat, exp) = (time(claims, "iat"), time(claims, "exp"));
    if let (Some((oldest, furthest)), Some(iat)) =
        (kind.profile().issued, iat.filter(|iat| *iat < clock.now.max(MILLISECONDS)))
    {
        checks.push(issued(kind, iat, oldest, furthest, clock));
    }
    if let (Some(iat), Some(exp)) = (iat, exp.filter(|exp| *exp < MILLISECONDS)) {
        lifetime(kind, exp - iat, checks);
    }
}

pub(crate) fn time(claims: &Object, name: &str) -> Option<f64> {
    match claims.get(name) {
        Some(Json::Number(number)) => Some(number.as_f64()),
        _ => None,
    }
}

/// Whether the times are in seconds.
pub(crate) fn units(kind: Kind, claims: &Object, clock: Clock, checks: &mut Vec<Check>) {
    for name in ["exp", "nbf", "iat"] {
        let Some(Json::Number(number)) = claims.get(name) else { continue };
        if number.as_f64() >= MILLISECONDS {
            let (unit, factor) = match number.as_f64() {
                ..MICROSECONDS => ("milliseconds", "1000"),
                ..NANOSECONDS => ("microseconds", "1000000"),
                _ => ("nanoseconds", "1000000000"),
            };
            let message = [name, " is in ", unit, ", expected seconds since 1970"];
            let fix = ["divide ", name, " by ", factor, " and drop the fraction"].concat();
            let spec = "RFC 7519 §2";
            // An `exp` in milliseconds is far in the future, which newer Canvas takes.
            let refused = match name {
                "nbf" if kind != Kind::Lti2Assertion => Some((0.0, Code::NotYetValid)),
                "iat" => kind.profile().issued.map(|(_, furthest)| (furthest, Code::ClaimFailed)),
                _ => None,
            };
            let check = match refused {
                Some((furthest, code)) if number.as_f64() > clock.now + furthest + clock.tolerance => {
                    Check::fail("time-unit", code, &message, &fix)
                }
                _ => Check::warn("time-unit", &message, &fix),
            };
            checks.push(check.at_claim(name).spec(spec));
        } else if !number.is_integer() {
            let message = [name, " is written with a fraction or exponent, expected whole seconds"];
            let fix = ["write ", name, " as an integer"].concat();
            checks.push(Check::warn("time-fraction", &message, &fix).at_claim(name).spec("RFC 7519 §2"));
        }
    }
}

fn issued(kind: Kind, iat: f64, oldest: f64, furthest: f64, Clock { now, tolerance }: Clock) -> Check {
    let spec = kind.profile().spec;
    if iat < now - oldest - tolerance {
        let message = ["iat is ", &duration(now - iat), " ago, Canvas takes at most ", &duration(oldest)];
        return Check::refuse("iat-age", "iat", &message, "make a new token for each request, just before sending it")
            .spec(spec);
    }
    if iat > now + furthest + tolerance {
        let limit =
            if furthest > 0.0 { [", Canvas takes at most ", &duration(furthest)].concat() } else { String::new() };
        let message = ["iat is ", &duration(iat - now), " ahead", &limit];
        return Check::refuse(
            "iat-future",
            "iat",
            &message,
            "set the clock of this machine (NTP), and write iat in UTC seconds",
        )
        .spec(spec);
    }
    let found = if oldest.is_finite() { "iat is recent" } else { "iat is in the past" };
    Check::pass("iat-age", &[found]).at_claim("iat").spec(spec)
}

fn lifetime(kind: Kind, seconds: f64, checks: &mut Vec<Check>) {
    let spec = kind.profile().spec;
    if seconds <= 0.0 {
        let message = ["exp is not after iat"];
        checks.push(Check::warn("time-order", &message, "set exp to iat + 60").at_claim("exp").spec("RFC 7519 §4.1.4"));
    } else if kind == Kind::Lti2Assertion && seconds > MINUTE {
        let message = ["a lifetime of ", &duration(seconds), "; older Canvas refuses more than a minute"];
        checks.push(Check::warn("lifetime", &message, "set exp to iat + 60").at_claim("exp").spec(spec));
    } else if kind.is_assertion() && seconds > HOURS {
        let message = ["a lifetime of ", &duration(seconds), " for a token that is used once"];
        checks.push(
            Check::warn("lifetime", &message, "set exp to iat + 300 or less").at_claim("exp").spec("RFC 7523 §3"),
        );
    }
}

/// A span of time in words: `47 s`, `3 min 20 s`, `2 h 5 min`, `3 days`.
pub(crate) fn duration(seconds: f64) -> String {
    let total = whole(seconds.abs());
    let (days, hours, minutes, rest) = (total / 86_400, total / 3600 % 24, total / 60 % 60, total % 60);
    let pair = |large: u64, large_unit: &str, small: u64, small_unit: &str| {
        let small_text = if small == 0 { String::new() } else { [" ", &small.to_string(), small_unit].concat() };
        [&large.to_string(), large_unit, &small_text].concat()
    };
    match total {
        0..60 => [&rest.to_string(), " s"].concat(),
        60..3600 => pair(minutes, " min", rest, " s"),
        3600..86_400 => pair(hours, " h", minutes, " min"),
        86_400..172_800 => pair(1, " day", hours, " h"),
        _ => [&days.to_string(), " days"].concat(),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(seconds: f64) -> u64 {
    seconds.round() as u64
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
