//! Integers in parameters, such as times: those that every JSON reader keeps exact. `serde`'s own reading of an `i64` would
//! take a bigint, and refuse `1.5` as being of another type.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::json::MAX_SAFE_INTEGER;

/// Reads an integer that may be absent, for `#[serde(default, deserialize_with = "…")]`.
pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<Integer>::deserialize(deserializer)?.map(|Integer(value)| value))
}

struct Integer(i64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IntegerVisitor)
    }
}

struct IntegerVisitor;

impl Visitor<'_> for IntegerVisitor {
    type Value = Integer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an integer")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Integer, E> {
        if value.unsigned_abs() > MAX_SAFE_INTEGER.unsigned_abs() { Err(unsafe_integer()) } else { Ok(Integer(value)) }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Integer, E> {
        i64::try_from(value).map_err(|_| unsafe_integer()).and_then(|value| self.visit_i64(value))
    }

    // A number that is no safe integer comes as a float.
    fn visit_f64<E: Error>(self, _: f64) -> Result<Integer, E> {
        Err(unsafe_integer())
    }
}

fn unsafe_integer<E: Error>() -> E {
    E::custom("expected an integer of at most 2^53 - 1")
}
