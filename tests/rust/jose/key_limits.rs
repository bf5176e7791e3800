//! What a key may be used for: its kind, its `alg`, `use` and `key_ops`, its length, its private half.

use canvas_lms_tokens::Result;
use canvas_lms_tokens::jose::jwa::{
    CONTENT_ENCRYPTION, ContentEncryption, Curve, KEY_MANAGEMENT, KeyKind, KeyManagement, Management, SIGNATURES,
    content_named, management_named, signature_named,
};
use canvas_lms_tokens::jose::{Key, Purpose, Secret};
use canvas_lms_tokens::json::{Json, Object};

use crate::platform::keys::{self, changed, oct, on, rsa};
use crate::platform::{self, encrypt, header, sign};

const NOT_ALLOWED: &str = "ERR_JOSE_ALG_NOT_ALLOWED";
const OPERATIONS: [&str; 8] =
    ["sign", "verify", "encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"];

type Check = Box<dyn Fn(&Key) -> Result<()>>;

/// A use of a key: an algorithm, its `use`, the operations of which it needs one, and the check.
struct Use {
    names: Vec<&'static str>,
    usage: &'static str,
    operations: Vec<&'static str>,
    may_be_none: bool,
    key: Object,
    check: Check,
}

/// Every use that a private key can be put to.
fn uses() -> Vec<Use> {
    let enc = content_named("A128CBC-HS256").unwrap();
    let mut out = Vec::new();
    for row in SIGNATURES {
        for (purpose, operation) in [(Purpose::Sign, "sign"), (Purpose::Verify, "verify")] {
            out.push(Use {
                names: vec![row.name],
                usage: "sig",
                operations: vec![operation],
                may_be_none: false,
                key: keys::for_signature(row),
                check: Box::new(move |key| key.check_signature(row, purpose)),
            });
        }
    }
    for row in KEY_MANAGEMENT {
        for purpose in [Purpose::Encrypt, Purpose::Decrypt] {
            let operations = match (row.management, purpose) {
                (Management::Direct, Purpose::Encrypt) => vec!["encrypt"],
                (Management::Direct, _) => vec!["decrypt"],
                (Management::EcdhEs, _) => vec!["deriveKey", "deriveBits"],
                (_, Purpose::Encrypt) => vec!["wrapKey", "encrypt"],
                _ => vec!["unwrapKey", "decrypt"],
            };
            let is_direct = row.management == Management::Direct;
            for key in keys::for_management(row, enc) {
                out.push(Use {
                    names: if is_direct { vec![row.name, enc.name] } else { vec![row.name] },
                    usage: "enc",
                    operations: operations.clone(),
                    may_be_none: row.management == Management::EcdhEs && purpose == Purpose::Encrypt,
                    key,
                    check: Box::new(move |key| key.check_management(row, enc, purpose)),
                });
            }
        }
    }
    out
}

fn refused(result: Result<()>, at: &str, message: &str) {
    let error = result.expect_err(message);
    assert_eq!((error.code.as_str(), error.at.as_deref()), (NOT_ALLOWED, Some(at)), "{}", error.message);
    assert_eq!(error.message, message);
    assert!(error.spec.is_some());
}

#[test]
fn alg_is_obeyed() {
    let uses = uses();
    assert_eq!(uses.len(), 2 * (SIGNATURES.len() + 9 + 4 * 4));
    let every: Vec<&str> =
        SIGNATURES.iter().map(|row| row.name).chain(KEY_MANAGEMENT.iter().map(|row| row.name)).collect();
    let others = CONTENT_ENCRYPTION.iter().map(|row| row.name).chain(["none", "", "hs256", "A128GCMKW "]);
    let every: Vec<&str> = every.into_iter().chain(others).collect();
    for case in &uses {
        for alg in &every {
            let key = keys::key(&changed(&case.key, &[("alg", Some(Json::from(*alg)))]));
            if case.names.contains(alg) {
                assert_eq!((case.check)(&key), Ok(()), "{alg}");
            } else {
                let message = format!("the key's alg is {alg}, not {}", case.names[0]);
                refused((case.check)(&key), "key.alg", &message);
            }
        }
        assert_eq!((case.check)(&keys::key(&case.key)), Ok(()));
    }
}

