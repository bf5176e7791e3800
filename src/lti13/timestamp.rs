//! Times as LTI's services have them: ISO 8601 in the profile of RFC 3339, with milliseconds.

use core::num::NonZeroU8;

use time::OffsetDateTime;
use time::format_description::well_known::iso8601::{Config, EncodedConfig, TimePrecision};
use time::format_description::well_known::{Iso8601, Rfc3339};

/// Three digits of a second.
const MILLISECONDS: EncodedConfig =
    Config::DEFAULT.set_time_precision(TimePrecision::Second { decimal_digits: NonZeroU8::new(3) }).encode();

/// Whether it is a time with its offset from UTC.
pub(crate) fn is_valid(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

/// The time of these milliseconds since 1970, such as `2026-03-01T09:30:00.000Z`; nothing beyond the year 9999.
#[must_use]
pub fn of_milliseconds(milliseconds: i64) -> Option<String> {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()?;
    time.format(&Iso8601::<MILLISECONDS>).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_milliseconds() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_772_357_400_050, "2026-03-01T09:30:00.050Z"),
        ] {
            assert_eq!(of_milliseconds(milliseconds).as_deref(), Some(text));
            assert!(is_valid(text));
        }
        assert_eq!(of_milliseconds(i64::MAX), None);
    }

    #[test]
    fn a_time_has_its_offset() {
        for text in ["2017-04-16T18:54:36.736+00:00", "2017-04-16T18:54:36-07:00", "2017-04-16T18:54:36.123456Z"] {
            assert!(is_valid(text), "{text}");
        }
        for text in ["", "2017-04-16", "2017-04-16T18:54:36", "2017-02-30T00:00:00Z", "1492368876", "16 Apr 2017"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
