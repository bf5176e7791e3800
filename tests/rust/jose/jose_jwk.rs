//! Keys as jose-jwk has them: every key there and back, and what one side has no place for.

use canvas_lms_tokens::jose::jwa::{Curve, SIGNATURES};
use canvas_lms_tokens::jose::{Key, Keys, Material, Secret, jwk, pem};
use canvas_lms_tokens::json::{Json, Object};
use jose_jwk::{Class, EcCurves, Jwk, JwkSet, Operations, Parameters, RsaOtherPrimes};

use crate::platform::keys::{self, changed, object, oct, on, rsa};
use crate::platform::pem::pkcs8;

fn theirs(jwk: &Object) -> Jwk {
    Jwk::try_from(&keys::key(jwk)).unwrap()
}

fn every_key() -> Vec<Object> {
    let few = ["p", "q", "dp", "dq", "qi"].map(|name| (name, None));
    let private: Vec<Object> =
        [oct(1), oct(64), rsa(), changed(&rsa(), &few)].into_iter().chain(Curve::ALL.map(on)).collect();
    let public: Vec<Object> = private.iter().map(|jwk| jwk::to_public_members(&keys::key(jwk))).collect();
    [private, public].concat()
}

#[test]
fn every_key_goes_there_and_back() {
    for jwk in every_key() {
        let theirs = theirs(&jwk);
        assert_eq!(theirs.prm, Parameters::default());
        let key = Key::try_from(&theirs).unwrap();
        assert_eq!(jwk::to_members(&key), jwk::to_members(&keys::key(&jwk)));
        // What they write is what is written here, as is what they read of it.
        let text = serde_json::to_string(&theirs).unwrap();
        assert_eq!(jwk::to_members(&keys::key(&object(&text))), jwk::to_members(&key));
        assert_eq!(serde_json::from_str::<Jwk>(&jwk::to_members(&key).to_json()).unwrap(), theirs);
    }
}

#[test]
fn members_stand_in_the_order_of_a_thumbprint() {
    let names = |jwk: &Object| jwk.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>().join(" ");
    for (jwk, public, private) in [
        (oct(16), "k kty", ""),
        (rsa(), "e kty n", " d p q dp dq qi"),
        (on(Curve::P521), "crv kty x y", " d"),
        (on(Curve::X25519), "crv kty x", " d"),
    ] {
        let key = keys::key(&jwk);
        assert_eq!(names(&jwk::to_public_members(&key)), public);
        assert_eq!(names(&jwk::to_members(&key)), [public, private].concat());
    }
}

#[test]
fn limits_go_there_and_back() {
    for row in SIGNATURES {
        let mut jwk = keys::for_signature(row);
        for (name, value) in [("alg", row.name), ("use", "sig"), ("kid", "mine")] {
            jwk.set(name, Json::from(value));
        }
        jwk.set("key_ops", Json::Array(vec![Json::from("verify"), Json::from("sign")]));
        let theirs = theirs(&jwk);
        assert_eq!(theirs.prm.alg, Some(row.signing.into()));
        assert_eq!((theirs.prm.cls, theirs.prm.kid.as_deref()), (Some(Class::Signing), Some("mine")));
        assert_eq!(theirs.prm.ops, Some([Operations::Sign, Operations::Verify].into_iter().collect()));
        let key = Key::try_from(&theirs).unwrap();
        assert_eq!((key.alg(), key.kid()), (Some(row.name), Some("mine")));
        assert_eq!(Jwk::try_from(&key).unwrap(), theirs);
    }
}

