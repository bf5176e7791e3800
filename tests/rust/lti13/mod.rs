//! LTI 1.3.

mod deep_linking;
pub(crate) mod message;
mod registration;
mod services;
