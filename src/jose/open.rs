//! Opens the layers of a token, without trust: base64 around a compact token (as Canvas sends them), a JWS, a token inside
//! its payload, a JWE. One reader serves both [`decode`], which refuses a token for its first fault, and the inspector,
//! which goes past every fault and reports it.

use super::base64url;
use super::compact::{self, Compact, Fault, JweParts, JwsParts, UntrustedJwe, UntrustedJws};
use super::header::Header;
use super::jwa::signature_named;
use super::layers::{Layer, looks_compact, probable_token, unwrap, unwrapped};
use crate::error::Error;
use crate::json::Object;

/// How many layers are opened.
const MAX_LAYERS: usize = 8;

/// A token taken apart, nothing of it verified.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// Outermost first.
    pub layers: Vec<Layer>,
    /// Of the innermost layer that can be read.
    pub header: Header,
    /// The claims set with its text as sent; absent when encrypted, or when the payload is no JSON object.
    pub claims: Option<(Object, String)>,
}

/// Takes a token apart. Surrounding white space and a leading `Bearer ` are removed first.
///
/// ```
/// let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjkwMDAwMDAwMDAwMDAwMDAxfQ.AA";
/// let decoded = canvas_lms_tokens::jose::decode(token)?;
/// let (_, text) = decoded.claims.expect("a claims set");
/// assert_eq!(text, r#"{"sub":90000000000000001}"#);
/// # Ok::<(), canvas_lms_tokens::Error>(())
/// ```
///
/// # Errors
/// `ERR_TOKEN_INVALID`, with `at`, for what is no token and for duplicate JSON names.
pub fn decode(token: &str) -> Result<Decoded, Error> {
    let mut opening = Opening::new(Reading::Strict);
    opening.read(without_scheme(token).to_owned())?;
    // Strict reading has either failed or read a header.
    Ok(Decoded { layers: opening.layers, header: opening.header.unwrap_or_default(), claims: opening.claims })
}

/// The token without surrounding white space and a leading `Bearer `.
fn without_scheme(token: &str) -> &str {
    let token = token.trim();
    match token.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer ") => rest.trim_start(),
        _ => token,
    }
}

/// How a token is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Stops at the first fault, and takes wrapping exactly as Canvas makes it.
    Strict,
    /// Goes past faults, and looks into what is probably meant to be a token.
    Lenient,
}

/// What a lenient reader came upon.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) what: Found,
    /// In which of the texts that were read.
    pub(crate) text: usize,
}

/// The kinds of [`Finding`].
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// What strict reading refuses the token for.
    Fault(Fault),
    /// Base64 around a token, but not the standard, padded one.
    Wrapping,
    /// Five parts, but the header of a JWS.
    JwsOfFiveParts { is_two_tokens: bool },
    /// The payload is no JSON object.
    NoClaims,
    /// There are more layers than are opened.
    TooManyLayers,
}

/// One of the texts that were read, outermost first: base64 around a token, or a compact token.
#[derive(Debug)]
pub(crate) struct TextRead {
    pub(crate) text: String,
    pub(crate) is_wrapping: bool,
    /// How many of its parts were read.
    pub(crate) parts: usize,
    /// The place of its layer among the layers; one that cannot be decoded has none.
    pub(crate) layer: Option<usize>,
}

/// A token whose layers are being opened; an encrypted one waits for its plaintext.
#[derive(Debug)]
pub struct Opening {
    /// Outermost first.
    pub layers: Vec<Layer>,
    /// Of the innermost layer that could be read.
    pub header: Option<Header>,
    /// The claims set with its text.
    pub claims: Option<(Object, String)>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) texts: Vec<TextRead>,
    /// The innermost JWS, where it is well formed.
    pub(crate) signed: Option<String>,
    /// An encrypted layer that waits for its key.
    pub(crate) encrypted: Option<String>,
    /// How many parts the innermost token has.
    pub(crate) parts: usize,
    reading: Reading,
}

