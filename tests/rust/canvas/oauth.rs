//! Authorizations through the core's own functions: each step gives the next, requests and answers, what Debug shows.

use canvas_lms_tokens::canvas::Site;
use canvas_lms_tokens::canvas::oauth::{
    Authentication, Authorization, AuthorizationKeys, AuthorizationOptions, AuthorizationResponse, Client, Grant,
    RANDOM, token,
};
use canvas_lms_tokens::http::{Body, Repeat, Response, repeat_of};
use canvas_lms_tokens::jose::{Secret, base64url};
use canvas_lms_tokens::lti2::Id;
use canvas_lms_tokens::lti13::Parameters;
use canvas_lms_tokens::{Code, Result};
use openssl::sha::sha256;

const NOW: i64 = 1_800_000_000;
const LATER: f64 = 1_800_000_001.0;
const REDIRECT_URI: &str = "https://tool.test/callback";
const SECRET: &str = "a secret of the tool of more than 32 bytes";

fn client() -> Client {
    Client::new("https://school.test/lms/", &Id::from(10_000_000_000_077), "client").unwrap()
}

fn keys(texts: &[&str]) -> AuthorizationKeys {
    let secrets: Vec<_> = texts.iter().map(|text| Secret::new(text.as_bytes().to_vec(), "secret").unwrap()).collect();
    AuthorizationKeys::new(&secrets).unwrap()
}

fn begin() -> Authorization {
    let options = AuthorizationOptions { redirect_uri: REDIRECT_URI, now: NOW, ..AuthorizationOptions::default() };
    Authorization::begin(&client(), &keys(&[SECRET]), &options, &[7; RANDOM]).unwrap()
}

fn parse(query: &str, keys: &AuthorizationKeys, now: f64) -> Result<AuthorizationResponse> {
    AuthorizationResponse::parse(&Parameters::parse(query), keys, now)
}

fn grant(begun: &Authorization, keys: &AuthorizationKeys) -> Grant {
    let response = parse(&format!("code=c0de&state={}", begun.state), keys, LATER).unwrap();
    response.bind(None, Some(&begun.binding)).unwrap().grant(REDIRECT_URI).unwrap()
}

fn answer(status: u16, body: &str, location: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status.try_into().unwrap();
    if let Some(location) = location {
        response.headers_mut().insert("location", location.parse().unwrap());
    }
    response
}

#[test]
fn the_same_secret_makes_the_same_verifier_again_and_another_one_another() {
    let begun = begin();
    assert_eq!(begin(), begun);
    let both = [keys(&[SECRET]), keys(&["another secret of thirty-two bytes", SECRET])];
    let verifiers = both.map(|keys| grant(&begun, &keys).verifier);
    assert_eq!(verifiers[0], verifiers[1]);
    let challenge = base64url::encode(&sha256(verifiers[0].as_bytes()));
    assert!(begun.url.contains(&format!("&code_challenge={challenge}&code_challenge_method=S256")), "{}", begun.url);
    assert!(![&begun.state, &begun.url, &begun.cookie, &begun.binding].iter().any(|text| text.contains(&verifiers[0])));
    let other = Authorization::begin(
        &client(),
        &keys(&["another secret of thirty-two bytes"]),
        &AuthorizationOptions { redirect_uri: REDIRECT_URI, now: NOW, ..AuthorizationOptions::default() },
        &[7; RANDOM],
    );
    assert_ne!(other.unwrap().url, begun.url);
}

#[test]
fn each_step_refuses_what_is_its_own() {
    let (begun, keys) = (begin(), keys(&[SECRET]));
    let query = format!("code=c0de&state={}", begun.state);
    let code = |query: &str, now: f64| parse(query, &keys, now).unwrap_err().code;
    assert_eq!(code("code=c0de", LATER), Code::AuthorizationStateInvalid);
    assert_eq!(code(&query, 1_800_000_600.0), Code::AuthorizationStateInvalid);
    assert_eq!(code(&format!("{query}&error=access_denied"), 9e9), Code::OAuth);
    let response = parse(&query, &keys, LATER).unwrap();
    assert_eq!(response.state().base_url, "https://school.test/lms");
    assert!(response.state().is_of(&client()));
    assert_eq!(response.bind(None, None).unwrap_err().code, Code::AuthorizationNotBound);
    assert_eq!(
        response.bind(Some(&begun.cookie), Some("x")).unwrap().grant("https://tool.test/").unwrap_err().at.as_deref(),
        Some("options.redirectUri")
    );
    let claim = response.state().claim();
    assert_eq!((claim.until, claim.lifetime(LATER), claim.lifetime(9e9)), (NOW + 600, 599, 1));
    assert_eq!(claim.check(false).unwrap_err().code, Code::AuthorizationUsed);
    assert!(claim.check(true).is_ok());
}

