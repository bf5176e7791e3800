//! Every example of the RFCs in `vectors/`: verified, decrypted, made again to the byte, or refused for the right reason.

use canvas_lms_tokens::jose::jwa::{
    CONTENT_ENCRYPTION, ContentEncryption, KEY_MANAGEMENT, Management, Mode, content_named, management_named,
};
use canvas_lms_tokens::jose::{
    self, Decryption, Encryption, Header, Key, Keys, Recipient, Verification, content, jwk, key_wrap, mac,
};
use canvas_lms_tokens::json::{self, Json, Object};
use canvas_lms_tokens::{Error, Result};
use serde_json::Value;

use crate::platform::vectors::{all, bytes, expecting, key, named, object, text};
use crate::platform::{self, crypto, keys};

/// The key without a `kid`, which would be added to a header.
fn nameless(jwk: &Value) -> Key {
    keys::key(&keys::changed(&object(jwk), &[("kid", None)]))
}

#[test]
fn no_example_is_left_out() {
    let count = |kind: &str, expect: &str| expecting(expect, &[kind]).len();
    for (kind, pass, refuse) in [
        ("jws", 9, 8),
        ("jwe", 9, 11),
        ("jwk", 10, 0),
        ("jwk-set", 3, 0),
        ("thumbprint", 2, 0),
        ("content-encryption", 3, 0),
        ("key-agreement", 2, 1),
        ("key-wrap", 6, 0),
    ] {
        assert_eq!((count(kind, "pass"), count(kind, "refuse")), (pass, refuse), "{kind}");
    }
    assert_eq!(all().len(), 64);
}

#[test]
fn signatures_are_verified_and_made_again() {
    let mut again = Vec::new();
    for case in expecting("pass", &["jws"]) {
        let name = text(&case, "name");
        let (token, payload) = (text(&case, "token"), text(&case, "payload"));
        let public = case.get("public_key").unwrap_or(&case["key"]);
        let verified = platform::verify(token, &key(public).into()).unwrap();
        assert_eq!(verified.payload(), payload.as_bytes(), "{name}");
        assert_eq!(verified.header().as_json(), text(&case, "header"), "{name}");

        if case["deterministic"] != true {
            continue;
        }
        let signer = nameless(&case["key"]);
        let sent = verified.header();
        let made = platform::sign(payload.as_bytes(), &signer, sent.members()).unwrap();
        if Header::new(sent.members().clone()) == *sent {
            assert_eq!(made, token, "{name}");
            again.push(name.to_owned());
        } else {
            // White space in the header: not what we write, but what is signed can be signed again.
            let input = text(&case, "signing_input").as_bytes();
            let mac = jose::mac::mac(jose::jwa::Hash::Sha256, &bytes(&case["key"], "k"), &[input]);
            assert_eq!(mac.to_vec(), bytes(&case, "signature_b64u"), "{name}");
            assert!(platform::verify(&made, &signer.into()).is_ok(), "{name}");
        }
    }
    assert_eq!(again, ["rfc7515-a2", "rfc7520-4.1", "rfc7520-4.4", "rfc8037-a4"]);
}

#[test]
fn tokens_are_decrypted_and_encrypted_again() {
    let mut again = Vec::new();
    for case in expecting("pass", &["jwe"]) {
        let (name, token) = (text(&case, "name"), text(&case, "token"));
        let (header, plaintext) = platform::decrypt(token, &key(&case["key"]).into()).unwrap();
        assert_eq!(plaintext, text(&case, "plaintext").as_bytes(), "{name}");
        assert_eq!(header.as_json(), text(&case, "header"), "{name}");

        if case["deterministic"] == true {
            assert_eq!(encrypted_again(&case, &header), token, "{name}");
            again.push(name.to_owned());
        }
    }
    let names = ["rfc7516-a3", "rfc7520-5.4", "rfc7520-5.5", "rfc7520-5.6", "rfc7520-5.7", "rfc7520-5.8"];
    assert_eq!(again, names);
}