impl Opening {
    pub(crate) fn new(reading: Reading) -> Self {
        Self {
            layers: Vec::new(),
            header: None,
            claims: None,
            findings: Vec::new(),
            texts: Vec::new(),
            signed: None,
            encrypted: None,
            parts: 1,
            reading,
        }
    }

    /// Opens the layers of this text. Lenient reading never fails.
    pub(crate) fn read(&mut self, mut text: String) -> Result<(), Fault> {
        loop {
            if self.is_full() {
                self.find(Found::TooManyLayers);
                return Ok(());
            }
            let known = self.layers.len();
            let wrapped = self.unwrapped(&text);
            let is_wrapping = wrapped.is_some();
            let inner = if is_wrapping {
                self.layers.push(Layer::Base64);
                wrapped
            } else {
                self.read_compact(&text)?
            };
            let layer = (self.layers.len() > known).then_some(known);
            self.texts.push(TextRead { text, is_wrapping, parts: self.parts, layer });
            match inner {
                Some(inner) => text = inner,
                None => return Ok(()),
            }
        }
    }

    /// Reads the claims set in this payload.
    pub(crate) fn read_claims(&mut self, payload: &[u8]) -> Result<(), Fault> {
        match compact::claims(payload) {
            Ok(Some(claims)) => self.claims = Some(claims),
            Ok(None) => self.find(Found::NoClaims),
            Err(fault) => self.fault(fault)?,
        }
        Ok(())
    }

    fn find(&mut self, what: Found) {
        self.findings.push(Finding { what, text: self.texts.len() });
    }

    /// Strict reading stops at a fault, lenient reading goes on.
    fn fault(&mut self, fault: Fault) -> Result<(), Fault> {
        match self.reading {
            Reading::Strict => return Err(fault),
            Reading::Lenient => self.find(Found::Fault(fault)),
        }
        Ok(())
    }

    /// Whether no further layer is opened. Strict reading counts the tokens inside tokens: it opens one more, and always
    /// what is wrapped.
    fn is_full(&self) -> bool {
        match self.reading {
            Reading::Strict => self.layers.len() > MAX_LAYERS && matches!(self.layers.last(), Some(Layer::Jws(_))),
            Reading::Lenient => self.layers.len() >= MAX_LAYERS,
        }
    }

    /// The token inside Canvas's base64.
    fn unwrapped(&mut self, text: &str) -> Option<String> {
        if self.reading == Reading::Strict {
            return unwrapped(text);
        }
        if text.contains('.') || text.is_empty() {
            return None;
        }
        if let Some(inner) = base64url::decode_standard(text).and_then(probable_token) {
            return Some(inner);
        }
        let inner = base64url::decode(text).ok().or_else(|| compact::guessed_bytes(text)).and_then(probable_token)?;
        self.find(Found::Wrapping);
        Some(inner)
    }

    /// Reads a compact token; gives the token inside its payload where there is one.
    fn read_compact(&mut self, text: &str) -> Result<Option<String>, Fault> {
        if self.reading == Reading::Strict {
            compact::check_shape(text)?;
        }
        let parts = compact::split(text);
        self.parts = parts.len();
        match parts[..] {
            [protected, payload, signature] => return self.read_jws(text, protected, payload, signature),
            [protected, payload, glued, _, _] if self.reading == Reading::Lenient && is_of_jws(protected) => {
                self.parts = 3;
                // The header of another token inside the third part.
                let is_two_tokens = glued.get(1..).is_some_and(|rest| rest.contains("eyJ"));
                self.find(Found::JwsOfFiveParts { is_two_tokens });
                self.read_unsigned(protected, payload)?;
            }
            [protected, encrypted_key, iv, ciphertext, tag] => {
                self.read_jwe(text, [protected, encrypted_key, iv, ciphertext, tag])?;
            }
            _ => {
                self.fault(compact::part_count(text))?;
                if let [protected, payload] = parts[..] {
                    self.read_unsigned(protected, payload)?;
                }
            }
        }
        Ok(None)
    }

    /// A token without its signature still tells what it wants to say.
    fn read_unsigned(&mut self, protected: &str, payload: &str) -> Result<(), Fault> {
        self.read_header(protected)?;
        match self.read_part("payload", payload)? {
            Some(payload) => self.read_claims(&payload),
            None => Ok(()),
        }
    }

