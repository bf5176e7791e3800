//! Tokens in what people paste: found in every form, and where it was found.

use canvas_lms_tokens::inspect::Outcome::{Fail, Pass};
use canvas_lms_tokens::inspect::{FoundToken, MAX_PASTE, PasteForm, Report, Signature, open, open_as_sent, report};
use canvas_lms_tokens::jose::{MAX_TOKEN, wrap};
use canvas_lms_tokens::json::Json;

use crate::inspect::good::{self, SECRET, signed};
use crate::inspect::{Case, With, assert_first, case, inspect, opened_and_inspected};

/// A name, the text around the token `@@`, the form, the name in it.
const FORMS: &[(&str, &str, PasteForm, Option<&str>)] = &[
    ("a query", "https://tool.test/launch?state=x&id_token=@@&y=%20#top", PasteForm::Url, Some("id_token")),
    (
        "a fragment",
        "https://tool.test/launch#/start?access_token=@@&token_type=Bearer",
        PasteForm::Url,
        Some("access_token"),
    ),
    ("a wrapped URL", "https://tool.test/launch?state=x&\n  id_token=@@", PasteForm::Url, Some("id_token")),
    ("a path", "https://tool.test/verify/@@/now", PasteForm::Url, None),
    ("a path and query", "/launch?lti_message_hint=@@", PasteForm::Url, Some("lti_message_hint")),
    ("a URL in a URL", "https://tool.test/go?to=https%3A%2F%2Fx.test%2F%3FJWT%3D@@", PasteForm::Url, Some("JWT")),
    (
        "a form",
        "grant_type=client_credentials&client_assertion=@@&scope=a+b",
        PasteForm::Form,
        Some("client_assertion"),
    ),
    ("one parameter", "JWT=@@", PasteForm::Form, Some("JWT")),
    ("a parameter of another name", "lti_message=@@&x=1", PasteForm::Form, Some("lti_message")),
    ("quoted in a form", "id_token=%22@@%22", PasteForm::Form, Some("id_token")),
    ("parameters as developer tools list them", "state: x\nid_token: @@\n", PasteForm::Form, Some("id_token")),
    (
        "curl -d",
        "curl https://canvas.test/login/oauth2/token -d grant_type=x -d client_assertion=@@",
        PasteForm::Curl,
        Some("client_assertion"),
    ),
    ("curl, one word", "curl -XPOST -d'assertion=@@' https://canvas.test", PasteForm::Curl, Some("assertion")),
    (
        "curl --data-urlencode",
        "$ curl --data-urlencode 'assertion=@@' https://canvas.test",
        PasteForm::Curl,
        Some("assertion"),
    ),
    ("curl --data-raw=", "curl https://canvas.test --data-raw='a=b&assertion=@@'", PasteForm::Curl, Some("assertion")),
    (
        "curl -H",
        "curl 'https://canvas.test/api/v1/x' \\\n  -H 'accept: */*' \\\n  -H \"Authorization: Bearer @@\" \\\n  --compressed",
        PasteForm::Curl,
        Some("Authorization"),
    ),
    ("curl --json", "curl --json '{\"id_token\": \"@@\"}' https://tool.test", PasteForm::Curl, Some("id_token")),
    ("curl --oauth2-bearer", "curl --oauth2-bearer @@ https://canvas.test", PasteForm::Curl, Some("Authorization")),
    (
        "curl of Windows",
        "curl ^\"https://canvas.test/^\" ^\r\n  -H ^\"authorization: Bearer @@^\" ^\r\n  --compressed",
        PasteForm::Curl,
        Some("authorization"),
    ),
    (
        "curl as browsers copy it",
        "curl 'https://tool.test' \\\n  --data-raw $'x=\\u0021&id_token=@@'",
        PasteForm::Curl,
        Some("id_token"),
    ),
    ("curl with a URL", "curl -L 'https://tool.test/?id_token=@@'", PasteForm::Curl, Some("id_token")),
    ("curl cut off", "curl 'https://canvas.test' -d 'assertion=@@", PasteForm::Text, Some("assertion")),
    ("one header", "Authorization: Bearer @@", PasteForm::Header, Some("Authorization")),
    ("in small letters", "authorization: bearer @@", PasteForm::Header, Some("authorization")),
    (
        "among headers",
        "Host: canvas.test\r\nAccept: */*\r\nAuthorization: Bearer @@\r\nX-Request-Id: 5",
        PasteForm::Header,
        Some("Authorization"),
    ),
    (
        "of HTTP/2",
        ":authority: canvas.test\n:method: GET\nauthorization: Bearer @@",
        PasteForm::Header,
        Some("authorization"),
    ),
    (
        "of curl -v",
        "> GET /api/v1 HTTP/1.1\n> Host: canvas.test\n> Authorization: Bearer @@\n>",
        PasteForm::Header,
        Some("Authorization"),
    ),
    (
        "a request",
        "POST /launch HTTP/1.1\r\nHost: tool.test\r\n\r\nstate=x&id_token=@@",
        PasteForm::Form,
        Some("id_token"),
    ),
    (
        "a response",
        "HTTP/1.1 200 OK\ncontent-type: application/json\n\n{\"access_token\":\"@@\"}",
        PasteForm::Json,
        Some("access_token"),
    ),
    ("a redirect", "HTTP/1.1 302 Found\nLocation: https://tool.test/?id_token=@@", PasteForm::Header, Some("id_token")),
    ("a cookie", "Cookie: a=b; lti=@@; c=d", PasteForm::Header, Some("lti")),
    ("a broken line", "Authorization: Bearer\n @@", PasteForm::Header, Some("Authorization")),
    ("an answer", "{\"access_token\":\"@@\",\"expires_in\":\"3600\"}", PasteForm::Json, Some("access_token")),
    (
        "a nested answer",
        "{\"data\":[{\"tokens\":{\"id_token\":\"@@\"}}]}",
        PasteForm::Json,
        Some("data[0].tokens.id_token"),
    ),
    ("an answer of another name", "{\n  \"jwt_value\": \"@@\"\n}", PasteForm::Json, Some("jwt_value")),
    ("escaped slashes", "{\"url\":\"https:\\/\\/tool.test\\/?id_token=@@\"}", PasteForm::Json, Some("id_token")),
    ("an array", "[\"x\", \"@@\"]", PasteForm::Json, Some("[1]")),
    ("JSON in JSON", "{\"body\":\"{\\\"id_token\\\":\\\"@@\\\"}\"}", PasteForm::Json, Some("body.id_token")),
    ("JSON cut off", "{\"expires_in\":3600,\"access_token\":\"@@\",", PasteForm::Text, None),
    ("a HAR", HAR, PasteForm::Har, Some("id_token")),
    (
        "an entry's header",
        "{\"request\":{\"httpVersion\":\"HTTP/1.1\",\"headers\":[{\"name\":\"Authorization\",\"value\":\"Bearer @@\"}]}}",
        PasteForm::Har,
        Some("Authorization"),
    ),
    (
        "an entry's answer",
        "{\"response\":{\"httpVersion\":\"HTTP/1.1\",\"content\":{\"text\":\"{\\\"access_token\\\":\\\"@@\\\"}\"}}}",
        PasteForm::Har,
        Some("access_token"),
    ),
    ("HTML", "<form><input type=\"hidden\" name=\"id_token\" value=\"@@\"></form>", PasteForm::Text, None),
    ("a log", "2026-01-01 12:00:00 [info] got token @@, thanks!", PasteForm::Text, None),
    ("a script", "const token = '@@';\nawait fetch(url);", PasteForm::Text, None),
    ("an assignment", "export TOKEN=\"@@\"", PasteForm::Text, None),
];

