//! LTI 2 in Canvas: assertions, and the access tokens they are exchanged for.

mod assertion;
mod id;
pub(crate) mod integer;

pub mod access_token;

pub use access_token::AccessToken;
pub use assertion::{Assertion, AssertionParams, DEFAULT_LIFETIME};
pub use id::Id;
