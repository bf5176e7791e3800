//! Whatever the text is, whatever it is inspected with: there is a report, and it can be read.

use canvas_lms_tokens::jose::base64url;
use canvas_lms_tokens::lti13::claims::CONTENT_ITEMS;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::inspect::good::{SECRET, signed};
use crate::inspect::spoilt::{TOKENS, edited, edits, json, with};
use crate::inspect::{self, inspect, opened_and_inspected};

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>(), with in with()) {
        inspect(&text, &with);
    }

    #[test]
    fn any_bytes_in_parts(parts in vec(vec(any::<u8>(), 0..60), 1..7), with in with()) {
        let parts: Vec<String> = parts.iter().map(|bytes| base64url::encode(bytes)).collect();
        inspect(&parts.join("."), &with);
    }

    #[test]
    fn any_json(header in json(2), payload in json(3), with in with()) {
        inspect(&signed(&header, payload.as_bytes(), Some(SECRET.as_bytes())), &with);
    }

    #[test]
    fn a_spoilt_token(token in select(TOKENS.clone()), edits in edits(), with in with()) {
        let text = edited(&token, &edits);
        let (opened, mut report) = opened_and_inspected(&text, &with);
        prop_assert!(opened.layers.len() <= 8);
        prop_assert!(report.checks.len() < 60);
        report.locate(&opened);
        let units = text.encode_utf16().count();
        let of_parts = report.parts.iter().flat_map(|part| part.members.iter().map(|member| member.span).chain([part.span]));
        for span in report.checks.iter().map(|check| check.span).chain(of_parts).flatten() {
            prop_assert!(span.start <= span.end && span.end <= units, "{span:?} of {units}");
        }
    }
}

#[test]
fn layers_without_end() {
    let mut token = TOKENS[0].clone();
    for _ in 0..12 {
        token = signed(r#"{"alg":"HS256"}"#, token.as_bytes(), Some(SECRET.as_bytes()));
    }
    let (opened, report) = opened_and_inspected(&token, &inspect::With::at(inspect::NOW));
    assert_eq!(opened.layers.len(), 8);
    assert!(report.checks.iter().any(|check| check.id == "layers"));
}

#[test]
fn faults_without_end() {
    let secrets = (0..1000).map(|index| format!("\"secret{index}\":\"x\"")).collect::<Vec<_>>().join(",");
    let items = format!("\"{CONTENT_ITEMS}\":[{}0]", "0,".repeat(999));
    for (claims, id, last) in
        [(secrets, "secret-in-claims", "950 more that seem"), (items, "content-item", "950 more that are wrong")]
    {
        let token = signed(r#"{"alg":"HS256"}"#, format!("{{{claims}}}").as_bytes(), Some(SECRET.as_bytes()));
        let report = inspect(&token, &inspect::With::at(inspect::NOW));
        let checks: Vec<_> = report.checks.iter().filter(|check| check.id == id).collect();
        assert_eq!(checks.len(), 51, "{id}");
        assert!(checks[50].message.contains(last), "{:?}", checks[50]);
    }
}
