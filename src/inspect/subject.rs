//! Rules for `sub`: what Canvas can look up, and what was lost of it.

use super::check::Check;
use super::claims::Context;
use super::kind::Kind;
use crate::jose::json::{Json, Number, Object};

pub(crate) fn check(context: &Context<'_>, claims: &Object, checks: &mut Vec<Check>) {
    let kind = context.kind;
    let Some(sub) = claims.get("sub") else { return };
    if let Json::Number(number) = sub {
        lost_digits(number, checks);
    }
    let spec = kind.profile().spec;
    let (expected, problem) = match kind {
        Kind::Lti2Assertion => ("a developer key's global id, a tool proxy's guid, or a registration key", no_id(sub)),
        Kind::Lti13ClientAssertion => {
            let other = (!is_key_id(sub)).then_some("no number");
            ("the client id, which is the developer key's global id", no_id(sub).or(other))
        }
        _ => return,
    };
    if let Some(problem) = problem {
        let fix = ["set sub to ", expected].concat();
        checks.push(Check::refuse("sub", "sub", &["sub is ", problem, ", expected an id"], &fix).spec(spec));
        return;
    }
    let message = ["sub is a developer key's id, which Canvas takes only together with a registration key"];
    let fix = "send the registration key (reg_key) as the parameter code";
    let check = match context.has_code {
        _ if kind != Kind::Lti2Assertion || !is_key_id(sub) => Check::pass("sub", &["sub can be ", expected]),
        Some(true) => Check::pass("code", &["sub is a developer key's id, and a code was sent with it"]),
        Some(false) => Check::refuse("code", "sub", &message, fix),
        None => Check::warn("code", &message, fix),
    };
    checks.push(check.at_claim("sub").spec(spec));
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
fn lost_digits(number: &Number, checks: &mut Vec<Check>) {
    const DIGITS_OF_LOCAL_ID: usize = 13;
    if !number.is_unsafe_integer() || number.as_str().len() <= DIGITS_OF_LOCAL_ID {
        return;
    }
    let Some(value) = number.as_i64() else { return };
    // Between 2^53 and 2^63 a float holds multiples of 2 to 1024 only.
    let step = 1_i64 << value.unsigned_abs().ilog2().saturating_sub(52);
    if value % step == 0 {
        let message =
            ["sub is beyond 2^53 and a number that floats can hold: it may have lost its last digits on its way"];
        let fix = "keep global ids as text or bigint, never as a JavaScript number";
        checks.push(Check::warn("sub-digits", &message, fix).at_claim("sub").spec("RFC 8259 §6"));
    }
}
