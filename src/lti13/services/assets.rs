//! The assets that an asset processor is to look at, and its reports on them (Asset Processor 1.0).

use core::fmt;

use ::http::Method;
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use super::{Scope, request, request_with};
use crate::error::{Code, Error, Result};
use crate::http::{Request, Response, answer, header};
use crate::json::names::any_of;
use crate::json::{Json, Object};
use crate::lti13::members::Members;

pub use super::done as reported;

/// What opens an asset.
pub const READ: [Scope; 1] = [Scope::AssetReadonly];
/// What opens reporting.
pub const REPORT: [Scope; 1] = [Scope::Report];

const PROGRESS: [&str; 6] = ["Processed", "Processing", "PendingManual", "Failed", "NotProcessed", "NotReady"];
const NAMES: [&str; 14] = [
    "assetId",
    "type",
    "timestamp",
    "title",
    "processingProgress",
    "priority",
    "result",
    "scoreGiven",
    "scoreMaximum",
    "indicationColor",
    "indicationAlt",
    "errorCode",
    "comment",
    "visibleToOwner",
];
const HIGHEST_PRIORITY: u64 = 5;

/// The request for the bytes of an asset.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry.
pub fn read(url: &str) -> Result<Request> {
    request(Method::GET, url, "*/*")
}

/// Where an answer sends the asker on to, in its own words: Canvas keeps files elsewhere.
#[must_use]
pub fn redirect(response: &Response) -> Option<&str> {
    header(response, "location").filter(|_| response.status().is_redirection())
}

/// The SHA-256 of bytes, computed piece by piece, and what it has to be.
#[derive(Clone)]
pub struct Checksum {
    expected: [u8; 32],
    found: Sha256,
}

impl Checksum {
    /// Reads what it has to be, in base64; `at` names the argument.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for text that is not base64 of 32 bytes.
    pub fn parse(text: &str, at: &str) -> Result<Self> {
        let mut expected = [0; 32];
        match Base64::decode(text, &mut expected) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self { expected, found: Sha256::new() }),
            _ => Err(Error::argument(at, "no SHA-256, expected its 32 bytes in base64")),
        }
    }

    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.found.update(bytes);
    }

    /// Whether the bytes are those that were meant.
    ///
    /// # Errors
    /// `ERR_RESPONSE_INVALID` for others.
    pub fn check(self) -> Result<()> {
        if self.found.finalize().as_slice() == self.expected {
            return Ok(());
        }
        Err(Error::new(Code::ResponseInvalid, "the bytes are not the asset's: their SHA-256 is not its checksum"))
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Checksum")
    }
}

/// The error for an answer that gives no asset. `now` is in seconds since 1970.
#[must_use]
pub fn refusal(response: &Response, now: f64) -> Error {
    if response.status().is_success() {
        return answer::invalid(response, "the answer has no bytes");
    }
    super::refusal(response, now)
}

/// The request that posts a report. `timestamp` is the report's where it has none.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or wrong.
pub fn report(url: &str, report: &Object, timestamp: &str) -> Result<Request> {
    let members = Members::new(report, "report");
    members.spelt(&NAMES)?;
    members.required_text("assetId")?;
    members.required_text("type")?;
    members.timestamp("timestamp")?;
    let progress = members.one_of("processingProgress", &PROGRESS)?;
    members.required("processingProgress", progress, &any_of(&PROGRESS))?;
    let priority = members.count("priority")?;
    if members.required("priority", priority, "a whole number from 0 to 5")? > HIGHEST_PRIORITY {
        return Err(members.refused("priority", "more than 5, expected a whole number from 0 to 5"));
    }
    members.all_texts(&["title", "result", "indicationAlt", "errorCode", "comment"])?;
    if members.text("indicationColor")?.is_some_and(|color| !is_color(color)) {
        return Err(members.refused("indicationColor", "no color, expected one such as #EC0000"));
    }
    if members.amount("scoreGiven")?.is_some() {
        members.required("scoreMaximum", members.amount("scoreMaximum")?, "the points that scoreGiven is out of")?;
    }
    members.boolean("visibleToOwner")?;
    let mut report = report.clone();
    if report.get("timestamp").is_none() {
        report.set("timestamp", Json::from(timestamp));
    }
    request_with(Method::POST, url, "application/json", &report)
}

fn is_color(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
