//! InstAccess tokens API: `POST /api/v1/inst_access_tokens`. The token is encrypted for Instructure's API gateway, and
//! not wrapped.

use super::site::Site;
use crate::http::{Method, Request};

pub use super::jwts::response;

/// The request for a new token.
#[must_use]
pub fn create(site: &Site) -> Request {
    Request::new(Method::Post, site.url("api/v1/inst_access_tokens")).repeatable()
}
