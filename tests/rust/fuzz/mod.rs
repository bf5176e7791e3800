//! Decoding, verifying, decrypting and reading keys with inputs altered at random, for `FUZZ_SECONDS` each or for a fixed
//! number: no panic, coded errors only, and nothing accepted that was not sealed with the key.

mod mutate;

use canvas_lms_tokens::jose::claims::Expected;
use canvas_lms_tokens::jose::jwa::{CONTENT_ENCRYPTION, Curve, Hash, KEY_MANAGEMENT, SIGNATURES, content_named};
use canvas_lms_tokens::jose::{
    self, Compact, Decryption, Key, Keys, Layer, Verification, base64url, content, jwk, mac, pem, verified_jwt,
};
use canvas_lms_tokens::json;
use canvas_lms_tokens::{Error, Result};
use mutate::{Rng, fuzz};

use crate::platform::{self, header, keys};

/// Every token of the vectors, and one of each algorithm.
fn tokens() -> Vec<String> {
    let canvas: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../vectors/canvas.json")).unwrap();
    let cases = canvas.into_iter().chain(platform::vectors::all());
    let mut out: Vec<String> = cases.filter_map(|case| Some(case["token"].as_str()?.to_owned())).collect();
    for row in SIGNATURES {
        let claims = br#"{"iss":"a","sub":7,"aud":["b"],"exp":2000000000,"nbf":1,"iat":1}"#;
        out.push(platform::sign(claims, &keys::key(&keys::for_signature(row)), &header(&[("alg", row.name)])).unwrap());
    }
    for (row, enc) in KEY_MANAGEMENT.iter().zip(CONTENT_ENCRYPTION.iter().cycle()) {
        for jwk in keys::for_management(row, enc) {
            let header = header(&[("alg", row.name), ("enc", enc.name)]);
            out.push(platform::encrypt(b"{}", &keys::key(&jwk), &header).unwrap());
        }
    }
    out
}

fn every_key() -> Vec<Key> {
    let lengths = [16, 24, 32, 48, 64].map(keys::oct);
    let jwks = lengths.into_iter().chain([keys::rsa()]).chain(Curve::ALL.map(keys::on));
    jwks.map(|jwk| keys::key(&jwk)).collect()
}

fn outcome<T>(result: Result<T>, good: impl FnOnce(T) -> String) -> String {
    result.map_or_else(|error| refusal(&error), good)
}

/// An error in the house style, in words.
fn refusal(error: &Error) -> String {
    assert!(!error.message.is_empty() && error.message.chars().count() < 500, "{error:?}");
    [error.code.as_str(), error.at.as_deref().unwrap_or_default(), &error.message].join(" ")
}

#[test]
fn decoding() {
    let outcomes = fuzz("decoding", tokens(), |text, _| {
        outcome(jose::decode(text), |decoded| {
            let kinds = decoded.layers.iter().map(|layer| match layer {
                Layer::Base64 => 'b',
                Layer::Jws(_) => 's',
                Layer::Jwe(_) => 'e',
            });
            if let Some((claims, text)) = &decoded.claims {
                assert_eq!(json::read_object(text.as_bytes()).unwrap(), *claims);
                assert_eq!(json::read_object(claims.to_json().as_bytes()).unwrap(), *claims);
            }
            kinds.chain([if decoded.claims.is_some() { 'c' } else { '-' }]).collect()
        })
    });
    assert!(outcomes > 60, "{outcomes}");
}

#[test]
fn verifying() {
    let keys: Vec<Keys> = every_key().into_iter().map(Keys::from).collect();
    let tokens = tokens();
    let secret = base64url::decode(keys::oct(64).text("k").unwrap()).unwrap();
    let outcomes = fuzz("verifying", tokens.clone(), |text, rng| {
        // Every other one gets the right MAC, so that what follows is reached.
        let sealed = if rng.below(2) == 0 { with_right_mac(text, &secret) } else { None };
        let (text, is_sealed) = sealed.map_or((text.to_owned(), false), |sealed| (sealed, true));
        let keys = if is_sealed { &keys[4] } else { rng.pick(&keys) };
        outcome(Verification::new(&text, keys, None), |question| {
            let is_right = question.mac_is_right();
            assert!(is_right != Some(true) || is_sealed || tokens.contains(&text), "forged");
            let verified = question
                .conclude(is_right.unwrap_or(true))
                .and_then(|verified| verified_jwt(&verified, &Expected { now: 1e9, ..Expected::default() }));
            outcome(verified, |_| "verified".to_owned())
        })
    });
    assert!(outcomes > 80, "{outcomes}");
}

