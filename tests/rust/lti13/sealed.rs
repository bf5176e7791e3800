//! What a store holds: sealed with its name, and opened for that name alone.

use canvas_lms_tokens::jose::{Compact, Secret};
use canvas_lms_tokens::lti13::Sealer;

use crate::platform::random;

fn sealer(secrets: &[&str]) -> Sealer {
    let secrets: Vec<_> = secrets.iter().map(|text| Secret::new(text.as_bytes().to_vec(), "secret").unwrap()).collect();
    Sealer::new(&secrets, "secret").unwrap()
}

const ONE: &str = "one secret of at least thirty-two bytes";
const TWO: &str = "two secret of at least thirty-two bytes";

#[test]
fn a_value_is_opened_by_name_and_secret() {
    let sealed = sealer(&[ONE, TWO]).seal("name", "välue", &mut random).unwrap();
    let opened = |secrets: &[&str], name: &str, sealed: &str| {
        sealer(secrets).open(name, sealed, &mut random).map(|value| value.to_string())
    };
    assert_eq!(opened(&[ONE], "name", &sealed).as_deref(), Some("välue"));
    assert_eq!(opened(&[TWO, ONE], "name", &sealed).as_deref(), Some("välue"));
    assert_eq!(opened(&[TWO], "name", &sealed), None);
    assert_eq!(opened(&[ONE], "Name", &sealed), None);
    for text in ["", "a.b.c.d.e", "välue"] {
        assert_eq!(opened(&[ONE], "name", text), None);
    }
    // Each character counts.
    for (i, c) in sealed.char_indices().filter(|(_, c)| *c != '.') {
        let other = if c == 'A' { "B" } else { "A" };
        let mut changed = sealed.clone();
        changed.replace_range(i..=i, other);
        assert_eq!(opened(&[ONE], "name", &changed), None, "{i}");
    }
}

#[test]
fn the_header_carries_the_name() {
    let sealed = sealer(&[ONE]).seal("a/b \"c\"", "value", &mut random).unwrap();
    let Compact::Jwe(jwe) = Compact::parse(&sealed).unwrap() else { panic!("encrypted") };
    assert_eq!(jwe.header.as_json(), r#"{"alg":"dir","enc":"A256GCM","name":"a/b \"c\""}"#);
}

#[test]
fn a_short_secret_is_refused() {
    let short = [Secret::new(vec![7; 31], "secret").unwrap()];
    let error = Sealer::new(&short, "options.secret").unwrap_err();
    assert_eq!(error.message, "options.secret: 31 bytes, expected a random secret of at least 32");
    assert_eq!(Sealer::new(&[], "secret").unwrap_err().at.as_deref(), Some("secret"));
    assert!(!format!("{:?}", sealer(&[ONE])).contains("one secret"));
}
