//! The report: every check in a stable order, the outcome, and one sentence for a person.

use super::check::{Check, Checks, Outcome};
use super::claims::{self, Context};
use super::kind::Kind;
use super::open::Opened;
use super::signature::{self, Signature};
use super::summary::conclude;
use super::times::{Clock, duration};
use super::{encrypted, header};
use crate::error::Code;
use crate::jose::{Header, Layer};

/// How far a clock may be off before it is reported, in seconds.
const CLOCK_OFFSET: f64 = 5.0;

/// What a token is inspected for.
#[derive(Debug, Default)]
pub struct Options {
    /// What it is meant to be; detected when absent.
    pub kind: Option<Kind>,
    /// The URL it is sent to.
    pub endpoint: Option<String>,
    /// Seconds since 1970.
    pub now: f64,
    /// How far clocks may differ, in seconds.
    pub tolerance: f64,
    /// What is known of the request that carried it.
    pub exchange: Option<Exchange>,
}

/// A refused exchange.
#[derive(Debug)]
pub struct Exchange {
    /// Whether the request carried the registration key.
    pub has_code: bool,
    /// The server's clock in its answer, in seconds since 1970.
    pub server_date: Option<f64>,
    /// Whether the OAuth error was `invalid_grant`, which Canvas gives for everything.
    pub is_invalid_grant: bool,
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// The kind of token.
    pub kind: Kind,
    /// `valid`, `unverified` or `invalid`.
    pub outcome: &'static str,
    /// Fails first.
    pub checks: Vec<Check>,
    /// What the token is, and the worst thing about it.
    pub summary: String,
}

/// Applies every rule.
#[must_use]
pub fn report(opened: &Opened, signature: &Signature<'_>, options: &Options) -> Report {
    let (mut detected, mut reason) = opened.kind();
    let of_endpoint = options.endpoint.as_deref().and_then(Kind::sent_to);
    if let (Kind::Jwt | Kind::Jws, Some(kind)) = (detected, of_endpoint) {
        (detected, reason) = (kind, "the endpoint it is sent to");
    }
    let kind = options.kind.unwrap_or(detected);
    let mut checks = Checks::new(kind.profile().spec);
    kind_check(kind, detected, reason, &mut checks);
    checks.list.extend_from_slice(&opened.checks.list);
    around(kind, &opened.layers, &mut checks);
    let server_date = options.exchange.as_ref().and_then(|exchange| exchange.server_date);
    // In whole seconds, as the server's date has no others.
    let ahead = server_date.map(|date| options.now.floor() - date);
    // What counts is the clock of the server that refused; where both agree, the own one is finer.
    let differs = ahead.is_some_and(|ahead| ahead.abs() > 0.0);
    let now = server_date.filter(|_| differs).unwrap_or(options.now);
    let clock = Clock { now, tolerance: options.tolerance };
    if let Some(ahead) = ahead {
        clock_check(ahead, &mut checks);
    }
    let innermost = opened.layers.last();
    if let (Some(header), Some(Layer::Jws(_)) | None) = (&opened.header, innermost) {
        header::check(kind, header, &mut checks);
    }
    if let Some(Layer::Jwe(jwe)) = innermost
        && opened.claims.is_none()
        && !checks.has_failed("decryption")
    {
        encrypted::check(kind, jwe, &mut checks);
    }
    signature::check(signature, &opened.layers, &mut checks);
    let secret = match signature {
        Signature::Wrong(_, secret) | Signature::Right(secret) => *secret,
        _ => None,
    };
    if let Some((claims, _)) = &opened.claims {
        let empty = Header::default();
        let context = Context {
            kind,
            header: opened.header.as_ref().unwrap_or(&empty),
            claims,
            endpoint: options.endpoint.as_deref(),
            clock,
            secret,
            has_code: options.exchange.as_ref().map(|exchange| exchange.has_code),
        };
        claims::check(&context, &mut checks);
        blame_clock(&Context { clock: Clock { now: options.now, ..clock }, ..context }, &mut checks.list);
    } else {
        no_claims(kind, &mut checks);
    }
    let first = checks.list.iter().find(|check| check.outcome == Outcome::Fail).and_then(|check| check.code);
    if let (Some(kind), Some(code)) = (checks.list.first_mut(), first)
        && kind.outcome == Outcome::Warn
    {
        // What is good as what it looks like is no spoilt token of another kind.
        let as_detected = Options { kind: Some(detected), endpoint: None, exchange: None, ..*options };
        if report(opened, signature, &as_detected).outcome != "invalid" {
            (kind.outcome, kind.code) = (Outcome::Fail, Some(code));
        }
    }
    if let Some(exchange) = &options.exchange {
        unseen(exchange, &mut checks);
    }
    conclude(kind, opened, matches!(signature, Signature::Right(_)), checks.list)
}

