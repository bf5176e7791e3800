//! A decryption that fails says nothing of why (RFC 7516 §11.5): one error, the same random bytes drawn, and a key that
//! could not be had replaced by a random one.

use canvas_lms_tokens::jose::jwa::{CONTENT_ENCRYPTION, ContentEncryption, Curve, Hash, Mode, content_named};
use canvas_lms_tokens::jose::{Decryption, Header, Keys, base64url, content, jwk, key_wrap, mac};
use canvas_lms_tokens::json::{Json, Object};
use canvas_lms_tokens::{Code, Error, Result};
use openssl::symm::{Cipher, Crypter, Mode as Direction};

use crate::platform::keys::{self, oct, on, rsa};
use crate::platform::{self, crypto, encrypt, header};

/// Decrypts with what the platform is said to have answered; tells the lengths of the random bytes drawn.
fn open(token: &str, jwk: &Object, answer: Option<&[u8]>) -> (Result<Vec<u8>>, Vec<usize>) {
    let (keys, mut drawn) = (Keys::from(keys::key(jwk)), Vec::new());
    let decryption = Decryption::new(token, &keys, None, None).unwrap();
    let mut random = |buffer: &mut [u8]| {
        drawn.push(buffer.len());
        platform::random(buffer)
    };
    let result = decryption.decrypt(answer, &mut random).map(|(_, plaintext)| plaintext.to_vec());
    (result, drawn)
}

/// That it fails, in the one way there is.
fn fails(token: &str, jwk: &Object, answer: Option<&[u8]>, cek: usize) {
    let (result, drawn) = open(token, jwk, answer);
    let error: Error = result.unwrap_err();
    assert_eq!(error.code, Code::DecryptionFailed);
    assert_eq!(error.message, "decryption failed: another key, or an altered token");
    assert_eq!((error.at.as_deref(), error.spec, error.claim), (None, Some("RFC 7516 §5.2"), None));
    assert_eq!(drawn, drawn_for(token, cek));
}

/// The lengths of the random keys that are drawn: one, whatever became of the wrapped key, but none where none is.
fn drawn_for(token: &str, cek: usize) -> Vec<usize> {
    let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
    if String::from_utf8(header).unwrap().contains("\"alg\":\"dir\"") { vec![] } else { vec![cek] }
}

fn make(alg: &str, enc: &str, jwk: &Object) -> String {
    encrypt(b"plain text", &keys::key(jwk), &header(&[("alg", alg), ("enc", enc)])).unwrap()
}

/// The token with one part changed.
fn altered(token: &str, part: usize, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut parts: Vec<Vec<u8>> = token.split('.').map(|part| base64url::decode(part).unwrap()).collect();
    change(&mut parts[part]);
    parts.iter().map(|part| base64url::encode(part)).collect::<Vec<_>>().join(".")
}

/// The token of these parts.
fn token(header: &Object, encrypted_key: &[u8], iv: &[u8], (ciphertext, tag): &(Vec<u8>, Vec<u8>)) -> String {
    let parts = [encrypted_key, iv, ciphertext, tag].map(base64url::encode).join(".");
    [Header::new(header.clone()).to_part(), parts].join(".")
}

#[test]
fn shared_secrets() {
    for (alg, enc, length) in
        [("dir", "A128GCM", 16), ("dir", "A256CBC-HS512", 64), ("A192KW", "A128GCM", 24), ("A256GCMKW", "A192GCM", 32)]
    {
        let (jwk, cek) = (oct(length), content_named(enc).unwrap().cek);
        let token = make(alg, enc, &jwk);
        assert_eq!(open(&token, &jwk, None), (Ok(b"plain text".to_vec()), drawn_for(&token, cek)));
        let mut other = base64url::decode(jwk.text("k").unwrap()).unwrap();
        other[0] ^= 1;
        let other = keys::changed(&jwk, &[("k", Some(Json::String(base64url::encode(&other))))]);
        fails(&token, &other, None, cek);
        for part in (1..5).filter(|part| alg != "dir" || *part > 1) {
            fails(&altered(&token, part, |bytes| bytes[3] ^= 1), &jwk, None, cek);
        }
        fails(&altered(&token, 3, Vec::clear), &jwk, None, cek);
        fails(&altered(&token, 3, |bytes| bytes.push(0)), &jwk, None, cek);
        if alg != "dir" {
            for length in [1, 7, 8, 15, 16, 17, 23, 25, 32, 1000] {
                fails(&altered(&token, 1, |bytes| bytes.resize(length, 9)), &jwk, None, cek);
            }
        }
    }
}

