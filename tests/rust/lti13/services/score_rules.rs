//! Scores: whole, and meant where they clear a grade.

use canvas_lms_tokens::Code;
use canvas_lms_tokens::json;
use canvas_lms_tokens::lti13::services::scores;

use super::{ITEM, TIME, message, score};

#[test]
fn a_score_is_whole() {
    let extension = scores::SUBMISSION;
    for (name, value, expected) in [
        ("userId", "", "score.userId: absent, expected a string".to_owned()),
        ("userId", "\"\"", "score.userId: empty, expected a text".to_owned()),
        ("userId", "1.5", "score.userId: a number, expected a string".to_owned()),
        (
            "activityProgress",
            "\"Done\"",
            "score.activityProgress: unknown, expected Initialized, Started, InProgress, Submitted or Completed"
                .to_owned(),
        ),
        (
            "gradingProgress",
            "",
            "score.gradingProgress: absent, expected FullyGraded, Pending, PendingManual, Failed or NotReady"
                .to_owned(),
        ),
        (
            "timestamp",
            "\"2026-03-01\"",
            "score.timestamp: no time, expected one such as 2026-03-01T09:30:00.000Z".to_owned(),
        ),
        ("scoreGiven", "-1", "score.scoreGiven: negative, expected 0 or more".to_owned()),
        ("scoreMaximum", "", "score.scoreMaximum: absent, expected the points that scoreGiven is out of".to_owned()),
        ("comment", "1", "score.comment: a number, expected a string".to_owned()),
        (
            "submission",
            r#"{"submittedAt":"x"}"#,
            "score.submission.submittedAt: no time, expected one such as 2026-03-01T09:30:00.000Z".to_owned(),
        ),
        (
            extension,
            r#"{"submission_type":"file"}"#,
            format!(
                "score.{extension}.submission_type: unknown, expected none, basic_lti_launch, online_text_entry, online_url, external_tool or online_upload"
            ),
        ),
        (
            extension,
            r#"{"submission_type":"online_upload"}"#,
            format!("score.{extension}.content_items: absent or empty, expected the files of an online_upload"),
        ),
        (
            extension,
            r#"{"content_items":[{"type":"link"}]}"#,
            format!("score.{extension}.content_items[0].type: unknown, expected file"),
        ),
        (
            extension,
            r#"{"content_items":[{"type":"file","url":"x"}]}"#,
            format!("score.{extension}.content_items[0].url: not an absolute http(s) URL"),
        ),
        (
            extension,
            r#"{"preserve_score":"true"}"#,
            format!("score.{extension}.preserve_score: a string, expected a boolean"),
        ),
    ] {
        for clears in [false, true] {
            assert_eq!(message(scores::create(ITEM, &score(name, value), TIME, clears)), expected, "{name} {value}");
        }
    }
    let own = scores::create(ITEM, &score("timestamp", "\"2017-04-16T18:54:36.736+00:00\""), TIME, false).unwrap();
    assert!(own.body().as_str().contains("2017-04-16T18:54:36.736+00:00") && !own.body().as_str().contains(TIME));
}

#[test]
fn a_member_of_a_score_is_kept_or_refused() {
    let mut extended = score("comment", "\"c\"");
    extended.set("https://tool.test/own", json::read("[1]").unwrap());
    extended.set("own", json::read("true").unwrap());
    let sent = scores::create(ITEM, &extended, TIME, false).unwrap();
    assert!(sent.body().as_str().contains(r#""https://tool.test/own":[1],"own":true"#), "{}", sent.body().as_str());
    for (name, value, meant) in [
        ("scoreGive", "1", "scoreGiven"),
        ("coment", "\"c\"", "comment"),
        ("user_id", "1", "userId"),
        ("https://canvas.instructure.com/lti/submissions", "{}", scores::SUBMISSION),
    ] {
        let mut score = score(meant, "");
        score.set(name, json::read(value).unwrap());
        let expected = format!("score.{name}: unknown, expected perhaps {meant}");
        assert_eq!(message(scores::create(ITEM, &score, TIME, true)), expected);
    }
    let preserved = score(scores::SUBMISSION, r#"{"preserve_scores":true}"#);
    let expected = format!("score.{}.preserve_scores: unknown, expected perhaps preserve_score", scores::SUBMISSION);
    assert_eq!(message(scores::create(ITEM, &preserved, TIME, true)), expected);
}

#[test]
fn a_score_that_clears_the_grade_is_meant() {
    for (name, value, at) in [
        ("scoreGiven", "", "score.scoreGiven"),
        ("gradingProgress", "\"Pending\"", "score.gradingProgress"),
        ("gradingProgress", "\"PendingManual\"", "score.gradingProgress"),
        ("gradingProgress", "\"Failed\"", "score.gradingProgress"),
        ("gradingProgress", "\"NotReady\"", "score.gradingProgress"),
    ] {
        let mut score = score(name, value);
        let error = scores::create(ITEM, &score, TIME, false).err().unwrap();
        assert_eq!((error.code, error.at.as_deref()), (Code::Argument, Some(at)), "{value}");
        assert!(error.message.contains("clears the grade"));
        assert!(scores::create(ITEM, &score, TIME, true).is_ok());
        score.set(scores::SUBMISSION, json::read(r#"{"preserve_score":false}"#).unwrap());
        assert!(scores::create(ITEM, &score, TIME, false).is_err());
        score.set(scores::SUBMISSION, json::read(r#"{"preserve_score":true}"#).unwrap());
        assert!(scores::create(ITEM, &score, TIME, false).is_ok());
    }
}
