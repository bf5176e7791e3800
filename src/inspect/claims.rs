//! Rules for the claims: those of RFC 7519 as verifying applies them, and what Canvas asks of each kind besides.

use super::check::{Check, Checks, Outcome};
use super::kind::Kind;
use super::subject::{self, is_key_id};
use super::text::shown;
use super::times::{Clock, duration, time};
use super::{audience, spelling, times};
use crate::error::text::{contains, decimal, filled, find, is_one_of};
use crate::error::{Code, Error};
use crate::jose::Header;
use crate::jose::claims::{Expected, Facts, RULES};
use crate::json::{Json, Object};

/// Below this, in 1973, an `exp` is no time but a span of it.
const SPAN: f64 = 1e8;

/// The claims, and what they are compared with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) kind: Kind,
    pub(crate) header: &'a Header,
    pub(crate) claims: &'a Object,
    pub(crate) endpoint: Option<&'a str>,
    pub(crate) clock: Clock,
    pub(crate) secret: Option<&'a [u8]>,
    /// Whether the request carries the registration key; unknown where nothing is sent.
    pub(crate) has_code: Option<bool>,
}

pub(crate) fn check(context: &Context<'_>, checks: &mut Checks) {
    missing(context, checks);
    times::units(context, checks);
    registered(context, checks);
    times::check(context, checks);
    audience::check(context, checks);
    subject::check(context, checks);
    issuer(context, checks);
    identifier(context, checks);
    secrets(context, checks);
}

fn missing(&Context { kind, claims, .. }: &Context<'_>, checks: &mut Checks) {
    let profile = kind.profile();
    if profile.required.is_empty() {
        return;
    }
    let is_absent = |name: &&str| claims.get(name).is_none();
    for name in profile.required.split(' ').filter(is_absent) {
        let Some(written) = spelling::meant_to_be(name, claims.iter().map(|(name, _)| name)) else { continue };
        let reason = if written.eq_ignore_ascii_case(name) { "; names of claims are case-sensitive" } else { "" };
        checks.refuse(
            "claim-spelling|claims.{0}|RFC 7519 §10.1.1|the claim is written {0}, expected {1}{2}|rename {0} to {1}",
            &[&shown(written), name, reason],
        );
    }
    let mut is_whole = true;
    for name in profile.required.split(' ').filter(is_absent) {
        is_whole = false;
        checks.refuse(
            "claim-missing|claims.{0}|*|the claim {0} is missing, {1} needs it|add {2}",
            &[name, profile.name, advised(kind, name)],
        );
    }
    if is_whole {
        checks.pass("claim-missing|||every claim that {0} needs is there", &[profile.name]);
    }
}

/// The claim, and what to put there.
fn advised(kind: Kind, claim: &str) -> &str {
    const ADVICE: [&str; 7] = [
        "exp: seconds since 1970, a minute after iat",
        "iat: the time of signing, in seconds since 1970",
        "jti: a new random UUID for each token",
        "aud: the URL that the token is sent to",
        "iss: the client id, which is the developer key's global id",
        "sub: the client id, which is the developer key's global id",
        "nonce: a new random text for each token",
    ];
    match kind {
        Kind::Lti13DeepLinkingResponse if claim == "aud" => {
            "aud: the issuer of the launch, such as https://canvas.instructure.com"
        }
        Kind::Lti2Assertion if claim == "sub" => {
            "sub: the developer key's global id, the tool proxy's guid, or the registration key"
        }
        kind if kind.is_issued() => claim,
        _ => ADVICE.iter().find(|advice| advice.split(':').next() == Some(claim)).unwrap_or(&claim),
    }
}

/// The rules that verifying applies, each with a fix. Where Canvas does not ask for one, it is a warning.
fn registered(context: &Context<'_>, checks: &mut Checks) {
    let Clock { now, tolerance } = context.clock;
    let expected = Expected { now, tolerance, ..Expected::default() };
    let facts = Facts { header: context.header, claims: context.claims, expected: &expected };
    let mut reported = Vec::new();
    for rule in &RULES {
        match (rule.check)(&facts) {
            None => {}
            Some(Ok(message)) => checks.list.push(Check {
                id: rule.id,
                outcome: Outcome::Pass,
                message: message.to_owned(),
                fix: None,
                code: None,
                spec: Some(rule.spec),
                at: None,
            }),
            Some(Err(error)) => {
                reported.push(error.claim);
                checks.list.push(Check { spec: Some(rule.spec), ..refused(context, rule.id, &error) });
            }
        }
    }
    if context.kind == Kind::Lti2Assertion {
        as_canvas_reads(context, &reported, checks);
    }
}

