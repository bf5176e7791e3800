//! Each bit of a token flipped, in its decoded parts and in its text, and the token cut short: all are refused.

use canvas_lms_tokens::Error;
use canvas_lms_tokens::jose::jwa::{CONTENT_ENCRYPTION, Curve, KEY_MANAGEMENT, KeyKind, SIGNATURES, content_named};
use canvas_lms_tokens::jose::{Keys, base64url};

use crate::platform::{decrypt, encrypt, header, keys, sign, verify};

/// The text with one bit of one of its decoded parts flipped, and the index of the part.
fn flipped_in_parts(token: &str) -> Vec<(usize, String)> {
    let parts: Vec<Vec<u8>> = token.split('.').map(|part| base64url::decode(part).unwrap()).collect();
    let mut out = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        for bit in 0..part.len() * 8 {
            let mut parts = parts.clone();
            parts[index][bit / 8] ^= 1 << (bit % 8);
            out.push((index, parts.iter().map(|part| base64url::encode(part)).collect::<Vec<_>>().join(".")));
        }
    }
    out
}

/// The text with one bit flipped, where it stays text.
fn flipped_in_text(token: &str) -> Vec<String> {
    let flip = |bit: usize| {
        let mut bytes = token.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        String::from_utf8(bytes).ok()
    };
    let out: Vec<String> = (0..token.len() * 8).filter_map(flip).collect();
    // The highest bit alone makes it none.
    assert_eq!(out.len(), token.len() * 7);
    out
}

/// Every way of cutting it short, and some of making it longer.
fn other_lengths(token: &str) -> Vec<String> {
    let longer = ["A", "AA", "AAAA", ".", ".AA", ".."].map(|more| [token, more].concat());
    (0..token.len()).map(|length| token[..length].to_owned()).chain(longer).collect()
}

fn is_coded(error: &Error) -> bool {
    let codes = ["INVALID", "NOT_SUPPORTED", "NOT_ALLOWED", "FAILED"];
    codes.iter().any(|code| error.code.as_str().ends_with(code)) && !error.message.is_empty()
}

#[test]
fn no_flipped_bit_of_a_signed_token_is_accepted() {
    for row in SIGNATURES {
        let jwk = keys::for_signature(row);
        let keys = Keys::from(if row.key == KeyKind::Secret { keys::key(&jwk) } else { keys::public(&jwk) });
        let token = sign(b"{}", &keys::key(&jwk), &header(&[("alg", row.name)])).unwrap();
        verify(&token, &keys).unwrap();

        let parts = flipped_in_parts(&token);
        assert_eq!(parts.len(), token.split('.').map(|part| part.len() * 3 / 4 * 8).sum::<usize>());
        for (part, altered) in parts {
            let error = verify(&altered, &keys).expect_err(&altered);
            // Payload and signature are compared, not read.
            let is_right = if part == 0 { is_coded(&error) } else { error.code.as_str().contains("SIGNATURE") };
            assert!(is_right, "{} {altered}: {error:?}", row.name);
        }
        for altered in flipped_in_text(&token).into_iter().chain(other_lengths(&token)) {
            assert!(is_coded(&verify(&altered, &keys).expect_err(&altered)), "{} {altered}", row.name);
        }
    }
}

#[test]
fn the_parts_of_two_signed_tokens_are_not_mixed() {
    for row in SIGNATURES {
        let key = keys::key(&keys::for_signature(row));
        let make = |payload: &[u8], typ| sign(payload, &key, &header(&[("alg", row.name), ("typ", typ)])).unwrap();
        let (one, two) = (make(b"1", "a"), make(b"2", "b"));
        let (one, two): (Vec<&str>, Vec<&str>) = (one.split('.').collect(), two.split('.').collect());
        let keys = Keys::from(key);
        for choice in 0..8_usize {
            let mixed: Vec<&str> =
                (0..3).map(|part| if choice >> part & 1 == 0 { one[part] } else { two[part] }).collect();
            let is_whole = choice == 0 || choice == 7;
            assert_eq!(verify(&mixed.join("."), &keys).is_ok(), is_whole, "{} {choice}", row.name);
        }
    }
}

/// One algorithm of every family, with one content encryption of either kind.
fn encrypted() -> Vec<(&'static str, &'static str, Option<Curve>)> {
    vec![
        ("dir", "A128GCM", None),
        ("dir", "A128CBC-HS256", None),
        ("A256KW", "A256GCM", None),
        ("A128KW", "A256CBC-HS512", None),
        ("A192GCMKW", "A192CBC-HS384", None),
        ("RSA-OAEP", "A128GCM", None),
        ("RSA-OAEP-256", "A128CBC-HS256", None),
        ("ECDH-ES", "A192GCM", Some(Curve::P256)),
        ("ECDH-ES", "A128CBC-HS256", Some(Curve::X25519)),
        ("ECDH-ES+A128KW", "A128GCM", Some(Curve::P384)),
        ("ECDH-ES+A256KW", "A128GCM", Some(Curve::P521)),
        ("ECDH-ES+A192KW", "A128GCM", Some(Curve::X25519)),
    ]
}

#[test]
fn no_flipped_bit_of_an_encrypted_token_is_accepted() {
    for (alg, enc, curve) in encrypted() {
        let row = KEY_MANAGEMENT.iter().find(|row| row.name == alg).unwrap();
        let jwk = match curve {
            Some(curve) => keys::on(curve),
            None => keys::for_management(row, content_named(enc).unwrap()).remove(0),
        };
        let key = keys::key(&jwk);
        let token = encrypt(b"{}", &key, &header(&[("alg", alg), ("enc", enc)])).unwrap();
        let keys = Keys::from(key);
        decrypt(&token, &keys).unwrap();

        let mut failures = Vec::new();
        for (part, altered) in flipped_in_parts(&token) {
            let error = decrypt(&altered, &keys).expect_err(&altered);
            assert!(is_coded(&error), "{alg} {enc} {altered}");
            if part > 0 {
                failures.push(error);
            }
        }
        // Whichever part it was, in the same words.
        failures.dedup();
        assert_eq!(failures.len(), 1, "{alg} {enc}: {failures:?}");
        assert_eq!(failures[0].code.as_str(), "ERR_JWE_DECRYPTION_FAILED");
        for altered in flipped_in_text(&token).into_iter().chain(other_lengths(&token)) {
            assert!(is_coded(&decrypt(&altered, &keys).expect_err(&altered)), "{alg} {enc} {altered}");
        }
    }
}

#[test]
fn every_content_encryption_binds_header_and_every_part() {
    for enc in CONTENT_ENCRYPTION {
        let key = keys::key(&keys::oct(enc.cek));
        let make = |plaintext: &[u8], typ: &str| {
            encrypt(plaintext, &key, &header(&[("alg", "dir"), ("enc", enc.name), ("typ", typ)])).unwrap()
        };
        // So long that their ciphertexts do not happen to be the same.
        let (one, two) = (make(b"one plaintext of a token", "a"), make(b"two plaintexts of tokens", "b"));
        let keys = Keys::from(key.clone());
        let (one, two): (Vec<&str>, Vec<&str>) = (one.split('.').collect(), two.split('.').collect());
        for part in [0, 2, 3, 4] {
            let mut mixed = one.clone();
            mixed[part] = two[part];
            assert!(decrypt(&mixed.join("."), &keys).is_err(), "{} {part}", enc.name);
        }
    }
}
