//! Canvas LMS tokens: sign LTI assertions, exchange them for access tokens, call what those open; take tokens apart,
//! verify and decrypt them, and say why Canvas would refuse one.
//!
//! ```text
//! token ─ layers ─┬ base64 ─ unwrap, again
//!                 ├ 3 parts ─ Verification ─ {alg, key, signing input, signature} ─▶ [crypto] ─ Verified
//!                 └ 5 parts ─ Decryption ─ encrypted key ─▶ [crypto] ─ plaintext ─ layers, again
//! claims ─ rules ─ verifying: the first failure is the error │ inspecting: a report of every check
//!
//! claims in + now + jti ─ SigningInput ─▶ [crypto] ─ seal ─ token
//! parameters ─ canvas ─ http::Request ─▶ [fetch] ─ http::Response ─ canvas ─ typed answer │ Error
//! ```
//!
//! The core does no I/O and has no clock: time, random bytes, the answers of asymmetric crypto and those of HTTP are
//! arguments. In WebAssembly the folder `wasm` supplies them. Requests and responses are those of the crate `http`, see
//! [`http::Request`]. Algorithms, keys and signed tokens convert to those of the crates `jose-jwa`, `jose-jwk` and `jose-jws`
//! and back, see [`jose`].
//!
//! ```
//! use canvas_lms_tokens::jose::Secret;
//! use canvas_lms_tokens::lti2::{Assertion, AssertionParams, Id};
//!
//! let params = AssertionParams {
//!     sub: Id::from(10_000_000_000_003),
//!     aud: "https://school.test/api/lti/accounts/1/authorize".to_owned(),
//!     exp: None,
//!     iat: None,
//!     jti: None,
//!     lifetime: None,
//! };
//! let assertion = Assertion::build(params, 1_486_393_800, || Ok([7; 16]))?;
//! let token = assertion.sign(&Secret::new(b"secret".to_vec(), "secret")?);
//! assert!(token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
//! # Ok::<(), canvas_lms_tokens::Error>(())
//! ```

pub mod canvas;
pub mod error;
pub mod http;
pub mod inspect;
pub mod jose;
pub mod json;
pub mod lti13;
pub mod lti2;
mod state;

#[cfg(target_arch = "wasm32")]
pub mod wasm;

pub use error::{Code, Error, Result};
