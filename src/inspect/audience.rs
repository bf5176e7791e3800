//! The `aud` of an assertion, compared as Canvas does: its own URL of the endpoint, byte by byte. Says in what they
//! differ.

use super::check::Checks;
use super::claims::Context;
use super::kind::Kind;
use super::text::quoted;
use crate::error::text::{decimal, filled, is_one_of, replaced};
use crate::http::HttpUrl;
use crate::json::{Json, Object};

/// The hosts that took the place of a school's own in LTI 1.3.
const SSO_HOSTS: &str = "sso.canvaslms.com sso.beta.canvaslms.com sso.test.canvaslms.com";

/// The texts in `aud`.
pub(crate) fn audiences(claims: &Object) -> Vec<&str> {
    let items = match claims.get("aud") {
        Some(Json::Array(items)) => items,
        Some(aud) => core::slice::from_ref(aud),
        None => &[],
    };
    items.iter().filter_map(Json::as_str).collect()
}

pub(crate) fn check(&Context { kind, claims, endpoint, .. }: &Context<'_>, checks: &mut Checks) {
    let Some(aud) = claims.get("aud") else { return };
    let is_array = matches!(aud, Json::Array(_));
    if !is_array && aud.as_str().is_none() {
        return checks.refuse("aud|claims.aud|*|aud is {0}, expected a string|write aud as one string", &[aud.kind()]);
    }
    let found = audiences(claims);
    if kind == Kind::Lti2AccessToken {
        let Some(url) = endpoint.and_then(HttpUrl::parse) else { return };
        return if found.iter().any(|one| one.eq_ignore_ascii_case(url.host)) {
            checks.pass("aud|claims.aud|*|aud names the host it is sent to", &[]);
        } else {
            checks.refuse(
                "aud|claims.aud|*|aud does not name the host {0}, to which the token is sent\
                 |send it to the Canvas that issued it, or get a token from this one",
                &[url.host],
            );
        };
    }
    if !kind.is_assertion() {
        return;
    }
    let Some(first) = found.first() else {
        return checks.refuse(
            "aud|claims.aud|*|aud is an array without a text|set aud to the URL that the token is sent to",
            &[],
        );
    };
    // RFC 7523 §3 leaves the choice; Canvas takes the domain it authenticates at.
    if kind == Kind::Lti13ClientAssertion && found.iter().any(|one| is_one_of(SSO_HOSTS, one)) {
        return checks
            .pass("aud|claims.aud|*|aud is the domain of Canvas's authentication, as newer Canvas takes it", &[]);
    }
    if let Some(line) = misshapen(kind, first)
        && found.iter().all(|one| misshapen(kind, one).is_some())
    {
        return checks.refuse(line, &[]);
    }
    let Some(endpoint) = endpoint else {
        return checks.skip("aud|claims.aud|*|no endpoint was given to compare aud with", &[]);
    };
    let expected = as_canvas_writes(endpoint);
    if !found.contains(&expected.as_str()) {
        let difference = found
            .iter()
            .find_map(|one| difference(one, &expected))
            .unwrap_or_else(|| if first.is_empty() { "is empty".to_owned() } else { "is not the endpoint".to_owned() });
        checks.refuse("aud|claims.aud|*|aud {0}|set aud to {1}", &[&difference, &expected]);
    } else if kind == Kind::Lti2Assertion && is_array {
        checks.warn("aud|claims.aud|*|aud is an array; older Canvas takes one text only|write aud as one string", &[]);
    } else {
        checks.pass("aud|claims.aud|*|aud is the endpoint", &[]);
    }
}

/// The endpoint's URL as Canvas makes it, however the request was written.
fn as_canvas_writes(endpoint: &str) -> String {
    let Some(url) = HttpUrl::parse(endpoint) else { return endpoint.to_owned() };
    let (is_secure, host, port) = url.origin();
    let (scheme, usual) = if is_secure { ("https", 443) } else { ("http", 80) };
    let port = if port == usual { String::new() } else { [":", &decimal(port.into())].concat() };
    [scheme, "://", &host, &port, url.path.trim_end_matches('/')].concat()
}

/// What is wrong with an audience whatever the endpoint is.
fn misshapen(kind: Kind, aud: &str) -> Option<&'static str> {
    let Some(url) = HttpUrl::parse(aud) else {
        return Some(
            "aud|claims.aud|*|aud is no absolute http(s) URL\
             |set aud to the URL that the token is sent to, oauth2_access_token_url in the registration",
        );
    };
    let path = url.path.trim_end_matches('/').to_ascii_lowercase();
    (kind == Kind::Lti2Assertion && path.ends_with("/api/lti/authorize")).then_some(
        "aud|claims.aud|*|aud is the old URL without an account, which Canvas no longer has\
         |use /api/lti/accounts/ID/authorize or /api/lti/courses/ID/authorize, with your account's or course's id",
    )
}

/// In what two URLs differ, the second as Canvas writes it.
fn difference(aud: &str, endpoint: &str) -> Option<String> {
    if aud.eq_ignore_ascii_case(endpoint) {
        return Some("differs from the endpoint in upper and lower case".to_owned());
    }
    if aud.trim_end_matches('/') == endpoint {
        return Some("has a trailing slash, which Canvas's own URL has not".to_owned());
    }
    let (is, should) = (HttpUrl::parse(aud)?, HttpUrl::parse(endpoint)?);
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
    let words = match what {
        "host" if is_one_of(SSO_HOSTS, is) => {
            "has the LTI 1.3 host {3}, which answers for no LTI 2 endpoint, expected {4}"
        }
        "path" if replaced(is, "/accounts/", "/courses/") == should => {
            "names an account, the endpoint a course: {1}, expected {2}"
        }
        "path" if replaced(is, "/courses/", "/accounts/") == should => {
            "names a course, the endpoint an account: {1}, expected {2}"
        }
        "path" if is.eq_ignore_ascii_case(should) => "differs in upper and lower case: {1}, expected {2}",
        "path" => "has another path: {1}, expected {2}",
        _ => "has the {0} {1}, expected {2}",
    };
    Some(filled(words, &[what, &quoted(is), &quoted(should), is, should]))
}
