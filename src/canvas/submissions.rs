//! Submissions as an LTI 2 tool sees them, and their history.

use super::site::{Site, segment};
use crate::error::Result;
use crate::http::{Method, Request};
use crate::lti::Id;

pub use super::site::{object as response, objects as history_response};

/// The request for a submission.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, assignment: &Id, submission: &Id) -> Result<Request> {
    Ok(site.request(Method::Get, &path(assignment, submission)?))
}

/// The request for a submission's history.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn history(site: &Site, assignment: &Id, submission: &Id) -> Result<Request> {
    let mut segments = path(assignment, submission)?.to_vec();
    segments.push("history");
    Ok(site.request(Method::Get, &segments))
}

fn path<'a>(assignment: &'a Id, submission: &'a Id) -> Result<[&'a str; 6]> {
    let assignment = segment(assignment, "path.assignmentId")?;
    Ok(["api", "lti", "assignments", assignment, "submissions", segment(submission, "path.submissionId")?])
}
