//! Rules for the protected header of a signed layer.

use super::check::{Check, quoted};
use super::kind::Kind;
use crate::error::{Code, Error, Result};
use crate::jose::jwa::signature_named;
use crate::jose::{Header, check_algorithm, check_extensions};

pub(crate) fn check(kind: Kind, header: &Header, checks: &mut Vec<Check>) {
    match algorithm(header) {
        Err(error) => checks.push(Check::of_error("alg", &error, &alg_fix(kind))),
        Ok(alg) => checks.push(of_kind(kind, alg)),
    }
    if let Err(error) = check_extensions(header) {
        let (id, fix) = match error.at.as_deref() {
            Some("header.zip") => ("zip", "leave zip out; a compressed token cannot be read safely"),
            Some("header.b64") => ("b64", "leave b64 out"),
            _ => ("crit", "leave crit out: Canvas knows no extension"),
        };
        checks.push(Check::of_error(id, &error, fix));
    }
    typ(header, checks);
    kid(kind, header, checks);
    embedded_keys(header, checks);
}

/// The algorithm, as verifying reads it.
fn algorithm(header: &Header) -> Result<&'static str> {
    let alg = check_algorithm(header)?;
    Ok(signature_named(alg)?.name)
}

fn alg_fix(kind: Kind) -> String {
    match kind.profile().algorithms.first() {
        Some(alg) => ["sign with ", alg].concat(),
        None => "sign with an algorithm of RFC 7518 §3.1, such as RS256".to_owned(),
    }
}

fn of_kind(kind: Kind, alg: &str) -> Check {
    let profile = kind.profile();
    let expected = profile.algorithms;
    if !expected.is_empty() && !expected.contains(&alg) {
        let message = ["alg is ", alg, ", expected ", &expected.join(" or "), " for ", profile.name];
        return Check::fail("alg", Code::AlgNotAllowed, &message, &alg_fix(kind)).at("header.alg").spec(profile.spec);
    }
    if kind == Kind::Lti2Assertion && alg != "HS256" {
        let message = ["alg is ", alg, "; Canvas documents HS256 alone"];
        return Check::warn("alg", &message, "sign with HS256").at("header.alg").spec(profile.spec);
    }
    Check::pass("alg", &["alg is ", alg]).at("header.alg")
}

fn typ(header: &Header, checks: &mut Vec<Check>) {
    let Some(typ) = header.members().get("typ") else { return };
    let is_plain =
        typ.as_str().is_some_and(|typ| ["JWT", "application/jwt"].iter().any(|known| known.eq_ignore_ascii_case(typ)));
    if !is_plain {
        let found = typ.as_str().map_or_else(|| typ.kind().to_owned(), quoted);
        checks.push(
            Check::warn("typ", &["typ is ", &found, ", expected JWT or none"], "set typ to JWT")
                .at("header.typ")
                .spec("RFC 7519 §5.1"),
        );
    }
}

fn kid(kind: Kind, header: &Header, checks: &mut Vec<Check>) {
    match header.members().get("kid") {
        None if kind.profile().wants_kid => {
            let message = ["the header has no kid, by which the reader chooses the key from a JWK Set"];
            let fix = "set kid to that of the key in your JWK Set";
            checks.push(Check::warn("kid", &message, fix).at("header.kid").spec("RFC 7515 §4.1.4"));
        }
        Some(found) if found.as_str().is_none() => {
            let message = ["kid is ", found.kind(), ", expected a string"].concat();
            let error = Error::new(Code::JwsInvalid, &[&message]).at("header.kid").spec("RFC 7515 §4.1.4");
            checks.push(Check::of_error("kid", &error, "write kid as a string"));
        }
        _ => {}
    }
}

/// Keys that a token brings along prove nothing about it (RFC 8725 §3.1).
fn embedded_keys(header: &Header, checks: &mut Vec<Check>) {
    for name in ["jwk", "jku", "x5u", "x5c"] {
        if header.members().get(name).is_some() {
            let message = ["the header carries ", name, "; a key that comes with the token is never used"];
            let fix = ["leave ", name, " out, and give the reader the key another way"].concat();
            checks
                .push(Check::warn("header-key", &message, &fix).at(&["header.", name].concat()).spec("RFC 8725 §3.1"));
        }
    }
}
