//! Originality Reports: created for a submission, read and updated by id or by file. Creating one that exists updates
//! it (200 in place of 201).

use core::fmt;

use ::http::Method;
use serde::de::{Deserializer, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::site::{Site, segment, set_json};
pub use super::submissions::SubmissionPath;
use crate::error::{Error, Result};
use crate::http::Request;
use crate::json::Number;
use crate::lti2::{Id, integer};

pub use crate::http::answer::object as response;

/// Where a report is. Read from an object with `assignmentId`, and either `fileId` or `submissionId` and `reportId`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ReportIds")]
#[allow(missing_docs)]
pub enum ReportPath {
    Report { submission: SubmissionPath, report_id: Id },
    File { assignment_id: Id, file_id: Id },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
#[allow(clippy::struct_field_names)]
struct ReportIds {
    assignment_id: Id,
    submission_id: Option<Id>,
    report_id: Option<Id>,
    file_id: Option<Id>,
}

impl TryFrom<ReportIds> for ReportPath {
    type Error = &'static str;

    fn try_from(ids: ReportIds) -> Result<Self, Self::Error> {
        let ReportIds { assignment_id, submission_id, report_id, file_id } = ids;
        match (submission_id, report_id, file_id) {
            (Some(submission_id), Some(report_id), None) => {
                Ok(Self::Report { submission: SubmissionPath { assignment_id, submission_id }, report_id })
            }
            (None, None, Some(file_id)) => Ok(Self::File { assignment_id, file_id }),
            _ => Err("expected either fileId, or submissionId and reportId"),
        }
    }
}

impl ReportPath {
    /// As a path of a URL, without slashes around it.
    fn path(&self) -> Result<String> {
        Ok(match self {
            Self::Report { submission, report_id } => {
                format!("{}/originality_report/{}", submission.path()?, segment(report_id, "path.reportId")?)
            }
            Self::File { assignment_id, file_id } => {
                let assignment = segment(assignment_id, "path.assignmentId")?;
                format!(
                    "api/lti/assignments/{assignment}/files/{}/originality_report",
                    segment(file_id, "path.fileId")?
                )
            }
        })
    }
}

/// A report's fields; what is absent is not sent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase"), expecting = "an object")]
pub struct ReportParams {
    /// The file it is about; absent for a submission that is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_id: Option<Id>,
    /// From 0 to 100.
    #[serde(default, deserialize_with = "read_score", serialize_with = "write_score")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub originality_score: Option<f64>,
    /// Where the report is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub originality_report_url: Option<String>,
    /// The file that is the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub originality_report_file_id: Option<Id>,
    /// `pending`, `error` or `scored`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_state: Option<String>,
    /// An update without it clears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// Which attempt a text submission's report is about, from 1.
    #[serde(default, deserialize_with = "integer::optional", skip_serializing_if = "Option::is_none")]
    pub attempt: Option<i64>,
    /// A link of the report that is launched as an LTI message.
    #[serde(skip_serializing_if = "is_empty")]
    pub tool_setting: Option<ToolSetting>,
}

/// A link of a report that is launched as an LTI message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all(deserialize = "camelCase"), expecting = "an object")]
#[allow(missing_docs)]
pub struct ToolSetting {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_url: Option<String>,
}

/// The request that creates a report.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment, and for a field that Canvas would refuse.
pub fn create(site: &Site, submission: &SubmissionPath, params: &ReportParams) -> Result<Request> {
    with_report(site.request(Method::POST, &format!("{}/originality_report", submission.path()?))?, params)
}

/// The request that updates a report.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment, and for a field that Canvas would refuse.
pub fn update(site: &Site, path: &ReportPath, params: &ReportParams) -> Result<Request> {
    with_report(site.request(Method::PUT, &path.path()?)?, params)
}

/// The request that reads a report.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn read(site: &Site, path: &ReportPath) -> Result<Request> {
    site.request(Method::GET, &path.path()?)
}

fn with_report(mut request: Request, params: &ReportParams) -> Result<Request> {
    if params.originality_score.is_some_and(|score| !(0.0..=100.0).contains(&score)) {
        return Err(Error::argument("report.originalityScore", "not between 0 and 100"));
    }
    if params.workflow_state.as_deref().is_some_and(|state| !["pending", "error", "scored"].contains(&state)) {
        return Err(Error::argument("report.workflowState", "unknown, expected pending, error or scored"));
    }
    if params.attempt.is_some_and(|attempt| attempt < 1) {
        return Err(Error::argument("report.attempt", "expected 1 or more"));
    }
    set_json(&mut request, "originality_report", params);
    Ok(request)
}

/// A setting that says nothing is not sent.
#[allow(clippy::ref_option)]
fn is_empty(setting: &Option<ToolSetting>) -> bool {
    setting.as_ref().is_none_or(|setting| *setting == ToolSetting::default())
}

/// Reads a score. `serde`'s own reading of an `f64` would call it by that name.
fn read_score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    struct Score(f64);
    struct ScoreVisitor;

    impl Visitor<'_> for ScoreVisitor {
        type Value = Score;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number between 0 and 100")
        }

        fn visit_f64<E: serde::de::Error>(self, score: f64) -> Result<Score, E> {
            Ok(Score(score))
        }

        fn visit_i64<E: serde::de::Error>(self, score: i64) -> Result<Score, E> {
            u8::try_from(score).map(|score| Score(score.into())).map_err(|_| E::custom("not between 0 and 100"))
        }

        fn visit_u64<E: serde::de::Error>(self, score: u64) -> Result<Score, E> {
            u8::try_from(score).map(|score| Score(score.into())).map_err(|_| E::custom("not between 0 and 100"))
        }
    }

    impl<'de> Deserialize<'de> for Score {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(ScoreVisitor)
        }
    }

    Ok(Option::<Score>::deserialize(deserializer)?.map(|Score(score)| score))
}

