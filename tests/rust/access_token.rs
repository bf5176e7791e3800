//! The exchange: what is sent, and what is made of every kind of answer.

use ::http::{HeaderName, Method, StatusCode};
use canvas_lms_tokens::Error;
use canvas_lms_tokens::http::{self, Repeat, Response, repeat_of};
use canvas_lms_tokens::lti2::access_token::{AccessToken, request, response};

const URL: &str = "https://school.test/api/lti/accounts/1/authorize";

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Result<AccessToken, Error> {
    let mut given = Response::new(body.into());
    *given.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        given.headers_mut().insert(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
    }
    response(&given, 1000.5)
}

#[test]
fn both_grants_are_form_encoded() {
    let sent = request(URL, "a.b.c", None, Repeat::Harmless).unwrap();
    assert_eq!((sent.method(), sent.uri().to_string().as_str()), (&Method::POST, URL));
    assert_eq!(repeat_of(&sent), Repeat::Harmless);
    for (name, value) in [("content-type", "application/x-www-form-urlencoded"), ("accept", "application/json")] {
        assert_eq!(sent.headers().get(name).unwrap(), value);
    }
    let body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c";
    assert_eq!(sent.body().as_str(), body);
    assert!(!format!("{sent:?}").contains("a.b.c"));

    let sent = request(URL, "a.b.c", Some("reg key&x=1"), Repeat::OnlyIfUnsent).unwrap();
    assert_eq!(repeat_of(&sent), Repeat::OnlyIfUnsent);
    let body = "grant_type=authorization_code&assertion=a.b.c&code=reg+key%26x%3D1";
    assert_eq!(sent.body().as_str(), body);
}

#[test]
fn a_wrong_request_is_refused_before_it_is_sent() {
    for (url, assertion, code, at) in [
        ("/api/lti/accounts/1/authorize", "a.b.c", None, "request.url"),
        ("ftp://school.test/", "a.b.c", None, "request.url"),
        ("https://user:password@school.test/", "a.b.c", None, "request.url"),
        ("https://school.test/#top", "a.b.c", None, "request.url"),
        ("https://schülé.test/", "a.b.c", None, "request.url"),
        (URL, "", None, "request.assertion"),
        (URL, "a.b.c", Some(""), "request.code"),
    ] {
        let error = request(url, assertion, code, Repeat::Harmless).err().unwrap();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some(at)), "{url}");
        assert!(!error.message.contains("password@"));
    }
}

