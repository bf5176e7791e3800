//! JSON as tokens carry it (RFC 8259). No library keeps every number as it was written, refuses a name that stands twice,
//! and keeps the order of members; the grammar, the strings and the writing are `serde_json`'s.

pub(crate) mod names;
mod number;
mod read;

use std::collections::BTreeMap;
use std::io;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::PrettyFormatter;
use zeroize::{Zeroize, Zeroizing};

pub use number::{MAX_SAFE_INTEGER, Number};
pub use read::{Fault, FaultKind, MAX_DEPTH, MAX_NUMBER, read, read_object};
pub(crate) use read::{read_text, repeated, spans};

/// A JSON value. Equality is of what was written: `1.0` is not `1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(Number),
    /// A string, its escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Object),
}

/// A JSON object: its members in the order written, no name twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object(Vec<(String, Json)>);

impl Object {
    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The value of this name, where it is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Json::as_str)
    }

    /// The members in the order written.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The members, their values to be changed.
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = (&str, &mut Json)> {
        self.0.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    /// Sets a member; a new one goes to the end.
    pub fn set(&mut self, name: &str, value: Json) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some(member) => member.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// An object of these members; the caller has checked that no name stands twice.
    pub(crate) fn from_members(members: Vec<(String, Json)>) -> Self {
        Self(members)
    }

    /// Whether an integer outside ±(2^53 − 1) is anywhere in it.
    #[must_use]
    pub fn has_unsafe_integer(&self) -> bool {
        self.iter().any(|(_, value)| value.has_unsafe_integer())
    }

    /// The object as JSON text, without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        text_of(self)
    }

    /// The object as JSON text that may hold a private key.
    #[must_use]
    pub fn to_secret_json(&self) -> Zeroizing<String> {
        secret_text_of(self)
    }
}

/// JSON text that may hold a secret, of what always can be written.
pub(crate) fn secret_text_of(value: &impl Serialize) -> Zeroizing<String> {
    // The buffer is wide enough from the start: one that grows leaves copies of the secret behind.
    let mut length = Length(0);
    let mut text = Vec::new();
    if serde_json::to_writer(&mut length, value).is_ok() {
        text.reserve_exact(length.0);
    }
    // Writing into memory does not fail.
    serde_json::to_writer(&mut text, value).unwrap_or_default();
    Zeroizing::new(String::from_utf8(text).unwrap_or_default())
}

/// Counts the bytes that are written to it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Json {
    /// The string, where it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, where it is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// What kind of value it is, in words for a message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// Whether an integer outside ±(2^53 − 1) is anywhere in it.
    #[must_use]
    pub fn has_unsafe_integer(&self) -> bool {
        match self {
            Self::Number(number) => number.is_unsafe_integer(),
            Self::Array(items) => items.iter().any(Self::has_unsafe_integer),
            Self::Object(object) => object.has_unsafe_integer(),
            _ => false,
        }
    }

    /// The value as JSON text, without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        text_of(self)
    }

    /// The value as JSON text in lines, each level indented by so many spaces.
    #[must_use]
    pub fn to_indented_json(&self, spaces: usize) -> String {
        let indent = " ".repeat(spaces);
        let mut text = Vec::new();
        let formatter = PrettyFormatter::with_indent(indent.as_bytes());
        // Writing into memory does not fail.
        self.serialize(&mut serde_json::Serializer::with_formatter(&mut text, formatter)).unwrap_or_default();
        String::from_utf8(text).unwrap_or_default()
    }
}

/// JSON text of what is JSON, which always can be written.
fn text_of(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Zeroize for Object {
    fn zeroize(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

impl Zeroize for Json {
    fn zeroize(&mut self) {
        match self {
            Self::String(text) => text.zeroize(),
            Self::Object(object) => object.zeroize(),
            Self::Array(items) => items.iter_mut().for_each(Self::zeroize),
            _ => {}
        }
    }
}

/// Of two members of one name, the value of the later one stands in the place of the first.
impl<'a> FromIterator<(&'a str, Json)> for Object {
    fn from_iter<I: IntoIterator<Item = (&'a str, Json)>>(members: I) -> Self {
        let mut object: Vec<(String, Json)> = Vec::new();
        // A server or a token may bring a hundred thousand: each is not compared with all.
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, value) in members {
            if let Some(member) = places.get(name).and_then(|place| object.get_mut(*place)) {
                member.1 = value;
            } else {
                places.insert(name, object.len());
                object.push((name.to_owned(), value));
            }
        }
        Self(object)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}
