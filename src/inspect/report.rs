//! The report: every check in a stable order, the outcome, and one sentence for a person.

use super::check::{Check, Outcome};
use super::kind::Kind;
use super::open::Opened;
use super::paste::FoundToken;
use super::rules::{Clock, Context, Signature, check_claims, check_encrypted, check_header, check_signature, duration};
use super::sentence::{capitalized, continued, sentences};
use super::spans::{self, Part};
use crate::canvas::oauth;
use crate::error::{Code, Error};
use crate::jose::{Header, Layer};
use crate::lti13::{Platform, is_state_of_secret};

/// How far a clock may be off before it is reported, in seconds.
const CLOCK_OFFSET: f64 = 5.0;

/// What a token is inspected for.
#[derive(Debug, Default)]
pub struct Options {
    /// What it is meant to be; detected when absent.
    pub kind: Option<Kind>,
    /// The URL it is sent to.
    pub endpoint: Option<String>,
    /// The platform that it is from or for, in LTI 1.3.
    pub platform: Option<Platform>,
    /// The nonce of the login that it answers, in LTI 1.3.
    pub nonce: Option<String>,
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
    /// Where the token was found, where the text is not the token itself.
    pub found: Option<FoundToken>,
    /// The other tokens in the text, the one that tells most first.
    pub others: Vec<FoundToken>,
    /// The parts of every token that was read, outermost first; only after [`Report::locate`].
    pub parts: Vec<Part>,
}

impl Report {
    /// Why it is refused: the first fault, and what to change.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let is_reason = |check: &&Check| check.outcome == Outcome::Fail || check.id == UNSEEN;
        let Check { message, fix, .. } = self.checks.first().filter(is_reason)?;
        let message = continued(message);
        Some(match fix {
            Some(fix) => format!("{message}; {}", continued(fix)),
            None => message,
        })
    }

    /// Adds where its checks stand in the text that was opened, and the parts of that text with the spans of their members.
    /// A check's span is that of its `at`; it has none where that is absent from the text, or inside what was encrypted.
    pub fn locate(&mut self, opened: &Opened) {
        self.parts = spans::locate(opened, &mut self.checks);
    }
}

/// Applies every rule.
#[must_use]
pub fn report(opened: &Opened, verified: &Signature<'_>, options: &Options) -> Report {
    let (mut detected, mut reason) = opened.kind();
    let of_endpoint = options.endpoint.as_deref().and_then(Kind::sent_to);
    if let (Kind::Jwt | Kind::Jws, Some(kind)) = (detected, of_endpoint) {
        (detected, reason) = (kind, "the endpoint it is sent to");
    }
    let kind = options.kind.unwrap_or(detected);
    let wrong = Error::new(Code::SignatureFailed, "the signature is wrong");
    let signature = &of_state(kind, opened, *verified, &wrong);
    let mut checks = vec![kind_check(kind, detected, reason)];
    checks.extend(opened.checks.iter().map(|check| form_check(kind, opened, check)));
    checks.extend(around(kind, &opened.layers));
    let clocks = Clocks::new(options);
    let of_claims = claims_checks(kind, opened, signature, options, clocks.reader);
    let own = || claims_checks(kind, opened, signature, options, clocks.own);
    checks.extend(clocks.check(&of_claims, own));
    let innermost = opened.layers.last();
    if let (Some(header), Some(Layer::Jws(_)) | None) = (&opened.header, innermost) {
        check_header(kind, header, &mut checks);
    }
    if let Some(Layer::Jwe(jwe)) = innermost
        && !opened.is_decrypted
        && !checks.iter().any(|check| check.is_failed("decryption"))
    {
        check_encrypted(kind, jwe, &mut checks);
    }
    check_signature(kind, signature, &opened.layers, &mut checks);
    checks.extend(of_claims);
    let first = checks.iter().find(|check| check.outcome == Outcome::Fail).and_then(|check| check.code);
    if let (Some(kind), Some(code)) = (checks.first_mut(), first)
        && kind.outcome == Outcome::Warn
    {
        // What is good as what it looks like is no spoilt token of another kind.
        let as_detected =
            Options { kind: Some(detected), now: options.now, tolerance: options.tolerance, ..Options::default() };
        if report(opened, verified, &as_detected).outcome != "invalid" {
            (kind.outcome, kind.code) = (Outcome::Fail, Some(code));
        }
    }
    let is_clean = !checks.iter().any(|check| check.outcome == Outcome::Fail);
    let refused = options.exchange.as_ref().filter(|exchange| is_clean && exchange.is_invalid_grant);
    checks.extend(refused.map(unseen));
    conclude(kind, opened, matches!(signature, Signature::Right(_)), checks)
}

