//! Header rules of a JWS: JSON, `alg`, `crit`, `b64`, `zip`, and keys in a header, which are never used. Every token here
//! has the right MAC or signature, so that only the rule refuses it.

use canvas_lms_tokens::Error;
use canvas_lms_tokens::jose::jwa::{Curve, Hash, KEY_MANAGEMENT, SIGNATURES};
use canvas_lms_tokens::jose::{Keys, SigningInput, base64url, jwk, mac};
use canvas_lms_tokens::json::{Json, Object};

use crate::platform::keys::{self, changed, object, oct, on, rsa};
use crate::platform::{self, header, sign, verify};

const INVALID: &str = "ERR_JWS_INVALID";
const UNSUPPORTED: &str = "ERR_JOSE_NOT_SUPPORTED";

fn secret() -> Keys {
    keys::key(&oct(64)).into()
}

/// A token with this header, signed with HMAC and SHA-256 whatever the header says.
fn signed(header: &[u8]) -> String {
    let input = [base64url::encode(header), base64url::encode(b"payload")].join(".");
    let mac = mac::mac(Hash::Sha256, &base64url::decode(oct(64).text("k").unwrap()).unwrap(), &[input.as_bytes()]);
    [input, base64url::encode(&mac)].join(".")
}

fn refused(header: &[u8], code: &str, at: &str, message: &str) {
    let shown = String::from_utf8_lossy(header);
    let error: Error = verify(&signed(header), &secret()).expect_err(&shown);
    let found = (error.code.as_str(), error.at.as_deref(), error.message.as_str());
    assert_eq!(found, (code, Some(at), message), "{shown}");
    assert!(error.spec.is_some(), "{shown}");
}

