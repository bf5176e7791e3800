//! The keys that a platform publishes at a URL (RFC 7517 §5): what asks for them, and which of a set can be used.

use ::http::Method;

use crate::error::{Code, Error, Result};
use crate::http::{self, HttpUrl, Repeat, Request, Response, answer};
use crate::jose::jwa::KeyKind;
use crate::jose::{Key, Keys, Material, Member, Unverified, jwk, thumbprint_of};
use crate::json::{Json, Object};

/// How large a set may be, in bytes.
pub const MAX_BYTES: u32 = 256 * 1024;
/// How many keys a set may have.
pub const MAX_KEYS: usize = 100;

/// The modulus of the three keys in Canvas's `config/dynamic_settings.yml.example`. Their private half is published there.
const EXAMPLE_MODULUS: &str = "uX1MpfEMQCBUMcj0sBYI-iFaG5Nodp3C6OlN8uY60fa5zSBd83-iIL3n_qzZ8VCluuTLfB7rrV_tiX727XIEqQ";

/// The request for the keys at a URL; `at` names the argument that it comes from.
///
/// # Errors
/// `ERR_ARGUMENT` for anything but an absolute http(s) URL without credentials and fragment, its host in ASCII.
pub fn request(url: &str, at: &str) -> Result<Request> {
    let refused = |fault: &str| Err(Error::argument(at, fault));
    match HttpUrl::parse(url) {
        None => refused("not an absolute http(s) URL"),
        Some(url) if url.userinfo.is_some() => refused("carries a user name or password"),
        Some(url) if url.fragment.is_some() => refused("carries a fragment (#)"),
        Some(url) if !url.host.is_ascii() => refused("its host is not ASCII, expected it as it is sent (xn--…)"),
        Some(_) => http::request(Method::GET, url, at, "application/jwk-set+json, application/json", Repeat::Harmless),
    }
}

/// Reads the answer; `now` in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for a success that is no JWK Set, or too large a one, and what [`answer::refusal`] makes of other
/// answers, such as redirects.
pub fn response(response: &Response, now: f64) -> Result<Keys> {
    read(response, now).map(|(_, keys)| keys)
}

/// The set as it was answered, and its keys.
pub(super) fn read(response: &Response, now: f64) -> Result<(Object, Keys)> {
    if !response.status().is_success() {
        return Err(answer::refusal(response, now));
    }
    if response.body().as_str().len() > MAX_BYTES as usize {
        return Err(answer::invalid(response, &format!("more than {MAX_BYTES} bytes, expected a JWK Set")));
    }
    let expected = "a JWK Set: an object with an array of keys";
    let Some(Json::Object(set)) = answer::json(response) else {
        return Err(answer::unexpected(response, expected));
    };
    let Some(Json::Array(items)) = set.get("keys") else {
        return Err(answer::invalid(response, &format!("the answer has no array of keys, expected {expected}")));
    };
    if items.len() > MAX_KEYS {
        let message = format!("the set has {} keys, expected at most {MAX_KEYS}", items.len());
        return Err(answer::invalid(response, &message));
    }
    let keys = public_keys(items);
    Ok((set, keys))
}

/// The keys of a set that is published. What cannot be used matters only when it is chosen (RFC 7517 §5): types and curves
/// that are not known, keys that are too short, secrets and private keys, which everybody can read there, and a `kid` that
/// stands for two keys.
fn public_keys(items: &[Json]) -> Keys {
    let mut members: Vec<Member> = Vec::new();
    for item in items.iter().filter_map(Json::as_object) {
        let (kid, key) = (item.text("kid"), public_key(item));
        let Some(same) = kid.and_then(|kid| members.iter_mut().find(|member| member.kid() == Some(kid))) else {
            members.push(Member::new(kid.map(str::to_owned), key));
            continue;
        };
        let is_same = matches!((same.key(), &key), (Ok(one), Ok(other)) if thumbprint_of(one) == thumbprint_of(other));
        if !is_same {
            let message = "key.kid: it stands for two keys of the set, expected one for each";
            let error = Error::new(Code::JwkInvalid, message).at("key.kid").spec("RFC 7517 §4.5");
            *same = Member::new(kid.map(str::to_owned), Err(error));
        }
    }
    Keys::Set(members)
}

/// Reads a set of a platform's keys that was given, not fetched.
///
/// # Errors
/// `ERR_JWK_INVALID` for what is no set.
pub fn read_set(set: &Object) -> Result<Keys> {
    match set.get("keys") {
        Some(Json::Array(items)) => Ok(public_keys(items)),
        _ => Err(Error::new(Code::JwkInvalid, "key.keys: expected an array of JWKs")
            .at("key.keys")
            .spec("RFC 7517 §5.1")),
    }
}

/// Refuses Canvas's example key, by name.
///
/// # Errors
/// `ERR_JWK_INVALID`
pub(crate) fn refuse_example(item: &Object) -> Result<()> {
    if item.text("n") == Some(EXAMPLE_MODULUS) {
        let message = "key.n: Canvas's example key of 512 bits, whose private half is public in Canvas's repository: anyone \
                       can forge launches of this platform; its operator must put keys of its own in place of those of \
                       config/dynamic_settings.yml.example";
        let error = Error::new(Code::JwkInvalid, message).at("key.n");
        return Err(error.spec("Canvas: config/dynamic_settings.yml.example"));
    }
    Ok(())
}

/// Reads one key of a platform's.
///
/// # Errors
/// `ERR_JWK_INVALID` for Canvas's example key, by name, for a secret and for a private key; those of reading any JWK.
pub fn public_key(item: &Object) -> Result<Key> {
    refuse_example(item)?;
    let key = jwk::parse(item)?;
    if key.is_private() {
        let what = match key.material() {
            Material::Oct(_) => "a shared secret",
            _ => "a private key",
        };
        let message = format!("{what} in a published set: whoever reads it can sign, expected public keys");
        return Err(Error::new(Code::JwkInvalid, message).at("key").spec("RFC 7517 §9.2"));
    }
    Ok(key)
}

/// The `kid` of the key that a token wants, of keys that are published: told before any is fetched.
///
/// # Errors
/// Those of [`Unverified::parse`]; `ERR_JOSE_ALG_NOT_ALLOWED` for a MAC, for which no published key is right.
pub fn wanted_kid(token: &str, algorithms: Option<&[String]>) -> Result<Option<String>> {
    let token = Unverified::parse(token, algorithms)?;
    let alg = token.algorithm();
    if alg.key == KeyKind::Secret {
        let message =
            format!("{} is made with a shared secret, expected a signature: keys at a URL are public", alg.name);
        return Err(Error::new(Code::AlgNotAllowed, message).at("header.alg").spec("RFC 8725 §3.1"));
    }
    Ok(token.kid().map(str::to_owned))
}
