//! Where an LTI 2 tool is installed: an account or a course.

use crate::lti::Id;

/// An account or a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// An account.
    Account(Id),
    /// A course.
    Course(Id),
}

impl Context {
    /// The path segment before its id, the id, and what that is called.
    pub(crate) fn parts(&self) -> (&'static str, &Id, &'static str) {
        match self {
            Self::Account(id) => ("accounts", id, "context.accountId"),
            Self::Course(id) => ("courses", id, "context.courseId"),
        }
    }
}
