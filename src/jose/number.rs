//! A JSON number as it was written (RFC 8259 §6), so that no digit is lost.

use core::fmt;

use crate::error::text::{digits, number};

/// The largest integer that every JSON reader keeps exact: 2^53 − 1.
pub const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// A JSON number as it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct Number(Box<str>);

impl Number {
    /// The caller has checked the text against the grammar of RFC 8259 §6.
    pub(crate) fn from_literal(text: &str) -> Self {
        Self(text.into())
    }

    /// The number as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is written without fraction and exponent.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        !self.0.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
    }

    /// The integer, where it is one and fits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        let digits = self.0.strip_prefix('-').unwrap_or(&self.0);
        // Any number of 19 digits fits 64 bits without a sign.
        if !self.is_integer() || digits.len() > 19 {
            return None;
        }
        let size = digits.bytes().fold(0, |size, digit| size * 10 + u64::from(digit - b'0'));
        if self.0.starts_with('-') { 0_i64.checked_sub_unsigned(size) } else { 0_i64.checked_add_unsigned(size) }
    }

    /// Whether a reader that keeps numbers as 64-bit floats would lose digits of this integer.
    #[must_use]
    pub fn is_unsafe_integer(&self) -> bool {
        self.is_integer() && self.as_i64().is_none_or(|value| value.unsigned_abs() > MAX_SAFE_INTEGER.unsigned_abs())
    }

    /// What stands before the exponent, and the exponent, as far as 32 bits hold it.
    fn scientific(&self) -> (&str, i32) {
        let Some((mantissa, exponent)) = self.0.split_once(['e', 'E']) else { return (&self.0, 0) };
        let (sign, digits) = match exponent.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, exponent.strip_prefix('+').unwrap_or(exponent)),
        };
        let size: Option<i32> = number(digits).and_then(|size| size.try_into().ok());
        (mantissa, sign * size.unwrap_or(i32::MAX))
    }

    /// Whether a 64-bit float cannot hold it: from half a step above the largest, 1.7976931348623157e308.
    #[must_use]
    pub fn is_beyond_double(&self) -> bool {
        const LIMIT: &str = "17976931348623158079372897";
        const PLACES: i64 = 309;
        let (mantissa, exponent) = self.scientific();
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = whole.strip_prefix('-').unwrap_or(whole);
        let digits = [whole, fraction].concat();
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return false;
        }
        // A literal has a few hundred characters at most, so that its lengths fit.
        let length = |text: &str| i64::try_from(text.len()).unwrap_or_default();
        let places = length(whole) - (length(&digits) - length(significant)) + i64::from(exponent);
        places > PLACES || (places == PLACES && significant >= LIMIT)
    }

    /// The value as a float, its last digit approximate: good for times and ranges, not for identifiers.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        // More digits than a float holds: from here on only their number counts, lest the value become infinite before
        // the exponent makes it small again.
        const ENOUGH: f64 = 1e18;
        let (mantissa, exponent) = self.scientific();
        let (mut value, mut scale, mut fraction) = (0.0_f64, 0_i32, false);
        for digit in mantissa.bytes() {
            match digit {
                b'.' => fraction = true,
                b'0'..=b'9' if value < ENOUGH => {
                    value = value * 10.0 + f64::from(digit - b'0');
                    scale -= i32::from(fraction);
                }
                b'0'..=b'9' => scale += i32::from(!fraction),
                _ => {}
            }
        }
        let shift = exponent.saturating_add(scale).clamp(-999, 999);
        if value != 0.0 {
            // Up to 10^22 a power is exact, and so is the time; beyond 10^308 it is infinite and takes two steps.
            let first = if shift.abs() <= 22 { 0 } else { shift / 2 };
            for step in [first, shift - first] {
                value = if shift < 0 { value / 10.0_f64.powi(-step) } else { value * 10.0_f64.powi(step) };
            }
        }
        if mantissa.starts_with('-') { -value } else { value }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        let sign = if value < 0 { "-" } else { "" };
        Self([sign, &digits(value.unsigned_abs())].concat().into())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