/// What verifying gave, of a state: it is signed with a key that is derived from the secret.
fn of_state<'a>(kind: Kind, opened: &Opened, signature: Signature<'a>, wrong: &'a Error) -> Signature<'a> {
    let (Signature::Right(Some(secret)) | Signature::Wrong(_, Some(secret))) = signature else { return signature };
    let Some(Layer::Jws(jws)) = opened.layers.last() else { return signature };
    let is_right = match kind {
        Kind::Lti13LoginState => is_state_of_secret(secret, jws),
        Kind::OAuthState => oauth::is_state_of_secret(secret, jws),
        _ => return signature,
    };
    if is_right { Signature::Right(Some(secret)) } else { Signature::Wrong(wrong, Some(secret)) }
}

fn kind_check(kind: Kind, detected: Kind, reason: &str) -> Check {
    let is_specific = |kind| !matches!(kind, Kind::Jwt | Kind::Jws | Kind::Jwe);
    let (name, other) = (kind.profile().name, detected.profile().name);
    if kind == detected {
        Check::pass("kind", format!("this is {name}, told by {reason}"))
    } else if is_specific(kind) && is_specific(detected) {
        Check::warn("kind", format!("this is meant to be {name}, but it looks like {other}, told by {reason}"))
            .at("token")
            .spec(kind.profile().spec)
            .fix("send the kind of token that is expected, or inspect it as what it is")
    } else {
        Check::pass("kind", format!("this was inspected as {name}, as told"))
    }
}

/// What was found when the token was opened. A payload without claims is a fault in a token that has to have them.
fn form_check(kind: Kind, opened: &Opened, check: &Check) -> Check {
    let needs_claims = !matches!(kind, Kind::Jws | Kind::Jwe);
    if check.id == "payload" && needs_claims && opened.claims.is_none() {
        return Check { outcome: Outcome::Fail, code: Some(Code::JwtInvalid), ..check.clone() };
    }
    check.clone()
}

/// What stands around the signed token that this kind does without.
fn around(kind: Kind, layers: &[Layer]) -> Option<Check> {
    let is_bare = !matches!(kind, Kind::CanvasJwt | Kind::InstAccessToken | Kind::Jwt | Kind::Jws | Kind::Jwe);
    let name = kind.profile().name;
    let check = if matches!(layers, [Layer::Base64, ..]) && kind != Kind::CanvasJwt {
        Check::fail("wrapping", Code::JwsInvalid, format!("base64 stands around the token, expected {name} itself"))
            .fix("decode it once before sending it")
    } else if is_bare && layers.iter().any(|layer| matches!(layer, Layer::Jwe(_))) {
        Check::fail("encrypted", Code::JwsInvalid, format!("the token is encrypted, but {name} is signed only"))
            .fix("send the signed token without encrypting it")
    } else {
        return None;
    };
    Some(check.at("token").spec(kind.profile().spec))
}

/// The own clock, and that of the server which refused the token.
struct Clocks {
    own: Clock,
    /// The one that counts.
    reader: Clock,
    /// How far the own one is ahead of the server's, in seconds.
    ahead: Option<f64>,
}

impl Clocks {
    fn new(options: &Options) -> Self {
        let own = Clock { now: options.now, tolerance: options.tolerance };
        let server_date = options.exchange.as_ref().and_then(|exchange| exchange.server_date);
        // In whole seconds, as the server's date has no others.
        let ahead = server_date.map(|date| options.now.floor() - date);
        // What counts is the clock of the server that refused; where both agree, the own one is finer.
        let differs = ahead.is_some_and(|ahead| ahead.abs() > 0.0);
        let now = server_date.filter(|_| differs).unwrap_or(options.now);
        Self { own, reader: Clock { now, ..own }, ahead }
    }

    /// Whether the clocks agree. One that is off is at fault where a time is refused by the reader's clock (these checks),
    /// but none by the own.
    fn check(&self, by_reader: &[Check], by_own: impl FnOnce() -> Vec<Check>) -> Option<Check> {
        let ahead = self.ahead?;
        if ahead.abs() < CLOCK_OFFSET {
            return Some(Check::pass("clock", "your clock agrees with Canvas's"));
        }
        let direction = if ahead > 0.0 { "ahead of" } else { "behind" };
        let message = format!("your clock is {} {direction} Canvas", duration(ahead));
        let refused = refused_time(by_reader).filter(|_| refused_time(&by_own()).is_none());
        let check = match refused {
            Some(Check { code, at, .. }) => {
                Check { outcome: Outcome::Fail, code: *code, at: at.clone(), ..Check::warn("clock", message) }
            }
            None => Check::warn("clock", message),
        };
        Some(check.spec("RFC 9110 §6.6.1").fix("set the clock of this machine (NTP)"))
    }
}

/// The first time that is refused.
fn refused_time(checks: &[Check]) -> Option<&Check> {
    let is_time = |id| matches!(id, "exp" | "nbf" | "iat-age" | "iat-future");
    checks.iter().find(|check| check.outcome == Outcome::Fail && is_time(check.id))
}

