//! The same tokens with josekit: signed here and verified there, and the other way round; encrypted likewise. What
//! follows from the same header, keys and random bytes is the same to the byte.

use canvas_lms_tokens::jose::jwa::{
    CONTENT_ENCRYPTION, ContentEncryption, Curve, KEY_MANAGEMENT, KeyKind, KeyManagement, Management, SIGNATURES,
    content_named,
};
use canvas_lms_tokens::jose::{Compact, Encryption, Key, Recipient, UntrustedJwe, base64url, content, jwk, key_wrap};
use canvas_lms_tokens::json::Object;
use josekit::jwe::{self, JweDecrypter, JweEncrypter, JweHeader};
use josekit::jwk::Jwk;
use josekit::jws::{self, JwsHeader, JwsSigner, JwsVerifier};

use crate::platform;
use crate::platform::crypto;
use crate::platform::keys::{self, object};

/// josekit's half of an algorithm: what makes and what opens.
type Pair<M, O> = (Box<M>, Box<O>);

fn theirs(jwk: &Object) -> Jwk {
    Jwk::from_bytes(jwk.to_json()).unwrap()
}

fn their_signature(alg: &str, private: &Jwk, public: &Jwk) -> Pair<dyn JwsSigner, dyn JwsVerifier> {
    macro_rules! rows {
        ($($name:literal $algorithm:ident)*) => {
            match alg {
                $($name => (
                    Box::new(jws::$algorithm.signer_from_jwk(private).unwrap()),
                    Box::new(jws::$algorithm.verifier_from_jwk(public).unwrap()),
                ),)*
                _ => panic!("josekit does not know {alg}"),
            }
        };
    }
    rows! {
        "HS256" HS256 "HS384" HS384 "HS512" HS512 "RS256" RS256 "RS384" RS384 "RS512" RS512
        "PS256" PS256 "PS384" PS384 "PS512" PS512 "ES256" ES256 "ES384" ES384 "ES512" ES512 "EdDSA" EdDSA
    }
}

fn their_management(alg: &str, private: &Jwk, public: &Jwk) -> Pair<dyn JweEncrypter, dyn JweDecrypter> {
    macro_rules! rows {
        ($($name:literal $algorithm:ident)*) => {
            match alg {
                $($name => (
                    Box::new(jwe::$algorithm.encrypter_from_jwk(public).unwrap()),
                    Box::new(jwe::$algorithm.decrypter_from_jwk(private).unwrap()),
                ),)*
                _ => panic!("josekit does not know {alg}"),
            }
        };
    }
    rows! {
        "dir" Dir "A128KW" A128KW "A192KW" A192KW "A256KW" A256KW
        "A128GCMKW" A128GCMKW "A192GCMKW" A192GCMKW "A256GCMKW" A256GCMKW
        "RSA-OAEP" RSA_OAEP "RSA-OAEP-256" RSA_OAEP_256
        "ECDH-ES" ECDH_ES "ECDH-ES+A128KW" ECDH_ES_A128KW "ECDH-ES+A192KW" ECDH_ES_A192KW
        "ECDH-ES+A256KW" ECDH_ES_A256KW
    }
}

/// Both halves of a key, or the secret twice.
fn halves(jwk: &Object) -> (Key, Key) {
    (keys::key(jwk), keys::public(jwk))
}

const PAYLOAD: &[u8] = b"{\"sub\":90000000000000001}\0\xff not only text";

