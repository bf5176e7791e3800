//! An object that a caller gives in a specification's own words, such as a score: members that are known are checked, and the
//! first that is wrong is refused by its place; the others are kept, unless they are spelt nearly as one that is known.

use super::timestamp;
use crate::error::{Error, Result};
use crate::http::HttpUrl;
use crate::json::names::{any_of, misspelt};
use crate::json::{Json, Object};

/// An object and its place in the arguments.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a> {
    pub(crate) object: &'a Object,
    at: String,
}

impl<'a> Members<'a> {
    /// The object that stands at this place.
    pub(crate) fn new(object: &'a Object, at: impl Into<String>) -> Self {
        Self { object, at: at.into() }
    }

    /// A fault of a member.
    #[cold]
    pub(crate) fn refused(&self, name: &str, fault: impl core::fmt::Display) -> Error {
        Error::argument(&format!("{}.{name}", self.at), fault)
    }

    /// A member that has the wrong type, or is absent.
    #[cold]
    fn expected(&self, name: &str, expected: &str) -> Error {
        self.refused(name, format_args!("{}, expected {expected}", self.object.get(name).map_or("absent", Json::kind)))
    }

    /// Refuses a name that is one of these but for a letter or two, where that is absent. Others are extensions, and are kept.
    pub(crate) fn spelt(&self, known: &[&str]) -> Result<()> {
        let is_absent = |name: &&str| self.object.get(name).is_none();
        self.object.iter().try_for_each(|(name, _)| match misspelt(name, known).filter(is_absent) {
            Some(meant) => Err(self.refused(name, format_args!("unknown, expected perhaps {meant}"))),
            None => Ok(()),
        })
    }

    fn typed<T>(&self, name: &str, expected: &str, read: impl FnOnce(&'a Json) -> Option<T>) -> Result<Option<T>> {
        match self.object.get(name) {
            None => Ok(None),
            Some(value) => read(value).map(Some).ok_or_else(|| self.expected(name, expected)),
        }
    }

    /// A member that must be there.
    pub(crate) fn required<T>(&self, name: &str, found: Option<T>, expected: &str) -> Result<T> {
        found.ok_or_else(|| self.expected(name, expected))
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&'a str>> {
        self.typed(name, "a string", Json::as_str)
    }

    /// A text that must be there, and say something.
    pub(crate) fn required_text(&self, name: &str) -> Result<&'a str> {
        let text = self.required(name, self.text(name)?, "a string")?;
        if text.trim().is_empty() { Err(self.refused(name, "empty, expected a text")) } else { Ok(text) }
    }

    pub(crate) fn all_texts(&self, names: &[&str]) -> Result<()> {
        names.iter().try_for_each(|name| self.text(name).map(|_| ()))
    }

    pub(crate) fn boolean(&self, name: &str) -> Result<Option<bool>> {
        self.typed(name, "a boolean", |value| if let Json::Bool(flag) = value { Some(*flag) } else { None })
    }