/// The first two parts with their HMAC.
fn with_right_mac(text: &str, secret: &[u8]) -> Option<String> {
    let (input, _) = text.rsplit_once('.').filter(|(input, _)| input.matches('.').count() == 1)?;
    let mac = mac::mac(Hash::Sha256, secret, &[input.as_bytes()]);
    Some([input, ".", &base64url::encode(&mac)].concat())
}

#[test]
fn decrypting() {
    let keys: Vec<Keys> = every_key().into_iter().map(Keys::from).collect();
    let tokens = tokens();
    let outcomes = fuzz("decrypting", tokens.clone(), |text, rng| {
        let sealed = if rng.below(2) == 0 { with_right_tag(text, rng) } else { None };
        let (text, is_sealed) = sealed.map_or((text.to_owned(), false), |sealed| (sealed, true));
        let keys = if is_sealed { &keys[0] } else { rng.pick(&keys) };
        outcome(Decryption::new(&text, keys, None, None), |decryption| {
            let length = *rng.pick(&[0, 1, 16, 24, 32, 48, 64, 66]);
            let answer = Some(rng.bytes(length)).filter(|_| length > 0);
            let result = decryption.decrypt(answer.as_deref(), &mut platform::random);
            assert!(result.is_err() || is_sealed || tokens.contains(&text), "forged");
            outcome(result, |_| "decrypted".to_owned())
        })
    });
    assert!(outcomes > 100, "{outcomes}");
}

/// The header of a JWE with a ciphertext and tag that are right for it with `dir` and A128GCM.
fn with_right_tag(text: &str, rng: &mut Rng) -> Option<String> {
    let Ok(Compact::Jwe(jwe)) = Compact::parse(text) else { return None };
    let secret = base64url::decode(keys::oct(16).text("k").unwrap()).unwrap();
    let (enc, iv) = (content_named("A128GCM").unwrap(), rng.bytes(12));
    let (ciphertext, tag) = content::encrypt(enc, &secret, &iv, jwe.aad.as_bytes(), b"{}").unwrap();
    let parts = [iv, ciphertext, tag].map(|part| base64url::encode(&part));
    Some([&jwe.aad, ".", &base64url::encode(&jwe.encrypted_key), ".", &parts.join(".")].concat())
}

#[test]
fn reading_keys() {
    let jwks = platform::vectors::all().into_iter().filter_map(|case| case.get("key").map(ToString::to_string));
    let own = [keys::oct(32), keys::rsa()].into_iter().chain(Curve::ALL.map(keys::on));
    let mut corpus: Vec<String> = jwks.chain(own.clone().map(|jwk| jwk.to_json())).collect();
    for jwk in own.skip(1) {
        corpus.extend([platform::pem::spki(&jwk), platform::pem::pkcs8(&jwk), platform::pem::certificate(&jwk, 3)]);
    }
    let outcomes = fuzz("reading keys", corpus, |text, rng| {
        if text.trim_start().starts_with('-') {
            return outcome(pem::parse(&der_altered(text, rng)), |key| format!("{key:?}"));
        }
        let object = json::read_object(text.as_bytes()).map_err(canvas_lms_tokens::Error::from);
        outcome(object, |object| {
            let _ = Keys::parse_set(&object);
            outcome(jwk::parse(&object), |key| {
                // What is written of a key is the same key.
                let members = jwk::to_members(&key);
                assert_eq!(jwk::to_members(&jwk::parse(&members).unwrap()), members);
                format!("{key:?}")
            })
        })
    });
    assert!(outcomes > 80, "{outcomes}");
}

/// A PEM with one byte of its DER altered; other text as it is.
fn der_altered(text: &str, rng: &mut Rng) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('-')).collect();
    let label = text.lines().next().and_then(|line| line.strip_prefix("-----BEGIN ")?.strip_suffix("-----"));
    match (label, openssl::base64::decode_block(&lines.concat())) {
        (Some(label), Ok(mut der)) if !der.is_empty() => {
            let at = rng.below(der.len().min(60));
            der[at] = rng.bytes(1)[0];
            platform::pem::armour(label, &der)
        }
        _ => text.to_owned(),
    }
}
