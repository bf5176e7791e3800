//! Lists in pages: the next one is where the `Link` header says (RFC 8288), as it says it, and of the same origin.

use super::site::Site;
use crate::error::Result;
use crate::http::{Request, Response, answer};

/// The request for the next page, where there is one.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for a next page on another origin, which a token must not be sent to.
pub fn next(site: &Site, response: &Response) -> Result<Option<Request>> {
    let links = response.headers().get_all("link").iter();
    let mut links = links.filter_map(|link| core::str::from_utf8(link.as_bytes()).ok());
    let Some(url) = links.find_map(next_url) else { return Ok(None) };
    if !site.is_origin_of(url) {
        return Err(answer::invalid(response, "the next page is on another origin, not followed"));
    }
    Site::page(url).map(Some)
}

/// The target of the link whose relation is `next`.
fn next_url(header: &str) -> Option<&str> {
    for link in header.split('<').skip(1) {
        let (target, parameters) = link.split_once('>')?;
        let parameters = parameters.replace(['=', '"', ','], " ");
        let is_next = parameters.split(';').any(|parameter| {
            let mut words = parameter.split_whitespace();
            words.next().is_some_and(|name| name.eq_ignore_ascii_case("rel"))
                && words.any(|relation| relation.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(target);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found_among_others() {
        for (header, expected) in [
            (
                "<https://a.test/?page=1>; rel=\"current\",<https://a.test/?page=2>; rel=\"next\"",
                Some("https://a.test/?page=2"),
            ),
            ("<https://a.test/?a=1,2&page=bookmark:x>; rel=next", Some("https://a.test/?a=1,2&page=bookmark:x")),
            ("<https://a.test/3>; title=\"rel\"; REL=\"prev NEXT\"", Some("https://a.test/3")),
            ("<https://a.test/1>; rel=\"first\", <https://a.test/9>; rel=\"last\"", None),
            ("<https://a.test/1", None),
            ("", None),
        ] {
            assert_eq!(next_url(header), expected, "{header}");
        }
    }

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
