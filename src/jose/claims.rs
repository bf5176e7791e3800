//! The rules for registered claims (RFC 7519 §4.1), as one list: verifying throws the first failure, an inspection
//! reports them all.

use super::header::Header;
use crate::error::{Code, Error, Result};
use crate::json::names::any_of;
use crate::json::{Json, Object};

/// What a claims set is to be compared with.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// One of these issuers.
    pub issuer: Option<Vec<String>>,
    /// One of these audiences.
    pub audience: Option<Vec<String>>,
    /// This subject.
    pub subject: Option<String>,
    /// This header `typ`.
    pub typ: Option<String>,
    /// Claims that must be there.
    pub required: Vec<String>,
    /// The largest age since `iat`, in seconds.
    pub max_age: Option<f64>,
    /// Seconds since 1970.
    pub now: f64,
    /// How far clocks may differ, in seconds.
    pub tolerance: f64,
}

/// What the rules look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The protected header.
    pub header: &'a Header,
    /// The claims set.
    pub claims: &'a Object,
    /// What to compare with.
    pub expected: &'a Expected,
}

/// A rule: nothing where it does not apply, else what was found, or why it is refused.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Stable, such as `exp`.
    pub id: &'static str,
    /// Its source.
    pub spec: &'static str,
    /// The rule itself.
    pub check: fn(&Facts<'_>) -> Option<Result<&'static str>>,
}

/// The rules, in the order in which verifying applies them.
pub static RULES: [Rule; 9] = [
    Rule { id: "typ", spec: "RFC 8725 §3.11", check: typ },
    Rule { id: "claim-type", spec: "RFC 7519 §4.1", check: types },
    Rule { id: "required", spec: "RFC 7519 §4", check: required },
    Rule { id: "iss", spec: "RFC 7519 §4.1.1", check: issuer },
    Rule { id: "sub", spec: "RFC 7519 §4.1.2", check: subject },
    Rule { id: "aud", spec: "RFC 7519 §4.1.3", check: audience },
    Rule { id: "iat-age", spec: "RFC 7519 §4.1.6", check: age },
    Rule { id: "nbf", spec: "RFC 7519 §4.1.5", check: not_before },
    Rule { id: "exp", spec: "RFC 7519 §4.1.4", check: expiration },
];

/// Applies every rule, up to the first failure.
///
/// # Errors
/// `ERR_JWT_EXPIRED`, `ERR_JWT_NOT_YET_VALID`, `ERR_JWT_CLAIM_VALIDATION_FAILED`, with `claim` and `spec`.
pub fn verify(facts: &Facts<'_>) -> Result<()> {
    RULES.iter().try_for_each(|rule| match (rule.check)(facts) {
        Some(Err(error)) => Err(error.spec(rule.spec)),
        _ => Ok(()),
    })
}

type Outcome = Option<Result<&'static str>>;

/// A claim refused for what it is.
fn refused(claim: &'static str, message: &str) -> Error {
    at_claim(Code::ClaimFailed, claim, message)
}

fn at_claim(code: Code, claim: &'static str, message: &str) -> Error {
    let mut error = Error::new(code, format!("claim {claim}: {message}")).at(format!("claims.{claim}"));
    error.facts().claim = Some(claim);
    error
}

fn typ(facts: &Facts<'_>) -> Outcome {
    let expected = media_type(facts.expected.typ.as_deref()?);
    let found = facts.header.members().get("typ");
    Some(if found.and_then(Json::as_str).map(media_type).as_ref() == Some(&expected) {
        Ok("typ is as expected")
    } else {
        let is = if found.is_some() { "another" } else { "absent" };
        Err(Error::new(Code::ClaimFailed, format!("header typ is {is}, expected {expected}")).at("header.typ"))
    })
}

/// RFC 7515 §4.1.9: `application/` may be left out; media types are not case-sensitive.
fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    if lower.contains('/') { lower } else { format!("application/{lower}") }
}

/// A registered claim, whether a value may be its, and what is expected.
type Type = (&'static str, fn(&Json) -> bool, &'static str);

/// Canvas sends `sub` as a number too, which RFC 7519 §4.1.2 does not foresee.
static TYPES: [Type; 7] = [
    ("iss", is_text, "a string"),
    ("sub", is_id, "a string or an integer"),
    ("aud", is_audience, "a string or an array of strings"),
    ("exp", is_number, "a number of seconds since 1970"),
    ("nbf", is_number, "a number of seconds since 1970"),
    ("iat", is_number, "a number of seconds since 1970"),
    ("jti", is_text, "a string"),
];

#[allow(clippy::unnecessary_wraps)]
fn types(facts: &Facts<'_>) -> Outcome {
    for (name, value) in facts.claims.iter() {
        if let Some((claim, is_right, expected)) = TYPES.iter().find(|row| row.0 == name)
            && !is_right(value)
        {
            return Some(Err(refused(claim, &format!("{}, expected {expected}", value.kind()))));
        }
    }
    Some(Ok("the registered claims have the right types"))
}