const HAR: &str = r#"{"log":{"version":"1.2","entries":[{"request":{"method":"POST","url":"https://tool.test/launch","httpVersion":"HTTP/2",
    "headers":[{"name":"content-type","value":"application/x-www-form-urlencoded"}],"queryString":[],
    "postData":{"mimeType":"application/x-www-form-urlencoded","text":"id_token=@@&state=@S","params":[{"name":"id_token","value":"@@"}]}},
    "response":{"status":302}}]}}"#;

fn token() -> String {
    good::assertion().signed()
}

fn text_in(given: &str, found: &FoundToken) -> Option<String> {
    let units: Vec<u16> = given.encode_utf16().collect();
    found.span.map(|span| String::from_utf16(&units[span.start..span.end]).unwrap())
}

/// The text with the token in its place.
fn filled(text: &str, token: &str) -> String {
    text.replace("@@", token)
}

/// Forms that may hold a token, and hold none.
const WITHOUT: &[(&str, &str)] = &[
    ("a URL", "https://canvas.test/courses/1/external_tools/7?display=borderless"),
    ("a curl command", "curl -d grant_type=client_credentials https://canvas.test/login/oauth2/token"),
    ("headers", "GET /api/v1/users/self HTTP/1.1\nHost: canvas.test"),
    ("claims", r#"{"iss":"https://canvas.test","aud":"10000000000042"}"#),
    ("a HAR", r#"{"log":{"entries":[{"request":{"url":"https://canvas.test/"}}]}}"#),
];

pub(super) fn cases() -> Vec<Case> {
    let good = good::assertion();
    let in_forms = FORMS.iter().take(1).map(|(name, text, ..)| case(*name, filled(text, &good.signed()), good.with()));
    let without = WITHOUT.iter().map(|(name, text)| case(*name, (*text).to_owned(), good.with()));
    let named = NAMED.iter().map(|(text, ..)| case(*text, (*text).to_owned(), good.with()));
    in_forms.chain(without).chain(named).collect()
}

#[test]
fn a_token_is_found_in_every_form() {
    let good = good::assertion();
    for (name, text, form, member) in FORMS {
        let given = filled(text, &token());
        let (_, report) = opened_and_inspected(&given, &good.with());
        let found = report.found.as_ref().unwrap_or_else(|| panic!("{name}: nothing found"));
        assert_eq!((found.form, found.name.as_deref()), (*form, *member), "{name}");
        assert_eq!((report.kind.as_str(), found.kind), ("lti2-assertion", report.kind), "{name}");
        assert_eq!(found.token, token(), "{name}");
        assert_eq!(text_in(&given, found), Some(token()), "{name}");
        assert!(report.others.is_empty(), "{name}: {:?}", report.others);
        let fault = if *name == "quoted in a form" { "quotes" } else { "" };
        let failed: Vec<&str> =
            report.checks.iter().filter(|check| check.outcome == Fail).map(|check| check.id).collect();
        assert_eq!(failed, if fault.is_empty() { vec![] } else { vec![fault] }, "{name}");
        assert!(report.checks.iter().any(|check| check.id == "found" && check.outcome == Pass), "{name}");
    }
}

#[test]
fn the_spans_of_its_checks_point_into_what_was_pasted() {
    let good = good::assertion().with_claims(r#""exp""#, r#""Exp""#);
    let (opened, mut report) = opened_and_inspected(&good.signed(), &good.with_kind());
    report.locate(&opened);
    let span = report.checks.iter().find_map(|check| check.span.filter(|_| check.id == "claim-spelling")).unwrap();
    let alone = &good.signed()[span.start..span.end];
    for (name, text, ..) in FORMS {
        let given = filled(text, &good.signed());
        let (opened, mut report) = opened_and_inspected(&given, &good.with_kind());
        report.locate(&opened);
        let check = report.checks.iter().find(|check| check.id == "claim-spelling").unwrap();
        let span = check.span.unwrap_or_else(|| panic!("{name}: no span"));
        let units: Vec<u16> = given.encode_utf16().collect();
        let marked = String::from_utf16(&units[span.start..span.end]).unwrap();
        assert_eq!(marked, alone, "{name}");
        let whole = report.found.as_ref().and_then(|found| found.span).unwrap();
        assert!(whole.start < span.start && span.end < whole.end, "{name}");
    }
}

#[test]
fn canvas_s_wrapping_is_found_too() {
    let good = good::canvas_jwt();
    let wrapped = wrap(&good.signed());
    let escaped = wrapped.replace('=', "\\u003d").replace('/', "\\/");
    for given in [format!(r#"{{"token":"{wrapped}"}}"#), format!(r#"{{"token":"{escaped}"}}"#)] {
        let report = inspect(&given, &good.with());
        let found = report.found.unwrap();
        assert_eq!((found.form, found.name.as_deref(), found.token), (PasteForm::Json, Some("token"), wrapped.clone()));
        assert!(found.span.is_some(), "{given}");
        assert_eq!(report.kind.as_str(), good.kind);
    }
}

#[test]
fn the_token_that_tells_most_is_taken_and_the_others_are_listed() {
    let (launch, state, hint) =
        (good::id_token().signed(), good::login_state().signed(), good::message_hint().signed());
    let given = format!("state={state}&lti_message_hint={hint}&id_token={launch}&again={launch}");
    let report = inspect(&given, &good::id_token().with());
    let found = report.found.unwrap();
    assert_eq!((found.name.as_deref(), found.token.as_str()), (Some("id_token"), launch.as_str()));
    let others: Vec<_> =
        report.others.iter().map(|other| (other.name.as_deref().unwrap(), other.kind.as_str())).collect();
    assert_eq!(others, [("state", "lti13-login-state"), ("lti_message_hint", "lti13-message-hint")]);
    for (other, token) in report.others.iter().zip([&state, &hint]) {
        assert_eq!((text_in(&given, other).as_ref(), &other.token), (Some(token), token));
    }
    let message = &report.checks.iter().find(|check| check.id == "found").unwrap().message;
    assert!(message.ends_with("2 other tokens there were not looked at"), "{message}");
    // Two lines, two tokens.
    let report = inspect(&format!("{state}\n{launch}\n"), &good::id_token().with());
    assert_eq!((report.found.unwrap().token, report.others.len()), (launch, 1));
}

/// What stands under a token's name is reported as one | what is wrong with it | what is found
const NAMED: &[(&str, &str, &str)] = &[
    ("id_token=..", "no-token", ".."),
    ("https://tool.test/?id_token=&state=x", "parts", ""),
    ("{\"access_token\":\"1~abcdefghijklmnop\"}", "parts", "1~abcdefghijklmnop"),
    ("Authorization: Bearer 1~abcdefghijklmnop", "parts", "1~abcdefghijklmnop"),
    ("client_assertion=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0", "cut-short", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0"),
];

#[test]
fn what_stands_under_a_token_s_name_is_reported_as_one() {
    for (given, id, token) in NAMED {
        let report = inspect(given, &With::at(super::NOW));
        let failed = report.checks.iter().find(|check| check.outcome == Fail).unwrap();
        assert_eq!((failed.id, report.found.unwrap().token.as_str()), (*id, *token), "{given}");
    }
}

#[test]
fn a_form_without_a_token_says_so() {
    for (name, given) in WITHOUT {
        let report = inspect(given, &With::at(super::NOW));
        assert_first(name, &report, (Fail, "no-token", "paste"));
        assert!(report.found.is_none() && report.others.is_empty(), "{name}");
    }
}

/// What is a token by itself is not looked into: the same report as before, and where it stands.
#[test]
fn what_stands_alone_is_no_form() {
    let token = token();
    assert!(inspect(&token, &good::assertion().with()).found.is_none());
    assert!(inspect(&format!(" {token}\n"), &good::assertion().with()).found.is_none());
    for (given, form) in [
        (format!("Bearer {token}"), PasteForm::Header),
        (format!("\"{token}\""), PasteForm::Text),
        (format!("{token} {token}"), PasteForm::Text),
        (token.replace('.', "%2E"), PasteForm::Text),
    ] {
        let report = inspect(&given, &good::assertion().with());
        let found = report.found.unwrap();
        assert_eq!((found.form, &found.token), (form, &token), "{given}");
        assert!(found.span.is_some(), "{given}");
    }
}

/// What was sent is looked at as it was sent.
#[test]
fn what_was_sent_is_not_searched() {
    let good = good::assertion();
    for (given, id) in [
        (format!("Authorization: Bearer {}", token()), "bearer"),
        (format!(r#"{{"access_token":"{}"}}"#, token()), "json-answer"),
        (format!("assertion={}", token()), "character"),
    ] {
        let opened = open_as_sent(&given);
        let report: Report = report(&opened, &Signature::NoKey, &good.with().options);
        assert!(report.checks.iter().any(|check| check.outcome == Fail && check.id == id), "{given}: {report:?}");
        assert!(report.found.is_none());
    }
}

/// Browsers record whole pages with the request that has the token.
#[test]
fn a_token_is_found_in_a_text_that_is_longer_than_a_token() {
    let good = good::assertion();
    let script = Json::from("let a = \"é\"; // no token\n".repeat(100_000).as_str()).to_json();
    let response = format!(r#""response":{{"status":200,"content":{{"text":{script}}}}}"#);
    let archive =
        HAR.replace(r#""response":{"status":302}"#, &response).replace("[{\"request\"", "[{\"_x\":\"é\",\"request\"");
    let given = filled(&archive, &token());
    assert!(given.len() > 2 * MAX_TOKEN);
    let (opened, mut report) = opened_and_inspected(&given, &good.with());
    report.locate(&opened);
    let found = report.found.as_ref().unwrap();
    assert_eq!((found.form, found.name.as_deref()), (PasteForm::Har, Some("id_token")));
    assert_eq!((report.outcome, text_in(&given, found)), ("valid", Some(token())));
    let header = report.parts[0].span.unwrap();
    assert_eq!(header.start, found.span.unwrap().start);
    for (given, most) in [("no token ".repeat(1 << 18), MAX_TOKEN), ("no token ".repeat(1 << 21), MAX_PASTE)] {
        let report = inspect(&given, &good.with());
        assert_first("too large", &report, (Fail, "size", "send a smaller token"));
        assert!(report.checks[0].message.contains(&format!(" {most} bytes")), "{:?}", report.checks[0]);
        assert!(report.found.is_none());
    }
}

/// The payload of a token that is not signed may be its header again.
#[test]
fn an_unsigned_token_is_not_the_same_token_twice() {
    for given in [r#"{"token":"e30.e30."}"#, "e30.e30."] {
        let report = inspect(given, &With::at(super::NOW));
        let failed: Vec<&str> =
            report.checks.iter().filter(|check| check.outcome == Fail).map(|check| check.id).collect();
        assert_eq!(failed, ["alg"], "{given}");
        assert_eq!(report.found.map(|found| found.token), given.starts_with('{').then(|| "e30.e30.".to_owned()));
    }
}

#[test]
fn hostile_forms_end_soon() {
    let many = signed(r#"{"alg":"HS256"}"#, b"{}", Some(SECRET.as_bytes()));
    let nested = (0..30).fold(many.clone(), |text, _| format!("a={}", text.replace('%', "%25").replace('=', "%3D")));
    let lists = format!("{}\"{many}\"{}", "[".repeat(60), "]".repeat(60));
    let long = "a".repeat(1 << 16);
    for given in [
        format!("{many} ").repeat(500),
        (0..500).map(|index| format!("p{index}={many}{index}")).collect::<Vec<_>>().join("&"),
        nested,
        lists,
        format!("curl {}", "'".repeat(1 << 13)),
        format!("curl {}", "a=".repeat(1 << 13)),
        format!("https://x.test/{}", "?".repeat(1 << 13)),
        format!("{long}: {long}"),
        "a:b\n".repeat(1 << 14),
        format!("[{}1]", "\"a=b\",".repeat(1 << 13)),
        format!("{{\"{}\":[{}1]}}", "A".repeat(1 << 20), "1,".repeat(1 << 19)),
    ] {
        let opened = open(&given);
        let report = report(&opened, &Signature::NoKey, &With::at(super::NOW).options);
        assert!(report.others.len() < 64);
    }
}
