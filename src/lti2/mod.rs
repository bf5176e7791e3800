//! LTI 2 in Canvas: assertions, and the access tokens they are exchanged for.

mod assertion;
pub mod cached_token;
mod id;
pub(crate) mod integer;

pub mod access_token;

pub use access_token::AccessToken;
pub(crate) use assertion::random_uuid;
pub use assertion::{Assertion, AssertionParams, DEFAULT_LIFETIME};
pub use cached_token::CachedToken;
pub use id::Id;
