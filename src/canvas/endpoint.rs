//! An endpoint as data: its method, the paths it is at, and the ids in them, which a caller reads by their names.

use super::site::Site;
use crate::error::{Error, Result};
use crate::http::{Method, Repeat, Request, percent};
use crate::lti::Id;

/// An endpoint of Canvas.
pub(crate) struct Endpoint {
    method: Method,
    /// What is given for the ids: an object that has them, or the one id itself.
    pub(crate) given: &'static str,
    /// Where it is: `:name` stands for the id of this name. Of several paths it is the one whose ids are given.
    pub(crate) paths: &'static [&'static str],
    /// What to say of ids that are not those of one path.
    expected: &'static str,
    accept: &'static str,
    repeat: Repeat,
}

impl Endpoint {
    pub(crate) const fn new(method: Method, given: &'static str, paths: &'static [&'static str]) -> Self {
        let repeat = if matches!(method, Method::Get) { Repeat::Harmless } else { Repeat::OnlyIfUnsent };
        Self { method, given, paths, expected: "", accept: "application/json", repeat }
    }

    pub(crate) const fn expecting(self, expected: &'static str) -> Self {
        Self { expected, ..self }
    }

    pub(crate) const fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// To ask twice does no harm.
    pub(crate) const fn repeatable(self) -> Self {
        Self { repeat: Repeat::Harmless, ..self }
    }

    /// The request with these ids.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for an id that is no path segment, and for ids that are not those of one path.
    pub(crate) fn request(&self, site: &Site, ids: &[(&str, Id)]) -> Result<Request> {
        for path in self.paths {
            let mut url = site.base().to_owned();
            if self.extend(&mut url, path, ids)? {
                return Ok(self.at(url));
            }
        }
        Err(Error::refused(self.given, self.expected))
    }

    /// The request to this URL.
    pub(crate) fn at(&self, url: String) -> Request {
        Request::new(self.method, url, self.accept, self.repeat)
    }

    /// Adds this path to a URL, where these are the ids of it.
    fn extend(&self, url: &mut String, path: &str, ids: &[(&str, Id)]) -> Result<bool> {
        let mut left = ids.len();
        for segment in path.split('/') {
            if let Some(name) = segment.strip_prefix(':') {
                let Some((_, id)) = ids.iter().find(|(known, _)| *known == name) else { return Ok(false) };
                push(url, id, self.given, name)?;
                left -= 1;
            } else {
                url.push('/');
                url.push_str(segment);
            }
        }
        Ok(left == 0)
    }
}

/// Adds an id to a URL, as one segment of its path. It was given as `given`, or as the member `name` of that.
///
/// # Errors
/// `ERR_ARGUMENT` for an id that is no path segment: `.` and `..` would be resolved away, whatever their spelling
/// (RFC 3986 §5.2.4).
pub(crate) fn push(url: &mut String, id: &Id, given: &str, name: &str) -> Result<()> {
    let id = id.as_str();
    let fault = match id {
        "." | ".." => "a path of dots, expected an id",
        _ if id.trim().is_empty() => "empty, expected an id",
        _ => {
            url.push('/');
            url.push_str(&percent::encode(id));
            return Ok(());
        }
    };
    Err(if name == given { Error::refused(name, fault) } else { Error::refused(&[given, ".", name].concat(), fault) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDPOINT: Endpoint =
        Endpoint::new(Method::Get, "path", &["api/:a/:b", "api/:a/x/:c"]).expecting("expected b or c");

    fn url(base: &str, ids: &[(&str, &str)]) -> core::result::Result<String, String> {
        let site = Site::parse(base, "baseUrl").unwrap();
        let ids: Vec<_> = ids.iter().map(|(name, id)| (*name, Id::Text((*id).to_owned()))).collect();
        ENDPOINT.request(&site, &ids).map(|request| request.url).map_err(|error| error.message.clone())
    }

    #[test]
    fn an_id_stays_in_its_segment() {
        for base in ["https://school.test", "https://school.test/", "https://school.test//"] {
            let url = url(base, &[("a", "a/b?c#d%2e e"), ("b", ":a")]);
            assert_eq!(url.as_deref(), Ok("https://school.test/api/a%2Fb%3Fc%23d%252e%20e/%3Aa"));
        }
        for (id, found) in [("..", None), (".", None), (" ", None), ("a.b", Some("a.b")), ("*~", Some("%2A~"))] {
            let url = url("https://school.test:8443/canvas/", &[("a", id), ("c", "1")]);
            let expected = found.map(|found| ["https://school.test:8443/canvas/api/", found, "/x/1"].concat());
            assert_eq!(url.ok(), expected);
        }
    }

    #[test]
    fn the_ids_choose_the_path() {
        let refused = Err("path: expected b or c".to_owned());
        for ids in [&[("a", "1")][..], &[("b", "1")], &[("a", "1"), ("b", "2"), ("c", "3")], &[]] {
            assert_eq!(url("https://school.test", ids), refused, "{ids:?}");
        }
        let url = url("https://school.test", &[("c", "2"), ("a", "..")]);
        assert_eq!(url, Err("path.a: a path of dots, expected an id".to_owned()));
    }
}
