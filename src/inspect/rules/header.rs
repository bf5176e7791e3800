//! Rules for the protected header of a signed layer.

use crate::canvas::oauth;
use crate::error::{Code, Result};
use crate::inspect::check::{Check, quoted};
use crate::inspect::kind::Kind;
use crate::inspect::repair::Repair;
use crate::jose::jwa::signature_named;
use crate::jose::{Header, check_algorithm, extension_faults};
use crate::lti13::STATE_TYP;

pub(crate) fn check(kind: Kind, header: &Header, checks: &mut Vec<Check>) {
    checks.push(match algorithm(header) {
        Err(error) => Check::of_error("alg", &error).fix(alg_fix(kind)).repairs(other_alg(kind)),
        Ok(alg) => of_kind(kind, alg),
    });
    for error in extension_faults(header) {
        let (id, fix) = match error.at.as_deref() {
            Some("header.zip") => ("zip", "leave zip out; a compressed token cannot be read safely"),
            Some("header.b64") => ("b64", "leave b64 out, and encode the payload in base64url as every JWT does"),
            _ => ("crit", "leave crit out: Canvas knows no extension"),
        };
        checks.push(Check::of_error(id, &error).fix(fix).repairs([Repair::no_header(id)]));
    }
    checks.extend(match kind {
        Kind::Lti13LoginState => state_typ(header, STATE_TYP, (Code::StateInvalid, "login")),
        Kind::OAuthState => state_typ(header, oauth::STATE_TYP, (Code::AuthorizationStateInvalid, "authorization")),
        _ => typ(header),
    });
    checks.extend(kid(kind, header));
    embedded_keys(header, checks);
}

/// The algorithm, as verifying reads it.
fn algorithm(header: &Header) -> Result<&'static str> {
    let alg = check_algorithm(header)?;
    Ok(signature_named(alg)?.name)
}

/// The algorithm that this kind is signed with.
fn other_alg(kind: Kind) -> Option<Repair> {
    kind.profile().algorithms.first().map(|alg| Repair::header("alg", alg))
}

fn alg_fix(kind: Kind) -> String {
    match kind.profile().algorithms.first() {
        None => "sign with an algorithm of RFC 7518 §3.1, such as RS256".to_owned(),
        Some(alg) => format!("sign with {alg}"),
    }
}

fn of_kind(kind: Kind, alg: &str) -> Check {
    let profile = kind.profile();
    let check = if !profile.algorithms.is_empty() && !profile.algorithms.contains(&alg) {
        let (expected, name) = (profile.algorithms.join(" or "), profile.name);
        Check::fail("alg", Code::AlgNotAllowed, format!("alg is {alg}, expected {expected} for {name}"))
            .spec(profile.spec)
            .fix(alg_fix(kind))
            .repairs(other_alg(kind))
    } else if kind == Kind::Lti2Assertion && alg != "HS256" {
        Check::warn("alg", format!("alg is {alg}; Canvas documents HS256 alone"))
            .spec(profile.spec)
            .fix("sign with HS256")
            .repairs(other_alg(kind))
    } else {
        Check::pass("alg", format!("alg is {alg}"))
    };
    check.at("header.alg")
}

fn typ(header: &Header) -> Option<Check> {
    let typ = header.members().get("typ")?;
    let found = match typ.as_str() {
        Some(typ) if ["JWT", "application/jwt"].iter().any(|known| known.eq_ignore_ascii_case(typ)) => return None,
        Some(typ) => quoted(typ),
        None => typ.kind().to_owned(),
    };
    let message = format!("typ is {found}, expected JWT or none");
    let check = Check::warn("typ", message).at("header.typ").spec("RFC 7519 §5.1");
    Some(check.fix("set typ to JWT").repairs([Repair::header("typ", "JWT")]))
}

/// By its `typ` a state is told from every other token, so that none can be taken for one (RFC 8725 §3.11).
fn state_typ(header: &Header, expected: &str, (code, begun): (Code, &str)) -> Option<Check> {
    if header.members().text("typ") == Some(expected) {
        return None;
    }
    let check = Check::fail("typ", code, format!("typ is another than {expected}"));
    Some(check.at("header.typ").spec("RFC 8725 §3.11").fix(format!("send back the state of the {begun}, unchanged")))
}

fn kid(kind: Kind, header: &Header) -> Option<Check> {
    let check = match header.members().get("kid") {
        None if kind.profile().wants_kid => {
            Check::warn("kid", "the header has no kid, by which the reader chooses the key from a JWK Set")
                .fix("set kid to that of the key in your JWK Set")
        }
        Some(found) if found.as_str().is_none() => {
            Check::fail("kid", Code::JwsInvalid, format!("kid is {}, expected a string", found.kind()))
                .fix("write kid as a string")
        }
        _ => return None,
    };
    Some(check.at("header.kid").spec("RFC 7515 §4.1.4"))
}

/// Keys that a token brings along prove nothing about it (RFC 8725 §3.1).
fn embedded_keys(header: &Header, checks: &mut Vec<Check>) {
    let names = ["jwk", "jku", "x5u", "x5c"];
    for name in names.into_iter().filter(|name| header.members().get(name).is_some()) {
        let message = format!("the header carries {name}; a key that comes with the token is never used");
        checks.push(
            Check::warn("header-key", message)
                .at(format!("header.{name}"))
                .spec("RFC 8725 §3.1")
                .fix(format!("leave {name} out, and give the reader the key another way"))
                .repairs([Repair::no_header(name)]),
        );
    }
}
