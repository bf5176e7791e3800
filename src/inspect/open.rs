//! Opens a token's layers as far as that goes: base64, JWS, JWE once its plaintext is given, in any order.

use super::check::Checks;
use super::form;
use super::kind::{Kind, detect};
use super::signature::algorithm;
use crate::error::text::{contains, decimal};
use crate::error::{Code, Error};
use crate::jose::{Compact, Header, Layer, MAX_TOKEN, UntrustedJwe, UntrustedJws, base64url, compact_parts};
use crate::json::{self, Object};

/// How many layers are opened.
const MAX_LAYERS: usize = 8;

/// A token as far as it could be read.
#[derive(Debug)]
pub struct Opened {
    /// Outermost first.
    pub layers: Vec<Layer>,
    /// Of the innermost layer that could be read.
    pub header: Option<Header>,
    /// The claims set with its text.
    pub claims: Option<(Object, String)>,
    /// What was found on the way.
    pub(crate) checks: Checks,
    /// The innermost JWS, where it is well formed.
    signed: Option<String>,
    /// An encrypted layer that waits for its key.
    encrypted: Option<String>,
    parts: usize,
}

/// Reads a token.
#[must_use]
pub fn open(token: &str) -> Opened {
    let mut opened = Opened {
        layers: Vec::new(),
        header: None,
        claims: None,
        checks: Checks::default(),
        signed: None,
        encrypted: None,
        parts: 1,
    };
    if token.len() > MAX_TOKEN {
        opened.checks.fail(
            Code::TokenInvalid,
            "size|token|RFC 7515 §7.1|more than the {0} bytes that are read|send a smaller token",
            &[&decimal(MAX_TOKEN)],
        );
    } else {
        let mended = form::mend(token, &mut opened.checks);
        opened.read(mended);
    }
    opened
}

impl Opened {
    /// The encrypted layer that waits for its key.
    #[must_use]
    pub fn encrypted(&self) -> Option<&str> {
        self.encrypted.as_deref()
    }

    /// The innermost JWS, as it is verified.
    #[must_use]
    pub fn signed(&self) -> Option<&str> {
        self.signed.as_deref()
    }

    /// The kind, and what told it.
    #[must_use]
    pub fn kind(&self) -> (Kind, &'static str) {
        detect(&self.layers, self.header.as_ref(), self.claims.as_ref().map(|(claims, _)| claims), self.parts)
    }

    /// Goes on with what was inside the encrypted layer, or with the reason why that stays closed.
    pub fn decrypted(&mut self, plaintext: Result<&[u8], &Error>) {
        self.encrypted = None;
        match plaintext {
            Ok(plaintext) => {
                self.checks.pass("decryption|||the encrypted layer was opened with the key given", &[]);
                match core::str::from_utf8(plaintext) {
                    Ok(text) if !text.trim_start().starts_with('{') => self.read(text.to_owned()),
                    _ => self.read_claims(plaintext),
                }
            }
            Err(error) => self.checks.error("decryption", error, super::encrypted::fix(error)),
        }
    }

    fn read(&mut self, mut text: String) {
        while self.layers.len() < MAX_LAYERS {
            if let Some(inner) = self.unwrapped(&text) {
                self.layers.push(Layer::Base64);
                text = inner;
                continue;
            }
            match self.read_compact(&text) {
                Some(inner) => text = inner,
                None => return,
            }
        }
        self.checks.warn("layers|||more layers than are opened|look at the inner token by itself", &[]);
    }

    /// The token inside Canvas's base64, leniently: what is wrong with the wrapping is reported.
    fn unwrapped(&mut self, text: &str) -> Option<String> {
        if text.as_bytes().contains(&b'.') || text.is_empty() {
            return None;
        }
        if let Some(inner) = compact_text(base64url::decode_standard(text)) {
            return Some(inner);
        }
        let mut silent = Checks::default();
        let inner = compact_text(form::part("token", text, &mut silent))?;
        self.checks.fail(
            Code::TokenInvalid,
            "wrapping|token|Canvas: JWTs API\
             |base64 around a token, but not as Canvas wraps it: standard alphabet, padded with =\
             |send the token as Canvas gave it, its = included",
            &[],
        );
        Some(inner)
    }

