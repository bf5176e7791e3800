//! The services: the request of each call, what is refused before it, and what is read of its answer.

mod access;
mod asset_rules;
mod score_rules;

use canvas_lms_tokens::http::{Repeat, Request, Response, repeat_of};
use canvas_lms_tokens::json::{self, Json, Object};
use canvas_lms_tokens::lti2::Id;
use canvas_lms_tokens::lti13::services::assets;
use canvas_lms_tokens::lti13::services::line_items::{self, LineItemFilter};
use canvas_lms_tokens::lti13::services::memberships::{self, MemberFilter};
use canvas_lms_tokens::lti13::services::notice_handlers::{self, NoticeHandlerParams};
use canvas_lms_tokens::lti13::services::results::{self, ResultFilter};
use canvas_lms_tokens::lti13::services::{next_page, scores};
use canvas_lms_tokens::{Code, Result};
use http::{HeaderName, HeaderValue, Method, StatusCode};

const ITEMS: &str = "https://school.test/api/lti/courses/1/line_items";
const ITEM: &str = "https://school.test/api/lti/courses/1/line_items/2";
const NOW: f64 = 1_700_000_000.0;
const TIME: &str = "2026-03-01T09:30:00.000Z";

fn object(text: &str) -> Object {
    match json::read(text).unwrap() {
        Json::Object(object) => object,
        _ => panic!("no object"),
    }
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        response.headers_mut().append(HeaderName::try_from(*name).unwrap(), value);
    }
    response
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers().get(name).map(|value| value.to_str().unwrap())
}

fn message<T>(result: Result<T>) -> String {
    result.err().map(|error| error.message.clone()).unwrap_or_default()
}

/// A good score with a member changed; the empty text leaves it out.
fn score(name: &str, value: &str) -> Object {
    let mut score = object(
        r#"{"userId":"u","scoreGiven":1,"scoreMaximum":2,"activityProgress":"Completed","gradingProgress":"FullyGraded"}"#,
    );
    score = score.iter().filter(|(known, _)| *known != name).map(|(name, value)| (name, value.clone())).collect();
    if !value.is_empty() {
        score.set(name, json::read(value).unwrap());
    }
    score
}

/// A request, its method and URL, what it accepts, and the type and text of its body.
type Row<'r> = (Result<Request>, Method, &'r str, String, Option<(&'r str, &'r str)>);

