//! Scores that a tool posts (Assignment and Grade Services 2.0 §3.4), with Canvas's extension for submissions.

use ::http::Method;

use super::query::with_segment;
use super::{Scope, line_items, request_with};
use crate::error::Result;
use crate::http::{Request, Response};
use crate::json::names::any_of;
use crate::json::{Json, Object};
use crate::lti13::members::Members;

/// What opens posting.
pub const SCOPE: [Scope; 1] = [Scope::Score];

/// Canvas's member that makes a submission with the score.
pub const SUBMISSION: &str = "https://canvas.instructure.com/lti/submission";

const SCORE: &str = "application/vnd.ims.lis.v1.score+json";
const ACTIVITY: [&str; 5] = ["Initialized", "Started", "InProgress", "Submitted", "Completed"];
const GRADING: [&str; 5] = ["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"];
const SUBMISSION_TYPES: [&str; 6] =
    ["none", "basic_lti_launch", "online_text_entry", "online_url", "external_tool", "online_upload"];

const NAMES: [&str; 10] = [
    "userId",
    "scoreGiven",
    "scoreMaximum",
    "activityProgress",
    "gradingProgress",
    "timestamp",
    "comment",
    "scoringUserId",
    "submission",
    SUBMISSION,
];
const SUBMISSION_NAMES: [&str; 7] = [
    "new_submission",
    "preserve_score",
    "prioritize_non_tool_grade",
    "submission_type",
    "submission_data",
    "submitted_at",
    "content_items",
];

/// The request that posts a score to a line item. `timestamp` is the score's where it has none. One that clears the grade is
/// refused unless `clears`: Canvas clears it for a score without `scoreGiven`, and for grading that is not `FullyGraded`,
/// unless its submission extension says `preserve_score`.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or wrong, for a score that clears the grade, and for Canvas's URL of something
/// else than a line item.
pub fn create(line_item: &str, score: &Object, timestamp: &str, clears: bool) -> Result<Request> {
    line_items::check_url(line_item)?;
    let members = Members::new(score, "score");
    members.spelt(&NAMES)?;
    let user = match score.get("userId") {
        // As the specification has it; no digit is lost.
        Some(Json::Number(number)) if number.is_integer() => number.as_str().to_owned(),
        _ => members.required_text("userId")?.to_owned(),
    };
    for (name, known) in [("activityProgress", ACTIVITY), ("gradingProgress", GRADING)] {
        let found = members.one_of(name, &known)?;
        members.required(name, found, &any_of(&known))?;
    }
    members.timestamp("timestamp")?;
    members.text("comment")?;
    let given = members.amount("scoreGiven")?;
    let maximum = members.amount("scoreMaximum")?;
    if given.is_some() {
        members.required("scoreMaximum", maximum, "the points that scoreGiven is out of")?;
    }
    if let Some(submission) = members.member("submission")? {
        submission.spelt(&["startedAt", "submittedAt"])?;
        submission.timestamp("startedAt")?;
        submission.timestamp("submittedAt")?;
    }
    let submission = members.member(SUBMISSION)?;
    let keeps = submission.as_ref().map_or(Ok(false), check_submission)?;
    let is_graded = given.is_some() && score.text("gradingProgress") == Some("FullyGraded");
    if !is_graded && !keeps && !clears {
        let fault = "clears the grade that the user may have: expected scoreGiven with FullyGraded, preserve_score in \
                     the submission, or the option clears";
        let name = if given.is_none() { "scoreGiven" } else { "gradingProgress" };
        return Err(members.refused(name, fault));
    }
    let mut score = score.clone();
    score.set("userId", Json::String(user));
    if score.get("timestamp").is_none() {
        score.set("timestamp", Json::from(timestamp));
    }
    request_with(Method::POST, &with_segment(line_item, "scores"), SCORE, &score)
}

/// Checks Canvas's extension. Gives whether the score is to be kept.
fn check_submission(submission: &Members<'_>) -> Result<bool> {
    submission.spelt(&SUBMISSION_NAMES)?;
    submission.boolean("new_submission")?;
    submission.boolean("prioritize_non_tool_grade")?;
    let kind = submission.one_of("submission_type", &SUBMISSION_TYPES)?;
    submission.text("submission_data")?;
    submission.timestamp("submitted_at")?;
    let items = submission.objects("content_items")?.unwrap_or_default();
    if kind == Some("online_upload") && items.is_empty() {
        return Err(submission.refused("content_items", "absent or empty, expected the files of an online_upload"));
    }
    for item in &items {
        item.spelt(&["type", "url", "title", "media_type"])?;
        item.required("type", item.one_of("type", &["file"])?, "file")?;
        item.required_url("url")?;
        item.all_texts(&["title", "media_type"])?;
    }
    Ok(submission.boolean("preserve_score")? == Some(true))
}

/// Reads the answer: an object with `resultUrl`. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID`; the errors of a refusal.
pub fn response(response: &Response, now: f64) -> Result<Object> {
    let body = super::object(response, now)?;
    if body.text("resultUrl").is_some() {
        Ok(body)
    } else {
        Err(super::invalid(response, "the answer has no resultUrl"))
    }
}
