//! Canvas's endpoints, one file a family: each builds a request and parses its answer. Nothing here sends.

mod context;
pub(crate) mod site;

pub mod jwts;
pub mod oauth;
pub mod originality_reports;
pub mod pages;
pub mod registration;
pub mod submissions;
pub mod subscriptions;
pub mod users;

pub use context::Context;
pub use site::Site;
