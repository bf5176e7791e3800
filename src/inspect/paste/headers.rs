//! The fields of an HTTP message (RFC 9110 §5), alone or with its first line and its body.

use http::HeaderName;

use super::{MAX_PARAMETERS, NAMES, PasteForm, Place, Search};
use crate::inspect::form::after;

impl Search {
    pub(super) fn headers(&mut self, text: &str, place: &Place) -> Option<PasteForm> {
        let (head, body) = divided(text);
        let mut lines = head.lines();
        let mut fields: Vec<(&str, String)> = Vec::new();
        let target = head.lines().next().and_then(target);
        if target.is_some() {
            lines.next();
        }
        for line in lines {
            match (field(line), fields.last_mut()) {
                (Some((name, value)), _) => fields.push((name, value.to_owned())),
                // A long line that was broken goes on.
                (None, Some((_, value))) => {
                    value.push('\n');
                    value.push_str(line);
                }
                (None, None) => return None,
            }
        }
        let known = self.candidates.len();
        if let Some(target) = target {
            self.look_into(target, &place.within(PasteForm::Url));
        }
        for (name, value) in fields.into_iter().take(MAX_PARAMETERS) {
            self.pair(name, &value, place);
        }
        if let Some(body) = body {
            self.look_into(body, place);
        }
        // Without a token in them, lines with a colon are any text.
        (target.is_some() || self.candidates.len() > known).then_some(PasteForm::Header)
    }

    /// A field of a header, or a parameter as developer tools list them.
    pub(super) fn pair(&mut self, name: &str, value: &str, place: &Place) {
        let is_credentials = name.eq_ignore_ascii_case("authorization");
        let is_parameter = NAMES.contains(&name.to_ascii_lowercase().as_str()) && !is_credentials;
        let value = if is_credentials { after(value.trim(), "bearer ").unwrap_or(value) } else { value };
        let form = if is_parameter { PasteForm::Form } else { PasteForm::Header };
        self.look_into_named(name, value, &place.within(form));
    }
}

/// The head of a message and its body, which an empty line divides.
fn divided(text: &str) -> (&str, Option<&str>) {
    let crlf = text.split_once("\r\n\r\n");
    crlf.or_else(|| text.split_once("\n\n")).map_or((text, None), |(head, body)| (head, Some(body)))
}

/// The target of a request line, and nothing of a status line (RFC 9112 §3, §4).
fn target(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['>', '<', ' ']).trim_end();
    if line.starts_with("HTTP/") {
        return Some("");
    }
    let (method, rest) = line.split_once(' ')?;
    let (target, version) = rest.rsplit_once(' ')?;
    (http::Method::from_bytes(method.as_bytes()).is_ok() && version.starts_with("HTTP/")).then_some(target)
}

/// The name and value of a field; developer tools list the fields of HTTP/2 with a colon in front, curl with an arrow.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_start_matches(['>', '<', ' ', ':']).split_once(':')?;
    HeaderName::from_bytes(name.as_bytes()).ok().map(|_| (name, value.trim()))
}
