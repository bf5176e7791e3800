//! The JavaScript API, and the four effects of this crate: clock, random, WebCrypto and fetch. Decides nothing. What
//! each function throws is said in `types.d.ts`.
#![allow(clippy::missing_errors_doc)]

mod assertion;
mod at;
mod call;
mod canvas;
mod canvas_params;
mod canvas_site;
mod clock;
mod crypto;
mod decode;
mod error;
mod fetch;
mod inspect;
mod jose;
mod js;
mod json_in;
mod keys;
mod known;
mod names;
mod options;
mod out;
mod platform;
mod random;
mod subtle;
mod task;
mod values;

pub use assertion::{build_assertion, request_access_token, sign_assertion};
pub use canvas::*;
pub use decode::{decode, unwrap, wrap};
pub use error::is_token_error;
pub use inspect::inspect_token;
pub use jose::{
    decrypt_jwe, encrypt_jwe, generate_key, sign_jws, sign_jwt, sign_jwt_sync, thumbprint, verify_jws, verify_jwt,
    verify_jwt_sync,
};
pub use js::Promise;
#[doc(hidden)]
pub use task::resume;
