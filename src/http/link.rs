//! `Link` headers (RFC 8288), as far as lists in pages need them.

use super::message::Response;

/// The target of the link to the next page, where there is one, as it was sent.
#[must_use]
pub fn next_link(response: &Response) -> Option<&str> {
    let links = response.headers().get_all("link").iter();
    links.filter_map(|link| core::str::from_utf8(link.as_bytes()).ok()).find_map(next_url)
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
}
