//! JSON values as tokens carry them (RFC 8259): members in the order sent, numbers as written, so that no digit is lost.
//! The reader is in [`json_read`](super::json_read).

use zeroize::{Zeroize, Zeroizing};

pub use super::number::{MAX_SAFE_INTEGER, Number};

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

    /// An object of one member.
    pub(crate) fn of(name: &str, value: Json) -> Self {
        Self(vec![(name.to_owned(), value)])
    }

    /// Sets a member; a new one goes to the end.
    pub fn set(&mut self, name: &str, value: Json) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some(member) => member.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The caller has checked that no name stands twice.
    pub(crate) fn from_members(members: Vec<(String, Json)>) -> Self {
        Self(members)
    }

    /// The object as JSON text, without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write_object(self, &mut out);
        out
    }

    /// The object as JSON text that may hold a private key. It is as wide as need be from the start: a text that grows
    /// leaves copies of itself behind.
    #[must_use]
    pub fn to_secret_json(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(self.room()));
        write_object(self, &mut out);
        out
    }

    /// How long its text is at the most.
    fn room(&self) -> usize {
        self.iter().fold(2, |sum, (name, value)| sum + room(name) + value.room() + 2)
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

impl<'a> FromIterator<(&'a str, Json)> for Object {
    fn from_iter<I: IntoIterator<Item = (&'a str, Json)>>(members: I) -> Self {
        let mut object = Self::default();
        members.into_iter().for_each(|(name, value)| object.set(name, value));
        object
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
            Self::Object(object) => object.iter().any(|(_, value)| value.has_unsafe_integer()),
            _ => false,
        }
    }

    /// How long its text is at the most.
    fn room(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) => 5,
            Self::Number(number) => number.as_str().len(),
            Self::String(text) => room(text),
            Self::Array(items) => items.iter().fold(2, |sum, item| sum + item.room() + 1),
            Self::Object(object) => object.room(),
        }
    }

    /// The value as JSON text, without white space.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write(self, &mut out);
        out
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

fn write(value: &Json, out: &mut String) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => out.push_str(number.as_str()),
        Json::String(text) => write_string(text, out),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Json::Object(object) => write_object(object, out),
    }
}

fn write_object(object: &Object, out: &mut String) {
    out.push('{');
    for (index, (name, value)) in object.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(name, out);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

/// How long a string is at the most, in quotation marks and with its escapes.
fn room(text: &str) -> usize {
    text.bytes().fold(2, |sum, byte| sum + if byte < b' ' { 6 } else { 1 + usize::from(b"\"\\".contains(&byte)) })
}

/// What is escaped by a letter, and the letter. The last is read only.
pub(crate) static ESCAPES: [(u8, u8); 8] =
    [(b'"', b'"'), (b'\\', b'\\'), (b'\n', b'n'), (b'\r', b'r'), (b'\t', b't'), (8, b'b'), (12, b'f'), (b'/', b'/')];

/// Escapes only what RFC 8259 §7 demands, as `JSON.stringify` does.
pub(crate) fn write_string(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    let mut rest = text;
    // What is escaped is ASCII, so that the text may be cut there.
    while let Some(at) = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        let (plain, escaped) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        let byte = escaped.bytes().next().unwrap_or_default();
        out.push('\\');
        if let Some((_, letter)) = ESCAPES.iter().find(|(escaped, _)| *escaped == byte) {
            out.push(char::from(*letter));
        } else {
            out.push_str("u00");
            for nibble in [byte >> 4, byte & 15] {
                out.extend(HEX.get(usize::from(nibble)).map(|&digit| char::from(digit)));
            }
        }
        rest = escaped.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}
