//! A curl command, as people write it and as developer tools copy it.

use super::{PasteForm, Place, Search};
use crate::inspect::form::after;

/// Options in front of their values, in one word with them.
const JOINED: [&str; 4] = ["-d", "-H", "-F", "-b"];

impl Search {
    /// Looks into each word: a URL, a header, a form, JSON.
    pub(super) fn curl(&mut self, text: &str, place: &Place) -> Option<PasteForm> {
        let text = text.trim_start_matches(['$', '%', '>', ' ']);
        after(text, "curl ").or_else(|| after(text, "curl.exe "))?;
        let place = &place.within(PasteForm::Curl);
        let words = shlex::split(&as_posix(text))?;
        let mut option = "";
        for word in words.iter().skip(1) {
            let value = value_of(word);
            match (option, value.split_once('=')) {
                _ if value.is_empty() => {}
                ("--oauth2-bearer", _) => self.look_into_named("Authorization", value, place),
                // curl encodes it itself.
                ("--data-urlencode", Some((name, content))) => self.look_into_named(name, content, place),
                _ => {
                    self.look_into(value, place);
                }
            }
            option = word;
        }
        Some(PasteForm::Curl)
    }
}

/// What is no option in a word.
fn value_of(word: &str) -> &str {
    if word.starts_with("--") {
        return word.split_once('=').map(|(_, value)| value).unwrap_or_default();
    }
    let joined = JOINED.iter().find_map(|option| word.strip_prefix(option));
    joined.unwrap_or(if word.starts_with('-') { "" } else { word })
}

/// The command as a POSIX shell writes it: Windows has carets where that has backslashes, PowerShell has backticks.
fn as_posix(text: &str) -> String {
    let is_of_cmd = text.contains("^\"") || text.contains("^\n") || text.contains("^\r");
    let text = if is_of_cmd { text.replace('^', "") } else { text.replace("`\r\n", " ").replace("`\n", " ") };
    // Bash's $'…' is the text in it, but for its escapes, which no token has.
    text.replace("\\\r\n", " ").replace("$'", "'")
}
