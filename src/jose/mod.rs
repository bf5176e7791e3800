//! JOSE: tokens and keys, by RFC 7515 to 7519. Knows nothing of LTI, Canvas or JavaScript.

pub mod base64url;
pub mod claims;
mod compact;
pub mod content;
mod curve;
mod der;
mod extensions;
mod header;
pub mod jwa;
mod jwe;
mod jwe_open;
pub mod jwk;
mod jws;
mod jwt;
mod key;
pub mod key_wrap;
mod keys;
mod layers;
pub mod mac;
mod parts;
pub mod pem;
mod rsa;
mod secret;
mod thumbprint;

// Until the tests name the module itself.
pub use crate::json;
pub use crate::json as json_read;

pub use compact::{Compact, JweParts, JwsParts, MAX_TOKEN, UntrustedJwe, UntrustedJws};
pub(crate) use compact::{Fault, guessed_bytes, split, stands_for_bits};
pub(crate) use extensions::check_extensions;
pub use header::Header;
pub use jwe::{Encryption, Random, Recipient};
pub use jwe_open::{Ask, Decryption};
pub(crate) use jws::check_algorithm;
pub use jws::{SigningInput, Verification, Verified};
pub use jwt::{VerifiedJwt, VerifyOptions, verified_jwt};
pub use key::{Key, Material, Purpose};
pub use keys::Keys;
pub use layers::{Decoded, Layer, Opening, decode, unwrap, wrap};
pub(crate) use layers::{Finding, Found, Reading};
pub use parts::Parts;
pub use secret::Secret;
pub use thumbprint::{thumbprint, thumbprint_of};
