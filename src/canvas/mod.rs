//! Canvas's endpoints, one file a family: each builds a request and parses its answer. Nothing here sends.

mod answer;
mod context;
pub(crate) mod site;

pub mod inst_access_tokens;
pub mod jwts;
pub mod originality_reports;
pub mod pages;
pub mod submissions;
pub mod subscriptions;
pub mod tool_consumer_profile;
pub mod tool_proxies;
pub mod users;

pub use answer::{object, objects};
pub use context::Context;
pub use site::{Authorization, Site, authorized};
