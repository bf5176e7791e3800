//! Rules for `sub`: what Canvas can look up, and what was lost of it.

use super::check::Checks;
use super::claims::Context;
use super::kind::Kind;
use crate::json::{Json, Number};

pub(crate) fn check(context: &Context<'_>, checks: &mut Checks) {
    let Some(sub) = context.claims.get("sub") else { return };
    if let Json::Number(number) = sub {
        lost_digits(number, checks);
    }
    let is_key_id = is_key_id(sub);
    let (expected, problem) = match context.kind {
        Kind::Lti2Assertion => ("a developer key's global id, a tool proxy's guid, or a registration key", no_id(sub)),
        Kind::Lti13ClientAssertion => (
            "the client id, which is the developer key's global id",
            no_id(sub).or((!is_key_id).then_some("no number")),
        ),
        _ => return,
    };
    if let Some(problem) = problem {
        checks.refuse("sub|claims.sub|*|sub is {0}, expected an id|set sub to {1}", &[problem, expected]);
    } else if context.kind != Kind::Lti2Assertion || !is_key_id {
        checks.pass("sub|claims.sub|*|sub can be {0}", &[expected]);
    } else if context.has_code == Some(true) {
        checks.pass("code|claims.sub|*|sub is a developer key's id, and a code was sent with it", &[]);
    } else {
        let line = "code|claims.sub|*\
                    |sub is a developer key's id, which Canvas takes only together with a registration key\
                    |send the registration key (reg_key) as the parameter code";
        match context.has_code {
            Some(_) => checks.refuse(line, &[]),
            None => checks.warn(line, &[]),
        }
    }
}

/// Why a value is no id at all.
fn no_id(value: &Json) -> Option<&'static str> {
    match value {
        Json::String(text) if text.is_empty() => Some("empty"),
        Json::String(text) if text.trim().len() != text.len() => Some("a text with white space around it"),
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
fn lost_digits(number: &Number, checks: &mut Checks) {
    const DIGITS_OF_LOCAL_ID: usize = 13;
    if !number.is_unsafe_integer() || number.as_str().len() <= DIGITS_OF_LOCAL_ID {
        return;
    }
    let Some(value) = number.as_i64() else { return };
    // Between 2^53 and 2^63 a float holds multiples of 2 to 1024 only.
    let step = 1_i64 << value.unsigned_abs().ilog2().saturating_sub(52);
    if value % step == 0 {
        checks.warn(
            "sub-digits|claims.sub|RFC 8259 §6\
             |sub is beyond 2^53 and a number that floats can hold: it may have lost its last digits on its way\
             |keep global ids as text or bigint, never as a JavaScript number",
            &[],
        );
    }
}
