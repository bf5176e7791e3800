//! Texts in messages, and texts that are looked into.

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

/// Text of the token in a message: short.
pub(crate) fn shown(text: &str) -> String {
    let mut room = 40;
    changed(text, &mut |c| {
        let is_shown = !c.is_control() && room > 0;
        room -= u32::from(is_shown);
        is_shown.then_some(c)
    })
}

/// Text of the token in a message: short, and in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let shown = shown(text);
    let more = if shown.len() < text.len() { "…" } else { "" };
    ["\"", &shown, more, "\""].concat()
}

/// The text with each character changed, or left out.
pub(crate) fn changed(text: &str, change: &mut dyn FnMut(char) -> Option<char>) -> String {
    let mut changed = String::new();
    for c in text.chars() {
        if let Some(c) = change(c) {
            changed.push(c);
        }
    }
    changed
}

/// Whether it is one of these words.
pub(crate) fn is_one_of(words: &str, word: &str) -> bool {
    !word.is_empty() && words.split(' ').any(|known| known == word)
}

/// The text without these quotation marks around it.
pub(crate) fn unquoted<'a>(text: &'a str, marks: &str) -> &'a str {
    text.trim_matches(|c| marks.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_places() {
        assert_eq!(filled("{0} and {1}, {0}{2}.", &["a", "{1}", ""]), "a and {1}, a.");
        assert_eq!(filled("", &["a"]), "");
    }

    #[test]
    fn what_is_shown_is_short() {
        assert_eq!(quoted("a\nb"), "\"ab…\"");
        assert_eq!(quoted(&"é".repeat(40)), ["\"", &"é".repeat(40), "\""].concat());
        assert_eq!(quoted(&"é".repeat(41)), ["\"", &"é".repeat(40), "…\""].concat());
    }
}
