//! Tokens spoilt at random, and what they are inspected with.

use std::sync::LazyLock;

use canvas_lms_tokens::inspect::{Exchange, Kind, Options};
use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{Keys, wrap};
use canvas_lms_tokens::json::Object;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::good::{self, Good, SECRET, signed};
use super::{NOW, With, secret};
use crate::platform::{self, keys};

const KINDS: [&str; 16] = [
    "lti2-assertion",
    "lti2-access-token",
    "canvas-jwt",
    "inst-access-token",
    "lti13-id-token",
    "lti13-client-assertion",
    "lti13-deep-linking-response",
    "lti13-access-token",
    "lti13-notice",
    "lti13-registration-token",
    "lti13-message-hint",
    "lti13-login-state",
    "oauth-state",
    "jwt",
    "jws",
    "jwe",
];

/// Two secrets, a JWK, two public keys, a set of secrets, a set of public keys.
pub(crate) static KEYS: LazyLock<[Keys; 7]> = LazyLock::new(|| {
    let (oct, rsa) = (keys::oct(32), keys::changed(&keys::rsa(), &[("kid", Some("marked-kid".into()))]));
    let set = |jwks: [&Object; 2]| {
        let text = format!(r#"{{"keys":[{},{}]}}"#, jwks[0].to_json(), jwks[1].to_json());
        Keys::parse_set(&keys::object(&text)).unwrap()
    };
    let p256 = keys::on(Curve::P256);
    let (secrets, others) = (set([&oct, &keys::oct(64)]), set([&rsa, &p256]));
    let p256 = keys::public(&p256).into();
    [secret(SECRET), secret("other"), keys::key(&oct).into(), good::rsa().into(), p256, secrets, others]
});

pub(crate) fn encrypted(alg: &str, enc: &str, text: &str) -> String {
    let (key, header) = (keys::key(&keys::oct(32)), platform::header(&[("alg", alg), ("enc", enc)]));
    platform::encrypt(text.as_bytes(), &key, &header).unwrap()
}

/// Every good token that is signed.
pub(crate) static SIGNED: LazyLock<Vec<String>> = LazyLock::new(|| good::all().iter().map(Good::signed).collect());

/// Tokens of every shape and kind.
pub(crate) static TOKENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let inner = &SIGNED[2];
    let others = [
        wrap(inner),
        wrap(&encrypted("dir", "A256GCM", inner)),
        encrypted("A256KW", "A128CBC-HS256", inner),
        encrypted("dir", "A256GCM", r#"{"sub":"x"}"#),
        signed(r#"{"alg":"HS256"}"#, inner.as_bytes(), Some(SECRET.as_bytes())),
    ];
    SIGNED.iter().cloned().chain(others).collect()
});

/// One way to spoil a text: from a place (in thousandths) on, so many characters are replaced.
type Edit = (usize, usize, String);

pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let telling = "|.|..|=|==|+|/| |\n|\"|%2E|%3D|é|\u{feff}|\0|A|eyJ|{|Bearer |null|e30|e30.e30.|W10";
    let telling = select(telling.split('|').map(str::to_owned).collect::<Vec<_>>());
    vec((0..1000_usize, 0..6_usize, prop_oneof![telling, "[A-Za-z0-9_-]{1,8}", any::<String>()]), 0..4)
}

pub(crate) fn edited(text: &str, edits: &[Edit]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for (place, count, inserted) in edits {
        let start = place * (text.len() + 1) / 1000;
        let end = (start + count).min(text.len());
        text.splice(start..end, inserted.chars());
    }
    text.into_iter().collect()
}

/// JSON text with the names and values that the rules look at, and with others.
pub(crate) fn json(depth: u32) -> impl Strategy<Value = String> {
    let scalars = r#"null true 0 -1 1 1699999999 1700000000 1700000000.5 1.7e9 1700000060 1700000000000 99999999999 1e308 -0 90000000000000001
        "" "x" "Canvas" "HS256" "RS256" "none" "JWT" "1700000000" "https://canvas.test/api/lti/accounts/1/authorize" "instructure:inst_access"
        "LtiDeepLinkingResponse" [] {} ["x"]"#;
    let names = "iss sub aud exp nbf iat jti nonce alg typ kid crit zip b64 enc Iat scopes domain x client_secret
        https://purl.imsglobal.org/spec/lti/claim/message_type";
    let words = |text: &'static str| select(text.split_whitespace().collect::<Vec<_>>());
    words(scalars).prop_map(str::to_owned).prop_recursive(depth, 24, 8, move |inner| {
        prop_oneof![
            4 => vec((words(names), inner.clone()), 0..8).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
            1 => vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(","))),
        ]
    })
}

fn options() -> impl Strategy<Value = Options> {
    let kind = select(KINDS.map(Kind::named).into_iter().chain([None]).collect::<Vec<_>>());
    let endpoints = [good::ENDPOINT, good::TOKEN_ENDPOINT, "", "https://[", "x"];
    let endpoint = proptest::option::of(select(endpoints.map(str::to_owned).to_vec()));
    let time = prop_oneof![Just(NOW), 0.0..4e9, Just(0.0), Just(1e300)];
    let exchange = (any::<bool>(), proptest::option::of(0.0..4e9), any::<bool>())
        .prop_map(|(has_code, server_date, is_invalid_grant)| Exchange { has_code, server_date, is_invalid_grant });
    (kind, endpoint, time, select(vec![0.0, 5.0, 1e9]), proptest::option::of(exchange)).prop_map(
        |(kind, endpoint, now, tolerance, exchange)| Options {
            kind,
            endpoint,
            now,
            tolerance,
            exchange,
            ..Options::default()
        },
    )
}

/// Anything a token may be inspected with.
pub(crate) fn with() -> impl Strategy<Value = With> {
    let key = || proptest::option::of((0..KEYS.len()).prop_map(|index| KEYS[index].clone()));
    (key(), key(), options()).prop_map(|(key, decryption_key, options)| With { key, decryption_key, options })
}
