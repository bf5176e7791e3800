//! White space and characters that nobody sees, in claims that are compared character by character.

use super::context::Context;
use crate::inspect::check::{Check, Outcome};
use crate::inspect::repair::Repair;
use crate::json::{Json, Object};
use crate::lti13::claims::{self as names, short};

/// What readers compare exactly.
const COMPARED: &[&str] = &["iss", "sub", "aud", "azp", "nonce", "jti", names::DEPLOYMENT_ID, names::TARGET_LINK_URI];

/// Where a claim fails a rule that it passes without its white space, that is the cause; where no rule compares it, it is a
/// warning. `known` checks are others', and `apply` applies the rules.
pub(super) fn explain(
    context: &Context<'_>,
    checks: &mut Vec<Check>,
    known: usize,
    apply: fn(&Context<'_>, &mut Vec<Check>),
) {
    let found: Vec<(&str, &'static str)> = COMPARED.iter().filter_map(|name| in_claim(context, name)).collect();
    if found.is_empty() {
        return;
    }
    let is_found = |name: &str| found.iter().any(|(known, _)| *known == name);
    let cleaned: Object = (context.claims.iter())
        .map(|(name, value)| (name, if is_found(name) { without(value) } else { value.clone() }))
        .collect();
    let mut of_cleaned = Vec::new();
    apply(&Context { claims: &cleaned, ..*context }, &mut of_cleaned);
    for (name, what) in found {
        let at = format!("claims.{name}");
        let is_about = |check: &Check| check.outcome == Outcome::Fail && check.at.as_deref() == Some(&at);
        let message = format!("{} has {what}, and is compared character by character", short(name));
        let fix = format!("write {} without it", short(name));
        let repair = Repair::RemoveWhiteSpace { claim: name.to_owned() };
        let is_mended = !of_cleaned.iter().any(is_about);
        match checks.iter_mut().skip(known).find(|check| is_about(check)) {
            Some(check) if is_mended => {
                (check.message, check.fix) = (message, Some(fix));
                check.repairs = vec![repair];
            }
            // Something else is wrong with it besides.
            Some(_) => {}
            None => checks.push(Check::warn("white-space", message).at(at).fix(fix).repairs([repair])),
        }
    }
}

/// What stands in a claim that nobody sees.
fn in_claim<'a>(context: &Context<'_>, name: &'a str) -> Option<(&'a str, &'static str)> {
    let what = match context.claims.get(name)? {
        Json::String(text) => unseen(text),
        Json::Array(items) => items.iter().filter_map(Json::as_str).find_map(unseen),
        _ => None,
    };
    what.map(|what| (name, what))
}

fn unseen(text: &str) -> Option<&'static str> {
    if text.trim().is_empty() {
        return None;
    }
    if text.trim().len() != text.len() {
        Some("white space around it")
    } else if text.contains(char::is_whitespace) {
        Some("white space in it")
    } else if text.contains(is_invisible) {
        Some("a character in it that nobody sees")
    } else {
        None
    }
}

/// Controls, and what has no width: space, joiners, marks of direction, the byte order mark.
fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn without(value: &Json) -> Json {
    match value {
        Json::String(text) => {
            text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect::<String>().as_str().into()
        }
        Json::Array(items) => Json::Array(items.iter().map(without).collect()),
        other => other.clone(),
    }
}
