//! Requests and answers of every endpoint family, as tables.

mod answers;
mod docs;
mod oauth;

use canvas_lms_tokens::canvas::jwts::{self, JwtParams};
use canvas_lms_tokens::canvas::originality_reports::{self, ReportParams, ReportPath, ToolSetting};
use canvas_lms_tokens::canvas::submissions::{self, SubmissionPath};
use canvas_lms_tokens::canvas::{Context, Site, registration, subscriptions, users};
use canvas_lms_tokens::http::{Repeat, Request, repeat_of};
use canvas_lms_tokens::json::{self, Json, Object};
use canvas_lms_tokens::lti2::Id;
use canvas_lms_tokens::{Error, Result};
use http::Method;

const GLOBAL: &str = "90000000000000001";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn site() -> Site {
    Site::parse("https://school.test/lms/", "options.baseUrl").unwrap()
}

fn number(digits: &str) -> Id {
    Id::number(digits, "id").unwrap()
}

fn text(id: &str) -> Id {
    Id::Text(id.to_owned())
}

fn parsed(text: &str) -> Object {
    match json::read(text).unwrap() {
        Json::Object(object) => object,
        _ => Object::default(),
    }
}

fn submission() -> SubmissionPath {
    SubmissionPath { assignment_id: number("25"), submission_id: number("6") }
}

const WEBHOOK: &str = r#"{"subscription":{"ContextId":"25","ContextType":"assignment","EventTypes":["a"],"Format":"live-event","TransportMetadata":{"Url":"u"},"TransportType":"sqs"}}"#;

fn webhook() -> Object {
    parsed(WEBHOOK).get("subscription").and_then(Json::as_object).cloned().unwrap()
}

fn by_id(report: Id) -> ReportPath {
    ReportPath::Report { submission: submission(), report_id: report }
}

fn by_file(file: Id) -> ReportPath {
    ReportPath::File { assignment_id: number("25"), file_id: file }
}

/// The one content type and the one `Accept` of a request, and its other headers.
fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let mut found = request.headers().get_all(name).iter().map(|value| value.to_str().unwrap());
    let first = found.next();
    assert_eq!(found.next(), None, "{name} is there twice");
    first
}