#[test]
fn what_jose_jwk_has_no_place_for_is_refused() {
    let with = |name, value| Jwk::try_from(&keys::key(&changed(&oct(32), &[(name, Some(value))])));
    let name = |name: &str| format!("\"{name}\", expected one that jose-jwk has a name for");
    let list = Json::Array(vec![Json::from("sign"), Json::from("SIGN")]);
    let alone = pem::parse(&pkcs8(&on(Curve::P256))).unwrap();
    let held = Key::new(Material::Platform(vec!["ES256"], true));
    let unknown = "its parts are not known, expected a key that a JWK can hold".to_owned();
    for (result, at, message) in [
        (with("alg", Json::from("A256KW")), "key.alg", name("A256KW")),
        (with("alg", Json::from("hs256")), "key.alg", name("hs256")),
        (with("alg", Json::String("x".repeat(99))), "key.alg", name(&"x".repeat(40))),
        (with("use", Json::from("other")), "key.use", name("other")),
        (with("key_ops", list), "key.key_ops", name("SIGN")),
        (Jwk::try_from(&alone), "key", unknown.clone()),
        (Jwk::try_from(&held), "key", unknown),
    ] {
        let error = result.unwrap_err();
        assert_eq!((error.code.as_str(), error.at.as_deref()), ("ERR_JOSE_NOT_SUPPORTED", Some(at)));
        assert_eq!((error.message.as_str(), error.spec), (format!("{at}: {message}").as_str(), Some("RFC 7517 §4")));
    }
}

#[test]
fn what_comes_from_jose_jwk_is_checked() {
    let check = |jwk: &Jwk, code: &str, message: &str| {
        let error = Key::try_from(jwk).unwrap_err();
        assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
    };
    let mut off = theirs(&on(Curve::P256));
    let jose_jwk::Key::Ec(ec) = &mut off.key else { panic!("EC") };
    ec.y[31] ^= 1;
    check(&off, "ERR_JWK_INVALID", "key.x: the point is not on P-256");
    let mut other = theirs(&on(Curve::P256));
    let jose_jwk::Key::Ec(ec) = &mut other.key else { panic!("EC") };
    ec.crv = EcCurves::P256K;
    let message = "the key's crv \"secp256k1\" is not supported, expected P-256, P-384 or P-521 with kty EC";
    check(&other, "ERR_JOSE_NOT_SUPPORTED", message);
    let mut many = theirs(&rsa());
    let jose_jwk::Key::Rsa(rsa) = &mut many.key else { panic!("RSA") };
    let prime = || vec![3].into();
    rsa.prv.as_mut().unwrap().opt.as_mut().unwrap().oth = vec![RsaOtherPrimes { r: prime(), d: prime(), t: prime() }];
    check(&many, "ERR_JWK_INVALID", "key.oth: more than two primes, which no platform takes");
}

#[test]
fn a_secret_becomes_a_symmetric_jwk() {
    let secret = Key::secret(Secret::new(b"short".to_vec(), "secret").unwrap(), Some("HS256".to_owned()));
    let theirs = Jwk::try_from(&secret).unwrap();
    assert!(matches!(Key::try_from(&theirs).unwrap().material(), Material::Oct(oct) if oct.as_bytes() == b"short"));
}

#[test]
fn sets_go_there_and_back() {
    let members: Vec<Object> = Curve::ALL.map(on).into_iter().chain([rsa()]).collect();
    let set = JwkSet { keys: members.iter().map(theirs).collect() };
    let keys = Keys::try_from(&set).unwrap();
    assert!(matches!(&keys, Keys::Set(read) if read.len() == members.len()));
    assert_eq!(JwkSet::try_from(&keys).unwrap(), set);
    let one = Keys::from(keys::key(&rsa()));
    assert_eq!(JwkSet::try_from(&one).unwrap().keys, [theirs(&rsa())]);

    let mixed = JwkSet { keys: vec![theirs(&rsa()), theirs(&oct(32))] };
    let error = Keys::try_from(&mixed).unwrap_err();
    assert_eq!(error.message, "key.keys: symmetric and asymmetric keys in one set, expected one kind");
    let bad = Keys::parse_set(&object(r#"{"keys":[{"kty":"oct","k":"AA"},{"kty":"oct"}]}"#)).unwrap();
    assert_eq!(JwkSet::try_from(&bad).unwrap_err().message, "key.k: absent");
}
