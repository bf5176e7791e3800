//! Keys in PEM: every kind that is read, and every kind that is refused with its reason.

use canvas_lms_tokens::jose::jwa::Curve;
use canvas_lms_tokens::jose::{Key, Material, base64url, jwk, pem};
use canvas_lms_tokens::json::{Json, Object};
use openssl::ec::EcKey;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::symm::Cipher;

use crate::platform::keys::{self, changed, on, rsa};
use crate::platform::pem::{armour, certificate, der, pkcs1_private, pkcs1_public, pkcs8, sec1, spki};
use crate::platform::{self, header, sign, verify};

const INVALID: &str = "ERR_JWK_INVALID";
const UNSUPPORTED: &str = "ERR_JOSE_NOT_SUPPORTED";
const NO_PEM: &str = "key.pem: not a PEM with one key (-----BEGIN …, base64, -----END …)";
const NOT_THAT: &str = "key.pem: the DER inside is not what its label says";
const OTHER: &str = "key.pem: a key of another algorithm, expected RSA, P-256, P-384, P-521, Ed25519 or X25519";

fn every_key() -> Vec<Object> {
    [rsa()].into_iter().chain(Curve::ALL.map(on)).collect()
}

fn refused(text: &str, code: &str, message: &str) {
    let error = pem::parse(text).expect_err(message);
    assert_eq!((error.code.as_str(), error.message.as_str()), (code, message), "{text:.80}");
    assert!(error.at.is_some() && error.spec.is_some());
}

#[test]
fn public_keys_are_read() {
    for key in every_key() {
        let expected = jwk::to_public_members(&keys::key(&key));
        let mut pems = vec![spki(&key), certificate(&key, 1), certificate(&key, 3)];
        if key.text("kty") == Some("RSA") {
            pems.push(pkcs1_public(&key));
        }
        for text in pems {
            // However lines end (RFC 7468 §2), and whatever stands before the first of them.
            for text in [
                text.clone(),
                format!("\r\n {text} \n\n"),
                text.replace('\n', "\r\n"),
                text.replace('\n', "\r"),
                format!("\u{feff}{text}"),
                format!("Bag Attributes\n    friendlyName: tool\n{text}"),
            ] {
                let read = pem::parse(&text).unwrap();
                assert_eq!(jwk::to_members(&read), expected, "{text:.40}");
                assert_eq!((read.kid(), read.alg()), (None, None));
            }
        }
    }
}

#[test]
fn private_keys_are_read() {
    for text in [pkcs8(&rsa()), pkcs1_private(&rsa())] {
        assert_eq!(jwk::to_members(&pem::parse(&text).unwrap()), jwk::to_members(&keys::key(&rsa())));
    }
    for curve in Curve::ALL {
        let text = pkcs8(&on(curve));
        let key = pem::parse(&text).unwrap();
        let Material::Pkcs8(found, bytes) = key.material() else { panic!("{curve:?}") };
        assert_eq!((*found, bytes.as_slice()), (curve, der(&text).as_slice()));
        let inner = format!("{bytes:?}");
        assert!(!format!("{key:?}").contains(inner.trim_matches(['[', ']'])));
    }
}

#[test]
fn private_keys_of_either_version_are_read() {
    // Version 2 (RFC 5958) may have attributes and a public key, and is read without them too, as OpenSSL does.
    for curve in Curve::ALL {
        let first = der(&pkcs8(&on(curve)));
        let place = first.windows(3).position(|bytes| bytes == [2, 1, 0]).unwrap() + 2;
        let mut second = first.clone();
        second[place] = 1;
        let Material::Pkcs8(found, bytes) = pem::parse(&armour("PRIVATE KEY", &second)).unwrap().material().clone()
        else {
            panic!("{curve:?}")
        };
        assert_eq!((found, bytes.as_slice()), (curve, second.as_slice()));
    }
    // RFC 8410 §10.3.
    let whole = "-----BEGIN PRIVATE KEY-----
        MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
        Z9w7lshQhqowtrbLDFw4rXAxZuE=
        -----END PRIVATE KEY-----";
    assert!(matches!(pem::parse(whole).unwrap().material(), Material::Pkcs8(Curve::Ed25519, _)));
}