#[test]
fn a_header_is_a_json_object() {
    for (text, message) in [
        ("", "the JSON ends too early at line 1, column 1"),
        ("[]", "an array, expected a JSON object"),
        (r#"["alg","HS256"]"#, "an array, expected a JSON object"),
        ("\"HS256\"", "a string, expected a JSON object"),
        ("1", "a number, expected a JSON object"),
        ("null", "null, expected a JSON object"),
        ("true", "a boolean, expected a JSON object"),
        ("\u{feff}{\"alg\":\"HS256\"}", "expected value at line 1, column 1"),
        ("{\"alg\":\"HS256\"", "the JSON ends too early at line 1, column 14"),
        ("{\"alg\":\"HS256\"}}", "trailing characters at line 1, column 16"),
        ("{\"alg\":\"HS256\"}{}", "trailing characters at line 1, column 16"),
        ("{\"alg\":\"HS256\"}\0", "trailing characters at line 1, column 16"),
        ("{\"alg\":\"HS256\",}", "trailing comma at line 1, column 16"),
        ("{'alg':'HS256'}", "key must be a string at line 1, column 2"),
        ("{alg:\"HS256\"}", "key must be a string at line 1, column 2"),
        ("{\"alg\":HS256}", "expected value at line 1, column 8"),
        ("{/**/\"alg\":\"HS256\"}", "key must be a string at line 1, column 2"),
        ("{\"alg\":\"HS256\",\"x\":NaN}", "expected value at line 1, column 20"),
        ("{\"alg\":\"HS256\",\"x\":0x1}", "expected `,` or `}` at line 1, column 21"),
        ("{\"alg\":\"HS256\",\"x\":+1}", "expected value at line 1, column 20"),
        ("{\"alg\":\"HS256\",\"x\":.5}", "expected value at line 1, column 20"),
        (
            "{\"alg\":\"HS256\",\"x\":\"\n\"}",
            "control character (\\u0000-\\u001F) found while parsing a string at line 1, column 20",
        ),
        (
            "{\"alg\":\"HS256\",\"x\":\"\\ud800\"}",
            "a lone surrogate, which is no character, in what begins at line 1, column 20",
        ),
        ("{\"alg\":\"HS256\",\"x\":1e400}", "a number beyond the range of a double at line 1, column 20"),
    ] {
        refused(text.as_bytes(), INVALID, "header", &["the header: ", message].concat());
    }
    for (bytes, place) in [
        (&b"{\"alg\":\"HS256\",\"x\":\"\xff\"}"[..], "21"),
        (b"{\"alg\":\"HS256\",\"x\":\"\xc0\x80\"}", "21"),
        (b"{\"alg\":\"HS256\",\"x\":\"\xed\xa0\x80\"}", "21"),
        (b"{\"alg\":\"HS256\",\"x\":\"\xf4\x90\x80\x80\"}", "21"),
        (b"{\"alg\":\"HS256\",\"x\":\"\xe2\x82\"}", "21"),
        (b"\xff\xfe{\0}\0", "1"),
    ] {
        refused(bytes, INVALID, "header", &format!("the header: byte {place} is not UTF-8"));
    }
    let forms = ["{\"alg\":\"HS256\"}", " {\r\n\t\"alg\" : \"HS256\" } ", "{\"x\":{},\"alg\":\"HS256\"}"];
    for good in forms.into_iter().chain(["{\"\\u0061lg\":\"HS25\\u0036\"}"]) {
        assert_eq!(verify(&signed(good.as_bytes()), &secret()).unwrap().header().as_json(), good);
    }
}

#[test]
fn no_name_stands_twice_at_any_depth() {
    for (text, name, again) in [
        (r#"{"alg":"HS256","alg":"HS256"}"#, "alg", r#""alg":"HS256"}"#),
        (r#"{"alg":"none","alg":"HS256"}"#, "alg", r#""alg":"HS256"}"#),
        (r#"{"alg":"HS256","\u0061lg":"none"}"#, "alg", r#""\u0061lg":"none"}"#),
        (r#"{"alg":"HS256","":1,"":2}"#, "", r#""":2}"#),
        (r#"{"alg":"HS256","jwk":{"k":"a","k":"b"}}"#, "k", r#""k":"b"}}"#),
        (r#"{"alg":"HS256","x":[[{"y":1,"y":1}]]}"#, "y", r#""y":1}]]}"#),
    ] {
        let column = text.strip_suffix(again).unwrap().len() + 1;
        let message = format!("the header: the name \"{name}\" stands twice, again at line 1, column {column}");
        refused(text.as_bytes(), INVALID, "header", &message);
    }
    assert!(verify(&signed(br#"{"alg":"HS256","Alg":"none","x":{"alg":1}}"#), &secret()).is_ok());
}

#[test]
fn alg_is_there_and_spelt_as_it_should_be() {
    for (alg, message) in [
        (r"{}", "the header has no alg, expected one"),
        (r#"{"Alg":"HS256"}"#, "the header has no alg, expected one"),
        (r#"{"alg":256}"#, "header \"alg\" is a number, expected a string"),
        (r#"{"alg":null}"#, "header \"alg\" is null, expected a string"),
        (r#"{"alg":["HS256"]}"#, "header \"alg\" is an array, expected a string"),
    ] {
        refused(alg.as_bytes(), INVALID, "header.alg", message);
    }
    let alg = |name: &str| format!(r#"{{"alg":"{name}"}}"#);
    for name in ["none", "None", "NONE", "nOnE"] {
        let message = format!("alg \"{name}\" is refused: an unsecured token proves nothing");
        refused(alg(name).as_bytes(), UNSUPPORTED, "header.alg", &message);
    }
    let pbes2 = "alg \"PBES2-HS256+A128KW\" is refused: the sender chooses how long the reader computes";
    refused(alg("PBES2-HS256+A128KW").as_bytes(), UNSUPPORTED, "header.alg", pbes2);
    for name in ["", " HS256", "HS256 ", "HS257", "HS1", "ES256K", "Ed448", "HS256\u{17f}", "A128GCM"] {
        let message = format!("alg \"{name}\" is not supported here");
        refused(alg(name).as_bytes(), UNSUPPORTED, "header.alg", &message);
    }
    for row in KEY_MANAGEMENT {
        let message = format!("alg \"{}\" is not supported here", row.name);
        refused(alg(row.name).as_bytes(), UNSUPPORTED, "header.alg", &message);
    }
    for row in SIGNATURES {
        for name in [row.name.to_ascii_lowercase(), row.name.to_ascii_uppercase()] {
            if name != row.name {
                let right = row.name;
                let message = format!("alg \"{name}\" is not known; names are case-sensitive, expected {right}");
                refused(alg(&name).as_bytes(), UNSUPPORTED, "header.alg", &message);
            }
        }
    }
    // Another algorithm's name over a right HMAC: the key decides.
    let message = "the key is a shared secret, which RS256 does not use";
    refused(alg("RS256").as_bytes(), "ERR_JOSE_ALG_NOT_ALLOWED", "header.alg", message);
    let message = "the HS384 signature is not this key's over this header and payload";
    refused(alg("HS384").as_bytes(), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "signature", message);
}

#[test]
fn crit_is_obeyed_to_the_letter() {
    let registered = ["alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];
    let with = |crit: &str| format!(r#"{{"alg":"HS256","crit":{crit},"exp":1,"b64":true,"a":0,"":0}}"#);
    for (crit, message) in [
        ("null", "header crit is null, expected an array"),
        ("true", "header crit is a boolean, expected an array"),
        ("\"exp\"", "header crit is a string, expected an array"),
        ("{\"exp\":1}", "header crit is an object, expected an array"),
        ("[]", "header crit is empty, expected names"),
        ("[1]", "header crit lists a number, expected strings"),
        ("[\"exp\",null]", "header crit lists null, expected strings"),
        ("[\"exp\",\"exp\"]", "header crit lists a name twice"),
        ("[\"exp\",\"a\",\"\\u0065xp\"]", "header crit lists a name twice"),
        ("[\"nbf\"]", "header crit lists a name that the header lacks"),
        ("[\"exp\",\"Exp\"]", "header crit lists a name that the header lacks"),
    ] {
        refused(with(crit).as_bytes(), INVALID, "header.crit", message);
    }
    for name in registered.into_iter().chain(["epk", "apu", "apv", "iv", "tag", "p2s", "p2c"]) {
        let message = format!("header crit lists {name}, which every reader understands");
        refused(with(&format!("[\"{name}\"]")).as_bytes(), INVALID, "header.crit", &message);
    }
    for crit in ["[\"exp\"]", "[\"b64\"]", "[\"a\",\"exp\"]", "[\"\"]"] {
        let message = "header crit demands extensions, none is understood";
        refused(with(crit).as_bytes(), UNSUPPORTED, "header.crit", message);
    }
}

#[test]
fn b64_and_zip_are_refused_by_name() {
    for value in ["false", "null", "0", "\"true\"", "[]"] {
        // A crit is what makes a reader refuse what it does not know; without one, RFC 7797 §6 is broken too.
        let text = format!(r#"{{"alg":"HS256","b64":{value},"crit":["b64"]}}"#);
        refused(text.as_bytes(), UNSUPPORTED, "header.crit", "header crit demands extensions, none is understood");
        let text = format!(r#"{{"alg":"HS256","b64":{value}}}"#);
        let message = "unencoded payloads (b64 false) are refused, and b64 has to be listed in crit";
        refused(text.as_bytes(), UNSUPPORTED, "header.b64", message);
    }
    for value in ["\"DEF\"", "\"def\"", "null", "false", "\"\""] {
        let text = format!(r#"{{"alg":"HS256","zip":{value}}}"#);
        refused(text.as_bytes(), UNSUPPORTED, "header.zip", "compressed tokens (zip) are refused");
    }
    assert!(verify(&signed(br#"{"alg":"HS256","b64":true}"#), &secret()).is_ok());
}

#[test]
fn kid_is_a_string() {
    for value in ["1", "null", "[\"a\"]"] {
        let error = verify(&signed(format!(r#"{{"alg":"HS256","kid":{value}}}"#).as_bytes()), &secret()).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), (INVALID, Some("header.kid")));
    }
}

#[test]
fn signing_obeys_the_same_rules() {
    let key = keys::key(&oct(64));
    for (header, code, at) in [
        (r#"{"alg":7}"#, "ERR_ARGUMENT", "header.alg"),
        (r#"{"alg":"none"}"#, UNSUPPORTED, "header.alg"),
        (r#"{"alg":"hs256"}"#, UNSUPPORTED, "header.alg"),
        (r#"{"alg":"ES256"}"#, "ERR_JOSE_ALG_NOT_ALLOWED", "header.alg"),
        (r#"{"crit":[]}"#, "ERR_ARGUMENT", "header.crit"),
        (r#"{"crit":["exp"],"exp":1}"#, UNSUPPORTED, "header.crit"),
        (r#"{"b64":false}"#, UNSUPPORTED, "header.b64"),
        (r#"{"zip":"DEF"}"#, UNSUPPORTED, "header.zip"),
    ] {
        let error = SigningInput::new(b"", &key, &object(header)).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), (code, Some(at)), "{header}");
    }
}

/// An attacker's own key, in every member that could bring one.
fn bringing(attacker: &Object) -> Object {
    let mut header = Object::default();
    header.set("jwk", Json::Object(attacker.clone()));
    for name in ["jku", "x5u"] {
        header.set(name, Json::from("https://attacker.test/keys"));
    }
    header.set("x5c", Json::Array(vec![Json::from("MIIB")]));
    header.set("x5t", Json::from("AAAA"));
    header
}

#[test]
fn a_key_in_the_header_is_never_used() {
    for row in SIGNATURES {
        let own = keys::for_signature(row);
        let attacker = match own.text("kty") {
            Some("oct") => oct(100),
            Some("RSA") => keys::other_rsa(),
            _ => keys::other(&own),
        };
        let mut header = bringing(&jwk::to_public_members(&keys::key(&attacker)));
        header.set("alg", Json::from(row.name));
        let forged = sign(b"payload", &keys::key(&attacker), &header).unwrap();
        assert!(verify(&forged, &keys::key(&attacker).into()).is_ok(), "{}", row.name);
        let error = verify(&forged, &keys::key(&own).into()).unwrap_err();
        assert_eq!(error.code.as_str(), "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "{}", row.name);
        // It is no fault either: the true key's signature over it is right.
        let token = sign(b"payload", &keys::key(&own), &header).unwrap();
        assert!(verify(&token, &keys::key(&own).into()).is_ok(), "{}", row.name);
    }
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    // The classic confusion: HS256 with the text or bytes of the public key that the reader verifies with.
    for jwk in [rsa(), on(Curve::P256), on(Curve::Ed25519)] {
        let public = jwk::to_public_members(&keys::key(&jwk));
        let pem = platform::pem::spki(&jwk);
        let input = [base64url::encode(br#"{"alg":"HS256"}"#), base64url::encode(b"payload")].join(".");
        for secret in [pem.as_bytes(), pem.trim().as_bytes(), public.to_json().as_bytes(), &platform::pem::der(&pem)] {
            let token =
                [input.clone(), base64url::encode(&mac::mac(Hash::Sha256, secret, &[input.as_bytes()]))].join(".");
            let error = verify(&token, &keys::key(&public).into()).unwrap_err();
            assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JOSE_ALG_NOT_ALLOWED", Some("header.alg")));
        }
    }
    let limited = changed(&oct(64), &[("alg", Some(Json::from("HS512")))]);
    let token = sign(b"", &keys::key(&oct(64)), &header(&[("alg", "HS256")])).unwrap();
    let error = verify(&token, &keys::key(&limited).into()).unwrap_err();
    assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JOSE_ALG_NOT_ALLOWED", Some("key.alg")));
}
