//! Reads JSON text strictly (RFC 8259, and RFC 7515 §4: names must be unique). `serde_json` knows the grammar, and gives
//! each value's own text; what it takes and a token must not have is refused here: names that stand twice at any depth,
//! numbers beyond a double's range, and nesting over [`MAX_DEPTH`].

use core::fmt;
use core::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::{Json, Number, Object};
use crate::error::{Code, Error};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 64;

/// How many characters a number may have.
pub const MAX_NUMBER: usize = 400;

/// Why a text is no JSON that a token may carry.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// What was found, and where: lower case, no full stop.
    pub message: String,
}

/// The kinds of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// The bytes are not UTF-8.
    Encoding,
    /// The text breaks the grammar, or a bound of this reader.
    Syntax,
    /// A name stands twice in an object.
    DuplicateName,
    /// A value of another type than an object.
    NotAnObject,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let error = Self::new(Code::TokenInvalid, fault.message);
        match fault.kind {
            FaultKind::Encoding => error.spec("RFC 7515 §5.2"),
            FaultKind::Syntax => error.spec("RFC 8259"),
            FaultKind::DuplicateName => error.spec("RFC 7515 §4"),
            FaultKind::NotAnObject => error,
        }
    }
}

/// Reads one JSON value that fills the text.
///
/// # Errors
/// A [`Fault`] with the line and column (in bytes) where it stands.
pub fn read(text: &str) -> Result<Json, Fault> {
    // What is read first checks the grammar of the whole text.
    let reader = Reader { text };
    if text.trim_ascii_start().starts_with('{') {
        let members = serde_json::from_str(text).map_err(|error| syntax(&error))?;
        return reader.members(members, text, 0).map(Json::Object);
    }
    let whole: &RawValue = serde_json::from_str(text).map_err(|error| syntax(&error))?;
    reader.value(whole.get(), 0)
}

/// Reads one JSON object from bytes.
///
/// # Errors
/// A [`Fault`] for bytes that are not UTF-8, not JSON, or not an object.
pub fn read_object(bytes: &[u8]) -> Result<Object, Fault> {
    read_text(bytes).map(|(object, _)| object)
}

/// Reads one JSON object from bytes, and gives its text too.
pub(crate) fn read_text(bytes: &[u8]) -> Result<(Object, &str), Fault> {
    let text = core::str::from_utf8(bytes).map_err(|error| Fault {
        kind: FaultKind::Encoding,
        message: format!("byte {} is not UTF-8", error.valid_up_to() + 1),
    })?;
    match read(text)? {
        Json::Object(object) => Ok((object, text)),
        other => {
            Err(Fault { kind: FaultKind::NotAnObject, message: format!("{}, expected a JSON object", other.kind()) })
        }
    }
}

/// Where in the text of an object each member stands, from the quotation mark before its name to the end of its value, in
/// bytes. Nothing for what is no object.
pub(crate) fn spans(text: &str) -> Vec<(String, Range<usize>)> {
    let Ok(Members(members)) = serde_json::from_str(text) else { return Vec::new() };
    let mut end = 0;
    let mut spans = Vec::new();
    for (name, value) in members {
        let start = end + text.get(end..).and_then(|rest| rest.find('"')).unwrap_or_default();
        end = offset(text, value.get()) + value.get().len();
        spans.push((name, start..end));
    }
    spans
}

/// A text that stands twice among these. Sorted, equal ones stand side by side, and hostile texts cost no more than others.
pub(crate) fn repeated<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut texts: Vec<&str> = texts.into_iter().collect();
    texts.sort_unstable();
    texts.windows(2).find_map(|pair| match pair {
        [one, next] if one == next => Some(*one),
        _ => None,
    })
}

/// Reads values from their own text, which is a part of the whole text and known to follow the grammar.
struct Reader<'a> {
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&self, part: &'a str, depth: usize) -> Result<Json, Fault> {
        match part.as_bytes().first() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => {
                Err(self.fault(FaultKind::Syntax, &format!("nested deeper than {MAX_DEPTH} levels"), part))
            }
            Some(b'{') => self.members(self.parsed(part)?, part, depth).map(Json::Object),
            Some(b'[') => {
                let items: Vec<&RawValue> = self.parsed(part)?;
                let items = items.into_iter().map(|item| self.value(item.get(), depth + 1));
                items.collect::<Result<_, _>>().map(Json::Array)
            }
            Some(b'"') => self.parsed(part).map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number(part),
            Some(b't') => Ok(Json::Bool(true)),
            Some(b'f') => Ok(Json::Bool(false)),
            _ => Ok(Json::Null),
        }
    }

    /// The object that these are the members of, and this the text.
    fn members(&self, Members(members): Members<'a>, part: &'a str, depth: usize) -> Result<Object, Fault> {
        // RFC 7515 §4: "The Header Parameter names within the JOSE Header MUST be unique"; RFC 7519 §4 for claims.
        if let Some(name) = repeated(members.iter().map(|(name, _)| name.as_str())) {
            let again = spans(part).into_iter().filter(|(other, _)| other == name).nth(1);
            let again = again.and_then(|(_, span)| part.get(span)).unwrap_or(part);
            let name: String = name.chars().take(40).collect();
            let found = format!("the name \"{name}\" stands twice, again");
            return Err(self.fault(FaultKind::DuplicateName, &found, again));
        }
        let members =
            members.into_iter().map(|(name, value)| self.value(value.get(), depth + 1).map(|value| (name, value)));
        members.collect::<Result<_, _>>().map(Object::from_members)
    }

    fn number(&self, part: &str) -> Result<Json, Fault> {
        let refused = |found: &str| Err(self.fault(FaultKind::Syntax, found, part));
        if part.len() > MAX_NUMBER {
            return refused(&format!("a number longer than {MAX_NUMBER} characters"));
        }
        let number = Number::from_literal(part);
        if !number.is_integer() && number.as_f64().is_infinite() {
            return refused("a number beyond the range of a double");
        }
        Ok(Json::Number(number))
    }

    /// Of what follows the grammar, only the escapes of strings may still be wrong: lone surrogates.
    fn parsed<T: Deserialize<'a>>(&self, part: &'a str) -> Result<T, Fault> {
        serde_json::from_str(part)
            .map_err(|_| self.fault(FaultKind::Syntax, "a lone surrogate, which is no character, in what begins", part))
    }

    fn fault(&self, kind: FaultKind, found: &str, part: &str) -> Fault {
        let before = self.text.get(..offset(self.text, part)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1;
        Fault { kind, message: format!("{found} at line {line}, column {column}") }
    }
}

/// At which byte of a text this part of it begins.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// A fault of the grammar in the words of `serde_json`, which quote nothing of the text.
fn syntax(error: &serde_json::Error) -> Fault {
    let (line, column) = (error.line(), error.column());
    let words = error.to_string();
    let found = match error.classify() {
        Category::Eof => "the JSON ends too early",
        // Which words there are is not said by serde_json.
        _ if words.starts_with("expected ident") => "an unknown word",
        _ if words.contains("in hex escape") || words.contains("of hex escape") => {
            "a lone surrogate, which is no character,"
        }
        _ => words.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or("not JSON"),
    };
    Fault { kind: FaultKind::Syntax, message: format!("{found} at line {line}, column {}", column.max(1)) }
}

/// The members of an object, their values as text.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyMembers;

        impl<'de> Visitor<'de> for AnyMembers {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(AnyMembers)
    }
}
