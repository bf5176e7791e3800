//! Rules for the claims: those of RFC 7519 as verifying applies them, and what Canvas asks of each kind besides.

use super::context::{Clock, Context};
use super::subject::{self, is_key_id};
use super::times::duration;
use super::{audience, blank, deep_linking, message, spelling, times};
use crate::error::{Code, Error};
use crate::inspect::check::{Check, MOST, shown, shown_claim};
use crate::inspect::kind::Kind;
use crate::inspect::repair::Repair;
use crate::jose::claims::{Expected, Facts, RULES, Rule};
use crate::json::Json;
use crate::lti13::claims as names;

/// Below this, in 1973, an `exp` is no time but a span of it.
const SPAN: f64 = 1e8;

/// What to do about a time that is no number.
const TIME_AS_NUMBER: &str = "write the time as a JSON number, without quotation marks";

pub(crate) fn check(context: &Context<'_>, checks: &mut Vec<Check>) {
    let known = checks.len();
    apply(context, checks);
    blank::explain(context, checks, known, apply);
}

fn apply(context: &Context<'_>, checks: &mut Vec<Check>) {
    missing(context, checks);
    times::units(context, checks);
    registered(context, checks);
    times::check(context, checks);
    audience::check(context, checks);
    subject::check(context, checks);
    message::check(context, checks);
    deep_linking::check(context, checks);
    checks.extend(issuer(context).map(|check| check.at("claims.iss")));
    checks.extend(identifier(context));
    secrets(context, checks);
}

fn missing(context: &Context<'_>, checks: &mut Vec<Check>) {
    let (kind, claims, profile) = (context.kind, context.claims, context.kind.profile());
    let of_message = message::missing(context);
    let required = profile.required.iter().copied().filter(|name| claims.get(name).is_none());
    let absent: Vec<&str> = required.chain(of_message).collect();
    for name in &absent {
        let Some(written) = spelling::meant_to_be(name, claims.iter().map(|(name, _)| name)) else { continue };
        let reason = if written.eq_ignore_ascii_case(name) { "; names of claims are case-sensitive" } else { "" };
        let repair = Repair::rename(written, name);
        let written = shown_claim(written);
        let message = format!("the claim is written {written}, expected {name}{reason}");
        checks.push(
            Check::fail("claim-spelling", Code::ClaimFailed, message)
                .at(format!("claims.{written}"))
                .spec("RFC 7519 §10.1.1")
                .fix(format!("rename {written} to {name}"))
                .repairs([repair]),
        );
    }
    for name in &absent {
        let message = format!("the claim {name} is missing, {} needs it", profile.name);
        let advice = advice(kind, name).map_or_else(String::new, |advice| format!(": {advice}"));
        let code = if name.contains("://") { Code::MessageInvalid } else { Code::ClaimFailed };
        checks.push(
            Check::fail("claim-missing", code, message)
                .at(format!("claims.{name}"))
                .spec(profile.spec)
                .fix(format!("add {name}{advice}"))
                .repairs(missing_value(context, name)),
        );
    }
    if absent.is_empty() && !profile.required.is_empty() {
        checks.push(Check::pass("claim-missing", format!("every claim that {} needs is there", profile.name)));
    }
}

/// A missing claim, where its value is known.
fn missing_value(context: &Context<'_>, claim: &str) -> Option<Repair> {
    let Context { kind, clock, .. } = *context;
    let endpoint = context.endpoint.filter(|_| kind.is_assertion());
    let platform = context.platform.filter(|_| !kind.is_issued());
    match claim {
        _ if kind.is_issued() || kind == Kind::Lti13LoginState => None,
        "iat" => Repair::time(claim, clock.now),
        "exp" => Repair::time(claim, context.time("iat").unwrap_or(clock.now) + 60.0),
        "aud" if kind == Kind::Lti13DeepLinkingResponse => {
            platform.map(|platform| Repair::text(claim, &platform.issuer))
        }
        "aud" => {
            let of_platform = platform.filter(|_| kind == Kind::Lti13ClientAssertion);
            let of_platform = of_platform.map(|platform| platform.token_endpoint.as_str());
            endpoint.or(of_platform).map(|endpoint| Repair::text(claim, audience::as_canvas_writes(endpoint)))
        }
        "iss" | "sub" if kind != Kind::Lti2Assertion => {
            platform.map(|platform| Repair::text(claim, &platform.client_id))
        }
        names::VERSION => Some(Repair::text(claim, "1.3.0")),
        names::MESSAGE_TYPE if kind == Kind::Lti13DeepLinkingResponse => {
            Some(Repair::text(claim, "LtiDeepLinkingResponse"))
        }
        _ => None,
    }
}

