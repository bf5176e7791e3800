//! What holds for any text: the inspector never panics, and its report says of a JWT what verifying says.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::indexing_slicing)]

mod inspect;
mod platform;

use canvas_lms_tokens::inspect::{Exchange, Kind, Options, Outcome, Report, open};
use canvas_lms_tokens::jose::claims::Expected;
use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{Keys, base64url, verified_jwt, wrap};
use canvas_lms_tokens::{Code, Error, Result};
use inspect::good::{self, Good, SECRET, signed};
use inspect::{NOW, With, secret};
use platform::keys;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const KINDS: [&str; 11] = [
    "lti2-assertion",
    "lti2-access-token",
    "canvas-jwt",
    "inst-access-token",
    "lti13-id-token",
    "lti13-client-assertion",
    "lti13-deep-linking-response",
    "lti13-access-token",
    "jwt",
    "jws",
    "jwe",
];

fn encrypted(alg: &str, enc: &str, text: &str) -> String {
    let (key, header) = (keys::key(&keys::oct(32)), platform::header(&[("alg", alg), ("enc", enc)]));
    platform::encrypt(text.as_bytes(), &key, &header).unwrap()
}

/// Tokens of every shape and kind.
fn real() -> Vec<String> {
    let mut tokens: Vec<String> = good::all().iter().map(Good::signed).collect();
    let inner = tokens[2].clone();
    tokens.extend([
        wrap(&inner),
        wrap(&encrypted("dir", "A256GCM", &inner)),
        encrypted("A256KW", "A128CBC-HS256", &inner),
        encrypted("dir", "A256GCM", r#"{"sub":"x"}"#),
        signed(r#"{"alg":"HS256"}"#, inner.as_bytes(), Some(SECRET.as_bytes())),
    ]);
    tokens
}

/// One way to spoil a text: at a place (of a thousand), so many characters are replaced.
type Edit = (usize, usize, String);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let inserted = prop_oneof![
        select(vec![
            "", ".", "..", "=", "==", "+", "/", " ", "\n", "\"", "%2E", "%3D", "é", "\u{feff}", "\0", "A", "eyJ", "{",
            "Bearer ", "null", "e30", "e30.e30.", "W10",
        ])
        .prop_map(str::to_owned),
        "[A-Za-z0-9_-]{1,8}",
        any::<String>(),
    ];
    vec((0..1000_usize, 0..6_usize, inserted), 0..4)
}

fn edited(text: &str, edits: &[Edit]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for (place, count, inserted) in edits {
        let start = place * (text.len() + 1) / 1000;
        let end = (start + count).min(text.len());
        text.splice(start..end, inserted.chars());
    }
    text.into_iter().collect()
}

fn options() -> impl Strategy<Value = Options> {
    let endpoint =
        select(vec![None, Some(good::ENDPOINT), Some(good::TOKEN_ENDPOINT), Some(""), Some("https://["), Some("x")]);
    let time = prop_oneof![Just(NOW), 0.0..4e9, Just(0.0), Just(1e300)];
    let exchange = (any::<bool>(), proptest::option::of(0.0..4e9), any::<bool>());
    let exchange = exchange.prop_map(|(has_code, server_date, is_invalid_grant)| Exchange {
        has_code,
        server_date,
        is_invalid_grant,
    });
    (
        proptest::option::of(select(KINDS.to_vec())),
        endpoint,
        time,
        select(vec![0.0, 5.0, 1e9]),
        proptest::option::of(exchange),
    )
        .prop_map(|(kind, endpoint, now, tolerance, exchange)| Options {
            kind: kind.and_then(Kind::named),
            endpoint: endpoint.map(str::to_owned),
            now,
            tolerance,
            exchange,
        })
}

fn all_keys() -> Vec<Keys> {
    let (oct, rsa) = (keys::oct(32), keys::rsa());
    let set = format!(
        r#"{{"keys":[{},{}]}}"#,
        keys::changed(&rsa, &[("kid", Some("marked-kid".into()))]).to_json(),
        oct.to_json()
    );
    let set = Keys::parse_set(&keys::object(&set)).unwrap();
    vec![
        secret(SECRET),
        secret("other"),
        keys::key(&oct).into(),
        good::rsa().into(),
        keys::public(&keys::on(Curve::P256)).into(),
        set,
    ]
}

fn with(options: Options, key: Option<usize>) -> With {
    let mut keys = all_keys();
    let decryption_key = Some(keys[2].clone());
    With { key: key.map(|index| keys.swap_remove(index)), decryption_key, options }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_a_report(text in any::<String>(), options in options(), key in proptest::option::of(0..6_usize)) {
        inspect::inspect(&text, &with(options, key));
    }

    #[test]
    fn any_bytes_in_three_parts_get_a_report(
        header in vec(any::<u8>(), 0..40), payload in vec(any::<u8>(), 0..60), signature in vec(any::<u8>(), 0..40),
        options in options(), key in proptest::option::of(0..6_usize),
    ) {
        let parts = [header, payload, signature].map(|bytes| base64url::encode(&bytes));
        inspect::inspect(&parts.join("."), &with(options, key));
    }

    #[test]
    fn any_json_gets_a_report(header in json(2), payload in json(3), options in options()) {
        inspect::inspect(&signed(&header, payload.as_bytes(), Some(SECRET.as_bytes())), &with(options, Some(0)));
    }

    #[test]
    fn a_spoilt_token_gets_a_report(
        token in select(real()), edits in edits(), options in options(), key in proptest::option::of(0..6_usize),
    ) {
        let (opened, report) = inspect::opened_and_inspected(&edited(&token, &edits), &with(options, key));
        prop_assert!(opened.layers.len() <= 8);
        prop_assert!(report.checks.len() < 60);
    }
}

/// JSON text in which the names and values are those that the rules look at, or others.
fn json(depth: u32) -> impl Strategy<Value = String> {
    let scalar = select(vec![
        "null",
        "true",
        "0",
        "-1",
        "1",
        "1699999999",
        "1700000000",
        "1700000000.5",
        "1.7e9",
        "1700000060",
        "1700000000000",
        "99999999999",
        "1e308",
        "-0",
        "90000000000000001",
        "\"\"",
        "\"x\"",
        "\"Canvas\"",
        "\"HS256\"",
        "\"RS256\"",
        "\"none\"",
        "\"JWT\"",
        "\"1700000000\"",
        "\"https://canvas.test/api/lti/accounts/1/authorize\"",
        "\"instructure:inst_access\"",
        "\"LtiDeepLinkingResponse\"",
        "[]",
        "{}",
        "[\"x\"]",
    ])
    .prop_map(str::to_owned);
    let name = select(vec![
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "nonce",
        "alg",
        "typ",
        "kid",
        "crit",
        "zip",
        "b64",
        "enc",
        "Iat",
        "scopes",
        "domain",
        "https://purl.imsglobal.org/spec/lti/claim/message_type",
        "x",
        "client_secret",
        "",
    ]);
    scalar.prop_recursive(depth, 24, 8, move |inner| {
        prop_oneof![
            4 => vec((name.clone(), inner.clone()), 0..8).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("{name:?}:{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
            1 => vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(","))),
        ]
    })
}

