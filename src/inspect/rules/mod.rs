//! The rules, one file a family. Each function looks at one thing, and adds what it finds to the checks.

mod audience;
mod blank;
mod claims;
mod context;
mod deep_linking;
mod encrypted;
mod header;
mod message;
mod service;
mod signature;
mod spelling;
mod subject;
mod times;

pub(super) use claims::check as check_claims;
pub(super) use context::{Clock, Context};
pub(super) use encrypted::{check as check_encrypted, fix as decryption_fix};
pub(super) use header::check as check_header;
pub use signature::Signature;
pub(super) use signature::check as check_signature;
pub(super) use times::duration;
