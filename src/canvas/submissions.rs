//! Submissions as an LTI 2 tool sees them, and their history.

use ::http::Method;
use serde::Deserialize;

use super::site::{Site, segment};
use crate::error::Result;
use crate::http::Request;
use crate::lti2::Id;

pub use crate::http::answer::{object as response, objects as history_response};

/// Where a submission is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[allow(missing_docs)]
pub struct SubmissionPath {
    pub assignment_id: Id,
    pub submission_id: Id,
}

impl SubmissionPath {
    /// As a path of a URL, without slashes around it.
    pub(super) fn path(&self) -> Result<String> {
        let assignment = segment(&self.assignment_id, "path.assignmentId")?;
        let submission = segment(&self.submission_id, "path.submissionId")?;
        Ok(format!("api/lti/assignments/{assignment}/submissions/{submission}"))
    }
}

/// The request for a submission.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, path: &SubmissionPath) -> Result<Request> {
    site.request(Method::GET, &path.path()?)
}

/// The request for a submission's history.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn history(site: &Site, path: &SubmissionPath) -> Result<Request> {
    site.request(Method::GET, &format!("{}/history", path.path()?))
}
