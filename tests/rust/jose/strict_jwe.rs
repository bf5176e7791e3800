//! Header rules of a JWE, and the lengths of its parts: all judged before a key is used.

use canvas_lms_tokens::jose::jwa::{CONTENT_ENCRYPTION, Curve, KEY_MANAGEMENT, KeyKind, Management, SIGNATURES};
use canvas_lms_tokens::jose::{Decryption, Encryption, Keys, Recipient, base64url, jwk};
use canvas_lms_tokens::json::Object;

use crate::platform;
use crate::platform::keys::{self, object, oct, on, rsa};
use crate::platform::random;

const INVALID: &str = "ERR_JWE_INVALID";
const UNSUPPORTED: &str = "ERR_JOSE_NOT_SUPPORTED";

/// A token of this header and parts of these lengths.
fn token(header: &str, [key, iv, ciphertext, tag]: [usize; 4]) -> String {
    let zeros = [key, iv, ciphertext, tag].map(|length| base64url::encode(&vec![0; length]));
    [base64url::encode(header.as_bytes()), zeros.join(".")].join(".")
}

fn refused(token: &str, jwk: &Object, code: &str, at: &str, message: &str) {
    let keys = Keys::from(keys::key(jwk));
    let error = Decryption::new(token, &keys, None, None).expect_err(message);
    let found = (error.code.as_str(), error.at.as_deref(), error.message.as_str());
    assert_eq!(found, (code, Some(at), message));
    assert!(error.spec.is_some(), "{message}");
}

fn header_refused(header: &str, code: &str, at: &str, message: &str) {
    refused(&token(header, [40, 12, 5, 16]), &oct(32), code, at, message);
}

#[test]
fn alg_and_enc_are_there_and_spelt_as_they_should_be() {
    assert!(
        Decryption::new(
            &token(r#"{"alg":"A256KW","enc":"A128GCM"}"#, [40, 12, 5, 16]),
            &keys::key(&oct(32)).into(),
            None,
            None
        )
        .is_ok()
    );
    for (header, code, at, message) in [
        (r#"{"enc":"A128GCM"}"#, INVALID, "header.alg", "the header has no alg, expected one"),
        (r#"{"alg":1,"enc":"A128GCM"}"#, INVALID, "header.alg", "header \"alg\" is a number, expected a string"),
        (r#"{"alg":"A256KW"}"#, INVALID, "header.enc", "the header has no enc"),
        (r#"{"alg":"A256KW","enc":[]}"#, INVALID, "header.enc", "header \"enc\" is an array, expected a string"),
        (r#"{"alg":"A256KW","enc":"none"}"#, UNSUPPORTED, "header.enc", {
            "enc \"none\" is refused: an unsecured token proves nothing"
        }),
        (r#"{"alg":"A256KW","enc":"A128CBC"}"#, UNSUPPORTED, "header.enc", "enc \"A128CBC\" is not supported here"),
        (r#"{"alg":"A256KW","enc":"a128gcm"}"#, UNSUPPORTED, "header.enc", {
            "enc \"a128gcm\" is not known; names are case-sensitive, expected A128GCM"
        }),
        (r#"{"alg":"A256KW","enc":"A256KW"}"#, UNSUPPORTED, "header.enc", "enc \"A256KW\" is not supported here"),
        (r#"{"alg":"a256kw","enc":"A128GCM"}"#, UNSUPPORTED, "header.alg", {
            "alg \"a256kw\" is not known; names are case-sensitive, expected A256KW"
        }),
        (r#"{"alg":"A256KW","enc":"A128GCM","zip":"DEF"}"#, UNSUPPORTED, "header.zip", {
            "compressed tokens (zip) are refused"
        }),
        (r#"{"alg":"A256KW","enc":"A128GCM","crit":["x"],"x":1}"#, UNSUPPORTED, "header.crit", {
            "header crit demands extensions, none is understood"
        }),
        (r#"{"alg":"A256KW","enc":"A128GCM","crit":["enc"]}"#, INVALID, "header.crit", {
            "header crit lists enc, which every reader understands"
        }),
        (r#"{"alg":"A256KW","enc":"A128GCM","enc":"A128GCM"}"#, INVALID, "header", {
            "the header: the name \"enc\" stands twice, again at line 1, column 33"
        }),
        (r#"{"alg":"A256KW","enc":"A128GCM","kid":{}}"#, INVALID, "header.kid", {
            "header \"kid\" is an object, expected a string"
        }),
        (r#"{"alg":"A128KW","enc":"A128GCM"}"#, "ERR_JOSE_ALG_NOT_ALLOWED", "key", {
            "the key has 32 bytes, A128KW takes 16"
        }),
        (r#"{"alg":"RSA-OAEP","enc":"A128GCM"}"#, "ERR_JOSE_ALG_NOT_ALLOWED", "header.alg", {
            "the key is a shared secret, which RSA-OAEP does not use"
        }),
    ] {
        header_refused(header, code, at, message);
    }
}

