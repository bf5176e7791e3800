//! One group for each operation, one row for each library. Every result is looked at once before it is timed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use core::time::Duration;
use std::hint::black_box;
use std::time::{SystemTime, UNIX_EPOCH};

use canvas_lms_tokens::inspect::{self, Options, Signature};
use canvas_lms_tokens::jose::claims::Expected;
use canvas_lms_tokens::jose::{
    Decryption, Encryption, Key, Keys, Recipient, Secret, Verification, decode, thumbprint, verified_jwt,
};
use canvas_lms_tokens::json::{self, Json, Object};
use canvas_lms_tokens::lti2::{Assertion, AssertionParams, Id};
use criterion::Criterion;
use josekit::jwe::{self, Dir};
use josekit::jws::{self, JwsHeader};
use josekit::jwt::{self, JwtPayload, JwtPayloadValidator};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Map, Value};

const SECRET: &[u8] = b"a secret of 32 characters, as is.";
const CONTENT: [u8; 32] = [7; 32];
const AUDIENCE: &str = "https://school.example/api/lti/accounts/1/authorize";
const SUB: &str = "123123-ad13-ac233";
const JTI: &str = "688700c2-4bc1-40b7-83e5-7cbf54f93335";
const LIFETIME: u32 = 3600;
const JWK: &str = r#"{"kty":"RSA","e":"AQAB","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"}"#;

pub(crate) fn run() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let now = u32::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let token = ours_signed(now);
    sign(&mut criterion, now, &token);
    verify(&mut criterion, now, &token);
    decoding(&mut criterion, &token);
    decrypt(&mut criterion, &token);
    inspecting(&mut criterion, now, &token);
    thumbprints(&mut criterion);
    criterion.final_summary();
}

/// A secret that was read before.
fn secret(bytes: &[u8]) -> Secret {
    Secret::new(bytes.to_vec(), "secret").unwrap()
}

fn one_key(bytes: &[u8]) -> Keys {
    Keys::One(Box::new(Key::secret(secret(bytes), None)))
}

fn ours_signed(now: u32) -> String {
    let params = AssertionParams {
        sub: Id::Text(SUB.to_owned()),
        aud: AUDIENCE.to_owned(),
        exp: Some(i64::from(now + LIFETIME)),
        iat: Some(i64::from(now)),
        jti: Some(JTI.to_owned()),
        lifetime: None,
    };
    Assertion::build(params, 0, || Ok([0; 16])).unwrap().sign(&secret(SECRET))
}

fn sign(criterion: &mut Criterion, now: u32, token: &str) {
    let claims: Map<String, Value> = [
        ("sub", SUB.into()),
        ("aud", AUDIENCE.into()),
        ("exp", (now + LIFETIME).into()),
        ("iat", now.into()),
        ("jti", JTI.into()),
    ]
    .into_iter()
    .map(|(name, value): (&str, Value)| (name.to_owned(), value))
    .collect();
    let (header, key) = (Header::new(Algorithm::HS256), EncodingKey::from_secret(SECRET));
    let jsonwebtoken = || jsonwebtoken::encode(&header, &claims, &key).unwrap();
    let payload = JwtPayload::from_map(claims.clone()).unwrap();
    let signer = jws::HS256.signer_from_bytes(SECRET).unwrap();
    let mut their_header = JwsHeader::new();
    their_header.set_token_type("JWT");
    let josekit = || jwt::encode_with_signer(&payload, &their_header, &signer).unwrap();
    // Members may be in another order.
    for other in [jsonwebtoken(), josekit()] {
        assert_eq!(claims_of(&other), claims_of(token));
        verified(&other, &one_key(SECRET), &expected(now));
    }

    let mut group = criterion.benchmark_group("HS256 sign");
    group.bench_function("canvas-lms-tokens", |b| b.iter(|| ours_signed(black_box(now))));
    group.bench_function("jsonwebtoken", |b| b.iter(jsonwebtoken));
    group.bench_function("josekit", |b| b.iter(josekit));
    group.finish();
}

fn claims_of(token: &str) -> Value {
    serde_json::from_str(&decode(token).unwrap().claims.unwrap().1).unwrap()
}

fn expected(now: u32) -> Expected {
    Expected { audience: Some(vec![AUDIENCE.to_owned()]), now: f64::from(now), ..Expected::default() }
}

fn verified(token: &str, keys: &Keys, expected: &Expected) -> Object {
    let verification = Verification::new(token, keys, None).unwrap();
    let is_right = verification.mac_is_right().unwrap();
    verified_jwt(&verification.conclude(is_right).unwrap(), expected).unwrap().claims
}

