//! The end of a report: its checks in order, the outcome, and one sentence for a person.

use super::check::{Check, Outcome};
use super::kind::Kind;
use super::open::Opened;
use super::report::Report;
use crate::error::Code;
use crate::error::text::{decimal, filled};
use crate::jose::Layer;

pub(crate) fn conclude(kind: Kind, opened: &Opened, is_verified: bool, mut checks: Vec<Check>) -> Report {
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
    let mut summary = summary(if is_token { kind.profile().name } else { "a text" }, outcome, &checks);
    if let Some(first) = summary.get_mut(..1) {
        first.make_ascii_uppercase();
    }
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
    let mut ordered = Vec::new();
    for place in 0..5 {
        for check in checks {
            if rank(check) == place {
                ordered.push(check.clone());
            }
        }
    }
    ordered
}

fn summary(name: &str, outcome: &str, checks: &[Check]) -> String {
    let worst = checks.first().filter(|check| check.outcome <= Outcome::Warn);
    let encrypted = checks.iter().find(|check| check.id == "encrypted");
    let faults = checks.iter().filter(|check| check.outcome == Outcome::Fail).count();
    let words = match (outcome, worst, encrypted) {
        (_, Some(check), _) if check.id == "unseen" => "{0} that Canvas refused: {1}",
        ("invalid", ..) => match faults {
            1 => "{0} that will be refused: {1}; {2}",
            2 => "{0} that will be refused: {1}; {2} (and 1 more fault)",
            _ => "{0} that will be refused: {1}; {2} (and {3} more faults)",
        },
        ("valid", Some(_), _) => "{0}, valid and its signature verified; but {1}",
        ("valid", None, _) => "{0}, valid and its signature verified",
        (.., Some(_)) => "{0}, {4}",
        (_, Some(_), None) => "{0} with nothing that would be refused, its signature not verified; but {1}",
        _ => "{0} with nothing that would be refused; its signature was not verified",
    };
    let message = worst.map_or("", |check| &check.message);
    let fix = worst.and_then(|check| check.fix.as_deref()).unwrap_or_default();
    let closed = encrypted.map_or("", |check| &check.message);
    filled(words, &[name, message, fix, &decimal(faults.saturating_sub(1)), closed])
}
