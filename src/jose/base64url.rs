//! base64url without padding (RFC 7515 §2) and Canvas's standard base64 with it. Only the canonical form is read: no
//! white space, padding, line breaks, stray bits or other alphabet.

use super::sextets::{self, STANDARD, URL};
use crate::error::text::decimal;
use crate::error::{Code, Error, Result};

/// Text for bytes: base64url, unpadded.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    sextets::encode(&URL, bytes)
}

/// Bytes for text.
///
/// # Errors
/// `ERR_TOKEN_INVALID` for anything but canonical, unpadded base64url.
pub fn decode(text: &str) -> Result<Vec<u8>> {
    sextets::decode(&URL, text.as_bytes()).ok_or_else(|| fault(text))
}

/// Text for bytes: base64 in the standard alphabet, padded.
#[must_use]
pub fn encode_standard(bytes: &[u8]) -> String {
    let mut text = sextets::encode(&STANDARD, bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Bytes from standard, padded base64, or nothing where the text is not that.
#[must_use]
pub fn decode_standard(text: &str) -> Option<Vec<u8>> {
    let unpadded = text.strip_suffix('=').map_or(text, |text| text.strip_suffix('=').unwrap_or(text));
    if text.len().is_multiple_of(4) { sextets::decode(&STANDARD, unpadded.as_bytes()) } else { None }
}

/// Why the text is not canonical base64url.
fn fault(text: &str) -> Error {
    let stray = text.chars().enumerate().find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '-' || *c == '_'));
    let message = match stray {
        Some((place, c)) => {
            [kind_of(c), " at character ", &decimal(place + 1), ", expected only A-Z a-z 0-9 - _ (base64url)"].concat()
        }
        None if text.len() % 4 == 1 => {
            [&decimal(text.len()), " characters, a length that base64url never has; probably cut short"].concat()
        }
        None => "the last character has bits that belong to no byte; probably cut short or altered".to_owned(),
    };
    Error::new(Code::TokenInvalid, message).spec("RFC 7515 §2")
}

fn kind_of(c: char) -> &'static str {
    match c {
        '=' => "padding (=)",
        '+' | '/' => "a character of standard base64 (+ or /)",
        '%' => "URL encoding (%)",
        '\r' | '\n' => "a line break",
        c if c.is_whitespace() => "white space",
        '"' | '\'' => "a quotation mark",
        c if c.is_ascii() => "a character outside the alphabet",
        _ => "a character outside ASCII",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_the_canonical_form() {
        let cases = [
            ("", Ok("")),
            ("Zg", Ok("f")),
            ("Zm8", Ok("fo")),
            ("Zm9v", Ok("foo")),
            ("Zg==", Err("padding (=) at character 3, expected only A-Z a-z 0-9 - _ (base64url)")),
            ("Zh", Err("the last character has bits that belong to no byte; probably cut short or altered")),
            ("Zm9", Err("the last character has bits that belong to no byte; probably cut short or altered")),
            ("Z", Err("1 characters, a length that base64url never has; probably cut short")),
            ("Zm9v\n", Err("a line break at character 5, expected only A-Z a-z 0-9 - _ (base64url)")),
            ("Zm 9v", Err("white space at character 3, expected only A-Z a-z 0-9 - _ (base64url)")),
            (
                "+m9v",
                Err(
                    "a character of standard base64 (+ or /) at character 1, expected only A-Z a-z 0-9 - _ (base64url)",
                ),
            ),
            ("Zm9é", Err("a character outside ASCII at character 4, expected only A-Z a-z 0-9 - _ (base64url)")),
        ];
        for (text, expected) in cases {
            let read = decode(text);
            match (read, expected) {
                (Ok(bytes), Ok(plain)) => assert_eq!(bytes, plain.as_bytes(), "{text}"),
                (Err(error), Err(message)) => assert_eq!(error.message, message, "{text}"),
                (read, _) => panic!("{text}: {read:?}"),
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for length in 0..70 {
            let bytes: Vec<u8> = (0..length).map(|i: u8| i.wrapping_mul(37) ^ length).collect();
            assert_eq!(decode(&encode(&bytes)).as_deref(), Ok(&bytes[..]));
            assert_eq!(decode_standard(&encode_standard(&bytes)).as_deref(), Some(&bytes[..]));
        }
    }
}
