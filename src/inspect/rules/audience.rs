//! The `aud` of an assertion, compared as Canvas does: its own URL of the endpoint, byte by byte. Says in what they
//! differ.

use super::context::Context;
use super::service;
use crate::error::Code;
use crate::http::HttpUrl;
use crate::inspect::check::{Check, quoted};
use crate::inspect::kind::{Kind, audiences};
use crate::inspect::repair::Repair;
use crate::json::Json;

/// The hosts that took the place of a school's own in LTI 1.3.
const SSO_HOSTS: &[&str] = &["sso.canvaslms.com", "sso.beta.canvaslms.com", "sso.test.canvaslms.com"];

/// What Canvas's issuers have as their hosts, in the order of those.
const ISSUERS: &[&str] = &["canvas.instructure.com", "canvas.beta.instructure.com", "canvas.test.instructure.com"];

pub(crate) fn check(context: &Context<'_>, checks: &mut Vec<Check>) {
    let check = match context.kind {
        Kind::Lti2AccessToken => hosts(context),
        Kind::Lti13AccessToken => service::check(context),
        _ => endpoint(context),
    };
    checks.extend(check.map(|check| check.at("claims.aud").spec(context.spec())));
}

fn refused(message: impl Into<String>, fix: impl Into<String>) -> Check {
    Check::fail("aud", Code::ClaimFailed, message).fix(fix)
}

/// An `aud` that is neither a text nor an array.
fn wrong_type(aud: &Json) -> Option<Check> {
    let is_known = matches!(aud, Json::Array(_) | Json::String(_));
    (!is_known).then(|| refused(format!("aud is {}, expected a string", aud.kind()), "write aud as one string"))
}

/// The audience of an access token is the hosts that take it.
fn hosts(context: &Context<'_>) -> Option<Check> {
    if let Some(check) = wrong_type(context.claims.get("aud")?) {
        return Some(check);
    }
    let host = HttpUrl::parse(context.endpoint?)?.host;
    Some(if audiences(context.claims).iter().any(|one| one.eq_ignore_ascii_case(host)) {
        Check::pass("aud", "aud names the host it is sent to")
    } else {
        refused(
            format!("aud does not name the host {host}, to which the token is sent"),
            "send it to the Canvas that issued it, or get a token from this one",
        )
    })
}

/// The audience of an assertion is the endpoint that it is sent to.
fn endpoint(context: &Context<'_>) -> Option<Check> {
    let kind = context.kind;
    let aud = context.claims.get("aud")?;
    // Of a deep linking response, another rule looks at it.
    if kind == Kind::Lti13DeepLinkingResponse {
        return None;
    }
    if let Some(check) = wrong_type(aud) {
        return Some(check);
    }
    if !kind.is_assertion() {
        return None;
    }
    let found = audiences(context.claims);
    let Some(first) = found.first() else {
        return Some(refused("aud is an array without a text", "set aud to the URL that the token is sent to"));
    };
    // RFC 7523 §3 leaves the choice; Canvas takes the domain it authenticates at.
    if kind == Kind::Lti13ClientAssertion && found.iter().any(|one| SSO_HOSTS.contains(one)) {
        return Some(Check::pass("aud", "aud is the domain of Canvas's authentication, as newer Canvas takes it"));
    }
    let of_platform = context.platform.filter(|_| kind == Kind::Lti13ClientAssertion);
    let endpoint = context.endpoint.or(of_platform.map(|platform| platform.token_endpoint.as_str()));
    if found.iter().all(|one| misshapen(kind, one).is_some()) {
        let repair = endpoint.map(|endpoint| Repair::text("aud", as_canvas_writes(endpoint)));
        return misshapen(kind, first).map(|check| check.repairs(repair));
    }
    let Some(endpoint) = endpoint else {
        let skipped = || Check::skip("aud", "no endpoint was given to compare aud with");
        return Some(no_token_endpoint(kind, first).unwrap_or_else(skipped));
    };
    let expected = as_canvas_writes(endpoint);
    Some(if !found.contains(&expected.as_str()) {
        let unknown = if first.is_empty() { "is empty" } else { "is not the endpoint" };
        let difference = found.iter().find_map(|one| difference(kind, one, &expected));
        let difference = difference.unwrap_or_else(|| unknown.to_owned());
        refused(format!("aud {difference}"), format!("set aud to {expected}")).repairs([Repair::text("aud", expected)])
    } else if kind == Kind::Lti2Assertion && matches!(aud, Json::Array(_)) {
        Check::warn("aud", "aud is an array; older Canvas takes one text only").fix("write aud as one string")
    } else {
        Check::pass("aud", "aud is the endpoint")
    })
}

