//! The report: every check in a stable order, the outcome, and one sentence for a person.

use super::check::{Check, Outcome};
use super::claims::{self, Context};
use super::kind::Kind;
use super::open::Opened;
use super::signature::{self, Signature};
use super::times::{Clock, duration};
use super::{encrypted, header};
use crate::error::Code;
use crate::jose::json::Object;
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
    let mut checks = vec![kind_check(kind, detected, reason)];
    checks.extend(opened.checks.iter().cloned());
    checks.extend(around(kind, &opened.layers));
    let server_date = options.exchange.as_ref().and_then(|exchange| exchange.server_date);
    // In whole seconds, as the server's date has no others.
    let ahead = server_date.map(|date| options.now.floor() - date);
    // What counts is the clock of the server that refused; where both agree, the own one is finer.
    let differs = ahead.is_some_and(|ahead| ahead.abs() > 0.0);
    let now = server_date.filter(|_| differs).unwrap_or(options.now);
    let clock = Clock { now, tolerance: options.tolerance };
    checks.extend(ahead.map(clock_check));
    if let (Some(header), Some(Layer::Jws(_)) | None) = (&opened.header, opened.layers.last()) {
        header::check(kind, header, &mut checks);
    }
    match opened.layers.last() {
        Some(Layer::Jwe(jwe)) if opened.claims.is_none() && !failed(&checks, "decryption") => {
            encrypted::check(kind, jwe, &mut checks);
        }
        _ => {}
    }
    let found = signature::check(signature, &opened.layers, &checks);
    checks.extend(found);
    let secret = match signature {
        Signature::Wrong(_, secret) | Signature::Right(secret) => *secret,
        _ => None,
    };
    if let Some((claims, _)) = &opened.claims {
        let empty = Header::default();
        let context = Context {
            kind,
            header: opened.header.as_ref().unwrap_or(&empty),
            endpoint: options.endpoint.as_deref(),
            clock,
            secret,
            has_code: options.exchange.as_ref().map(|exchange| exchange.has_code),
        };
        claims::check(&context, claims, &mut checks);
        // Times that are right by the own clock are wrong because of it.
        let own = Context { clock: Clock { now: options.now, ..clock }, ..context };
        if let (Some(refused), None) = (refused_time(&context, claims), refused_time(&own, claims)) {
            blame_clock(refused, &mut checks);
        }
    } else {
        no_claims(kind, &mut checks);
    }
    let first = checks.iter().find(|check| check.outcome == Outcome::Fail).and_then(|check| check.code);
    if let (Some(kind), Some(code)) = (checks.first_mut().filter(|check| check.outcome == Outcome::Warn), first) {
        // What is good as what it looks like is no spoilt token of another kind.
        let as_detected = Options { kind: Some(detected), endpoint: None, exchange: None, ..*options };
        if report(opened, signature, &as_detected).outcome != "invalid" {
            (kind.outcome, kind.code) = (Outcome::Fail, Some(code));
        }
    }
    if let Some(exchange) = &options.exchange {
        checks.extend(unseen(exchange, &checks));
    }
    finish(kind, opened, matches!(signature, Signature::Right(_)), checks)
}

fn finish(kind: Kind, opened: &Opened, is_verified: bool, mut checks: Vec<Check>) -> Report {
    let form = if matches!(opened.layers.last(), Some(Layer::Jwe(_))) { Code::JweInvalid } else { Code::JwsInvalid };
    for check in &mut checks {
        if check.code == Some(Code::TokenInvalid) {
            check.code = Some(form);
        }
    }
    let checks = in_order(&checks);
    let has_failed = checks.first().is_some_and(|check| check.outcome == Outcome::Fail);
    let is_refused = checks.iter().any(|check| check.id == "unseen");
    let outcome = match (has_failed, is_verified && !is_refused) {
        (true, _) => "invalid",
        (false, true) => "valid",
        (false, false) => "unverified",
    };
    let is_token = opened.header.is_some() || !opened.layers.is_empty();
    let summary = summary(kind, is_token, outcome, &checks);
    Report { kind, outcome, checks, summary }
}

/// Fails first; what nobody can see from the token before other warnings; else as the rules stand.
fn in_order(checks: &[Check]) -> Vec<Check> {
    let rank = |check: &Check| match check.outcome {
        Outcome::Fail => 0,
        Outcome::Warn if check.id == "unseen" => 1,
        Outcome::Warn => 2,
        Outcome::Pass => 3,
        Outcome::Skip => 4,
    };
    (0..=4).flat_map(|place| checks.iter().filter(move |check| rank(check) == place).cloned()).collect()
}

fn failed(checks: &[Check], id: &str) -> bool {
    checks.iter().any(|check| check.id == id && check.outcome == Outcome::Fail)
}

fn kind_check(kind: Kind, detected: Kind, reason: &str) -> Check {
    if kind == detected {
        return Check::pass("kind", &[kind.profile().name, ", told by ", reason]);
    }
    let is_specific = |kind| !matches!(kind, Kind::Jwt | Kind::Jws | Kind::Jwe);
    if is_specific(kind) && is_specific(detected) {
        let message =
            ["expected ", kind.profile().name, ", but it looks like ", detected.profile().name, ", told by ", reason];
        let fix = "send the kind of token that is expected, or inspect it as what it is";
        Check::warn("kind", &message, fix).at("token").spec(kind.profile().spec)
    } else {
        Check::pass("kind", &["inspected as ", kind.profile().name, ", as told"])
    }
}

