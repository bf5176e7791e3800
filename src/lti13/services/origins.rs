//! Where service tokens may go: the origins of the services that a verified launch or notice named. Services live on the
//! institution's host, which a platform's registration does not name.

use crate::error::{Error, Result};
use crate::http::HttpUrl;
use crate::json::{Json, Object};
use crate::lti13::{Platform, claims};

/// The origins that tokens may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origins(Vec<String>);

/// What a launch or notice says of the platform's services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The origins of their URLs.
    pub origins: Vec<String>,
    /// What a token can be asked for.
    pub scopes: Vec<String>,
}

impl Origins {
    /// Reads origins, or URLs of them, of a platform's services; `at` names the option. One with `http` is taken as its `https`,
    /// but for this machine.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for none at all, for what is no absolute http(s) URL, and for one of this machine where the platform is
    /// not on it.
    pub fn parse(origins: &[String], platform: &Platform, at: &str) -> Result<Self> {
        if origins.is_empty() {
            return Err(Error::argument(at, "empty, expected the origins of services that a launch named"));
        }
        let origins = origins.iter().enumerate().map(|(index, url)| {
            let wrong =
                || Error::argument(&format!("{at}[{index}]"), "no origin, expected one such as https://school.test");
            let found = origin(url).ok_or_else(wrong)?;
            if may_name(platform, &found) {
                return Ok(found);
            }
            Err(Error::argument(&format!("{at}[{index}]"), "of this machine, which the platform is not on"))
        });
        origins.collect::<Result<_>>().map(Self)
    }

    /// The origins, as they were read.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// The URL as a token is sent to it; `at` names the argument.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for what is no absolute http(s) URL, carries credentials or a fragment, or is of another origin.
    pub fn check(&self, url: &str, at: &str) -> Result<String> {
        let Some(parts) = HttpUrl::parse(url) else {
            return Err(Error::argument(at, "not an absolute http(s) URL"));
        };
        if parts.userinfo.is_some() || parts.fragment.is_some() {
            return Err(Error::argument(at, "carries a user name, password or fragment"));
        }
        let found = origin(url).unwrap_or_default();
        if self.0.contains(&found) {
            return Ok(secured(url));
        }
        let fault = format!("of {found}, which no launch named, expected one of {}", self.0.join(", "));
        Err(Error::argument(at, fault))
    }
}

/// The URL with `https` in place of `http`: Canvas behind a proxy names some of its services so. On this machine, where there
/// is nobody to listen, `http` stays.
pub(super) fn secured(url: &str) -> String {
    match HttpUrl::parse(url) {
        Some(parts) if parts.scheme.eq_ignore_ascii_case("http") && !parts.is_of_this_machine() => {
            let after = |mark: &str, part: Option<&str>| part.map(|part| format!("{mark}{part}")).unwrap_or_default();
            let userinfo = parts.userinfo.map(|userinfo| format!("{userinfo}@")).unwrap_or_default();
            // The port of `http` is not that of `https`.
            let port = after(":", parts.port.filter(|_| parts.origin().2 != 80));
            let (query, fragment) = (after("?", parts.query), after("#", parts.fragment));
            format!("https://{userinfo}{}{port}{}{query}{fragment}", parts.host, parts.path)
        }
        _ => url.to_owned(),
    }
}

/// Scheme, host and port of a URL as a token is sent to it.
fn origin(url: &str) -> Option<String> {
    let url = secured(url);
    HttpUrl::parse(&url).filter(|parts| parts.userinfo.is_none()).and_then(HttpUrl::ascii_origin)
}

/// Whether services of this platform may be there: on this machine are those of a platform that is on it, too.
fn may_name(platform: &Platform, origin: &str) -> bool {
    let is_of_this_machine = HttpUrl::parse(origin).is_some_and(HttpUrl::is_of_this_machine);
    !is_of_this_machine || platform.is_of_this_machine()
}

/// What the claims of a verified launch or notice of this platform say of services. That of EULAs is left out: Canvas names it to
/// tools that may not use it.
#[must_use]
pub fn named(claims_set: &Object, platform: &Platform) -> Named {
    let service = |name: &str| claims_set.get(name).and_then(Json::as_object);
    let mut named = Named::default();
    for (name, urls) in [
        (claims::AGS_ENDPOINT, &["lineitems", "lineitem"][..]),
        (claims::NAMES_ROLE_SERVICE, &["context_memberships_url"]),
        (claims::PLATFORM_NOTIFICATION_SERVICE, &["platform_notification_service_url"]),
        (claims::ASSET_SERVICE, &[]),
        (claims::ASSET_REPORT, &["report_url"]),
    ] {
        let Some(service) = service(name) else { continue };
        urls.iter().filter_map(|url| service.text(url)).for_each(|url| named.add_origin(url));
        items(service, "assets")
            .filter_map(|asset| asset.as_object()?.text("url"))
            .for_each(|url| named.add_origin(url));
        named.origins.retain(|origin| may_name(platform, origin));
        named.scopes.extend(items(service, "scope").filter_map(Json::as_str).map(str::to_owned));
    }
    // Its claim is there for those alone who may read it, and lists no scope.
    if service(claims::NAMES_ROLE_SERVICE).is_some() {
        named.scopes.push(super::memberships::SCOPE.as_str().to_owned());
    }
    named
}

impl Named {
    fn add_origin(&mut self, url: &str) {
        if let Some(origin) = origin(url).filter(|origin| !self.origins.contains(origin)) {
            self.origins.push(origin);
        }
    }
}

fn items<'a>(object: &'a Object, name: &str) -> impl Iterator<Item = &'a Json> {
    match object.get(name) {
        Some(Json::Array(items)) => items.as_slice(),
        _ => &[],
    }
    .iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_by_https() {
        for (url, expected) in [
            ("http://school.test/api?x=http://a", "https://school.test/api?x=http://a"),
            ("HTTP://school.test:80/api/:80", "https://school.test/api/:80"),
            ("http://school.test:3000/", "https://school.test:3000/"),
            ("http://[2001:db8::80]:80/:80?:80#:80", "https://[2001:db8::80]/:80?:80#:80"),
            ("http://[2001:db8:80::1]:8080", "https://[2001:db8:80::1]:8080"),
            ("http://school.test:0080/", "https://school.test/"),
            ("http://u:80@school.test:80/", "https://u:80@school.test/"),
            ("https://school.test/", "https://school.test/"),
            ("http://localhost:3000/", "http://localhost:3000/"),
            ("http://canvas.localhost/", "http://canvas.localhost/"),
            ("http://127.0.0.1:80/", "http://127.0.0.1:80/"),
            ("http://[::1]/", "http://[::1]/"),
            ("http://127.0.0.1.evil.test/", "https://127.0.0.1.evil.test/"),
            ("http://localhost.evil.test/", "https://localhost.evil.test/"),
        ] {
            assert_eq!(secured(url), expected);
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for (url, expected) in [
            ("https://School.test:443/a?b#c", Some("https://school.test")),
            ("http://school.test", Some("https://school.test")),
            ("https://school.test:8443", Some("https://school.test:8443")),
            ("http://localhost:80/", Some("http://localhost")),
            ("http://127.0.0.1:8931/x", Some("http://127.0.0.1:8931")),
            ("https://u@school.test", None),
            ("https://é.test", None),
            ("school.test", None),
        ] {
            assert_eq!(origin(url).as_deref(), expected, "{url}");
        }
    }
}
