//! Keys that live elsewhere: what may be asked of one, what its answers become, and `RSA1_5`, which no other key decrypts.

use canvas_lms_tokens::jose::jwa::{KeyKind, SIGNATURES, signature_named};
use canvas_lms_tokens::jose::{Ask, Decryption, Key, Keys, Purpose, SigningInput, Verification, jwk};
use canvas_lms_tokens::json::Object;
use canvas_lms_tokens::{Error, Result};
use josekit::jwe::{self, JweHeader};
use openssl::encrypt::Decrypter;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;

use crate::platform::vectors::{key, named, text};
use crate::platform::{crypto, keys, random};

/// RSAES-PKCS1-v1_5, as a key that lives elsewhere does it.
fn unwrap(key: &PKey<Private>, encrypted: &[u8]) -> Option<Vec<u8>> {
    let mut decrypter = Decrypter::new(key).unwrap();
    decrypter.set_rsa_padding(Padding::PKCS1).unwrap();
    let mut out = vec![0; decrypter.decrypt_len(encrypted).ok()?];
    let length = decrypter.decrypt(encrypted, &mut out).ok()?;
    out.truncate(length);
    Some(out)
}

fn external(alg: &str) -> Keys {
    Key::external(alg, None, Purpose::Decrypt).unwrap().into()
}

fn only(alg: &str) -> [String; 1] {
    [alg.to_owned()]
}

/// What an unwrapKey gives for an encrypted key.
type Unwrapped<'a> = &'a dyn Fn(&[u8]) -> Option<Vec<u8>>;

