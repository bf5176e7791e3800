//! Wycheproof's test vectors for the primitives computed here: HMAC, AES-GCM, AES-CBC with HMAC, AES key wrap. Which
//! groups are left out, and why, is in `vectors/README.md`.

use canvas_lms_tokens::jose::jwa::{ContentEncryption, Hash, content_named};
use canvas_lms_tokens::jose::{content, key_wrap, mac};
use wycheproof::{TestResult, aead, keywrap};

/// Cases run, of them those to be refused, and cases left out.
#[derive(Debug, Default, PartialEq)]
struct Count {
    run: usize,
    refused: usize,
    left_out: usize,
}

impl Count {
    fn add(&mut self, result: TestResult) {
        self.run += 1;
        self.refused += usize::from(result != TestResult::Valid);
    }
}

fn count(run: usize, refused: usize, left_out: usize) -> Count {
    Count { run, refused, left_out }
}

#[test]
fn hmac() {
    use wycheproof::mac::{Test, TestName, TestSet};
    for (name, hash, expected) in [
        (TestName::HmacSha256, Hash::Sha256, count(87, 54, 87)),
        (TestName::HmacSha384, Hash::Sha384, count(87, 54, 87)),
        (TestName::HmacSha512, Hash::Sha512, count(87, 54, 87)),
    ] {
        let mut found = Count::default();
        for group in TestSet::load(name).unwrap().test_groups {
            // JWA has no truncated HMAC (RFC 7518 §3.2).
            if group.tag_size != hash.size() * 8 {
                let fits = |test: &Test| mac::same(&mac::mac(hash, &test.key, &[&test.msg]), &test.tag);
                assert!(!group.tests.iter().any(fits), "{name:?}");
                found.left_out += group.tests.len();
                continue;
            }
            for test in group.tests {
                let made = mac::mac(hash, &test.key, &[&test.msg]);
                let (start, end) = test.msg.split_at(test.msg.len() / 3);
                assert_eq!(made, mac::mac(hash, &test.key, &[start, end]), "{name:?} {}", test.tc_id);
                assert_eq!(mac::same(&made, &test.tag), !test.result.must_fail(), "{name:?} {}", test.tc_id);
                found.add(test.result);
            }
        }
        assert_eq!(found, expected, "{name:?}");
    }
}

/// Opens, and where that is right, closes again to the same bytes.
fn check_aead(enc: &ContentEncryption, test: &aead::Test) {
    let opened = content::decrypt(enc, &test.key, &test.nonce, &test.aad, &test.ct, &test.tag);
    if test.result.must_fail() {
        assert_eq!(opened, None, "{} {}: {}", enc.name, test.tc_id, test.comment);
        return;
    }
    assert_eq!(opened.unwrap().as_slice(), &test.pt[..], "{} {}: {}", enc.name, test.tc_id, test.comment);
    let (ciphertext, tag) = content::encrypt(enc, &test.key, &test.nonce, &test.aad, &test.pt).unwrap();
    assert_eq!((&ciphertext[..], &tag[..]), (&test.ct[..], &test.tag[..]), "{} {}", enc.name, test.tc_id);
}

#[test]
fn aes_gcm() {
    let mut found = Count::default();
    for group in aead::TestSet::load(aead::TestName::AesGcm).unwrap().test_groups {
        // RFC 7518 §5.3: "Use of an IV of size 96 bits is REQUIRED"; the tag has 128.
        if group.nonce_size != 96 || group.tag_size != 128 {
            for test in &group.tests {
                for row in ["A128GCM", "A192GCM", "A256GCM"] {
                    let enc = content_named(row).unwrap();
                    let opened = content::decrypt(enc, &test.key, &test.nonce, &test.aad, &test.ct, &test.tag);
                    assert_eq!(opened, None, "{}", test.tc_id);
                }
            }
            found.left_out += group.tests.len();
            continue;
        }
        let enc = content_named(&format!("A{}GCM", group.key_size)).unwrap();
        for test in &group.tests {
            check_aead(enc, test);
            found.add(test.result);
        }
    }
    assert_eq!(found, count(197, 81, 119));
}

#[test]
fn aes_cbc_hmac() {
    use aead::TestName;
    for (name, row, expected) in [
        (TestName::Aes128CbcHmacSha256, "A128CBC-HS256", count(94, 27, 0)),
        (TestName::Aes192CbcHmacSha384, "A192CBC-HS384", count(94, 27, 0)),
        (TestName::Aes256CbcHmacSha512, "A256CBC-HS512", count(94, 27, 0)),
    ] {
        let (enc, mut found) = (content_named(row).unwrap(), Count::default());
        for group in aead::TestSet::load(name).unwrap().test_groups {
            assert_eq!((group.nonce_size, group.tag_size), (enc.iv() * 8, enc.tag() * 8), "{row}");
            for test in &group.tests {
                check_aead(enc, test);
                found.add(test.result);
            }
        }
        assert_eq!(found, expected, "{row}");
    }
}

#[test]
fn aes_key_wrap() {
    let mut found = Count::default();
    for group in keywrap::TestSet::load(keywrap::TestName::AesKeyWrap).unwrap().test_groups {
        for test in group.tests {
            let unwrapped = key_wrap::unwrap(&test.key, &test.ct);
            found.add(test.result);
            // "Acceptable" is key data of one block, which RFC 3394 §2 does not define.
            if test.result != TestResult::Valid {
                assert_eq!(unwrapped, None, "{}: {}", test.tc_id, test.comment);
                continue;
            }
            assert_eq!(unwrapped.unwrap().as_slice(), &test.pt[..], "{}: {}", test.tc_id, test.comment);
            assert_eq!(key_wrap::wrap(&test.key, &test.pt).unwrap(), test.ct.to_vec(), "{}", test.tc_id);
        }
    }
    assert_eq!(found, count(165, 129, 0));
}