#[test]
#[allow(clippy::too_many_lines)]
fn every_request_is_what_the_service_takes() {
    let filter = LineItemFilter {
        tag: Some("a&b".to_owned()),
        resource_id: Some("r".to_owned()),
        resource_link_id: Some("l".to_owned()),
        limit: Some(10),
    };
    let item = r#"{"label":"Quiz","scoreMaximum":10,"x":90000000000000001}"#;
    let score = r#"{"userId":90000000000000001,"scoreGiven":1,"scoreMaximum":2,"activityProgress":"Completed","gradingProgress":"FullyGraded"}"#;
    let sent = r#"{"userId":"90000000000000001","scoreGiven":1,"scoreMaximum":2,"activityProgress":"Completed","gradingProgress":"FullyGraded","timestamp":"2026-03-01T09:30:00.000Z"}"#;
    let report = r#"{"assetId":"a","type":"ai","processingProgress":"Processed","priority":0}"#;
    let sent_report = r#"{"assetId":"a","type":"ai","processingProgress":"Processed","priority":0,"timestamp":"2026-03-01T09:30:00.000Z"}"#;
    let handler = |handler: Option<&str>, max_batch_size| NoticeHandlerParams {
        notice_type: "LtiHelloWorldNotice".to_owned(),
        handler: handler.map(str::to_owned),
        max_batch_size,
    };
    let handling = |params| notice_handlers::update("https://school.test/n", &params);
    let member_filter = |role: &str| MemberFilter {
        role: Some(role.to_owned()),
        resource_link_id: Some("l 1".to_owned()),
        limit: Some(50),
    };
    let user = ResultFilter { user_id: Some(Id::number("90000000000000001", "id").unwrap()), limit: None };
    let ims = |name: &str| format!("application/vnd.ims.{name}+json");
    let item_type = ims("lis.v2.lineitem");
    let rows: Vec<Row<'_>> = vec![
        (
            line_items::list(ITEMS, &filter),
            Method::GET,
            "https://school.test/api/lti/courses/1/line_items?tag=a%26b&resource_id=r&resource_link_id=l&limit=10",
            ims("lis.v2.lineitemcontainer"),
            None,
        ),
        (
            line_items::list(ITEMS, &LineItemFilter::default()),
            Method::GET,
            ITEMS,
            ims("lis.v2.lineitemcontainer"),
            None,
        ),
        (line_items::read(ITEM), Method::GET, ITEM, item_type.clone(), None),
        (
            line_items::create(ITEMS, &object(item)),
            Method::POST,
            ITEMS,
            item_type.clone(),
            Some(("application/vnd.ims.lis.v2.lineitem+json", item)),
        ),
        (
            line_items::update(ITEM, &object(r#"{"tag":"t"}"#)),
            Method::PUT,
            ITEM,
            item_type.clone(),
            Some(("application/vnd.ims.lis.v2.lineitem+json", r#"{"tag":"t"}"#)),
        ),
        (line_items::delete(ITEM), Method::DELETE, ITEM, item_type, None),
        (
            scores::create(ITEM, &object(score), TIME, false),
            Method::POST,
            "https://school.test/api/lti/courses/1/line_items/2/scores",
            ims("lis.v1.score"),
            Some(("application/vnd.ims.lis.v1.score+json", sent)),
        ),
        (
            results::list("https://school.test/i?x=1", &user),
            Method::GET,
            "https://school.test/i/results?x=1&user_id=90000000000000001",
            ims("lis.v2.resultcontainer"),
            None,
        ),
        (
            memberships::list("https://school.test/m", &member_filter("Learner")),
            Method::GET,
            "https://school.test/m?role=http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner&rlid=l+1&limit=50",
            ims("lti-nrps.v2.membershipcontainer"),
            None,
        ),
        (
            memberships::list(
                "https://school.test/m",
                &MemberFilter { role: Some("a:b".to_owned()), ..MemberFilter::default() },
            ),
            Method::GET,
            "https://school.test/m?role=a%3Ab",
            ims("lti-nrps.v2.membershipcontainer"),
            None,
        ),
        (
            notice_handlers::read("https://school.test/n"),
            Method::GET,
            "https://school.test/n",
            "application/json".to_owned(),
            None,
        ),
        (
            handling(handler(Some("https://tool.test/n"), Some(5))),
            Method::PUT,
            "https://school.test/n",
            "application/json".to_owned(),
            Some((
                "application/json",
                r#"{"notice_type":"LtiHelloWorldNotice","handler":"https://tool.test/n","max_batch_size":5}"#,
            )),
        ),
        (
            handling(handler(None, None)),
            Method::PUT,
            "https://school.test/n",
            "application/json".to_owned(),
            Some(("application/json", r#"{"notice_type":"LtiHelloWorldNotice","handler":""}"#)),
        ),
        (assets::read("https://school.test/a"), Method::GET, "https://school.test/a", "*/*".to_owned(), None),
        (
            assets::report("https://school.test/r", &object(report), TIME),
            Method::POST,
            "https://school.test/r",
            "application/json".to_owned(),
            Some(("application/json", sent_report)),
        ),
    ];
    for (request, method, url, accept, body) in rows {
        let request = request.unwrap();
        let repeat = if method == Method::GET { Repeat::Harmless } else { Repeat::OnlyIfUnsent };
        assert_eq!((request.method(), request.uri().to_string().as_str()), (&method, url));
        assert_eq!((header(&request, "accept"), repeat_of(&request)), (Some(accept.as_str()), repeat), "{url}");
        let found = header(&request, "content-type").map(|media_type| (media_type, request.body().as_str()));
        assert_eq!(found, body, "{url}");
    }
}

#[test]
fn what_canvas_would_not_take_is_not_sent() {
    for (limit, fault) in [(0, "filter.limit: expected 1 or more"), (-1, "filter.limit: expected 1 or more")] {
        let limit = Some(limit);
        assert_eq!(message(line_items::list(ITEMS, &LineItemFilter { limit, ..LineItemFilter::default() })), fault);
        assert_eq!(message(results::list(ITEM, &ResultFilter { limit, ..ResultFilter::default() })), fault);
        assert_eq!(message(memberships::list(ITEM, &MemberFilter { limit, ..MemberFilter::default() })), fault);
    }
    let submission_type = "item.https://canvas.instructure.com/lti/submission_type";
    for (item, expected) in [
        ("{}", "item.label: absent, expected a string".to_owned()),
        (r#"{"label":" ","scoreMaximum":1}"#, "item.label: empty, expected a text".to_owned()),
        (r#"{"label":"l","scoreMaximun":1}"#, "item.scoreMaximun: unknown, expected perhaps scoreMaximum".to_owned()),
        (
            r#"{"label":"l","scoreMaximum":1,"https://canvas.instructure.com/lti/submissionType":{"type":"none"}}"#,
            format!(
                "item.https://canvas.instructure.com/lti/submissionType: unknown, expected perhaps {}",
                &submission_type[5..]
            ),
        ),
        (r#"{"label":"l"}"#, "item.scoreMaximum: absent, expected a number above 0".to_owned()),
        (r#"{"label":"l","scoreMaximum":0}"#, "item.scoreMaximum: not positive, expected a number above 0".to_owned()),
        (r#"{"label":"l","scoreMaximum":"1"}"#, "item.scoreMaximum: a string, expected a number".to_owned()),
        (r#"{"label":"l","scoreMaximum":1,"tag":1}"#, "item.tag: a number, expected a string".to_owned()),
        (
            r#"{"label":"l","scoreMaximum":1,"endDateTime":"soon"}"#,
            "item.endDateTime: no time, expected one such as 2026-03-01T09:30:00.000Z".to_owned(),
        ),
        (
            r#"{"label":"l","scoreMaximum":1,"https://canvas.instructure.com/lti/submission_type":{"type":"online"}}"#,
            format!("{submission_type}.type: unknown, expected none or external_tool"),
        ),
        (
            r#"{"label":"l","scoreMaximum":1,"https://canvas.instructure.com/lti/submission_type":{"type":"external_tool","external_tool_url":"x"}}"#,
            format!("{submission_type}.external_tool_url: not an absolute http(s) URL"),
        ),
    ] {
        assert_eq!(message(line_items::create(ITEMS, &object(item))), expected, "{item}");
    }
    let extended = r#"{"label":"l","scoreMaximum":1,"https://canvas.instructure.com/lti/other":{"a":1},"own":true}"#;
    assert_eq!(line_items::create(ITEMS, &object(extended)).unwrap().body().as_str(), extended);
    assert_eq!(
        message(line_items::update(ITEM, &object(r#"{"tags":"t"}"#))),
        "item.tags: unknown, expected perhaps tag"
    );
    // Where the known one is there, the other is another.
    assert!(line_items::update(ITEM, &object(r#"{"tag":"t","tags":"u"}"#)).is_ok());
    assert_eq!(message(line_items::update(ITEM, &object("{}"))), "item: empty, expected what is to be changed");
    for item in [r#"{"label":""}"#, r#"{"scoreMaximum":0}"#] {
        assert!(line_items::update(ITEM, &object(item)).is_err(), "{item}");
    }
    let handler = |notice_type: &str, handler: Option<&str>, max_batch_size| {
        let (notice_type, handler) = (notice_type.to_owned(), handler.map(str::to_owned));
        message(notice_handlers::update(ITEM, &NoticeHandlerParams { notice_type, handler, max_batch_size }))
    };
    assert_eq!(handler("", None, None), "handler.type: empty, expected the type of a notice");
    assert_eq!(handler("x", Some(""), None), "handler.handler: not an absolute http(s) URL, expected one or null");
    assert_eq!(handler("x", None, Some(0)), "handler.maxBatchSize: expected 1 or more");
}

#[test]
fn another_url_of_canvas_is_no_line_item() {
    let item = "https://school.test/api/lti/courses/1/line_items";
    for (url, found) in [
        (item.to_owned(), "the URL of all line items of the context"),
        (format!("{item}?limit=5"), "the URL of all line items of the context"),
        (format!("{item}/7/scores"), "the URL of a line item's scores"),
        (format!("{item}/7/results?user_id=1"), "the URL of a line item's results"),
    ] {
        let expected = format!("url: {found}, expected {}", line_items::ONE);
        assert_eq!(message(scores::create(&url, &score("comment", ""), TIME, false)), expected);
        assert_eq!(message(results::list(&url, &ResultFilter::default())), expected);
        assert_eq!(message(line_items::read(&url)), expected);
        assert_eq!(message(line_items::update(&url, &object(r#"{"tag":"t"}"#))), expected);
        assert_eq!(message(line_items::delete(&url)), expected);
    }
    for url in [&format!("{item}/7"), "https://other.test/line_items", "https://other.test/line_items/7/scores"] {
        assert!(line_items::read(url).is_ok(), "{url}");
    }
}

#[test]
fn answers_are_read() {
    let list = r#"[{"id":90000000000000001},{}]"#;
    assert_eq!(line_items::page(&answer(200, &[], list), NOW).map(|found| found.len()), Ok(2));
    let members = r#"{"id":"x","members":[{"user_id":"u","roles":[]}]}"#;
    assert_eq!(memberships::page(&answer(200, &[], members), NOW).map(|found| found.len()), Ok(1));
    let handlers = notice_handlers::response(&answer(200, &[], r#"{"client_id":90000000000000001}"#), NOW).unwrap();
    assert_eq!(handlers.to_json(), r#"{"client_id":90000000000000001}"#);
    assert!(scores::response(&answer(200, &[], r#"{"resultUrl":"https://school.test/r"}"#), NOW).is_ok());
    assert_eq!(line_items::deleted(&answer(204, &[], ""), NOW), Ok(()));
    assert_eq!(assets::reported(&answer(201, &[], "{}"), NOW), Ok(()));
    for wrong in [
        line_items::page(&answer(200, &[], "{}"), NOW).err(),
        line_items::page(&answer(200, &[], "[1]"), NOW).err(),
        memberships::page(&answer(200, &[], "[]"), NOW).err(),
        memberships::page(&answer(200, &[], r#"{"members":{}}"#), NOW).err(),
        scores::response(&answer(200, &[], "{}"), NOW).err(),
        line_items::response(&answer(200, &[], "<html>"), NOW).err(),
        line_items::deleted(&answer(200, &[], "<html>"), NOW).err(),
        Some(assets::refusal(&answer(204, &[], ""), NOW)),
    ] {
        assert_eq!(wrong.map(|error| error.code), Some(Code::ResponseInvalid));
    }
}

#[test]
fn a_page_is_followed_on_its_own_origin_alone() {
    let next = |link: &str| next_page(ITEMS, &answer(200, &[("link", link)], "[]"));
    assert_eq!(next("<https://school.test/2>; rel=\"next\""), Ok(Some("https://school.test/2".to_owned())));
    assert_eq!(next("<http://school.test/2>; rel=\"next\""), Ok(Some("https://school.test/2".to_owned())));
    assert_eq!(next("<https://school.test/2>; rel=\"differences\""), Ok(None));
    for link in ["<https://evil.test/2>; rel=next", "<https://u@school.test/2>; rel=next", "</2>; rel=next"] {
        assert_eq!(next(link).map_err(|error| error.code), Err(Code::ResponseInvalid), "{link}");
    }
}
