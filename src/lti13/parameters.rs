//! The parameters of a form or query, of which none may stand twice: two readers could take a different one of them.

use core::fmt;

use crate::error::{Code, Error, Result};

/// The longest value of a parameter, in bytes. Those of Canvas have some thousand.
const LONGEST: usize = 1 << 16;

/// The parameters of a form or query, in the order sent. `Debug` shows their names alone.
///
/// ```
/// use canvas_lms_tokens::lti13::Parameters;
///
/// let parameters = Parameters::parse("?iss=https%3A%2F%2Fcanvas.instructure.com&login_hint=a+b");
/// assert_eq!(format!("{parameters:?}"), r#"["iss", "login_hint"]"#);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text, which every text is; a leading question mark is left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        form_urlencoded::parse(text.as_bytes()).into_owned().collect()
    }

    /// The value of a parameter, nothing where it is absent or empty (RFC 6749 §3.1); `code` is the error for one that
    /// stands twice or is too long.
    pub(crate) fn get(&self, name: &str, code: Code) -> Result<Option<&str>> {
        let value = self.token(name, code)?;
        if let Some(length) = value.map(str::len).filter(|length| *length > LONGEST) {
            let message = format!("the parameter {name} has {length} bytes, expected at most {LONGEST}");
            return Err(Error::new(code, message).at(name));
        }
        Ok(value)
    }

    /// The same for a token, whose reader has a bound of its own.
    pub(crate) fn token(&self, name: &str, code: Code) -> Result<Option<&str>> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next();
        if values.next().is_some() {
            let message = format!("the parameter {name} stands twice, expected it once");
            return Err(Error::new(code, message).at(name).spec("RFC 6749 §3.1"));
        }
        Ok(value.filter(|value| !value.is_empty()))
    }
}

impl FromIterator<(String, String)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(parameters: I) -> Self {
        Self(parameters.into_iter().collect())
    }
}

/// Shows no value: they are tokens and persons' hints.
impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
