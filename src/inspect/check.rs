//! One line of a report, and how the rules write it. Messages carry no secret, no whole token, no person's claim.

use serde::{Serialize, Serializer};

use super::repair::Repair;
use crate::error::{Code, Error};

/// How many faults of one kind a report lists: a hostile token could have a hundred thousand.
pub(super) const MOST: usize = 50;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
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

/// Where something stands in the text that was inspected, in UTF-16 code units, as JavaScript counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The place of its first character; the first of all is 0.
    pub start: usize,
    /// The place behind its last character.
    pub end: usize,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// Stable, such as `exp` or `claim-spelling`.
    pub id: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// What was found, and what was expected.
    pub message: String,
    /// What to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// What a program can change so that the fault is gone, where that is sure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<Repair>,
    /// What verifying would throw.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "code_text")]
    pub code: Option<Code>,
    /// The rule's source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<&'static str>,
    /// Where in the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Where in the text that was inspected; only after [`Report::locate`](super::Report::locate), and where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// In which of the texts that were opened it was found; the rules look at the innermost.
    #[serde(skip)]
    pub(super) text: Option<usize>,
}

impl Check {
    /// What the token is refused for.
    pub(super) fn fail(id: &'static str, code: Code, message: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::new(id, Outcome::Fail, message) }
    }

    /// What is odd, but not refused.
    pub(super) fn warn(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(id, Outcome::Warn, message)
    }

    /// What is good.
    pub(super) fn pass(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(id, Outcome::Pass, message)
    }

    /// What could not be checked.
    pub(super) fn skip(id: &'static str, message: impl Into<String>) -> Self {
        Self::new(id, Outcome::Skip, message)
    }

    /// What verifying or decrypting refuses the token with.
    pub(super) fn of_error(id: &'static str, error: &Error) -> Self {
        Self::fail(id, error.code, error.message.clone())
            .at(error.at.as_deref().unwrap_or("token"))
            .spec(error.spec.unwrap_or("RFC 7515"))
    }

    fn new(id: &'static str, outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            id,
            outcome,
            message: message.into(),
            fix: None,
            repairs: Vec::new(),
            code: None,
            spec: None,
            at: None,
            span: None,
            text: None,
        }
    }

    /// What to change.
    pub(super) fn fix(self, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..self }
    }

    /// What a program can change.
    pub(super) fn repairs(self, repairs: impl IntoIterator<Item = Repair>) -> Self {
        Self { repairs: repairs.into_iter().collect(), ..self }
    }

    /// Where in the token.
    pub(super) fn at(self, at: impl Into<String>) -> Self {
        Self { at: Some(at.into()), ..self }
    }

    /// The rule's source.
    pub(super) fn spec(self, spec: &'static str) -> Self {
        Self { spec: Some(spec), ..self }
    }

    /// Whether it failed, and has this id.
    pub(super) fn is_failed(&self, id: &str) -> bool {
        self.outcome == Outcome::Fail && self.id == id
    }
}

/// The code as JavaScript sees it.
#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)] // As serde calls it.
fn code_text<S: Serializer>(code: &Option<Code>, serializer: S) -> Result<S::Ok, S::Error> {
    code.map(Code::as_str).serialize(serializer)
}

/// Text of the token in a message: short.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

/// The name of a claim in a message: short, but a URL so far that its end can be seen.
pub(super) fn shown_claim(name: &str) -> String {
    if name.contains("://") { name.chars().filter(|c| !c.is_control()).take(120).collect() } else { shown(name) }
}

/// Text of the token in a message: short, and in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    let shown = shown(text);
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("\"{shown}{more}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_written_without_what_it_lacks() {
        let text = |check: Check| serde_json::to_string(&check).unwrap_or_default();
        assert_eq!(text(Check::pass("alg", "good")), r#"{"id":"alg","outcome":"pass","message":"good"}"#);
        let failed = Check::fail("exp", Code::Expired, "late").at("claims.exp").spec("RFC 7519").fix("sign again");
        assert_eq!(
            text(Check { span: Some(Span { start: 1, end: 2 }), ..failed }),
            r#"{"id":"exp","outcome":"fail","message":"late","fix":"sign again","code":"ERR_JWT_EXPIRED","spec":"RFC 7519","at":"claims.exp","span":{"start":1,"end":2}}"#
        );
    }

    #[test]
    fn what_is_shown_is_short() {
        assert_eq!(quoted("a\nb"), "\"ab…\"");
        assert_eq!(quoted(&"é".repeat(40)), format!("\"{}\"", "é".repeat(40)));
        assert_eq!(quoted(&"é".repeat(41)), format!("\"{}…\"", "é".repeat(40)));
    }
}
