//! The rules for registered claims: each with its code, claim, place, message and source.

use canvas_lms_tokens::jose::Header;
use canvas_lms_tokens::jose::claims::{self, Expected, Facts, RULES};
use canvas_lms_tokens::{Error, Result};

use crate::platform::keys::object;

const NOW: f64 = 1_000_000.0;
const EXPIRED: &str = "ERR_JWT_EXPIRED";
const EARLY: &str = "ERR_JWT_NOT_YET_VALID";
const FAILED: &str = "ERR_JWT_CLAIM_VALIDATION_FAILED";

fn expecting(change: impl FnOnce(&mut Expected)) -> Expected {
    let mut expected = Expected { now: NOW, ..Expected::default() };
    change(&mut expected);
    expected
}

fn check(header: &str, claims: &str, expected: &Expected) -> Result<()> {
    let (header, claims) = (Header::new(object(header)), object(claims));
    claims::verify(&Facts { header: &header, claims: &claims, expected })
}

fn accepted(claims: &str, expected: &Expected) {
    check("{}", claims, expected).expect(claims);
}

fn refused(claims: &str, expected: &Expected, code: &str, claim: &str, message: &str) {
    let error = check("{}", claims, expected).expect_err(claims);
    is_at(&error, code, claim, message);
    assert_eq!(error.claim, Some(claim), "{claims}");
}

fn is_at(error: &Error, code: &str, claim: &str, message: &str) {
    assert_eq!(error.code.as_str(), code, "{error:?}");
    assert_eq!(error.at.as_deref(), Some(["claims.", claim].concat().as_str()), "{error:?}");
    assert_eq!(error.message, ["claim ", claim, ": ", message].concat());
    assert!(RULES.iter().any(|rule| Some(rule.spec) == error.spec), "{error:?}");
}

