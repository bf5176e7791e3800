//! Where the characters of a token stand in the text that was given, in UTF-16 code units.

use core::cell::OnceCell;
use core::ops::Range;

use percent_encoding::percent_decode_str;

use super::check::Span;
use crate::jose::MAX_TOKEN;

/// Where each byte of a text stands in the given text.
pub(super) type Places = Vec<Span>;

/// The span of these bytes; that of none begins and ends where they would stand.
pub(super) fn span(places: &[Span], bytes: Range<usize>) -> Option<Span> {
    let before = bytes.start.checked_sub(1).and_then(|before| places.get(before)).map(|place| place.end);
    if bytes.is_empty() {
        return before.map(|end| Span { start: end, end });
    }
    let (first, last) = (places.get(bytes.start)?, places.get(bytes.end - 1)?);
    Some(Span { start: first.start, end: last.end })
}

/// The text that was given. A token is looked for as it is; where it is not found like this, white space is passed over, and
/// then URL encoding undone, or the escapes of JSON and of shells.
pub(super) struct Given<'t> {
    text: &'t str,
    /// The text in each of these readings, made when one is needed.
    readings: OnceCell<Vec<(String, Places)>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    None,
    Percent,
    Backslash,
}

impl<'t> Given<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, readings: OnceCell::new() }
    }

    /// Where each byte of a token stands; nothing where the token is not found.
    pub(super) fn places_of(&self, token: &str) -> Option<Places> {
        if let Some((before, _)) = self.text.split_once(token) {
            let (_, places) = without_space(token, Encoding::None, before.encode_utf16().count())?;
            return Some(places);
        }
        self.readings().iter().find_map(|(text, places)| {
            let start = text.find(token)?;
            places.get(start..start + token.len()).map(<[Span]>::to_vec)
        })
    }

    /// A place for each byte takes memory, so that a longer text than a token is not read anew.
    fn readings(&self) -> &[(String, Places)] {
        self.readings.get_or_init(|| {
            if self.text.len() > MAX_TOKEN {
                return Vec::new();
            }
            let mut readings = vec![Encoding::None];
            readings.extend(self.text.contains('%').then_some(Encoding::Percent));
            readings.extend(self.text.contains('\\').then_some(Encoding::Backslash));
            readings.into_iter().filter_map(|encoding| without_space(self.text, encoding, 0)).collect()
        })
    }

    /// Where a token stands.
    pub(super) fn span_of(&self, token: &str) -> Option<Span> {
        let token: String = token.split_whitespace().collect();
        self.places_of(&token).and_then(|places| span(&places, 0..places.len()))
    }
}

/// The text without white space, and where each byte of that stands where the text begins at this place. With an encoding,
/// undone.
fn without_space(given: &str, encoding: Encoding, start: usize) -> Option<(String, Places)> {
    let (mut bytes, mut places) = (Vec::new(), Vec::new());
    let (mut at, mut rest) = (start, given);
    while let Some(c) = rest.chars().next() {
        let (length, decoded) = match encoding {
            Encoding::Percent if rest.get(..3).is_some_and(is_percent_encoded) => {
                (3, Some(percent_decode_str(rest.get(..3).unwrap_or_default()).collect()))
            }
            Encoding::Backslash if c == '\\' => escaped(rest),
            _ => (c.len_utf8(), c.is_whitespace().then(Vec::new)),
        };
        let (taken, left) = rest.split_at_checked(length)?;
        let units = taken.encode_utf16().count();
        bytes.extend_from_slice(decoded.as_deref().unwrap_or(taken.as_bytes()));
        places.resize(bytes.len(), Span { start: at, end: at + units });
        (at, rest) = (at + units, left);
    }
    Some((String::from_utf8(bytes).ok()?, places))
}

/// The length of the escape in front, and what it stands for: a character in hexadecimal, or what follows the backslash.
fn escaped(text: &str) -> (usize, Option<Vec<u8>>) {
    let digits = text.strip_prefix("\\u").and_then(|rest| rest.get(..4));
    let character = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
    character.map_or((1, Some(Vec::new())), |c| (6, Some(c.to_string().into_bytes())))
}

/// Whether it is `%` and two hexadecimal digits.
fn is_percent_encoded(code: &str) -> bool {
    matches!(code.as_bytes(), [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}
