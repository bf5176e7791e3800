//! The tool's own keys: what it signs with for Canvas, and the set that it publishes for Canvas to verify with. Both name a
//! key alike, so that Canvas finds the one that signed.

use crate::error::{Error, Result};
use crate::jose::{Key, SigningInput, jwk, thumbprint_of};
use crate::json::{Json, Object};

/// The `kid` under which a key signs and is published: its own, else its thumbprint (RFC 7638). None for a key without one
/// whose parts the platform alone knows.
#[must_use]
pub fn kid_of(key: &Key) -> Option<String> {
    let own = key.kid().map(str::to_owned);
    own.or_else(|| has_parts(key).then(|| thumbprint_of(key)))
}

/// A claims set to be signed with RS256, which alone Canvas takes, under a header with `typ` and the key's `kid`.
///
/// # Errors
/// `ERR_JOSE_ALG_NOT_ALLOWED` for a key that is not for RS256, `ERR_ARGUMENT` for a public key.
pub fn to_sign<'k>(claims: &str, key: &'k Key) -> Result<SigningInput<'k>> {
    let mut header: Object = [("alg", Json::from("RS256")), ("typ", Json::from("JWT"))].into_iter().collect();
    if let Some(kid) = kid_of(key) {
        header.set("kid", Json::String(kid));
    }
    SigningInput::new(claims.as_bytes(), key, &header)
}

/// The public halves of these keys as a JWK Set. Each has `kty`, `alg` and `use`, without which some readers refuse it, and a
/// `kid`.
///
/// ```
/// use canvas_lms_tokens::jose::jwk;
/// use canvas_lms_tokens::{json, lti13};
///
/// let text = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"2026-11"}"#;
/// let key = jwk::parse(&json::read_object(text.as_bytes()).expect("an object"))?;
/// let expected = r#"{"keys":[{"kty":"OKP","alg":"EdDSA","use":"sig","kid":"2026-11","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;
/// assert_eq!(lti13::tool_key::publish([&key])?.to_json(), expected);
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
///
/// # Errors
/// `ERR_ARGUMENT`, with its place such as `keys[1]`, for a shared secret, a key whose parts the platform alone knows, and a
/// `kid` that stands twice.
pub fn publish<'k>(keys: impl IntoIterator<Item = &'k Key>) -> Result<Object> {
    let mut published: Vec<Json> = Vec::new();
    for (i, key) in keys.into_iter().enumerate() {
        let at = format!("keys[{i}]");
        if key.bytes().is_some() {
            return Err(Error::argument(&at, "a shared secret, which has no public half, expected an asymmetric key"));
        }
        let kid = kid_of(key).filter(|_| has_parts(key));
        let kid = kid.ok_or_else(|| {
            Error::argument(&at, "its public half is not known here, expected a JWK, or a publicKey beside sign")
        })?;
        if published.iter().any(|other| other.as_object().and_then(|other| other.text("kid")) == Some(&kid)) {
            let message = "the kid of a key before it, expected one for each: a verifier takes the first";
            return Err(Error::argument(&format!("{at}.kid"), message).spec("RFC 7517 §4.5"));
        }
        published.push(Json::Object(public_half(key, kid)));
    }
    Ok([("keys", Json::Array(published))].into_iter().collect())
}

/// `kty`, `alg`, `use` and `kid`, then what the type needs.
fn public_half(key: &Key, kid: String) -> Object {
    let parts = jwk::to_public_members(key);
    let mut out = Object::default();
    out.set("kty", parts.get("kty").cloned().unwrap_or(Json::Null));
    let usage = key.usage.as_deref();
    let alg = key.alg().or_else(|| Some(key.default_signature().filter(|_| usage != Some("enc"))?.name));
    if let Some(alg) = alg {
        out.set("alg", Json::from(alg));
    }
    let is_signature = key.default_signature().is_some();
    out.set("use", Json::from(usage.unwrap_or(if is_signature { "sig" } else { "enc" })));
    out.set("kid", Json::String(kid));
    for (name, value) in parts.iter().filter(|(name, _)| *name != "kty") {
        out.set(name, value.clone());
    }
    out
}

fn has_parts(key: &Key) -> bool {
    jwk::to_public_members(key).get("kty").is_some()
}
