//! Dates as HTTP headers carry them (RFC 9110 §5.6.7), in all the three forms that a recipient must take.

use crate::error::text;

const MONTHS: &str = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

/// Seconds since 1970.
pub(super) fn parse(date: &str) -> Option<f64> {
    let date = text::spaced(date, b",-:");
    let (mut found, mut words) = (date.split_whitespace(), [""; 9]);
    for word in &mut words {
        *word = found.next().unwrap_or_default();
    }
    // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT; Sun Nov  6 08:49:37 1994
    let ([_, day, month, year, hour, minute, second, "GMT", ""] | [_, month, day, hour, minute, second, year, "", ""]) =
        words
    else {
        return None;
    };
    let (day, hour, minute, second) =
        (number(day, 1, 31)?, number(hour, 0, 23)?, number(minute, 0, 59)?, number(second, 0, 60)?);
    let month: i32 = MONTHS.split(' ').position(|name| name == month)?.try_into().ok()?;
    let year = match number(year, 0, 9999)? {
        year @ 0..70 => year + 2000,
        year @ 70..100 => year + 1900,
        year => year,
    };
    let days = days(year, month, day);
    (days >= 0).then(|| f64::from(days) * 86400.0 + f64::from(hour * 3600 + minute * 60 + second))
}

fn number(digits: &str, least: i32, most: i32) -> Option<i32> {
    let number = text::number(digits)?.try_into().ok()?;
    (least..=most).contains(&number).then_some(number)
}

/// Days since 1970, `month` counted from 0.
fn days(year: i32, month: i32, day: i32) -> i32 {
    // A year that begins with March has its leap day at its end.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse(text), Some(784_111_777.0), "{text}");
        }
        for (text, seconds) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
            ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199.0),
            ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200.0),
            ("Wednesday, 31-Dec-69 23:59:59 GMT", 3_155_759_999.0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799.0),
        ] {
            assert_eq!(parse(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        for text in [
            "",
            "soon",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "1994-11-06T08:49:37Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
