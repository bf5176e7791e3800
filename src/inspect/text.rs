//! Texts in messages, and texts that are looked into.

/// The text with `{0}` replaced by the first value, and so on.
pub(crate) fn filled(mut text: &str, values: &[&str]) -> String {
    let mut filled = String::new();
    while let Some((before, after)) = text.split_once('{') {
        let (place, rest) = after.split_once('}').unwrap_or_default();
        let value = place.bytes().next().and_then(|digit| values.get(usize::from(digit & 15)));
        filled.push_str(before);
        filled.push_str(value.copied().unwrap_or_default());
        text = rest;
    }
    filled + text
}

/// A number in digits.
pub(crate) fn decimal(number: u64) -> String {
    let mut digits = if number < 10 { String::new() } else { decimal(number / 10) };
    digits.extend(char::from_digit((number % 10) as u32, 10));
    digits
}

/// Text of the token in a message: short.
pub(crate) fn shown(text: &str) -> String {
    let shown = changed(text, &|c| (!c.is_control()).then_some(c));
    shown.char_indices().nth(40).and_then(|(end, _)| shown.get(..end)).unwrap_or(&shown).to_owned()
}

/// Text of the token in a message: short, and in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let shown = shown(text);
    let more = if shown.len() < text.len() { "…" } else { "" };
    ["\"", &shown, more, "\""].concat()
}

/// The text with each character changed, or left out.
pub(crate) fn changed(text: &str, change: &dyn Fn(char) -> Option<char>) -> String {
    text.chars().filter_map(change).collect()
}

/// Whether this part, which is not empty, stands in the text.
pub(crate) fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Whether it is one of these words.
pub(crate) fn is_one_of(words: &str, word: &str) -> bool {
    !word.is_empty() && words.split(' ').any(|known| known == word)
}

/// The text without these quotation marks around it.
pub(crate) fn unquoted<'a>(text: &'a str, marks: &str) -> &'a str {
    text.trim_matches(|c| marks.contains(c))
}
