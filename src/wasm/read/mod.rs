//! Arguments from JavaScript into Rust's structs, by serde: what a struct declares is read, and a fault names the place,
//! what stands there, and what was expected. serde-wasm-bindgen passes JavaScript's own values through; of the rest it
//! leaves open what a caller may get wrong: getters that throw, null for absent, lone surrogates, strings longer than
//! this memory, bigints of any size, values of another realm.

mod types;

use core::fmt;
use std::borrow::Cow;

use serde::Deserialize;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, IntoDeserializer, Visitor};
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::error::{Result, Thrown};
use super::json;
use super::names::{self, Others, Unknown, members_of};
use super::value::{self, Unreadable, is_array};
use crate::error::Error;
use crate::jose::Secret;

pub(crate) use types::{Bytes, Integer, Number, OneOrMore, Seconds, SecretText, Texts};

/// The largest bigint that is read, in bits.
const MAX_BIGINT: u32 = 1024;

/// Reads an argument into `T`, and refuses members that `T`, or a struct in it, does not read.
pub(crate) fn required<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T> {
    read(value, name, Others::None)
}

/// The same for an argument that may have other members too, such as a launch of which `T` reads some. A name that is a known one
/// but for a letter or two is refused.
pub(crate) fn open<T: DeserializeOwned>(value: &JsValue, name: &str) -> Result<T> {
    read(value, name, Others::Any)
}

/// The same for an argument whose other members are read by these structs.
pub(crate) fn among<T: DeserializeOwned>(value: &JsValue, name: &str, others: &[&'static [&'static str]]) -> Result<T> {
    read(value, name, Others::These(others))
}

/// Reads an argument into two structs, which share its members.
pub(crate) fn both<T: DeserializeOwned, U: DeserializeOwned>(value: &JsValue, name: &str) -> Result<(T, U)> {
    Ok((among(value, name, &[members_of::<U>()])?, among(value, name, &[members_of::<T>()])?))
}

/// A copy of an object that has these members alone, so that later changes do not reach it.
pub(crate) fn copied(value: &JsValue, name: &str, known: &[&'static [&'static str]]) -> Result<JsValue> {
    /// An object of which nothing is read.
    #[derive(Deserialize)]
    struct Nothing {}

    among::<Nothing>(value, name, known)?;
    let copy = value::object();
    for member in known.concat() {
        let found = value::try_get(value, member).map_err(|cause| {
            Thrown::caused_by(Error::argument(&format!("{name}.{member}"), "reading it failed"), cause)
        })?;
        if !found.is_undefined() {
            value::set(&copy, member, &found);
        }
    }
    Ok(copy)
}

fn read<T: DeserializeOwned>(value: &JsValue, name: &str, others: Others<'_>) -> Result<T> {
    let argument = Argument { value: Ok(value.clone()), others };
    serde_path_to_error::deserialize(argument).map_err(|error| {
        // Places in an array are left out: the message says what is wrong with the item.
        let path = error.path().iter().filter_map(|segment| match segment {
            serde_path_to_error::Segment::Map { key } => Some(key.as_str()),
            _ => None,
        });
        let at = core::iter::once(name).chain(path).collect::<Vec<_>>().join(".");
        let Fault { found, expected, cause } = error.into_inner();
        let message = if expected.is_empty() { found.into_owned() } else { format!("{found}, expected {expected}") };
        Thrown::caused_by(Error::argument(&at, message), cause)
    })
}

/// The same for an argument that may be absent.
pub(crate) fn optional<T: DeserializeOwned + Default>(value: &JsValue, name: &str) -> Result<T> {
    if value.is_undefined() { Ok(T::default()) } else { required(value, name) }
}

/// A string that must be there.
pub(crate) fn text(value: &JsValue, name: &str) -> Result<String> {
    if !value.is_string() {
        return Err(Thrown::wrong_type(name, value, "a string"));
    }
    json::text(value).map_err(|fault| Thrown::argument(name, fault))
}

/// Text that may be null or absent, as what headers and forms give.
pub(crate) fn nullable(value: &JsValue, name: &str) -> Result<Option<String>> {
    if value.is_undefined() || value.is_null() { Ok(None) } else { text(value, name).map(Some) }
}

/// The items of an array, or what is no array alone.
pub(crate) fn one_or_more(value: &JsValue, name: &str) -> Result<Vec<JsValue>> {
    if !is_array(value) {
        return Ok(vec![value.clone()]);
    }
    json::array_items(value).map_err(|(fault, cause)| Thrown::caused_by(Error::argument(name, fault), cause))
}

/// One secret or several.
pub(crate) fn secrets(value: &JsValue, name: &str) -> Result<Vec<Secret>> {
    let read = |secret: &JsValue| Ok(Secret::new(required::<Bytes>(secret, name)?.into_vec(), name)?);
    one_or_more(value, name)?.iter().map(read).collect()
}

/// Bytes, or text that stands for its UTF-8 bytes.
pub(crate) fn payload(value: &JsValue, name: &str) -> Result<Zeroizing<Vec<u8>>> {
    required::<Bytes>(value, name).map(|bytes| bytes.0)
}

