//! Finds the tokens in what people paste: a URL, a form, a curl command, headers, JSON, a HAR, or other text. What is a
//! token by itself is left to the [opener](super::open), which reports what was done to it.

mod curl;
mod headers;
mod json;
mod text;
mod url;

use core::fmt;

use serde::Serialize;

use super::check::{Check, shown_claim};
use super::detect::detect;
use super::kind::Kind;
use crate::error::Code;
use crate::jose::{Opening, Reading};
use text::is_token;

/// The longest text in which a token is looked for, in bytes: an HTTP archive has whole pages and scripts in it.
pub const MAX_PASTE: usize = 1 << 24;

/// How much text is looked into, in bytes; that of a form inside of a form counts with each.
const MOST_TEXT: usize = 8 * MAX_PASTE;

/// How deep forms are looked for inside of forms.
const MAX_DEPTH: usize = 6;

/// How many tokens of one paste are told apart.
const MAX_TOKENS: usize = 64;

/// How many parameters of one form, and fields of one head, are looked at.
const MAX_PARAMETERS: usize = 256;

/// Names under which a token is sent, in small letters: what stands there is meant to be one.
const NAMES: &[&str] = &[
    "id_token",
    "jwt",
    "client_assertion",
    "assertion",
    "access_token",
    "token",
    "authorization",
    "lti_message",
    "lti_message_hint",
    "registration_token",
];

/// The form of a text in which a token was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum PasteForm {
    Url,
    Form,
    Curl,
    Header,
    Json,
    Har,
    Text,
}

/// A token, and where in the pasted text it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundToken {
    /// Its text, with what encoded it there undone.
    pub token: String,
    /// What kind it is.
    pub kind: Kind,
    /// The form of the text around it.
    pub form: PasteForm,
    /// The name of the parameter, header or member that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<super::Span>,
}

impl fmt::Display for FoundToken {
    /// In words, as in `the parameter id_token of a URL`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (form, whole) = match self.form {
            PasteForm::Url => ("parameter", "a URL"),
            PasteForm::Form => ("parameter", "a form"),
            PasteForm::Curl => ("field", "a curl command"),
            PasteForm::Header => ("field", "headers"),
            PasteForm::Json => ("member", "a JSON text"),
            PasteForm::Har => ("field", "an HTTP archive"),
            PasteForm::Text => ("field", "a longer text"),
        };
        match &self.name {
            Some(name) => write!(f, "the {form} {name} of {whole}"),
            None => write!(f, "{whole}"),
        }
    }
}

/// What was found in a pasted text that is no token by itself.
pub(super) struct Paste {
    /// The form of the whole text.
    form: PasteForm,
    /// The one that tells most first; none where the form has no token in it.
    pub(super) tokens: Vec<FoundToken>,
}

impl Paste {
    /// Reports where in a pasted text the token was found.
    pub(super) fn check(&self) -> Check {
        let Some((first, others)) = self.tokens.split_first() else { return no_token(self.form) };
        let more = match others.len() {
            0 => String::new(),
            1 => "; another token there was not looked at".to_owned(),
            more => format!("; {more} other tokens there were not looked at"),
        };
        Check::pass("found", format!("the token was found in {first}{more}")).at("token")
    }
}

/// Reports a text that may hold a token, and holds none.
fn no_token(form: PasteForm) -> Check {
    let (what, fix) = match form {
        PasteForm::Url => (
            "a URL",
            "paste the URL with its query and fragment; a launch is posted, so its token is in the request's body",
        ),
        PasteForm::Form => {
            ("a form", "paste the whole body of the request, with id_token, JWT, assertion or client_assertion")
        }
        PasteForm::Curl => ("a curl command", "paste the command with its headers and its body"),
        PasteForm::Header => ("a list of headers", "paste the headers with Authorization, and the body of the message"),
        PasteForm::Json => {
            ("a JSON text", "paste the answer that has the token, or the token itself: header.payload.signature")
        }
        PasteForm::Har => (
            "an HTTP archive",
            "record it again with sensitive data, which browsers leave out at first, and paste the entry that has the token",
        ),
        PasteForm::Text => ("a text", "send a token"),
    };
    Check::fail("no-token", Code::TokenInvalid, format!("this is {what} without a token in it"))
        .at("token")
        .spec("RFC 7515 §7.1")
        .fix(fix)
}

