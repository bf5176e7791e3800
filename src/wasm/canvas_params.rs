//! What the methods of `Canvas` take, read from JavaScript.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::error::Result;
use super::options::Options;
use super::{json_in, values};
use crate::canvas::Context;
use crate::canvas::jwts::JwtParams;
use crate::canvas::originality_reports::{ReportParams, ReportPath};
use crate::jose::json::{Json, Number};
use crate::lti::Id;

/// `LtiContext`.
pub(crate) fn context(value: &JsValue) -> Result<Context> {
    let mut value = Options::required(value, "context");
    let context = match (value.id("accountId"), value.id("courseId")) {
        (Some(id), None) => Some(Context::Account(id)),
        (None, Some(id)) => Some(Context::Course(id)),
        _ => {
            value.refuse("", "expected either accountId or courseId");
            None
        }
    };
    value.give(context)
}

/// `JwtParams`, which may be absent.
pub(crate) fn jwt(value: &JsValue) -> Result<JwtParams> {
    let mut value = Options::optional(value, "params");
    let params = JwtParams {
        workflows: value.texts("workflows").unwrap_or_default(),
        context_type: value.text("contextType"),
        context_id: value.id("contextId"),
        context_uuid: value.text("contextUuid"),
        canvas_audience: value.read("canvasAudience", values::boolean),
    };
    value.give(Some(params))
}

/// The `startKey` of a page, which may be absent.
pub(crate) fn start_key(value: &JsValue) -> Result<Option<String>> {
    let mut value = Options::optional(value, "page");
    let key = value.text("startKey");
    value.give(Some(key))
}

/// The assignment and submission of a path.
pub(crate) fn submission(value: &JsValue) -> Result<(Id, Id)> {
    let mut value = Options::required(value, "path");
    let ids = value.must().id("assignmentId").zip(value.must().id("submissionId"));
    value.give(ids)
}

/// `ReportPath`.
pub(crate) fn report_path(value: &JsValue) -> Result<ReportPath> {
    let mut value = Options::required(value, "path");
    let assignment = value.must().id("assignmentId");
    let ids = (value.id("fileId"), value.id("submissionId"), value.id("reportId"));
    let path = match (assignment, ids) {
        (Some(assignment), (Some(file), None, None)) => Some(ReportPath::File { assignment, file }),
        (Some(assignment), (None, Some(submission), Some(report))) => {
            Some(ReportPath::Report { assignment, submission, report })
        }
        _ => {
            value.refuse("", "expected either fileId, or submissionId and reportId");
            None
        }
    };
    value.give(path)
}

/// `OriginalityReportParams`.
pub(crate) fn report(value: &JsValue) -> Result<ReportParams> {
    let mut value = Options::required(value, "report");
    let setting = value.value("toolSetting").unwrap_or(JsValue::UNDEFINED);
    let mut setting = Options::optional(&setting, "report.toolSetting");
    let params = ReportParams {
        file_id: value.id("fileId"),
        originality_score: value.read("originalityScore", score),
        originality_report_url: value.text("originalityReportUrl"),
        originality_report_file_id: value.id("originalityReportFileId"),
        workflow_state: value.text("workflowState"),
        error_message: value.text("errorMessage"),
        attempt: value.integer("attempt"),
        resource_type_code: setting.text("resourceTypeCode"),
        resource_url: setting.text("resourceUrl"),
    };
    let params = value.give(Some(params))?;
    setting.give(Some(params))
}

fn score(value: &JsValue, at: &At<'_>) -> Result<Number> {
    match json_in::to_json(value, at)? {
        Json::Number(number) if value.as_f64().is_some() => Ok(number),
        _ => Err(values::wrong(at, value, "a number between 0 and 100")),
    }
}