type Row = (Request, Method, &'static str, Option<&'static str>, &'static str);

fn report_requests() -> Vec<Row> {
    let site = site();
    let params = ReportParams {
        file_id: Some(number(GLOBAL)),
        originality_score: Some(25.2),
        originality_report_url: Some("https://r.test/1?a=\"b\"".to_owned()),
        originality_report_file_id: Some(text("17")),
        workflow_state: Some("scored".to_owned()),
        error_message: Some(String::new()),
        attempt: Some(2),
        tool_setting: Some(ToolSetting { resource_type_code: Some("code".to_owned()), resource_url: None }),
    };
    let fields = r#"{"originality_report":{"file_id":90000000000000001,"originality_score":25.2,"originality_report_url":"https://r.test/1?a=\"b\"","originality_report_file_id":"17","workflow_state":"scored","error_message":"","attempt":2,"tool_setting":{"resource_type_code":"code"}}}"#;
    let nothing = ReportParams::default();
    vec![
        (
            originality_reports::create(&site, &submission(), &params).unwrap(),
            Method::POST,
            "/api/lti/assignments/25/submissions/6/originality_report",
            Some(JSON),
            fields,
        ),
        (
            originality_reports::update(&site, &by_id(text("é")), &nothing).unwrap(),
            Method::PUT,
            "/api/lti/assignments/25/submissions/6/originality_report/%C3%A9",
            Some(JSON),
            r#"{"originality_report":{}}"#,
        ),
        (
            originality_reports::update(&site, &by_file(number("71")), &params).unwrap(),
            Method::PUT,
            "/api/lti/assignments/25/files/71/originality_report",
            Some(JSON),
            fields,
        ),
        (
            originality_reports::read(&site, &by_id(number(GLOBAL))).unwrap(),
            Method::GET,
            "/api/lti/assignments/25/submissions/6/originality_report/90000000000000001",
            None,
            "",
        ),
        (
            originality_reports::read(&site, &by_file(text("%2e"))).unwrap(),
            Method::GET,
            "/api/lti/assignments/25/files/%252e/originality_report",
            None,
            "",
        ),
    ]
}

fn other_requests() -> Vec<Row> {
    let site = site();
    let jwt = JwtParams {
        workflows: vec!["rich_content".to_owned(), "a&b=ç d".to_owned()],
        context_type: Some("course".to_owned()),
        context_id: Some(number(GLOBAL)),
        context_uuid: None,
        canvas_audience: Some(false),
    };
    let by_uuid = JwtParams { context_uuid: Some("a/b".to_owned()), ..JwtParams::default() };
    let (account, course) = (Context::Account(text("a/b")), Context::Course(number("1")));
    vec![
        (jwts::create(&site, &JwtParams::default()).unwrap(), Method::POST, "/api/v1/jwts", None, ""),
        (
            jwts::create(&site, &jwt).unwrap(),
            Method::POST,
            "/api/v1/jwts",
            Some(FORM),
            "workflows%5B%5D=rich_content&workflows%5B%5D=a%26b%3D%C3%A7+d&context_type=course&context_id=90000000000000001&canvas_audience=false",
        ),
        (jwts::create(&site, &by_uuid).unwrap(), Method::POST, "/api/v1/jwts", Some(FORM), "context_uuid=a%2Fb"),
        (
            jwts::refresh(&site, " YS5iLmM= \n").unwrap(),
            Method::POST,
            "/api/v1/jwts/refresh",
            Some(FORM),
            "jwt=YS5iLmM%3D",
        ),
        (jwts::refresh(&site, "a.b.c").unwrap(), Method::POST, "/api/v1/jwts/refresh", Some(FORM), "jwt=YS5iLmM%3D"),
        (jwts::create_inst_access_token(&site).unwrap(), Method::POST, "/api/v1/inst_access_tokens", None, ""),
        (
            registration::tool_consumer_profile(&site, &account, None).unwrap(),
            Method::GET,
            "/api/lti/accounts/a%2Fb/tool_consumer_profile",
            None,
            "",
        ),
        (
            registration::tool_consumer_profile(&site, &course, Some(&text("p?"))).unwrap(),
            Method::GET,
            "/api/lti/courses/1/tool_consumer_profile/p%3F",
            None,
            "",
        ),
        (
            registration::register(&site, &course, &parsed(r#"{"b":90000000000000001,"a":[]}"#)).unwrap(),
            Method::POST,
            "/api/lti/courses/1/tool_proxy",
            Some("application/vnd.ims.lti.v2.toolproxy+json"),
            r#"{"b":90000000000000001,"a":[]}"#,
        ),
        (
            subscriptions::create(&site, &webhook()).unwrap(),
            Method::POST,
            "/api/lti/subscriptions",
            Some(JSON),
            WEBHOOK,
        ),
        (
            subscriptions::update(&site, &text("#1"), &webhook()).unwrap(),
            Method::PUT,
            "/api/lti/subscriptions/%231",
            Some(JSON),
            WEBHOOK,
        ),
        (subscriptions::read(&site, &text("a b")).unwrap(), Method::GET, "/api/lti/subscriptions/a%20b", None, ""),
        (subscriptions::delete(&site, &text("s")).unwrap(), Method::DELETE, "/api/lti/subscriptions/s", None, ""),
        (subscriptions::list(&site, None).unwrap(), Method::GET, "/api/lti/subscriptions", None, ""),
        (
            submissions::read(&site, &submission()).unwrap(),
            Method::GET,
            "/api/lti/assignments/25/submissions/6",
            None,
            "",
        ),
        (
            submissions::history(&site, &submission()).unwrap(),
            Method::GET,
            "/api/lti/assignments/25/submissions/6/history",
            None,
            "",
        ),
        (users::read(&site, &number(GLOBAL)).unwrap(), Method::GET, "/api/lti/users/90000000000000001", None, ""),
        (users::of_group(&site, &number("4")).unwrap(), Method::GET, "/api/lti/groups/4/users?per_page=100", None, ""),
    ]
}

#[test]
fn every_request_is_as_canvas_documents_it() {
    for (request, method, path, content_type, body) in report_requests().into_iter().chain(other_requests()) {
        assert_eq!(request.uri().to_string(), ["https://school.test/lms", path].concat());
        assert_eq!((request.method(), header(&request, "content-type")), (&method, content_type), "{path}");
        assert_eq!(request.body().as_str(), body, "{path}");
        assert!(header(&request, "accept").unwrap().contains(JSON), "{path}");
        let makes_a_token = path.starts_with("/api/v1/");
        let repeat = if method == Method::GET || makes_a_token { Repeat::Harmless } else { Repeat::OnlyIfUnsent };
        assert_eq!(repeat_of(&request), repeat, "{path}");
        assert_eq!(header(&request, "authorization"), None);
    }
}

#[test]
fn what_the_vendor_formats_are() {
    let site = site();
    let course = Context::Course(number("1"));
    let profile = registration::tool_consumer_profile(&site, &course, None).unwrap();
    let proxy = registration::register(&site, &course, &Object::default()).unwrap();
    let accept = |format: &str| ["application/vnd.ims.lti.v2.", format, "+json, application/json"].concat();
    assert_eq!(header(&profile, "accept"), Some(accept("toolconsumerprofile").as_str()));
    assert_eq!(header(&proxy, "accept"), Some(accept("toolproxy.id").as_str()));
    assert_eq!(header(&subscriptions::list(&site, Some("k/1=")).unwrap(), "startkey"), Some("k/1="));
}

type Builder = fn(&Site) -> Result<Request>;

#[test]
fn a_wrong_parameter_makes_no_request() {
    let report = |params: ReportParams| originality_reports::create(&site(), &submission(), &params);
    let with_score = |score| report(ReportParams { originality_score: Some(score), ..Default::default() });
    for score in [-0.001, 100.001, 1e3, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(refused(with_score(score)), "report.originalityScore: not between 0 and 100", "{score}");
    }
    for (score, sent) in [(0.0, "0"), (-0.0, "0"), (100.0, "100"), (99.999, "99.999"), (1e-7, "0.0000001")] {
        let body = format!(r#"{{"originality_report":{{"originality_score":{sent}}}}}"#);
        assert_eq!(with_score(score).unwrap().body().as_str(), body);
    }
    let state = ReportParams { workflow_state: Some("Scored".to_owned()), ..Default::default() };
    assert_eq!(refused(report(state)), "report.workflowState: unknown, expected pending, error or scored");
    for attempt in [0, -1] {
        let attempt = ReportParams { attempt: Some(attempt), ..Default::default() };
        assert_eq!(refused(report(attempt)), "report.attempt: expected 1 or more");
    }
    let jwt = |params: JwtParams| jwts::create(&site(), &params);
    let both = JwtParams { context_id: Some(number("1")), context_uuid: Some("u".to_owned()), ..JwtParams::default() };
    assert_eq!(refused(jwt(both)), "params.contextUuid: given with contextId, expected one of them");
    let group = JwtParams { context_type: Some("Group".to_owned()), ..JwtParams::default() };
    assert_eq!(refused(jwt(group)), "params.contextType: unknown, expected Course, User or Account");
    let blank = JwtParams { context_uuid: Some(" ".to_owned()), ..JwtParams::default() };
    assert_eq!(refused(jwt(blank)), "params.contextUuid: empty, expected a uuid");
    let others: [(Builder, &str); 8] = [
        (|site| jwts::refresh(site, " "), "jwt: empty, expected a token of createJwt"),
        (|site| subscriptions::list(site, Some("")), "page.startKey: expected the endKey of the page before"),
        (|site| subscriptions::list(site, Some("a\nb")), "page.startKey: expected the endKey of the page before"),
        (|site| users::read(site, &text("..")), "id: a path of dots, expected an id"),
        (|site| users::of_group(site, &text(".")), "groupId: a path of dots, expected an id"),
        (|site| subscriptions::delete(site, &text(" ")), "id: empty, expected an id"),
        (|site| originality_reports::read(site, &by_file(text(""))), "path.fileId: empty, expected an id"),
        (
            |site| submissions::history(site, &SubmissionPath { assignment_id: text(""), ..submission() }),
            "path.assignmentId: empty, expected an id",
        ),
    ];
    for (build, message) in others {
        assert_eq!(refused(build(&site())), message);
    }
}

#[test]
fn a_subscription_is_whole_before_it_is_sent() {
    for (name, values) in [
        ("ContextId", vec!["null", r#""""#, "25"]),
        ("ContextType", vec!["null", r#""""#]),
        ("EventTypes", vec!["null", "[]", r#""a""#, r#"["a",1]"#]),
        ("Format", vec!["null", r#""live_event""#]),
        ("TransportType", vec!["null", r#""SQS""#]),
        ("TransportMetadata", vec!["null", "{}", r#"{"Url":""}"#]),
    ] {
        for value in values {
            let mut subscription = webhook();
            subscription.set(name, json::read(value).unwrap());
            let message = refused(subscriptions::create(&site(), &subscription));
            assert!(message.starts_with(&["subscription.", name, ": expected "].concat()), "{message}");
            assert_eq!(refused(subscriptions::update(&site(), &text("s"), &subscription)), message);
        }
    }
}

#[test]
fn what_a_subscription_has_besides_is_sent_unless_it_is_misspelt() {
    let without = |name: &str| -> Object {
        webhook().iter().filter(|(known, _)| *known != name).map(|(name, value)| (name, value.clone())).collect()
    };
    let mut misspelt = without("EventTypes");
    misspelt.set("EventType", json::read(r#"["a"]"#).unwrap());
    let expected = "subscription.EventType: unknown, expected perhaps EventTypes";
    assert_eq!(refused(subscriptions::create(&site(), &misspelt)), expected);
    let mut misspelt = without("TransportMetadata");
    misspelt.set("TransportMetadata", json::read(r#"{"url":"u"}"#).unwrap());
    let expected = "subscription.TransportMetadata.url: unknown, expected perhaps Url";
    assert_eq!(refused(subscriptions::update(&site(), &text("s"), &misspelt)), expected);
    let mut more = webhook();
    more.set("SystemEventTypes", json::read("[]").unwrap());
    assert!(subscriptions::create(&site(), &more).unwrap().body().as_str().contains("SystemEventTypes"));
}

/// What an `ERR_ARGUMENT` says, which starts with its place.
fn refused(request: Result<Request>) -> String {
    let error: Error = request.err().unwrap();
    assert_eq!(error.code.as_str(), "ERR_ARGUMENT", "{}", error.message);
    assert!(error.message.starts_with(error.at.as_deref().unwrap()));
    error.message.clone()
}