fn refused(context: &Context<'_>, id: &'static str, error: &Error) -> Check {
    let claim = error.claim.unwrap_or_default();
    let found = time(context.claims, claim).unwrap_or_default();
    let (words, fix) = match error.code {
        Code::Expired if found < SPAN => {
            ("the token expired {0} ago", "set exp to a point in time, such as iat + 60, not to a span")
        }
        Code::Expired if context.kind.is_issued() => ("the token expired {0} ago", "get a new token from Canvas"),
        Code::Expired => ("the token expired {0} ago", "make a new token just before sending it"),
        Code::NotYetValid => (
            "the token is not valid for another {0}",
            "wait until then, or set the clock of the machine that signs (NTP)",
        ),
        _ if is_one_of("exp nbf iat", claim) => ("{1}", "write the time as a JSON number, without quotation marks"),
        _ => ("{1}", "write the claim with the type that RFC 7519 gives it"),
    };
    let mut check = Check::of_error(id, error, fix);
    check.message = filled(words, &[&duration(context.clock.now - found), &error.message]);
    // Of the others Canvas asks nothing; `aud` has a check of its own.
    if context.kind == Kind::Lti2Assertion && !is_one_of("exp iat", claim) {
        check.outcome = Outcome::Warn;
        check.code = None;
    }
    check
}

/// What Canvas makes of times in an assertion: each must be a number, fractions of `exp` are dropped. Those that the
/// rules above have reported are left out.
fn as_canvas_reads(context: &Context<'_>, reported: &[Option<&str>], checks: &mut Checks) {
    let Clock { now, tolerance } = context.clock;
    for name in ["exp", "iat"] {
        match context.claims.get(name).filter(|_| !reported.contains(&Some(name))) {
            Some(Json::Number(exp)) if name == "exp" && exp.as_f64().trunc() <= now - tolerance => checks.fail(
                Code::Expired,
                "exp|claims.exp|*|the token has just expired|make a new token just before sending it",
                &[],
            ),
            None | Some(Json::Number(_)) => {}
            Some(value) => checks.refuse(
                "claim-type|claims.{0}|*|claim {0}: {1}, expected a number of seconds since 1970\
                 |write the time as a JSON number, without quotation marks",
                &[name, value.kind()],
            ),
        }
    }
}

fn issuer(&Context { kind, claims, .. }: &Context<'_>, checks: &mut Checks) {
    let iss = claims.text("iss");
    let expected = match kind {
        Kind::Lti2AccessToken | Kind::CanvasJwt => "Canvas",
        Kind::InstAccessToken => "instructure:inst_access",
        Kind::Lti13DeepLinkingResponse if claims.get("iss").is_some_and(|iss| !is_key_id(iss)) => {
            return checks.refuse(
                "iss|claims.iss|*|iss is not the tool's client id, by which Canvas finds the key\
                 |set iss to the client id, the developer key's global id, and aud to Canvas's issuer",
                &[],
            );
        }
        Kind::Lti13ClientAssertion => {
            let sub = claims.text("sub");
            if iss.is_some() && sub.is_some() && iss != sub {
                checks.warn(
                    "iss|claims.iss|RFC 7523 §3|iss and sub differ; OAuth wants the client id in both\
                     |set iss and sub to the client id",
                    &[],
                );
            }
            return;
        }
        _ => return,
    };
    if iss == Some(expected) {
        checks.pass("iss|claims.iss|*|iss is {0}", &[expected]);
    } else if iss.is_some() {
        checks.refuse(
            "iss|claims.iss|*|iss is another issuer, expected {0}\
             |give the token of the issuer that this kind has, or inspect it as another kind",
            &[expected],
        );
    }
}

fn identifier(&Context { kind, claims, .. }: &Context<'_>, checks: &mut Checks) {
    const SHORTEST: usize = 8;
    let Some(jti) = claims.get("jti").filter(|_| kind.is_assertion()) else { return };
    let jti = jti.as_str().unwrap_or_default();
    let first = jti.chars().next();
    if jti.len() >= SHORTEST && jti.chars().any(|c| Some(c) != first) {
        checks.pass("jti|claims.jti||jti looks unique", &[]);
    } else {
        checks.warn(
            "jti|claims.jti|*|jti does not look unique; Canvas refuses one that it has seen with this sub\
             |use a new random UUID for each token",
            &[],
        );
    }
}

fn secrets(&Context { secret, claims, .. }: &Context<'_>, checks: &mut Checks) {
    const SHORTEST: usize = 32;
    if let Some(secret) = secret.filter(|secret| secret.len() < SHORTEST) {
        checks.warn(
            "secret-length||RFC 7518 §3.2|the secret has {0} bytes, expected at least 32 random ones\
             |use a longer secret where you choose it",
            &[&decimal(secret.len())],
        );
    }
    for (name, value) in claims.iter() {
        let Some(text) = value.as_str() else { continue };
        let lower = name.to_ascii_lowercase();
        let is_named = ["secret", "password", "private_key"].iter().any(|word| contains(&lower, word));
        if is_named || secret.is_some_and(|secret| secret.len() >= 4 && find(text.as_bytes(), secret).is_some()) {
            checks.warn(
                "secret-in-claims|claims.{0}|\
                 |the claim {0} seems to hold a secret; a signed token is readable by everybody\
                 |take it out, and change that secret",
                &[&shown(name)],
            );
        }
    }
}