/// As `verifyJwt` does it.
fn verify(token: &str, keys: &Keys, now: f64, tolerance: f64) -> Result<()> {
    let verified = platform::verify(token, keys)?;
    verified_jwt(&verified, &Expected { now, tolerance, ..Expected::default() }).map(|_| ())
}

fn failed(report: &Report) -> Vec<Option<Code>> {
    report.checks.iter().filter(|check| check.outcome == Outcome::Fail).map(|check| check.code).collect()
}

fn assert_agreed(
    token: &str,
    key: usize,
    now: f64,
    tolerance: f64,
) -> std::result::Result<Option<Code>, TestCaseError> {
    let keys = all_keys().swap_remove(key);
    let options = Options { kind: Kind::named("jwt"), now, tolerance, ..Options::default() };
    let verified: std::result::Result<(), Error> = verify(token, &keys, now, tolerance);
    let report = inspect::inspect(token, &With { key: Some(keys), options, ..With::default() });
    let failed = failed(&report);
    match &verified {
        Ok(()) => prop_assert_eq!(&failed, &vec![], "{:?}", report),
        Err(error) => prop_assert!(failed.contains(&Some(error.code)), "{:?} but {:#?}", error, report),
    }
    prop_assert_eq!(report.outcome == "valid", verified.is_ok());
    Ok(verified.err().map(|error| error.code))
}

