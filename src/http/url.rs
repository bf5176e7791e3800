//! Absolute http(s) URLs, taken apart as far as tokens need it. Keeps the text as it was given: Canvas compares `aud`
//! with its own URL byte by byte.

use crate::error::text::number;

/// The pieces of an absolute http(s) URL, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpUrl<'a> {
    /// `http` or `https`, as written.
    pub scheme: &'a str,
    /// User and password, where given.
    pub userinfo: Option<&'a str>,
    /// Host name or address, without port.
    pub host: &'a str,
    /// The port, where given.
    pub port: Option<&'a str>,
    /// From the first slash to the query, possibly empty.
    pub path: &'a str,
    /// The query without its question mark.
    pub query: Option<&'a str>,
    /// The fragment without its number sign.
    pub fragment: Option<&'a str>,
}

impl<'a> HttpUrl<'a> {
    /// Takes an absolute URL apart, or gives nothing where the text is none (RFC 3986 §4.3, with a host).
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return None;
        }
        let (scheme, rest) = text.split_once(':')?;
        let rest = rest.strip_prefix("//")?;
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let (rest, fragment) = split(rest, '#');
        let (rest, query) = split(rest, '?');
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (userinfo, address) = match last(authority, b'@') {
            Some(at) => (authority.get(..at), authority.get(at + 1..)?),
            None => (None, authority),
        };
        let (host, port) = match last(address, b':').filter(|colon| last(address, b']') < Some(*colon)) {
            Some(colon) => (address.get(..colon)?, address.get(colon + 1..)),
            None => (address, None),
        };
        let bracketed = matches!(host.as_bytes(), [b'[', _, .., b']']);
        let host_is_good = bracketed || (!host.is_empty() && !host.bytes().any(|byte| b"\\[]:<>\"^|%".contains(&byte)));
        let port_is_good = port.is_none_or(|port| port_number(port).is_some());
        (host_is_good && port_is_good).then_some(Self { scheme, userinfo, host, port, path, query, fragment })
    }

    /// Scheme, host and port, so that two URLs of the same origin compare equal (RFC 6454 §4).
    #[must_use]
    pub fn origin(self) -> (bool, String, u16) {
        let secure = self.scheme.eq_ignore_ascii_case("https");
        let default = if secure { 443 } else { 80 };
        let port = self.port.and_then(port_number).unwrap_or(default);
        (secure, self.host.to_ascii_lowercase(), port)
    }
}

/// Whether both are absolute URLs of one origin, without credentials.
pub(crate) fn is_same_origin(one: &str, other: &str) -> bool {
    match (HttpUrl::parse(one), HttpUrl::parse(other)) {
        (Some(one), Some(other)) => one.userinfo.or(other.userinfo).is_none() && one.origin() == other.origin(),
        _ => false,
    }
}

fn port_number(digits: &str) -> Option<u16> {
    number(digits)?.try_into().ok()
}

/// Where this ASCII character stands last.
fn last(text: &str, character: u8) -> Option<usize> {
    text.bytes().rposition(|byte| byte == character)
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_absolute_urls_apart() {
        let url = HttpUrl::parse("https://u:p@School.test:8443/canvas/api?x=1?2#top").unwrap();
        assert_eq!((url.scheme, url.userinfo, url.host, url.port), ("https", Some("u:p"), "School.test", Some("8443")));
        assert_eq!((url.path, url.query, url.fragment), ("/canvas/api", Some("x=1?2"), Some("top")));
        let url = HttpUrl::parse("http://[::1]:3000").unwrap();
        assert_eq!((url.host, url.port, url.path), ("[::1]", Some("3000"), ""));
        assert_eq!(HttpUrl::parse("http://[::1]").unwrap().port, None);
    }

    #[test]
    fn refuses_what_is_no_absolute_http_url() {
        for text in [
            "",
            "/api/lti",
            "school.test/api",
            "//school.test",
            "ftp://school.test",
            "http:/school.test",
            "http://",
            "https:///api",
            "https://school.test:port/",
            "https://school.test:99999/",
            "https://school .test/",
            "https://school.test/a b",
            "https://school.test/\n",
            "https://:80/",
            "mailto:a@b.test",
            "https://a:b:c/",
        ] {
            assert_eq!(HttpUrl::parse(text), None, "{text}");
        }
    }
}
