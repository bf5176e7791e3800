//! Signed tokens as the crate jose-jws holds them, and back.

use canvas_lms_tokens::Error;
use canvas_lms_tokens::jose::jwa::SIGNATURES;
use canvas_lms_tokens::jose::{Compact, Keys, UntrustedJws};
use jose_jws::{Flattened, General, Jws, Unprotected};

use crate::platform::keys::{for_signature, key};
use crate::platform::{header, sign, verify};

fn read(token: &str) -> UntrustedJws {
    match Compact::parse(token).unwrap() {
        Compact::Jws(jws) => jws,
        Compact::Jwe(_) => panic!("encrypted"),
    }
}

fn signed() -> String {
    sign(b"text", &key(&for_signature(&SIGNATURES[0])), &header(&[("typ", "x+jws"), ("kid", "mine"), ("own", "kept")]))
        .unwrap()
}

#[test]
fn every_algorithm_goes_there_and_comes_back() {
    for row in SIGNATURES {
        let key = key(&for_signature(row));
        for payload in [&b"text"[..], b"", br#"{"sub":1}"#] {
            let token = sign(payload, &key, &header(&[("alg", row.name), ("kid", "mine"), ("own", "kept")])).unwrap();
            let verified = verify(&token, &Keys::from(key.clone())).unwrap();
            let flattened = Flattened::try_from(&verified).unwrap();
            let protected = flattened.signature.protected.as_ref().unwrap();
            assert_eq!(protected.oth.alg, Some(row.signing));
            assert_eq!(protected.oth.kid.as_deref(), Some("mine"));
            assert_eq!(flattened.payload.as_deref().unwrap()[..], *payload);
            assert_eq!(flattened.to_string(), token);
            // What it does not know is kept in the text that was signed.
            assert!(String::from_utf8_lossy(protected.as_ref()).contains(r#""own":"kept""#));
            let general = General::from(flattened.clone());
            let back = [
                UntrustedJws::try_from(&flattened),
                UntrustedJws::try_from(&general),
                UntrustedJws::try_from(&Jws::from(flattened)),
                UntrustedJws::try_from(&Jws::from(general)),
            ];
            for jws in back.map(Result::unwrap) {
                assert_eq!((jws.to_string(), jws.parts), (token.clone(), read(&token).parts));
            }
            // Its own reader agrees.
            assert_eq!(UntrustedJws::try_from(&token.parse::<Jws>().unwrap()).unwrap().to_string(), token);
        }
    }
}

#[test]
fn as_the_json_serializations() {
    let token = signed();
    let parts = read(&token).parts;
    let flattened = Flattened::try_from(&read(&token)).unwrap();
    let json = serde_json::to_value(&flattened).unwrap();
    for (name, part) in [("protected", parts.protected), ("payload", parts.payload), ("signature", parts.signature)] {
        assert_eq!(json[name], *part, "{name}");
    }
    let read_again: Flattened = serde_json::from_value(json).unwrap();
    assert_eq!(UntrustedJws::try_from(&read_again).unwrap().to_string(), token);
}

#[test]
fn what_has_no_place_is_refused() {
    let expected = "expected one signature with a protected header alone (compact serialization)";
    let refused = |result: Result<UntrustedJws, Error>, found: &str| {
        let error = result.unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JOSE_NOT_SUPPORTED", Some("token")));
        assert_eq!(error.message, format!("{found}, {expected}"));
    };
    let flattened = Flattened::try_from(&read(&signed())).unwrap();
    let mut unprotected = flattened.clone();
    unprotected.signature.header = Some(Unprotected::default());
    refused((&unprotected).try_into(), "an unprotected header");
    let mut bare = flattened.clone();
    bare.signature.protected = None;
    refused((&bare).try_into(), "no protected header");
    let mut general = General::from(flattened);
    general.signatures.push(general.signatures[0].clone());
    refused((&general).try_into(), "2 signatures");
    general.signatures.clear();
    refused((&Jws::from(general)).try_into(), "0 signatures");
}

#[test]
fn a_header_of_another_kind_is_refused() {
    // The headers {"alg":"dir"} and {"alg":"HS256","typ":1}.
    for protected in ["eyJhbGciOiJkaXIifQ", "eyJhbGciOiJIUzI1NiIsInR5cCI6MX0"] {
        let error = Flattened::try_from(&read(&format!("{protected}.e30.AA"))).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JOSE_NOT_SUPPORTED", Some("header")));
        let expected = "jose-jws does not hold this header, expected a signature's alg and members of their types";
        assert_eq!(error.message, expected);
    }
}

#[test]
fn what_it_reads_more_leniently_is_still_refused_here() {
    // {"alg":"HS256","own":1,"own":2}: a name twice, which it reads over.
    let lenient: Flattened = "eyJhbGciOiJIUzI1NiIsIm93biI6MSwib3duIjoyfQ.e30.AA".parse().unwrap();
    let error = UntrustedJws::try_from(&lenient).unwrap_err();
    assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_TOKEN_INVALID", Some("header")));
}
