//! The platform's clock and random bytes, and what kind of place the program runs in.

use super::value::{get, global, is_text};
use crate::error::{Code, Error, Result};

/// Seconds since 1970, with fraction.
pub(crate) fn now() -> f64 {
    js_sys::Date::now() / 1000.0
}

/// Whole seconds since 1970.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn now_seconds() -> i64 {
    now().floor() as i64
}

/// Random bytes.
///
/// # Errors
/// `ERR_WEBCRYPTO` where the platform has none.
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

/// Fills a buffer with random bytes, which insecure contexts have too.
///
/// # Errors
/// `ERR_WEBCRYPTO` where the platform has none.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| {
        Error::new(Code::WebCrypto, "no crypto.getRandomValues, expected a platform that has it")
            .spec("W3C Web Cryptography §10.1.1")
    })
}

/// A browser, where `User-Agent` is not ours to set; every other runtime names itself in `navigator.userAgent`.
pub(crate) fn in_page() -> bool {
    get(&global("navigator"), "userAgent").as_string().is_some_and(|agent| agent.starts_with("Mozilla/"))
}

/// Cloudflare's workerd, where a request must not wait for a promise that another one made. Workers of before 2022 have no
/// `navigator`.
pub(crate) fn in_workerd() -> bool {
    is_text(&get(&global("navigator"), "userAgent"), "Cloudflare-Workers") || global("WebSocketPair").is_function()
}

/// The origin of the page or worker this runs in.
pub(crate) fn page_origin() -> Option<String> {
    if in_page() { get(&global("location"), "origin").as_string() } else { None }
}