/// Looks for tokens; nothing where the text is one, or of no form that may hold one.
pub(super) fn find(text: &str) -> Option<Paste> {
    if text::stands_alone(text) {
        return None;
    }
    let mut search = Search { candidates: Vec::new(), left: MOST_TEXT };
    let form = search.look_into(text, &Place::default());
    let mut tokens: Vec<FoundToken> = Vec::new();
    for candidate in search.candidates {
        if !tokens.iter().any(|known| known.token == candidate.token) {
            tokens.push(candidate);
        }
    }
    // What merely stands where a token belongs counts where there is no other.
    if tokens.iter().any(|found| is_token(&found.token)) {
        tokens.retain(|found| is_token(&found.token));
    }
    tokens.sort_by_key(rank);
    // What is no token at all, the opener reports as the token that it was given for.
    let is_of_token = form == Some(PasteForm::Text) || json::is_serialization(text);
    form.filter(|_| !tokens.is_empty() || !is_of_token).map(|form| Paste { form, tokens })
}

/// What a person asks about first.
fn rank(found: &FoundToken) -> u8 {
    match found.kind {
        Kind::Lti13IdToken | Kind::Lti13Notice | Kind::Lti13DeepLinkingResponse => 0,
        Kind::Lti2Assertion | Kind::Lti13ClientAssertion => 1,
        Kind::Lti2AccessToken | Kind::CanvasJwt | Kind::InstAccessToken | Kind::Lti13AccessToken => 2,
        Kind::Jwt | Kind::Jws | Kind::Jwe => 3,
        Kind::Lti13RegistrationToken => 4,
        Kind::Lti13LoginState | Kind::OAuthState | Kind::Lti13MessageHint => 5,
    }
}

/// The kind of a token, told as the opener tells it.
fn kind_of(token: &str) -> Kind {
    let mut opening = Opening::new(Reading::Lenient);
    // Lenient reading goes past every fault.
    opening.read(token.split_whitespace().collect()).unwrap_or_default();
    let claims = opening.claims.as_ref().map(|(claims, _)| claims);
    detect(&opening.layers, opening.header.as_ref(), claims, opening.parts).0
}

/// Where a text stands in the whole.
#[derive(Clone, Default)]
struct Place {
    form: Option<PasteForm>,
    name: Option<String>,
    depth: usize,
}

impl Place {
    /// The same place, in a form inside of it; that of the whole text counts.
    fn within(&self, form: PasteForm) -> Self {
        Self { form: self.form.or(Some(form)), ..self.clone() }
    }

    fn named(&self, name: &str) -> Self {
        Self { name: Some(shown_claim(name)), ..self.clone() }
    }

    fn deeper(&self) -> Self {
        Self { depth: self.depth + 1, ..self.clone() }
    }
}

struct Search {
    candidates: Vec<FoundToken>,
    /// How much more text is looked into, in bytes.
    left: usize,
}

impl Search {
    /// Looks for tokens in a text of any form, and tells the form.
    fn look_into(&mut self, text: &str, place: &Place) -> Option<PasteForm> {
        let text = text.trim();
        if text.is_empty() || place.depth > MAX_DEPTH || self.candidates.len() >= MAX_TOKENS {
            return None;
        }
        self.left = self.left.checked_sub(text.len())?;
        if is_token(text) {
            self.add(text, &place.within(PasteForm::Text));
            return Some(PasteForm::Text);
        }
        let place = &place.deeper();
        let known = self.candidates.len();
        let form = self.json(text, place).or_else(|| self.curl(text, place)).or_else(|| self.url(text, place));
        let form = form.or_else(|| self.headers(text, place)).or_else(|| self.form(text, place));
        if self.candidates.len() == known {
            self.scan(text, &place.within(form.unwrap_or(PasteForm::Text)));
        }
        form.or(Some(PasteForm::Text))
    }

    /// Looks into the value of a parameter, header or member. Under a token's name it counts as one, whatever it is.
    fn look_into_named(&mut self, name: &str, value: &str, place: &Place) {
        let place = place.named(name.trim());
        let known = self.candidates.len();
        self.look_into(value, &place);
        let last = name.rsplit(['.', ']']).find(|part| !part.is_empty()).unwrap_or_default();
        if self.candidates.len() == known && NAMES.contains(&last.to_ascii_lowercase().as_str()) {
            self.add(value, &place);
        }
    }

    fn add(&mut self, token: &str, place: &Place) {
        let form = place.form.unwrap_or(PasteForm::Text);
        if self.candidates.len() < MAX_TOKENS {
            let found = FoundToken {
                token: token.to_owned(),
                kind: kind_of(token),
                form,
                name: place.name.clone(),
                span: None,
            };
            self.candidates.push(found);
        }
    }

    /// Any text: what stands between characters that no token has.
    fn scan(&mut self, text: &str, place: &Place) {
        for (name, token) in text::tokens_in(text) {
            match name {
                Some(name) => self.add(token, &place.named(name)),
                None => self.add(token, place),
            }
        }
    }
}
