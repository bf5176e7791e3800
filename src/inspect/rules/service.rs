//! Rules for the access token of LTI 1.3's services: on which hosts it works.

use super::context::Context;
use crate::error::Code;
use crate::http::HttpUrl;
use crate::inspect::check::Check;
use crate::inspect::kind::{Kind, audiences};
use crate::json::Json;

/// The hosts whose tokens the services of every institution of that environment take.
const UNIVERSAL: &[&str] = &[
    "sso.canvaslms.com",
    "sso.beta.canvaslms.com",
    "sso.test.canvaslms.com",
    "canvas.instructure.com",
    "canvas.beta.instructure.com",
    "canvas.test.instructure.com",
];

pub(super) fn check(context: &Context<'_>) -> Option<Check> {
    // What is neither a text nor an array is refused as such.
    if context.kind != Kind::Lti13AccessToken || !matches!(context.claims.get("aud")?, Json::Array(_) | Json::String(_))
    {
        return None;
    }
    let hosts = hosts(context);
    if hosts.is_empty() {
        return Some(refused("aud names no host of Canvas", "request a token at a token endpoint of Canvas"));
    }
    if let Some(check) = rest_api(context) {
        return Some(check);
    }
    if let Some(host) = hosts.iter().find(|host| UNIVERSAL.contains(&host.as_str())) {
        let message = format!("aud has {host}: the services of every institution of its environment take the token");
        return Some(Check::pass("aud", message));
    }
    let message = "aud has the host of a site: the services there alone take the token";
    let Some(called) = context.endpoint.and_then(HttpUrl::parse).map(authority) else {
        return Some(Check::pass("aud", message));
    };
    Some(if hosts.contains(&called) {
        Check::pass("aud", message)
    } else {
        refused(
            format!("aud does not name {called}, to whose services the token is sent"),
            format!(
                "request the token at https://{called}/login/oauth2/token, or at sso.canvaslms.com, \
                 whose tokens every institution takes"
            ),
        )
    })
}

/// A service token opens LTI's services alone.
fn rest_api(context: &Context<'_>) -> Option<Check> {
    let path = HttpUrl::parse(context.endpoint?)?.path;
    path.starts_with("/api/v1/").then(|| {
        refused(
            "the token opens the services under /api/lti alone, and is sent to /api/v1",
            "call /api/v1 with an access token of OAuth 2, which a user grants",
        )
    })
}

fn refused(message: impl Into<String>, fix: impl Into<String>) -> Check {
    Check::fail("aud", Code::Unauthenticated, message).fix(fix)
}

/// The hosts in `aud`, which has them bare and as URLs of their token endpoints.
fn hosts(context: &Context<'_>) -> Vec<String> {
    let bare = |aud: &str| aud.contains('.').then(|| aud.to_ascii_lowercase());
    let host = |aud: &str| HttpUrl::parse(aud).map(authority).or_else(|| bare(aud));
    audiences(context.claims).into_iter().filter_map(host).collect()
}

/// The host and, where it is not the usual one, the port.
fn authority(url: HttpUrl<'_>) -> String {
    let (is_secure, host, port) = url.origin();
    let usual = if is_secure { 443 } else { 80 };
    if port == usual { host } else { format!("{host}:{port}") }
}