/// The token made from the same header with the same CEK, initialization vectors and agreed value.
fn encrypted_again(case: &Value, header: &Header) -> String {
    let key = nameless(&case["key"]);
    let management = management_named(text(case, "alg")).unwrap().management;
    let agreed = management == Management::EcdhEs;
    let recipient = match header.members().get("epk") {
        Some(Json::Object(epk)) => Recipient::Agreed { epk: epk.clone(), z: bytes(case, "z_b64u").into() },
        _ => Recipient::Shared,
    };
    let mut draws = vec![bytes(case, "iv_b64u")];
    if let Some(iv) = header.members().text("iv") {
        draws.insert(0, jose::base64url::decode(iv).unwrap());
    }
    if management != Management::Direct {
        draws.insert(0, bytes(case, "cek_b64u"));
    }
    assert_eq!(agreed, matches!(recipient, Recipient::Agreed { .. }));
    let mut random = platform::scripted(draws);
    let encryption = Encryption::new(&key, header.members().clone(), &mut random).unwrap();
    encryption.seal(text(case, "plaintext").as_bytes(), recipient, &mut random).unwrap()
}

#[test]
fn content_encryption_agrees() {
    // The examples of section 5.2 by themselves, and what is inside every JWE.
    let mut count = 0;
    for case in all().iter().filter(|case| case.get("ciphertext_b64u").is_some() && case.get("cek_b64u").is_some()) {
        let name = text(case, "name");
        if name == "rfc7520-5.9" {
            continue; // What is encrypted there is compressed.
        }
        let enc = content_named(text(case, "enc")).unwrap();
        let (cek, iv, aad) = (bytes(case, "cek_b64u"), bytes(case, "iv_b64u"), text(case, "aad").as_bytes());
        let (plaintext, ciphertext) = (text(case, "plaintext").as_bytes(), bytes(case, "ciphertext_b64u"));
        let tag = bytes(case, "tag_b64u");
        let made = content::encrypt(enc, &cek, &iv, aad, plaintext).unwrap();
        assert_eq!(made, (ciphertext.clone(), tag.clone()), "{name}");
        let opened = content::decrypt(enc, &cek, &iv, aad, &ciphertext, &tag).unwrap();
        assert_eq!(*opened, plaintext, "{name}");
        count += 1;
    }
    assert_eq!(count, 22);
}

/// A key of another length that AES and HMAC would take: what somebody seals with it, its tag right, stays closed.
#[test]
fn content_encryption_takes_keys_of_its_own_length_alone() {
    let mut sealed_with_another = 0;
    for row in CONTENT_ENCRYPTION {
        for length in [0, 16, 24, 32, 48, 64, row.cek - 1, row.cek + 1] {
            let (cek, iv) = (vec![7; length], vec![3; row.iv()]);
            let same_mode = |other: &&ContentEncryption| other.iv() == row.iv() && other.cek == length;
            let other = CONTENT_ENCRYPTION.iter().find(same_mode);
            let sealed = other.and_then(|other| content::encrypt(other, &cek, &iv, b"aad", b"plaintext"));
            sealed_with_another += usize::from(sealed.is_some() && length != row.cek);
            let (ciphertext, mut tag) = sealed.unwrap_or((vec![1; 16], vec![1; 16]));
            if let Mode::CbcHmac(hash) = row.mode {
                // RFC 7518 §5.2.2.1, with the hash of this row.
                let of_aad = 24_u64.to_be_bytes();
                let whole = mac::mac(hash, &cek[..length / 2], &[b"aad", &iv, &ciphertext, &of_aad]);
                tag = whole[..hash.size() / 2].to_vec();
            }
            let opened = content::decrypt(row, &cek, &iv, b"aad", &ciphertext, &tag);
            assert_eq!(opened.is_some(), length == row.cek, "{} with {length} bytes", row.name);
            assert_eq!(content::encrypt(row, &cek, &iv, b"", b"").is_some(), length == row.cek, "{}", row.name);
        }
    }
    assert_eq!(sealed_with_another, 12);
}

