//! InstAccess tokens API: `POST /api/v1/inst_access_tokens`. The token is encrypted for Instructure's API gateway, and
//! not wrapped.

use super::endpoint::Endpoint;
use super::site::Site;
use crate::http::{Method, Request};

pub use super::jwts::response;

const PATH: &str = "api/v1/inst_access_tokens";
pub(crate) const CREATE: Endpoint = Endpoint::new(Method::Post, "", &[PATH]).repeatable();

/// The request for a new token.
#[must_use]
pub fn create(site: &Site) -> Request {
    CREATE.at([site.base(), "/", PATH].concat())
}
