//! One line of a report, and how the rules write it. Messages carry no secret, no whole token, no person's claim.

use crate::error::text::filled;
use crate::error::{Code, Error};

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Outcome {
    Fail,
    Warn,
    Pass,
    Skip,
}

impl Outcome {
    /// The outcome as JavaScript sees it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Pass => "pass",
            Self::Skip => "skip",
        }
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Stable, such as `exp` or `claim-spelling`.
    pub id: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// What was found, and what was expected.
    pub message: String,
    /// What to change.
    pub fix: Option<String>,
    /// What verifying would throw.
    pub code: Option<Code>,
    /// The rule's source.
    pub spec: Option<&'static str>,
    /// Where in the token.
    pub at: Option<String>,
}

impl Check {
    /// What verifying throws, as a failed check.
    pub(crate) fn of_error(id: &'static str, error: &Error, fix: &str) -> Self {
        Self {
            id,
            outcome: Outcome::Fail,
            message: error.message.clone(),
            fix: Some(fix.to_owned()),
            code: Some(error.code),
            spec: error.spec.or(Some("RFC 7515")),
            at: Some(error.at.as_deref().unwrap_or("token").to_owned()),
        }
    }
}

/// The checks as they are found.
///
/// What a check says is one line: its id, where in the token, the rule's source, the message and the fix, with bars
/// between them and nothing where there is none. `{0}` is the first of the values that belong to it, and so on; the
/// source `*` is that of what Canvas asks of this kind of token.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub(crate) list: Vec<Check>,
    /// The source for `*`.
    spec: &'static str,
}

impl Checks {
    pub(crate) fn new(spec: &'static str) -> Self {
        Self { list: Vec::new(), spec }
    }

    pub(crate) fn pass(&mut self, line: &'static str, values: &[&str]) {
        self.add(Outcome::Pass, None, line, values);
    }

    pub(crate) fn skip(&mut self, line: &'static str, values: &[&str]) {
        self.add(Outcome::Skip, None, line, values);
    }

    pub(crate) fn warn(&mut self, line: &'static str, values: &[&str]) {
        self.add(Outcome::Warn, None, line, values);
    }

    pub(crate) fn fail(&mut self, code: Code, line: &'static str, values: &[&str]) {
        self.add(Outcome::Fail, Some(code), line, values);
    }

    /// A claim that is refused.
    pub(crate) fn refuse(&mut self, line: &'static str, values: &[&str]) {
        self.fail(Code::ClaimFailed, line, values);
    }

    pub(crate) fn error(&mut self, id: &'static str, error: &Error, fix: &str) {
        self.list.push(Check::of_error(id, error, fix));
    }

    // One function for all of them, and the lines beside their rules: the package is small that way.
    #[inline(never)]
    fn add(&mut self, outcome: Outcome, code: Option<Code>, line: &'static str, values: &[&str]) {
        let mut cells = line.split('|');
        let mut cell = || cells.next().filter(|cell| !cell.is_empty());
        let (id, at, spec) = (cell().unwrap_or_default(), cell(), cell());
        let (message, fix) = (cell().unwrap_or_default(), cell());
        self.list.push(Check {
            id,
            outcome,
            message: filled(message, values),
            fix: fix.map(|fix| filled(fix, values)),
            code,
            spec: if spec == Some("*") { Some(self.spec) } else { spec },
            at: at.map(|at| filled(at, values)),
        });
    }

    /// Whether a check with this id failed.
    pub(crate) fn has_failed(&self, id: &str) -> bool {
        self.list.iter().any(|check| check.id == id && check.outcome == Outcome::Fail)
    }
}