    /// A number, however large.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>> {
        self.typed(
            name,
            "a number",
            |value| {
                if let Json::Number(number) = value { Some(number.as_f64()) } else { None }
            },
        )
    }

    /// A number that is not negative.
    pub(crate) fn amount(&self, name: &str) -> Result<Option<f64>> {
        match self.number(name)? {
            Some(number) if number < 0.0 => Err(self.refused(name, "negative, expected 0 or more")),
            number => Ok(number),
        }
    }

    /// A whole number from 0 on.
    pub(crate) fn count(&self, name: &str) -> Result<Option<u64>> {
        self.typed(name, "a whole number that is not negative", |value| {
            if let Json::Number(number) = value { number.as_str().parse().ok() } else { None }
        })
    }

    /// An absolute http(s) URL.
    pub(crate) fn url(&self, name: &str) -> Result<Option<&'a str>> {
        match self.text(name)? {
            Some(url) if HttpUrl::parse(url).is_none() => Err(self.refused(name, "not an absolute http(s) URL")),
            url => Ok(url),
        }
    }

    pub(crate) fn required_url(&self, name: &str) -> Result<&'a str> {
        self.required(name, self.url(name)?, "an absolute http(s) URL")
    }

    /// A time with its offset (RFC 3339).
    pub(crate) fn timestamp(&self, name: &str) -> Result<Option<&'a str>> {
        match self.text(name)? {
            Some(text) if !timestamp::is_valid(text) => {
                Err(self.refused(name, "no time, expected one such as 2026-03-01T09:30:00.000Z"))
            }
            text => Ok(text),
        }
    }

    /// One of these texts.
    pub(crate) fn one_of(&self, name: &str, known: &[&str]) -> Result<Option<&'a str>> {
        match self.text(name)? {
            Some(text) if !known.contains(&text) => {
                Err(self.refused(name, format_args!("unknown, expected {}", any_of(known))))
            }
            text => Ok(text),
        }
    }

    pub(crate) fn member(&self, name: &str) -> Result<Option<Members<'a>>> {
        let object = self.typed(name, "an object", Json::as_object)?;
        Ok(object.map(|object| Members::new(object, format!("{}.{name}", self.at))))
    }

    /// The items of an array, each with its place.
    pub(crate) fn items<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&'a Json, String) -> Option<T>,
    ) -> Result<Option<Vec<T>>> {
        let items =
            self.typed(name, "an array", |value| if let Json::Array(items) = value { Some(items) } else { None });
        let Some(items) = items? else { return Ok(None) };
        let mut out = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let at = format!("{}.{name}[{index}]", self.at);
            let fault = || Error::argument(&at, format!("{}, expected {expected}", item.kind()));
            out.push(read(item, at.clone()).ok_or_else(fault)?);
        }
        Ok(Some(out))
    }

    pub(crate) fn objects(&self, name: &str) -> Result<Option<Vec<Members<'a>>>> {
        self.items(name, "an object", |item, at| item.as_object().map(|object| Members::new(object, at)))
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<&'a str>>> {
        self.items(name, "a string", |item, _| item.as_str())
    }

    /// An object of which every value is text.
    pub(crate) fn texts_by_name(&self, name: &str) -> Result<()> {
        let Some(object) = self.member(name)? else { return Ok(()) };
        object.object.iter().try_for_each(|(name, _)| object.text(name).map(|_| ()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn a_fault_is_named_by_its_place() {
        let text = r#"{"text":5,"blank":" ","amount":-1,"count":1.5,"url":"x","time":"2026-03-01","kind":"z","flag":null,
            "list":["a",5],"objects":[{},[]],"custom":{"a":"","b":5},"inner":{"deep":[]}}"#;
        let Ok(Json::Object(object)) = json::read(text) else { panic!("no object") };
        let members = Members::new(&object, "score");
        let inner = members.member("inner").unwrap().unwrap();
        for (fault, expected) in [
            (members.text("text").err(), "score.text: a number, expected a string"),
            (members.required_text("blank").err(), "score.blank: empty, expected a text"),
            (members.required_text("none").err(), "score.none: absent, expected a string"),
            (members.amount("amount").err(), "score.amount: negative, expected 0 or more"),
            (members.boolean("flag").err(), "score.flag: null, expected a boolean"),
            (members.objects("objects").err(), "score.objects[1]: an array, expected an object"),
            (members.count("count").err(), "score.count: a number, expected a whole number that is not negative"),
            (members.url("url").err(), "score.url: not an absolute http(s) URL"),
            (members.required_url("none").err(), "score.none: absent, expected an absolute http(s) URL"),
            (members.timestamp("time").err(), "score.time: no time, expected one such as 2026-03-01T09:30:00.000Z"),
            (members.one_of("kind", &["a", "b", "c"]).err(), "score.kind: unknown, expected a, b or c"),
            (members.texts("list").err(), "score.list[1]: a number, expected a string"),
            (members.texts_by_name("custom").err(), "score.custom.b: a number, expected a string"),
            (inner.text("deep").err(), "score.inner.deep: an array, expected a string"),
            (members.spelt(&["text", "amounts"]).err(), "score.amount: unknown, expected perhaps amounts"),
        ] {
            let fault = fault.unwrap();
            assert_eq!(fault.message, expected);
            assert!(fault.at.as_deref().is_some_and(|at| expected.starts_with(&format!("{at}: "))), "{expected}");
        }
        assert_eq!(members.text("none"), Ok(None));
        assert_eq!(members.spelt(&["text", "amount"]), Ok(()));
    }
}
