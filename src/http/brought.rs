//! OAuth errors that a browser brings to a redirect URI (RFC 6749 §4.1.2.1), where anybody can send one.

use super::blank::text as blanked;
use crate::error::{Code, Error};
use crate::json::{Json, Object};

/// The longest error code that is repeated, in characters.
const LONGEST: usize = 64;

/// The errors of one kind of request.
pub(crate) struct Brought {
    /// What they are for a program.
    pub(crate) code: Code,
    pub(crate) spec: &'static str,
    /// Who refused what.
    pub(crate) refused: &'static str,
    /// OAuth's codes, why each is probably given, and what to do about it.
    pub(crate) meanings: &'static [(&'static str, &'static str, &'static str)],
    /// What follows a code that has no meaning here.
    pub(crate) otherwise: &'static str,
}

impl Brought {
    /// The error for a refusal with this code. What the server says of it stands in the error's `body`.
    pub(crate) fn error(&self, code: &str, description: Option<&str>) -> Error {
        let is_code = code.len() <= LONGEST && code.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        let code = if is_code { code } else { "an error that is no OAuth error code" };
        let message = match self.meanings.iter().find(|(known, ..)| *known == code) {
            Some((_, cause, remedy)) => format!("{} with {code}: {cause}; {remedy}", self.refused),
            None => format!("{} with {code}{}", self.refused, self.otherwise),
        };
        let description = description.map(|words| ("error_description", Json::String(blanked(words))));
        let body: Object = [("error", Json::from(code))].into_iter().chain(description).collect();
        let mut error = Error::new(self.code, message).spec(self.spec);
        error.facts().oauth_error = Some(code.to_owned());
        error.facts().body = Some(body.to_json());
        error
    }
}