/// What is wrong with a value. It never quotes the value, which may be a secret.
#[derive(Debug)]
pub(crate) struct Fault {
    found: Cow<'static, str>,
    expected: String,
    cause: JsValue,
}

impl Fault {
    fn new(found: impl Into<Cow<'static, str>>) -> Self {
        Self { found: found.into(), expected: String::new(), cause: JsValue::UNDEFINED }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.found)
    }
}

impl core::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(_: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self { expected: expected.to_string(), ..Self::new("") }
    }

    fn invalid_value(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }
}

/// A value of JavaScript's, read into what serde asks for; or what is wrong with it before it is read.
struct Argument<'a> {
    value: core::result::Result<JsValue, Fault>,
    /// Which members it may have besides those that are read.
    others: Others<'a>,
}

/// Reading it threw this.
fn unreadable(cause: JsValue) -> Fault {
    Fault { cause, ..Fault::new("reading it failed") }
}

/// The value is not what was asked for.
fn refused(value: &JsValue, expected: &dyn de::Expected) -> Fault {
    Fault { expected: expected.to_string(), ..Fault::new(value::kind(value)) }
}

impl IntoDeserializer<'_, Fault> for Argument<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> de::Deserializer<'de> for Argument<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> core::result::Result<V::Value, Fault> {
        let value = self.value?;
        let read = if value.is_undefined() || value.is_null() {
            visitor.visit_unit()
        } else if value.is_string() {
            visitor.visit_string(json::text(&value).map_err(Fault::new)?)
        } else if let Some(value) = value.as_bool() {
            visitor.visit_bool(value)
        } else if let Some(number) = value.as_f64() {
            match json::safe_integer(number) {
                Some(integer) => visitor.visit_i64(integer),
                None => visitor.visit_f64(number),
            }
        } else if value.is_bigint() {
            let digits = json::integer_digits(&value, MAX_BIGINT);
            let digits = digits.ok_or_else(|| Fault::new(format!("a bigint of more than {MAX_BIGINT} bits")))?;
            // Serde has no type for an integer of any size: its digits come as a newtype.
            visitor.visit_newtype_struct(digits.into_deserializer())
        } else if is_array(&value) {
            let failed = |(found, cause): (String, JsValue)| Fault { cause, ..Fault::new(found) };
            let items = json::array_items(&value).map_err(failed)?.into_iter();
            let items = items.map(|item| Argument { value: Ok(item), others: self.others.inside() });
            visitor.visit_seq(SeqDeserializer::new(items))
        } else if let Some(bytes) = value::bytes(&value) {
            visitor.visit_byte_buf(bytes.map_err(|unreadable| match unreadable {
                Unreadable::TooLong => Fault::new(format!("more than {} bytes", value::LONGEST)),
                Unreadable::Threw(cause) => Fault { cause, ..Fault::new("bytes that cannot be read") },
            })?)
        } else {
            return Err(refused(&value, &visitor));
        };
        // What stands here, where nothing nearer to the fault has said what was found.
        read.map_err(
            |fault| if fault.found.is_empty() { Fault { found: value::kind(&value).into(), ..fault } } else { fault },
        )
    }

    /// Of bytes, which serde takes for text too, no text is made.
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> core::result::Result<V::Value, Fault> {
        let value = self.value?;
        if !value.is_string() {
            return Err(refused(&value, &visitor));
        }
        Argument { value: Ok(value), others: self.others }.deserialize_any(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> core::result::Result<V::Value, Fault> {
        self.deserialize_string(visitor)
    }

    /// Absent is `undefined` alone.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> core::result::Result<V::Value, Fault> {
        if matches!(&self.value, Ok(value) if value.is_undefined()) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> core::result::Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// First a member that there may not be, which is its fault; then what the struct declares, member by member, inherited ones
    /// too; each getter is called once.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> core::result::Result<V::Value, Fault> {
        let value = self.value?;
        if !value.is_object() || is_array(&value) {
            return Err(refused(&value, &"an object"));
        }
        // Each of their items has a name, of which there may be more than this memory holds.
        if value::is_indexed(&value) {
            return Err(Fault { expected: "an object".to_owned(), ..Fault::new("bytes or a text") });
        }
        let others = self.others.inside();
        let unknown =
            names::unknown(&value, fields, self.others).map_err(unreadable)?.map(|Unknown { name, expected }| {
                let fault = Fault { expected, ..Fault::new("unknown") };
                (Cow::Owned(name), Argument { value: Err(fault), others })
            });
        let members = fields.iter().map(|field| {
            let value = value::try_get(&value, field).map_err(unreadable);
            (Cow::Borrowed(*field), Argument { value, others })
        });
        visitor.visit_map(MapDeserializer::new(unknown.into_iter().chain(members)))
    }

    /// JavaScript's own values pass through as serde-wasm-bindgen has it.
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> core::result::Result<V::Value, Fault> {
        serde_wasm_bindgen::Deserializer::from(self.value?)
            .deserialize_tuple_struct(name, len, visitor)
            .map_err(|_| Fault::new("a value that cannot be passed on"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple map
        enum identifier ignored_any
    }
}
