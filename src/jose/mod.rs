//! JOSE: tokens and keys, by RFC 7515 to 7519. Knows nothing of LTI, Canvas or JavaScript.

pub mod base64url;
pub mod claims;
mod compact;
mod extensions;
mod header;
pub mod jwa;
mod jwe;
mod jws;
mod jwt;
mod key;
mod layers;
pub mod mac;
mod open;
pub(crate) mod rustcrypto;
mod signature;

pub use compact::{Compact, JweParts, JwsParts, MAX_TOKEN, UntrustedJwe, UntrustedJws};
pub(crate) use compact::{Fault, guessed_bytes, split, stands_for_bits};
pub(crate) use extensions::extension_faults;
pub use header::Header;
pub use jwe::{Ask, Decryption, Encryption, Random, Recipient, content, key_wrap};
pub(crate) use jws::check_algorithm;
pub use jws::{SigningInput, Unverified, Verification, Verified};
pub use jwt::{VerifiedJwt, VerifyOptions, verified_jwt};
pub use key::{Key, Keys, Material, Member, Parts, Purpose, Secret, jwk, pem, thumbprint, thumbprint_of};
pub use layers::{Layer, unwrap, wrap};
pub use open::{Decoded, Opening, decode};
pub(crate) use open::{Finding, Found, Reading, TextRead};
