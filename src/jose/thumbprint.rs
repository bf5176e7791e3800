//! JWK thumbprints (RFC 7638) with SHA-256.

use super::base64url;
use super::jwk;
use super::key::Key;
use super::mac::sha256;
use crate::error::Result;
use crate::json::Object;

/// The thumbprint of a JWK in base64url: of a private key, its public half's.
///
/// ```
/// use canvas_lms_tokens::jose::thumbprint;
/// use canvas_lms_tokens::json;
///
/// let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"mine"}"#;
/// let jwk = json::read_object(jwk.as_bytes()).expect("an object");
/// assert_eq!(thumbprint(&jwk)?, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
///
/// # Errors
/// Those of reading the JWK.
pub fn thumbprint(jwk: &Object) -> Result<String> {
    Ok(thumbprint_of(&jwk::parse(jwk)?))
}

/// The thumbprint of a key.
#[must_use]
pub fn thumbprint_of(key: &Key) -> String {
    // RFC 7638 §3.2: the required members only, in lexicographic order.
    base64url::encode(&sha256(&[jwk::to_public_members(key).to_json().as_bytes()]))
}
