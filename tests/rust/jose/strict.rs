//! Strict reading of compact tokens: base64url, the number of parts, sizes and depth.

use canvas_lms_tokens::jose::jwa::{Curve, Hash};
use canvas_lms_tokens::jose::{self, Keys, Layer, MAX_TOKEN, base64url, mac};
use canvas_lms_tokens::json::MAX_DEPTH;
use canvas_lms_tokens::{Error, Result};

use crate::platform::keys::{self, object, oct, on};
use crate::platform::{decrypt, encrypt, header, sign, verify};

const ONLY: &str = "expected only A-Z a-z 0-9 - _ (base64url)";

fn secret() -> Keys {
    keys::key(&oct(32)).into()
}

fn jws() -> String {
    sign(br#"{"sub":"a"}"#, &keys::key(&oct(32)), &header(&[("alg", "HS256")])).unwrap()
}

fn jwe() -> String {
    let header = header(&[("alg", "A256KW"), ("enc", "A128GCM")]);
    encrypt(b"plain text", &keys::key(&oct(32)), &header).unwrap()
}

/// A token with this header text and payload, its MAC right.
fn signed(header: &str, payload: &[u8]) -> String {
    let input = [base64url::encode(header.as_bytes()), base64url::encode(payload)].join(".");
    let mac = mac::mac(Hash::Sha256, &base64url::decode(oct(32).text("k").unwrap()).unwrap(), &[input.as_bytes()]);
    [input, base64url::encode(&mac)].join(".")
}

fn check(error: &Error, code: &str, at: &str, message: &str) {
    let found = (error.code.as_str(), error.at.as_deref(), error.message.as_str());
    assert_eq!(found, (code, Some(at), message));
}

type Open = fn(&str) -> Result<()>;

/// Both kinds of token with the code and the names of their parts, and how they are opened.
fn kinds() -> [(String, &'static str, &'static [&'static str], Open); 2] {
    [
        (jws(), "ERR_JWS_INVALID", &["header", "payload", "signature"], |token| verify(token, &secret()).map(|_| ())),
        (jwe(), "ERR_JWE_INVALID", &["header", "encryptedKey", "iv", "ciphertext", "tag"], |token| {
            decrypt(token, &secret()).map(|_| ())
        }),
    ]
}

#[test]
fn every_part_is_canonical_base64url() {
    for (token, code, names, open) in kinds() {
        open(&token).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        for (index, name) in names.iter().enumerate() {
            let part = parts[index];
            let length = part.chars().count();
            let with = |found: &str, place: usize| format!("{found} at character {place}, {ONLY}");
            let at_end = |text: &str, found: &str| (format!("{part}{text}"), with(found, length + 1));
            let at_start = |text: &str, found: &str| (format!("{text}{part}"), with(found, 1));
            let inside = |text: &str, found: &str| (format!("{}{text}{}", &part[..4], &part[4..]), with(found, 5));
            let mut faults = vec![
                at_end("=", "padding (=)"),
                at_end("==", "padding (=)"),
                at_end(" ", "white space"),
                at_end("\n", "a line break"),
                at_end("\r\n", "a line break"),
                at_end("%3D", "URL encoding (%)"),
                at_end("\0", "a character outside the alphabet"),
                at_start("\"", "a quotation mark"),
                at_start("\t", "white space"),
                at_start("\u{feff}", "a character outside ASCII"),
                inside("\n", "a line break"),
                inside(" ", "white space"),
                inside("+", "a character of standard base64 (+ or /)"),
                inside("/", "a character of standard base64 (+ or /)"),
                inside("é", "a character outside ASCII"),
                inside("\u{2028}", "white space"),
                inside("\u{ff21}", "a character outside ASCII"),
            ];
            let whole = &part[..part.len() - part.len() % 4];
            let stray = "the last character has bits that belong to no byte; probably cut short or altered";
            let length = whole.len() + 1;
            let short = format!("{length} characters, a length that base64url never has; probably cut short");
            faults.extend([
                (format!("{whole}AB"), stray.to_owned()),
                (format!("{whole}AAB"), stray.to_owned()),
                (format!("{whole}A"), short),
            ]);
            for (fault, message) in faults {
                let mut parts = parts.clone();
                parts[index] = &fault;
                let altered = parts.join(".");
                let message = match *name {
                    "header" => format!("the header: {message}"),
                    name => format!("the part {name}: {message}"),
                };
                check(&open(&altered).unwrap_err(), code, name, &message);
                // Decoding forgives what surrounds a token, and nothing in it.
                if altered == altered.trim() {
                    check(&jose::decode(&altered).unwrap_err(), "ERR_TOKEN_INVALID", name, &message);
                }
            }
        }
    }
}

#[test]
fn a_token_has_three_parts_or_five() {
    for (token, code, _, open) in kinds() {
        let parts: Vec<&str> = token.split('.').chain(["AA", "AA", "AA", "AA"]).collect();
        for count in [1, 2, 4, 6, 7] {
            let text = parts[..count].join(".");
            let plural = if count == 1 { "" } else { "s" };
            let message = format!("{count} part{plural} between dots, expected 3 (JWS) or 5 (JWE)");
            check(&open(&text).unwrap_err(), code, "token", &message);
            check(&jose::decode(&text).unwrap_err(), "ERR_TOKEN_INVALID", "token", &message);
        }
        check(&open("").unwrap_err(), code, "token", "the token is empty");
        for around in [".{}", "{}.", "..{}", " .{}", "{}.."] {
            assert_eq!(open(&around.replace("{}", &token)).unwrap_err().code.as_str(), code);
        }
    }
    let message = "1048576 parts between dots, expected 3 (JWS) or 5 (JWE)";
    check(&jose::decode(&".".repeat(MAX_TOKEN - 1)).unwrap_err(), "ERR_TOKEN_INVALID", "token", message);
}

#[test]
fn only_decode_removes_what_surrounds_a_token() {
    let token = jws();
    for text in [
        format!(" {token}"),
        format!("{token}\n"),
        format!("Bearer {token}"),
        format!("bearer  {token}"),
        jose::wrap(&token),
    ] {
        assert!(jose::decode(&text).is_ok(), "{text}");
        assert_eq!(verify(&text, &secret()).unwrap_err().code.as_str(), "ERR_JWS_INVALID", "{text}");
    }
}

#[test]
fn json_serializations_are_refused_by_name() {
    let message = "a JSON serialization (RFC 7515 §7.2, RFC 7516 §7.2), expected the compact serialization";
    for text in ["{}", "{", r#"{"payload":"e30","protected":"e30","signature":""}"#, " {\n}", "{a.b.c"] {
        for (_, code, _, open) in kinds() {
            check(&open(text).unwrap_err(), code, "token", message);
        }
        check(&jose::decode(text).unwrap_err(), "ERR_TOKEN_INVALID", "token", message);
    }
}

#[test]
fn the_size_is_bounded() {
    // Padded in the payload to exactly the limit.
    let spare = MAX_TOKEN - signed(r#"{"alg":"HS256"}"#, b"").len();
    let token = signed(r#"{"alg":"HS256"}"#, &vec![b'x'; spare / 4 * 3 + spare % 4 * 3 / 4]);
    assert_eq!(token.len(), MAX_TOKEN);
    assert_eq!(verify(&token, &secret()).unwrap().payload().len(), spare * 3 / 4);
    assert!(jose::decode(&token).is_ok());
    let longer = [&token, "A"].concat();
    let message = "the token has 1048577 bytes, more than the 1048576 that are read";
    check(&verify(&longer, &secret()).unwrap_err(), "ERR_JWS_INVALID", "token", message);
    check(&decrypt(&longer, &secret()).unwrap_err(), "ERR_JWE_INVALID", "token", message);
    check(&jose::decode(&longer).unwrap_err(), "ERR_TOKEN_INVALID", "token", message);
}

#[test]
fn the_depth_is_bounded() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    let header = |depth: usize| format!(r#"{{"alg":"HS256","x":{}}}"#, nested(depth - 1));
    let payload = |depth: usize| format!(r#"{{"x":{}}}"#, nested(depth - 1));
    let token = signed(&header(MAX_DEPTH), payload(MAX_DEPTH).as_bytes());
    assert!(verify(&token, &secret()).is_ok());
    assert!(jose::decode(&token).unwrap().claims.is_some());

    let token = signed(&header(MAX_DEPTH + 1), b"");
    let message = "the header: nested deeper than 64 levels at line 1, column 83";
    check(&verify(&token, &secret()).unwrap_err(), "ERR_JWS_INVALID", "header", message);
    let token = signed(&header(2), payload(MAX_DEPTH + 1).as_bytes());
    let message = "the payload: nested deeper than 64 levels at line 1, column 69";
    check(&jose::decode(&token).unwrap_err(), "ERR_TOKEN_INVALID", "payload", message);
}

#[test]
fn layers_are_bounded() {
    let mut token = signed(r#"{"alg":"HS256"}"#, b"{}");
    for depth in 1..30 {
        let layers = jose::decode(&token).unwrap().layers.len();
        assert_eq!(layers, depth.min(9));
        token = signed(r#"{"alg":"HS256"}"#, token.as_bytes());
    }
}

/// Were the work to grow with the square of the size, each of these would take minutes.
#[test]
fn the_largest_tokens_are_answered() {
    let list = |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<Vec<_>>().join(",");
    let crit = format!(
        r#"{{"alg":"HS256","crit":[{}],{}}}"#,
        list(40_000, &|i| format!("\"{i}\"")),
        list(40_000, &|i| format!("\"{i}\":0"))
    );
    check(
        &verify(&signed(&crit, b""), &secret()).unwrap_err(),
        "ERR_JOSE_NOT_SUPPORTED",
        "header.crit",
        "header crit demands extensions, none is understood",
    );
    let same = format!(r#"{{"alg":"HS256",{},"7":0}}"#, list(70_000, &|i| format!("\"{i}\":0")));
    assert!(verify(&signed(&same, b""), &secret()).unwrap_err().message.contains("the name \"7\" stands twice"));

    let ec: Keys = keys::key(&on(Curve::P256)).into();
    let epk = |epk: &str| {
        let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{epk}}}"#);
        object(&header);
        let zero = |length: usize| base64url::encode(&vec![0; length]);
        let token = [base64url::encode(header.as_bytes()), String::new(), zero(12), zero(9), zero(16)].join(".");
        decrypt(&token, &ec).unwrap_err()
    };
    let operations = format!(
        r#"{{"kty":"OKP","crv":"X25519","x":"{}","key_ops":[{}]}}"#,
        base64url::encode(&[9; 32]),
        list(90_000, &|i| format!("\"{i}\""))
    );
    let other = "header epk is not on the curve of the key";
    check(&epk(&operations), "ERR_JWE_INVALID", "header.epk", other);
    let digits = base64url::encode(&vec![0xff; 280_000]);
    let rsa = format!(
        r#"{{"kty":"RSA","n":"{}","e":"AQAB","d":"AA","p":"{digits}","q":"{digits}","dp":"AA","dq":"AA","qi":"AA"}}"#,
        base64url::encode(&[0xff; 256])
    );
    let message = "header epk: key.p: p times q is not n: the parts are not of one key";
    check(&epk(&rsa), "ERR_JWE_INVALID", "header.epk", message);
}

/// RFC 7515 §7.2.2 and RFC 7516 §7.2.2 name the parts.
#[test]
fn layers_keep_the_text_of_their_parts() {
    let (jws, jwe) = (jws(), jwe());
    let outer = signed(r#"{"alg":"HS256"}"#, jwe.as_bytes());
    let decoded = jose::decode(&jose::wrap(&outer)).unwrap();
    let [Layer::Base64, Layer::Jws(signed), Layer::Jwe(encrypted)] = &decoded.layers[..] else {
        panic!("three layers")
    };
    let parts = &signed.parts;
    assert_eq!([&*parts.protected, &*parts.payload, &*parts.signature].join("."), outer);
    assert_eq!(signed.signing_input, [&*parts.protected, &*parts.payload].join("."));
    assert_eq!(base64url::encode(&signed.payload), parts.payload);
    let parts = &encrypted.parts;
    let texts = [&*parts.protected, &*parts.encrypted_key, &*parts.iv, &*parts.ciphertext, &*parts.tag];
    assert_eq!(texts.join("."), jwe);
    assert_eq!((&encrypted.aad, base64url::encode(&encrypted.tag)), (&parts.protected, parts.tag.clone()));
    let [Layer::Jws(alone)] = &jose::decode(&jws).unwrap().layers[..] else { panic!("one layer") };
    assert_eq!(alone.parts.signature, base64url::encode(&alone.signature));
}
