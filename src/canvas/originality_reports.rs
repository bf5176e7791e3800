//! Originality Reports: created for a submission, read and updated by id or by file. Creating one that exists updates
//! it (200 in place of 201).

use super::endpoint::Endpoint;
use super::site::Site;
use super::submissions;
use crate::error::{Error, Result};
use crate::http::{Method, Request};
use crate::json::{Json, Number, Object};
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

pub(crate) const CREATE: Endpoint = Endpoint::new(
    Method::Post,
    "path",
    &["api/lti/assignments/:assignmentId/submissions/:submissionId/originality_report"],
);
pub(crate) const UPDATE: Endpoint = one(Method::Put);
pub(crate) const READ: Endpoint = one(Method::Get);

const fn one(method: Method) -> Endpoint {
    let paths = &[
        "api/lti/assignments/:assignmentId/submissions/:submissionId/originality_report/:reportId",
        "api/lti/assignments/:assignmentId/files/:fileId/originality_report",
    ];
    Endpoint::new(method, "path", paths).expecting("expected either fileId, or submissionId and reportId")
}

/// The request that creates a report.
///
/// # Errors
/// `ERR_ARGUMENT` for a field that Canvas would refuse.
pub fn create(site: &Site, assignment: &Id, submission: &Id, params: &ReportParams) -> Result<Request> {
    let mut request = CREATE.request(site, &submissions::ids(assignment, submission))?;
    put(&mut request, &params.to_object())?;
    Ok(request)
}

/// The request that updates a report.
///
/// # Errors
/// `ERR_ARGUMENT` for a field that Canvas would refuse.
pub fn update(site: &Site, path: &ReportPath, params: &ReportParams) -> Result<Request> {
    let mut request = UPDATE.request(site, &path.ids())?;
    put(&mut request, &params.to_object())?;
    Ok(request)
}

/// The request that reads a report.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, path: &ReportPath) -> Result<Request> {
    READ.request(site, &path.ids())
}

/// Puts a report into the request.
///
/// # Errors
/// `ERR_ARGUMENT` for a field that Canvas would refuse.
pub(crate) fn put(request: &mut Request, report: &Object) -> Result<()> {
    let number = |name: &str| match report.get(name) {
        Some(Json::Number(number)) => number.as_f64(),
        _ => 1.0,
    };
    if !(0.0..=100.0).contains(&number("originality_score")) {
        return Err(Error::refused("report.originalityScore", "not between 0 and 100"));
    }
    if !["pending", "error", "scored"].contains(&report.text("workflow_state").unwrap_or("error")) {
        return Err(Error::refused("report.workflowState", "unknown, expected pending, error or scored"));
    }
    if number("attempt") < 1.0 {
        return Err(Error::refused("report.attempt", "expected 1 or more"));
    }
    request.set_json("originality_report", report);
    Ok(())
}

impl ReportPath {
    fn ids(&self) -> Vec<(&'static str, Id)> {
        match self {
            Self::Report { assignment, submission, report } => {
                [&submissions::ids(assignment, submission)[..], &[("reportId", report.clone())]].concat()
            }
            Self::File { assignment, file } => vec![("assignmentId", assignment.clone()), ("fileId", file.clone())],
        }
    }
}

impl ReportParams {
    fn to_object(&self) -> Object {
        let text = |text: &Option<String>| text.as_deref().map(Json::from);
        let id = |id: &Option<Id>| id.as_ref().map(Id::to_json);
        let present = |members: &[(&'static str, Option<Json>)]| {
            members.iter().filter_map(|(name, value)| Some((*name, value.clone()?))).collect::<Object>()
        };
        let setting = present(&[
            ("resource_type_code", text(&self.resource_type_code)),
            ("resource_url", text(&self.resource_url)),
        ]);
        let has_setting = setting.iter().len() > 0;
        present(&[
            ("file_id", id(&self.file_id)),
            ("originality_score", self.originality_score.clone().map(Json::Number)),
            ("originality_report_url", text(&self.originality_report_url)),
            ("originality_report_file_id", id(&self.originality_report_file_id)),
            ("workflow_state", text(&self.workflow_state)),
            ("error_message", text(&self.error_message)),
            ("attempt", self.attempt.map(Json::from)),
            ("tool_setting", has_setting.then_some(Json::Object(setting))),
        ])
    }
}
