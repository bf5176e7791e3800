//! What every endpoint family makes of its answers.

use canvas_lms_tokens::canvas::{
    Site, jwts, originality_reports, pages, registration, submissions, subscriptions, users,
};
use canvas_lms_tokens::http::answer::{object, objects};
use canvas_lms_tokens::http::{Authorization, Response, authorized, opaque_redirect};
use canvas_lms_tokens::json::{Json, Object};
use canvas_lms_tokens::{Error, Result};
use http::{HeaderName, HeaderValue, Method, StatusCode};

use super::{header, number, site};

const NOW: f64 = 1_700_000_000.25;
const HTML: &str = "<!DOCTYPE html><p>Log in</p>";
const JWS: &str = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwNjAsInN1YiI6OTAwMDAwMDAwMDAwMDAwMDF9.AA";
const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA";

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    if status == 0 {
        return opaque_redirect();
    }
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(HeaderName::try_from(*name).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    response
}

fn told(error: &Error) -> (&'static str, &str, Option<u16>) {
    (error.code.as_str(), error.message.as_str(), error.status)
}

type Reader = fn(&Response, f64) -> Result<String>;

/// Every reader, its result as JSON.
const READERS: [(&str, Reader); 10] = [
    ("object", |response, now| object(response, now).map(|found| found.to_json())),
    ("object", |response, now| registration::response(response, now).map(|found| found.to_json())),
    ("object", |response, now| originality_reports::response(response, now).map(|found| found.to_json())),
    ("object", |response, now| subscriptions::response(response, now).map(|found| found.to_json())),
    ("object", |response, now| submissions::response(response, now).map(|found| found.to_json())),
    ("object", |response, now| users::response(response, now).map(|found| found.to_json())),
    ("list", |response, now| objects(response, now).map(list)),
    ("list", |response, now| submissions::history_response(response, now).map(list)),
    ("list", |response, now| users::page_response(response, now).map(list)),
    ("list", |response, now| subscriptions::page(response, now).map(|(found, _)| list(found))),
];

fn list(found: Vec<Object>) -> String {
    Json::Array(found.into_iter().map(Json::Object).collect()).to_json()
}

#[test]
fn what_is_sent_is_kept_with_every_digit() {
    let body = r#"{"z":90000000000000001,"a":[1.50,{"id":-90000000000000001}],"__proto__":null}"#;
    for (kind, read) in READERS {
        let body = if kind == "list" { ["[", body, ",{}]"].concat() } else { body.to_owned() };
        for status in [200, 201, 299] {
            for prefix in ["", "while(1);", " \nwhile(1);\n"] {
                assert_eq!(read(&answer(status, &[], &[prefix, &body].concat()), NOW).unwrap(), body);
            }
        }
    }
}

#[test]
fn what_is_of_another_kind_is_no_answer() {
    for (kind, read) in READERS {
        let (expected, other) = match kind {
            "list" => ("an array of JSON objects", [("an object", "{}"), ("an array", "[{},1]"), ("an array", "[[]]")]),
            _ => ("a JSON object", [("an array", "[]"), ("an array", "[{}]"), ("a number", "-0.5")]),
        };
        let common = [
            ("an HTML page", HTML),
            ("empty", ""),
            ("empty", " \n"),
            ("text that is not JSON", "OK"),
            ("text that is not JSON", "while(1);"),
            ("text that is not JSON", "{\"a\":1,\"a\":2}"),
            ("null", "null"),
            ("a boolean", "false"),
            ("a string", "\"x\""),
        ];
        for (found, body) in common.into_iter().chain(other) {
            let error = read(&answer(200, &[], body), NOW).err().unwrap();
            let message = ["the answer is ", found, ", expected ", expected].concat();
            assert_eq!(told(&error), ("ERR_RESPONSE_INVALID", message.as_str(), Some(200)), "{body}");
        }
    }
}

