//! Texts in messages, and texts that are looked into.

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

/// The text without these quotation marks around it.
pub(crate) fn unquoted<'a>(text: &'a str, marks: &str) -> &'a str {
    text.trim_matches(|c| marks.chars().any(|mark| mark == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_short() {
        assert_eq!(quoted("a\nb"), "\"ab…\"");
        assert_eq!(quoted(&"é".repeat(40)), ["\"", &"é".repeat(40), "\""].concat());
        assert_eq!(quoted(&"é".repeat(41)), ["\"", &"é".repeat(40), "…\""].concat());
    }
}