/// What stands around the signed token that this kind does without.
fn around(kind: Kind, layers: &[Layer]) -> Option<Check> {
    let name = kind.profile().name;
    let is_bare = !matches!(kind, Kind::CanvasJwt | Kind::InstAccessToken | Kind::Jwt | Kind::Jws | Kind::Jwe);
    let (id, message, fix) = if matches!(layers, [Layer::Base64, ..]) && kind != Kind::CanvasJwt {
        (
            "wrapping",
            ["base64 around the token, expected ", name, " itself"],
            "decode it once (unwrap) before sending it",
        )
    } else if is_bare && layers.iter().any(|layer| matches!(layer, Layer::Jwe(_))) {
        ("encrypted", ["encrypted, but ", name, " is signed only"], "send the signed token without encrypting it")
    } else {
        return None;
    };
    Some(Check::fail(id, Code::JwsInvalid, &message, fix).at("token").spec(kind.profile().spec))
}

fn clock_check(ahead: f64) -> Check {
    let direction = if ahead > 0.0 { "ahead of" } else { "behind" };
    if ahead.abs() < CLOCK_OFFSET {
        return Check::pass("clock", &["your clock agrees with Canvas's"]);
    }
    let message = ["your clock is ", &duration(ahead), " ", direction, " Canvas"];
    let check = Check::warn("clock", &message, "set the clock of this machine (NTP)");
    check.spec("RFC 9110 §6.6.1")
}

/// The first time that is refused.
fn refused_time(context: &Context<'_>, claims: &Object) -> Option<Check> {
    let mut checks = Vec::new();
    claims::check(context, claims, &mut checks);
    let times = ["exp", "nbf", "iat-age", "iat-future"];
    checks.into_iter().find(|check| check.outcome == Outcome::Fail && times.contains(&check.id))
}

fn blame_clock(refused: Check, checks: &mut [Check]) {
    if let Some(clock) = checks.iter_mut().find(|check| check.id == "clock" && check.outcome == Outcome::Warn) {
        (clock.outcome, clock.code, clock.at) = (Outcome::Fail, refused.code, refused.at);
    }
}

/// A payload without claims is a fault in a token that has to have them.
fn no_claims(kind: Kind, checks: &mut [Check]) {
    if matches!(kind, Kind::Jws | Kind::Jwe) {
        return;
    }
    for check in checks.iter_mut().filter(|check| check.id == "payload") {
        check.outcome = Outcome::Fail;
        check.code = Some(Code::JwtInvalid);
    }
}

/// Why a server may refuse what shows nothing wrong.
fn unseen(exchange: &Exchange, checks: &[Check]) -> Option<Check> {
    let is_clean = !checks.iter().any(|check| check.outcome == Outcome::Fail);
    (is_clean && exchange.is_invalid_grant).then(|| {
        let clock = if exchange.server_date.is_none() { ", a clock that differs from yours" } else { "" };
        let message = [
            "nothing in it shows why; what it cannot show: a jti that was used before, a sub that this Canvas does not know \
             or has switched off, another secret than Canvas has",
            clock,
        ];
        let fix = "send a new jti; check sub and secret in Canvas, and that the key or tool proxy is active there";
        Check::warn("unseen", &message, fix).spec("Canvas: LTI 2 authorize")
    })
}

fn summary(kind: Kind, is_token: bool, outcome: &str, checks: &[Check]) -> String {
    let name = kind.profile().name;
    let mut name = if is_token { name.to_owned() } else { "a text".to_owned() };
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let worst = checks.first().filter(|check| check.outcome <= Outcome::Warn);
    let encrypted = checks.iter().find(|check| check.id == "encrypted");
    match (outcome, worst, encrypted) {
        (_, Some(check), _) if check.id == "unseen" => [&name, " that Canvas refused: ", &check.message].concat(),
        ("invalid", Some(check), _) => {
            let others = checks.iter().filter(|other| other.outcome == Outcome::Fail).count() - 1;
            let fix = check.fix.as_deref().unwrap_or_default();
            let more = match others {
                0 => String::new(),
                1 => " (and 1 more fault)".to_owned(),
                n => [" (and ", &n.to_string(), " more faults)"].concat(),
            };
            [&name, " that will be refused: ", &check.message, "; ", fix, &more].concat()
        }
        ("valid", Some(check), _) => [&name, ", valid and its signature verified; but ", &check.message].concat(),
        ("valid", None, _) => [&name, ", valid and its signature verified"].concat(),
        (_, _, Some(check)) => [&name, ", ", &check.message].concat(),
        (_, Some(check), None) => {
            [&name, " with nothing that would be refused, its signature not verified; but ", &check.message].concat()
        }
        _ => [&name, " with nothing that would be refused; its signature was not verified"].concat(),
    }
}
