//! Opens a token as far as that goes: mends its text, opens its layers, and goes on once a plaintext is given.

use core::ops::Deref;

use super::check::Check;
use super::detect::detect;
use super::form;
use super::kind::Kind;
use super::paste::{self, FoundToken, MAX_PASTE, PasteForm};
use super::places::Given;
use super::rules::decryption_fix;
use crate::error::Error;
use crate::jose::{Compact, Fault, MAX_TOKEN, Opening, Reading};

/// A token as far as it could be read: its layers, header and claims (through `Deref`), and what was found on the way.
#[derive(Debug)]
pub struct Opened {
    /// The text as it was given.
    pub(super) given: String,
    /// What was found.
    pub(super) checks: Vec<Check>,
    /// Where the token was found, where it does not stand alone.
    pub(super) found: Option<FoundToken>,
    /// The other tokens in the text.
    pub(super) others: Vec<FoundToken>,
    /// How many texts were read before the first one that was encrypted.
    pub(super) outside: Option<usize>,
    /// Whether the innermost layer is an encrypted one that was opened.
    pub(super) is_decrypted: bool,
    opening: Opening,
}

impl Deref for Opened {
    type Target = Opening;

    fn deref(&self) -> &Opening {
        &self.opening
    }
}

/// Reads a token, or finds the one that tells most in what was pasted: a URL, a form, a curl command, headers, JSON, a HTTP
/// archive, other text.
#[must_use]
pub fn open(pasted: &str) -> Opened {
    let mut opened = Opened::new(pasted);
    if pasted.len() > MAX_PASTE {
        opened.checks.push(form::too_large(MAX_PASTE));
    } else if let Some(paste) = paste::find(pasted) {
        opened.checks.push(paste.check());
        let mut tokens = paste.tokens.into_iter();
        if let Some(found) = tokens.next() {
            opened.read_token(&found.token);
            opened.found = Some(found);
            opened.others = tokens.collect();
        }
    } else {
        opened.read_token(pasted);
        opened.found = opened.mended();
    }
    opened.locate_found();
    opened
}

/// Reads a token as it was sent: what stands around it went with it.
#[must_use]
pub fn open_as_sent(token: &str) -> Opened {
    let mut opened = Opened::new(token);
    opened.read_token(token);
    opened
}

impl Opened {
    fn new(given: &str) -> Self {
        Self {
            given: given.to_owned(),
            checks: Vec::new(),
            found: None,
            others: Vec::new(),
            outside: None,
            is_decrypted: false,
            opening: Opening::new(Reading::Lenient),
        }
    }

    fn read_token(&mut self, text: &str) {
        if text.len() > MAX_TOKEN {
            self.checks.push(form::too_large(MAX_TOKEN));
            return;
        }
        let mended = form::mend(text, &mut self.checks);
        if !mended.is_empty() && mended.chars().all(|c| c == '.') {
            self.checks.push(form::only_dots());
        } else {
            self.read(|opening| opening.read(mended));
        }
    }

    /// The token, where it is not the very text that was given.
    fn mended(&self) -> Option<FoundToken> {
        let text = self.given.trim();
        let token = self.opening.texts.first().map(|read| &read.text).filter(|token| *token != text)?;
        self.opening.header.as_ref()?;
        let is_header = form::after(text, "bearer ").is_some();
        let (form, name) =
            if is_header { (PasteForm::Header, Some("Authorization".to_owned())) } else { (PasteForm::Text, None) };
        Some(FoundToken { token: token.clone(), kind: self.kind().0, form, name, span: None })
    }

    /// Adds where the tokens stand, and what was read of the first.
    fn locate_found(&mut self) {
        let Some(found) = &mut self.found else { return };
        if let Some(read) = self.opening.texts.first() {
            found.token.clone_from(&read.text);
        }
        let given = Given::new(&self.given);
        for found in core::iter::once(found).chain(&mut self.others) {
            found.span = given.span_of(&found.token);
        }
    }

    /// The encrypted layer that waits for its key.
    #[must_use]
    pub fn encrypted(&self) -> Option<&str> {
        self.opening.encrypted.as_deref()
    }

    /// The innermost JWS, as it is verified.
    #[must_use]
    pub fn signed(&self) -> Option<&str> {
        self.opening.signed.as_deref()
    }

    /// The kind, and what told it.
    #[must_use]
    pub fn kind(&self) -> (Kind, &'static str) {
        let claims = self.claims.as_ref().map(|(claims, _)| claims);
        detect(&self.layers, self.header.as_ref(), claims, self.opening.parts)
    }

    /// Goes on with what was inside the encrypted layer, or with the reason why that stays closed.
    pub fn decrypted(&mut self, plaintext: Result<&[u8], &Error>) {
        self.opening.encrypted = None;
        match plaintext {
            Ok(plaintext) => {
                self.checks.push(Check::pass("decryption", "the encrypted layer was opened with the key given"));
                self.outside.get_or_insert(self.opening.texts.len());
                let known = self.layers.len();
                match core::str::from_utf8(plaintext) {
                    Ok(text) if begins_as_token(text) => self.read(|opening| opening.read(text.to_owned())),
                    _ => self.read(|opening| opening.read_claims(plaintext)),
                }
                self.is_decrypted = self.layers.len() == known;
            }
            Err(error) => {
                let mut check = Check::of_error("decryption", error).fix(decryption_fix(error));
                // Which options open it all the same is said to callers alone.
                if let Some(end) = check.message.find("; to decrypt it all the same") {
                    check.message.truncate(end);
                }
                self.checks.push(check);
            }
        }
    }

    /// Reads on, and reports what is found there.
    fn read(&mut self, read: impl FnOnce(&mut Opening) -> Result<(), Fault>) {
        let known = self.opening.findings.len();
        let result = read(&mut self.opening);
        debug_assert!(result.is_ok(), "lenient reading goes past every fault");
        self.checks.extend(self.opening.findings.iter().skip(known).map(form::check_of));
    }
}

/// Whether this is a token, or begins as the header of a damaged one does, or as base64 around it.
fn begins_as_token(text: &str) -> bool {
    let text = text.trim_start();
    ["ey", "ew", "ZX"].iter().any(|start| text.starts_with(start)) || Compact::parse(text).is_ok()
}
