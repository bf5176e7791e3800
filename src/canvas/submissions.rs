//! Submissions as an LTI 2 tool sees them, and their history.

use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::lti::Id;

pub use super::site::{object as response, objects as history_response};

/// The request for a submission.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, assignment: &Id, submission: &Id) -> Result<Request> {
    get(site, "api/lti/assignments/*/submissions/*", assignment, submission)
}

/// The request for a submission's history.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn history(site: &Site, assignment: &Id, submission: &Id) -> Result<Request> {
    get(site, "api/lti/assignments/*/submissions/*/history", assignment, submission)
}

fn get(site: &Site, path: &str, assignment: &Id, submission: &Id) -> Result<Request> {
    site.request(Method::Get, path, &[(assignment, "path.assignmentId"), (submission, "path.submissionId")])
}
