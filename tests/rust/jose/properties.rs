//! What holds for any text, bytes and secrets: a value or a coded error, never a panic; what is written is read again.

use std::sync::LazyLock;

use canvas_lms_tokens::jose::jwa::{CONTENT_ENCRYPTION, Curve, KEY_MANAGEMENT, KeyKind, SIGNATURES};
use canvas_lms_tokens::jose::{self, Decryption, Key, Keys, Material, Secret, Verification, base64url, jwk, pem};
use canvas_lms_tokens::json::{self, Json, Number, Object};
use canvas_lms_tokens::{Code, Error, Result};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::platform::{self, header, keys};

/// That an error is one: a code of the list, a message in the house style.
fn coded<T>(result: Result<T>) -> std::result::Result<Option<T>, TestCaseError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) => {
            prop_assert!(Code::ALL.contains(&error.code));
            prop_assert!(is_a_sentence(&error), "{:?}", error);
            Ok(None)
        }
    }
}

fn is_a_sentence(error: &Error) -> bool {
    !error.message.is_empty() && !error.message.ends_with('.') && error.message.chars().count() < 400
}

/// Text of what the readers look for, so that more than the first character is read.
fn near_json() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        "\"(kty|alg|enc|crit|epk|k|n|e|x|y|d|oct|RSA|EC|P-256|a)\"",
        "-?[0-9]{1,3}(\\.[0-9]{1,2})?([eE][+-]?[0-9]{1,3})?",
        "(true|false|null| |\\n|\"|\\\\u[0-9a-f]{4}|\\\\.)",
    ];
    vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

fn near_token() -> impl Strategy<Value = String> {
    let part =
        prop_oneof![near_json().prop_map(|text| base64url::encode(text.as_bytes())), "[A-Za-z0-9_-]{0,40}", ".*"];
    vec(part, 1..7).prop_map(|parts| parts.join("."))
}

fn near_pem() -> impl Strategy<Value = String> {
    let label = "(PUBLIC KEY|PRIVATE KEY|CERTIFICATE|RSA PUBLIC KEY|RSA PRIVATE KEY|EC PRIVATE KEY|X)";
    // DER that nests, and DER that does not.
    let der = vec(prop_oneof![Just(0x30_u8), Just(6), Just(2), Just(3), Just(4), 0..20_u8, any::<u8>()], 0..60);
    (label, der).prop_map(|(label, der)| platform::pem::armour(&label, &der))
}

/// Any JSON value, its numbers written as they come.
fn json() -> impl Strategy<Value = Json> {
    let number = prop_oneof![any::<i64>().prop_map(Json::from), near_number()];
    let leaf = prop_oneof![Just(Json::Null), any::<bool>().prop_map(Json::Bool), text().prop_map(Json::String), number];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![vec(inner.clone(), 0..8).prop_map(Json::Array), members(inner).prop_map(Json::Object)]
    })
}

/// Any text, control characters in it.
fn text() -> impl Strategy<Value = String> {
    vec(prop_oneof![any::<char>(), (0..0x30_u8).prop_map(char::from)], 0..12).prop_map(String::from_iter)
}

fn near_number() -> impl Strategy<Value = Json> {
    "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?".prop_map(|text| json::read(&text).unwrap())
}

