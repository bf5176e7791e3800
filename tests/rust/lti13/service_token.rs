//! Client assertions, the keys that sign them, and the service tokens that they are exchanged for.

use canvas_lms_tokens::http::{self, Repeat, Response};
use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{Key, SigningInput, decode, jwk, thumbprint};
use canvas_lms_tokens::json::{Json, Object};
use canvas_lms_tokens::lti13::{ClientAssertion, Environment, Platform, service_token, tool_key};

use crate::platform::keys::{self, changed, object, oct, on, rsa};
use crate::platform::{crypto, verify};

const NOW: i64 = 1_700_000_000;
const SCORE: &str = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
const MEMBERS: &str = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";

fn platform() -> Platform {
    Platform::canvas("10000000000042", Environment::Production)
}

fn named(jwk: &Object, kid: Option<&str>) -> Key {
    keys::key(&changed(jwk, &[("kid", kid.map(Json::from))]))
}

fn seal(input: SigningInput<'_>, key: &Key) -> String {
    let signature = crypto::sign(input.algorithm().name, key, input.as_bytes());
    input.seal(&signature)
}

fn scopes(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn answer(status: u16, body: &str, date: Option<&str>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = ::http::StatusCode::from_u16(status).unwrap();
    if let Some(date) = date {
        response.headers_mut().insert("date", date.parse().unwrap());
    }
    response
}

#[test]
fn an_assertion_is_of_the_client_for_the_token_endpoint() {
    let assertion = ClientAssertion::build(&platform(), None, None, NOW, || Ok([7; 16])).unwrap();
    let expected = r#"{"iss":"10000000000042","sub":"10000000000042","aud":"https://sso.canvaslms.com/login/oauth2/token","iat":1700000000,"exp":1700000300,"jti":"07070707-0707-4707-8707-070707070707"}"#;
    assert_eq!(assertion.to_json(), expected);
    let given =
        ClientAssertion::build(&platform(), Some(60), Some("mine".to_owned()), NOW, || panic!("no need")).unwrap();
    assert_eq!((given.exp, given.jti.as_str()), (NOW + 60, "mine"));
    for (lifetime, jti, at) in [
        (Some(0), None, "options.lifetime"),
        (Some(-5), None, "options.lifetime"),
        (Some(i64::MAX), None, "options.lifetime"),
        (None, Some(String::new()), "options.jti"),
    ] {
        let error = ClientAssertion::build(&platform(), lifetime, jti, NOW, || Ok([7; 16])).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some(at)));
    }
    let broken = Platform { token_endpoint: "/login".to_owned(), ..platform() };
    let error = ClientAssertion::build(&broken, None, None, NOW, || Ok([7; 16])).unwrap_err();
    assert_eq!(error.at.as_deref(), Some("platform.tokenEndpoint"));
}

#[test]
fn a_key_signs_under_the_kid_that_it_is_published_under() {
    let print = thumbprint(&rsa()).unwrap();
    for (kid, expected) in [(Some("mine"), "mine"), (None, print.as_str())] {
        let key = named(&rsa(), kid);
        let token = seal(tool_key::to_sign("{}", &key).unwrap(), &key);
        let header = decode(&token).unwrap().header;
        assert_eq!(header.as_json(), format!(r#"{{"alg":"RS256","typ":"JWT","kid":"{expected}"}}"#));
        let set = tool_key::publish([&key]).unwrap();
        let keys = canvas_lms_tokens::jose::Keys::parse_set(&set).unwrap();
        assert!(verify(&token, &keys).is_ok());
    }
    for key in [named(&on(Curve::P256), None), named(&oct(32), None)] {
        assert_eq!(tool_key::to_sign("{}", &key).unwrap_err().code.as_str(), "ERR_JOSE_ALG_NOT_ALLOWED");
    }
    let public = keys::key(&jwk::to_public_members(&named(&rsa(), None)));
    assert_eq!(tool_key::to_sign("{}", &public).unwrap_err().code.as_str(), "ERR_ARGUMENT");
}

#[test]
fn what_is_published_is_public() {
    let limited = keys::key(&changed(
        &on(Curve::P256),
        &[("kid", Some(Json::from("e"))), ("use", Some(Json::from("enc"))), ("alg", Some(Json::from("ECDH-ES")))],
    ));
    let (rsa_key, okp, x25519) =
        (named(&rsa(), Some("r")), named(&on(Curve::Ed25519), Some("o")), named(&on(Curve::X25519), Some("x")));
    let set = tool_key::publish([&rsa_key, &okp, &limited, &x25519]).unwrap();
    let Some(Json::Array(keys)) = set.get("keys") else { panic!("a set") };
    let keys: Vec<_> = keys.iter().filter_map(Json::as_object).collect();
    let names = |key: &Object| key.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(names(keys[0]), ["kty", "alg", "use", "kid", "e", "n"]);
    assert_eq!(names(keys[1]), ["kty", "alg", "use", "kid", "crv", "x"]);
    assert_eq!(names(keys[2]), ["kty", "alg", "use", "kid", "crv", "x", "y"]);
    assert_eq!(names(keys[3]), ["kty", "use", "kid", "crv", "x"]);
    let facts: Vec<_> = keys.iter().map(|key| (key.text("alg"), key.text("use"))).collect();
    let expected = [
        (Some("RS256"), Some("sig")),
        (Some("EdDSA"), Some("sig")),
        (Some("ECDH-ES"), Some("enc")),
        (None, Some("enc")),
    ];
    assert_eq!(facts, expected);
    for (keys, at) in [
        (vec![&rsa_key, &rsa_key], "keys[1].kid"),
        (vec![&named(&oct(32), Some("s"))], "keys[0]"),
        (vec![&rsa_key, &Key::new(canvas_lms_tokens::jose::Material::Platform(vec!["RS256"], true))], "keys[1]"),
    ] {
        let error = tool_key::publish(keys).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some(at)));
    }
}

