//! Tool Proxy registration: `POST /api/lti/{accounts|courses}/:id/tool_proxy`. The answer carries Canvas's half of the
//! shared secret; with the tool's half behind it, it is the secret of the tool's assertions.

use super::context::Context;
use super::endpoint::Endpoint;
use super::site::Site;
use crate::error::Result;
use crate::http::{Method, Request};
use crate::json::Object;

pub use super::site::object as response;

pub(crate) const REGISTER: Endpoint = Endpoint::new(
    Method::Post,
    "context",
    &["api/lti/accounts/:accountId/tool_proxy", "api/lti/courses/:courseId/tool_proxy"],
)
.expecting("expected either accountId or courseId")
.accepting("application/vnd.ims.lti.v2.toolproxy.id+json, application/json");

/// The request that registers a tool proxy.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment.
pub fn register(site: &Site, context: &Context, tool_proxy: &Object) -> Result<Request> {
    let mut request = REGISTER.request(site, &[context.id()])?;
    put(&mut request, tool_proxy);
    Ok(request)
}

/// Puts the tool proxy into the request.
pub(crate) fn put(request: &mut Request, tool_proxy: &Object) {
    request.set_body("application/vnd.ims.lti.v2.toolproxy+json", tool_proxy.to_json());
}