/// Five parts are a JWE, and a token inside a payload is another token: verifying a JWS takes neither.
fn is_one_jws(token: &str) -> bool {
    let layers = open(token).layers.len();
    token.matches('.').count() != 4 && layers < 2
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_report_on_a_spoilt_token_says_what_verifying_says(
        good in select(good::all()), edits in edits(), key in 0..6_usize, now in select(vec![NOW, NOW - 31.0, NOW + 60.0, NOW + 3600.0, 0.0]),
        tolerance in select(vec![0.0, 0.0, 1.0, 1e4]),
    ) {
        let token = edited(&good.signed(), &edits);
        prop_assume!(is_one_jws(&token));
        assert_agreed(&token, key, now, tolerance)?;
    }

    #[test]
    fn the_report_on_any_claims_says_what_verifying_says(
        header in prop_oneof![3 => Just(good::jwt().header), 1 => json(1)], payload in json(2), key in select(vec![0, 0, 0, 1, 2, 5]),
        now in select(vec![NOW, 1_699_999_999.0, NOW + 0.5, 0.0, 1e12]), tolerance in select(vec![0.0, 0.0, 0.5, 1e12]),
    ) {
        let token = signed(&header, payload.as_bytes(), Some(SECRET.as_bytes()));
        prop_assume!(is_one_jws(&token));
        assert_agreed(&token, key, now, tolerance)?;
    }
}

/// The properties above are about something: each code comes out.
#[test]
fn every_code_of_verifying_is_reported() {
    let good = good::jwt();
    let claims = |from: &str, to: &str| good.with_claims(from, to).signed();
    let header = |to: &str| good.with_header(r#""typ":"JWT""#, to).signed();
    for (token, key, code) in [
        (good.signed(), 0, None),
        (good.signed(), 1, Some(Code::SignatureFailed)),
        (good.signed(), 3, Some(Code::AlgNotAllowed)),
        (header(r#""kid":"unknown""#), 5, Some(Code::JwksNoMatchingKey)),
        (header(r#""zip":"DEF""#), 0, Some(Code::NotSupported)),
        (header(r#""kid":7"#), 0, Some(Code::JwsInvalid)),
        (good.with_header("HS256", "none").signed(), 0, Some(Code::NotSupported)),
        (good.signed() + "=", 0, Some(Code::JwsInvalid)),
        (format!(" {}", good.signed()), 0, Some(Code::JwsInvalid)),
        (format!("Bearer {}", good.signed()), 0, Some(Code::JwsInvalid)),
        (wrap(&good.signed()), 0, Some(Code::JwsInvalid)),
        (signed(&good.header, b"[]", Some(SECRET.as_bytes())), 0, Some(Code::JwtInvalid)),
        (signed(&good.header, b"{\"a\":1,\"a\":2}", Some(SECRET.as_bytes())), 0, Some(Code::JwtInvalid)),
        (signed(r#"{"alg":"HS512"}"#, b"{}", Some(SECRET.as_bytes())), 2, Some(Code::JwkInvalid)),
        (claims("1700000060", "1700000000"), 0, Some(Code::Expired)),
        (claims(r#""nbf":1700000000"#, r#""nbf":1700000001"#), 0, Some(Code::NotYetValid)),
        (claims("1700000060", "null"), 0, Some(Code::ClaimFailed)),
        (claims(r#""nbf""#, r#""aud":7,"nbf""#), 0, Some(Code::ClaimFailed)),
        (claims(r#""nbf""#, r#""aud":[],"nbf""#), 0, None),
    ] {
        assert_eq!(assert_agreed(&token, key, NOW, 0.0).unwrap(), code, "{token}");
    }
}