#[test]
fn use_is_obeyed() {
    for case in uses() {
        for usage in ["sig", "enc", "", "SIG", "other"] {
            let key = keys::key(&changed(&case.key, &[("use", Some(Json::from(usage)))]));
            if usage == case.usage {
                assert_eq!((case.check)(&key), Ok(()));
            } else {
                let message = format!("the key's use is {usage}, not {}", case.usage);
                refused((case.check)(&key), "key.use", &message);
            }
        }
    }
}

#[test]
fn key_ops_are_obeyed() {
    let with = |case: &Use, list: &[&str]| {
        let list = Json::Array(list.iter().map(|name| Json::from(*name)).collect());
        keys::key(&changed(&case.key, &[("key_ops", Some(list))]))
    };
    for case in uses() {
        let message = format!("the key's key_ops lack {}", case.operations.join(" or "));
        for operation in OPERATIONS {
            if case.operations.contains(&operation) {
                assert_eq!((case.check)(&with(&case, &[operation])), Ok(()));
                assert_eq!((case.check)(&with(&case, &["x", operation])), Ok(()));
            } else {
                refused((case.check)(&with(&case, &[operation])), "key.key_ops", &message);
            }
        }
        let others: Vec<&str> = OPERATIONS.into_iter().filter(|name| !case.operations.contains(name)).collect();
        refused((case.check)(&with(&case, &others)), "key.key_ops", &message);
        if case.may_be_none {
            assert_eq!((case.check)(&with(&case, &[])), Ok(()));
        } else {
            refused((case.check)(&with(&case, &[])), "key.key_ops", &message);
        }
    }
}

#[test]
fn an_algorithm_takes_only_its_kind_of_key() {
    let curves = Curve::ALL.map(|curve| {
        let article = if matches!(curve, Curve::Ed25519 | Curve::X25519) { "an" } else { "a" };
        (format!("{article} {} key", curve.name()), on(curve), Some(curve))
    });
    let kinds: Vec<(String, Object, Option<Curve>)> =
        [("a shared secret".to_owned(), oct(64), None), ("an RSA key".to_owned(), rsa(), None)]
            .into_iter()
            .chain(curves)
            .collect();
    let fits = |kind: KeyKind, name: &str, curve: Option<Curve>| match kind {
        KeyKind::Secret => name == "a shared secret",
        KeyKind::Rsa => name == "an RSA key",
        KeyKind::On(wanted) => curve == Some(wanted),
        KeyKind::Agreement => curve.is_some_and(|curve| curve != Curve::Ed25519),
    };
    let enc = content_named("A256CBC-HS512").unwrap();
    for (name, jwk, curve) in &kinds {
        let key = keys::key(jwk);
        let rows = SIGNATURES.iter().map(|row| (row.name, row.key, key.check_signature(row, Purpose::Verify)));
        let others =
            KEY_MANAGEMENT.iter().map(|row| (row.name, row.key, key.check_management(row, enc, Purpose::Encrypt)));
        for (alg, kind, result) in rows.chain(others) {
            if fits(kind, name, *curve) {
                // A secret of 64 bytes is no AES key.
                assert!(result.is_ok() || result.is_err_and(|error| error.message.starts_with("the key has 64 bytes")));
            } else {
                refused(result, "header.alg", &format!("the key is {name}, which {alg} does not use"));
            }
        }
    }
}

#[test]
fn a_public_key_neither_signs_nor_decrypts() {
    for row in SIGNATURES.iter().filter(|row| row.key != KeyKind::Secret) {
        let key = keys::public(&keys::for_signature(row));
        assert_eq!(key.check_signature(row, Purpose::Verify), Ok(()));
        let error = sign(b"", &key, &header(&[("alg", row.name)])).unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("key")));
        assert_eq!(error.message, "key: public, signing takes the private key");
    }
    let enc = content_named("A256GCM").unwrap();
    for row in KEY_MANAGEMENT.iter().filter(|row| row.key != KeyKind::Secret) {
        for jwk in keys::for_management(row, enc) {
            let key = keys::public(&jwk);
            assert_eq!(key.check_management(row, enc, Purpose::Encrypt), Ok(()));
            let token = encrypt(b"", &key, &header(&[("alg", row.name), ("enc", enc.name)])).unwrap();
            let error = platform::decrypt(&token, &key.into()).unwrap_err();
            assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("key")));
            assert_eq!(error.message, "key: public, decrypting takes the private key");
        }
    }
}

