//! The secrets of a tool, of which keys are derived: how long they must be.

use crate::error::{Error, Result};
use crate::jose::Secret;

/// The shortest secret, in bytes (RFC 7518 §3.2).
const SHORTEST: usize = 32;

/// Whether there is a secret, and each is long enough; `at` names them for the error.
pub(super) fn check(secrets: &[Secret], at: &str) -> Result<()> {
    if secrets.is_empty() {
        return Err(Error::argument(at, format!("no secret, expected one of at least {SHORTEST} bytes")));
    }
    match secrets.iter().map(|secret| secret.as_bytes().len()).find(|length| *length < SHORTEST) {
        Some(length) => {
            let message = format!("{length} bytes, expected a random secret of at least {SHORTEST}");
            Err(Error::argument(at, message).spec("RFC 7518 §3.2"))
        }
        None => Ok(()),
    }
}
