//! Why there is no answer. No library tells it: each platform says it in codes or words of its own.

use ::http::Uri;

use super::url::is_same_origin;
use crate::error::{Code, Error};

/// What a platform's exception says of itself, and what it was caused by.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Such as `ECONNREFUSED`, in Node and Bun.
    pub codes: Vec<String>,
    /// In Deno, which has no codes.
    pub messages: Vec<String>,
}

/// One reason: what its codes begin with, words of Deno's messages, and what it means.
type Reason = (&'static [&'static str], &'static [&'static str], &'static str);

/// The first that fits counts.
static REASONS: &[Reason] = &[
    (
        &["ECONNREFUSED", "ConnectionRefused"],
        &["Connection refused", "actively refused"],
        "the connection was refused, nothing listens on that port",
    ),
    (&["ENOTFOUND"], &["dns error"], "no host of that name is known here; look for a misspelling"),
    (
        &["EAI_AGAIN"],
        &[],
        "its name cannot be looked up now; look whether this machine has a network and its DNS answers",
    ),
    (
        &["ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH"],
        &["certificate: NotValidForName", "certificate not valid for name"],
        "TLS failed, its certificate is for another name",
    ),
    (
        &["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"],
        &["certificate: Expired", "certificate: NotValidYet", "certificate expired", "certificate not valid yet"],
        "TLS failed, its certificate has expired or is of the future; look at this machine's clock too",
    ),
    (
        &[
            "DEPTH_ZERO_SELF_SIGNED_CERT",
            "SELF_SIGNED_CERT",
            "UNABLE_TO_GET_ISSUER_CERT",
            "UNABLE_TO_VERIFY",
            "CERT_",
            "INVALID_CA",
        ],
        &["invalid peer certificate"],
        "TLS failed, its certificate is not of an authority that is trusted here; it is self-signed, lacks an intermediate \
         certificate, or is an inner network's, whose authority this program must be told",
    ),
    (
        &["ERR_TLS", "ERR_SSL", "EPROTO"],
        &["received corrupt message", "received fatal alert", "peer is incompatible"],
        "TLS failed, the server speaks none on that port or another version",
    ),
    (
        &["EHOSTUNREACH", "ENETUNREACH"],
        &["is unreachable (os error", "No route to host"],
        "no way leads there from this machine's network",
    ),
    (
        &["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"],
        &["Connection timed out"],
        "it did not take the connection in time; look for a firewall between",
    ),
    (
        &["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"],
        &["connection closed before message completed", "Connection reset"],
        "the connection was closed before the whole answer came",
    ),
];

/// The error for a request that got no answer; `page` is the origin of the page that asked, if one did.
#[must_use]
pub fn no_answer(url: &str, page: Option<&str>, said: &Said) -> Error {
    let parsed = url.parse::<Uri>().ok();
    let server = parsed.as_ref().and_then(|url| Some((url.host()?, url.port())));
    let server = match &server {
        Some((host, Some(port))) => format!("{host}:{port}"),
        Some((host, None)) => (*host).to_owned(),
        None => "the server".to_owned(),
    };
    let reason = match (reason(said), page) {
        (Some(reason), _) => reason,
        (None, Some(page)) if !is_same_origin(page, url) => {
            "in a page of another origin CORS is the likely reason, since Canvas sends no CORS headers on these \
             endpoints; call them from a server, or through a proxy of the page's own origin"
        }
        _ => "the network, its name or its certificate",
    };
    Error::new(Code::Fetch, format!("no answer from {server}: {reason}"))
}

fn reason(said: &Said) -> Option<&'static str> {
    let fits = |(codes, words, _): &&Reason| {
        said.codes.iter().any(|code| codes.iter().any(|start| code.starts_with(start)))
            || said.messages.iter().any(|message| words.iter().any(|words| message.contains(words)))
    };
    REASONS.iter().find(fits).map(|(.., reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_platforms_say_is_told_apart() {
        let message = |said: &Said, page| no_answer("https://a.test:8443/jwks?a", page, said).message.clone();
        let coded = |code: &str| Said { codes: vec![String::new(), code.to_owned()], messages: Vec::new() };
        let worded =
            |words: &str| Said { codes: Vec::new(), messages: vec!["fetch failed".to_owned(), words.to_owned()] };
        for (said, expected) in [
            (coded("ECONNREFUSED"), "a.test:8443: the connection was refused"),
            (coded("ENOTFOUND"), "no host of that name"),
            (coded("EAI_AGAIN"), "cannot be looked up now"),
            (coded("ERR_TLS_CERT_ALTNAME_INVALID"), "for another name"),
            (coded("CERT_HAS_EXPIRED"), "has expired"),
            (coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "self-signed"),
            (coded("CERT_UNTRUSTED"), "self-signed"),
            (coded("ERR_SSL_WRONG_VERSION_NUMBER"), "speaks none"),
            (coded("ENETUNREACH"), "no way leads there"),
            (coded("UND_ERR_CONNECT_TIMEOUT"), "in time"),
            (coded("UND_ERR_SOCKET"), "closed"),
            (coded("EOTHER"), "the network, its name or its certificate"),
            (worded("client error (Connect): tcp connect error: Connection refused (os error 111)"), "was refused"),
            (worded("client error (Connect): dns error: failed to lookup address information"), "no host of that name"),
            (worded("client error (Connect): invalid peer certificate: UnknownIssuer"), "self-signed"),
            (worded("client error (Connect): invalid peer certificate: Expired"), "has expired"),
            (worded("client error (Connect): received corrupt message of type InvalidContentType"), "speaks none"),
            (worded("Failed to fetch"), "the network, its name or its certificate"),
        ] {
            let message = message(&said, None);
            assert!(message.starts_with("no answer from a.test:8443: ") && message.contains(expected), "{message}");
        }
        let nothing = Said::default();
        assert!(message(&nothing, Some("https://b.test")).contains("CORS"));
        assert!(!message(&nothing, Some("https://a.test:8443")).contains("CORS"));
    }
}
