//! A Canvas id: text, or a number of any size with all its digits, which no integer type holds.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Result};
use crate::json::{Json, Number};

/// An id as it was given; a number stays a JSON number, text stays text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// As text, such as a tool proxy's guid.
    Text(String),
    /// As an integer without sign, such as a developer key's global id.
    Number(Number),
}

impl Id {
    /// An id given as text; `at` names the option for the error.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for blank text.
    pub fn text(text: &str, at: &str) -> Result<Self> {
        of_text(text).map_err(|fault| Error::argument(at, fault))
    }

    /// An id given as the decimal digits of an integer.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a negative number and for what is no integer.
    pub fn number(digits: &str, at: &str) -> Result<Self> {
        of_digits(digits).map_err(|fault| Error::argument(at, fault))
    }

    /// The id's text or digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.as_str(),
        }
    }

    /// The id as a JSON value.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::String(text.clone()),
            Self::Number(number) => Json::Number(number.clone()),
        }
    }
}

fn of_text(text: &str) -> Result<Id, &'static str> {
    if text.trim().is_empty() { Err("empty, expected an id") } else { Ok(Id::Text(text.to_owned())) }
}

fn of_digits(digits: &str) -> Result<Id, &'static str> {
    if digits.starts_with('-') {
        return Err("negative, expected an id");
    }
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("expected an integer without fraction or exponent");
    }
    Ok(Id::Number(Number::from_literal(digits)))
}

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self::Number(Number::from_literal(&number.to_string()))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => number.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl<'de> Visitor<'de> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, number or bigint")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Id, E> {
        of_text(text).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Id, E> {
        of_digits(&number.to_string()).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id::from(number))
    }

    fn visit_i128<E: serde::de::Error>(self, number: i128) -> Result<Id, E> {
        of_digits(&number.to_string()).map_err(E::custom)
    }

    fn visit_u128<E: serde::de::Error>(self, number: u128) -> Result<Id, E> {
        of_digits(&number.to_string()).map_err(E::custom)
    }

    // A number that is no safe integer comes as a float.
    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Id, E> {
        Err(E::custom("not a safe integer: it has lost digits already, pass a bigint or a string"))
    }

    /// An integer of more than 128 bits, for which serde has no method, comes as its digits in a newtype.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Id, D::Error> {
        of_digits(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error as Fault, F64Deserializer, I64Deserializer, StringDeserializer, U128Deserializer};
    use serde::de::{IntoDeserializer, Visitor};

    use super::*;

    #[test]
    fn an_id_keeps_every_digit() {
        for json in ["0", "71", "9007199254740991", "90000000000000001", "18446744073709551615", "\"007\"", "\"é\""] {
            let id: Id = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
            assert_eq!((id.to_json().to_json().as_str(), id.to_string().as_str()), (json, json.trim_matches('"')));
        }
        let most: U128Deserializer<Fault> = u128::MAX.into_deserializer();
        assert_eq!(Id::deserialize(most).unwrap().as_str(), u128::MAX.to_string());
        let digits: StringDeserializer<Fault> = "9".repeat(300).into_deserializer();
        let id = IdVisitor.visit_newtype_struct(digits).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "9".repeat(300));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let text: StringDeserializer<Fault> = " ".to_owned().into_deserializer();
        assert_eq!(Id::deserialize(text).unwrap_err().to_string(), "empty, expected an id");
        let negative: I64Deserializer<Fault> = (-1_i64).into_deserializer();
        assert_eq!(Id::deserialize(negative).unwrap_err().to_string(), "negative, expected an id");
        let lost: F64Deserializer<Fault> = 1.5.into_deserializer();
        assert!(Id::deserialize(lost).unwrap_err().to_string().starts_with("not a safe integer"));
        let boolean = serde_json::from_str::<Id>("true").unwrap_err().to_string();
        assert!(boolean.contains("expected a string, number or bigint"), "{boolean}");
        for digits in ["", "1.5", "1e3", "+1", "x"] {
            let error = Id::number(digits, "id").unwrap_err();
            assert_eq!(error.message, "id: expected an integer without fraction or exponent");
        }
    }
}
