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
    /// Its id, with its name.
    pub(crate) fn id(&self) -> (&'static str, Id) {
        match self {
            Self::Account(id) => ("accountId", id.clone()),
            Self::Course(id) => ("courseId", id.clone()),
        }
    }
}
