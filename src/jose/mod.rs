//! JOSE: tokens and keys, by RFC 7515 to 7519. Knows nothing of LTI, Canvas or JavaScript.

pub mod base64url;
pub mod claims;
mod compact;
pub mod content;
mod curve;
mod extensions;
mod header;
pub mod json;
pub mod json_read;
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
pub mod pem;
mod rsa;
mod secret;
mod thumbprint;

pub use compact::{Compact, MAX_TOKEN, UntrustedJwe, UntrustedJws};
pub use header::Header;
pub use jwe::{Encryption, Random, Recipient};
pub use jwe_open::{Ask, Decryption};
pub use jws::{SigningInput, Verification, Verified};
pub use jwt::{VerifiedJwt, VerifyOptions, verified_jwt};
pub use key::{Key, Material, Purpose};
pub use keys::Keys;
pub use layers::{Decoded, Layer, decode, unwrap, wrap};
pub use secret::Secret;
pub use thumbprint::{thumbprint, thumbprint_of};
