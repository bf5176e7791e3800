//! Assets, and the reports on them.

use canvas_lms_tokens::Code;
use canvas_lms_tokens::lti13::services::assets::{self, Checksum};

use super::{ITEM, TIME, answer, message, object};

#[test]
fn a_report_is_whole() {
    let good = r#""assetId":"a","type":"t","processingProgress":"Processed","priority":5"#;
    for (members, expected) in [
        ("", "report.assetId: absent, expected a string"),
        (r#""assetID":"a""#, "report.assetID: unknown, expected perhaps assetId"),
        (r#""assetId":"a","type":"""#, "report.type: empty, expected a text"),
        (
            r#""assetId":"a","type":"t","processingProgress":"Done""#,
            "report.processingProgress: unknown, expected Processed, Processing, PendingManual, Failed, NotProcessed or NotReady",
        ),
        (
            r#""assetId":"a","type":"t","processingProgress":"Failed""#,
            "report.priority: absent, expected a whole number from 0 to 5",
        ),
        (
            r#""assetId":"a","type":"t","processingProgress":"Failed","priority":6"#,
            "report.priority: more than 5, expected a whole number from 0 to 5",
        ),
        (
            r#""assetId":"a","type":"t","processingProgress":"Failed","priority":-1"#,
            "report.priority: a number, expected a whole number that is not negative",
        ),
        (
            &format!(r#"{good},"indicationColor":"red""#),
            "report.indicationColor: no color, expected one such as #EC0000",
        ),
        (
            &format!(r##"{good},"indicationColor":"#EC00g0""##),
            "report.indicationColor: no color, expected one such as #EC0000",
        ),
        (
            &format!(r#"{good},"scoreGiven":1"#),
            "report.scoreMaximum: absent, expected the points that scoreGiven is out of",
        ),
        (&format!(r#"{good},"visibleToOwner":1"#), "report.visibleToOwner: a number, expected a boolean"),
        (&format!(r#"{good},"result":5"#), "report.result: a number, expected a string"),
    ] {
        assert_eq!(message(assets::report(ITEM, &object(&format!("{{{members}}}")), TIME)), expected, "{members}");
    }
    let whole = format!(
        r##"{{{good},"title":"t","result":"75/100","indicationColor":"#EC0000","indicationAlt":"a","scoreGiven":1,"scoreMaximum":2,"comment":"c","errorCode":"e","visibleToOwner":true,"x":[]}}"##
    );
    assert!(assets::report(ITEM, &object(&whole), TIME).is_ok());
}

#[test]
fn bytes_are_those_of_their_checksum() {
    let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    let hello = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    let check = |checksum: &str, pieces: &[&[u8]]| {
        let mut found = Checksum::parse(checksum, "asset.sha256_checksum")?;
        for piece in pieces {
            found.update(piece);
        }
        found.check()
    };
    assert_eq!((check(empty, &[]), check(hello, &[b"he", b"", b"llo"])), (Ok(()), Ok(())));
    assert_eq!(check(empty, &[b"x"]).map_err(|error| error.code), Err(Code::ResponseInvalid));
    assert_eq!(check(hello, &[b"hellO"]).map_err(|error| error.code), Err(Code::ResponseInvalid));
    for text in [
        "",
        "x",
        "aGVsbG8=",
        &hello.replace('=', ""),
        "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    ] {
        assert_eq!(check(text, &[]).unwrap_err().at.as_deref(), Some("asset.sha256_checksum"), "{text}");
    }
    let away = answer(302, &[("location", "https://files.test/1")], "");
    assert_eq!(assets::redirect(&away), Some("https://files.test/1"));
    assert_eq!(assets::redirect(&answer(200, &[("location", "https://files.test/1")], "")), None);
}
