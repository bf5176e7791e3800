//! Random bytes from the platform's `crypto.getRandomValues`, which insecure contexts have too.

use crate::error::{Code, Error, Result};

/// Random bytes.
///
/// # Errors
/// `ERR_WEBCRYPTO` where the platform has none.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Fills a buffer with random bytes.
///
/// # Errors
/// `ERR_WEBCRYPTO` where the platform has none.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    if super::js::fill_random(bytes) {
        return Ok(());
    }
    let message = ["no crypto.getRandomValues, expected a platform that has it"];
    Err(Error::new(Code::WebCrypto, &message).spec("W3C Web Cryptography §10.1.1"))
}

/// A random number from 0 to 1, for jitter.
pub(crate) fn fraction() -> f64 {
    super::js::random()
}