#[test]
fn a_wrapped_key_of_the_wrong_length() {
    for enc in CONTENT_ENCRYPTION {
        let (kek, header) = ([7; 16], header(&[("alg", "A128KW"), ("enc", enc.name)]));
        let jwk = keys::changed(&oct(16), &[("k", Some(Json::String(base64url::encode(&kek))))]);
        let aad = Header::new(header.clone()).to_part();
        for length in [16, 24, 32, 48, 64] {
            // Where another algorithm takes such a key, a token that it would open.
            let (cek, iv) = (vec![3; length], vec![5; enc.iv()]);
            let same_kind = |row: &&ContentEncryption| row.cek == length && row.iv() == enc.iv();
            let Some(row) = CONTENT_ENCRYPTION.iter().find(same_kind) else { continue };
            let sealed = content::encrypt(row, &cek, &iv, aad.as_bytes(), b"plain text").unwrap();
            if sealed.1.len() != enc.tag() {
                continue;
            }
            let token = token(&header, &key_wrap::wrap(&kek, &cek).unwrap(), &iv, &sealed);
            if length == enc.cek {
                assert!(open(&token, &jwk, None).0.is_ok(), "{}", enc.name);
            } else {
                fails(&token, &jwk, None, enc.cek);
            }
        }
    }
}

#[test]
fn rsa_oaep() {
    // Of a composite key (RFC 7518 §5.2.2.1) the tag proves the first half; another second half may by chance give padding.
    for (alg, enc, proven) in [("RSA-OAEP", "A128GCM", 16), ("RSA-OAEP-256", "A256CBC-HS512", 32)] {
        let (jwk, cek) = (keys::rsa(), content_named(enc).unwrap().cek);
        let token = make(alg, enc, &jwk);
        let encrypted = base64url::decode(token.split('.').nth(1).unwrap()).unwrap();
        let right = crypto::oaep_decrypt(alg, &keys::key(&jwk), &encrypted).unwrap();
        assert_eq!(open(&token, &jwk, Some(&right)), (Ok(b"plain text".to_vec()), vec![cek]));
        fails(&token, &jwk, None, cek);
        for length in (0..cek).chain(cek + 1..80) {
            let mut answer = right.clone();
            answer.resize(length, 0);
            fails(&token, &jwk, Some(&answer), cek);
        }
        for index in 0..proven {
            let mut answer = right.clone();
            answer[index] ^= 0x80;
            fails(&token, &jwk, Some(&answer), cek);
        }
    }
}

#[test]
fn a_key_that_cannot_be_unwrapped_is_replaced_by_a_random_one() {
    let enc = content_named("A128GCM").unwrap();
    let (drawn, iv) = ([0x42; 16], [5; 12]);
    for (alg, jwk, encrypted) in [("RSA-OAEP", rsa(), 256), ("A256KW", oct(32), 24)] {
        let header = header(&[("alg", alg), ("enc", enc.name)]);
        let aad = Header::new(header.clone()).to_part();
        // Of what only the random key opens, so that it is seen to be used.
        let sealed = content::encrypt(enc, &drawn, &iv, aad.as_bytes(), b"by chance").unwrap();
        let token = token(&header, &vec![1; encrypted], &iv, &sealed);
        for answer in [None, Some(&[7; 15][..]), Some(&[])] {
            let keys = Keys::from(keys::key(&jwk));
            let decryption = Decryption::new(&token, &keys, None, None).unwrap();
            let mut random = platform::scripted(vec![drawn.to_vec()]);
            assert_eq!(*decryption.decrypt(answer, &mut random).unwrap().1, b"by chance");
        }
        fails(&token, &jwk, None, 16);
    }
}

