//! A JSON number as it was written (RFC 8259 §6), so that no digit is lost: libraries read numbers into 64 or 128 bits.

use core::fmt;

use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

/// The largest integer that every JSON reader keeps exact: 2^53 − 1.
pub const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// A JSON number as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(Box<str>);

impl Number {
    /// A number of this text, which the caller has checked against the grammar of RFC 8259 §6.
    pub(crate) fn from_literal(text: &str) -> Self {
        Self(text.into())
    }

    /// The number as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is written without fraction and exponent.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        !self.0.contains(['.', 'e', 'E'])
    }

    /// The integer, where it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    /// Whether a reader that keeps numbers as 64-bit floats may lose digits of this integer.
    #[must_use]
    pub fn is_unsafe_integer(&self) -> bool {
        self.is_integer() && self.as_i64().is_none_or(|value| value.unsigned_abs() > MAX_SAFE_INTEGER.unsigned_abs())
    }

    /// The nearest 64-bit float: good for times and ranges, not for identifiers. Infinite beyond a float's range.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        // What RFC 8259 calls a number is one for Rust too.
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(value.to_string().into())
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_i64() {
            // "-0" is a number too, and would become "0".
            Some(value) if &*self.0 != "-0" => serializer.serialize_i64(value),
            _ => RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(serializer),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