/// Writes a score as JavaScript does: 100, and not 100.0.
#[allow(clippy::ref_option)]
fn write_score<S: Serializer>(score: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    // Adding zero makes zero of what is minus zero.
    score.map(|score| Number::from_literal(&(score + 0.0).to_string())).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_as_it_is_written_in_javascript() {
        let params: ReportParams = serde_json::from_str(
            r#"{"fileId":71,"originalityScore":100,"originalityReportUrl":"u","originalityReportFileId":"17","workflowState":"scored","errorMessage":"","attempt":2,"toolSetting":{"resourceTypeCode":"c","resourceUrl":"r"}}"#,
        )
        .unwrap();
        let sent = r#"{"file_id":71,"originality_score":100,"originality_report_url":"u","originality_report_file_id":"17","workflow_state":"scored","error_message":"","attempt":2,"tool_setting":{"resource_type_code":"c","resource_url":"r"}}"#;
        assert_eq!(serde_json::to_string(&params).unwrap(), sent);
        for (json, sent) in [
            ("{}", "{}"),
            (r#"{"toolSetting":{}}"#, "{}"),
            (r#"{"originalityScore":25.2}"#, r#"{"originality_score":25.2}"#),
            (r#"{"originalityScore":-0.0}"#, r#"{"originality_score":0}"#),
        ] {
            let params: ReportParams = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&params).unwrap(), sent, "{json}");
        }
    }

    #[test]
    fn what_is_of_another_type_is_refused_in_plain_words() {
        for (json, expected) in [
            (r#"{"originalityScore":"50"}"#, "expected a number between 0 and 100"),
            (r#"{"originalityScore":300}"#, "not between 0 and 100"),
            (r#"{"originalityScore":-1}"#, "not between 0 and 100"),
            (r#"{"attempt":1.5}"#, "expected an integer of at most 2^53 - 1"),
            (r#"{"toolSetting":"x"}"#, "expected an object"),
            (r#"{"fileId":{}}"#, "expected a string, number or bigint"),
            (r#"{"errorMessage":5}"#, "expected a string"),
        ] {
            let error = serde_json::from_str::<ReportParams>(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        let path = |json: &str| serde_json::from_str::<ReportPath>(json).map_err(|error| error.to_string());
        assert!(path(r#"{"assignmentId":25,"fileId":71}"#).is_ok());
        assert!(path(r#"{"assignmentId":25,"submissionId":6,"reportId":1}"#).is_ok());
        for ids in ["", r#","submissionId":6"#, r#","fileId":71,"reportId":1"#] {
            let error = path(&format!(r#"{{"assignmentId":25{ids}}}"#)).unwrap_err();
            assert!(error.starts_with("expected either fileId, or submissionId and reportId"), "{error}");
        }
    }
}
