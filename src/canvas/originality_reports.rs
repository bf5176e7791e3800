//! Originality Reports: created for a submission, read and updated by id or by file. Creating one that exists updates
//! it (200 in place of 201).

use super::site::Site;
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
    let ids = [(assignment, "path.assignmentId"), (submission, "path.submissionId")];
    let request = site.request(Method::Post, "api/lti/assignments/*/submissions/*/originality_report", &ids)?;
    Ok(request.with_json(&params.to_json()?))
}

/// The request that updates a report.
///
/// # Errors
/// `ERR_ARGUMENT` for a field that Canvas would refuse.
pub fn update(site: &Site, path: &ReportPath, params: &ReportParams) -> Result<Request> {
    Ok(path.request(site, Method::Put)?.with_json(&params.to_json()?))
}

/// The request that reads a report.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, path: &ReportPath) -> Result<Request> {
    path.request(site, Method::Get)
}

impl ReportPath {
    fn request(&self, site: &Site, method: Method) -> Result<Request> {
        match self {
            Self::Report { assignment, submission, report } => {
                let path = "api/lti/assignments/*/submissions/*/originality_report/*";
                let ids =
                    [(assignment, "path.assignmentId"), (submission, "path.submissionId"), (report, "path.reportId")];
                site.request(method, path, &ids)
            }
            Self::File { assignment, file } => {
                let ids = [(assignment, "path.assignmentId"), (file, "path.fileId")];
                site.request(method, "api/lti/assignments/*/files/*/originality_report", &ids)
            }
        }
    }
}

impl ReportParams {
    fn to_json(&self) -> Result<Object> {
        if self.originality_score.as_ref().is_some_and(|score| !(0.0..=100.0).contains(&score.as_f64())) {
            return Err(Error::refused("report.originalityScore", "not between 0 and 100"));
        }
        let states = ["pending", "error", "scored"];
        if self.workflow_state.as_deref().is_some_and(|state| !states.contains(&state)) {
            return Err(Error::refused("report.workflowState", "unknown, expected pending, error or scored"));
        }
        if self.attempt.is_some_and(|attempt| attempt < 1) {
            return Err(Error::refused("report.attempt", "expected 1 or more"));
        }
        let mut setting = Object::default();
        add(&mut setting, "resource_type_code", self.resource_type_code.as_deref().map(Json::from));
        add(&mut setting, "resource_url", self.resource_url.as_deref().map(Json::from));
        let mut report = Object::default();
        add(&mut report, "file_id", self.file_id.as_ref().map(Id::to_json));
        add(&mut report, "originality_score", self.originality_score.clone().map(Json::Number));
        add(&mut report, "originality_report_url", self.originality_report_url.as_deref().map(Json::from));
        add(&mut report, "originality_report_file_id", self.originality_report_file_id.as_ref().map(Id::to_json));
        add(&mut report, "workflow_state", self.workflow_state.as_deref().map(Json::from));
        add(&mut report, "error_message", self.error_message.as_deref().map(Json::from));
        add(&mut report, "attempt", self.attempt.map(Json::from));
        if setting.iter().len() > 0 {
            report.set("tool_setting", Json::Object(setting));
        }
        Ok(Object::of("originality_report", Json::Object(report)))
    }
}

fn add(object: &mut Object, name: &str, value: Option<Json>) {
    if let Some(value) = value {
        object.set(name, value);
    }
}
