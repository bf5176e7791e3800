//! One line of a report. Messages carry no secret, no whole token, no person's claim.

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
    fn new(id: &'static str, outcome: Outcome, message: &[&str]) -> Self {
        Self { id, outcome, message: message.concat(), fix: None, code: None, spec: None, at: None }
    }

    pub(crate) fn pass(id: &'static str, message: &[&str]) -> Self {
        Self::new(id, Outcome::Pass, message)
    }

    pub(crate) fn skip(id: &'static str, message: &[&str]) -> Self {
        Self::new(id, Outcome::Skip, message)
    }

    pub(crate) fn warn(id: &'static str, message: &[&str], fix: &str) -> Self {
        Self { fix: Some(fix.to_owned()), ..Self::new(id, Outcome::Warn, message) }
    }

    pub(crate) fn fail(id: &'static str, code: Code, message: &[&str], fix: &str) -> Self {
        Self { fix: Some(fix.to_owned()), code: Some(code), ..Self::new(id, Outcome::Fail, message) }
    }

    /// A claim that is refused.
    pub(crate) fn refuse(id: &'static str, claim: &str, message: &[&str], fix: &str) -> Self {
        Self::fail(id, Code::ClaimFailed, message, fix).at_claim(claim)
    }

    /// What verifying throws, as a failed check.
    pub(crate) fn of_error(id: &'static str, error: &Error, fix: &str) -> Self {
        let check = Self::fail(id, error.code, &[&error.message], fix);
        check.spec(error.spec.unwrap_or("RFC 7515")).at(error.at.as_deref().unwrap_or("token"))
    }

    pub(crate) fn at(mut self, at: &str) -> Self {
        self.at = Some(at.to_owned());
        self
    }

    pub(crate) fn at_claim(self, claim: &str) -> Self {
        self.at(&["claims.", claim].concat())
    }

    pub(crate) fn spec(mut self, spec: &'static str) -> Self {
        self.spec = Some(spec);
        self
    }
}

/// Text of the token in a message: short, and in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    ["\"", &shown, more, "\""].concat()
}