#[test]
fn key_wrap_agrees() {
    let mut count = 0;
    for case in all().iter().filter(|case| case["alg"].as_str().is_some_and(|alg| alg.ends_with("KW"))) {
        let derived = bytes(case, "derived_key_b64u");
        let kek = if derived.is_empty() { bytes(&case["key"], "k") } else { derived };
        let (cek, wrapped) = (bytes(case, "cek_b64u"), bytes(case, "encrypted_key_b64u"));
        if case["alg"].as_str().unwrap().ends_with("GCMKW") || wrapped.is_empty() {
            continue; // AES-GCM is made again inside its token; an agreement alone wraps nothing.
        }
        assert_eq!(key_wrap::wrap(&kek, &cek).as_ref(), Some(&wrapped), "{}", case["name"]);
        assert_eq!(key_wrap::unwrap(&kek, &wrapped).as_deref(), Some(&cek), "{}", case["name"]);
        count += 1;
    }
    assert_eq!(count, 16);
}

#[test]
fn key_agreements_agree() {
    let mut count = 0;
    for case in all().iter().filter(|case| case.get("z_b64u").is_some() && case["expect"] == "pass") {
        let name = text(case, "name");
        let (alg, enc) = (management_named(text(case, "alg")).unwrap(), content_named(text(case, "enc")).unwrap());
        let z = bytes(case, "z_b64u");
        if case["ephemeral_key"].get("d").is_some() {
            let (ephemeral, recipient) = (key(&case["ephemeral_key"]), key(&case["public_key"]));
            assert_eq!(crypto::agree(&ephemeral, &recipient), Some(z.clone()), "{name}");
        }
        let header = object(&serde_json::from_str(text(case, "header")).unwrap());
        let info = |name: &str| jose::base64url::decode(header.text(name).unwrap_or_default()).unwrap();
        let (algorithm, length) = if alg.kek == 0 { (enc.name, enc.cek) } else { (alg.name, alg.kek) };
        let derived = key_wrap::derive(&z, algorithm, &info("apu"), &info("apv"), length).unwrap();
        assert_eq!(*derived, bytes(case, "derived_key_b64u"), "{name}");
        count += 1;
    }
    assert_eq!(count, 5);
}

#[test]
fn keys_are_read_and_have_the_thumbprints_of_the_rfcs() {
    let mut count = 0;
    for case in expecting("pass", &["jwk", "jwk-set", "thumbprint"]) {
        let pairs: Vec<(Value, Value)> = if let Some(key) = case.get("key") {
            vec![(key.clone(), case["thumbprint"].clone())]
        } else {
            let set: Object = [("keys", Json::Array(members(&case["keys"])))].into_iter().collect();
            assert!(matches!(Keys::parse_set(&set), Ok(Keys::Set(_))));
            let thumbprints = case["thumbprints"].as_array().unwrap().clone();
            case["keys"].as_array().unwrap().clone().into_iter().zip(thumbprints).collect()
        };
        for (jwk, thumbprint) in pairs {
            let key = key(&jwk);
            assert_eq!(jose::thumbprint(&object(&jwk)).unwrap(), thumbprint, "{}", case["name"]);
            assert_eq!(jose::thumbprint(&jwk::to_public_members(&key)).unwrap(), thumbprint, "{}", case["name"]);
            assert_eq!(key.kid(), jwk["kid"].as_str());
            count += 1;
        }
        if let Some(input) = case.get("thumbprint_input") {
            assert_eq!(jwk::to_public_members(&key(&case["key"])).to_json(), *input);
        }
    }
    assert_eq!(count, 18);
}

fn members(list: &Value) -> Vec<Json> {
    list.as_array().unwrap().iter().map(|member| Json::Object(object(member))).collect()
}

/// Verifies or decrypts, by the case's type.
fn open(case: &Value, token: &str, key: Key) -> Result<()> {
    let keys = key.into();
    if case["type"] == "jws" {
        return platform::verify(token, &keys).map(|_| ());
    }
    platform::decrypt(token, &keys).map(|_| ())
}