    fn read_jws(
        &mut self,
        text: &str,
        protected: &str,
        payload: &str,
        signature: &str,
    ) -> Result<Option<String>, Fault> {
        let parts = JwsParts::new(protected, payload, signature);
        let signing_input = compact::signing_input(protected, payload);
        let known = self.findings.len();
        self.read_header(protected)?;
        let payload = self.read_part("payload", payload)?;
        let signature = self.read_part("signature", signature)?;
        self.signed = self.whole_since(known, text);
        let Some(payload) = payload else { return Ok(None) };
        let inner = self.nested(&payload);
        if inner.is_none() {
            self.read_claims(&payload)?;
        }
        if let (Some(header), Some(signature)) = (self.header.clone(), signature) {
            self.layers.push(Layer::Jws(UntrustedJws { header, payload, signature, signing_input, parts }));
        }
        Ok(inner)
    }

    fn read_jwe(&mut self, text: &str, parts: [&str; 5]) -> Result<(), Fault> {
        let [protected, encrypted_key, iv, ciphertext, tag] = parts;
        let known = self.findings.len();
        self.read_header(protected)?;
        let encrypted_key = self.read_part("encryptedKey", encrypted_key)?;
        let iv = self.read_part("iv", iv)?;
        let ciphertext = self.read_part("ciphertext", ciphertext)?;
        let tag = self.read_part("tag", tag)?;
        self.encrypted = self.whole_since(known, text);
        if let (Some(header), Some(encrypted_key), Some(iv), Some(ciphertext), Some(tag)) =
            (self.header.clone(), encrypted_key, iv, ciphertext, tag)
        {
            let (aad, parts) = (protected.to_owned(), JweParts::new(parts));
            self.layers.push(Layer::Jwe(UntrustedJwe { header, encrypted_key, iv, ciphertext, tag, aad, parts }));
        }
        Ok(())
    }

    /// The token, where nothing was found since there were so many findings: then it is read strictly too.
    fn whole_since(&self, known: usize, text: &str) -> Option<String> {
        (self.reading == Reading::Lenient && self.findings.len() == known).then(|| text.to_owned())
    }

    fn read_header(&mut self, text: &str) -> Result<(), Fault> {
        self.header = None;
        let Some(bytes) = self.read_part("header", text)? else { return Ok(()) };
        match compact::header(&bytes) {
            Ok(header) => self.header = Some(header),
            Err(fault) => self.fault(fault)?,
        }
        Ok(())
    }

    /// A part's bytes; lenient reading guesses them where the part has faults.
    fn read_part(&mut self, name: &'static str, text: &str) -> Result<Option<Vec<u8>>, Fault> {
        match compact::bytes(name, text) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(fault) => self.fault(fault).map(|()| compact::guessed_bytes(text)),
        }
    }

    /// A token as the payload (RFC 7519 §5.2, nested JWT), told by its shape: Canvas sends no `cty`.
    fn nested(&self, payload: &[u8]) -> Option<String> {
        let text = core::str::from_utf8(payload).ok().filter(|text| !text.starts_with('{'))?;
        let is_token = match self.reading {
            Reading::Strict => {
                let token = unwrap(text);
                looks_compact(&token) && Compact::parse(&token).is_ok()
            }
            Reading::Lenient => {
                let is_wrapped = || base64url::decode_standard(text).and_then(probable_token).is_some();
                text.starts_with("ey") && Compact::parse(text).is_ok() || is_wrapped()
            }
        };
        is_token.then(|| text.to_owned())
    }
}

/// Whether this part is the header of a JWS.
fn is_of_jws(protected: &str) -> bool {
    let header = compact::bytes("header", protected).and_then(|bytes| compact::header(&bytes));
    header.is_ok_and(|header| {
        let names_signature = |alg| signature_named(alg).is_ok();
        header.members().get("enc").is_none() && header.members().text("alg").is_some_and(names_signature)
    })
}
