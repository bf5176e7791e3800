//! Where an LTI 2 tool is installed: an account or a course.

use super::site::segment;
use crate::error::Result;
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
    /// The two path segments that name it.
    pub(crate) fn segments(&self) -> Result<[&str; 2]> {
        match self {
            Self::Account(id) => Ok(["accounts", segment(id, "context.accountId")?]),
            Self::Course(id) => Ok(["courses", segment(id, "context.courseId")?]),
        }
    }
}