#[test]
fn a_refusal_has_its_code_and_canvas_own_words() {
    const REALM: (&str, &str) = ("www-authenticate", "Bearer realm=\"canvas-lms\"");
    let words = r#"{"errors":[{"message":"no such thing"}]}"#;
    for (_, read) in READERS {
        for (status, headers, body, code, message) in [
            (401, &[REALM][..], words, "ERR_UNAUTHENTICATED", "the server answered 401: no such thing"),
            (401, &[], words, "ERR_FORBIDDEN", "the server answered 401: no such thing"),
            (
                401,
                &[],
                r#"{"status":"unauthenticated"}"#,
                "ERR_UNAUTHENTICATED",
                "the server answered 401; the body is an object",
            ),
            (403, &[REALM], words, "ERR_FORBIDDEN", "the server answered 403: no such thing"),
            (404, &[], words, "ERR_HTTP_STATUS", "the server answered 404: no such thing"),
            (400, &[], r#"{"errors":{"jwt":"required"}}"#, "ERR_HTTP_STATUS", "the server answered 400: jwt required"),
            (
                401,
                &[],
                r#"{"errors":"Invalid as_user_id"}"#,
                "ERR_FORBIDDEN",
                "the server answered 401: Invalid as_user_id",
            ),
            (400, &[], r#"{"error":"a","error_description":"b"}"#, "ERR_HTTP_STATUS", "the server answered 400: a: b"),
            (403, &[], r#"{"error":"a","message":"b"}"#, "ERR_FORBIDDEN", "the server answered 403: b"),
            (500, &[], "{\"message\":\" two\\n lines \"}", "ERR_HTTP_STATUS", "the server answered 500: two lines"),
            (
                500,
                &[],
                r#"{"errors":[{"message":""}]}"#,
                "ERR_HTTP_STATUS",
                "the server answered 500; the body is an object",
            ),
            (502, &[], HTML, "ERR_HTTP_STATUS", "the server answered 502; the body is an HTML page"),
            (429, &[("retry-after", "7")], "", "ERR_THROTTLED", "the server answered 429; the body is empty"),
            (
                302,
                &[("location", "//evil.test:8/x")],
                "",
                "ERR_HTTP_STATUS",
                "the server redirects to evil.test; not followed, check the URL",
            ),
            (
                307,
                &[("location", "///x")],
                "",
                "ERR_HTTP_STATUS",
                "the server redirects to another URL of this server; not followed, check the URL",
            ),
            (0, &[], "", "ERR_HTTP_STATUS", "the server redirects to another URL; not followed, check the URL"),
        ] {
            let error = read(&answer(status, headers, body), NOW).err().unwrap();
            assert_eq!(told(&error), (code, message, Some(status)), "{body}");
            assert_eq!(error.retry_after, (status == 429).then_some(7.0));
        }
    }
}

#[test]
fn a_token_is_read_as_far_as_it_can_be() {
    let body = |token: &str| ["{\"token\":\"", token, "\"}"].concat();
    let wrap = canvas_lms_tokens::jose::wrap;
    for (token, compact, encrypted, expires_at) in [
        (wrap(JWE), JWE, true, 1_700_003_600.0),
        (wrap(JWS), JWS, false, 1_700_000_060.0),
        (JWE.to_owned(), JWE, true, 1_700_003_600.0),
        (JWS.to_owned(), JWS, false, 1_700_000_060.0),
    ] {
        let found = jwts::response(&answer(201, &[], &body(&token)), NOW).unwrap();
        assert_eq!((found.token.as_str(), found.compact.as_str()), (token.as_str(), compact));
        assert_eq!((found.encrypted, found.claims.is_none()), (encrypted, encrypted));
        assert!((found.expires_at - expires_at).abs() < 1e-9, "{}", found.expires_at);
    }
    let claims = jwts::response(&answer(200, &[], &body(JWS)), NOW).unwrap().claims.unwrap().0;
    assert_eq!(claims.get("sub").map(Json::to_json).as_deref(), Some("90000000000000001"));
    for bad in ["{}", "[]", r#"{"token":""}"#, r#"{"token":5}"#, r#"{"token":"x"}"#, r#"{"token":"a.b.c.d"}"#, HTML] {
        let error = jwts::response(&answer(200, &[], bad), NOW).err().unwrap();
        assert_eq!(error.code.as_str(), "ERR_RESPONSE_INVALID", "{bad}");
    }
}

#[test]
fn where_a_list_goes_on() {
    let site = Site::parse("https://school.test/lms", "options.baseUrl").unwrap();
    let page = |link: &str| pages::next(&site, &answer(200, &[("link", link)], "[]"));
    let target = "https://SCHOOL.test:443/x?page=bookmark:a%2F,b;c";
    let next = page(&["<", target, ">; rel=\"next\""].concat()).ok().flatten().unwrap();
    assert_eq!((next.uri().to_string().as_str(), next.body().is_empty()), (target, true));
    assert_eq!(next.method(), Method::GET);
    for none in ["", "<https://school.test/1>; rel=\"last\""] {
        assert!(page(none).ok().unwrap().is_none(), "{none}");
    }
    for other in ["https://evil.test/", "http://school.test/", "https://u:p@school.test/", "//school.test/", "/2", ""] {
        let error = page(&["<", other, ">; rel=next"].concat()).err().unwrap();
        assert_eq!(told(&error).0, "ERR_RESPONSE_INVALID", "{other}");
    }
    for (end_key, expected) in [(Some("k"), Some("k")), (Some(""), None), (Some("null"), None), (None, None)] {
        let headers: Vec<_> = end_key.map(|key| ("endkey", key)).into_iter().collect();
        let (found, next) = subscriptions::page(&answer(200, &headers, "[{}]"), NOW).unwrap();
        assert_eq!((found.len(), next.as_deref()), (1, expected));
    }
}

#[test]
fn what_deleting_answers_does_not_matter_but_for_a_page() {
    for (status, body) in [(204, ""), (200, "{}"), (200, "OK"), (202, "[]")] {
        assert!(subscriptions::deleted(&answer(status, &[], body), NOW).is_ok(), "{body}");
    }
    let page = subscriptions::deleted(&answer(200, &[], HTML), NOW).err().unwrap();
    assert_eq!(told(&page), ("ERR_RESPONSE_INVALID", "the answer is an HTML page, expected JSON", Some(200)));
    assert_eq!(subscriptions::deleted(&answer(404, &[], ""), NOW).err().unwrap().code.as_str(), "ERR_HTTP_STATUS");
}

#[test]
fn what_was_sent_as_a_token_is_told_nowhere() {
    let bearer = Authorization::bearer("1~secret!", "options.accessToken").unwrap();
    let response = answer(302, &[("location", "https://1~secret!.test/")], "got 1~secret!, 1~secret!");
    let blanked = bearer.blanked_in(&response);
    assert_eq!(blanked.body().as_str(), "got [blanked], [blanked]");
    assert_eq!(blanked.headers().get("location").unwrap(), "https://[blanked].test/");
    assert_eq!((blanked.headers().len(), blanked.status()), (1, StatusCode::FOUND));
    let parts = |response: &Response| (response.status(), response.headers().clone(), response.body().clone());
    let session = Authorization::session("_csrf_token=1~secret!");
    assert_eq!(parts(&session.blanked_in(&response)), parts(&blanked));
    assert_eq!(parts(&Authorization::session("").blanked_in(&response)), parts(&response));
}

#[test]
fn a_request_is_authorized_by_a_bearer_or_a_session() {
    let request = || users::read(&site(), &number("3")).unwrap();
    let bearer = Authorization::bearer(" 1~secret\n", "options.accessToken").unwrap();
    assert_eq!(header(&authorized(request(), &bearer), "authorization"), Some("Bearer 1~secret"));
    let session = authorized(request(), &Authorization::session("_csrf_token=a%2Bb"));
    assert_eq!((header(&session, "x-csrf-token"), header(&session, "authorization")), (Some("a+b"), None));
    for cookies in ["", "x=1", "_csrf_token=", "_csrf_token=a%0Ab", "_csrf_token=%FF", "_csrf_token=a%20b"] {
        assert_eq!(authorized(request(), &Authorization::session(cookies)).headers().len(), 1, "{cookies}");
    }
    for token in ["", " ", "a b", "a\nb", "é", "\u{7f}"] {
        let error = Authorization::bearer(token, "options.accessToken").err().unwrap();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("options.accessToken")));
    }
}