#[test]
fn what_is_refused_is_refused_for_its_reason() {
    let mut refused = 0;
    for (name, code, at, message) in [
        ("rfc7515-a5", "ERR_JOSE_NOT_SUPPORTED", "header.alg", "alg \"none\" is refused: an unsecured"),
        ("rfc7515-e", "ERR_JOSE_NOT_SUPPORTED", "header.alg", "alg \"none\" is refused: an unsecured"),
        ("rfc7516-a2", "ERR_JOSE_NOT_SUPPORTED", "header.alg", "alg \"RSA1_5\" is refused: deprecated"),
        ("rfc7520-5.1", "ERR_JOSE_NOT_SUPPORTED", "header.alg", "alg \"RSA1_5\" is refused: deprecated"),
        ("rfc7517-c9", "ERR_JOSE_NOT_SUPPORTED", "header.alg", "alg \"PBES2-HS256+A128KW\" is refused: the sender"),
        ("rfc7520-5.3", "ERR_JOSE_NOT_SUPPORTED", "header.alg", "alg \"PBES2-HS512+A256KW\" is refused: the sender"),
        ("rfc7520-5.9", "ERR_JOSE_NOT_SUPPORTED", "header.zip", "compressed tokens (zip) are refused"),
        ("rfc7520-4.5", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", "signature", "the HS256 signature is not this key's"),
    ] {
        let case = named(name);
        let own = case.get("key").map_or_else(|| keys::key(&keys::oct(32)), key);
        check(&open(&case, text(&case, "token"), own).unwrap_err(), (code, at, message), name);
        refused += 1;
    }
    let x448 = jwk::parse(&object(&named("rfc8037-a7")["public_key"])).unwrap_err();
    check(&x448, ("ERR_JOSE_NOT_SUPPORTED", "key.crv", "the key's crv \"X448\" is not supported"), "rfc8037-a7");

    // The others have no compact form.
    let others = expecting("refuse", &["jws", "jwe"]).iter().filter(|case| case.get("token").is_none()).count();
    assert_eq!((refused, others), (8, 11));
}

#[test]
fn json_serializations_are_refused_by_name() {
    let mut count = 0;
    for case in all() {
        for form in ["general", "flattened"] {
            let Some(json) = case[form].as_str() else { continue };
            let code = if case["type"] == "jws" { "ERR_JWS_INVALID" } else { "ERR_JWE_INVALID" };
            for text in [json.to_owned(), [" \n", json].concat()] {
                let own = keys::key(&keys::oct(32));
                check(&open(&case, &text, own).unwrap_err(), (code, "token", "a JSON serialization"), form);
                let decoded = jose::decode(&text).unwrap_err();
                check(&decoded, ("ERR_TOKEN_INVALID", "token", "a JSON serialization"), form);
            }
            assert!(json::read(json).is_ok());
            count += 1;
        }
    }
    assert_eq!(count, 44);
}

fn check(error: &Error, (code, at, message): (&str, &str, &str), name: &str) {
    assert_eq!((error.code.as_str(), error.at.as_deref()), (code, Some(at)), "{name}");
    assert!(error.message.starts_with(message), "{name}: {}", error.message);
    assert!(error.spec.is_some(), "{name}");
}

#[test]
fn a_jws_is_not_decrypted_and_a_jwe_not_verified() {
    let keys = Keys::from(key(&named("rfc7515-a1")["key"]));
    let (jws, jwe) = (named("rfc7515-a1"), named("rfc7516-a3"));
    let error = Decryption::new(text(&jws, "token"), &keys, None, None).unwrap_err();
    check(&error, ("ERR_JWE_INVALID", "token", "3 parts between dots: a JWS, which is verified"), "jws");
    let error = Verification::new(text(&jwe, "token"), &keys, None).unwrap_err();
    check(&error, ("ERR_JWS_INVALID", "token", "5 parts between dots: a JWE, which is decrypted"), "jwe");
    // Every key management algorithm has another name than every signature algorithm.
    assert!(KEY_MANAGEMENT.iter().all(|row| jose::jwa::signature_named(row.name).is_err()));
}