#[test]
fn signatures_are_verified_both_ways() {
    let mut same = Vec::new();
    for row in SIGNATURES {
        let jwk = keys::for_signature(row);
        let (private, public) = halves(&jwk);
        let public_jwk = theirs(&jwk::to_public_members(&private));
        let (signer, verifier) = their_signature(row.name, &theirs(&jwk), &public_jwk);
        for payload in [PAYLOAD, b""] {
            let protected = object(&format!(r#"{{"x":[1,"é"],"typ":"JWT","alg":"{}","kid":"a"}}"#, row.name));
            let ours = platform::sign(payload, &private, &protected).unwrap();
            let (found, _) = jws::deserialize_compact(&ours, &*verifier).unwrap();
            assert_eq!(found, payload, "{}", row.name);

            let text = r#"{"typ":"JWT","x":[1,"é"],"kid":"a"}"#;
            let header = JwsHeader::from_bytes(text.as_bytes()).unwrap();
            let theirs = jws::serialize_compact(payload, &header, &*signer).unwrap();
            let read = platform::verify(&theirs, &public.clone().into()).unwrap();
            assert_eq!(read.payload(), payload, "{}", row.name);

            let again = platform::sign(payload, &private, read.header().members()).unwrap();
            assert_eq!(again.rsplit_once('.').unwrap().0, theirs.rsplit_once('.').unwrap().0, "{}", row.name);
            if again == theirs {
                same.push(row.name);
            }
        }
    }
    // Those with a random number in them are not.
    let names = ["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "EdDSA"];
    assert_eq!(same, names.map(|name| [name, name]).concat());
}

#[test]
fn tokens_are_decrypted_both_ways() {
    let mut count = 0;
    for row in KEY_MANAGEMENT {
        for enc in CONTENT_ENCRYPTION {
            for jwk in keys::for_management(row, enc) {
                both_ways(row, enc, &jwk);
                count += 1;
            }
        }
    }
    assert_eq!(count, (9 + 4 * 4) * 6);
}

fn both_ways(row: &KeyManagement, enc: &ContentEncryption, jwk: &Object) {
    let name = format!("{} {} {:?}", row.name, enc.name, jwk.text("crv"));
    let (private, public) = halves(jwk);
    let (encrypter, decrypter) = their_management(row.name, &theirs(jwk), &theirs(&jwk::to_public_members(&private)));
    // Lengths around a block.
    for plaintext in [PAYLOAD, &PAYLOAD[..16], b""] {
        let parties = if row.key == KeyKind::Agreement { r#","apu":"QWxpY2U","apv":"Qm9i""# } else { "" };
        let text = format!(r#"{{"alg":"{}","enc":"{}"{parties},"kid":"b"}}"#, row.name, enc.name);
        let ours = platform::encrypt(plaintext, &public, &object(&text)).unwrap();
        let (found, _) = jwe::deserialize_compact(&ours, &*decrypter).expect(&name);
        assert_eq!(found, plaintext, "{name}");

        let text = format!(r#"{{"enc":"{}"{parties},"x":{{"y":null}}}}"#, enc.name);
        let header = JweHeader::from_bytes(text.as_bytes()).unwrap();
        let made = jwe::serialize_compact(plaintext, &header, &*encrypter).expect(&name);
        let (_, found) = platform::decrypt(&made, &private.clone().into()).expect(&name);
        assert_eq!(found, plaintext, "{name}");
        assert_eq!(made_again(&made, row, enc, &private, plaintext), made, "{name}");
    }
}

/// Their token made here from its own header, content encryption key, initialization vectors and agreed value.
fn made_again(token: &str, row: &KeyManagement, enc: &ContentEncryption, key: &Key, plaintext: &[u8]) -> String {
    let Compact::Jwe(sent) = Compact::parse(token).unwrap() else { panic!("no JWE") };
    let members = sent.header.members();
    let text = |name| base64url::decode(members.text(name).unwrap()).unwrap();
    let epk = members.get("epk").and_then(|epk| epk.as_object());
    let z = epk.map(|epk| crypto::agree(key, &keys::key(epk)).unwrap());
    let recipient = match (row.management, &z) {
        (Management::RsaOaep, _) => Recipient::Encrypted(sent.encrypted_key.clone()),
        (_, Some(z)) => Recipient::Agreed { epk: epk.unwrap().clone(), z: z.clone().into() },
        _ => Recipient::Shared,
    };
    let mut draws = vec![sent.iv.clone()];
    if row.management == Management::AesGcmKw {
        draws.insert(0, text("iv"));
    }
    if row.management != Management::Direct {
        draws.insert(0, sent_cek(&sent, row, enc, key, z));
    }
    let mut random = platform::scripted(draws);
    let encryption = Encryption::new(key, members.clone(), &mut random).unwrap();
    encryption.seal(plaintext, recipient, &mut random).unwrap()
}

fn sent_cek(
    sent: &UntrustedJwe,
    row: &KeyManagement,
    enc: &ContentEncryption,
    key: &Key,
    z: Option<Vec<u8>>,
) -> Vec<u8> {
    let members = sent.header.members();
    let bytes = |name| base64url::decode(members.text(name).unwrap_or_default()).unwrap();
    let own = jwk::to_members(key).text("k").map(|k| base64url::decode(k).unwrap());
    match row.management {
        Management::Direct => Vec::new(),
        Management::AesKw => key_wrap::unwrap(&own.unwrap(), &sent.encrypted_key).unwrap().to_vec(),
        Management::AesGcmKw => {
            let gcm = content_named(&row.name.replace("KW", "")).unwrap();
            let (iv, tag) = (bytes("iv"), bytes("tag"));
            content::decrypt(gcm, &own.unwrap(), &iv, &[], &sent.encrypted_key, &tag).unwrap().to_vec()
        }
        Management::RsaOaep => crypto::oaep_decrypt(row.name, key, &sent.encrypted_key).unwrap(),
        Management::RsaPkcs1 => unreachable!("it is not among KEY_MANAGEMENT"),
        Management::EcdhEs if row.kek == 0 => vec![0; enc.cek], // Drawn and not used.
        Management::EcdhEs => {
            let kek = key_wrap::derive(&z.unwrap(), row.name, &bytes("apu"), &bytes("apv"), row.kek).unwrap();
            key_wrap::unwrap(&kek, &sent.encrypted_key).unwrap().to_vec()
        }
    }
}

#[test]
fn keys_are_read_both_ways() {
    for curve in Curve::ALL {
        let key = keys::on(curve);
        let again = theirs(&key);
        let text = object(&again.to_string());
        assert_eq!(jwk::to_members(&keys::key(&text)), jwk::to_members(&keys::key(&key)), "{curve:?}");
    }
    let pair = josekit::jwk::alg::rsa::RsaKeyPair::generate(2048).unwrap();
    let read = object(&pair.to_jwk_key_pair().to_string());
    let pem = String::from_utf8(pair.to_pem_private_key()).unwrap();
    let from_pem = canvas_lms_tokens::jose::pem::parse(&pem).unwrap();
    assert_eq!(jwk::to_members(&keys::key(&read)), jwk::to_members(&from_pem));
}
