//! Rules for the protected header of a signed layer.

use super::check::Checks;
use super::kind::Kind;
use super::text::quoted;
use crate::error::text::{is_one_of, replaced};
use crate::error::{Code, Result};
use crate::jose::jwa::signature_named;
use crate::jose::{Header, check_algorithm, check_extensions};

pub(crate) fn check(kind: Kind, header: &Header, checks: &mut Checks) {
    match algorithm(header) {
        Err(error) => checks.error("alg", &error, &alg_fix(kind)),
        Ok(alg) => of_kind(kind, alg, checks),
    }
    if let Err(error) = check_extensions(header) {
        let (id, fix) = match error.at.as_deref() {
            Some("header.zip") => ("zip", "leave zip out; a compressed token cannot be read safely"),
            Some("header.b64") => ("b64", "leave b64 out"),
            _ => ("crit", "leave crit out: Canvas knows no extension"),
        };
        checks.error(id, &error, fix);
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
    let alg = match kind.profile().algorithms.split(' ').next() {
        None | Some("") => "an algorithm of RFC 7518 §3.1, such as RS256",
        Some(alg) => alg,
    };
    ["sign with ", alg].concat()
}

fn of_kind(kind: Kind, alg: &str, checks: &mut Checks) {
    let profile = kind.profile();
    let expected = profile.algorithms;
    if !expected.is_empty() && !is_one_of(expected, alg) {
        checks.fail(
            Code::AlgNotAllowed,
            "alg|header.alg|*|alg is {0}, expected {1} for {2}|{3}",
            &[alg, &replaced(expected, " ", " or "), profile.name, &alg_fix(kind)],
        );
    } else if kind == Kind::Lti2Assertion && alg != "HS256" {
        checks.warn("alg|header.alg|*|alg is {0}; Canvas documents HS256 alone|sign with HS256", &[alg]);
    } else {
        checks.pass("alg|header.alg||alg is {0}", &[alg]);
    }
}

fn typ(header: &Header, checks: &mut Checks) {
    let Some(typ) = header.members().get("typ") else { return };
    let found = match typ.as_str() {
        Some(typ) if ["JWT", "application/jwt"].iter().any(|known| known.eq_ignore_ascii_case(typ)) => return,
        Some(typ) => quoted(typ),
        None => typ.kind().to_owned(),
    };
    checks.warn("typ|header.typ|RFC 7519 §5.1|typ is {0}, expected JWT or none|set typ to JWT", &[&found]);
}

fn kid(kind: Kind, header: &Header, checks: &mut Checks) {
    match header.members().get("kid") {
        None if kind.profile().wants_kid => checks.warn(
            "kid|header.kid|RFC 7515 §4.1.4|the header has no kid, by which the reader chooses the key from a JWK Set\
             |set kid to that of the key in your JWK Set",
            &[],
        ),
        Some(found) if found.as_str().is_none() => checks.fail(
            Code::JwsInvalid,
            "kid|header.kid|RFC 7515 §4.1.4|kid is {0}, expected a string|write kid as a string",
            &[found.kind()],
        ),
        _ => {}
    }
}

/// Keys that a token brings along prove nothing about it (RFC 8725 §3.1).
fn embedded_keys(header: &Header, checks: &mut Checks) {
    for name in ["jwk", "jku", "x5u", "x5c"] {
        if header.members().get(name).is_some() {
            checks.warn(
                "header-key|header.{0}|RFC 8725 §3.1\
                 |the header carries {0}; a key that comes with the token is never used\
                 |leave {0} out, and give the reader the key another way",
                &[name],
            );
        }
    }
}
