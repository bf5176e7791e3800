//! Opens a token as far as that goes: mends its text, opens its layers, and goes on once a plaintext is given.

use core::ops::Deref;

use super::check::Check;
use super::form;
use super::kind::{Kind, detect};
use super::rules::decryption_fix;
use crate::error::Error;
use crate::jose::{Fault, MAX_TOKEN, Opening, Reading};

/// A token as far as it could be read: its layers, header and claims (through `Deref`), and what was found on the way.
#[derive(Debug)]
pub struct Opened {
    /// The text as it was given.
    pub(super) given: String,
    /// What was found.
    pub(super) checks: Vec<Check>,
    /// How many texts were read before the first one that was encrypted.
    pub(super) outside: Option<usize>,
    opening: Opening,
}

impl Deref for Opened {
    type Target = Opening;

    fn deref(&self) -> &Opening {
        &self.opening
    }
}

/// Reads a token.
#[must_use]
pub fn open(token: &str) -> Opened {
    let mut opened =
        Opened { given: token.to_owned(), checks: Vec::new(), outside: None, opening: Opening::new(Reading::Lenient) };
    if token.len() > MAX_TOKEN {
        opened.checks.push(form::too_large());
    } else {
        let mended = form::mend(token, &mut opened.checks);
        opened.read(|opening| opening.read(mended));
    }
    opened
}

impl Opened {
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
                match core::str::from_utf8(plaintext) {
                    Ok(text) if !text.trim_start().starts_with('{') => {
                        self.read(|opening| opening.read(text.to_owned()));
                    }
                    _ => self.read(|opening| opening.read_claims(plaintext)),
                }
            }
            Err(error) => self.checks.push(Check::of_error("decryption", error).fix(decryption_fix(error))),
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
