//! Tool Proxy registration: `POST /api/lti/{accounts|courses}/:id/tool_proxy`. The answer carries Canvas's half of the
//! shared secret; with the tool's half behind it, it is the secret of the tool's assertions.

use super::context::Context;
use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::jose::json::Object;

pub use super::site::object as response;

/// The request that registers a tool proxy.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn register(site: &Site, context: &Context, tool_proxy: &Object) -> Result<Request> {
    let (kind, id, at) = context.parts();
    let request = site.request(Method::Post, &["api/lti/", kind, "/*/tool_proxy"].concat(), &[(id, at)])?;
    Ok(request
        .accepting("application/vnd.ims.lti.v2.toolproxy.id+json, application/json")
        .with_body("application/vnd.ims.lti.v2.toolproxy+json", tool_proxy.to_json()))
}
