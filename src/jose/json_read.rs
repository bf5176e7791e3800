//! Reads JSON text strictly (RFC 8259, and RFC 7515 §4: names must be unique). Refuses duplicate names at any depth, lone
//! surrogates, numbers beyond a double's range, and nesting over [`MAX_DEPTH`]; keeps order and every digit.

use super::json::{ESCAPES, Json, Number, Object};
use crate::error::text::decimal;
use crate::error::{Code, Error, Result};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 64;

/// How many characters a number may have.
pub const MAX_NUMBER: usize = 400;

/// Reads one JSON value that fills the text.
///
/// # Errors
/// `ERR_TOKEN_INVALID` with the line and column of the fault.
pub fn read(text: &str) -> Result<Json> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.fault("more text after the JSON value")),
    }
}

/// Reads one JSON object from bytes.
///
/// # Errors
/// `ERR_TOKEN_INVALID` for bytes that are not UTF-8, not JSON, or not an object.
pub fn read_object(bytes: &[u8]) -> Result<Object> {
    read_text(bytes).map(|(object, _)| object)
}

/// The object, and its text.
pub(crate) fn read_text(bytes: &[u8]) -> Result<(Object, String)> {
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let place = decimal(error.valid_up_to() + 1);
        Error::told(Code::TokenInvalid, "|RFC 7515 §5.2|byte {0} is not UTF-8", &[&place])
    })?;
    match read(text)? {
        Json::Object(object) => Ok((object, text.to_owned())),
        other => Err(Error::told(Code::TokenInvalid, "||{0}, expected a JSON object", &[other.kind()])),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The text from `start` to here.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn fault(&self, found: &str) -> Error {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        let values = [found, &decimal(line), &decimal(column)];
        Error::told(Code::TokenInvalid, "|RFC 8259|{0} at line {1}, column {2}", &values)
    }

    fn unexpected(&self, expected: &str) -> Error {
        let found = match self.peek() {
            None => "the JSON ends",
            Some(_) => "unexpected character",
        };
        self.fault(&[found, " (expected ", expected, ")"].concat())
    }

    fn value(&mut self) -> Result<Json> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.unexpected("a value")),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json> {
        if self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.at += word.len();
            return Ok(value);
        }
        Err(self.unexpected(word))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json>) -> Result<Json> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault(&["nested deeper than ", &decimal(MAX_DEPTH), " levels"].concat()));
        }
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Json> {
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.space();
            if self.take(b']') {
                return Ok(Json::Array(items));
            }
            if !self.take(b',') {
                return Err(self.unexpected("a comma or ]"));
            }
        }
    }

    fn object(&mut self) -> Result<Json> {
        let mut members = Vec::new();
        self.space();
        if self.take(b'}') {
            return Ok(Json::Object(Object::default()));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.unexpected("a name in quotation marks"));
            }
            let name = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err(self.unexpected("a colon"));
            }
            members.push((name, self.value()?));
            self.space();
            if self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                return Err(self.unexpected("a comma or }"));
            }
        }
        match twice(&members) {
            None => Ok(Json::Object(Object::from_members(members))),
            // RFC 7515 §4: "The Header Parameter names within the JOSE Header MUST be unique"; RFC 7519 §4 for claims.
            Some(name) => {
                let name: String = name.chars().take(40).collect();
                Err(self
                    .fault(&["the name \"", &name, "\" stands twice in the object that ends"].concat())
                    .spec("RFC 7515 §4"))
            }
        }
    }

    fn string(&mut self) -> Result<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let end = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ');
            let plain = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            self.at += plain.len();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    // Of just the length, as most strings have no escape.
                    return Ok(if out.is_empty() { plain.to_owned() } else { out + plain });
                }
                Some(b'\\') => {
                    out.push_str(plain);
                    out.push(self.escape()?);
                }
                Some(_) => return Err(self.fault("a control character inside a string")),
                None => return Err(self.unexpected("the end of a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        self.at += 1;
        if self.peek() == Some(b'u') {
            return self.unicode();
        }
        let row = ESCAPES.iter().find(|(_, letter)| self.take(*letter));
        row.map(|(escaped, _)| char::from(*escaped))
            .ok_or_else(|| self.unexpected("an escape: one of \" \\ / b f n r t u"))
    }

    /// `\uXXXX`, or two of them for a character outside the basic plane.
    fn unicode(&mut self) -> Result<char> {
        let high = self.hex()?;
        let code = if (0xD800..0xDC00).contains(&high) && self.take(b'\\') && self.peek() == Some(b'u') {
            let low = self.hex()?;
            let pair = 0x10000 + ((high - 0xD800) << 10);
            if (0xDC00..0xE000).contains(&low) { pair + (low - 0xDC00) } else { high }
        } else {
            high
        };
        char::from_u32(code).ok_or_else(|| self.fault("a lone surrogate, which is no character, ends"))
    }

    /// The `u` and four hexadecimal digits.
    fn hex(&mut self) -> Result<u32> {
        self.at += 1;
        let start = self.at;
        while self.at < start + 4 && self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
            self.at += 1;
        }
        let digits = self.since(start);
        if digits.len() < 4 {
            return Err(self.unexpected("four hexadecimal digits"));
        }
        Ok(digits.chars().filter_map(|digit| digit.to_digit(16)).fold(0, |code, digit| code << 4 | digit))
    }

    fn digits(&mut self) -> Result<()> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.unexpected("a digit"));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Json> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        if self.at - start > MAX_NUMBER {
            return Err(self.fault(&["a number longer than ", &decimal(MAX_NUMBER), " characters ends"].concat()));
        }
        let number = Number::from_literal(self.since(start));
        if !number.is_integer() && number.is_beyond_double() {
            return Err(self.fault("a number beyond the range of a double ends"));
        }
        Ok(Json::Number(number))
    }
}

/// A name that stands twice. Few names are compared in place.
fn twice(members: &[(String, Json)]) -> Option<&str> {
    if members.len() <= 8 {
        return members.iter().enumerate().find_map(|(index, (name, _))| {
            members.iter().take(index).any(|(earlier, _)| earlier == name).then_some(name.as_str())
        });
    }
    repeated(members.iter().map(|(name, _)| name.as_str()).collect())
}

/// A text that stands twice. Sorted, equal ones stand side by side, and the work is small however many they are.
pub(crate) fn repeated(mut names: Vec<&str>) -> Option<&str> {
    names.sort_unstable();
    names.windows(2).find_map(|pair| {
        if let [a, b] = pair
            && a == b
        {
            Some(*a)
        } else {
            None
        }
    })
}