fn verify(criterion: &mut Criterion, now: u32, token: &str) {
    let (keys, expected) = (one_key(SECRET), expected(now));
    let key = DecodingKey::from_secret(SECRET);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[AUDIENCE]);
    let jsonwebtoken =
        |token: &str| jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation).unwrap().claims;
    let verifier = jws::HS256.verifier_from_bytes(SECRET).unwrap();
    let mut validator = JwtPayloadValidator::new();
    validator.set_base_time(UNIX_EPOCH + Duration::from_secs(now.into()));
    validator.set_audience(AUDIENCE);
    let josekit = |token: &str| {
        let (payload, _) = jwt::decode_with_verifier(token, &verifier).unwrap();
        validator.validate(&payload).unwrap();
        payload
    };
    assert_eq!(Value::Object(jsonwebtoken(token)), claims_of(token));
    assert_eq!(Value::Object(josekit(token).claims_set().clone()), claims_of(token));

    let mut group = criterion.benchmark_group("HS256 verify");
    group.bench_function("canvas-lms-tokens", |b| b.iter(|| verified(black_box(token), &keys, &expected)));
    group.bench_function("jsonwebtoken", |b| b.iter(|| jsonwebtoken(black_box(token))));
    group.bench_function("josekit", |b| b.iter(|| josekit(black_box(token))));
    group.finish();
}

fn decoding(criterion: &mut Criterion, token: &str) {
    let jsonwebtoken = |token: &str| jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token).unwrap();
    assert_eq!(Value::Object(jsonwebtoken(token).claims), claims_of(token));

    let mut group = criterion.benchmark_group("decode");
    group.bench_function("canvas-lms-tokens", |b| b.iter(|| decode(black_box(token)).unwrap()));
    group.bench_function("jsonwebtoken", |b| b.iter(|| jsonwebtoken(black_box(token))));
    group.finish();
}

fn decrypt(criterion: &mut Criterion, token: &str) {
    let header: Object = [("alg", Json::from("dir")), ("enc", Json::from("A256GCM"))].into_iter().collect();
    let mut random = |buffer: &mut [u8]| {
        buffer.fill(9);
        Ok(())
    };
    let key = Key::secret(secret(&CONTENT), None);
    let encryption = Encryption::new(&key, header, &mut random).unwrap();
    let encrypted = encryption.seal(token.as_bytes(), Recipient::Shared, &mut random).unwrap();
    let keys = one_key(&CONTENT);
    let mut ours =
        |encrypted: &str| Decryption::new(encrypted, &keys, None, None).unwrap().decrypt(None, &mut random).unwrap().1;
    let decrypter = Dir.decrypter_from_bytes(CONTENT).unwrap();
    let josekit = |encrypted: &str| jwe::deserialize_compact(encrypted, &decrypter).unwrap().0;
    assert_eq!(ours(&encrypted).as_slice(), token.as_bytes());
    assert_eq!(josekit(&encrypted), token.as_bytes());

    let mut group = criterion.benchmark_group("dir+A256GCM decrypt");
    group.bench_function("canvas-lms-tokens", |b| b.iter(|| ours(black_box(&encrypted))));
    group.bench_function("josekit", |b| b.iter(|| josekit(black_box(&encrypted))));
    group.finish();
}

fn inspecting(criterion: &mut Criterion, now: u32, token: &str) {
    let keys = one_key(SECRET);
    let options = Options { endpoint: Some(AUDIENCE.to_owned()), now: f64::from(now), ..Options::default() };
    let inspected = |token: &str| {
        let opened = inspect::open(token);
        let verification = Verification::new(opened.signed().unwrap(), &keys, None).unwrap();
        assert_eq!(verification.mac_is_right(), Some(true));
        inspect::report(&opened, &Signature::Right(Some(SECRET)), &options)
    };
    assert_eq!(inspected(token).outcome, "valid");
    criterion.bench_function("inspect/canvas-lms-tokens", |b| b.iter(|| inspected(black_box(token))));
}

fn thumbprints(criterion: &mut Criterion) {
    let ours = |jwk: &str| thumbprint(&json::read_object(jwk.as_bytes()).unwrap()).unwrap();
    let jsonwebtoken =
        |jwk: &str| serde_json::from_str::<Jwk>(jwk).unwrap().thumbprint(ThumbprintHash::SHA256).unwrap();
    assert_eq!(ours(JWK), jsonwebtoken(JWK));

    let mut group = criterion.benchmark_group("thumbprint");
    group.bench_function("canvas-lms-tokens", |b| b.iter(|| ours(black_box(JWK))));
    group.bench_function("jsonwebtoken", |b| b.iter(|| jsonwebtoken(black_box(JWK))));
    group.finish();
}