/// What to put into a claim.
fn advice(kind: Kind, claim: &str) -> Option<&'static str> {
    if kind.is_issued() || matches!(kind, Kind::Lti13LoginState | Kind::OAuthState) {
        return None;
    }
    Some(match claim {
        "exp" => "seconds since 1970, a minute after iat",
        "iat" => "the time of signing, in seconds since 1970",
        "jti" => "a new random UUID for each token",
        "aud" if kind == Kind::Lti13DeepLinkingResponse => {
            "the issuer of the launch, such as https://canvas.instructure.com"
        }
        "aud" => "the URL that the token is sent to",
        "sub" if kind == Kind::Lti2Assertion => {
            "the developer key's global id, the tool proxy's guid, or the registration key"
        }
        "iss" | "sub" => "the client id, which is the developer key's global id",
        "nonce" => "a new random text for each token",
        _ => return None,
    })
}

/// The rules that verifying applies, each with a fix. Where Canvas does not ask for one, it is a warning.
fn registered(context: &Context<'_>, checks: &mut Vec<Check>) {
    let Clock { now, tolerance } = context.clock;
    let of_platform = context.platform.filter(|_| context.kind.form().is_some());
    let expected = Expected {
        issuer: of_platform.map(|platform| vec![platform.issuer.clone()]),
        audience: of_platform.map(|platform| vec![platform.client_id.clone()]),
        now,
        tolerance,
        ..Expected::default()
    };
    let facts = Facts { header: context.header, claims: context.claims, expected: &expected };
    let mut reported = Vec::new();
    for rule in &RULES {
        match (rule.check)(&facts) {
            None => {}
            Some(Ok(message)) => checks.push(Check::pass(rule.id, message).spec(rule.spec)),
            // What is missing was reported.
            Some(Err(_)) if rule.id == "required" => {}
            Some(Err(error)) => {
                reported.extend(error.claim);
                checks.push(refused(context, rule, &error));
            }
        }
    }
    if context.kind == Kind::Lti2Assertion {
        as_canvas_reads(context, &reported, checks);
    }
}

/// What verifying refuses, in words that say since when and what to do.
fn refused(context: &Context<'_>, rule: &Rule, error: &Error) -> Check {
    let claim = error.claim.unwrap_or_default();
    let found = context.time(claim).unwrap_or_default();
    let span = duration(context.clock.now - found);
    let (message, fix) = match error.code {
        Code::Expired => {
            let fix = if found < SPAN {
                "set exp to a point in time, such as iat + 60, not to a span"
            } else if context.kind == Kind::Lti13LoginState {
                "begin the login again; where people take longer, give logins a longer lifetime"
            } else if context.kind == Kind::OAuthState {
                "begin the authorization again; where people take longer, give authorizations a longer lifetime"
            } else if context.kind.is_issued() {
                "get a new token from Canvas"
            } else {
                "make a new token just before sending it"
            };
            (format!("the token expired {span} ago"), fix)
        }
        Code::NotYetValid => (
            format!("the token is not valid for another {span}"),
            "wait until then, or set the clock of the machine that signs (NTP)",
        ),
        _ if rule.id == "iss" => {
            (error.message.clone(), "compare the token with the platform whose issuer and client id these are")
        }
        _ if rule.id == "aud" => (
            error.message.clone(),
            "compare the token with the platform whose client id aud has, or set aud to that of yours",
        ),
        _ if matches!(claim, "exp" | "nbf" | "iat") => (error.message.clone(), TIME_AS_NUMBER),
        _ => (error.message.clone(), "write the claim with the type that RFC 7519 gives it"),
    };
    // Canvas reads only these in an assertion; `aud` has a check of its own.
    let is_refused = context.kind != Kind::Lti2Assertion || matches!(claim, "exp" | "iat");
    let check = if is_refused { Check::fail(rule.id, error.code, message) } else { Check::warn(rule.id, message) };
    check
        .at(error.at.as_deref().unwrap_or("token"))
        .spec(rule.spec)
        .fix(fix)
        .repairs(repairs(context, claim, error.code))
}