fn members(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Object> {
    let members = vec((text(), value), 0..12);
    members.prop_map(|members| members.iter().map(|(name, value)| (name.as_str(), value.clone())).collect())
}

static EVERY_KEY: LazyLock<Vec<Keys>> = LazyLock::new(|| {
    let jwks = [keys::oct(32), keys::rsa()].into_iter().chain(Curve::ALL.map(keys::on));
    jwks.map(|jwk| Keys::from(keys::key(&jwk))).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_decoded_or_refused(text in prop_oneof![any::<String>(), near_token(), near_json()]) {
        if let Some(decoded) = coded(jose::decode(&text))? {
            prop_assert!(!decoded.layers.is_empty());
            // The header is what was sent, to the byte.
            prop_assert!(json::read(decoded.header.as_json()).is_ok());
        }
        let _ = jose::unwrap(&text);
    }

    #[test]
    fn any_text_is_a_token_or_refused(text in prop_oneof![any::<String>(), near_token()]) {
        for keys in EVERY_KEY.iter() {
            if let Some(question) = coded(Verification::new(&text, keys, None))? {
                prop_assert!(question.mac_is_right() != Some(true));
            }
            if let Some(decryption) = coded(Decryption::new(&text, keys, None, None))? {
                prop_assert!(decryption.decrypt(None, &mut platform::random).is_err());
            }
        }
    }

    #[test]
    fn any_object_is_a_key_or_refused(jwk in members(json()), kty in "(oct|RSA|EC|OKP)", crv in "(P-256|X25519)") {
        coded(jwk::parse(&jwk))?;
        coded(Keys::parse_set(&jwk))?;
        let mut jwk = jwk;
        for (name, value) in [("kty", kty.as_str()), ("crv", &crv), ("k", "AA"), ("n", "AA"), ("e", "AQAB"), ("x", "AA")] {
            jwk.set(name, Json::from(value));
        }
        coded(jwk::parse(&jwk))?;
        let set: Object = [("keys", Json::Array(vec![Json::Object(jwk)]))].into_iter().collect();
        coded(Keys::parse_set(&set))?;
    }

    #[test]
    fn any_text_is_a_pem_or_refused(text in prop_oneof![any::<String>(), near_pem()]) {
        coded(pem::parse(&text))?;
    }

    #[test]
    fn any_text_is_json_or_refused(text in prop_oneof![any::<String>(), near_json()]) {
        let ours = coded(json::read(&text).map_err(Error::from))?;
        // serde_json is laxer: it takes the last of duplicate names, and numbers of any length.
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert!(ours.is_none() || theirs, "{}", text);
    }

    #[test]
    fn json_written_is_read_again(value in json()) {
        let text = value.to_json();
        prop_assert_eq!(json::read(&text).unwrap(), value);
        prop_assert_eq!(json::read(&text).unwrap().to_json(), text.clone());
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn a_number_is_near_the_float_of_the_same_digits(text in "-?(0|[1-9][0-9]{0,340})(\\.[0-9]{1,30})?(e-?[0-9]{1,3})?") {
        let exact: f64 = text.parse().unwrap();
        match json::read(&text) {
            Ok(Json::Number(number)) => {
                let found = number.as_f64();
                prop_assert!(!found.is_nan());
                let is_near = (found - exact).abs() <= exact.abs() * 1e-14 + 1e-300 || found.to_bits() == exact.to_bits();
                // At the edge of the range the last digits decide.
                prop_assert!(is_near || exact.abs() > 1e308, "{} {} {}", text, found, exact);
            }
            Ok(other) => prop_assert!(false, "{:?}", other),
            Err(_) => prop_assert!(exact.abs() > 1e308, "{}", text),
        }
    }

    #[test]
    fn integers_keep_every_digit(value in any::<i64>()) {
        let number = Number::from(value);
        prop_assert_eq!(number.as_i64(), Some(value));
        prop_assert_eq!(number.is_unsafe_integer(), value.unsigned_abs() > (1 << 53) - 1);
    }

    #[test]
    fn base64url_is_read_in_one_form_only(bytes in vec(any::<u8>(), 0..200), text in "[A-Za-z0-9_-]{0,20}") {
        let written = base64url::encode(&bytes);
        prop_assert_eq!(base64url::decode(&written).unwrap(), bytes.clone());
        let standard = base64url::encode_standard(&bytes);
        prop_assert_eq!(base64url::decode_standard(&standard).unwrap(), bytes);
        if let Some(bytes) = coded(base64url::decode(&text))? {
            prop_assert_eq!(base64url::encode(&bytes), text);
        }
    }

    #[test]
    fn any_payload_and_secret_are_signed_and_verified(payload in vec(any::<u8>(), 0..300), secret in vec(any::<u8>(), 1..200)) {
        prop_assume!(Secret::new(secret.clone(), "secret").is_ok());
        let secret = Secret::new(secret, "secret").unwrap();
        for row in SIGNATURES.iter().filter(|row| row.key == KeyKind::Secret) {
            let key = Key::secret(secret.clone(), None);
            let token = platform::sign(&payload, &key, &header(&[("alg", row.name)])).unwrap();
            let keys = Keys::from(key);
            let verified = platform::verify(&token, &keys).unwrap();
            prop_assert_eq!(verified.payload(), payload.as_slice());
            let other = Secret::new([secret.as_bytes(), b"x"].concat(), "secret").unwrap();
            prop_assert!(platform::verify(&token, &Key::secret(other, None).into()).is_err());
        }
    }
}

/// One of these rows.
fn any_of<T: std::fmt::Debug + 'static>(rows: &'static [T]) -> impl Strategy<Value = &'static T> {
    (0..rows.len()).prop_map(|index| &rows[index])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_payload_and_header_are_signed_and_verified(
        row in any_of(SIGNATURES), payload in vec(any::<u8>(), 0..300), more in members(json())
    ) {
        let mut header = keys::changed(&more, &["crit", "b64", "zip", "kid"].map(|name| (name, None)));
        header.set("alg", Json::from(row.name));
        let key = keys::key(&keys::for_signature(row));
        let token = platform::sign(&payload, &key, &header).unwrap();
        let verified = platform::verify(&token, &key.into()).unwrap();
        prop_assert_eq!(verified.payload(), payload.as_slice());
        prop_assert_eq!(verified.header().members(), &header);
    }

    #[test]
    fn any_plaintext_is_encrypted_and_decrypted(
        (row, enc) in (any_of(KEY_MANAGEMENT), any_of(CONTENT_ENCRYPTION)),
        plaintext in vec(any::<u8>(), 0..100),
        bytes in vec(any::<u8>(), 64)
    ) {
        let keys = if row.key == KeyKind::Secret {
            let length = if row.kek == 0 { enc.cek } else { row.kek };
            let secret = Secret::new(bytes[..length].to_vec(), "secret").unwrap();
            vec![Key::new(Material::Secret(secret))]
        } else {
            keys::for_management(row, enc).iter().map(keys::key).collect()
        };
        for key in keys {
            let header = header(&[("alg", row.name), ("enc", enc.name)]);
            let token = platform::encrypt(&plaintext, &key, &header).unwrap();
            prop_assert_eq!(&platform::decrypt(&token, &key.into()).unwrap().1, &plaintext);
        }
    }
}