#[test]
fn deprecated_and_other_algorithms_are_refused_by_name() {
    let header = |alg: &str| format!(r#"{{"alg":"{alg}","enc":"A128CBC-HS256"}}"#);
    let oracle = "deprecated for its padding oracle; Canvas has sent RSA-OAEP since 2021; to decrypt it all the same, give \
                  algorithms: ['RSA1_5'] and a key { alg: 'RSA1_5', unwrapKey } that lives elsewhere";
    let work = "the sender chooses how long the reader computes";
    for (alg, why) in [
        ("RSA1_5", oracle),
        ("rsa1_5", oracle),
        ("PBES2-HS256+A128KW", work),
        ("PBES2-HS384+A192KW", work),
        ("PBES2-HS512+A256KW", work),
        ("none", "an unsecured token proves nothing"),
    ] {
        header_refused(&header(alg), UNSUPPORTED, "header.alg", &format!("alg \"{alg}\" is refused: {why}"));
    }
    let others = ["RSA-OAEP-384", "RSA-OAEP-512", "ECDH-ES+A512KW", "HPKE-0", "A256GCM"];
    for alg in others.into_iter().chain(SIGNATURES.iter().map(|row| row.name)) {
        header_refused(&header(alg), UNSUPPORTED, "header.alg", &format!("alg \"{alg}\" is not supported here"));
    }
}

#[test]
fn the_parts_have_the_lengths_that_the_algorithms_fix() {
    for enc in CONTENT_ENCRYPTION {
        let header = format!(r#"{{"alg":"A256KW","enc":"{}"}}"#, enc.name);
        let (iv, tag) = (enc.iv(), enc.tag());
        let good = token(&header, [enc.cek + 8, iv, 0, tag]);
        assert!(Decryption::new(&good, &keys::key(&oct(32)).into(), None, None).is_ok());
        for length in [0, 1, 8, iv - 1, iv + 1, 28 - iv, 64] {
            let message = format!("the part iv has {length} bytes, {} takes {iv}", enc.name);
            refused(&token(&header, [40, length, 5, tag]), &oct(32), INVALID, "iv", &message);
        }
        for length in [0, 1, 8, 12, tag - 1, tag + 1, 64] {
            let message = format!("the part tag has {length} bytes, {} takes {tag}", enc.name);
            refused(&token(&header, [40, iv, 5, length]), &oct(32), INVALID, "tag", &message);
        }
    }
    let enc = &CONTENT_ENCRYPTION[0];
    for row in KEY_MANAGEMENT {
        let is_empty = row.management == Management::Direct || row.name == "ECDH-ES";
        let (length, expected) = if is_empty { (24, "an empty one") } else { (0, "one that is not empty") };
        let message = format!("the encrypted key: {} takes {expected}", row.name);
        let header = format!(r#"{{"alg":"{}","enc":"{}"}}"#, row.name, enc.name);
        for jwk in keys::for_management(row, enc) {
            refused(&token(&header, [length, 12, 5, 16]), &jwk, INVALID, "encryptedKey", &message);
        }
    }
}

#[test]
fn what_wraps_with_aes_gcm_is_in_the_header() {
    let (iv, tag) = (base64url::encode(&[1; 12]), base64url::encode(&[2; 16]));
    let header = |members: &str| format!(r#"{{"alg":"A256GCMKW","enc":"A128GCM"{members}}}"#);
    let good = header(&format!(r#","iv":"{iv}","tag":"{tag}""#));
    assert!(Decryption::new(&token(&good, [16, 12, 5, 16]), &keys::key(&oct(32)).into(), None, None).is_ok());
    for (name, length, other) in [("iv", 12, format!(r#","tag":"{tag}""#)), ("tag", 16, format!(r#","iv":"{iv}""#))] {
        let message = format!("header {name}: expected {length} bytes in base64url");
        let at = format!("header.{name}");
        for value in [r#""""#, r#""AA""#, r#""AAAAAAAAAAAAAAA=""#, &format!("\"{}\"", base64url::encode(&[0; 32]))] {
            header_refused(&header(&format!(r#","{name}":{value}{other}"#)), INVALID, &at, &message);
        }
        header_refused(&header(&other), INVALID, &at, &message);
        let message = format!("header \"{name}\" is a number, expected a string");
        header_refused(&header(&format!(r#","{name}":0{other}"#)), INVALID, &at, &message);
    }
}

/// The public half on this curve as JSON text.
fn epk(curve: Curve) -> String {
    jwk::to_public_members(&keys::key(&on(curve))).to_json()
}

#[test]
fn the_ephemeral_key_is_on_the_curve_of_the_key() {
    let curves = [Curve::P256, Curve::P384, Curve::P521, Curve::X25519];
    for (alg, length) in [("ECDH-ES", 0), ("ECDH-ES+A128KW", 24)] {
        for curve in curves {
            let header = |members: &str| format!(r#"{{"alg":"{alg}","enc":"A128GCM"{members}}}"#);
            let with = |epk: &str| token(&header(&format!(r#","epk":{epk}"#)), [length, 12, 5, 16]);
            assert!(Decryption::new(&with(&epk(curve)), &keys::key(&on(curve)).into(), None, None).is_ok());
            let check = |token: &str, message: &str| refused(token, &on(curve), INVALID, "header.epk", message);
            let absent = "the header has no epk, expected the ephemeral public key as a JWK";
            check(&token(&header(""), [length, 12, 5, 16]), absent);
            for value in ["null", "\"AA\"", "[]", "1"] {
                check(&with(value), absent);
            }
            for other in Curve::ALL.into_iter().filter(|other| *other != curve) {
                check(&with(&epk(other)), "header epk is not on the curve of the key");
            }
            for other in [oct(32), rsa()] {
                check(&with(&other.to_json()), "header epk is not on the curve of the key");
            }
            check(&with("{}"), "header epk: key.kty: absent");
        }
    }
    let off = epk(Curve::P256).replace("\"y\":\"", "\"y\":\"AAAA");
    let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{off}}}"#);
    let message = "header epk: key.y: 35 bytes, P-256 takes 32";
    refused(&token(&header, [0, 12, 5, 16]), &on(Curve::P256), INVALID, "header.epk", message);
    let zero = base64url::encode(&[0; 32]);
    let origin = format!(r#"{{"kty":"EC","crv":"P-256","x":"{zero}","y":"{zero}"}}"#);
    let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{origin}}}"#);
    let message = "header epk: key.x: the point is not on P-256";
    refused(&token(&header, [0, 12, 5, 16]), &on(Curve::P256), INVALID, "header.epk", message);
}

#[test]
fn the_parties_are_base64url() {
    for name in ["apu", "apv"] {
        let at = format!("header.{name}");
        for (value, message) in [
            ("1", format!("header \"{name}\" is a number, expected a string")),
            ("null", format!("header \"{name}\" is null, expected a string")),
            ("\"A\"", format!("header {name}: 1 characters, a length that base64url never has; probably cut short")),
            (
                "\"QWxpY2U=\"",
                format!("header {name}: padding (=) at character 8, expected only A-Z a-z 0-9 - _ (base64url)"),
            ),
        ] {
            let members = format!(r#""epk":{},"{name}":{value}"#, epk(Curve::P256));
            let header = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM",{members}}}"#);
            let key = on(Curve::P256);
            refused(&token(&header, [0, 12, 5, 16]), &key, INVALID, &at, &message);

            let header = object(&format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","{name}":{value}}}"#));
            let error = platform::encrypt(b"", &keys::key(&key), &header).unwrap_err();
            let found = (error.code.as_str(), error.at.as_deref(), error.message.as_str());
            assert_eq!(found, ("ERR_ARGUMENT", Some(at.as_str()), message.as_str()));
        }
    }
}

#[test]
fn encrypting_obeys_the_same_rules() {
    let refused = |jwk: &Object, header: &str, code: &str, at: &str| {
        let error = Encryption::new(&keys::key(jwk), object(header), &mut random).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), (code, Some(at)), "{header}");
    };
    for (header, code, at) in [
        ("{}", "ERR_ARGUMENT", "header.alg"),
        (r#"{"alg":"A256KW"}"#, "ERR_ARGUMENT", "header.enc"),
        (r#"{"enc":"A128GCM"}"#, "ERR_ARGUMENT", "header.alg"),
        (r#"{"alg":1,"enc":"A128GCM"}"#, "ERR_ARGUMENT", "header.alg"),
        (r#"{"alg":"A256KW","enc":1}"#, "ERR_ARGUMENT", "header.enc"),
        (r#"{"alg":"RSA1_5","enc":"A128GCM"}"#, UNSUPPORTED, "header.alg"),
        (r#"{"alg":"A256KW","enc":"A128CBC"}"#, UNSUPPORTED, "header.enc"),
        (r#"{"alg":"A256KW","enc":"A128GCM","zip":"DEF"}"#, UNSUPPORTED, "header.zip"),
        (r#"{"alg":"A256KW","enc":"A128GCM","crit":[]}"#, "ERR_ARGUMENT", "header.crit"),
        (r#"{"alg":"dir","enc":"A128GCM"}"#, "ERR_JOSE_ALG_NOT_ALLOWED", "key"),
        (r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#, "ERR_JOSE_ALG_NOT_ALLOWED", "header.alg"),
    ] {
        refused(&oct(32), header, code, at);
    }
    for row in KEY_MANAGEMENT.iter().filter(|row| matches!(row.key, KeyKind::Rsa | KeyKind::Agreement)) {
        let jwk = keys::for_management(row, &CONTENT_ENCRYPTION[0]).remove(0);
        let (key, header) = (keys::key(&jwk), platform::header(&[("alg", row.name), ("enc", "A128GCM")]));
        let encryption = Encryption::new(&key, header, &mut random).unwrap();
        assert!(!format!("{encryption:?}").contains(&format!("{:?}", encryption.cek())));
        let error = encryption.seal(b"", Recipient::Shared, &mut random).unwrap_err();
        assert_eq!(error.message, format!("recipient: not what {} needs", row.name));
    }
}