fn decrypt(
    token: &str,
    keys: &Keys,
    algorithms: Option<&[String]>,
    unwrap: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>> {
    let decryption = Decryption::new(token, keys, algorithms, None)?;
    let Ask::Unwrap(encrypted) = decryption.ask() else { panic!("something else is asked") };
    let cek = unwrap(encrypted);
    Ok(decryption.decrypt(cek.as_deref(), &mut random)?.1.to_vec())
}

fn facts(error: &Error) -> (&str, Option<&str>, &str) {
    (error.code.as_str(), error.at.as_deref(), &error.message)
}

#[test]
#[allow(deprecated)] // As it should be.
fn rsa1_5_of_the_rfcs_and_of_josekit_is_unwrapped_elsewhere() {
    for name in ["rfc7516-a2", "rfc7520-5.1"] {
        let case = named(name);
        let own = crypto::private(&key(&case["key"]));
        let keys = external("RSA1_5");
        let found = decrypt(text(&case, "token"), &keys, Some(&only("RSA1_5")), |encrypted| unwrap(&own, encrypted));
        assert_eq!(String::from_utf8(found.unwrap()).unwrap(), text(&case, "plaintext"), "{name}");
    }
    let own = keys::rsa();
    let theirs = josekit::jwk::Jwk::from_bytes(jwk::to_public_members(&keys::key(&own)).to_json()).unwrap();
    for enc in ["A128GCM", "A256CBC-HS512"] {
        let mut header = JweHeader::new();
        header.set_content_encryption(enc);
        let encrypter = jwe::RSA1_5.encrypter_from_jwk(&theirs).unwrap();
        let token = jwe::serialize_compact(b"text", &header, &encrypter).unwrap();
        let private = crypto::private(&keys::key(&own));
        let found =
            decrypt(&token, &external("RSA1_5"), Some(&only("RSA1_5")), |encrypted| unwrap(&private, encrypted));
        assert_eq!(found.unwrap(), b"text");
    }
}

#[test]
fn whatever_fails_is_the_same_error() {
    let case = named("rfc7516-a2");
    let (token, own) = (text(&case, "token"), crypto::private(&key(&case["key"])));
    let (keys, algorithms) = (external("RSA1_5"), only("RSA1_5"));
    let altered = {
        let (rest, tag) = token.rsplit_once('.').unwrap();
        format!("{rest}.{}", if tag.starts_with('A') { tag.replacen('A', "B", 1) } else { format!("A{}", &tag[1..]) })
    };
    let right = |encrypted: &[u8]| unwrap(&own, encrypted);
    let fails: [(&str, Unwrapped<'_>); 5] = [
        (&altered, &right),
        (token, &|_| None),
        (token, &|_| Some(Vec::new())),
        (token, &|_| Some(vec![7; 32])),
        (token, &|encrypted| unwrap(&own, encrypted).map(|cek| cek[1..].to_vec())),
    ];
    for (token, unwrap) in fails {
        let error = decrypt(token, &keys, Some(&algorithms), unwrap).unwrap_err();
        assert_eq!(
            facts(&error),
            (
                "ERR_JWE_DECRYPTION_FAILED",
                None,
                "decryption failed: another key, an altered token, or an unwrapKey that threw or gave no key of the right length"
            )
        );
    }
}

#[test]
fn rsa1_5_needs_such_a_key_and_the_callers_word() {
    let case = named("rfc7516-a2");
    let new = |keys: &Keys, algorithms: Option<&[String]>| {
        Decryption::new(text(&case, "token"), keys, algorithms, None).map(|_| ()).unwrap_err()
    };
    let in_memory = key(&case["key"]).into();
    for algorithms in [None, Some(only("RSA1_5")), Some(only("RSA-OAEP"))] {
        for keys in [&in_memory, &external("RSA-OAEP"), &external("RSA-OAEP-256")] {
            let error = new(keys, algorithms.as_ref().map(<[String; 1]>::as_slice));
            assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JOSE_NOT_SUPPORTED", Some("header.alg")));
            assert!(error.message.contains("give algorithms: ['RSA1_5'] and a key { alg: 'RSA1_5', unwrapKey }"));
        }
    }
    let keys = external("RSA1_5");
    let error = new(&keys, None);
    let expected = "RSA1_5 is decrypted only where the options name it among the algorithms to accept";
    assert_eq!(facts(&error), ("ERR_JOSE_ALG_NOT_ALLOWED", Some("header.alg"), expected));
    let error = new(&keys, Some(&only("RSA-OAEP")));
    let expected = "RSA1_5 is not among the algorithms that the options allow";
    assert_eq!(facts(&error), ("ERR_JOSE_ALG_NOT_ALLOWED", Some("header.alg"), expected));
}

#[test]
fn a_key_is_for_its_algorithm_and_purpose_alone() {
    let refused = |alg: &str, purpose| Key::external(alg, None, purpose).unwrap_err();
    for (alg, purpose, code, message) in [
        (
            "RSA-OAEP",
            Purpose::Sign,
            "ERR_ARGUMENT",
            "alg: RSA-OAEP signs nothing, expected a signature algorithm such as RS256",
        ),
        (
            "RSA1_5",
            Purpose::Verify,
            "ERR_ARGUMENT",
            "alg: RSA1_5 signs nothing, expected a signature algorithm such as RS256",
        ),
        (
            "RS256",
            Purpose::Decrypt,
            "ERR_ARGUMENT",
            "alg: RS256 encrypts no key, expected a key management algorithm such as RSA-OAEP-256",
        ),
        (
            "dir",
            Purpose::Decrypt,
            "ERR_ARGUMENT",
            "alg: dir has no encrypted key, expected a key management algorithm that has one",
        ),
        ("none", Purpose::Sign, "ERR_JOSE_NOT_SUPPORTED", "alg \"none\" is refused: an unsecured token proves nothing"),
        (
            "PBES2-HS256+A128KW",
            Purpose::Decrypt,
            "ERR_JOSE_NOT_SUPPORTED",
            "alg \"PBES2-HS256+A128KW\" is refused: the sender chooses how long the reader computes",
        ),
    ] {
        assert_eq!(facts(&refused(alg, purpose)), (code, Some("alg"), message));
    }
    let rs256 = Key::external("RS256", Some("k".to_owned()), Purpose::Sign).unwrap();
    let signed = SigningInput::new(b"{}", &rs256, &Object::default()).unwrap();
    assert!(signed.as_bytes().starts_with(b"eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ."));
    assert!(signed.mac().is_none());
    let token = signed.seal(&[1; 256]);
    let other = Key::external("PS256", None, Purpose::Verify).unwrap().into();
    let error = Verification::new(&token, &other, None).map(|_| ()).unwrap_err();
    let expected = "the key lives elsewhere and is for PS256 alone, not for RS256";
    assert_eq!(facts(&error), ("ERR_JOSE_ALG_NOT_ALLOWED", Some("header.alg"), expected));
}

#[test]
fn signatures_have_the_lengths_that_the_platform_gives() {
    for row in SIGNATURES {
        let own = keys::key(&keys::for_signature(row));
        let input = SigningInput::new(b"{}", &own, &[("alg", row.name.into())].into_iter().collect()).unwrap();
        let signature = input.mac().unwrap_or_else(|| crypto::sign(row.name, &own, input.as_bytes()));
        assert_eq!(row.signature(&signature).unwrap(), signature, "{}", row.name);
        // RSA keys of a few bits more than 2048 make longer ones.
        let is_rsa = row.key == KeyKind::Rsa;
        assert_eq!(row.signature(&[signature, vec![0]].concat()).is_ok(), is_rsa, "{}", row.name);
    }
}

#[test]
fn der_becomes_r_and_s() {
    let joined =
        |alg: &str, der: &[u8]| signature_named(alg).unwrap().signature(der).map(|signature| signature.to_vec());
    let number = |bytes: &[u8]| [&[2, u8::try_from(bytes.len()).unwrap()], bytes].concat();
    let sequence = |r: &[u8], s: &[u8]| {
        let content = [number(r), number(s)].concat();
        let length = content.len();
        let length =
            if length < 128 { vec![u8::try_from(length).unwrap()] } else { vec![0x81, u8::try_from(length).unwrap()] };
        [vec![0x30], length, content].concat()
    };
    for (alg, size) in [("ES256", 32), ("ES384", 48), ("ES512", 66)] {
        // The largest, with the zero that keeps it positive, and short ones.
        let high = [vec![0], vec![0xff; size]].concat();
        let found = joined(alg, &sequence(&high, &[9])).unwrap();
        assert_eq!(found, [vec![0xff; size], vec![0; size - 1], vec![9]].concat(), "{alg}");
        assert_eq!(joined(alg, &sequence(&[0], &[1])).unwrap(), [vec![0; 2 * size - 1], vec![1]].concat());
        for wrong in [
            sequence(&[1; 67], &[1]),
            sequence(&[0x80], &[1]),
            sequence(&[0, 1], &[1]),
            sequence(&[], &[1]),
            [sequence(&[1], &[1]), vec![0]].concat(),
            [vec![0x30, 0x80], number(&[1]), number(&[1]), vec![0, 0]].concat(),
            [vec![0x30, 0x81, 6], number(&[1]), number(&[1])].concat(),
            [vec![0x31, 6], number(&[1]), number(&[1])].concat(),
            [vec![0x30, 3], number(&[1])].concat(),
            Vec::new(),
        ] {
            assert_eq!(joined(alg, &wrong).unwrap_err().code.as_str(), "ERR_KEY_OPERATION", "{alg} {wrong:?}");
        }
    }
    assert!(joined("EdDSA", &sequence(&[1], &[1])).is_err());
    assert!(joined("RS256", &sequence(&[1], &[1])).is_err());
}
