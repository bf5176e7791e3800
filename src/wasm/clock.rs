//! The clock.

/// Seconds since 1970, with fraction.
pub(crate) fn now() -> f64 {
    super::js::now() / 1000.0
}

/// Whole seconds since 1970.
#[allow(clippy::cast_possible_truncation)]
pub(crate) fn now_seconds() -> i64 {
    now().floor() as i64
}
