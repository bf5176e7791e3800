//! The `aud` of an assertion, compared as Canvas does: its own URL of the endpoint, byte by byte. Says in what they
//! differ.

use super::check::{Check, quoted};
use super::kind::Kind;
use crate::http::HttpUrl;
use crate::jose::json::{Json, Object};

/// The hosts that took the place of a school's own in LTI 1.3.
const SSO_HOSTS: [&str; 3] = ["sso.canvaslms.com", "sso.beta.canvaslms.com", "sso.test.canvaslms.com"];

pub(crate) fn check(kind: Kind, claims: &Object, endpoint: Option<&str>) -> Option<Check> {
    let aud = claims.get("aud")?;
    let found: Vec<&str> = match aud {
        Json::String(text) => vec![text],
        Json::Array(items) => items.iter().filter_map(Json::as_str).collect(),
        _ => return Some(refuse(kind, &["aud is ", aud.kind(), ", expected a string"], "write aud as one string")),
    };
    let spec = kind.profile().spec;
    let pass = |message: &[&str]| Some(Check::pass("aud", message).at_claim("aud").spec(spec));
    if kind == Kind::Lti2AccessToken {
        let host = HttpUrl::parse(endpoint?)?.host;
        if found.iter().any(|one| one.eq_ignore_ascii_case(host)) {
            return pass(&["aud names the host it is sent to"]);
        }
        let message = ["aud does not name the host ", host, ", to which the token is sent"];
        return Some(refuse(kind, &message, "send it to the Canvas that issued it, or get a token from this one"));
    }
    if !kind.is_assertion() {
        return None;
    }
    let Some(first) = found.first() else {
        return Some(refuse(kind, &["aud is an array without a text"], "set aud to the URL that the token is sent to"));
    };
    // RFC 7523 §3 leaves the choice; Canvas takes the domain it authenticates at.
    if kind == Kind::Lti13ClientAssertion && found.iter().any(|one| SSO_HOSTS.contains(one)) {
        return pass(&["aud is the domain of Canvas's authentication, as newer Canvas takes it"]);
    }
    if let Some(problem) = found.iter().map(|one| shape(kind, one)).min_by_key(Option::is_some).flatten() {
        return Some(refuse(kind, &[problem.0], problem.1));
    }
    let Some(endpoint) = endpoint else {
        return Some(Check::skip("aud", &["no endpoint was given to compare aud with"]).at_claim("aud").spec(spec));
    };
    let expected = as_canvas_writes(endpoint);
    if found.contains(&expected.as_str()) {
        if kind == Kind::Lti2Assertion && matches!(aud, Json::Array(_)) {
            let message = ["aud is an array; older Canvas takes one text only"];
            return Some(Check::warn("aud", &message, "write aud as one string").at_claim("aud").spec(spec));
        }
        return pass(&["aud is the endpoint"]);
    }
    let difference =
        found.iter().find_map(|one| difference(one, &expected)).unwrap_or_else(|| difference_unknown(first));
    let fix = ["set aud to ", &expected].concat();
    Some(refuse(kind, &["aud ", &difference], &fix))
}

fn refuse(kind: Kind, message: &[&str], fix: &str) -> Check {
    Check::refuse("aud", "aud", message, fix).spec(kind.profile().spec)
}

/// The endpoint's URL as Canvas makes it, however the request was written.
fn as_canvas_writes(endpoint: &str) -> String {
    let Some(url) = HttpUrl::parse(endpoint) else { return endpoint.to_owned() };
    let (is_secure, host, port) = url.origin();
    let (scheme, usual) = if is_secure { ("https", 443) } else { ("http", 80) };
    let port = if port == usual { String::new() } else { [":", &port.to_string()].concat() };
    [scheme, "://", &host, &port, url.path.trim_end_matches('/')].concat()
}

/// What is wrong with an audience whatever the endpoint is.
fn shape(kind: Kind, aud: &str) -> Option<(&'static str, &'static str)> {
    let fix = "set aud to the URL that the token is sent to, oauth2_access_token_url in the registration";
    let Some(url) = HttpUrl::parse(aud) else { return Some(("aud is no absolute http(s) URL", fix)) };
    if kind != Kind::Lti2Assertion {
        return None;
    }
    let path = url.path.to_ascii_lowercase();
    if path.trim_end_matches('/').ends_with("/api/lti/authorize") {
        return Some((
            "aud is the old URL without an account, which Canvas no longer has",
            "use /api/lti/accounts/ID/authorize or /api/lti/courses/ID/authorize, with your account's or course's id",
        ));
    }
    None
}

/// In what two URLs differ.
fn difference(aud: &str, endpoint: &str) -> Option<String> {
    let (found, expected) = (HttpUrl::parse(aud)?, HttpUrl::parse(endpoint)?);
    if aud.eq_ignore_ascii_case(endpoint) {
        return Some("differs from the endpoint in upper and lower case".to_owned());
    }
    if aud.trim_end_matches('/') == endpoint {
        return Some("has a trailing slash, which Canvas's own URL has not".to_owned());
    }
    let port = |url: HttpUrl<'_>| url.port.unwrap_or("none").to_owned();
    let pairs = [
        ("scheme", found.scheme.to_ascii_lowercase(), expected.scheme.to_ascii_lowercase()),
        ("host", found.host.to_ascii_lowercase(), expected.host.to_ascii_lowercase()),
        ("port", port(found), port(expected)),
        ("path", found.path.to_owned(), expected.path.to_owned()),
        ("query", found.query.unwrap_or("none").to_owned(), expected.query.unwrap_or("none").to_owned()),
        ("fragment", found.fragment.unwrap_or("none").to_owned(), expected.fragment.unwrap_or("none").to_owned()),
    ];
    let (what, is, should) = pairs.into_iter().find(|(_, is, should)| is != should)?;
    if what == "host" && SSO_HOSTS.contains(&is.as_str()) {
        return Some(
            ["has the LTI 1.3 host ", &is, ", which answers for no LTI 2 endpoint, expected ", &should].concat(),
        );
    }
    if what == "path" {
        return Some(path_difference(&is, &should));
    }
    Some(["has the ", what, " ", &quoted(&is), ", expected ", &quoted(&should)].concat())
}

fn path_difference(is: &str, should: &str) -> String {
    let reason = match () {
        () if is.replace("/accounts/", "/courses/") == should => "names an account, the endpoint a course: ",
        () if is.replace("/courses/", "/accounts/") == should => "names a course, the endpoint an account: ",
        () if is.eq_ignore_ascii_case(should) => "differs in upper and lower case: ",
        () => "has another path: ",
    };
    [reason, &quoted(is), ", expected ", &quoted(should)].concat()
}

fn difference_unknown(aud: &str) -> String {
    if aud.is_empty() { "is empty".to_owned() } else { "is not the endpoint".to_owned() }
}
