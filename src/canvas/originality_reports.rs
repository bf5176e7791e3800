//! Originality Reports: created for a submission, read and updated by id or by file. Creating one that exists updates
//! it (200 in place of 201).

use super::site::{Site, segment};
use crate::error::{Error, Result};
use crate::http::{Method, Request};
use crate::jose::json::{Json, Number, Object};
use crate::lti::Id;

pub use super::site::object as response;

/// Where a report is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ReportPath {
    Report { assignment: Id, submission: Id, report: Id },
    File { assignment: Id, file: Id },
}

/// A report's fields.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct ReportParams {
    pub file_id: Option<Id>,
    pub originality_score: Option<Number>,
    pub originality_report_url: Option<String>,
    pub originality_report_file_id: Option<Id>,
    pub workflow_state: Option<String>,
    pub error_message: Option<String>,
    pub attempt: Option<i64>,
    pub resource_type_code: Option<String>,
    pub resource_url: Option<String>,
}

/// The request that creates a report.
///
/// # Errors
/// `ERR_ARGUMENT` for a field that Canvas would refuse.
pub fn create(site: &Site, assignment: &Id, submission: &Id, params: &ReportParams) -> Result<Request> {
    let assignment = segment(assignment, "path.assignmentId")?;
    let submission = segment(submission, "path.submissionId")?;
    let segments = ["api", "lti", "assignments", assignment, "submissions", submission, "originality_report"];
    Ok(site.json_request(Method::Post, &segments, &params.to_json()?))
}

/// The request that updates a report.
///
/// # Errors
/// `ERR_ARGUMENT` for a field that Canvas would refuse.
pub fn update(site: &Site, path: &ReportPath, params: &ReportParams) -> Result<Request> {
    Ok(site.json_request(Method::Put, &path.segments()?, &params.to_json()?))
}

/// The request that reads a report.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, path: &ReportPath) -> Result<Request> {
    Ok(site.request(Method::Get, &path.segments()?))
}

impl ReportPath {
    fn segments(&self) -> Result<Vec<&str>> {
        let mut out = vec!["api", "lti", "assignments"];
        match self {
            Self::Report { assignment, submission, report } => out.extend([
                segment(assignment, "path.assignmentId")?,
                "submissions",
                segment(submission, "path.submissionId")?,
                "originality_report",
                segment(report, "path.reportId")?,
            ]),
            Self::File { assignment, file } => out.extend([
                segment(assignment, "path.assignmentId")?,
                "files",
                segment(file, "path.fileId")?,
                "originality_report",
            ]),
        }
        Ok(out)
    }
}

impl ReportParams {
    fn to_json(&self) -> Result<Object> {
        if self.originality_score.as_ref().is_some_and(|score| !(0.0..=100.0).contains(&score.as_f64())) {
            return Err(Error::argument("report.originalityScore", &["not between 0 and 100"]));
        }
        let states = ["pending", "error", "scored"];
        if self.workflow_state.as_deref().is_some_and(|state| !states.contains(&state)) {
            return Err(Error::argument("report.workflowState", &["unknown, expected pending, error or scored"]));
        }
        if self.attempt.is_some_and(|attempt| attempt < 1) {
            return Err(Error::argument("report.attempt", &["expected 1 or more"]));
        }
        let text = |text: &Option<String>| text.as_deref().map(Json::from);
        let id = |id: &Option<Id>| id.as_ref().map(Id::to_json);
        let setting =
            [("resource_type_code", text(&self.resource_type_code)), ("resource_url", text(&self.resource_url))];
        let setting = present(setting);
        let has_setting = setting.iter().len() > 0;
        let report = present([
            ("file_id", id(&self.file_id)),
            ("originality_score", self.originality_score.clone().map(Json::Number)),
            ("originality_report_url", text(&self.originality_report_url)),
            ("originality_report_file_id", id(&self.originality_report_file_id)),
            ("workflow_state", text(&self.workflow_state)),
            ("error_message", text(&self.error_message)),
            ("attempt", self.attempt.map(Json::from)),
            ("tool_setting", has_setting.then_some(Json::Object(setting))),
        ]);
        Ok(Object::from_iter([("originality_report", Json::Object(report))]))
    }
}

fn present<const N: usize>(members: [(&str, Option<Json>); N]) -> Object {
    members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
