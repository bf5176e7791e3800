//! JSON: an answer with a token in it, one text, or an HTTP archive (HAR 1.2).

use super::{PasteForm, Place, Search};
use crate::json::{self, Json, Object};

impl Search {
    pub(super) fn json(&mut self, text: &str, place: &Place) -> Option<PasteForm> {
        if !text.starts_with(['{', '[', '"']) {
            return None;
        }
        let value = json::read(text).ok()?;
        let form = if is_archive(&value) { PasteForm::Har } else { PasteForm::Json };
        let name = place.name.clone().unwrap_or_default();
        self.value(&name, &value, &place.within(form));
        Some(form)
    }

    /// Looks into every text of a value; `path` names it.
    fn value(&mut self, path: &str, value: &Json, place: &Place) {
        match value {
            Json::String(text) if path.is_empty() => {
                self.look_into(text, place);
            }
            Json::String(text) => self.look_into_named(path, text, place),
            Json::Array(items) => {
                let path = end_of(path);
                for (index, item) in items.iter().enumerate() {
                    self.value(&format!("{path}[{index}]"), item, place);
                }
            }
            Json::Object(object) => self.object(path, object, place),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn object(&mut self, path: &str, object: &Object, place: &Place) {
        // So do archives write headers and parameters.
        if let (Some(name), Some(value)) = (object.text("name"), object.text("value")) {
            self.pair(name, value, place);
            return;
        }
        let path = end_of(path);
        for (name, value) in object.iter() {
            let is_in_archive = place.form == Some(PasteForm::Har);
            let path = if path.is_empty() || is_in_archive { name.to_owned() } else { format!("{path}.{name}") };
            self.value(&path, value, place);
        }
    }
}

/// What is shown of a long path, which would be copied for every item below it.
fn end_of(path: &str) -> &str {
    const MOST: usize = 256;
    let start = path.char_indices().rev().nth(MOST).map_or(0, |(at, _)| at);
    path.get(start..).unwrap_or(path)
}

/// Whether it is a JSON serialization of a token (RFC 7515 §7.2, RFC 7516 §7.2).
pub(super) fn is_serialization(text: &str) -> bool {
    let members = ["payload", "signatures", "ciphertext", "recipients"];
    json::read_object(text.as_bytes()).is_ok_and(|object| members.iter().any(|name| object.get(name).is_some()))
}

/// Whether it is a HAR, or an entry, request or response of one.
fn is_archive(value: &Json) -> bool {
    let Some(object) = value.as_object() else { return false };
    let member = |name: &str| object.get(name).and_then(Json::as_object);
    let is_message = |object: &Object| object.get("headersSize").is_some() || object.get("httpVersion").is_some();
    member("log").is_some_and(|log| log.get("entries").is_some())
        || ["request", "response"].iter().any(|name| member(name).is_some_and(is_message))
        || is_message(object)
}