#[test]
fn a_private_pem_signs_and_a_public_one_verifies() {
    for (alg, key) in [
        ("RS256", rsa()),
        ("PS512", rsa()),
        ("ES256", on(Curve::P256)),
        ("ES384", on(Curve::P384)),
        ("ES512", on(Curve::P521)),
        ("EdDSA", on(Curve::Ed25519)),
    ] {
        let signer = pem::parse(&pkcs8(&key)).unwrap();
        let token = sign(b"payload", &signer, &header(&[("alg", alg)])).unwrap();
        for text in [spki(&key), certificate(&key, 3), pkcs8(&key)] {
            assert!(verify(&token, &pem::parse(&text).unwrap().into()).is_ok(), "{alg} {text:.40}");
        }
        assert!(verify(&token, &keys::key(&key).into()).is_ok(), "{alg}");
        let other: Key = pem::parse(&spki(&on(Curve::X25519))).unwrap();
        assert!(verify(&token, &other.into()).is_err(), "{alg}");
    }
}

#[test]
fn what_is_no_pem_is_refused() {
    let good = spki(&on(Curve::P256));
    let lines: Vec<&str> = good.lines().collect();
    let without = |left_out: usize| {
        let kept = lines.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, line)| *line);
        kept.collect::<Vec<_>>().join("\n")
    };
    let encrypted = private_rsa().private_key_to_pem_passphrase(Cipher::aes_128_cbc(), b"secret").unwrap();
    for text in [
        String::new(),
        "secret".to_owned(),
        "-----BEGIN PUBLIC KEY-----".to_owned(),
        "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n".to_owned() + "x",
        without(0),
        without(lines.len() - 1),
        good.replace("-----END PUBLIC KEY-----", "-----END PRIVATE KEY-----"),
        good.replace("-----END PUBLIC KEY-----", "----END PUBLIC KEY-----"),
        good.replacen('M', "*", 1),
        armour("PUBLIC KEY", &[]),
        good.replacen("MF", "M-", 1),
        [good.as_str(), &good].concat(),
        [certificate(&rsa(), 3), certificate(&rsa(), 1)].concat(),
        [good.as_str(), "more"].concat(),
        keys::on(Curve::P256).to_json(),
        String::from_utf8(encrypted).unwrap(),
    ] {
        refused(&text, INVALID, NO_PEM);
    }
}

#[test]
fn line_breaks_that_are_written_out_are_told() {
    let message =
        "key.pem: its line breaks are written \\n, as in a variable of the environment; put true ones in their place";
    refused(&spki(&rsa()).replace('\n', "\\n"), INVALID, message);
    refused(&pkcs8(&rsa()).trim().replace('\n', "\\n"), INVALID, message);
}

fn private_rsa() -> Rsa<openssl::pkey::Private> {
    platform::pem::private(&rsa()).rsa().unwrap()
}

#[test]
fn truncated_and_trailing_der_is_refused() {
    let pems = every_key().into_iter().flat_map(|key| [spki(&key), pkcs8(&key), certificate(&key, 3)]);
    let pems: Vec<String> = pems.chain([pkcs1_public(&rsa()), pkcs1_private(&rsa())]).collect();
    assert_eq!(pems.len(), 20);
    for pem in pems {
        let label = pem.lines().next().unwrap().trim_start_matches("-----BEGIN ").trim_end_matches("-----");
        let bytes = der(&pem);
        assert!(pem::parse(&armour(label, &bytes)).is_ok(), "{label}");
        for length in [1, 2, bytes.len() / 2, bytes.len() - 1] {
            refused(&armour(label, &bytes[..length]), INVALID, NOT_THAT);
        }
        refused(&armour(label, &[bytes.as_slice(), &[0]].concat()), INVALID, NOT_THAT);
        refused(&armour(label, &[bytes.as_slice(), &[5, 0]].concat()), INVALID, NOT_THAT);
        // Every other label reads another structure.
        for other in ["PUBLIC KEY", "PRIVATE KEY", "CERTIFICATE", "RSA PUBLIC KEY", "RSA PRIVATE KEY"] {
            assert!(other == label || pem::parse(&armour(other, &bytes)).is_err(), "{label} as {other}");
        }
    }
}

