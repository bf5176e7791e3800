//! Lists in pages: the next one is where the `Link` header says (RFC 8288), as it says it, and of the same origin.

use super::site::Site;
use crate::error::Result;
use crate::http::{self, Request, Response, answer};

/// The request for the next page, where there is one.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for a next page on another origin, which a token must not be sent to.
pub fn next(site: &Site, response: &Response) -> Result<Option<Request>> {
    let Some(url) = http::next_link(response) else { return Ok(None) };
    if !site.is_origin_of(url) {
        return Err(answer::invalid(response, "the next page is on another origin, not followed"));
    }
    Site::page(url).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_on_another_origin_is_not_followed() {
        let site = Site::parse("https://a.test", "baseUrl").unwrap();
        let answer = |links: &[&str]| {
            let mut response = Response::new("[]".into());
            for link in links {
                response.headers_mut().append("link", link.parse().unwrap());
            }
            response
        };
        for links in [
            &["<https://a.test/2?b[]=é>; rel=\"next\""][..],
            &["<https://a.test/1>; rel=\"first\"", "<https://a.test/2?b[]=é>; rel=\"next\""],
        ] {
            let request = next(&site, &answer(links)).ok().flatten().unwrap();
            assert_eq!(request.uri().to_string(), "https://a.test/2?b[]=é");
        }
        let error = next(&site, &answer(&["<https://b.test/2>; rel=\"next\""])).err().unwrap();
        assert_eq!(error.code.as_str(), "ERR_RESPONSE_INVALID");
    }
}
