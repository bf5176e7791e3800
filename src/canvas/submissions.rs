//! Submissions as an LTI 2 tool sees them, and their history.

use super::endpoint::Endpoint;
use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::lti::Id;

pub use super::site::{object as response, objects as history_response};

pub(crate) const READ: Endpoint =
    Endpoint::new(Method::Get, "path", &["api/lti/assignments/:assignmentId/submissions/:submissionId"]);
pub(crate) const HISTORY: Endpoint =
    Endpoint::new(Method::Get, "path", &["api/lti/assignments/:assignmentId/submissions/:submissionId/history"]);

/// The request for a submission.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, assignment: &Id, submission: &Id) -> Result<Request> {
    READ.request(site, &ids(assignment, submission))
}

/// The request for a submission's history.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn history(site: &Site, assignment: &Id, submission: &Id) -> Result<Request> {
    HISTORY.request(site, &ids(assignment, submission))
}

pub(super) fn ids(assignment: &Id, submission: &Id) -> [(&'static str, Id); 2] {
    [("assignmentId", assignment.clone()), ("submissionId", submission.clone())]
}
