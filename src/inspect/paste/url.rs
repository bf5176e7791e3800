//! A URL, and a form as it is posted.

use super::{MAX_PARAMETERS, PasteForm, Place, Search};

impl Search {
    /// A URL's query and fragment (RFC 6749 §4.1.2, §4.2.2), and what stands before them.
    pub(super) fn url(&mut self, text: &str, place: &Place) -> Option<PasteForm> {
        let is_url = ["https://", "http://"]
            .iter()
            .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        if !is_url && !text.starts_with(['?', '#', '/']) {
            return None;
        }
        let known = self.candidates.len();
        let place = &place.within(PasteForm::Url);
        let mut pieces = text.split(['?', '#']);
        self.scan(pieces.next().unwrap_or_default(), place);
        for piece in pieces {
            self.parameters(piece, place);
        }
        // Without a token in it, what has no scheme may as well be something else.
        (is_url || self.candidates.len() > known).then_some(PasteForm::Url)
    }

    /// A body of application/x-www-form-urlencoded.
    pub(super) fn form(&mut self, text: &str, place: &Place) -> Option<PasteForm> {
        let (name, _) = text.split_once('=')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]%+".contains(c);
        if name.is_empty() || name.len() > 100 || !name.chars().all(is_name) {
            return None;
        }
        let known = self.candidates.len();
        self.parameters(text, &place.within(PasteForm::Form));
        // Without a token in it, it may as well be something else.
        (self.candidates.len() > known).then_some(PasteForm::Form)
    }

    fn parameters(&mut self, text: &str, place: &Place) {
        for (name, value) in form_urlencoded::parse(text.as_bytes()).take(MAX_PARAMETERS) {
            self.look_into_named(&name, &value, place);
        }
    }
}