#[test]
fn other_kinds_of_pem_are_refused_by_name() {
    let encrypted =
        platform::pem::private(&rsa()).private_key_to_pem_pkcs8_passphrase(Cipher::aes_128_cbc(), b"secret").unwrap();
    let kind = "key.pem: a PEM of another kind, expected a public key, private key or certificate";
    let key = der(&spki(&rsa()));
    for (text, message) in [
        (
            String::from_utf8(encrypted).unwrap(),
            "key.pem: an encrypted private key; decrypt it first, with openssl pkcs8",
        ),
        (sec1(&on(Curve::P256)), "key.pem: SEC 1; convert it to PKCS #8, with openssl pkcs8 -topk8 -nocrypt"),
        (armour("CERTIFICATE REQUEST", &key), kind),
        (armour("OPENSSH PRIVATE KEY", &key), kind),
        (armour("DSA PRIVATE KEY", &key), kind),
        (armour("TRUSTED CERTIFICATE", &key), kind),
        (armour("PKCS7", &key), kind),
        (armour("public key", &key), kind),
    ] {
        refused(&text, UNSUPPORTED, message);
    }
}

#[test]
fn keys_of_other_algorithms_are_refused_by_name() {
    let group = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::SECP256K1).unwrap();
    let curve = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let goldilocks = PKey::generate_ed448().unwrap();
    for key in [curve, goldilocks] {
        let texts = [key.public_key_to_pem().unwrap(), key.private_key_to_pem_pkcs8().unwrap()];
        for text in texts {
            refused(std::str::from_utf8(&text).unwrap(), UNSUPPORTED, OTHER);
        }
    }
    // A curve stands where its RFC puts it: beside id-ecPublicKey, or alone.
    let spki_of = |algorithm: &[u8], key: &[u8]| {
        let sequence = |content: &[u8]| [&[0x30, u8::try_from(content.len()).unwrap()], content].concat();
        let bits = [&[3, u8::try_from(key.len() + 1).unwrap(), 0], key].concat();
        armour("PUBLIC KEY", &sequence(&[sequence(algorithm), bits].concat()))
    };
    let member = |jwk: &Object, name| base64url::decode(jwk.text(name).unwrap()).unwrap();
    let (p256, ed25519) = (on(Curve::P256), on(Curve::Ed25519));
    let point = [vec![4], member(&p256, "x"), member(&p256, "y")].concat();
    let (ec, named, alone) = (
        &[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1][..],
        &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7][..],
        &[6, 3, 0x2b, 0x65, 0x70][..],
    );
    assert!(pem::parse(&spki_of(&[ec, named].concat(), &point)).is_ok());
    assert!(pem::parse(&spki_of(alone, &member(&ed25519, "x"))).is_ok());
    refused(&spki_of(named, &point), UNSUPPORTED, OTHER);
    refused(&spki_of(ec, &point), UNSUPPORTED, OTHER);
    refused(&spki_of(&[ec, alone].concat(), &member(&ed25519, "x")), UNSUPPORTED, OTHER);

    // Compressed points, points of another length, and the point at infinity.
    let compressed = [&[2], &point[1..33]].concat();
    for key in [&compressed[..], &point[..64], &[point.as_slice(), &[0]].concat(), &[0], &[], &[4]] {
        refused(&spki_of(&[ec, named].concat(), key), INVALID, NOT_THAT);
    }
    let mut off = point.clone();
    off[64] ^= 1;
    refused(&spki_of(&[ec, named].concat(), &off), INVALID, "key.pem: the point is not on P-256");
}

#[test]
fn an_unsafe_rsa_key_in_pem_is_as_unsafe_as_in_a_jwk() {
    let short = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let message = "key.n: the modulus has 1024 bits, expected 2048 to 16384";
    for text in [
        short.public_key_to_pem().unwrap(),
        short.private_key_to_pem_pkcs8().unwrap(),
        short.rsa().unwrap().public_key_to_pem_pkcs1().unwrap(),
        short.rsa().unwrap().private_key_to_pem().unwrap(),
    ] {
        refused(std::str::from_utf8(&text).unwrap(), INVALID, message);
    }
    let one = changed(&rsa(), &[("e", Some(Json::from("AQ")))]);
    let (n, e) = (base64url::decode(one.text("n").unwrap()).unwrap(), [1]);
    let number = |bytes: &[u8]| openssl::bn::BigNum::from_slice(bytes).unwrap();
    let text = Rsa::from_public_components(number(&n), number(&e)).unwrap().public_key_to_pem().unwrap();
    let message = "key.e: the public exponent is even, under 3 or over 64 bits, expected 65537";
    refused(std::str::from_utf8(&text).unwrap(), INVALID, message);
}
