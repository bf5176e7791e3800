//! The keys of a platform at a URL: which are taken from an answer, and when the answer is asked for again.

use canvas_lms_tokens::http::{Response, Said, no_answer};
use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{Keys, jwk};
use canvas_lms_tokens::json::{Json, Object};
use canvas_lms_tokens::lti13::{CachedJwks, JwksStep, jwks};
use canvas_lms_tokens::{Error, Result};

use crate::platform::keys::{self, changed, object, oct, on, rsa};
use crate::platform::{header, sign, verify};

const NOW: f64 = 1_700_000_000.0;
const DAY: f64 = 86_400.0;
/// As Canvas's example file has it, and as sites serve it that copied it.
const EXAMPLE: &str = r#"{"kty":"RSA","e":"AQAB","n":"uX1MpfEMQCBUMcj0sBYI-iFaG5Nodp3C6OlN8uY60fa5zSBd83-iIL3n_qzZ8VCluuTLfB7rrV_tiX727XIEqQ","kid":"2018-06-18T22:33:20Z"}"#;

fn public(jwk: &Object, kid: &str) -> Object {
    changed(&jwk::to_public_members(&keys::key(jwk)), &[("kid", Some(Json::from(kid)))])
}

fn answer(body: &str, control: Option<&str>) -> Response {
    let mut response = Response::new(body.into());
    if let Some(control) = control {
        response.headers_mut().insert("cache-control", control.parse().unwrap());
    }
    response
}