#[test]
fn a_granted_token_is_normalised() {
    let claims = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjkwMDAwMDAwMDAwMDAwMDAxfQ.AA";
    for expires_in in ["3600", "\"3600\"", "3600.0", "3.6e3"] {
        let body = format!(r#"{{"access_token":"{claims}","token_type":"bearer","expires_in":{expires_in}}}"#);
        let token = answer(200, &[], &body).unwrap();
        assert_eq!((token.expires_in, token.expires_at, token.token_type.as_str()), (3600.0, 4600.0, "bearer"));
        assert_eq!(token.claims.unwrap().1, r#"{"sub":90000000000000001}"#);
    }
    let token = answer(201, &[], r#"{"access_token":"opaque","expires_in":1}"#).unwrap();
    assert_eq!((token.token_type.as_str(), token.claims.is_none()), ("bearer", true));
}

#[test]
fn every_other_answer_has_its_code() {
    let html = "<!DOCTYPE html><html>Page not found</html>";
    let throttled = "403 Forbidden (Rate Limit Exceeded)\n";
    for (status, body, code, message) in [
        (400, r#"{"error":"invalid_grant"}"#, "ERR_OAUTH", "the server answered 400 invalid_grant"),
        (
            401,
            r#"{"error":"invalid_client","error_description":"unknown client"}"#,
            "ERR_OAUTH",
            "the server answered 401 invalid_client: unknown client",
        ),
        (200, r#"{"error":"invalid_grant"}"#, "ERR_OAUTH", "the server answered 200 invalid_grant"),
        (
            404,
            r#"while(1);{"errors":[{"message":"The specified resource does not exist."}]}"#,
            "ERR_HTTP_STATUS",
            "the server answered 404: The specified resource does not exist.",
        ),
        (500, r#"{"errors":{"base":[{"message":"no"}]}}"#, "ERR_HTTP_STATUS", "the server answered 500: base no"),
        (401, r#"{"errors":"Invalid as_user_id"}"#, "ERR_FORBIDDEN", "the server answered 401: Invalid as_user_id"),
        (404, html, "ERR_HTTP_STATUS", "the server answered 404; the body is an HTML page"),
        (502, "", "ERR_HTTP_STATUS", "the server answered 502; the body is empty"),
        (403, throttled, "ERR_THROTTLED", "the server answered 403; the body is text that is not JSON"),
        (302, "", "ERR_HTTP_STATUS", "the server redirects to another URL of this server; not followed, check the URL"),
        (200, html, "ERR_RESPONSE_INVALID", "the answer is an HTML page, expected a JSON object with access_token"),
        (200, "", "ERR_RESPONSE_INVALID", "the answer is empty, expected a JSON object with access_token"),
        (200, "[1]", "ERR_RESPONSE_INVALID", "the answer is an array, expected a JSON object with access_token"),
        (200, "{}", "ERR_RESPONSE_INVALID", "the answer has no access_token"),
        (200, r#"{"access_token":""}"#, "ERR_RESPONSE_INVALID", "the answer has no access_token"),
        (200, r#"{"access_token":7,"expires_in":1}"#, "ERR_RESPONSE_INVALID", "the answer has no access_token"),
        (
            200,
            r#"{"access_token":"x","expires_in":"soon"}"#,
            "ERR_RESPONSE_INVALID",
            "the answer has no expires_in in seconds",
        ),
        (
            200,
            r#"{"access_token":"x","expires_in":-1}"#,
            "ERR_RESPONSE_INVALID",
            "the answer has no expires_in in seconds",
        ),
    ] {
        let error = answer(status, &[], body).err().unwrap();
        assert_eq!((error.code.as_str(), error.message.as_str()), (code, message), "{status} {body}");
        assert_eq!(error.status, Some(status));
    }
}

#[test]
fn headers_tell_a_dead_token_and_a_redirect_and_a_wait() {
    let error = answer(401, &[("www-authenticate", "Bearer realm=\"canvas-lms\"")], "{}").err().unwrap();
    assert_eq!(error.code.as_str(), "ERR_UNAUTHENTICATED");
    let error = answer(307, &[("location", "https://evil.test/?x=1")], "").err().unwrap();
    assert_eq!(error.message, "the server redirects to evil.test; not followed, check the URL");
    let error = answer(429, &[("retry-after", "17")], "").err().unwrap();
    assert_eq!((error.code.as_str(), error.retry_after), ("ERR_THROTTLED", Some(17.0)));
    let error = answer(400, &[], r#"{"error":"invalid_grant"}"#).err().unwrap();
    assert_eq!(error.oauth_error.as_deref(), Some("invalid_grant"));
}

#[test]
fn tokens_in_an_answer_are_blanked() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.c2lnbmF0dXJl";
    let body = format!(
        r#"{{"error":"bad","echo":"got {token}.","assertion":"{token}","refresh_token":"1234567890abcdef","note":"short"}}"#
    );
    let error = answer(400, &[], &body).err().unwrap();
    let kept = error.body.as_deref().unwrap();
    assert_eq!(
        kept,
        r#"{"error":"bad","echo":"got [blanked]","assertion":"[blanked]","refresh_token":"[blanked]","note":"short"}"#
    );
    let error = answer(500, &[], &format!("<p>{token}</p>")).err().unwrap();
    assert_eq!(error.body.as_deref(), Some(r#""<p>[blanked]</p>""#));
    assert!(!format!("{error:?}").contains("c2lnbmF0dXJl"));
}

/// Where a word is told from a token: by its length and characters, or by the dots of one.
#[test]
fn a_long_word_of_token_characters_is_blanked() {
    let (short, long) = ("a1-_.+/=~b".repeat(4)[..39].to_owned(), "a1-_.+/=~b".repeat(4));
    assert_eq!((short.len(), long.len()), (39, 40));
    for (word, kept) in [
        (short.as_str(), short.as_str()),
        (long.as_str(), "[blanked]"),
        ("eyJ.b.c", "[blanked]"),
        ("eyJ.b", "eyJ.b"),
        ("a.b.c", "a.b.c"),
    ] {
        let error =
            answer(500, &[], &format!(r#"{{"message":"got <{word}> here","{word}":1,"x":["{word}"]}}"#)).err().unwrap();
        assert_eq!(error.message, format!("the server answered 500: got <{kept}> here"));
        let body = format!(r#"{{"message":"got <{kept}> here","{kept}":1,"x":["{kept}"]}}"#);
        assert_eq!(error.body.as_deref(), Some(body.as_str()));
    }
    let error = answer(400, &[], &format!(r#"{{"error":"{long}"}}"#)).err().unwrap();
    assert_eq!(
        (error.message.as_str(), error.oauth_error.as_deref()),
        ("the server answered 400 [blanked]", Some("[blanked]"))
    );
}

/// A member whose name tells of a secret is blanked from sixteen characters on, where it is no sentence.
#[test]
fn a_member_that_is_called_a_secret_is_blanked() {
    let (short, long) = ("0123456789abcde", "0123456789abcdef");
    for name in
        ["password", "Password", "token", "access_token", "client_secret", "assertion", "jwt", "JWTs", "x_password_x"]
    {
        let blanked = |value: &str| {
            let error = answer(500, &[], &format!(r#"{{"nested":[{{"{name}":"{value}"}}]}}"#)).err().unwrap();
            let kept = format!(r#"{{"nested":[{{"{name}":"{value}"}}]}}"#);
            match error.body.clone().unwrap() {
                body if body == kept => false,
                body => {
                    assert_eq!(body, format!(r#"{{"nested":[{{"{name}":"[blanked]"}}]}}"#));
                    true
                }
            }
        };
        assert!(blanked(long), "{name}");
        assert!(!blanked(short), "{name}");
        assert!(!blanked("what this is about"), "{name}");
    }
    let error = answer(500, &[], &format!(r#"{{"name":"{long}"}}"#)).err().unwrap();
    assert_eq!(error.body, Some(format!(r#"{{"name":"{long}"}}"#)));
}

/// The text is Canvas's, whole; with its status alone.
#[test]
fn a_refusal_for_the_rate_is_told_by_its_status_or_its_whole_text() {
    let throttled = |status, body: &str| answer(status, &[], body).err().unwrap().code.as_str() == "ERR_THROTTLED";
    for (status, body, is_throttled) in [
        (429, "", true),
        (429, "Forbidden", true),
        (403, "403 Forbidden (Rate Limit Exceeded)\n", true),
        (403, r#"{"errors":[{"message":"Rate Limit Exceeded"}]}"#, true),
        (403, "403 Forbidden (Rate Limit)", false),
        (403, "403 Forbidden (rate limit exceeded)", false),
        (403, "403 Forbidden (Rate  Limit Exceeded)", false),
        (403, "403 Forbidden (Limit Exceeded)", false),
        (403, r#"{"errors":[{"message":"Your Rate Limit plan does not include this"}]}"#, false),
        (401, "Rate Limit Exceeded", false),
        (400, "403 Forbidden (Rate Limit Exceeded)\n", false),
        (503, "Rate Limit Exceeded", false),
    ] {
        assert_eq!(throttled(status, body), is_throttled, "{status} {body}");
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        assert_eq!(http::is_throttled(&response), is_throttled, "{status} {body}");
    }
}