    /// Reads a compact token; gives the token inside its payload where there is one.
    fn read_compact(&mut self, text: &str) -> Option<String> {
        let parts = compact_parts(text);
        self.parts = parts.len();
        match parts[..] {
            [header, payload, signature] => self.read_jws(text, header, payload, signature),
            [header, payload, glued, _, _] if is_signed(header) => {
                self.parts = 3;
                // The header of another token inside the third part.
                let is_glued = glued.get(1..).is_some_and(|rest| contains(rest, "eyJ"));
                let line = if is_glued {
                    "twice|token|RFC 7515 §7.1|two tokens, one behind the other|send one of them"
                } else {
                    "parts|token|RFC 7515 §7.1|five parts, but the header of a JWS, which has three\
                     |send header.payload.signature"
                };
                self.checks.fail(Code::TokenInvalid, line, &[]);
                self.read_unsigned(header, payload);
                None
            }
            [header, key, iv, ciphertext, tag] => {
                self.read_jwe(text, [header, key, iv, ciphertext, tag]);
                None
            }
            _ => {
                form::wrong_parts(text, parts.len(), &mut self.checks);
                if let [header, payload] = parts[..] {
                    self.read_unsigned(header, payload);
                }
                None
            }
        }
    }

    /// A token without its signature still tells what it wants to say.
    fn read_unsigned(&mut self, header: &str, payload: &str) {
        self.read_header(header);
        if let Some(payload) = form::part("payload", payload, &mut self.checks) {
            self.read_claims(&payload);
        }
    }

    fn read_jws(&mut self, text: &str, header: &str, payload: &str, signature: &str) -> Option<String> {
        let signing_input = [header, ".", payload].concat();
        let faults = self.checks.list.len();
        self.read_header(header);
        let payload = form::part("payload", payload, &mut self.checks);
        let signature = form::part("signature", signature, &mut self.checks);
        self.signed = self.whole_since(faults, text);
        let payload = payload?;
        let inner = core::str::from_utf8(&payload).ok().filter(|text| is_token(text)).map(str::to_owned);
        if inner.is_none() {
            self.read_claims(&payload);
        }
        if let (Some(header), Some(signature)) = (self.header.clone(), signature) {
            self.layers.push(Layer::Jws(UntrustedJws { header, payload, signature, signing_input }));
        }
        inner
    }

    fn read_jwe(&mut self, text: &str, [header, key, iv, ciphertext, tag]: [&str; 5]) {
        let faults = self.checks.list.len();
        self.read_header(header);
        let mut read = |name, text| form::part(name, text, &mut self.checks);
        let (encrypted_key, iv) = (read("encryptedKey", key), read("iv", iv));
        let (ciphertext, tag) = (read("ciphertext", ciphertext), read("tag", tag));
        self.encrypted = self.whole_since(faults, text);
        if let (Some(read), Some(encrypted_key), Some(iv), Some(ciphertext), Some(tag)) =
            (self.header.clone(), encrypted_key, iv, ciphertext, tag)
        {
            let aad = header.to_owned();
            self.layers.push(Layer::Jwe(UntrustedJwe { header: read, encrypted_key, iv, ciphertext, tag, aad }));
        }
    }

    /// The token, where no fault was found since there were so many: then it is read strictly too.
    fn whole_since(&self, faults: usize, text: &str) -> Option<String> {
        (self.checks.list.len() == faults).then(|| text.to_owned())
    }

    fn read_header(&mut self, part: &str) {
        self.header = None;
        let Some(bytes) = form::part("header", part, &mut self.checks) else { return };
        match json::read_text(&bytes) {
            Ok((members, text)) => self.header = Some(Header::read((members, text.to_owned()))),
            Err(fault) => form::json_fault("header", &fault.into(), &mut self.checks),
        }
    }

    fn read_claims(&mut self, payload: &[u8]) {
        let looks_like_object = payload.trim_ascii_start().starts_with(b"{");
        match json::read_text(payload) {
            Ok((claims, text)) => self.claims = Some((claims, text.to_owned())),
            Err(fault) if looks_like_object => form::json_fault("payload", &fault.into(), &mut self.checks),
            Err(_) => self.checks.warn(
                "payload|payload|RFC 7519 §7.2|the payload is no JSON object: this is a JWS, but no JWT\
                 |put a JSON object of claims into the payload",
                &[],
            ),
        }
    }
}

fn compact_text(bytes: Option<Vec<u8>>) -> Option<String> {
    let bytes = bytes?;
    let text = core::str::from_utf8(&bytes).ok()?;
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    (matches!(dots, 2 | 4) && text.starts_with("ey")).then(|| text.to_owned())
}

/// Whether the first of five parts is the header of a JWS nevertheless.
fn is_signed(header: &str) -> bool {
    Header::parse(header).is_ok_and(|header| header.members().get("enc").is_none() && algorithm(&header).is_some())
}

/// Whether a payload is itself a token.
fn is_token(payload: &str) -> bool {
    let is_compact = payload.starts_with("ey") && Compact::parse(payload).is_ok();
    is_compact || compact_text(base64url::decode_standard(payload)).is_some()
}
