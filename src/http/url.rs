//! Absolute http(s) URLs, taken apart as far as tokens need it. Keeps the text as it was given: Canvas compares `aud`
//! with its own URL byte by byte.

use core::net::Ipv4Addr;

use ::http::Uri;
use fluent_uri::Iri;
use fluent_uri::pct_enc::EStr;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

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
    /// Takes an absolute URL apart, or gives nothing where the text is none (RFC 3986 §4.3 and, for what is not ASCII,
    /// RFC 3987 §2.2; with a host, and a port that there is).
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let url = Iri::parse(text).ok()?;
        let scheme = url.scheme().as_str();
        let authority = url.authority()?;
        let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        // The syntax has escapes in a host, and an empty port. No name has the former, and clients differ on them.
        let has_host = !authority.host().is_empty() && !authority.host().contains('%');
        let has_port = !authority.has_port() || matches!(authority.port_to_u16(), Ok(Some(_)));
        (is_http && has_host && has_port).then(|| Self {
            scheme,
            userinfo: authority.userinfo().map(EStr::as_str),
            host: authority.host(),
            port: authority.port().map(EStr::as_str),
            path: url.path().as_str(),
            query: url.query().map(EStr::as_str),
            fragment: url.fragment().map(EStr::as_str),
        })
    }

    /// Scheme, host and port, so that two URLs of the same origin compare equal (RFC 6454 §4): whether it is `https`, the
    /// host in lower case, and the port.
    #[must_use]
    pub fn origin(self) -> (bool, String, u16) {
        let secure = self.scheme.eq_ignore_ascii_case("https");
        let port = self.port.and_then(|port| port.parse().ok());
        (secure, self.host.to_ascii_lowercase(), port.unwrap_or(if secure { 443 } else { 80 }))
    }

    /// The same as browsers write it in an `Origin` header (RFC 6454 §6.2), for a host in ASCII.
    #[must_use]
    pub fn ascii_origin(self) -> Option<String> {
        let (is_secure, host, port) = self.origin();
        let (scheme, usual) = if is_secure { ("https", 443) } else { ("http", 80) };
        let port = if port == usual { String::new() } else { format!(":{port}") };
        host.is_ascii().then(|| format!("{scheme}://{host}{port}"))
    }
}

impl HttpUrl<'_> {
    /// Whether its host is the machine that asks, so that nobody on the way reads what is sent there (RFC 6761 §6.3, RFC 1122
    /// §3.2.1.3, RFC 4291 §2.5.3).
    #[must_use]
    pub fn is_of_this_machine(self) -> bool {
        let host = self.host.to_ascii_lowercase();
        let is_loopback = |host: &str| host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback());
        host == "localhost" || host.ends_with(".localhost") || host == "[::1]" || is_loopback(&host)
    }

    /// Whether nobody on the way reads what is sent there, and all of it is: an `https` URL without credentials and fragment, or
    /// one of this machine.
    #[must_use]
    pub fn is_private(self) -> bool {
        let is_alone = self.userinfo.is_none() && self.fragment.is_none();
        is_alone && (self.scheme.eq_ignore_ascii_case("https") || self.is_of_this_machine())
    }
}

/// Whether both are absolute URLs of one origin, without credentials. They are read as the requests to them are, so that
/// what is sent is what was compared.
pub(crate) fn is_same_origin(one: &str, other: &str) -> bool {
    let origin = |url: &str| {
        let url: Uri = url.parse().ok()?;
        let authority = url.authority().filter(|authority| !authority.as_str().contains('@'))?;
        let root = format!("{}://{authority}", url.scheme_str()?);
        HttpUrl::parse(&root).map(HttpUrl::origin)
    };
    origin(one).is_some_and(|one| origin(other) == Some(one))
}

/// All but unreserved characters (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The text as one segment of a path, whatever characters it has.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The text decoded, where it is text then (RFC 3986 §2.1). A percent sign without its two digits stands for itself.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(String::from)
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
    fn takes_unusual_urls_as_they_are() {
        for (text, host, port) in [
            ("HTTPS://SCHOOL.test", "SCHOOL.test", None),
            ("https://my_school.test/é?ü#ß", "my_school.test", None),
            ("https://schülé.test:0080", "schülé.test", Some("0080")),
            ("http://127.1:65535/", "127.1", Some("65535")),
            ("http://[2001:DB8::7]/", "[2001:DB8::7]", None),
            ("https://a!b.test:0/", "a!b.test", Some("0")),
        ] {
            let url = HttpUrl::parse(text).unwrap();
            assert_eq!((url.host, url.port), (host, port), "{text}");
        }
        assert_eq!(HttpUrl::parse("HTTP://A.test:0080").map(HttpUrl::origin), Some((false, "a.test".to_owned(), 80)));
    }

    #[test]
    fn writes_origins_as_browsers_do() {
        for (text, origin) in [
            ("HTTPS://u:p@School.test:443/a?b#c", Some("https://school.test")),
            ("http://school.test:0080", Some("http://school.test")),
            ("http://school.test:443/", Some("http://school.test:443")),
            ("https://[2001:DB8::7]:8443/", Some("https://[2001:db8::7]:8443")),
            ("https://schülé.test/", None),
        ] {
            assert_eq!(HttpUrl::parse(text).and_then(HttpUrl::ascii_origin).as_deref(), origin, "{text}");
        }
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
            "https://school.test:/",
            "https://school .test/",
            "https://school.test/a b",
            "https://school.test/\n",
            "https://school.test\\@evil.test/",
            "https://school%2etest/",
            "https://:80/",
            "mailto:a@b.test",
            "https://a:b:c/",
            "http://[::1",
        ] {
            assert_eq!(HttpUrl::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_character_comes_back_from_a_segment() {
        let all: String = ('\0'..='\u{17f}').chain("名😀\u{10ffff}".chars()).collect();
        let encoded = segment(&all);
        assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
        assert_eq!(percent_decoded(&encoded), Some(all));
        assert_eq!(segment("aZ9-._~ é/"), "aZ9-._~%20%C3%A9%2F");
    }

    #[test]
    fn what_is_not_encoded_stays() {
        for text in ["", "%", "%%", "%2", "%g0", "%+f", "a%", "é%é"] {
            assert_eq!(percent_decoded(text).as_deref(), Some(text));
        }
        assert_eq!(percent_decoded("%2e%2E%%41").as_deref(), Some("..%A"));
        assert_eq!((percent_decoded("%ff"), percent_decoded("%c3")), (None, None));
    }
}
