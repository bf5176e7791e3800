//! The names of an object's members: those that a struct reads, and what becomes of others. A misspelt option would be as one
//! that was not given.

use core::fmt;
use std::borrow::Cow;

use js_sys::JsString;
use serde::de::{self, DeserializeOwned, Visitor};
use wasm_bindgen::prelude::*;

use super::value;
use crate::json::names::{expected, misspelt};

/// Which members an object may have besides those that the struct reads.
#[derive(Clone, Copy)]
pub(super) enum Others<'a> {
    /// None, and neither have the objects in it.
    None,
    /// These, which other structs read. The objects in it have none.
    These(&'a [&'static [&'static str]]),
    /// Any, in the objects in it too; but a name that is a known one but for a letter or two is taken for that, where it is absent.
    Any,
}

impl Others<'_> {
    /// What the objects inside may have.
    pub(super) fn inside(self) -> Self {
        if matches!(self, Self::Any) { self } else { Self::None }
    }
}

/// A member that an object may not have: its name as a message has it, and what was expected.
pub(super) struct Unknown {
    pub(super) name: String,
    pub(super) expected: String,
}

/// The first member that is neither one of these nor one of the others that there may be; or what reading their names threw.
pub(super) fn unknown(
    object: &JsValue,
    known: &'static [&'static str],
    others: Others<'_>,
) -> Result<Option<Unknown>, JsValue> {
    /// How much of a name is read: no known one is as long.
    const MOST: u32 = 100;
    let known: Cow<'_, [&'static str]> = match others {
        Others::These(lists) => Cow::Owned(known.iter().chain(lists.iter().copied().flatten()).copied().collect()),
        _ => Cow::Borrowed(known),
    };
    for key in value::own_keys(object)?.iter() {
        let key = String::from(key.unchecked_ref::<JsString>().slice(0, MOST));
        if known.contains(&key.as_str()) {
            continue;
        }
        let expected = match others {
            Others::Any => {
                let is_absent = |meant: &&'static str| value::get(object, meant).is_undefined();
                let Some(meant) = misspelt(&key, &known).filter(is_absent) else { continue };
                format!("perhaps {meant}")
            }
            // These stand inside a key.
            _ if known.contains(&"key") && ["secret", "pem"].contains(&key.as_str()) => format!("key: {{ {key} }}"),
            _ => expected(&key, &known),
        };
        let name = key.chars().filter(|c| !c.is_control()).take(40).collect();
        return Ok(Some(Unknown { name, expected }));
    }
    Ok(None)
}

/// The names of the members that a struct reads.
pub(crate) fn members_of<T: DeserializeOwned>() -> &'static [&'static str] {
    T::deserialize(Members).err().map_or(&[], |members| members.0)
}

/// A source of nothing, which is only asked what a struct reads.
struct Members;

#[derive(Debug)]
struct MembersOf(&'static [&'static str]);

impl fmt::Display for MembersOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what a struct reads")
    }
}

impl core::error::Error for MembersOf {}

impl de::Error for MembersOf {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }
}

impl<'de> de::Deserializer<'de> for Members {
    type Error = MembersOf;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> core::result::Result<V::Value, MembersOf> {
        Err(MembersOf(&[]))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> core::result::Result<V::Value, MembersOf> {
        Err(MembersOf(fields))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