#[test]
fn nothing_secret_is_shown() {
    let (begun, keys) = (begin(), keys(&[SECRET]));
    let response = parse(&format!("code=c0de&state={}", begun.state), &keys, LATER).unwrap();
    let bound = response.bind(None, Some(&begun.binding)).unwrap();
    let grant = bound.grant(REDIRECT_URI).unwrap();
    let granted =
        token::response(&client(), Authentication::Public, &answer(200, r#"{"access_token":"t0ken"}"#, None), LATER);
    let shown = format!(
        "{begun:?} {keys:?} {response:?} {bound:?} {grant:?} {granted:?} {:?} {:?}",
        Authentication::Secret("s3cret"),
        Authentication::Assertion("a55ertion")
    );
    let begun = [begun.state, begun.binding, grant.verifier.clone()];
    for secret in ["c0de", "t0ken", "s3cret", "a55ertion", SECRET].into_iter().chain(begun.iter().map(String::as_str)) {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(shown.contains("AuthorizationKeys(1)"));
}

#[test]
fn requests_as_canvas_reads_them() {
    let grant = grant(&begin(), &keys(&[SECRET]));
    let request = token::exchange(&client(), Authentication::Secret("s&"), &grant, true).unwrap();
    assert_eq!(
        (request.method().as_str(), request.uri().to_string().as_str()),
        ("POST", "https://school.test/lms/login/oauth2/token")
    );
    assert_eq!(
        request.body().as_str(),
        format!(
            "grant_type=authorization_code&code=c0de&redirect_uri=https%3A%2F%2Ftool.test%2Fcallback&code_verifier={}\
             &replace_tokens=1&client_id=10000000000077&client_secret=s%26",
            grant.verifier
        )
    );
    assert_eq!(repeat_of(&request), Repeat::OnlyIfUnsent);
    for (authentication, end, repeat) in [
        (Authentication::Secret("s"), "&client_secret=s", Repeat::Harmless),
        (
            Authentication::Assertion("a.b.c"),
            "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c",
            Repeat::Harmless,
        ),
        (Authentication::Public, "", Repeat::OnlyIfUnsent),
    ] {
        let request = token::refresh(&client(), authentication, "r").unwrap();
        let expected = format!("grant_type=refresh_token&refresh_token=r&client_id=10000000000077{end}");
        assert_eq!((request.body().as_str(), repeat_of(&request)), (expected.as_str(), repeat));
    }
    for (authentication, refresh_token) in [(Authentication::Secret(""), "r"), (Authentication::Public, "")] {
        assert_eq!(token::refresh(&client(), authentication, refresh_token).unwrap_err().code, Code::Argument);
    }
    let site = Site::parse("https://school.test/lms", "url").unwrap();
    for (expires, query) in [(false, ""), (true, "?expire_sessions=1")] {
        let request = token::revoke(&site, expires).unwrap();
        assert_eq!(request.method().as_str(), "DELETE");
        assert_eq!(request.uri().to_string(), format!("https://school.test/lms/login/oauth2/token{query}"));
    }
}

#[test]
fn answers_are_read_and_refusals_explained() {
    let read = |response: &Response| token::response(&client(), Authentication::Secret("s"), response, LATER);
    let body = r#"{"access_token":"t","token_type":"Bearer","user":{"id":90000000000000001,"name":"G"},"expires_in":3600,"refresh_token":"r"}"#;
    let granted = read(&answer(200, body, None)).unwrap();
    assert_eq!(granted.user.map(|user| user.id.to_string()).as_deref(), Some("90000000000000001"));
    assert_eq!(granted.expires_at.map(f64::to_bits), Some(1_800_003_601.0_f64.to_bits()));
    let refused = |response: &Response| read(response).unwrap_err();
    let error = refused(&answer(401, r#"{"error":"invalid_client","error_description":"invalid client"}"#, None));
    assert_eq!((error.code, error.status), (Code::OAuth, Some(401)));
    assert!(error.message.contains("invalid client; the client secret is not that of the developer key"), "{error}");
    let location = "https://tool.test/callback?a=b&error=invalid_grant&error_description=authorization_code+not+found";
    let error = refused(&answer(302, "", Some(location)));
    assert_eq!(
        (error.code, error.status, error.oauth_error.as_deref()),
        (Code::OAuth, Some(302), Some("invalid_grant"))
    );
    for location in [None, Some("https://tool.test/"), Some("https://tool.test/?error="), Some("%")] {
        assert_eq!(refused(&answer(302, "", location)).code, Code::HttpStatus, "{location:?}");
    }
    let revoked = |body: &str| token::revoked(&answer(200, body, None), LATER).map_err(|error| error.code);
    assert_eq!(revoked("{}"), Ok(None));
    assert_eq!(revoked(r#"{"forward_url":null}"#), Ok(None));
    assert_eq!(revoked(r#"{"forward_url":"https://idp.test/"}"#), Ok(Some("https://idp.test/".to_owned())));
    for body in ["", "[]", r#"{"forward_url":"javascript:alert(1)"}"#, r#"{"forward_url":7}"#] {
        assert_eq!(revoked(body), Err(Code::ResponseInvalid), "{body}");
    }
}

#[test]
fn a_client_is_at_a_canvas_that_nobody_listens_to() {
    for base in ["https://school.test", "http://localhost:8931", "http://127.0.0.1/"] {
        assert!(Client::new(base, &Id::from(7), "client").is_ok(), "{base}");
    }
    for (base, id, at) in [
        ("http://school.test", "7", "client.baseUrl"),
        ("https://u@school.test", "7", "client.baseUrl"),
        ("school.test", "7", "client.baseUrl"),
        ("https://school.test", "a b", "client.clientId"),
        ("https://school.test", "é", "client.clientId"),
    ] {
        let error = Client::new(base, &Id::Text(id.to_owned()), "client").unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::Argument, Some(at)));
    }
}