fn kind_check(kind: Kind, detected: Kind, reason: &str, checks: &mut Checks) {
    let is_specific = |kind| !matches!(kind, Kind::Jwt | Kind::Jws | Kind::Jwe);
    let (name, other) = (kind.profile().name, detected.profile().name);
    if kind == detected {
        checks.pass("kind|||{0}, told by {1}", &[name, reason]);
    } else if is_specific(kind) && is_specific(detected) {
        checks.warn(
            "kind|token|*|expected {0}, but it looks like {1}, told by {2}\
             |send the kind of token that is expected, or inspect it as what it is",
            &[name, other, reason],
        );
    } else {
        checks.pass("kind|||inspected as {0}, as told", &[name]);
    }
}

/// What stands around the signed token that this kind does without.
fn around(kind: Kind, layers: &[Layer], checks: &mut Checks) {
    let is_bare = !matches!(kind, Kind::CanvasJwt | Kind::InstAccessToken | Kind::Jwt | Kind::Jws | Kind::Jwe);
    let line = if matches!(layers, [Layer::Base64, ..]) && kind != Kind::CanvasJwt {
        "wrapping|token|*|base64 around the token, expected {0} itself|decode it once (unwrap) before sending it"
    } else if is_bare && layers.iter().any(|layer| matches!(layer, Layer::Jwe(_))) {
        "encrypted|token|*|encrypted, but {0} is signed only|send the signed token without encrypting it"
    } else {
        return;
    };
    checks.fail(Code::JwsInvalid, line, &[kind.profile().name]);
}

fn clock_check(ahead: f64, checks: &mut Checks) {
    if ahead.abs() < CLOCK_OFFSET {
        return checks.pass("clock|||your clock agrees with Canvas's", &[]);
    }
    let direction = if ahead > 0.0 { "ahead of" } else { "behind" };
    checks.warn(
        "clock||RFC 9110 §6.6.1|your clock is {0} {1} Canvas|set the clock of this machine (NTP)",
        &[&duration(ahead), direction],
    );
}

/// The first time that is refused.
fn refused_time(checks: &[Check]) -> Option<&Check> {
    let is_time = |id| matches!(id, "exp" | "nbf" | "iat-age" | "iat-future");
    checks.iter().find(|check| check.outcome == Outcome::Fail && is_time(check.id))
}

/// Times that are right by the own clock are wrong because of it.
fn blame_clock(by_own: &Context<'_>, checks: &mut [Check]) {
    let mut own = Checks::default();
    claims::check(by_own, &mut own);
    let Some(refused) = refused_time(checks).filter(|_| refused_time(&own.list).is_none()) else { return };
    let (code, at) = (refused.code, refused.at.clone());
    for check in checks {
        if check.id == "clock" && check.outcome == Outcome::Warn {
            (check.outcome, check.code, check.at) = (Outcome::Fail, code, at);
            return;
        }
    }
}

/// A payload without claims is a fault in a token that has to have them.
fn no_claims(kind: Kind, checks: &mut Checks) {
    if matches!(kind, Kind::Jws | Kind::Jwe) {
        return;
    }
    for check in &mut checks.list {
        if check.id == "payload" {
            check.outcome = Outcome::Fail;
            check.code = Some(Code::JwtInvalid);
        }
    }
}

/// Why a server may refuse what shows nothing wrong.
fn unseen(exchange: &Exchange, checks: &mut Checks) {
    let is_clean = !checks.list.iter().any(|check| check.outcome == Outcome::Fail);
    if is_clean && exchange.is_invalid_grant {
        let clock = if exchange.server_date.is_none() { ", a clock that differs from yours" } else { "" };
        checks.warn(
            "unseen||Canvas: LTI 2 authorize|nothing in it shows why; what it cannot show: \
             a jti that was used before, a sub that this Canvas does not know or has switched off, \
             another secret than Canvas has{0}\
             |send a new jti; check sub and secret in Canvas, and that the key or tool proxy is active there",
            &[clock],
        );
    }
}
