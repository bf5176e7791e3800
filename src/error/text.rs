//! Plain work on text. The standard library's formatting and searching are made for more, and bring several kilobytes.

/// The digits of a number.
pub(crate) fn decimal(number: usize) -> String {
    digits(number as u64)
}

/// The digits of a number of 64 bits.
pub(crate) fn digits(number: u64) -> String {
    let mut text = [b'0'; 20];
    let (mut rest, mut length) = (number, 0);
    for place in text.iter_mut().rev() {
        *place += (rest % 10) as u8;
        (rest, length) = (rest / 10, length + 1);
        if rest == 0 {
            break;
        }
    }
    text.iter().skip(20 - length).map(|digit| char::from(*digit)).collect()
}

/// The number that these digits stand for; nothing for any other text, and for one that is too large.
pub(crate) fn number(digits: &str) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0_u32, |number, digit| number.checked_mul(10)?.checked_add(digit.to_digit(10)?))
}

/// Where the part stands first; one that is empty stands nowhere.
pub(crate) fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len().max(1)).position(|found| found == part)
}

/// The text with every such part replaced.
pub(crate) fn replaced(text: &str, part: &str, by: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = find(rest.as_bytes(), part.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        out.push_str(by);
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The text with a space in place of each of these ASCII characters.
pub(crate) fn spaced(text: &str, marks: &[u8]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in &mut bytes {
        if marks.contains(byte) {
            *byte = b' ';
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Whether it is something, and has visible ASCII characters only.
pub(crate) fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The text with `{0}` replaced by the first value, and so on.
pub(crate) fn filled(text: &str, values: &[&str]) -> String {
    let mut filled = String::new();
    for piece in text.split('{') {
        let (place, rest) = piece.split_once('}').unwrap_or(("", piece));
        let value = place.bytes().next().and_then(|digit| values.get(usize::from(digit & 15)));
        filled.push_str(value.copied().unwrap_or_default());
        filled.push_str(rest);
    }
    filled
}

/// Whether it is one of these words.
pub(crate) fn is_one_of(words: &str, word: &str) -> bool {
    !word.is_empty() && words.split(' ').any(|known| known == word)
}

/// Whether the part stands anywhere.
pub(crate) fn contains(text: &str, part: &str) -> bool {
    find(text.as_bytes(), part.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_and_read() {
        for (value, text) in [(0, "0"), (9, "9"), (10, "10"), (4_294_967_295, "4294967295")] {
            assert_eq!(digits(u64::from(value)), text);
            assert_eq!(number(text), Some(value));
        }
        assert_eq!(digits(u64::MAX), u64::MAX.to_string());
        for text in ["", "-1", "+1", " 1", "1.0", "4294967296", "99999999999"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn values_take_their_places() {
        assert_eq!(filled("{0} and {1}, {0}{2}.", &["a", "{1}", ""]), "a and {1}, a.");
        assert_eq!(filled("", &["a"]), "");
    }

    #[test]
    fn parts_are_found() {
        assert_eq!(find(b"a::b", b"::"), Some(1));
        assert_eq!(find(b"a", b"::"), None);
        assert_eq!((find(b"a", b""), find(b"", b"")), (None, None));
        assert_eq!(replaced("a", "", "b"), "a");
        assert_eq!(replaced("a::b::::", "::", ":::"), "a:::b::::::");
        assert_eq!(spaced("é,a:-b", b",:"), "é a -b");
        assert!(is_visible("a~!") && ["", "a b", "é", "\u{7f}"].iter().all(|text| !is_visible(text)));
        assert!(contains("abc", "c") && !contains("abc", "ac"));
    }
}
