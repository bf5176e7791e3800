//! Rules for `sub`: what Canvas can look up, and what was lost of it.

use super::context::Context;
use crate::error::Code;
use crate::inspect::check::Check;
use crate::inspect::kind::Kind;
use crate::inspect::repair::Repair;
use crate::json::{Json, Number};
use crate::lti13::Platform;

pub(crate) fn check(context: &Context<'_>, checks: &mut Vec<Check>) {
    let Some(sub) = context.claims.get("sub") else { return };
    if let Json::Number(number) = sub
        && may_have_lost_digits(number)
    {
        checks.push(
            Check::warn(
                "sub-digits",
                "sub is beyond 2^53 and a number that floats can hold: it may have lost its last digits on its way",
            )
            .at("claims.sub")
            .spec("RFC 8259 §6")
            .fix("keep global ids as text or as exact integers, never as floating-point numbers"),
        );
    }
    let check = match context.kind {
        Kind::Lti2Assertion => lti2(context, sub),
        Kind::Lti13ClientAssertion => client(context, sub),
        _ => return,
    };
    checks.push(check.at("claims.sub").spec(context.spec()));
}

fn lti2(context: &Context<'_>, sub: &Json) -> Check {
    let expected = "a developer key's global id, a tool proxy's guid, or a registration key";
    if let Some(problem) = no_id(sub) {
        return refused(problem, expected);
    }
    if !is_key_id(sub) {
        return can_be(expected);
    }
    let message = "sub is a developer key's id, which Canvas takes only together with a registration key";
    let check = match context.has_code {
        Some(true) => return Check::pass("code", "sub is a developer key's id, and a code was sent with it"),
        Some(false) => Check::fail("code", Code::ClaimFailed, message),
        None => Check::warn("code", message),
    };
    check.fix("send the registration key (reg_key) as the parameter code")
}

fn client(context: &Context<'_>, sub: &Json) -> Check {
    let expected = "the client id, which is the developer key's global id";
    let is_other = |known: &str| match sub {
        Json::String(text) => text != known,
        Json::Number(number) => number.as_str() != known,
        _ => true,
    };
    match no_id(sub) {
        None if is_key_id(sub) && context.platform.is_some_and(|platform| is_other(&platform.client_id)) => {
            Check::fail("sub", Code::ClaimFailed, "sub is another client id than the platform knows")
                .fix("set iss and sub to the platform's client id")
                .repairs(context.platform.into_iter().flat_map(client_id))
        }
        Some(problem) => refused(problem, expected),
        None if !is_key_id(sub) => refused("no number", expected),
        None => can_be(expected),
    }
}

/// The client id where a client assertion has it.
pub(super) fn client_id(platform: &Platform) -> [Repair; 2] {
    ["iss", "sub"].map(|claim| Repair::text(claim, &platform.client_id))
}

fn refused(problem: &str, expected: &str) -> Check {
    Check::fail("sub", Code::ClaimFailed, format!("sub is {problem}, expected an id"))
        .fix(format!("set sub to {expected}"))
}

fn can_be(expected: &str) -> Check {
    Check::pass("sub", format!("sub can be {expected}"))
}

/// Why a value is no id at all.
fn no_id(value: &Json) -> Option<&'static str> {
    match value {
        Json::String(text) if text.is_empty() => Some("empty"),
        Json::String(text) if text.trim().len() != text.len() => Some("a text with white space around it"),
        Json::String(text) if text.contains(char::is_whitespace) => Some("a text with white space in it"),
        Json::Number(number) if number.as_f64() < 0.0 => Some("a negative number"),
        Json::Number(number) if number.as_f64().fract() > 0.0 => Some("a number with a fraction"),
        Json::String(_) | Json::Number(_) => None,
        other => Some(other.kind()),
    }
}

/// A developer key's id, as a number or in digits.
pub(crate) fn is_key_id(value: &Json) -> bool {
    match value {
        Json::String(text) => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
        value => matches!(value, Json::Number(_)),
    }
}

/// A global id that went through a reader of floats ends in a multiple of its rounding.
fn may_have_lost_digits(number: &Number) -> bool {
    const DIGITS_OF_LOCAL_ID: usize = 13;
    if !number.is_unsafe_integer() || number.as_str().len() <= DIGITS_OF_LOCAL_ID {
        return false;
    }
    // Between 2^53 and 2^63 a float holds multiples of 2 to 1024 only.
    let step = |value: i64| 1_i64 << value.unsigned_abs().ilog2().saturating_sub(52);
    number.as_i64().is_some_and(|value| value % step(value) == 0)
}
