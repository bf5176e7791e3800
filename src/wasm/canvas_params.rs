//! What the methods of `Canvas` take, read from JavaScript.

use wasm_bindgen::prelude::*;

use super::error::Result;
use super::values::{self, optional, required};
use crate::canvas::Context;
use crate::canvas::jwts::JwtParams;
use crate::canvas::originality_reports::{ReportParams, ReportPath};
use crate::error::Error;
use crate::jose::json::{Json, Number};
use crate::lti::Id;

/// `LtiContext`.
pub(crate) fn context(value: &JsValue) -> Result<Context> {
    let value = values::object(value, "context")?;
    let account = optional(value, "accountId", "context", values::id)?;
    let course = optional(value, "courseId", "context", values::id)?;
    match (account, course) {
        (Some(id), None) => Ok(Context::Account(id)),
        (None, Some(id)) => Ok(Context::Course(id)),
        _ => Err(Error::argument("context", &["expected either accountId or courseId"]).into()),
    }
}

/// `JwtParams`, which may be absent.
pub(crate) fn jwt(value: &JsValue) -> Result<JwtParams> {
    if value.is_undefined() {
        return Ok(JwtParams::default());
    }
    let value = values::object(value, "params")?;
    Ok(JwtParams {
        workflows: optional(value, "workflows", "params", values::texts)?.unwrap_or_default(),
        context_type: optional(value, "contextType", "params", values::text)?,
        context_id: optional(value, "contextId", "params", values::id)?,
        context_uuid: optional(value, "contextUuid", "params", values::text)?,
        canvas_audience: optional(value, "canvasAudience", "params", boolean)?,
    })
}

/// The `startKey` of a page, which may be absent.
pub(crate) fn start_key(value: &JsValue) -> Result<Option<String>> {
    if value.is_undefined() {
        return Ok(None);
    }
    optional(values::object(value, "page")?, "startKey", "page", values::text)
}

/// The assignment and submission of a path.
pub(crate) fn submission(value: &JsValue) -> Result<(Id, Id)> {
    let value = values::object(value, "path")?;
    Ok((required(value, "assignmentId", "path", values::id)?, required(value, "submissionId", "path", values::id)?))
}

/// `ReportPath`.
pub(crate) fn report_path(value: &JsValue) -> Result<ReportPath> {
    let value = values::object(value, "path")?;
    let assignment = required(value, "assignmentId", "path", values::id)?;
    let file = optional(value, "fileId", "path", values::id)?;
    let submission = optional(value, "submissionId", "path", values::id)?;
    let report = optional(value, "reportId", "path", values::id)?;
    match (file, submission, report) {
        (Some(file), None, None) => Ok(ReportPath::File { assignment, file }),
        (None, Some(submission), Some(report)) => Ok(ReportPath::Report { assignment, submission, report }),
        _ => Err(Error::argument("path", &["expected either fileId, or submissionId and reportId"]).into()),
    }
}

/// `OriginalityReportParams`.
pub(crate) fn report(value: &JsValue) -> Result<ReportParams> {
    let value = values::object(value, "report")?;
    let setting = values::get(value, "toolSetting", "report.toolSetting")?;
    let of_setting = |name: &str| {
        if setting.is_undefined() {
            return Ok(None);
        }
        optional(values::object(&setting, "report.toolSetting")?, name, "report.toolSetting", values::text)
    };
    Ok(ReportParams {
        file_id: optional(value, "fileId", "report", values::id)?,
        originality_score: optional(value, "originalityScore", "report", score)?,
        originality_report_url: optional(value, "originalityReportUrl", "report", values::text)?,
        originality_report_file_id: optional(value, "originalityReportFileId", "report", values::id)?,
        workflow_state: optional(value, "workflowState", "report", values::text)?,
        error_message: optional(value, "errorMessage", "report", values::text)?,
        attempt: optional(value, "attempt", "report", values::integer)?,
        resource_type_code: of_setting("resourceTypeCode")?,
        resource_url: of_setting("resourceUrl")?,
    })
}

fn score(value: &JsValue, at: &str) -> Result<Number> {
    match super::json_in::to_json(value, at)? {
        Json::Number(number) if value.as_f64().is_some() => Ok(number),
        _ => Err(values::wrong(at, value, "a number between 0 and 100")),
    }
}

fn boolean(value: &JsValue, at: &str) -> Result<bool> {
    value.as_bool().ok_or_else(|| values::wrong(at, value, "a boolean"))
}
