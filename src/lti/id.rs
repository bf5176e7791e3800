//! A Canvas id: text, or a number of any size with all its digits.

use crate::error::{Error, Result};
use crate::json::{Json, Number};

/// An id as it was given; a number stays a JSON number, text stays text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// As text, such as a tool proxy's guid.
    Text(String),
    /// As digits without sign, such as a developer key's global id.
    Number(String),
}

impl Id {
    /// An id given as text; `at` names the option for the error.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for blank text.
    pub fn text(text: &str, at: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Err(Error::refused(at, "empty, expected an id"));
        }
        Ok(Self::Text(text.to_owned()))
    }

    /// An id given as the decimal digits of an integer.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a negative number and for what is no integer.
    pub fn number(digits: &str, at: &str) -> Result<Self> {
        if digits.starts_with('-') {
            return Err(Error::refused(at, "negative, expected an id"));
        }
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::refused(at, "expected an integer without fraction or exponent"));
        }
        Ok(Self::Number(digits.to_owned()))
    }

    /// The id's text or digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(digits) => digits,
        }
    }

    /// The id as a JSON value.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::String(text.clone()),
            Self::Number(digits) => Json::Number(Number::from_literal(digits)),
        }
    }
}
