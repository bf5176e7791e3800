//! Objects out. One is written as JSON text and parsed by the platform at once, which is faster than to set its members
//! one by one; what JSON lacks, bytes and integers too large for a float, is set when the object is there.

use wasm_bindgen::JsValue;

use super::js::{self, Array, Uint8Array, array};
use super::names;
use crate::jose::Header;
use crate::json::{self, Json, write_string};

/// An object on its way out.
pub(crate) struct Out {
    text: String,
    later: Vec<(&'static str, JsValue)>,
}

impl Out {
    pub(crate) fn new() -> Self {
        Self { text: "{".to_owned(), later: Vec::new() }
    }

    /// A member whose JSON text follows.
    pub(crate) fn name(&mut self, name: &str) -> &mut String {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        write_string(name, &mut self.text);
        self.text.push(':');
        &mut self.text
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        write_string(text, self.name(name));
    }

    /// A text that may be absent.
    pub(crate) fn text_where(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// A number, true, false or null.
    pub(crate) fn plain(&mut self, name: &str, value: &str) {
        self.name(name).push_str(value);
    }

    /// An object whose text is at hand.
    pub(crate) fn object(&mut self, name: &'static str, object: &json::Object, text: &str) {
        if has_unsafe_integer(object) {
            self.value(name, exact_object(object));
        } else {
            self.plain(name, text);
        }
    }

    pub(crate) fn header(&mut self, name: &'static str, header: &Header) {
        self.object(name, header.members(), header.as_json());
    }

    /// A claims set and its text, or null.
    pub(crate) fn claims(&mut self, claims: Option<&(json::Object, String)>) {
        match claims {
            Some((claims, text)) => self.object("claims", claims, text),
            None => self.plain("claims", "null"),
        }
    }

    pub(crate) fn bytes(&mut self, name: &'static str, bytes: &[u8]) {
        self.value(name, Uint8Array::copy_of(bytes).into());
    }

    /// What is a JavaScript value already. The text has its place among the members.
    pub(crate) fn value(&mut self, name: &'static str, value: JsValue) {
        self.plain(name, "null");
        self.later.push((name, value));
    }

    pub(crate) fn end(mut self) -> JsValue {
        let later = core::mem::take(&mut self.later);
        let object = parse(&self.into_text());
        for (name, value) in &later {
            names::set(&object, name, value);
        }
        object
    }

    /// The text alone.
    pub(crate) fn into_text(mut self) -> String {
        self.text.push('}');
        self.text
    }
}

/// An object whose text is at hand.
pub(crate) fn object(object: &json::Object, text: &str) -> JsValue {
    if has_unsafe_integer(object) { exact_object(object) } else { parse(text) }
}

/// The value of a JSON text, large integers as bigint; of what is no JSON, the text.
pub(crate) fn json(text: &str) -> JsValue {
    json::read(text).map_or_else(|_| JsValue::from_str(text), |value| exact(&value))
}

/// The value of a JSON text without large integers.
pub(crate) fn parse(text: &str) -> JsValue {
    js::parse(text)
}

fn has_unsafe_integer(object: &json::Object) -> bool {
    object.iter().any(|(_, value)| value.has_unsafe_integer())
}

fn exact(value: &Json) -> JsValue {
    match value {
        Json::Number(number) if number.is_unsafe_integer() => js::big_integer(number.as_str()),
        Json::Array(items) => items.iter().map(exact).collect::<Array>().into(),
        Json::Object(object) => exact_object(object),
        plain => parse(&plain.to_json()),
    }
}

/// Through entries: setting a member named `__proto__` would set the prototype.
fn exact_object(object: &json::Object) -> JsValue {
    let entries: Array =
        object.iter().map(|(name, value)| array(&[JsValue::from_str(name), exact(value)]).into()).collect();
    js::from_entries(&entries)
}
