//! The services: the request of each call, what is refused before it, and what is read of its answer.

use canvas_lms_tokens::http::{Repeat, Request, Response, repeat_of};
use canvas_lms_tokens::json::{self, Json, Object};
use canvas_lms_tokens::lti2::Id;
use canvas_lms_tokens::lti13::services::assets::{self, Checksum};
use canvas_lms_tokens::lti13::services::line_items::{self, LineItemFilter};
use canvas_lms_tokens::lti13::services::memberships::{self, MemberFilter};
use canvas_lms_tokens::lti13::services::notice_handlers::{self, NoticeHandlerParams};
use canvas_lms_tokens::lti13::services::results::{self, ResultFilter};
use canvas_lms_tokens::lti13::services::{Origins, Scope, named, next_page, refusal, scores, wanted};
use canvas_lms_tokens::lti13::{Environment, Platform};
use canvas_lms_tokens::{Code, Error, Result};
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

#[test]
fn a_report_is_whole() {
    let good = r#""assetId":"a","type":"t","processingProgress":"Processed","priority":5"#;
    for (members, expected) in [
        ("", "report.assetId: absent, expected a string"),
        (r#""assetID":"a""#, "report.assetID: unknown, expected perhaps assetId"),
        (r#""assetId":"a","type":"""#, "report.type: empty, expected a text"),
        (
            r#""assetId":"a","type":"t","processingProgress":"Done""#,
            "report.processingProgress: unknown, expected Processed, Processing, PendingManual, Failed, NotProcessed or NotReady",
        ),
        (
            r#""assetId":"a","type":"t","processingProgress":"Failed""#,
            "report.priority: absent, expected a whole number from 0 to 5",
        ),
        (
            r#""assetId":"a","type":"t","processingProgress":"Failed","priority":6"#,
            "report.priority: more than 5, expected a whole number from 0 to 5",
        ),
        (
            r#""assetId":"a","type":"t","processingProgress":"Failed","priority":-1"#,
            "report.priority: a number, expected a whole number that is not negative",
        ),
        (
            &format!(r#"{good},"indicationColor":"red""#),
            "report.indicationColor: no color, expected one such as #EC0000",
        ),
        (
            &format!(r##"{good},"indicationColor":"#EC00g0""##),
            "report.indicationColor: no color, expected one such as #EC0000",
        ),
        (
            &format!(r#"{good},"scoreGiven":1"#),
            "report.scoreMaximum: absent, expected the points that scoreGiven is out of",
        ),
        (&format!(r#"{good},"visibleToOwner":1"#), "report.visibleToOwner: a number, expected a boolean"),
        (&format!(r#"{good},"result":5"#), "report.result: a number, expected a string"),
    ] {
        assert_eq!(message(assets::report(ITEM, &object(&format!("{{{members}}}")), TIME)), expected, "{members}");
    }
    let whole = format!(
        r##"{{{good},"title":"t","result":"75/100","indicationColor":"#EC0000","indicationAlt":"a","scoreGiven":1,"scoreMaximum":2,"comment":"c","errorCode":"e","visibleToOwner":true,"x":[]}}"##
    );
    assert!(assets::report(ITEM, &object(&whole), TIME).is_ok());
}

#[test]
fn what_launches_name_is_where_tokens_go() {
    let claims = object(
        r#"{"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint":{"scope":["s1","s2"],"lineitems":"http://school.test/a","lineitem":"https://school.test/a/1"},
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice":{"context_memberships_url":"https://school.test:8443/m"},
            "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice":{"platform_notification_service_url":"https://n.test/x","scope":["s3",5]},
            "https://purl.imsglobal.org/spec/lti/claim/assetservice":{"scope":["s4"],"assets":[{"url":"https://as.test/1"},{"url":"https://u@as.test/2"},{}]},
            "https://purl.imsglobal.org/spec/lti/claim/assetreport":{"scope":["s5"],"report_url":"https://school.test/r"},
            "https://purl.imsglobal.org/spec/lti/claim/eulaservice":{"scope":["no"],"url":"https://eula.test/"},
            "https://purl.imsglobal.org/spec/lti/claim/target_link_uri":"https://evil.test/"}"#,
    );
    let cloud = Platform::canvas("1", Environment::Production);
    let found = named(&claims, &cloud);
    assert_eq!(found.origins, ["https://school.test", "https://school.test:8443", "https://n.test", "https://as.test"]);
    assert_eq!(found.scopes, ["s1", "s2", "s3", "s4", "s5", Scope::ContextMembershipReadonly.as_str()]);
    assert_eq!(named(&Object::default(), &cloud).origins, Vec::<String>::new());

    let origins = Origins::parse(&found.origins, &cloud, "options.origins").unwrap();
    assert_eq!(origins.check("http://school.test/a", "url").as_deref(), Ok("https://school.test/a"));
    assert_eq!(origins.check("https://SCHOOL.test:443/a?x", "url").as_deref(), Ok("https://SCHOOL.test:443/a?x"));
    for url in [
        "https://evil.test/a",
        "https://school.test.evil.test/",
        "https://school.test:444/",
        "https://school.test@evil.test/",
        "https://u@school.test/",
        "https://school.test/#f",
        "https://eula.test/",
        "/api",
        "",
    ] {
        let error = origins.check(url, "url").unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::Argument, Some("url")), "{url}");
    }
    let parsed = |texts: &[&str], platform: &Platform| {
        let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
        Origins::parse(&texts, platform, "options.origins").err().and_then(|error: Error| error.at.clone())
    };
    assert_eq!(parsed(&[], &cloud).as_deref(), Some("options.origins"));
    assert_eq!(parsed(&["https://a.test", "a.test"], &cloud).as_deref(), Some("options.origins[1]"));
    // This machine is named by a platform that is on it.
    let own = Platform::self_hosted("1", "http://localhost:3000", None).unwrap();
    for url in ["http://localhost:3000", "http://127.0.0.1:6379/", "http://[::1]/", "https://a.localhost/"] {
        assert_eq!(parsed(&[url], &own), None);
        assert_eq!(parsed(&["https://a.test", url], &cloud).as_deref(), Some("options.origins[1]"));
        let claims = r#"{"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint":{"lineitems":"URL","lineitem":"https://a.test"}}"#;
        let claims = object(&claims.replace("URL", url));
        assert_eq!(named(&claims, &own).origins.len(), 2);
        assert_eq!(named(&claims, &cloud).origins, ["https://a.test"]);
    }
}

#[test]
fn no_scope_is_asked_for_that_the_launch_does_not_list() {
    let of = |scopes: &[Scope]| scopes.iter().map(|scope| scope.as_str().to_owned()).collect::<Vec<_>>();
    let ask = |known: Option<&[Scope]>, sufficient: &[Scope]| wanted(known.map(of).as_deref(), sufficient);
    assert_eq!(ask(None, &line_items::READ), Ok(of(&[Scope::LineItem])));
    // One token for all grade services.
    let known = [Scope::Score, Scope::LineItem, Scope::ContextMembershipReadonly];
    for sufficient in [&line_items::READ[..], &line_items::WRITE, &scores::SCOPE] {
        assert_eq!(ask(Some(&known), sufficient), Ok(of(&[Scope::LineItem, Scope::Score])));
    }
    assert_eq!(ask(Some(&known), &[memberships::SCOPE]), Ok(of(&[memberships::SCOPE])));
    assert_eq!(ask(Some(&[Scope::LineItemReadonly]), &line_items::READ), Ok(of(&[Scope::LineItemReadonly])));
    for (known, sufficient) in [
        (&[Scope::LineItemReadonly][..], &line_items::WRITE[..]),
        (&known, &results::SCOPE),
        (&known, &notice_handlers::SCOPE),
        (&[], &assets::READ),
        (&[Scope::AssetReadonly], &assets::REPORT),
    ] {
        let error = ask(Some(known), sufficient).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::Forbidden, Some("options.scopes")));
        assert!(error.message.ends_with(sufficient[0].as_str()), "{}", error.message);
    }
}

#[test]
fn a_dead_token_is_told_from_what_may_not_be() {
    let body = |message: &str| format!(r#"{{"errors":{{"type":"unauthorized","message":"{message}"}}}}"#);
    for (status, message, code) in [
        (401, "Missing access token", Code::Unauthenticated),
        (401, "Invalid access token field/s: the 'aud' is invalid", Code::Unauthenticated),
        (401, "Access token expired", Code::Unauthenticated),
        (412, "Access token expired", Code::Unauthenticated),
        (401, "Access token invalid - signature likely incorrect", Code::Unauthenticated),
        (401, "Insufficient permissions", Code::Forbidden),
        (401, "Access Token not linked to a Tool associated with this Context", Code::Forbidden),
        (401, "Unknown or inactive Developer Key", Code::Forbidden),
        (403, "Access token expired", Code::Forbidden),
        (404, "Context not found", Code::HttpStatus),
        (412, "Precondition", Code::HttpStatus),
    ] {
        let error = refusal(&answer(status, &[], &body(message)), NOW);
        assert_eq!((error.code, error.status), (code, Some(status)), "{message}");
        assert!(error.message.contains(message));
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

#[test]
fn bytes_are_those_of_their_checksum() {
    let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let hello = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    let check = |checksum: &str, pieces: &[&[u8]]| {
        let mut found = Checksum::parse(checksum, "asset.sha256_checksum")?;
        for piece in pieces {
            found.update(piece);
        }
        found.check()
    };
    assert_eq!((check(empty, &[]), check(hello, &[b"he", b"", b"llo"])), (Ok(()), Ok(())));
    assert_eq!(check(empty, &[b"x"]).map_err(|error| error.code), Err(Code::ResponseInvalid));
    assert_eq!(check(hello, &[b"hellO"]).map_err(|error| error.code), Err(Code::ResponseInvalid));
    for text in [
        "",
        "x",
        "aGVsbG8=",
        &hello.replace('=', ""),
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    ] {
        assert_eq!(check(text, &[]).unwrap_err().at.as_deref(), Some("asset.sha256_checksum"), "{text}");
    }
    let away = answer(302, &[("location", "https://files.test/1")], "");
    assert_eq!(assets::redirect(&away), Some("https://files.test/1"));
    assert_eq!(assets::redirect(&answer(200, &[("location", "https://files.test/1")], "")), None);
}