/// What the rules for claims find by this clock.
fn claims_checks(
    kind: Kind,
    opened: &Opened,
    signature: &Signature<'_>,
    options: &Options,
    clock: Clock,
) -> Vec<Check> {
    let mut checks = Vec::new();
    let Some((claims, _)) = &opened.claims else { return checks };
    let secret = match signature {
        Signature::Wrong(_, secret) | Signature::Right(secret) => *secret,
        Signature::NoKey | Signature::Unknown(_) => None,
    };
    let empty = Header::default();
    let context = Context {
        kind,
        header: opened.header.as_ref().unwrap_or(&empty),
        claims,
        endpoint: options.endpoint.as_deref(),
        platform: options.platform.as_ref(),
        nonce: options.nonce.as_deref(),
        clock,
        secret,
        has_code: options.exchange.as_ref().map(|exchange| exchange.has_code),
    };
    check_claims(&context, &mut checks);
    checks
}

/// The check of a token that was refused although nothing in it shows why.
const UNSEEN: &str = "unseen";

/// Why a server may refuse what shows nothing wrong.
fn unseen(exchange: &Exchange) -> Check {
    let clock = if exchange.server_date.is_none() { ", a clock that differs from yours" } else { "" };
    Check::warn(
        UNSEEN,
        format!(
            "nothing in it shows why; what it cannot show: a jti that was used before, \
             a sub that this Canvas does not know or has switched off, another secret than Canvas has{clock}"
        ),
    )
    .spec("Canvas: LTI 2 authorize")
    .fix("send a new jti; check sub and secret in Canvas, and that the key or tool proxy is active there")
}

/// The end of a report: its checks in order, the outcome, and one sentence for a person.
fn conclude(kind: Kind, opened: &Opened, is_verified: bool, mut checks: Vec<Check>) -> Report {
    // What is no token is refused as the serialization that it looks like.
    let form = if matches!(opened.layers.last(), Some(Layer::Jwe(_))) { Code::JweInvalid } else { Code::JwsInvalid };
    for check in &mut checks {
        sentences(check, kind);
        check.code = check.code.map(|code| match code {
            _ if kind == Kind::Lti13LoginState => Code::StateInvalid,
            _ if kind == Kind::OAuthState => Code::AuthorizationStateInvalid,
            Code::TokenInvalid if check.id != "no-token" => form,
            code => code,
        });
    }
    checks.sort_by_key(rank);
    let has_failed = checks.first().is_some_and(|check| check.outcome == Outcome::Fail);
    let is_refused = checks.iter().any(|check| check.id == UNSEEN);
    let outcome = match (has_failed, is_verified && !is_refused) {
        (true, _) => "invalid",
        (false, true) => "valid",
        (false, false) => "unverified",
    };
    let is_token = opened.header.is_some() || !opened.layers.is_empty();
    let name = if is_token { kind.profile().name } else { "a text" };
    let summary = capitalized(&summary(kind, name, outcome, &checks));
    let found = opened.found.clone().map(|found| FoundToken { kind, ..found });
    Report { kind, outcome, checks, summary, found, others: opened.others.clone(), parts: Vec::new() }
}

/// Fails first; what nobody can see from the token before other warnings; else as the rules stand.
fn rank(check: &Check) -> u8 {
    match check.outcome {
        Outcome::Fail => 0,
        Outcome::Warn if check.id == UNSEEN => 1,
        Outcome::Warn => 2,
        Outcome::Pass => 3,
        Outcome::Skip => 4,
    }
}

fn summary(kind: Kind, name: &str, outcome: &str, checks: &[Check]) -> String {
    let worst = checks.first().filter(|check| check.outcome <= Outcome::Warn);
    let said = |text: Option<&str>| continued(text.unwrap_or_default());
    let message = said(worst.map(|check| check.message.as_str()));
    let fix = said(worst.and_then(|check| check.fix.as_deref()));
    let encrypted = checks.iter().find(|check| check.id == "encrypted");
    let faults = checks.iter().filter(|check| check.outcome == Outcome::Fail).count();
    match (outcome, worst, encrypted) {
        // Nobody is sent what has no token in it.
        (_, Some(check), _) if check.id == "no-token" => format!("{message}; {fix}"),
        (_, Some(check), _) if check.id == UNSEEN => format!("{name} that Canvas refused: {message}"),
        ("invalid", ..) => {
            let more = match faults {
                0 | 1 => String::new(),
                2 => " (and 1 more fault)".to_owned(),
                _ => format!(" (and {} more faults)", faults - 1),
            };
            let (_, noun) = name.split_once(' ').unwrap_or(("", name));
            format!("{} will refuse this {noun}: {message}; {fix}{more}", kind.reader())
        }
        ("valid", Some(_), _) => format!("{name}, valid and its signature verified; but {message}"),
        ("valid", None, _) => format!("{name}, valid and its signature verified"),
        (.., Some(closed)) => {
            let message = closed.message.strip_prefix("The token is ").unwrap_or(&closed.message);
            format!("{name}, {message}")
        }
        (_, Some(_), None) => {
            format!("{name} with nothing that would be refused, its signature not verified; but {message}")
        }
        _ => format!("{name} with nothing that would be refused; its signature was not verified"),
    }
}
