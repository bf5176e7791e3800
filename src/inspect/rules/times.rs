//! Rules for `exp`, `iat` and `nbf` as Canvas compares them, and times in words.

use super::context::{Clock, Context};
use crate::error::Code;
use crate::inspect::check::Check;
use crate::inspect::kind::Kind;
use crate::inspect::repair::Repair;
use crate::json::Json;

/// Above this a time is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS: f64 = 1e11;
const MICROSECONDS: f64 = 1e14;
const NANOSECONDS: f64 = 1e17;
/// The lifetime that older Canvas allows an assertion, in seconds.
const MINUTE: f64 = 60.0;
const HOURS: f64 = 3.0 * 3600.0;

pub(crate) fn check(context: &Context<'_>, checks: &mut Vec<Check>) {
    let Some(iat) = context.time("iat") else { return };
    if iat < context.clock.now.max(MILLISECONDS) {
        checks.extend(issued(context, iat).map(|check| check.at("claims.iat").spec(context.spec())));
    }
    if let Some(exp) = context.time("exp").filter(|exp| *exp < MILLISECONDS) {
        checks.extend(lifetime(context, exp - iat).map(|check| check.at("claims.exp")));
    }
}

/// Whether the times are in seconds.
pub(crate) fn units(context: &Context<'_>, checks: &mut Vec<Check>) {
    for name in ["exp", "nbf", "iat"] {
        let Some(Json::Number(number)) = context.claims.get(name) else { continue };
        let time = number.as_f64();
        let check = if time >= MILLISECONDS {
            let (unit, factor, seconds) = match time {
                ..MICROSECONDS => ("milliseconds", "1000", time / 1e3),
                ..NANOSECONDS => ("microseconds", "1000000", time / 1e6),
                _ => ("nanoseconds", "1000000000", time / 1e9),
            };
            let message = format!("{name} is in {unit}, expected seconds since 1970");
            let fix = format!("divide {name} by {factor} and drop the fraction");
            let check = match refused_ahead(context, name) {
                Some((furthest, code)) if time > context.clock.now + furthest + context.clock.tolerance => {
                    Check::fail("time-unit", code, message)
                }
                _ => Check::warn("time-unit", message),
            };
            check.fix(fix).repairs(Repair::time(name, seconds))
        } else if !number.is_integer() {
            let message = format!("{name} is written with a fraction or exponent, expected whole seconds");
            let fix = format!("write {name} as an integer");
            Check::warn("time-fraction", message).fix(fix).repairs(Repair::time(name, time))
        } else {
            continue;
        };
        checks.push(check.at(format!("claims.{name}")).spec("RFC 7519 §2"));
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

fn issued(context: &Context<'_>, iat: f64) -> Option<Check> {
    let (oldest, furthest) = context.kind.profile().issued?;
    let Clock { now, tolerance } = context.clock;
    let span = duration(now - iat);
    Some(if iat < now - oldest - tolerance {
        let is_message = context.kind.form().is_some();
        let (reader, code) = if is_message { ("a tool", Code::Expired) } else { ("Canvas", Code::ClaimFailed) };
        let message = format!("iat is {span} ago; {reader} takes at most {}", duration(oldest));
        let check = Check::fail("iat-age", code, message);
        if context.kind.is_issued() {
            check.fix("get a new token from Canvas")
        } else {
            check.fix("make a new token for each request, just before sending it").repairs(signed_now(context))
        }
    } else if iat > now + furthest + tolerance {
        let most =
            if furthest > 0.0 { format!("; Canvas takes at most {}", duration(furthest)) } else { String::new() };
        Check::fail("iat-future", Code::ClaimFailed, format!("iat is {span} ahead{most}"))
            .fix("set the clock of this machine (NTP), and write iat in UTC seconds")
            .repairs(signed_now(context))
    } else {
        Check::pass("iat-age", if oldest.is_finite() { "iat is recent" } else { "iat is in the past" })
    })
}

/// The times of a token that is signed again now: `exp` stays where it is good, else it is a minute away.
pub(super) fn signed_now(context: &Context<'_>) -> Vec<Repair> {
    if context.kind.is_issued() || context.kind == Kind::Lti13LoginState {
        return Vec::new();
    }
    let now = context.clock.now;
    let lifetime = if context.kind == Kind::Lti13DeepLinkingResponse { 300.0 } else { MINUTE };
    let is_good = context.time("exp").is_some_and(|exp| exp > now && exp <= now + lifetime);
    let exp = (!is_good).then(|| Repair::time("exp", now + lifetime));
    Repair::time("iat", now).into_iter().chain(exp.into_iter().flatten()).collect()
}

fn lifetime(context: &Context<'_>, seconds: f64) -> Option<Check> {
    let iat = context.time("iat").unwrap_or_default();
    if seconds <= 0.0 {
        let check = Check::warn("time-order", "exp is not after iat");
        Some(check.spec("RFC 7519 §4.1.4").fix("set exp to iat + 60").repairs(Repair::time("exp", iat + MINUTE)))
    } else if context.kind == Kind::Lti2Assertion && seconds > MINUTE {
        let message = format!("the lifetime is {}; older Canvas refuses more than a minute", duration(seconds));
        let check = Check::warn("lifetime", message).spec(context.spec()).fix("set exp to iat + 60");
        Some(check.repairs(Repair::time("exp", iat + MINUTE)))
    } else if context.kind.is_assertion() && seconds > HOURS {
        let message = format!("the lifetime is {}, for a token that is used once", duration(seconds));
        let check = Check::warn("lifetime", message).spec("RFC 7523 §3").fix("set exp to iat + 300 or less");
        Some(check.repairs(Repair::time("exp", iat + 300.0)))
    } else {
        None
    }
}

/// The average month of the Gregorian calendar, in seconds.
const MONTH: u64 = 2_629_746;
const YEAR: u64 = 365 * 86_400;

/// A span of time in words: `47 s`, `3 min 20 s`, `2 h 5 min`, `3 days`, `9 years 10 months`.
pub(crate) fn duration(seconds: f64) -> String {
    let total = whole(seconds.abs());
    if total >= YEAR {
        let months = total.saturating_add(MONTH / 2) / MONTH;
        let parts = [(months / 12, "year"), (months % 12, "month")];
        let parts: Vec<_> = parts.iter().filter(|(count, _)| *count > 0).map(|part| counted(*part)).collect();
        return parts.join(" ");
    }
    let (days, hours, minutes, rest) = (total / 86_400, total / 3600 % 24, total / 60 % 60, total % 60);
    let (large, small, unit) = match total {
        0..60 => (format!("{rest} s"), 0, ""),
        60..3600 => (format!("{minutes} min"), rest, "s"),
        3600..86_400 => (format!("{hours} h"), minutes, "min"),
        86_400..172_800 => ("1 day".to_owned(), hours, "h"),
        _ => (format!("{days} days"), 0, ""),
    };
    if small > 0 { format!("{large} {small} {unit}") } else { large }
}

fn counted((count, unit): (u64, &str)) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
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
            (364.9 * 86_400.0, "364 days"),
            (365.0 * 86_400.0, "1 year"),
            (397.0 * 86_400.0, "1 year 1 month"),
            (731.0 * 86_400.0, "2 years"),
            (3582.0 * 86_400.0, "9 years 10 months"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }
}
