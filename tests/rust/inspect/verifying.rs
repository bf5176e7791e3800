//! The report on a JWT and verifying it agree: what verifying throws is a failed check's code, and where nothing failed
//! it throws nothing.

use canvas_lms_tokens::inspect::{Kind, Options, Outcome, open_as_sent};
use canvas_lms_tokens::jose::claims::Expected;
use canvas_lms_tokens::jose::{Keys, Layer, verified_jwt, wrap};
use canvas_lms_tokens::{Code, Result};
use proptest::prelude::*;
use proptest::sample::select;

use crate::inspect::good::{self, SECRET, signed};
use crate::inspect::spoilt::{KEYS, SIGNED, edited, edits, json};
use crate::inspect::{self, NOW, With};
use crate::platform;

/// As `verifyJwt` does it.
fn verify(token: &str, keys: &Keys, now: f64, tolerance: f64) -> Result<()> {
    let verified = platform::verify(token, keys)?;
    verified_jwt(&verified, &Expected { now, tolerance, ..Expected::default() }).map(|_| ())
}

/// What both say.
fn agreed(token: &str, keys: &Keys, now: f64, tolerance: f64) -> Option<Code> {
    let verified = verify(token, keys, now, tolerance).map_err(|error| error.code);
    let options = Options { kind: Kind::named("jwt"), now, tolerance, ..Options::default() };
    let report = inspect::inspect_as_sent(token, &With { key: Some(keys.clone()), options, ..With::default() });
    let failed = report.checks.iter().filter(|check| check.outcome == Outcome::Fail);
    let codes: Vec<Code> = failed.map(|check| check.code.unwrap()).collect();
    match verified {
        Ok(()) => assert_eq!((codes, report.outcome), (vec![], "valid"), "{report:#?}"),
        Err(code) => assert!(codes.contains(&code) && report.outcome == "invalid", "{code:?}, but {report:#?}"),
    }
    verified.err()
}

/// Verifying a JWS takes no JWE, which the inspector opens, and no token in another.
fn is_one_jws(token: &str) -> bool {
    let layers = &open_as_sent(token).layers;
    token.replace("%2E", ".").matches('.').count() != 4 && matches!(layers[..], [] | [Layer::Jws(_)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_a_spoilt_token(
        token in select(SIGNED.clone()), edits in edits(), key in 0..KEYS.len(),
        now in select(vec![NOW, NOW - 31.0, NOW + 60.0, NOW + 3600.0, 0.0]), tolerance in select(vec![0.0, 0.0, 1.0, 1e4]),
    ) {
        let token = edited(&token, &edits);
        prop_assume!(is_one_jws(&token));
        agreed(&token, &KEYS[key], now, tolerance);
    }

    #[test]
    fn on_any_claims(
        header in prop_oneof![3 => Just(good::jwt().header), 1 => json(1)], payload in json(2),
        key in select(vec![0, 0, 0, 1, 2, 5]), now in select(vec![NOW, 1_699_999_999.0, NOW + 0.5, 0.0, 1e12]),
        tolerance in select(vec![0.0, 0.0, 0.5, 1e12]),
    ) {
        let token = signed(&header, payload.as_bytes(), Some(SECRET.as_bytes()));
        prop_assume!(is_one_jws(&token));
        agreed(&token, &KEYS[key], now, tolerance);
    }
}

/// What the properties are about: each code that verifying has.
#[test]
fn on_every_code() {
    let good = good::jwt();
    let claims = |from: &str, to: &str| good.with_claims(from, to).signed();
    let header = |to: &str| good.with_header(r#""typ":"JWT""#, to).signed();
    let of = |header: &str, payload: &[u8]| signed(header, payload, Some(SECRET.as_bytes()));
    for (token, key, code) in [
        (good.signed(), 0, None),
        (good.signed(), 1, Some(Code::SignatureFailed)),
        (good.signed(), 3, Some(Code::AlgNotAllowed)),
        (header(r#""kid":"unknown""#), 5, Some(Code::JwksNoMatchingKey)),
        (header(r#""zip":"DEF""#), 0, Some(Code::NotSupported)),
        (header(r#""crit":["exp"],"exp":1"#), 0, Some(Code::NotSupported)),
        (header(r#""kid":7"#), 0, Some(Code::JwsInvalid)),
        (good.with_header("HS256", "none").signed(), 0, Some(Code::NotSupported)),
        (good.signed() + "=", 0, Some(Code::JwsInvalid)),
        (format!(" {}", good.signed()), 0, Some(Code::JwsInvalid)),
        (format!("Bearer {}", good.signed()), 0, Some(Code::JwsInvalid)),
        (wrap(&good.signed()), 0, Some(Code::JwsInvalid)),
        (of(&good.header, b"[]"), 0, Some(Code::JwtInvalid)),
        (of(&good.header, br#"{"a":1,"a":2}"#), 0, Some(Code::JwtInvalid)),
        (of(r#"{"alg":"HS512"}"#, b"{}"), 2, Some(Code::JwkInvalid)),
        (claims("1700000060", "1700000000"), 0, Some(Code::Expired)),
        (claims(r#""nbf":1700000000"#, r#""nbf":1700000001"#), 0, Some(Code::NotYetValid)),
        (claims("1700000060", "null"), 0, Some(Code::ClaimFailed)),
        (claims(r#""nbf""#, r#""aud":7,"nbf""#), 0, Some(Code::ClaimFailed)),
        // What is odd, but no more.
        (claims(r#""nbf""#, r#""aud":[],"nbf""#), 0, None),
        (claims(r#""iat":1700000000"#, r#""iat":1700000000000"#), 0, None),
    ] {
        assert_eq!(agreed(&token, &KEYS[key], NOW, 0.0), code, "{token}");
    }
}
