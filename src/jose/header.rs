//! The protected header of a JWS (RFC 7515 §4) or JWE (RFC 7516 §4): a JSON object, kept as sent. It says what a token
//! claims to be; which algorithms are possible is decided by the key.

use std::rc::Rc;

use super::base64url;
use crate::error::{Code, Error, Result};
use crate::json::{Json, Object};

/// A protected header: its members in the order sent, unknown ones included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header(Rc<Parts>);

/// The header, which is copied with each layer and result.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    members: Object,
    text: String,
}

impl Header {
    /// A header of these members, read from this text.
    pub(crate) fn read((members, text): (Object, String)) -> Self {
        Self(Rc::new(Parts { members, text }))
    }

    /// A header to be sent with these members.
    #[must_use]
    pub fn new(members: Object) -> Self {
        Self(Rc::new(Parts { text: members.to_json(), members }))
    }

    /// The members, in the order sent.
    #[must_use]
    pub fn members(&self) -> &Object {
        &self.0.members
    }

    /// The JSON text as sent.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0.text
    }

    /// The header as the first part of a token.
    #[must_use]
    pub fn to_part(&self) -> String {
        base64url::encode(self.0.text.as_bytes())
    }

    /// A member that must be a string where it is present.
    ///
    /// # Errors
    /// `ERR_TOKEN_INVALID` for any other type.
    pub fn text(&self, name: &'static str) -> Result<Option<&str>> {
        match self.0.members.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(other) => {
                let message = format!("header \"{name}\" is {}, expected a string", other.kind());
                Err(Error::new(Code::TokenInvalid, message).at(format!("header.{name}")).spec("RFC 7515 §4.1"))
            }
        }
    }
}
