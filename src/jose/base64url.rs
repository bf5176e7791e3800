//! base64url without padding (RFC 7515 §2) and Canvas's standard base64 with it. Only the canonical form is read: no
//! white space, padding, line breaks, stray bits or other alphabet.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};

use crate::error::{Code, Error, Result};

/// Text for bytes: base64url, unpadded.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Bytes for text.
///
/// # Errors
/// `ERR_TOKEN_INVALID` for anything but canonical, unpadded base64url.
pub fn decode(text: &str) -> Result<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).map_err(|_| fault(text))
}

/// Text for bytes: base64 in the standard alphabet, padded.
#[must_use]
pub fn encode_standard(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Bytes from standard, padded base64, or nothing where the text is not that.
#[must_use]
pub fn decode_standard(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

/// Why the text is not canonical base64url.
fn fault(text: &str) -> Error {
    let stray = text.chars().enumerate().find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '-' || *c == '_'));
    let message = match stray {
        Some((place, c)) => {
            format!("{} at character {}, expected only A-Z a-z 0-9 - _ (base64url)", kind_of(c), place + 1)
        }
        None if text.len() % 4 == 1 => {
            format!("{} characters, a length that base64url never has; probably cut short", text.len())
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

    /// One character at a time, from the table of RFC 4648.
    fn plain(text: &[u8], last: [u8; 2]) -> Option<Vec<u8>> {
        let table: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(last).collect();
        let mut bits = 0_u32;
        let mut bytes = Vec::new();
        for (i, c) in text.iter().enumerate() {
            bits = bits << 6 | u32::try_from(table.iter().position(|known| known == c)?).unwrap();
            if i % 4 > 0 {
                bytes.push(u8::try_from(bits >> (6 - i % 4 * 2) & 255).unwrap());
            }
        }
        let left = text.len() % 4 * 6 % 8;
        (text.len() % 4 != 1 && bits & ((1 << left) - 1) == 0).then_some(bytes)
    }

    #[test]
    fn every_character_in_every_place() {
        for length in 0..20 {
            for place in 0..length {
                for character in 0..128 {
                    let mut text = vec![b'Q'; length];
                    text[place] = character;
                    let text = String::from_utf8(text).unwrap();
                    assert_eq!(decode(&text).ok(), plain(text.as_bytes(), *b"-_"), "{text:?}");
                    if character != b'=' {
                        let padded = text.clone() + ["", "===", "==", "="][length % 4];
                        assert_eq!(decode_standard(&padded), plain(text.as_bytes(), *b"+/"), "{padded:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn standard_base64_is_padded_once_and_at_its_end() {
        assert_eq!(decode_standard("QQ==QQ==").or(decode_standard("QQ=Q")), None);
        for text in ["=", "==", "====", "Q", "Q===", "QQ", "QQ=", "QQ===", "QQQ", "QQQ==", "QQQQ=", "QQQQ===="] {
            assert_eq!(decode_standard(text), None, "{text}");
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
