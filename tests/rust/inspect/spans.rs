//! Where in the inspected text its parts, members and checks stand.

use canvas_lms_tokens::inspect::{Opened, Part, Report, Span};
use canvas_lms_tokens::jose::{Keys, base64url, wrap};

use crate::inspect::good::{self, SECRET, signed};
use crate::inspect::{NOW, With, opened_and_inspected};
use crate::platform::{self, keys};

fn located(token: &str, with: &With) -> (Opened, Report) {
    let (opened, mut report) = opened_and_inspected(token, with);
    assert!(report.parts.is_empty() && report.checks.iter().all(|check| check.span.is_none()));
    report.locate(&opened);
    (opened, report)
}

/// What stands in a span, counted as JavaScript counts.
fn text_in(given: &str, span: Span) -> String {
    let units: Vec<u16> = given.encode_utf16().collect();
    String::from_utf16(&units[span.start..span.end]).unwrap()
}

fn part<'a>(report: &'a Report, name: &str) -> &'a Part {
    report.parts.iter().rfind(|part| part.name == name).unwrap()
}

/// The members of a part's object with the text of their spans in it, from a multiple of four characters on, decoded.
/// `characters` gives the characters of the part's text from those of the given text.
fn members(given: &str, part: &Part, characters: Characters) -> Vec<(String, String)> {
    let whole = part.span.unwrap();
    let before = |end: usize| characters(&text_in(given, Span { start: whole.start, end }));
    let member = |name: &str, span: Span| {
        let (start, end) = (before(span.start).len() / 4 * 4, before(span.end));
        // The last character may hold bits of the next byte too, which are not decoded.
        let bits = end.len() - start;
        let text = &end[start..];
        let text = if bits % 4 == 1 { &text[..bits - 1] } else { text };
        let bytes = [text, "AAA"].concat();
        let decoded = base64url::decode(&bytes[..bytes.len() / 4 * 4]).unwrap();
        (name.to_owned(), String::from_utf8_lossy(&decoded).into_owned())
    };
    part.members.iter().map(|found| member(&found.name, found.span.unwrap())).collect()
}

/// Each member's span must hold its text, with no more than the bytes that share its characters.
#[track_caller]
fn assert_members(given: &str, part: &Part, characters: Characters, expected: &[&str]) {
    let found = members(given, part, characters);
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((_, decoded), member) in found.iter().zip(expected) {
        let place = decoded.find(member).unwrap_or_else(|| panic!("{member} in {decoded:?}"));
        assert!(place <= 2 && decoded.len() <= place + member.len() + 4, "{member} in {decoded:?}");
    }
}

