//! LTI 1.3.

mod deep_linking;
mod jwks;
mod launch;
pub(crate) mod message;
mod registration;
mod sealed;
mod service_token;
mod services;