#[test]
fn the_request_may_be_sent_again_and_is_a_form() {
    let request = service_token::request(&platform(), "a.b.c", &scopes(&[SCORE, MEMBERS])).unwrap();
    assert_eq!(request.uri(), "https://sso.canvaslms.com/login/oauth2/token");
    assert_eq!((request.method().as_str(), http::repeat_of(&request)), ("POST", Repeat::Harmless));
    let body = request.body().as_str();
    assert!(body.starts_with("grant_type=client_credentials&client_assertion_type=urn%3Aietf%3A"), "{body}");
    assert!(body.contains("&client_assertion=a.b.c&scope=https%3A%2F%2F") && body.contains("score+https"), "{body}");
    for bad in [&[][..], &[""], &["a b"], &["a\"b"], &["é"]] {
        let error = service_token::request(&platform(), "a.b.c", &scopes(bad)).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("request.scopes")));
    }
}

#[test]
fn machines_share_a_token_by_url_client_and_scopes_in_any_order() {
    let name = |names: &[&str]| service_token::name(&platform(), &scopes(names));
    assert_eq!(name(&["b", "a"]), name(&["a", "b", "a"]));
    let expected = "lti-token/https%3A%2F%2Fsso.canvaslms.com%2Flogin%2Foauth2%2Ftoken/10000000000042/a%20b";
    assert_eq!(name(&["b", "a"]), expected);
    assert_ne!(name(&["a"]), name(&["a", "b"]));
    let other = Platform { client_id: "2/a".to_owned(), ..platform() };
    assert!(service_token::name(&other, &scopes(&["a"])).ends_with("/2%2Fa/a"));
}

#[test]
fn a_grant_is_read() {
    let read = |body: &str| {
        let answer = answer(200, body, None);
        service_token::response(&platform(), &scopes(&[SCORE]), &answer, 1000.5)
    };
    let token = read(r#"{"access_token":"t","token_type":"Bearer","expires_in":"3600","scope":"a b"}"#).unwrap();
    assert_eq!((token.token.expires_at.to_bits(), token.scopes), (4600.0_f64.to_bits(), scopes(&["a", "b"])));
    let token = read(r#"{"access_token":"t","expires_in":3600}"#).unwrap();
    assert_eq!(token.scopes, scopes(&[SCORE]));
    assert_eq!(read("<html>").err().unwrap().code.as_str(), "ERR_RESPONSE_INVALID");
}

#[test]
fn a_refusal_is_explained() {
    let date = Some("Tue, 14 Nov 2023 22:13:20 GMT");
    let refused = |status, body: &str, now: f64| {
        let answer = answer(status, body, date);
        let error = service_token::response(&platform(), &scopes(&[SCORE, MEMBERS]), &answer, now).err().unwrap();
        assert_eq!(error.code.as_str(), "ERR_OAUTH", "{body}");
        error.message.clone()
    };
    let invalid =
        |said: &str| object(&format!(r#"{{"error":"invalid_request","error_description":"{said}"}}"#)).to_json();
    for (said, words) in [
        ("JWS signature invalid.", "(1) the developer key has the public half of another key"),
        ("JWS signature invalid.", "(6) 10000000000042 is the client id of another developer key"),
        ("JSON::JWS::VerificationFailed", "; the developer key has the public half of another key"),
        ("JSON::JWK::Set::KidNotFound", "lacks the kid of the assertion"),
        ("JWK Error: JSON::JWK::Set::KidNotFound", "lacks the kid of the assertion"),
        ("JWK Error: Failed to fetch public key", "could not read the JWK URL"),
        ("Unexpected alg header", "RS256 alone"),
        ("the 'aud' is invalid", "was https://sso.canvaslms.com/login/oauth2/token: "),
        ("the following assertions are missing: jti", "lacks these claims"),
        ("the JWT has expired", "; the assertion came later than its lifetime"),
        ("the 'iat' must be less than 300 seconds old", "of the last five minutes"),
        ("unknown client", "no active developer key has the client id 10000000000042"),
    ] {
        let message = refused(400, &invalid(said), 1_700_000_000.0);
        assert!(message.starts_with(&format!("the server answered 400 invalid_request: {said}; ")), "{message}");
        assert!(message.contains(words), "{message}");
    }
    for (now, words) in [(1_700_000_040.2, "40 s ahead of the server's"), (1_699_999_990.0, "10 s behind the server's")]
    {
        let message = refused(400, &invalid("the 'iat' must not be in the future"), now);
        assert!(message.ends_with(&format!("; this machine's clock is {words}: set it right")), "{message}");
    }
    let both = refused(400, &invalid("the 'aud' is invalid | the JWT has expired"), 1_700_000_000.0);
    assert!(both.contains("byte by byte") && both.contains("; the assertion came later"), "{both}");
    // Of words that are not known nothing is made up.
    let unknown = refused(400, &invalid("something new"), 1_700_000_000.0);
    assert_eq!(unknown, "the server answered 400 invalid_request: something new");
    let list = format!("... The following scopes were requested, but not granted: {MEMBERS}, other");
    let body = format!(r#"{{"error":"invalid_scope","error_description":"{list}"}}"#);
    let expected = format!(
        "the server answered 400 invalid_scope: the developer key lacks {MEMBERS}: one that it lacks fails the whole grant; enable \
         it there, or ask only for the scopes that the launch lists"
    );
    assert_eq!(refused(400, &body, 0.0), expected);
    let vague = refused(400, r#"{"error":"invalid_scope"}"#, 0.0);
    assert!(vague.contains(&format!("lacks one of {SCORE}, {MEMBERS}: ")), "{vague}");
}