const HEADER: [&str; 2] = [r#""typ":"JWT""#, r#""alg":"HS256""#];

fn claims() -> [&'static str; 5] {
    [
        r#""sub":"123123-ad13-ac233""#,
        r#""aud":"https://canvas.test/api/lti/accounts/1/authorize""#,
        r#""exp":1700000060"#,
        r#""iat":1700000000"#,
        r#""jti":"688700c2-4bc1-40b7-83e5-7cbf54f93335""#,
    ]
}

fn assertion() -> String {
    let (header, claims) = (HEADER.join(","), claims().join(","));
    signed(&format!("{{{header}}}"), format!("{{{claims}}}").as_bytes(), Some(SECRET.as_bytes()))
}

/// The characters of a token in a piece of the given text.
type Characters = fn(&str) -> String;

fn as_it_is(text: &str) -> String {
    text.to_owned()
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The characters of the token in the piece of base64 around it that ends here.
fn unwrapped(text: &str) -> String {
    let text = text.to_owned() + "AAA";
    let bytes = base64url::decode_standard(&text[..text.len() / 4 * 4]).unwrap();
    String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned()
}

#[test]
fn parts_and_members_stand_where_the_text_decodes_to_them() {
    let token = assertion();
    let lines: Vec<&str> = token.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let given: [(String, Characters); 9] = [
        (token.clone(), as_it_is),
        (format!("  {token}\n"), as_it_is),
        (format!("Authorization: Bearer {token}"), as_it_is),
        (format!("“{token}”"), as_it_is),
        (format!(r#"{{"access_token":"{token}","name":"😀"}}"#), as_it_is),
        (format!("{token}{token}"), as_it_is),
        (token.replace('.', "%2E"), as_it_is),
        (lines.join("\r\n"), without_space),
        (token.replace('.', " .\u{3000}"), as_it_is),
    ];
    for (given, characters) in given {
        let (_, report) = located(&given, &good::assertion().with());
        let names: Vec<&str> = report.parts.iter().map(|part| part.name).collect();
        assert_eq!(names, ["protected", "payload", "signature"]);
        for (part, text) in report.parts.iter().zip(token.split('.')) {
            assert_eq!(characters(&text_in(&given, part.span.unwrap())), text, "{given}");
            assert_eq!(part.layer, Some(0));
        }
        let [protected, payload, signature] = &report.parts[..] else { panic!("three parts") };
        assert_eq!(protected.json.as_deref(), Some(&*format!("{{{}}}", HEADER.join(","))));
        assert_eq!(payload.json.as_deref(), Some(&*format!("{{{}}}", claims().join(","))));
        assert_eq!((&signature.json, &signature.members[..]), (&None, &[][..]));
        assert_members(&given, protected, characters, &HEADER);
        assert_members(&given, payload, characters, &claims());
    }
}

#[test]
fn three_bytes_are_four_characters() {
    let token = signed(r#"{"alg":"HS256"}"#, br#"{"a":1,"bc":"\u00e9","d":[2]}"#, Some(SECRET.as_bytes()));
    let (_, report) = located(&token, &With::at(NOW));
    let payload = part(&report, "payload");
    let start = payload.span.unwrap().start;
    let found: Vec<_> = payload.members.iter().map(|found| (&*found.name, found.span.unwrap())).collect();
    // Bytes 1 to 6, 7 to 20, 21 to 28.
    let span = |from, to| Span { start: start + from, end: start + to };
    assert_eq!(found, [("a", span(1, 8)), ("bc", span(9, 27)), ("d", span(28, 38))]);
}

#[test]
fn wrapping_is_looked_through() {
    let token = assertion();
    let given = wrap(&token);
    let (opened, report) = located(&given, &With::at(NOW));
    assert_eq!(opened.layers.len(), 2);
    for (part, text) in report.parts.iter().zip(token.split('.')) {
        assert_eq!(part.layer, Some(1));
        // A character of the token is a byte of the wrapping.
        let Span { start, end } = part.span.unwrap();
        let place = token.find(text).unwrap();
        assert_eq!((start, end), (place * 4 / 3, ((place + text.len()) * 4).div_ceil(3)));
        assert!(unwrapped(&given[..end]).ends_with(text) || unwrapped(&given[..end]).contains(text));
    }
    // Both once more: a token in a payload is decoded as a payload is.
    let outer = signed(r#"{"alg":"HS256"}"#, token.as_bytes(), Some(SECRET.as_bytes()));
    let (_, report) = located(&outer, &With::at(NOW));
    assert_eq!(report.parts.iter().map(|part| part.layer).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1].map(Some));
    assert_eq!(report.parts[1].json, None);
    let (whole, inner) = (report.parts[1].span.unwrap(), report.parts[4].span.unwrap());
    assert!(whole.start <= inner.start && inner.end <= whole.end);
    let decoded = base64url::decode(&outer[whole.start..whole.end]).unwrap();
    let place = ((inner.start - whole.start) * 3).div_ceil(4);
    assert!(decoded[place..].starts_with(token.split('.').nth(1).unwrap().as_bytes()));
}

/// The spans of the checks with this id.
fn spans(report: &Report, id: &str) -> Vec<Option<Span>> {
    report.checks.iter().filter(|check| check.id == id).map(|check| check.span).collect()
}

#[test]
fn a_check_stands_where_its_place_is() {
    let token = assertion().replacen('.', ".*", 1);
    let given = format!("Bearer {token}");
    let (_, report) = located(&given, &good::assertion().with());
    let whole = Span { start: 7, end: given.len() };
    let [protected, payload, signature] = &report.parts[..] else { panic!("three parts") };
    assert_eq!(spans(&report, "bearer"), [Some(whole)]);
    assert_eq!(spans(&report, "character"), [payload.span]);
    assert_eq!(spans(&report, "alg"), [protected.members[1].span]);
    assert_eq!(spans(&report, "sub"), [payload.members[0].span]);
    assert_eq!(spans(&report, "aud"), [payload.members[1].span]);
    assert_eq!(spans(&report, "jti"), [payload.members[4].span]);
    assert_eq!(text_in(&given, signature.span.unwrap()), token.rsplit('.').next().unwrap());
    assert_eq!(spans(&report, "kind"), [None], "it is about no place");

    let (_, report) = located(&assertion(), &With::at(NOW));
    assert_eq!(spans(&report, "signature"), [part(&report, "signature").span]);

    let unsigned = assertion().rsplit_once('.').unwrap().0.to_owned() + ".";
    let (_, report) = located(&unsigned, &good::assertion().with());
    assert_eq!(spans(&report, "cut-short"), [Some(Span { start: unsigned.len(), end: unsigned.len() })]);

    let two = format!("{}{}", assertion(), signed("{}", b"{}", None));
    let (_, report) = located(&two, &good::assertion().with());
    assert_eq!(spans(&report, "jti"), [part(&report, "payload").members[4].span]);

    let misspelt = good::assertion().with_claims(r#""exp""#, r#""Exp\u0000""#).signed();
    let (_, report) = located(&misspelt, &good::assertion().with_kind());
    let payload = part(&report, "payload");
    assert_eq!(spans(&report, "claim-missing"), [None], "what is missing stands nowhere");
    let misspelt = payload.members.iter().find(|found| found.name == "Exp\0").unwrap();
    assert_eq!(spans(&report, "claim-spelling"), [misspelt.span]);
}

#[test]
fn characters_are_counted_as_javascript_counts_them() {
    let token = assertion();
    let (_, report) = located(&format!("😀{token}"), &With::at(NOW));
    let protected = part(&report, "protected");
    assert_eq!(protected.span, Some(Span { start: 0, end: 2 + token.find('.').unwrap() }));
    assert_eq!(protected.members[0].span, Some(Span { start: 3, end: 2 + 16 }));
    assert_eq!(spans(&report, "character"), [protected.span]);
}

#[test]
fn what_is_no_token_is_marked_whole() {
    for given in ["", "hello, token 😀", r#"{"payload":"e30","signatures":[]}"#, &"A".repeat((1 << 20) + 1)] {
        let (_, report) = located(given, &With::at(NOW));
        let first = &report.checks[0];
        let whole = Span { start: 0, end: given.encode_utf16().count() };
        assert_eq!((first.at.as_deref(), first.span), (Some("token"), Some(whole)), "{first:?}");
    }
}

#[test]
fn what_was_encrypted_stands_nowhere() {
    let key: Keys = keys::key(&keys::oct(32)).into();
    let encrypted = |text: &str| {
        let header = platform::header(&[("alg", "dir"), ("enc", "A256GCM")]);
        platform::encrypt(text.as_bytes(), &keys::key(&keys::oct(32)), &header).unwrap()
    };
    let with = |key| With { decryption_key: Some(key), ..With::at(NOW) };
    for (inner, parts) in [(assertion(), 8), (format!("{{{}}}", claims().join(",")), 5)] {
        let given = wrap(&encrypted(&inner));
        let (opened, report) = located(&given, &with(key.clone()));
        assert!(opened.claims.is_some());
        assert_eq!(report.parts.len(), parts);
        let (outside, inside) = report.parts.split_at(5);
        let names: Vec<&str> = outside.iter().map(|part| part.name).collect();
        assert_eq!(names, ["protected", "encrypted_key", "iv", "ciphertext", "tag"]);
        assert!(outside.iter().all(|part| part.span.is_some()));
        assert!(outside[0].members.iter().all(|member| member.span.is_some()));
        assert!(inside.iter().all(|part| part.span.is_none() && part.members.iter().all(|one| one.span.is_none())));
        let at_claims = |at: &Option<String>| at.as_deref().is_some_and(|at| at.starts_with("claims."));
        let of_claims: Vec<_> = report.checks.iter().filter(|check| at_claims(&check.at)).collect();
        assert!(!of_claims.is_empty() && of_claims.iter().all(|check| check.span.is_none()));
    }
    // Its header is seen without the key.
    let given = encrypted(&assertion());
    let (_, report) = located(&given, &With::at(NOW));
    assert_eq!(spans(&report, "enc"), [part(&report, "protected").members[1].span]);
    assert_members(&given, part(&report, "protected"), as_it_is, &[r#""alg":"dir""#, r#""enc":"A256GCM""#]);
}
