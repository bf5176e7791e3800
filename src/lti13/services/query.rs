//! URLs of services, of which some have a query of their own.

use form_urlencoded::Serializer;

use crate::error::{Error, Result};

/// The URL with these pairs behind its query.
pub(super) fn with_query(url: &str, pairs: &[(&str, Option<String>)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
    let query = query.finish();
    match url.split_once('?') {
        _ if query.is_empty() => url.to_owned(),
        Some((_, "")) => format!("{url}{query}"),
        Some(_) => format!("{url}&{query}"),
        None => format!("{url}?{query}"),
    }
}

/// The URL with a segment behind its path.
pub(super) fn with_segment(url: &str, segment: &str) -> String {
    match url.split_once('?') {
        Some((path, query)) => format!("{path}/{segment}?{query}"),
        None => format!("{url}/{segment}"),
    }
}

/// How many items a page has at most.
pub(super) fn limit(limit: Option<i64>) -> Result<Option<String>> {
    match limit {
        Some(limit) if limit < 1 => Err(Error::argument("filter.limit", "expected 1 or more")),
        limit => Ok(limit.map(|limit| limit.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_keeps_its_query() {
        let pairs = [("tag", Some("a b&c".to_owned())), ("limit", None)];
        for (url, filtered, below) in [
            ("https://a.test/1", "https://a.test/1?tag=a+b%26c", "https://a.test/1/scores"),
            ("https://a.test/1?x=1", "https://a.test/1?x=1&tag=a+b%26c", "https://a.test/1/scores?x=1"),
            ("https://a.test/1?", "https://a.test/1?tag=a+b%26c", "https://a.test/1/scores?"),
        ] {
            assert_eq!((with_query(url, &pairs).as_str(), with_segment(url, "scores").as_str()), (filtered, below));
            assert_eq!(with_query(url, &[("limit", None)]), url);
        }
    }
}