#[test]
fn agreements() {
    for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::X25519] {
        for (alg, enc) in [("ECDH-ES", "A128CBC-HS256"), ("ECDH-ES+A256KW", "A192GCM")] {
            let (jwk, cek) = (on(curve), content_named(enc).unwrap().cek);
            let token = make(alg, enc, &jwk);
            let (result, drawn) = open(&token, &jwk, None);
            assert_eq!((result.unwrap_err().code, drawn), (Code::DecryptionFailed, vec![cek]));
            fails(&token, &jwk, Some(&vec![0; curve.size()]), cek);
            fails(&token, &jwk, Some(&vec![1; curve.size()]), cek);
            fails(&token, &jwk, Some(&[]), cek);
            let other = keys::key(&keys::other(&jwk)).into();
            let error = platform::decrypt(&token, &other).unwrap_err();
            assert_eq!(error.message, "decryption failed: another key, or an altered token");
        }
    }
}

#[test]
fn points_of_small_order() {
    // RFC 7748 §6.1: all of these agree on zero, which everybody could compute.
    let points = [
        [0; 32],
        core::array::from_fn(|index| u8::from(index == 0)),
        core::array::from_fn(|index| match index {
            0 => 0xec,
            31 => 0x7f,
            _ => 0xff,
        }),
    ];
    let enc = content_named("A128GCM").unwrap();
    for x in points {
        let mut header = header(&[("alg", "ECDH-ES"), ("enc", enc.name)]);
        let mut epk = jwk::to_public_members(&keys::key(&on(Curve::X25519)));
        epk.set("x", Json::String(base64url::encode(&x)));
        header.set("epk", Json::Object(epk));
        let aad = Header::new(header.clone()).to_part();
        let cek = key_wrap::derive(&[0; 32], enc.name, &[], &[], enc.cek).unwrap();
        let sealed = content::encrypt(enc, &cek, &[5; 12], aad.as_bytes(), b"forged").unwrap();
        let token = token(&header, &[], &[5; 12], &sealed);
        fails(&token, &on(Curve::X25519), Some(&[0; 32]), enc.cek);
        fails(&token, &on(Curve::X25519), None, enc.cek);
    }
}

#[test]
fn a_right_tag_over_wrong_padding() {
    for (enc, cipher) in [
        ("A128CBC-HS256", Cipher::aes_128_cbc()),
        ("A192CBC-HS384", Cipher::aes_192_cbc()),
        ("A256CBC-HS512", Cipher::aes_256_cbc()),
    ] {
        let enc = content_named(enc).unwrap();
        let Mode::CbcHmac(hash) = enc.mode else { panic!("not CBC") };
        let jwk = oct(enc.cek);
        let cek = base64url::decode(jwk.text("k").unwrap()).unwrap();
        let header = header(&[("alg", "dir"), ("enc", enc.name)]);
        let seal = |block: &[u8]| {
            let (mac_key, key) = cek.split_at(enc.cek / 2);
            let mut crypter = Crypter::new(cipher, Direction::Encrypt, key, Some(&[5; 16])).unwrap();
            crypter.pad(false);
            let mut ciphertext = vec![0; block.len() + 16];
            let length = crypter.update(block, &mut ciphertext).unwrap();
            ciphertext.truncate(length);
            let tag = tag(hash, mac_key, &Header::new(header.clone()).to_part(), &ciphertext);
            token(&header, &[], &[5; 16], &(ciphertext, tag))
        };
        for (last, is_good) in [(1, true), (0, false), (2, false), (16, false), (17, false), (0xff, false)] {
            let mut block = [b'x'; 32];
            block[31] = last;
            let token = seal(&block);
            if is_good {
                assert_eq!(open(&token, &jwk, None).0.unwrap(), block[..31]);
            } else {
                fails(&token, &jwk, None, enc.cek);
            }
        }
        fails(&seal(&[]), &jwk, None, enc.cek);
    }
}

fn tag(hash: Hash, key: &[u8], aad: &str, ciphertext: &[u8]) -> Vec<u8> {
    let bits = (aad.len() as u64 * 8).to_be_bytes();
    mac::mac(hash, key, &[aad.as_bytes(), &[5; 16], ciphertext, &bits])[..hash.size() / 2].to_vec()
}

#[test]
fn without_random_bytes_nothing_is_decrypted() {
    let token = make("A128KW", "A128GCM", &oct(16));
    let keys = Keys::from(keys::key(&oct(16)));
    let none = base64url::decode("=").unwrap_err(); // Any other error.
    let error = Decryption::new(&token, &keys, None, None).unwrap().decrypt(None, &mut |_| Err(none.clone()));
    assert_eq!(error.unwrap_err(), none);
}
