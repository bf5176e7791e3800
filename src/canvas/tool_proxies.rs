//! Tool Proxy registration: `POST /api/lti/{accounts|courses}/:id/tool_proxy`. The answer carries Canvas's half of the
//! shared secret; with the tool's half behind it, it is the secret of the tool's assertions.

use ::http::Method;

use super::context::Context;
use super::site::{Site, set_accept};
use crate::error::Result;
use crate::http::{self, Request};
use crate::json::Object;

pub use super::answer::object as response;

/// The request that registers a tool proxy.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn register(site: &Site, context: &Context, tool_proxy: &Object) -> Result<Request> {
    let mut request = site.request(Method::POST, &format!("{}/tool_proxy", context.path()?))?;
    set_accept(&mut request, "application/vnd.ims.lti.v2.toolproxy.id+json, application/json");
    http::set_body(&mut request, "application/vnd.ims.lti.v2.toolproxy+json", tool_proxy.to_json());
    Ok(request)
}
