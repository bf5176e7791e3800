//! Mistakes in the form of a token: what was done to its text on the way.

use canvas_lms_tokens::inspect::Outcome::{Fail, Warn};
use canvas_lms_tokens::jose::{Layer, base64url};

use crate::inspect::good::{self, SECRET, signed};
use crate::inspect::{Case, assert_first, case, inspect, opened_and_inspected};

type Mistake = (&'static str, fn(&str) -> String, &'static str, &'static str);

fn part(token: &str, index: usize, change: impl Fn(&str) -> String) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[index] = change(&parts[index]);
    parts.join(".")
}

fn without_last(text: &str, count: usize) -> String {
    text[..text.len() - count].to_owned()
}

const MISTAKES: &[Mistake] = &[
    ("nothing at all", |_| String::new(), "parts", "send a token"),
    ("a word", |_| "invalid_grant".to_owned(), "parts", "its dots included"),
    ("some words", |_| "hello token".to_owned(), "parts", "its dots included"),
    ("an API access token", |_| "1~abcdefghijklmnopqrstuvwxyz".to_owned(), "parts", "as the bearer token it is"),
    ("white space in front", |t| format!(" {t}"), "space", "without the white space"),
    ("a line break behind", |t| format!("{t}\n"), "space", "without the white space"),
    ("Bearer in front", |t| format!("Bearer {t}"), "bearer", "send the token alone"),
    ("bearer in small letters", |t| format!("bearer {t}"), "bearer", "send the token alone"),
    ("quotation marks", |t| format!("\"{t}\""), "quotes", "remove the quotation marks"),
    ("apostrophes", |t| format!("'{t}'"), "quotes", "remove the quotation marks"),
    ("curly quotation marks", |t| format!("“{t}”"), "quotes", "remove the quotation marks"),
    ("one quotation mark", |t| format!("{t}\""), "quotes", "remove the quotation marks"),
    ("line breaks inside", |t| t.replacen('.', ".\r\n", 2), "line-break", "send it as one line"),
    (
        "lines of 64 characters",
        |t| t.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>().join("\n"),
        "line-break",
        "send it as one line",
    ),
    ("a space inside", |t| format!("{} {}", &t[..50], &t[50..]), "line-break", "send it as one line"),
    ("pasted twice", |t| format!("{t}{t}"), "twice", "send it once"),
    ("twice with a space", |t| format!("{t} {t}"), "twice", "send it once"),
    ("twice with a dot", |t| format!("{t}.{t}"), "twice", "send it once"),
    ("twice with a line break", |t| format!("{t}\n{t}"), "twice", "send it once"),
    (
        "another token behind it",
        |t| format!("{t}{}", signed(r#"{"alg":"HS256"}"#, b"{}", Some(SECRET.as_bytes()))),
        "twice",
        "send one of them",
    ),
    ("dots URL-encoded", |t| t.replace('.', "%2E"), "url-encoding", "decode the parameter once"),
    ("in small letters", |t| t.replace('.', "%2e"), "url-encoding", "decode the parameter once"),
    ("a padding URL-encoded", |t| format!("{t}%3D"), "url-encoding", "decode the parameter once"),
    ("padding behind the header", |t| part(t, 0, |h| format!("{h}=")), "padding", "leave the padding"),
    ("padding behind the payload", |t| part(t, 1, |p| format!("{p}==")), "padding", "leave the padding"),
    ("padding behind the signature", |t| format!("{t}="), "padding", "leave the padding"),
    ("the standard alphabet: +", |t| part(t, 2, |s| format!("+{}", &s[1..])), "alphabet", "- for +, _ for /"),
    ("the standard alphabet: /", |t| part(t, 2, |s| format!("/{}", &s[1..])), "alphabet", "- for +, _ for /"),
    (
        "an asterisk",
        |t| part(t, 1, |p| format!("{}*{}", &p[..9], &p[10..])),
        "character",
        "encode the part in base64url",
    ),
    (
        "a letter with an accent",
        |t| part(t, 1, |p| format!("{}é", without_last(p, 1))),
        "character",
        "encode the part in base64url",
    ),
    (
        "a placeholder left in",
        |t| part(t, 2, |_| "<signature>".to_owned()),
        "character",
        "encode the part in base64url",
    ),
    (
        "a payload that is not encoded",
        |t| part(t, 1, |_| r#"{"sub":"x"}"#.to_owned()),
        "character",
        "encode the part in base64url",
    ),
    ("the signature left out", |t| t.rsplit_once('.').unwrap().0.to_owned(), "cut-short", "its third part included"),
    ("an empty signature", |t| part(t, 2, |_| String::new()), "cut-short", "its end is missing"),
    ("the last character lost", |t| without_last(t, 1), "cut-short", "send the whole token"),
    ("four characters lost", |t| without_last(t, 4), "cut-short", "send the whole token"),
    ("cut in the payload", |t| without_last(t, 60), "cut-short", "its third part included"),
    ("cut in the header", |t| t[..20].to_owned(), "parts", "its dots included"),
    ("four parts", |t| format!("{t}.AA"), "cut-short", "all five parts"),
    ("seven parts", |t| format!("{t}.AA.BB.CC.DD"), "parts", "send one token"),
    ("two dots", |_| "..".to_owned(), "no-token", "send the whole token"),
    ("four dots", |_| "....".to_owned(), "no-token", "send the whole token"),
    ("too large", |t| format!("{t}{}", "A".repeat(1 << 20)), "size", "send a smaller token"),
    (
        "the JSON serialization",
        |_| r#"{"payload":"e30","signatures":[{"protected":"e30","signature":"AA"}]}"#.to_owned(),
        "json-serialization",
        "header.payload.signature",
    ),
    ("wrapped in base64", |t| base64url::encode_standard(t.as_bytes()), "wrapping", "decode it once"),
];

/// Every row as a case.
pub(super) fn cases() -> Vec<Case> {
    let good = good::assertion();
    let in_form = MISTAKES.iter().map(|(name, change, ..)| case(*name, change(&good.signed()), good.with()));
    let in_json = NO_JSON.iter().map(|(name, header, payload, ..)| {
        let header = if *header == "{}" { good.header.as_str() } else { header };
        case(*name, signed(header, payload, Some(SECRET.as_bytes())), good.with())
    });
    in_form.chain(in_json).collect()
}

#[test]
fn each_is_found() {
    let good = good::assertion();
    for (name, change, id, fix) in MISTAKES {
        assert_first(name, &inspect(&change(&good.signed()), &good.with()), (Fail, id, fix));
    }
}

#[test]
fn each_is_read_in_spite_of_it() {
    let lost = [
        "nothing",
        "word",
        "API",
        "URL-encoded",
        "placeholder",
        "accent",
        "asterisk",
        "not encoded",
        "cut in",
        "too large",
        "JSON",
        "parts",
        "dots",
    ];
    let good = good::assertion();
    for (name, change, ..) in MISTAKES.iter().filter(|row| !lost.iter().any(|word| row.0.contains(word))) {
        let report = inspect(&change(&good.signed()), &good.with());
        assert_eq!(report.kind.as_str(), "lti2-assertion", "{name}");
        assert!(report.checks.iter().any(|check| check.id == "jti"), "{name}: the claims were read");
    }
}

/// A header or payload that is no JSON object, signed as it is.
#[allow(clippy::type_complexity)]
const NO_JSON: &[(&str, &str, &[u8], &str, &str, &str)] = &[
    ("a comma too many", "{}", br#"{"sub":"x",}"#, "json", "trailing comma at line 1, column 12", "JSON library"),
    ("names without quotation marks", "{}", b"{sub:1}", "json", "line 1, column 2", "JSON library"),
    ("apostrophes", "{}", b"{'sub':1}", "json", "line 1, column 2", "JSON library"),
    ("a fault in the second line", "{}", b"{\n  \"sub\": trun\n}", "json", "line 2, column 13", "JSON library"),
    ("cut off", "{}", br#"{"sub":"x""#, "json", "the JSON ends", "JSON library"),
    ("two objects", "{}", b"{}{}", "json", "trailing characters at line 1, column 3", "JSON library"),
    ("a number with a leading zero", "{}", br#"{"exp":01}"#, "json", "line 1, column 9", "JSON library"),
    ("NaN", "{}", br#"{"exp":NaN}"#, "json", "line 1, column 8", "JSON library"),
    ("exp twice", "{}", br#"{"exp":1,"exp":2}"#, "duplicate-name", "\"exp\" stands twice", "write each name once"),
    (
        "a name twice, inside",
        "{}",
        br#"{"a":[{"b":1,"b":2}]}"#,
        "duplicate-name",
        "\"b\" stands twice",
        "write each name once",
    ),
    ("Latin-1", "{}", b"{\"name\":\"Ren\xe9\"}", "utf8", "byte 13 is not UTF-8", "as UTF-8"),
    ("a list", "{}", b"[1]", "payload", "no JSON object", "JSON object of claims"),
    ("a word", "{}", b"hello", "payload", "no JSON object", "JSON object of claims"),
    ("nothing", "{}", b"", "payload", "no JSON object", "JSON object of claims"),
    (
        "alg twice",
        r#"{"alg":"HS256","alg":"none"}"#,
        b"{}",
        "duplicate-name",
        "In the header, the name \"alg\"",
        "write each name once",
    ),
    ("a header that is a list", "[]", b"{}", "json", "The header is an array", "JSON library"),
    (
        "a header with a fault",
        "{\"alg\":HS256}",
        b"{}",
        "json",
        "The header is no JSON: expected value at line 1, column 8",
        "JSON library",
    ),
    ("an empty header", "", b"{}", "json", "The header is no JSON: the JSON ends", "JSON library"),
];

#[test]
fn what_is_no_json_is_found_where_it_is() {
    let good = good::assertion();
    for (name, header, payload, id, place, fix) in NO_JSON {
        let header = if *header == "{}" { good.header.as_str() } else { header };
        let report = inspect(&signed(header, payload, Some(SECRET.as_bytes())), &good.with());
        assert_first(name, &report, (Fail, id, fix));
        assert!(report.checks[0].message.contains(place), "{name}: {}", report.checks[0].message);
    }
}

#[test]
fn without_an_endpoint_a_payload_may_be_anything() {
    let mut with = good::assertion().with();
    with.options.endpoint = None;
    let report = inspect(&signed(r#"{"alg":"HS256"}"#, b"hello", Some(SECRET.as_bytes())), &with);
    assert_eq!((report.kind.as_str(), report.outcome), ("jws", "valid"));
    assert_first("a text", &report, (Warn, "payload", "JSON object of claims"));
}

#[test]
fn a_layer_keeps_the_text_that_was_sent() {
    let token = part(&good::assertion().signed(), 1, |payload| format!("{payload}=="));
    let (opened, _) = opened_and_inspected(&token, &good::assertion().with());
    let [Layer::Jws(jws)] = &opened.layers[..] else { panic!("one layer") };
    assert_eq!(jws.parts.payload, token.split('.').nth(1).unwrap());
    assert_eq!(jws.payload, good::assertion().payload.as_bytes());
}
