//! Percent-encoding (RFC 3986 §2.1).

/// The text with all but unreserved characters encoded (RFC 3986 §2.3), so that it stands anywhere in a URL or a form.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(nibble.into(), 16).unwrap_or_default().to_ascii_uppercase());
            }
        }
    }
    out
}

/// The text decoded, where it is text then. A percent sign without its two digits stands for itself.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut after = rest.clone();
        let mut digit = || after.next().and_then(|digit| char::from(digit).to_digit(16));
        match (byte, digit(), digit()) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = after;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_comes_back() {
        let all: String = ('\0'..='\u{17f}').chain("名😀\u{10ffff}".chars()).collect();
        let encoded = encode(&all);
        assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
        assert_eq!(decode(&encoded), Some(all));
        assert_eq!(encode("aZ9-._~ é/"), "aZ9-._~%20%C3%A9%2F");
    }

    #[test]
    fn what_is_not_encoded_stays() {
        for text in ["", "%", "%%", "%2", "%g0", "%+f", "a%", "é%é"] {
            assert_eq!(decode(text).as_deref(), Some(text));
        }
        assert_eq!(decode("%2e%2E%%41").as_deref(), Some("..%A"));
        assert_eq!((decode("%ff"), decode("%c3")), (None, None));
    }
}