#[test]
fn a_symmetric_jwk_is_as_long_as_its_hash_and_a_secret_as_long_as_it_is() {
    for (alg, size) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        let row = signature_named(alg).unwrap();
        for purpose in [Purpose::Sign, Purpose::Verify] {
            for length in [1, 16, size - 1] {
                let error = keys::key(&oct(length)).check_signature(row, purpose).unwrap_err();
                assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JWK_INVALID", Some("key.k")));
                let message = format!("the symmetric JWK has {length} bytes, {alg} takes at least {size}");
                assert_eq!(error.message, message);
            }
            for length in [size, size + 1, 1000] {
                assert_eq!(keys::key(&oct(length)).check_signature(row, purpose), Ok(()));
            }
            for length in [1, 6, size, 1000] {
                let secret = Secret::new(vec![b's'; length], "secret").unwrap();
                assert_eq!(Key::secret(secret, None).check_signature(row, purpose), Ok(()));
            }
        }
    }
}

#[test]
fn a_key_that_wraps_or_encrypts_has_exactly_its_length() {
    let check = |alg: &KeyManagement, enc: &ContentEncryption, right: usize, name: &str| {
        for length in [1, 16, 24, 32, 48, 64, right - 1, right + 1] {
            for purpose in [Purpose::Encrypt, Purpose::Decrypt] {
                let secret = Secret::new(vec![1; length], "key").unwrap();
                for key in [keys::key(&oct(length)), Key::secret(secret, None)] {
                    let result = key.check_management(alg, enc, purpose);
                    if length == right {
                        assert_eq!(result, Ok(()));
                    } else {
                        refused(result, "key", &format!("the key has {length} bytes, {name} takes {right}"));
                    }
                }
            }
        }
    };
    for enc in CONTENT_ENCRYPTION {
        check(management_named("dir").unwrap(), enc, enc.cek, enc.name);
        for alg in KEY_MANAGEMENT.iter().filter(|alg| alg.key == KeyKind::Secret && alg.kek > 0) {
            check(alg, enc, alg.kek, alg.name);
        }
    }
}

#[test]
fn the_text_of_a_key_is_no_secret() {
    let (pem, jwk) = ("-----BEGIN PUBLIC KEY-----\nMFkw", r#"{"kty":"RSA","n":"AQAB"}"#);
    let set = r#"{ "a": 1, "keys" : [] }"#;
    let explained = ["Certificate:\n    Version: 3\n", pem].concat();
    for text in [pem, jwk, set, &explained, "-----BEGIN CERTIFICATE-----"] {
        for before in ["", " ", "\r\n\t ", "\u{feff}", " \u{feff}", "\u{feff}\n "] {
            let error = Secret::new([before, text].concat().into_bytes(), "key.secret").unwrap_err();
            assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_ARGUMENT", Some("key.secret")));
            let message = "key.secret: a PEM or JWK text, expected a shared secret; pass it as a key, not as a secret";
            assert_eq!((error.message.as_str(), error.spec), (message, Some("RFC 8725 §2.1")), "{before:?}{text}");
        }
    }
    let error = Secret::new(vec![], "secret").unwrap_err();
    assert_eq!(error.message, "secret: empty, expected a secret of at least one byte");

    for text in ["s", " ", "{", "{}", r#"{"a":1}"#, "-----BEGIN", "kty", "\u{feff}", "[\"kty\"]", "\0\0"] {
        let secret = Secret::new(text.as_bytes().to_vec(), "secret").unwrap();
        assert_eq!(secret.as_bytes(), text.as_bytes());
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