fn is_text(value: &Json) -> bool {
    value.as_str().is_some()
}

fn is_number(value: &Json) -> bool {
    matches!(value, Json::Number(_))
}

fn is_id(value: &Json) -> bool {
    is_text(value) || matches!(value, Json::Number(number) if number.is_integer())
}

fn is_audience(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.iter().all(is_text),
        value => is_text(value),
    }
}

fn required(facts: &Facts<'_>) -> Outcome {
    let expected = facts.expected;
    let demanded: [(&'static str, bool); 4] = [
        ("iss", expected.issuer.is_some()),
        ("sub", expected.subject.is_some()),
        ("aud", expected.audience.is_some()),
        ("iat", expected.max_age.is_some()),
    ];
    let missing = demanded.into_iter().find(|(claim, is_needed)| *is_needed && facts.claims.get(claim).is_none());
    if let Some((claim, _)) = missing {
        return Some(Err(refused(claim, "absent, although the options compare it")));
    }
    if expected.required.is_empty() {
        return None;
    }
    let missing = expected.required.iter().find(|claim| facts.claims.get(claim).is_none());
    Some(match missing {
        None => Ok("the required claims are there"),
        Some(claim) => {
            let message = format!("claim {claim}: absent, although it is required");
            Err(Error::new(Code::ClaimFailed, message).at(format!("claims.{claim}")))
        }
    })
}

fn issuer(facts: &Facts<'_>) -> Outcome {
    let expected = facts.expected.issuer.as_deref()?;
    let found = facts.claims.get("iss").map_or_else(String::new, shown);
    let known: Vec<_> = expected.iter().map(|issuer| shown(&Json::from(issuer.as_str()))).collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let known = if known.is_empty() { "no issuer at all".to_owned() } else { any_of(&known) };
    Some(among(facts, "iss", expected, "iss is as expected", &format!("{found}, expected {known}")))
}

fn subject(facts: &Facts<'_>) -> Outcome {
    let expected = core::slice::from_ref(facts.expected.subject.as_ref()?);
    Some(among(facts, "sub", expected, "sub is as expected", "not the expected subject"))
}

fn audience(facts: &Facts<'_>) -> Outcome {
    let expected = facts.expected.audience.as_deref()?;
    Some(among(facts, "aud", expected, "aud is as expected", "none of the expected audiences"))
}

/// A text as a message has it, which is no person's and no secret.
fn shown(value: &Json) -> String {
    const MOST: usize = 200;
    let Some(text) = value.as_str() else { return value.kind().to_owned() };
    let text: String = text.chars().filter(|c| !c.is_control()).take(MOST).collect();
    format!("\"{text}\"")
}

/// Whether a claim, or an item of it, is one of these texts. Which types it may have is another rule.
fn among(
    facts: &Facts<'_>,
    claim: &'static str,
    expected: &[String],
    right: &'static str,
    wrong: &str,
) -> Result<&'static str> {
    let is_expected = |value: &Json| match value {
        Json::String(text) => expected.contains(text),
        Json::Number(number) => expected.iter().any(|one| one == number.as_str()),
        _ => false,
    };
    let is_right = match facts.claims.get(claim) {
        Some(Json::Array(items)) => items.iter().any(is_expected),
        Some(value) => is_expected(value),
        None => false,
    };
    if is_right { Ok(right) } else { Err(refused(claim, wrong)) }
}

fn age(facts: &Facts<'_>) -> Outcome {
    let Expected { now, tolerance, max_age, .. } = facts.expected;
    let (max_age, iat) = ((*max_age)?, time(facts.claims, "iat")?);
    Some(if iat > now + tolerance {
        Err(refused("iat", "later than now"))
    } else if now - iat > max_age + tolerance {
        Err(at_claim(Code::Expired, "iat", "too long ago for the maximum age"))
    } else {
        Ok("iat is recent enough")
    })
}

fn not_before(facts: &Facts<'_>) -> Outcome {
    let nbf = time(facts.claims, "nbf")?;
    // RFC 7519 §4.1.5: "the current date/time MUST be after or equal to the not-before date/time".
    Some(if facts.expected.now + facts.expected.tolerance < nbf {
        Err(at_claim(Code::NotYetValid, "nbf", "later than now"))
    } else {
        Ok("nbf has come")
    })
}

fn expiration(facts: &Facts<'_>) -> Outcome {
    let exp = time(facts.claims, "exp")?;
    // RFC 7519 §4.1.4: "the current date/time MUST be before the expiration date/time".
    Some(if facts.expected.now - facts.expected.tolerance >= exp {
        Err(at_claim(Code::Expired, "exp", "the time has passed"))
    } else {
        Ok("exp is in the future")
    })
}

fn time(claims: &Object, name: &str) -> Option<f64> {
    match claims.get(name) {
        Some(Json::Number(number)) => Some(number.as_f64()),
        _ => None,
    }
}
