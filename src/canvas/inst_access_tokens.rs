//! InstAccess tokens API: `POST /api/v1/inst_access_tokens`. The token is encrypted for Instructure's API gateway, and
//! not wrapped.

use ::http::Method;

use super::site::{Site, set_repeatable};
use crate::error::Result;
use crate::http::Request;

pub use super::jwts::response;

/// The request for a new token.
///
/// # Errors
/// `ERR_ARGUMENT` for a base URL that leaves no room for the path.
pub fn create(site: &Site) -> Result<Request> {
    let mut request = site.request(Method::POST, "api/v1/inst_access_tokens")?;
    set_repeatable(&mut request);
    Ok(request)
}
