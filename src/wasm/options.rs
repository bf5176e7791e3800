//! Members of an object that a caller gave, read one after the other. The first fault ends the reading, so that it is
//! asked for once, at the end.

use wasm_bindgen::prelude::*;

use super::at::At;
use super::error::{Result, Thrown};
use super::values;
use crate::jose::Secret;
use crate::lti::Id;

/// An object whose members are read.
pub(crate) struct Options<'a> {
    /// Undefined where the object may be absent and is.
    object: &'a JsValue,
    at: At<'a>,
    must: bool,
    fault: Option<Thrown>,
}

/// What reads a value.
type Read<T> = fn(&JsValue, &At<'_>) -> Result<T>;

impl<'a> Options<'a> {
    /// An object that is there.
    pub(crate) fn at(object: &'a JsValue, at: At<'a>) -> Self {
        Self { object, at, must: false, fault: None }
    }

    /// An object that must be there.
    pub(crate) fn required(object: &'a JsValue, name: &'a str) -> Self {
        let mut options = Self::at(object, At::argument(name));
        options.fault = values::object(object, &options.at).err();
        options
    }

    /// An object that may be absent, as all its members are then.
    pub(crate) fn optional(object: &'a JsValue, name: &'a str) -> Self {
        if object.is_undefined() { Self::at(object, At::argument(name)) } else { Self::required(object, name) }
    }

    /// The next member must be there.
    pub(crate) fn must(&mut self) -> &mut Self {
        self.must = true;
        self
    }

    /// A member, read by `read` where it is there.
    pub(crate) fn read<T>(&mut self, name: &'static str, read: Read<T>) -> Option<T> {
        let value = self.value(name)?;
        match read(&value, &self.at.member(name)) {
            Ok(value) => Some(value),
            Err(thrown) => {
                self.fault = Some(thrown);
                None
            }
        }
    }

    /// A member as it is, where it is there.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<JsValue> {
        let must = core::mem::take(&mut self.must);
        if self.fault.is_some() || (self.object.is_undefined() && !must) {
            return None;
        }
        match values::get(self.object, name, &self.at.member(name)) {
            Ok(value) => Some(value).filter(|value| must || !value.is_undefined()),
            Err(thrown) => {
                self.fault = Some(thrown);
                None
            }
        }
    }

    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.read(name, values::text)
    }

    pub(crate) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        self.read(name, values::texts)
    }

    pub(crate) fn one_or_more(&mut self, name: &'static str) -> Option<Vec<String>> {
        self.read(name, values::one_or_more)
    }

    pub(crate) fn integer(&mut self, name: &'static str) -> Option<i64> {
        self.read(name, values::integer)
    }

    pub(crate) fn number(&mut self, name: &'static str) -> Option<f64> {
        self.read(name, values::number)
    }

    pub(crate) fn id(&mut self, name: &'static str) -> Option<Id> {
        self.read(name, values::id)
    }

    pub(crate) fn secret(&mut self, name: &'static str) -> Option<Secret> {
        self.read(name, values::secret)
    }

    pub(crate) fn function(&mut self, name: &'static str) -> Option<JsValue> {
        self.read(name, values::function)
    }

    /// A member refused for what it is worth.
    pub(crate) fn refuse(&mut self, name: &str, found: &str) {
        if self.fault.is_none() {
            let member = self.at.member(name);
            self.fault = Some(values::fault(if name.is_empty() { &self.at } else { &member }, &[found]));
        }
    }

    /// The first fault, where there was one.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.fault.take().map_or(Ok(()), Err)
    }

    /// What was read, which is there unless there was a fault.
    pub(crate) fn give<T>(&mut self, read: Option<T>) -> Result<T> {
        self.check()?;
        read.ok_or_else(|| values::fault(&self.at, &["not whole"]))
    }
}