/// The endpoint's URL as Canvas makes it, however the request was written.
pub(super) fn as_canvas_writes(endpoint: &str) -> String {
    let Some(url) = HttpUrl::parse(endpoint) else { return endpoint.to_owned() };
    let (is_secure, host, port) = url.origin();
    let (scheme, usual) = if is_secure { ("https", 443) } else { ("http", 80) };
    let port = if port == usual { String::new() } else { format!(":{port}") };
    let path = url.path.trim_end_matches('/');
    format!("{scheme}://{host}{port}{path}")
}

/// What is wrong with an audience whatever the endpoint is.
fn misshapen(kind: Kind, aud: &str) -> Option<Check> {
    let Some(url) = HttpUrl::parse(aud) else {
        return Some(refused(
            "aud is no absolute http(s) URL",
            "set aud to the URL that the token is sent to, oauth2_access_token_url in the registration",
        ));
    };
    let path = url.path.trim_end_matches('/').to_ascii_lowercase();
    (kind == Kind::Lti2Assertion && path.ends_with("/api/lti/authorize")).then(|| {
        refused(
            "aud is the old URL without an account, which Canvas no longer has",
            "use /api/lti/accounts/ID/authorize or /api/lti/courses/ID/authorize, with your account's or course's id",
        )
    })
}

/// What is wrong with the audience of a client assertion wherever it is sent.
fn no_token_endpoint(kind: Kind, aud: &str) -> Option<Check> {
    let url = HttpUrl::parse(aud).filter(|_| kind == Kind::Lti13ClientAssertion)?;
    if let Some(sso) = sso_of_issuer(&url) {
        let fix = format!("set aud to https://{sso}/login/oauth2/token, or to that of the host that you call");
        return Some(refused("aud is Canvas's issuer, expected the token endpoint", fix));
    }
    url.path.ends_with("/login/oauth2/token/").then(|| {
        refused(
            "aud has a trailing slash, which Canvas's own URL has not",
            "set aud to the token endpoint without the slash at its end",
        )
    })
}

/// The host of the endpoints, where this is an issuer of Canvas's.
fn sso_of_issuer(url: &HttpUrl<'_>) -> Option<&'static str> {
    let is_issuer = |issuer: &&str| url.host.eq_ignore_ascii_case(issuer) && url.path.trim_end_matches('/').is_empty();
    ISSUERS.iter().zip(SSO_HOSTS).find(|(issuer, _)| is_issuer(issuer)).map(|(_, sso)| *sso)
}

/// In what two URLs differ, the second as Canvas writes it.
fn difference(kind: Kind, aud: &str, endpoint: &str) -> Option<String> {
    if aud.eq_ignore_ascii_case(endpoint) {
        return Some("differs from the endpoint in upper and lower case".to_owned());
    }
    if aud.trim_end_matches('/') == endpoint {
        return Some("has a trailing slash, which Canvas's own URL has not".to_owned());
    }
    let (is, should) = (HttpUrl::parse(aud)?, HttpUrl::parse(endpoint)?);
    if kind == Kind::Lti13ClientAssertion && sso_of_issuer(&is).is_some() {
        return Some("is Canvas's issuer, expected the token endpoint".to_owned());
    }
    let (scheme, host) = (is.scheme.to_ascii_lowercase(), is.host.to_ascii_lowercase());
    let pieces = [
        ("scheme", Some(scheme.as_str()), Some(should.scheme)),
        ("host", Some(&host), Some(should.host)),
        ("port", is.port, should.port),
        ("path", Some(is.path), Some(should.path)),
        ("query", is.query, should.query),
        ("fragment", is.fragment, should.fragment),
    ];
    let (what, is, should) = pieces.into_iter().find(|(_, is, should)| is != should)?;
    let (is, should) = (is.unwrap_or("none"), should.unwrap_or("none"));
    let differs = match what {
        "host" if kind == Kind::Lti13ClientAssertion && SSO_HOSTS.contains(&is) => {
            return Some(format!("has the host {is}, but the token is sent to {should}"));
        }
        "host" if kind == Kind::Lti13ClientAssertion && SSO_HOSTS.contains(&should) => {
            return Some(format!("has the host of an institution, but the token is sent to {should}"));
        }
        "host" if SSO_HOSTS.contains(&is) => {
            return Some(format!("has the LTI 1.3 host {is}, which answers for no LTI 2 endpoint, expected {should}"));
        }
        "path" => path_difference(is, should).to_owned(),
        _ => format!("has the {what}"),
    };
    Some(format!("{differs} {}, expected {}", quoted(is), quoted(should)))
}

/// What to say of a path in front of what it is and what it should be.
fn path_difference(is: &str, should: &str) -> &'static str {
    if is.replace("/accounts/", "/courses/") == should {
        "names an account, the endpoint a course:"
    } else if is.replace("/courses/", "/accounts/") == should {
        "names a course, the endpoint an account:"
    } else if is.eq_ignore_ascii_case(should) {
        "differs in upper and lower case:"
    } else {
        "has another path:"
    }
}
