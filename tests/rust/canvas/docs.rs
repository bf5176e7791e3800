//! The tokens that Canvas's documentation prints: read, and signed again to the byte.

use canvas_lms_tokens::jose::{self, Layer, Secret, base64url, jwa::Hash, mac};
use canvas_lms_tokens::lti2::{Assertion, AssertionParams, Id};
use serde_json::Value;

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../../vectors/canvas.json")).unwrap()
}

fn vector(name: &str) -> Value {
    vectors().into_iter().find(|vector| vector["name"] == name).unwrap()
}

#[test]
fn every_token_of_the_documentation_is_read() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        let token = vector["token"].as_str().unwrap();
        let decoded = jose::decode(token).unwrap();
        assert_eq!(decoded.header.as_json(), vector["header"].as_str().unwrap(), "{}", vector["name"]);
        let claims = decoded.claims.map(|(object, text)| {
            assert_eq!(object.to_json(), text);
            text
        });
        assert_eq!(claims.as_deref(), vector["claims"].as_str(), "{}", vector["name"]);
        let wrapped = matches!(decoded.layers.first(), Some(Layer::Base64));
        assert_eq!(wrapped, vector["kind"] == "canvas-jwt", "{}", vector["name"]);
        if let Some(Layer::Jwe(jwe)) = decoded.layers.last() {
            let lengths = &vector["lengths"];
            for (name, part) in [
                ("encrypted_key", &jwe.encrypted_key),
                ("iv", &jwe.iv),
                ("ciphertext", &jwe.ciphertext),
                ("tag", &jwe.tag),
            ] {
                assert_eq!(lengths[name], part.len(), "{} {name}", vector["name"]);
            }
        }
    }
}

#[test]
fn what_is_signed_with_secret_verifies_with_it_and_nothing_else() {
    let mut verified = 0;
    for vector in vectors().iter().filter(|vector| vector["type"] == "jws") {
        let decoded = jose::decode(vector["token"].as_str().unwrap()).unwrap();
        let Some(Layer::Jws(jws)) = decoded.layers.last() else { panic!("no JWS") };
        let matches = |secret: &str| {
            let secret = Secret::new(secret.as_bytes().to_vec(), "secret").unwrap();
            *mac::mac(Hash::Sha256, secret.as_bytes(), &[jws.signing_input.as_bytes()]) == jws.signature
        };
        assert_eq!(matches("secret"), vector["secret"] == "secret", "{}", vector["name"]);
        assert!(!matches("secret "));
        verified += usize::from(matches("secret"));
    }
    assert_eq!(verified, 3);
}

#[test]
fn the_template_of_section_2_gives_the_token_of_section_2() {
    let params = AssertionParams {
        sub: Id::text("123123-ad13-ac233", "sub").unwrap(),
        aud: "https://my.canvas-domain.com/api/lti/accounts/1/authorize".to_owned(),
        exp: Some(1_486_393_868),
        iat: Some(1_486_393_800),
        jti: Some("688700c2-4bc1-40b7-83e5-7cbf54f93305".to_owned()),
        lifetime: None,
    };
    let assertion = Assertion::build(params, 0, || panic!("a jti was given")).unwrap();
    let secret = Secret::new(b"secret".to_vec(), "secret").unwrap();
    assert_eq!(assertion.sign(&secret), vector("canvas-tool-proxy-assertion")["token"].as_str().unwrap());
}

#[test]
fn a_wrapped_token_is_unwrapped_and_wrapped_again() {
    let token = vector("canvas-wrapped-jwt")["token"].as_str().unwrap().to_owned();
    let compact = jose::unwrap(&token);
    assert_eq!(compact.split('.').count(), 5);
    assert_eq!(jose::wrap(&compact), token);
    assert_eq!(jose::unwrap(&compact), compact);
    assert_eq!(jose::unwrap("bm90IGEgdG9rZW4="), "bm90IGEgdG9rZW4=");
}

#[test]
fn what_is_no_token_is_refused_with_its_place() {
    let part = |json: &str| base64url::encode(json.as_bytes());
    let good = part(r#"{"alg":"HS256"}"#);
    for (token, at, message) in [
        (String::new(), "token", "the token is empty"),
        ("Bearer  ".to_owned(), "token", "1 part between dots, expected 3 (JWS) or 5 (JWE)"),
        ("a.b".to_owned(), "token", "2 parts between dots, expected 3 (JWS) or 5 (JWE)"),
        ("a.b.c.d".to_owned(), "token", "4 parts between dots, expected 3 (JWS) or 5 (JWE)"),
        (
            r#"{"payload":"","signatures":[]}"#.to_owned(),
            "token",
            "a JSON serialization (RFC 7515 §7.2, RFC 7516 §7.2), expected the compact serialization",
        ),
        ("a".repeat(jose::MAX_TOKEN + 1), "token", "the token has 1048577 bytes, more than the 1048576 that are read"),
        (
            [&good, ".e30=.AA"].concat(),
            "payload",
            "the part payload: padding (=) at character 4, expected only A-Z a-z 0-9 - _ (base64url)",
        ),
        ([&part("[]"), ".e30.AA"].concat(), "header", "the header: an array, expected a JSON object"),
        (
            [&part(r#"{"alg":"HS256","alg":"none"}"#), ".e30.AA"].concat(),
            "header",
            "the header: the name \"alg\" stands twice, again at line 1, column 16",
        ),
        (
            [&good, ".", &part(r#"{"a":{"b":1,"b":2}}"#), ".AA"].concat(),
            "payload",
            "the payload: the name \"b\" stands twice, again at line 1, column 13",
        ),
    ] {
        let error = jose::decode(&token).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_TOKEN_INVALID", "{token:.60}");
        assert_eq!((error.at.as_deref(), error.message.as_str()), (Some(at), message), "{token:.60}");
    }
}

#[test]
fn layers_are_opened_as_far_as_they_can_be_read() {
    let inner = vector("canvas-tool-proxy-assertion")["token"].as_str().unwrap().to_owned();
    let nested = ["e30.", &base64url::encode(inner.as_bytes()), ".AA"].concat();
    let decoded = jose::decode(&[" Bearer ", &jose::wrap(&nested), "\n"].concat()).unwrap();
    assert!(matches!(decoded.layers[..], [Layer::Base64, Layer::Jws(_), Layer::Jws(_)]));
    assert_eq!(decoded.header.text("alg").unwrap(), Some("HS256"));
    assert!(decoded.claims.is_some());

    let text = jose::decode(&["e30.", &base64url::encode(b"plain text"), ".AA"].concat()).unwrap();
    assert!(text.claims.is_none());
}
