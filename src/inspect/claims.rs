//! Rules for the claims: those of RFC 7519 as verifying applies them, and what Canvas asks of each kind besides.

use super::check::{Check, Outcome};
use super::kind::Kind;
use super::subject::{self, is_key_id};
use super::times::{Clock, duration, time};
use super::{audience, spelling, times};
use crate::error::{Code, Error};
use crate::jose::Header;
use crate::jose::claims::{Expected, Facts, RULES};
use crate::jose::json::{Json, Object};

const NEW_TOKEN: &str = "make a new token just before sending it";
const AS_NUMBER: &str = "write the time as a JSON number, without quotation marks";

/// Below this, in 1973, an `exp` is no time but a span of it.
const SPAN: f64 = 1e8;

/// What the claims are compared with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) kind: Kind,
    pub(crate) header: &'a Header,
    pub(crate) endpoint: Option<&'a str>,
    pub(crate) clock: Clock,
    pub(crate) secret: Option<&'a [u8]>,
    /// Whether the request carries the registration key; unknown where nothing is sent.
    pub(crate) has_code: Option<bool>,
}

pub(crate) fn check(context: &Context<'_>, claims: &Object, checks: &mut Vec<Check>) {
    let kind = context.kind;
    missing(kind, claims, checks);
    times::units(kind, claims, context.clock, checks);
    registered(context, claims, checks);
    times::check(kind, claims, context.clock, checks);
    checks.extend(audience::check(kind, claims, context.endpoint));
    subject::check(context, claims, checks);
    issuer(kind, claims, checks);
    identifier(kind, claims, checks);
    secrets(context, claims, checks);
}

fn missing(kind: Kind, claims: &Object, checks: &mut Vec<Check>) {
    let profile = kind.profile();
    let absent: Vec<&str> = profile.required.iter().copied().filter(|name| claims.get(name).is_none()).collect();
    for name in &absent {
        let Some(written) = spelling::meant_to_be(name, claims.iter().map(|(name, _)| name)) else { continue };
        let shown: String = written.chars().filter(|c| !c.is_control()).take(40).collect();
        let reason = if written.eq_ignore_ascii_case(name) { "; names of claims are case-sensitive" } else { "" };
        let message = ["the claim is written ", &shown, ", expected ", name, reason];
        let fix = ["rename ", &shown, " to ", name].concat();
        checks.push(Check::refuse("claim-spelling", &shown, &message, &fix).spec("RFC 7519 §10.1.1"));
    }
    for name in &absent {
        let fix = ["add ", name, if kind.is_issued() { "" } else { advice(kind, name) }].concat();
        let message = ["the claim ", name, " is missing, ", profile.name, " needs it"];
        checks.push(Check::refuse("claim-missing", name, &message, &fix).spec(profile.spec));
    }
    if absent.is_empty() && !profile.required.is_empty() {
        checks.push(Check::pass("claim-missing", &["every claim that ", profile.name, " needs is there"]));
    }
}

fn advice(kind: Kind, claim: &str) -> &'static str {
    match claim {
        "exp" => ": seconds since 1970, a minute after iat",
        "iat" => ": the time of signing, in seconds since 1970",
        "jti" => ": a new random UUID for each token",
        "aud" if kind == Kind::Lti13DeepLinkingResponse => {
            ": the issuer of the launch, such as https://canvas.instructure.com"
        }
        "aud" => ": the URL that the token is sent to",
        "sub" if kind == Kind::Lti2Assertion => {
            ": the developer key's global id, the tool proxy's guid, or the registration key"
        }
        "iss" | "sub" => ": the client id, which is the developer key's global id",
        "nonce" => ": a new random text for each token",
        _ => "",
    }
}

/// The rules that verifying applies, each with a fix. Where Canvas does not ask for one, it is a warning.
fn registered(context: &Context<'_>, claims: &Object, checks: &mut Vec<Check>) {
    let Clock { now, tolerance } = context.clock;
    let expected = Expected { now, tolerance, ..Expected::default() };
    let facts = Facts { header: context.header, claims, expected: &expected };
    for rule in &RULES {
        let check = match (rule.check)(&facts) {
            None => continue,
            Some(Ok(message)) => Check::pass(rule.id, &[message]),
            Some(Err(error)) => refused(context, rule.id, &error, claims),
        };
        checks.push(check.spec(rule.spec));
    }
    if context.kind == Kind::Lti2Assertion {
        as_canvas_reads(context, claims, checks);
    }
}

fn refused(context: &Context<'_>, id: &'static str, error: &Error, claims: &Object) -> Check {
    let claim = error.claim.unwrap_or_default();
    let found = time(claims, claim);
    let fix = match id {
        "exp" if found.is_some_and(|exp| exp < SPAN) => "set exp to a point in time, such as iat + 60, not to a span",
        "exp" if context.kind.is_issued() => "get a new token from Canvas",
        "exp" => NEW_TOKEN,
        "nbf" => "wait until then, or set the clock of the machine that signs (NTP)",
        "claim-type" if matches!(claim, "exp" | "nbf" | "iat") => AS_NUMBER,
        _ => "write the claim with the type that RFC 7519 gives it",
    };
    let mut check = Check::of_error(id, error, fix);
    if let Some(time) = found {
        let now = context.clock.now;
        match id {
            "exp" => check.message = ["the token expired ", &duration(now - time), " ago"].concat(),
            "nbf" => check.message = ["the token is not valid for another ", &duration(time - now)].concat(),
            _ => {}
        }
    }
    // Of the others Canvas asks nothing; `aud` has a check of its own.
    let canvas_asks = matches!(claim, "exp" | "iat");
    if context.kind == Kind::Lti2Assertion && !canvas_asks {
        check.outcome = Outcome::Warn;
        check.code = None;
    }
    check
}