#[test]
fn exp_is_in_the_future() {
    let passed = "the time has passed";
    for (exp, tolerance, is_good) in [
        ("1000000", 0.0, false), // "before", not "at"
        ("1000001", 0.0, true),
        ("999999", 0.0, false),
        ("1000000.5", 0.0, true),
        ("999999.9", 0.0, false),
        ("999990", 10.0, false),
        ("999991", 10.0, true),
        ("999990.5", 10.0, true),
        ("0", 0.0, false),
        ("-1", 0.0, false),
        ("-0.0", 0.0, false),
        ("1e6", 0.0, false),
        ("1e7", 0.0, true),
        ("1000000000000000000000000000000", 0.0, true),
        ("1e308", 0.0, true),
        ("1e-400", 0.0, false),
    ] {
        let expected = expecting(|expected| expected.tolerance = tolerance);
        let claims = format!(r#"{{"exp":{exp}}}"#);
        if is_good {
            accepted(&claims, &expected);
        } else {
            refused(&claims, &expected, EXPIRED, "exp", passed);
        }
    }
    accepted("{}", &expecting(|_| {}));
    // More digits than a float holds: a number, and of the right size.
    let long = format!(r#"{{"exp":{}e-390}}"#, "1".repeat(391));
    refused(&long, &expecting(|_| {}), EXPIRED, "exp", passed);
}

#[test]
fn nbf_has_come() {
    for (nbf, tolerance, is_good) in [
        ("1000000", 0.0, true), // "after or equal"
        ("999999", 0.0, true),
        ("1000001", 0.0, false),
        ("1000000.5", 0.0, false),
        ("1000010", 10.0, true),
        ("1000011", 10.0, false),
        ("1000010.5", 10.0, false),
        ("0", 0.0, true),
        ("1e308", 0.0, false),
    ] {
        let expected = expecting(|expected| expected.tolerance = tolerance);
        let claims = format!(r#"{{"nbf":{nbf}}}"#);
        if is_good {
            accepted(&claims, &expected);
        } else {
            refused(&claims, &expected, EARLY, "nbf", "later than now");
        }
    }
}

#[test]
fn iat_is_not_too_long_ago() {
    let (old, later) = ("too long ago for the maximum age", "later than now");
    for (iat, tolerance, outcome) in [
        ("1000000", 0.0, None),
        ("999940", 0.0, None), // exactly 60 seconds
        ("999939", 0.0, Some((EXPIRED, old))),
        ("999939.5", 0.0, Some((EXPIRED, old))),
        ("999935", 5.0, None),
        ("999934", 5.0, Some((EXPIRED, old))),
        ("1000001", 0.0, Some((FAILED, later))),
        ("1000005", 5.0, None),
        ("1000006", 5.0, Some((FAILED, later))),
    ] {
        let expected = expecting(|expected| {
            expected.max_age = Some(60.0);
            expected.tolerance = tolerance;
        });
        let claims = format!(r#"{{"iat":{iat}}}"#);
        match outcome {
            None => accepted(&claims, &expected),
            Some((code, message)) => refused(&claims, &expected, code, "iat", message),
        }
        // Without a maximum age, iat is only a number (RFC 7519 §4.1.6).
        accepted(&claims, &expecting(|_| {}));
    }
    let expected = expecting(|expected| expected.max_age = Some(60.0));
    refused("{}", &expected, FAILED, "iat", "absent, although the options compare it");
}

#[test]
fn claims_have_their_types() {
    let number = "a number of seconds since 1970";
    for (claim, wrong, expected) in [
        ("exp", &["\"1\"", "null", "true", "[1]", "{}"][..], number),
        ("nbf", &["\"1\"", "null", "false", "[]"], number),
        ("iat", &["\"2020-01-01\"", "null"], number),
        ("iss", &["1", "null", "[\"a\"]", "{}", "true"], "a string"),
        ("sub", &["null", "true", "[]", "{}", "1.5", "1e3", "1.0"], "a string or an integer"),
        ("aud", &["1", "null", "{}", "[1]", "[\"a\",null]", "[[\"a\"]]"], "a string or an array of strings"),
        ("jti", &["1", "null", "[]"], "a string"),
    ] {
        for value in wrong {
            let kind = match value.as_bytes()[0] {
                b'"' => "a string",
                b'n' => "null",
                b't' | b'f' => "a boolean",
                b'[' => "an array",
                b'{' => "an object",
                _ => "a number",
            };
            let claims = format!(r#"{{"other":1,"{claim}":{value}}}"#);
            refused(&claims, &expecting(|_| {}), FAILED, claim, &format!("{kind}, expected {expected}"));
        }
    }
    for good in [
        r#"{"sub":"","aud":[],"jti":"","iss":""}"#,
        r#"{"sub":-1,"aud":"a"}"#,
        r#"{"sub":10000000000000000000000000000000001,"aud":["a","b"]}"#,
        r#"{"Exp":"x","azp":{},"auth_time":"x"}"#,
    ] {
        accepted(good, &expecting(|_| {}));
    }
}

#[test]
fn iss_sub_and_aud_are_those_expected() {
    let list = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
    let issuer = expecting(|expected| expected.issuer = list(&["a", "b"]));
    accepted(r#"{"iss":"b"}"#, &issuer);
    for wrong in ["c", "A", "a ", ""] {
        let message = format!("\"{wrong}\", expected \"a\" or \"b\"");
        refused(&format!(r#"{{"iss":"{wrong}"}}"#), &issuer, FAILED, "iss", &message);
    }

    let subject = |text: &str| expecting(|expected| expected.subject = Some(text.to_owned()));
    for (sub, expected) in
        [("\"7\"", "7"), ("7", "7"), ("90000000000000001", "90000000000000001"), ("-0", "-0"), ("\"\"", "")]
    {
        accepted(&format!(r#"{{"sub":{sub}}}"#), &subject(expected));
    }
    for (sub, expected) in [
        ("\"07\"", "7"),
        ("8", "7"),
        ("90000000000000001", "90000000000000000"), // The same as floats.
        ("\"A\"", "a"),
        ("-0", "0"),
    ] {
        let claims = format!(r#"{{"sub":{sub}}}"#);
        refused(&claims, &subject(expected), FAILED, "sub", "not the expected subject");
    }

    let audience = expecting(|expected| expected.audience = list(&["a", "b"]));
    for good in ["\"a\"", "\"b\"", "[\"a\"]", "[\"x\",\"b\"]", "[\"a\",\"b\"]"] {
        accepted(&format!(r#"{{"aud":{good}}}"#), &audience);
    }
    for wrong in ["\"c\"", "[]", "[\"c\"]", "\"A\"", "\"a b\"", "[\"a,b\"]"] {
        refused(&format!(r#"{{"aud":{wrong}}}"#), &audience, FAILED, "aud", "none of the expected audiences");
    }
    let absent = "absent, although the options compare it";
    for (claim, expected) in [("iss", &issuer), ("sub", &subject("7")), ("aud", &audience)] {
        refused("{}", expected, FAILED, claim, absent);
    }
    let nobody = expecting(|expected| (expected.issuer, expected.audience) = (list(&[]), list(&[])));
    refused(r#"{"iss":"a","aud":"a"}"#, &nobody, FAILED, "iss", "\"a\", expected no issuer at all");
    let long = format!(r#"{{"iss":"\u0000{}"}}"#, "a".repeat(300));
    refused(&long, &issuer, FAILED, "iss", &format!("\"{}\", expected \"a\" or \"b\"", "a".repeat(200)));
}

#[test]
fn required_claims_are_there() {
    let names = ["exp", "jti", "https://purl.imsglobal.org/spec/lti/claim/roles"];
    let expected = expecting(|expected| expected.required = names.map(str::to_owned).to_vec());
    accepted(r#"{"jti":"a","exp":2000000,"https://purl.imsglobal.org/spec/lti/claim/roles":null}"#, &expected);
    for (claims, missing) in [("{}", "exp"), (r#"{"exp":2000000}"#, "jti"), (r#"{"exp":2000000,"jti":""}"#, names[2])] {
        let error = check("{}", claims, &expected).unwrap_err();
        is_at(&error, FAILED, missing, "absent, although it is required");
    }
}

#[test]
fn typ_is_compared_as_a_media_type() {
    let typ = |text: &str| expecting(|expected| expected.typ = Some(text.to_owned()));
    for (sent, expected) in [
        ("JWT", "JWT"),
        ("jwt", "JWT"),
        ("application/jwt", "JWT"),
        ("at+jwt", "application/AT+JWT"),
        ("application/at+jwt", "at+jwt"),
        ("text/plain", "text/plain"),
    ] {
        assert_eq!(check(&format!(r#"{{"typ":"{sent}"}}"#), "{}", &typ(expected)), Ok(()), "{sent}");
    }
    for (header, expected, found) in [
        ("{}", "JWT", "absent, expected application/jwt"),
        (r#"{"typ":"at+jwt"}"#, "JWT", "another, expected application/jwt"),
        (r#"{"typ":"JWT"}"#, "at+jwt", "another, expected application/at+jwt"),
        (r#"{"typ":"text/jwt"}"#, "JWT", "another, expected application/jwt"),
        (r#"{"typ":"JWT "}"#, "JWT", "another, expected application/jwt"),
        (r#"{"typ":7}"#, "JWT", "another, expected application/jwt"),
    ] {
        let error = check(header, "{}", &typ(expected)).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref(), error.claim), (FAILED, Some("header.typ"), None));
        assert_eq!(error.message, format!("header typ is {found}"), "{header}");
        assert_eq!(error.spec, Some("RFC 8725 §3.11"));
    }
    accepted("{}", &expecting(|_| {}));
}

#[test]
fn the_first_rule_that_fails_is_told_and_each_has_its_source() {
    let everything = expecting(|expected| {
        expected.typ = Some("JWT".to_owned());
        expected.required = vec!["jti".to_owned()];
        expected.issuer = Some(vec!["i".to_owned()]);
        expected.subject = Some("s".to_owned());
        expected.audience = Some(vec!["a".to_owned()]);
        expected.max_age = Some(1.0);
    });
    let typ = r#"{"typ":"JWT"}"#;
    for (header, claims, spec) in [
        ("{}", r#"{"exp":"x"}"#, "RFC 8725 §3.11"),
        (typ, r#"{"exp":"x"}"#, "RFC 7519 §4.1"),
        (typ, r#"{"exp":1}"#, "RFC 7519 §4"),
        (typ, r#"{"jti":"","iss":"","sub":"","aud":"","iat":1,"nbf":2000000,"exp":1}"#, "RFC 7519 §4.1.1"),
        (typ, r#"{"jti":"","iss":"i","sub":"","aud":"","iat":1,"nbf":2000000,"exp":1}"#, "RFC 7519 §4.1.2"),
        (typ, r#"{"jti":"","iss":"i","sub":"s","aud":"","iat":1,"nbf":2000000,"exp":1}"#, "RFC 7519 §4.1.3"),
        (typ, r#"{"jti":"","iss":"i","sub":"s","aud":"a","iat":1,"nbf":2000000,"exp":1}"#, "RFC 7519 §4.1.6"),
        (typ, r#"{"jti":"","iss":"i","sub":"s","aud":"a","iat":1000000,"nbf":2000000,"exp":1}"#, "RFC 7519 §4.1.5"),
        (typ, r#"{"jti":"","iss":"i","sub":"s","aud":"a","iat":1000000,"nbf":1,"exp":1}"#, "RFC 7519 §4.1.4"),
    ] {
        assert_eq!(check(header, claims, &everything).unwrap_err().spec, Some(spec), "{claims}");
    }
    let good = r#"{"jti":"","iss":"i","sub":"s","aud":"a","iat":1000000,"nbf":1,"exp":2000000}"#;
    assert_eq!(check(typ, good, &everything), Ok(()));
    assert_eq!(RULES.len(), 9);
}