fn set(members: &[Object]) -> String {
    let members: Vec<_> = members.iter().map(Object::to_json).collect();
    format!(r#"{{"keys":[{}]}}"#, members.join(","))
}

fn read(body: &str) -> Result<Keys> {
    jwks::response(&answer(body, None), NOW)
}

fn token(jwk: &Object, alg: &str, kid: Option<&str>) -> String {
    let members = [("alg", Some(alg)), ("kid", kid)];
    let members: Vec<(&str, &str)> = members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    sign(b"payload", &keys::key(&changed(jwk, &[("kid", None)])), &header(&members)).unwrap()
}

/// `use`, `fetch`, or why there is nothing.
fn step(jwks: &CachedJwks, kid: Option<&str>, now: f64) -> String {
    match jwks.step(kid, now) {
        JwksStep::Use(_) => "use".to_owned(),
        JwksStep::Fetch => "fetch".to_owned(),
        JwksStep::Refuse(error) => error.message.clone(),
    }
}

fn lost() -> Error {
    no_answer("https://a.test/jwks", None, &Said::default())
}
const LOST: &str = "no answer from a.test: the network, its name or its certificate";

#[test]
fn a_set_is_kept_as_long_as_its_answer_says() {
    let body = set(&[public(&rsa(), "1")]);
    for (control, lifetime) in [(None, 600.0), (Some("max-age=864000"), 864_000.0), (Some("max-age=0"), 60.0)] {
        let mut jwks = CachedJwks::default();
        assert_eq!(step(&jwks, Some("1"), NOW), "fetch");
        jwks.fetched(&answer(&body, control), NOW).unwrap();
        for kid in [Some("1"), None] {
            assert_eq!(step(&jwks, kid, NOW), "use");
            assert_eq!(step(&jwks, kid, NOW + lifetime - 1.0), "use", "{control:?}");
            assert_eq!(step(&jwks, kid, NOW + lifetime), "fetch", "{control:?}");
        }
        // The clock was wrong, and is right now.
        assert_eq!(step(&jwks, None, NOW - 3600.0), "fetch");
    }
}

#[test]
fn an_unknown_kid_asks_again_once_a_minute() {
    let mut jwks = CachedJwks::default();
    let long = Some("max-age=864000");
    jwks.fetched(&answer(&set(&[public(&rsa(), "1")]), long), NOW).unwrap();
    assert_eq!(step(&jwks, Some("2"), NOW + 59.0), "use");
    assert_eq!(step(&jwks, Some("2"), NOW + 60.0), "fetch");
    assert_eq!(step(&jwks, Some("1"), NOW + 60.0), "use");
    jwks.fetched(&answer(&set(&[public(&rsa(), "1")]), long), NOW + 60.0).unwrap();
    assert_eq!(step(&jwks, Some("2"), NOW + 119.0), "use");
    assert_eq!(step(&jwks, Some("2"), NOW + 120.0), "fetch");
    // A set takes the place of the one before.
    jwks.fetched(&answer(&set(&[public(&rsa(), "2")]), long), NOW + 120.0).unwrap();
    assert_eq!([step(&jwks, Some("2"), NOW + 500.0), step(&jwks, Some("1"), NOW + 500.0)], ["use", "fetch"]);
    // A fetch that failed may have been the one that would have brought it.
    jwks.failed(lost(), NOW + 500.0);
    assert_eq!([step(&jwks, Some("1"), NOW + 559.0), step(&jwks, Some("2"), NOW + 559.0)], [LOST, "use"]);
    assert_eq!(step(&jwks, Some("1"), NOW + 560.0), "fetch");
}

#[test]
fn after_a_failure_old_keys_serve_for_a_day_and_the_server_has_rest() {
    let mut jwks = CachedJwks::default();
    jwks.failed(lost(), NOW);
    assert_eq!(step(&jwks, Some("1"), NOW + 9.0), LOST);
    assert_eq!(step(&jwks, Some("1"), NOW + 10.0), "fetch");
    jwks.fetched(&answer(&set(&[public(&rsa(), "1")]), Some("max-age=100")), NOW).unwrap();
    jwks.failed(lost(), NOW + 100.0);
    assert_eq!(step(&jwks, Some("1"), NOW + 109.0), "use");
    assert_eq!(step(&jwks, Some("1"), NOW + 110.0), "fetch");
    jwks.failed(lost(), NOW + 100.0 + DAY - 1.0);
    assert_eq!(step(&jwks, Some("1"), NOW + 100.0 + DAY - 0.5), "use");
    assert_eq!(step(&jwks, Some("1"), NOW + 100.0 + DAY), LOST);
    // Whatever was wrong, a good answer makes good.
    jwks.fetched(&answer(&set(&[public(&rsa(), "1")]), None), NOW + 100.0 + DAY).unwrap();
    assert_eq!(step(&jwks, Some("1"), NOW + 101.0 + DAY), "use");
}

#[test]
fn what_is_no_set_takes_nothing_away() {
    let mut jwks = CachedJwks::default();
    jwks.fetched(&answer(&set(&[public(&rsa(), "1")]), None), NOW).unwrap();
    let many = set(&vec![public(&rsa(), "1"); 101]);
    let large = format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(256 * 1024));
    for (body, message) in [
        ("<!DOCTYPE html>", "the answer is an HTML page, expected a JWK Set: an object with an array of keys"),
        ("", "the answer is empty, expected a JWK Set: an object with an array of keys"),
        ("[]", "the answer is an array, expected a JWK Set: an object with an array of keys"),
        ("{}", "the answer has no array of keys, expected a JWK Set: an object with an array of keys"),
        (r#"{"keys":{"a":1}}"#, "the answer has no array of keys, expected a JWK Set: an object with an array of keys"),
        (
            r#"{"keys":[],"keys":[]}"#,
            "the answer is text that is not JSON, expected a JWK Set: an object with an array of keys",
        ),
        (&many, "the set has 101 keys, expected at most 100"),
        (&large, "more than 262144 bytes, expected a JWK Set"),
    ] {
        let error = jwks.fetched(&answer(body, None), NOW + 600.0).unwrap_err();
        assert_eq!((error.code.as_str(), error.message.as_str()), ("ERR_RESPONSE_INVALID", message));
        assert_eq!(step(&jwks, Some("1"), NOW + 601.0), "use");
    }
    let mut moved = answer("", None);
    *moved.status_mut() = http::StatusCode::FOUND;
    let error = jwks.fetched(&moved, NOW + 600.0).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_HTTP_STATUS");
    assert_eq!(step(&jwks, Some("1"), NOW + 601.0), "use");
    assert!(jwks.fetched(&answer(r#"{"keys":[]}"#, None), NOW + 700.0).is_ok());
    assert_eq!(step(&jwks, Some("1"), NOW + 760.0), "fetch");
}

#[test]
fn one_bad_key_spoils_no_other() {
    let small = changed(&public(&rsa(), "small"), &[("n", Some(Json::from("AQAB")))]);
    let private = changed(&rsa(), &[("kid", Some(Json::from("private")))]);
    let secret = changed(&oct(32), &[("kid", Some(Json::from("secret")))]);
    let future = object(r#"{"kty":"PQC","kid":"future","x":1}"#);
    let odd = object(r#"{"kid":7}"#);
    let ec = on(Curve::P256);
    let body = set(&[
        small,
        private,
        secret,
        future,
        odd,
        object(EXAMPLE),
        public(&rsa(), "good"),
        public(&rsa(), "twice"),
        public(&ec, "twice"),
        public(&rsa(), "again"),
        public(&rsa(), "again"),
    ])
    .replace("\"keys\":[", "\"keys\":[null,7,\"text\",[],");
    let keys = read(&body).unwrap();
    for (kid, code, message) in [
        ("small", "ERR_JWK_INVALID", "key.n: the modulus has 17 bits, expected 2048 to 16384"),
        (
            "private",
            "ERR_JWK_INVALID",
            "a private key in a published set: whoever reads it can sign, expected public keys",
        ),
        (
            "secret",
            "ERR_JWK_INVALID",
            "a shared secret in a published set: whoever reads it can sign, expected public keys",
        ),
        ("future", "ERR_JOSE_NOT_SUPPORTED", "the key's kty \"PQC\" is not supported, expected RSA, EC, OKP or oct"),
        ("twice", "ERR_JWK_INVALID", "key.kid: it stands for two keys of the set, expected one for each"),
        ("none", "ERR_JWKS_NO_MATCHING_KEY", "no key of the set has the token's kid"),
    ] {
        let error = verify(&token(&rsa(), "RS256", Some(kid)), &keys).unwrap_err();
        assert_eq!((error.code.as_str(), error.message.as_str()), (code, message), "{kid}");
    }
    for kid in ["good", "again"] {
        assert!(verify(&token(&rsa(), "RS256", Some(kid)), &keys).is_ok(), "{kid}");
    }
    // Without a kid the only one that fits is chosen.
    let lonely = read(&set(&[object(EXAMPLE), public(&rsa(), "1"), public(&ec, "2")])).unwrap();
    assert!(verify(&token(&rsa(), "RS256", None), &lonely).is_ok());
    let error = verify(&token(&rsa(), "RS256", None), &keys).unwrap_err();
    assert_eq!(error.message, "the token has no kid, and more than one key of the set fits it");
}

#[test]
fn canvas_example_key_is_refused_by_name() {
    let three = ["2018-05-18T22:33:20Z", "2018-06-18T22:33:20Z", "2018-07-18T22:33:20Z"]
        .map(|kid| changed(&object(EXAMPLE), &[("kid", Some(Json::from(kid)))]));
    let expected = "key.n: Canvas's example key of 512 bits, whose private half is public in Canvas's repository: anyone can \
                    forge launches of this platform; its operator must put keys of its own in place of those of \
                    config/dynamic_settings.yml.example";
    for keys in [read(&set(&three)).unwrap(), jwks::read_set(&object(&set(&three))).unwrap()] {
        for kid in [Some("2018-06-18T22:33:20Z"), None] {
            let error = verify(&token(&rsa(), "RS256", kid), &keys).unwrap_err();
            assert_eq!((error.code.as_str(), error.message.as_str()), ("ERR_JWK_INVALID", expected));
            assert_eq!(error.at.as_deref(), Some("key.n"));
        }
    }
    assert_eq!(jwks::public_key(&three[0]).unwrap_err().message, expected);
    assert!(jwks::public_key(&public(&rsa(), "1")).is_ok());
}

#[test]
fn nothing_is_asked_for_a_token_that_no_published_key_verifies() {
    assert_eq!(jwks::wanted_kid(&token(&rsa(), "RS256", Some("1")), None), Ok(Some("1".to_owned())));
    assert_eq!(jwks::wanted_kid(&token(&rsa(), "RS256", None), None), Ok(None));
    let narrow = ["ES256".to_owned()];
    for (token, algorithms, code) in [
        ("text".to_owned(), None, "ERR_JWS_INVALID"),
        (token(&oct(32), "HS256", Some("1")), None, "ERR_JOSE_ALG_NOT_ALLOWED"),
        (token(&rsa(), "RS256", Some("1")), Some(&narrow[..]), "ERR_JOSE_ALG_NOT_ALLOWED"),
        ("eyJhbGciOiJub25lIn0.e30.".to_owned(), None, "ERR_JOSE_NOT_SUPPORTED"),
    ] {
        assert_eq!(jwks::wanted_kid(&token, algorithms).unwrap_err().code.as_str(), code, "{token}");
    }
}

#[test]
fn a_url_is_checked_before_it_is_asked() {
    let request = jwks::request("https://a.test/jwks?x=1", "url").unwrap();
    assert_eq!((request.method().as_str(), request.uri().to_string()), ("GET", "https://a.test/jwks?x=1".to_owned()));
    for url in ["a.test", "ftp://a.test", "https://u:p@a.test", "https://a.test#x", "https://é.test"] {
        let error = jwks::request(url, "platform.jwksUri").unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("platform.jwksUri")), "{url}");
    }
}

#[test]
fn machines_share_a_set() {
    let mut one = CachedJwks::default();
    assert_eq!(one.to_stored(NOW), None);
    one.fetched(&answer(&set(&[public(&rsa(), "1")]), Some("max-age=3600")), NOW).unwrap();
    let (text, seconds) = one.to_stored(NOW + 0.5).unwrap();
    assert_eq!(seconds.to_bits(), f64::to_bits(3600.0 + DAY));

    let mut two = CachedJwks::default();
    assert!(two.restore(&text, NOW + 1.0));
    assert_eq!([step(&two, Some("1"), NOW + 3599.0), step(&two, Some("1"), NOW + 3600.0)], ["use", "fetch"]);
    // The minute between two fetches is that of both.
    assert_eq!([step(&two, Some("2"), NOW + 59.0), step(&two, Some("2"), NOW + 60.0)], ["use", "fetch"]);
    assert!(verify(&token(&rsa(), "RS256", Some("1")), two.keys().unwrap()).is_ok());
    // What failed here before is over.
    let mut three = CachedJwks::default();
    three.failed(lost(), NOW - 1.0);
    assert!(three.restore(&text, NOW + 1.0));
    assert_eq!(step(&three, Some("2"), NOW + 2.0), "use");
    // What is held is as new.
    assert!(!two.restore(&text, NOW + 1.0));
    assert!(!CachedJwks::default().restore(&text, NOW + 3600.0 + DAY));
    // Of a machine whose clock is wrong, or of somebody who would have it for ever.
    assert!(!CachedJwks::default().restore(&text, NOW - 301.0));
    let for_ever = text.replace(r#""freshUntil":1700003600.0"#, r#""freshUntil":9700003600.0"#);
    assert_ne!(for_ever, text);
    for text in [&for_ever, "", "{}", "null", r#"{"set":{},"fetchedAt":1,"freshUntil":2}"#] {
        assert!(!CachedJwks::default().restore(text, NOW), "{text}");
    }
}

#[test]
fn a_set_of_a_store_is_read_as_one_of_the_server() {
    let mut jwks = CachedJwks::default();
    let body = set(&[object(EXAMPLE), changed(&oct(32), &[("kid", Some(Json::from("s")))]), public(&rsa(), "1")]);
    jwks.fetched(&answer(&body, None), NOW).unwrap();
    let mut other = CachedJwks::default();
    assert!(other.restore(&jwks.to_stored(NOW).unwrap().0, NOW));
    let keys = other.keys().unwrap();
    assert!(verify(&token(&rsa(), "RS256", Some("1")), keys).is_ok());
    let error = verify(&token(&rsa(), "RS256", Some("2018-06-18T22:33:20Z")), keys).unwrap_err();
    assert!(error.message.contains("example key"));
    assert_eq!(CachedJwks::stored_name("https://a.test/j?x"), "lti-jwks/https%3A%2F%2Fa.test%2Fj%3Fx");
}