/// What Canvas makes of times in an assertion: each must be a number, fractions of `exp` are dropped.
fn as_canvas_reads(context: &Context<'_>, claims: &Object, checks: &mut Vec<Check>) {
    let (spec, Clock { now, tolerance }) = (context.kind.profile().spec, context.clock);
    for name in ["exp", "iat"] {
        let check = match claims.get(name) {
            Some(Json::Number(exp)) if name == "exp" && exp.as_f64().trunc() <= now - tolerance => {
                Check::fail("exp", Code::Expired, &["the token has just expired"], NEW_TOKEN).at_claim(name)
            }
            None | Some(Json::Number(_)) => continue,
            Some(value) => {
                let message = ["claim ", name, ": ", value.kind(), ", expected a number of seconds since 1970"];
                Check::refuse("claim-type", name, &message, AS_NUMBER)
            }
        };
        // The rules above report the first claim of a wrong type alone.
        if !checks.iter().any(|known| known.outcome == Outcome::Fail && known.id == check.id && known.at == check.at) {
            checks.push(check.spec(spec));
        }
    }
}

fn issuer(kind: Kind, claims: &Object, checks: &mut Vec<Check>) {
    let (expected, spec) = match kind {
        Kind::Lti2AccessToken | Kind::CanvasJwt => ("Canvas", kind.profile().spec),
        Kind::InstAccessToken => ("instructure:inst_access", kind.profile().spec),
        Kind::Lti13DeepLinkingResponse if claims.get("iss").is_some_and(|iss| !is_key_id(iss)) => {
            let message = ["iss is not the tool's client id, by which Canvas finds the key"];
            let fix = "set iss to the client id, the developer key's global id, and aud to Canvas's issuer";
            checks.push(Check::refuse("iss", "iss", &message, fix).spec(kind.profile().spec));
            return;
        }
        Kind::Lti13ClientAssertion => {
            let (iss, sub) = (claims.text("iss"), claims.text("sub"));
            if iss.is_some() && sub.is_some() && iss != sub {
                let message = ["iss and sub differ; OAuth wants the client id in both"];
                let check = Check::warn("iss", &message, "set iss and sub to the client id").at_claim("iss");
                checks.push(check.spec("RFC 7523 §3"));
            }
            return;
        }
        _ => return,
    };
    match claims.text("iss") {
        Some(iss) if iss == expected => {
            checks.push(Check::pass("iss", &["iss is ", expected]).at_claim("iss").spec(spec));
        }
        Some(_) => {
            let message = ["iss is another issuer, expected ", expected];
            let fix = "give the token of the issuer that this kind has, or inspect it as another kind";
            checks.push(Check::refuse("iss", "iss", &message, fix).spec(spec));
        }
        None => {}
    }
}

fn identifier(kind: Kind, claims: &Object, checks: &mut Vec<Check>) {
    const SHORTEST: usize = 8;
    if !kind.is_assertion() {
        return;
    }
    let is_unique = match claims.get("jti") {
        Some(Json::String(jti)) => {
            let first = jti.chars().next();
            jti.len() >= SHORTEST && !jti.chars().all(|c| Some(c) == first)
        }
        Some(Json::Number(_) | _) => false,
        None => return,
    };
    checks.push(if is_unique {
        Check::pass("jti", &["jti looks unique"]).at_claim("jti")
    } else {
        let message = ["jti does not look unique; Canvas refuses one that it has seen with this sub"];
        Check::warn("jti", &message, "use a new random UUID for each token").at_claim("jti").spec(kind.profile().spec)
    });
}

fn secrets(context: &Context<'_>, claims: &Object, checks: &mut Vec<Check>) {
    const SHORTEST: usize = 32;
    if let Some(secret) = context.secret.filter(|secret| secret.len() < SHORTEST) {
        let message = ["the secret has ", &secret.len().to_string(), " bytes, expected at least 32 random ones"];
        checks.push(
            Check::warn("secret-length", &message, "use a longer secret where you choose it").spec("RFC 7518 §3.2"),
        );
    }
    let holds_secret = |value: &Json| {
        let bytes = value.as_str().map(str::as_bytes);
        bytes.is_some_and(|text| {
            context
                .secret
                .is_some_and(|secret| secret.len() >= 4 && text.windows(secret.len()).any(|part| part == secret))
        })
    };
    for (name, value) in claims.iter() {
        let lower = name.to_ascii_lowercase();
        let named =
            ["secret", "password", "private_key"].iter().any(|word| lower.contains(word)) && value.as_str().is_some();
        if named || holds_secret(value) {
            let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
            let message = ["the claim ", &shown, " seems to hold a secret; a signed token is readable by everybody"];
            checks.push(
                Check::warn("secret-in-claims", &message, "take it out, and change that secret").at_claim(&shown),
            );
        }
    }
}