/// What mends a time: a new one where it has passed, a number where it is one in a text.
fn repairs(context: &Context<'_>, claim: &str, code: Code) -> Vec<Repair> {
    match context.claims.get(claim) {
        _ if code == Code::Expired => times::signed_now(context),
        Some(Json::String(text)) if matches!(claim, "exp" | "nbf" | "iat") => {
            text.trim().parse().ok().and_then(|seconds| Repair::time(claim, seconds)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// What Canvas makes of times in an assertion: each must be a number, fractions of `exp` are dropped. Those that the
/// rules above have reported are left out.
fn as_canvas_reads(context: &Context<'_>, reported: &[&str], checks: &mut Vec<Check>) {
    let Clock { now, tolerance } = context.clock;
    for name in ["exp", "iat"].into_iter().filter(|name| !reported.contains(name)) {
        let check = match context.claims.get(name) {
            Some(Json::Number(exp)) if name == "exp" && exp.as_f64().trunc() <= now - tolerance => {
                Check::fail("exp", Code::Expired, "the token has just expired")
                    .fix("make a new token just before sending it")
                    .repairs(times::signed_now(context))
            }
            None | Some(Json::Number(_)) => continue,
            Some(value) => {
                let message = format!("claim {name}: {}, expected a number of seconds since 1970", value.kind());
                let repairs = repairs(context, name, Code::ClaimFailed);
                Check::fail("claim-type", Code::ClaimFailed, message).fix(TIME_AS_NUMBER).repairs(repairs)
            }
        };
        checks.push(check.at(format!("claims.{name}")).spec(context.spec()));
    }
}

fn issuer(context: &Context<'_>) -> Option<Check> {
    let claims = context.claims;
    let iss = claims.text("iss");
    let expected = match context.kind {
        Kind::Lti2AccessToken | Kind::CanvasJwt => "Canvas",
        Kind::InstAccessToken => "instructure:inst_access",
        Kind::Lti13DeepLinkingResponse if claims.get("iss").is_some_and(|iss| !is_key_id(iss)) => {
            let message = "iss is not the tool's client id, by which Canvas finds the key";
            let repair = context.platform.map(|platform| Repair::text("iss", &platform.client_id));
            return Some(
                Check::fail("iss", Code::ClaimFailed, message)
                    .spec(context.spec())
                    .fix("set iss to the client id, the developer key's global id, and aud to Canvas's issuer")
                    .repairs(repair),
            );
        }
        Kind::Lti13ClientAssertion => {
            let sub = claims.text("sub");
            return (iss.is_some() && sub.is_some() && iss != sub).then(|| {
                Check::warn("iss", "the claims iss and sub differ; OAuth wants the client id in both")
                    .spec("RFC 7523 §3")
                    .fix("set iss and sub to the client id")
                    .repairs(context.platform.into_iter().flat_map(subject::client_id))
            });
        }
        _ => return None,
    };
    let check = if iss? == expected {
        Check::pass("iss", format!("iss is {expected}"))
    } else {
        Check::fail("iss", Code::ClaimFailed, format!("iss names another issuer, expected {expected}"))
            .fix("send the token of the issuer that this kind has, or inspect it as another kind")
    };
    Some(check.spec(context.spec()))
}

fn identifier(context: &Context<'_>) -> Option<Check> {
    const SHORTEST: usize = 8;
    let jti = context.claims.get("jti").filter(|_| context.kind.is_assertion())?;
    let jti = jti.as_str().unwrap_or_default();
    let first = jti.chars().next();
    let check = if jti.len() >= SHORTEST && jti.chars().any(|c| Some(c) != first) {
        Check::pass("jti", "jti looks unique")
    } else {
        Check::warn("jti", "jti does not look unique; Canvas refuses one that it has seen with this sub")
            .spec(context.spec())
            .fix("use a new random UUID for each token")
    };
    Some(check.at("claims.jti"))
}

fn secrets(context: &Context<'_>, checks: &mut Vec<Check>) {
    const SHORTEST: usize = 32;
    let secret = context.secret;
    if let Some(secret) = secret.filter(|secret| secret.len() < SHORTEST) {
        let message = format!("the secret has {} bytes, expected at least 32 random ones", secret.len());
        checks.push(
            Check::warn("secret-length", message).spec("RFC 7518 §3.2").fix("use a longer secret where you choose it"),
        );
    }
    let seems_secret = |(claim, value): &(&str, &Json)| {
        let lower = claim.to_ascii_lowercase();
        let is_named = ["secret", "password", "private_key"].iter().any(|word| lower.contains(word));
        value.as_str().is_some_and(|text| is_named || secret.is_some_and(|secret| holds(text, secret)))
    };
    let mut found = context.claims.iter().filter(seems_secret);
    for (claim, _) in found.by_ref().take(MOST) {
        let name = shown(claim);
        checks.push(
            Check::warn(
                "secret-in-claims",
                format!("the claim {name} seems to hold a secret; a signed token is readable by everybody"),
            )
            .at(format!("claims.{name}"))
            .fix("take it out, and change that secret")
            .repairs([Repair::RemoveClaim { claim: claim.to_owned() }]),
        );
    }
    let more = found.count();
    if more > 0 {
        let message = format!("the claims have {more} more that seem to hold a secret");
        checks.push(Check::warn("secret-in-claims", message).at("claims").fix("take them out, and change that secret"));
    }
}

/// Whether the secret stands in this text; one of fewer than four bytes stands in too many.
fn holds(text: &str, secret: &[u8]) -> bool {
    secret.len() >= 4 && text.as_bytes().windows(secret.len()).any(|part| part == secret)
}
