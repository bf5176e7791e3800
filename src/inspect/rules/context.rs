//! What the rules for claims look at.

use crate::inspect::kind::Kind;
use crate::jose::Header;
use crate::json::{Json, Object};
use crate::lti13::Platform;

/// The claims, and what they are compared with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) kind: Kind,
    pub(crate) header: &'a Header,
    pub(crate) claims: &'a Object,
    pub(crate) endpoint: Option<&'a str>,
    pub(crate) platform: Option<&'a Platform>,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) clock: Clock,
    pub(crate) secret: Option<&'a [u8]>,
    /// Whether the request carries the registration key; unknown where nothing is sent.
    pub(crate) has_code: Option<bool>,
}

/// What times are compared with, in seconds.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) now: f64,
    pub(crate) tolerance: f64,
}

impl Context<'_> {
    /// The source of what Canvas asks of this kind of token.
    pub(super) fn spec(&self) -> &'static str {
        self.kind.profile().spec
    }

    /// The time in this claim, where it is a number.
    pub(super) fn time(&self, claim: &str) -> Option<f64> {
        match self.claims.get(claim) {
            Some(Json::Number(number)) => Some(number.as_f64()),
            _ => None,
        }
    }
}
