//! JSON read strictly and written again: order, digits, duplicate names, depth; the payload as a claims set.

use canvas_lms_tokens::jose::claims::Expected;
use canvas_lms_tokens::jose::verified_jwt;
use canvas_lms_tokens::json::Json;
use canvas_lms_tokens::json::{MAX_DEPTH, MAX_NUMBER, read};

use crate::platform::keys::{self, oct};
use crate::platform::{header, sign, verify};

#[test]
fn keeps_order_and_digits() {
    let text = r#"{"z":90000000000000001,"a":[1.50,-0,1e2,true,null,{}],"é\u0041\ud83d\ude00\n":"\/"}"#;
    let value = read(text).unwrap();
    assert_eq!(value.to_json(), "{\"z\":90000000000000001,\"a\":[1.50,-0,1e2,true,null,{}],\"éA😀\\n\":\"/\"}");
    assert!(value.has_unsafe_integer());
    assert!(!read("[9007199254740991,-9007199254740991,1e300]").unwrap().has_unsafe_integer());
    assert!(read("[[-9007199254740992]]").unwrap().has_unsafe_integer());
}

#[test]
fn refuses_and_says_where() {
    let nine = r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"a":1}"#;
    for (text, message) in [
        ("", "the JSON ends too early at line 1, column 1"),
        ("{\n \"a\": }", "expected value at line 2, column 7"),
        ("{\"a\":1,}", "trailing comma at line 1, column 8"),
        ("{\"a\":1,\"a\":2}", "the name \"a\" stands twice, again at line 1, column 8"),
        (nine, "the name \"a\" stands twice, again at line 1, column 50"),
        ("[{\"x\":{\"a\":1,\"\\u0061\":2}}]", "the name \"a\" stands twice, again at line 1, column 14"),
        ("[1 2]", "expected `,` or `]` at line 1, column 4"),
        ("01", "invalid number at line 1, column 2"),
        ("1.", "invalid number at line 1, column 2"),
        ("1e999", "a number beyond the range of a double at line 1, column 1"),
        ("\"\\ud800\"", "a lone surrogate, which is no character, in what begins at line 1, column 1"),
        ("\"\\ud800\\u0041\"", "a lone surrogate, which is no character, in what begins at line 1, column 1"),
        ("{\"\\ud800\":1}", "a lone surrogate, which is no character, at line 1, column 9"),
        ("{\"\\udc00\":1}", "a lone surrogate, which is no character, at line 1, column 8"),
        ("\"\\u00g0\"", "invalid escape at line 1, column 7"),
        ("\"a\tb\"", "control character (\\u0000-\\u001F) found while parsing a string at line 1, column 2"),
        ("\u{feff}{}", "expected value at line 1, column 1"),
        ("nul", "the JSON ends too early at line 1, column 3"),
    ] {
        assert_eq!(read(text).unwrap_err().message, message, "{text}");
    }
}

/// Every pair at the ends of both ranges is its character, and whatever is no pair is refused.
#[test]
fn surrogates_are_taken_in_pairs() {
    for (high, low) in [(0xd800, 0xdc00), (0xd800, 0xdfff), (0xdbff, 0xdc00), (0xdbff, 0xdfff), (0xd83d, 0xde00)] {
        let expected = char::decode_utf16([high, low]).next().unwrap().unwrap();
        assert_eq!(read(&format!("\"\\u{high:04x}\\u{low:04X}\"")).unwrap(), Json::String(expected.into()));
    }
    assert_eq!(read(r#""\udbff\udfff""#).unwrap(), Json::from("\u{10ffff}"));
    assert_eq!(read(r#""\ud7ff\ue000""#).unwrap(), Json::from("\u{d7ff}\u{e000}"));
    for text in [
        r"\ud800",
        r"\udbff",
        r"\udc00",
        r"\udfff",
        r"\udbff\udbff",
        r"\udbff\ue000",
        r"\ud800\ud7ff",
        r"\udfff\udbff",
        r"\ud800\n",
        r"\ud800x",
        r"\ud800 \udc00",
    ] {
        let message = read(&format!("\"{text}\"")).unwrap_err().message.clone();
        assert!(message.starts_with("a lone surrogate, which is no character, in what begins"), "{text}: {message}");
    }
}

#[test]
fn strings_are_escaped_as_little_as_may_be() {
    let text: String = (0..0x3000).filter_map(char::from_u32).chain(['\u{ffff}', '😀', '\u{10ffff}']).collect();
    let written = Json::String(text.clone()).to_json();
    assert_eq!(written, serde_json::to_string(&text).unwrap());
    assert_eq!(read(&written).unwrap(), Json::String(text));
    assert_eq!(read(r#""\b\f\n\r\t\/\\\"\u000b""#).unwrap(), Json::from("\u{8}\u{c}\n\r\t/\\\"\u{b}"));
}

#[test]
fn bounds_the_depth() {
    let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    assert!(read(&nested(MAX_DEPTH + 1)).unwrap_err().message.starts_with("nested deeper than 64 levels"));
    assert!(read(&format!("[{}[]]", "[],".repeat(1000))).is_ok());
}

#[test]
fn bounds_the_length_of_a_number() {
    assert!(read(&"1".repeat(MAX_NUMBER)).is_ok());
    let message = "a number longer than 400 characters at line 1, column 1";
    assert_eq!(read(&"1".repeat(MAX_NUMBER + 1)).unwrap_err().message, message);
}

#[test]
fn floats_are_near() {
    for text in ["0", "-1.5", "1486393868.25", "1e3", "2.5E-3", "123456789012345678901234567890", "-0.0"] {
        let Json::Number(number) = read(text).unwrap() else { panic!("{text}") };
        let exact: f64 = text.parse().unwrap();
        assert!((number.as_f64() - exact).abs() <= exact.abs() * 1e-15, "{text}");
    }
}

#[test]
fn a_payload_is_a_claims_set_with_every_digit() {
    let key = keys::key(&oct(32));
    let read = |payload: &[u8]| {
        let token = sign(payload, &key, &header(&[("alg", "HS256")])).unwrap();
        verified_jwt(
            &verify(&token, &key.clone().into()).unwrap(),
            &Expected { now: 1_000_000.0, ..Expected::default() },
        )
    };
    let text = r#"{ "sub":90000000000000001, "x":1.50 }"#;
    let jwt = read(text.as_bytes()).unwrap();
    assert_eq!((jwt.text.as_str(), jwt.claims.to_json().as_str()), (text, r#"{"sub":90000000000000001,"x":1.50}"#));
    for (payload, message) in [
        (&b""[..], "the payload: the JSON ends too early at line 1, column 1"),
        (b"[]", "the payload: an array, expected a JSON object"),
        (b"null", "the payload: null, expected a JSON object"),
        (b"text", "the payload: an unknown word at line 1, column 2"),
        (b"{\"a\":\"\xff\"}", "the payload: byte 7 is not UTF-8"),
        (b"\xef\xbb\xbf{}", "the payload: expected value at line 1, column 1"),
        (b"{\"exp\":1,\"exp\":9e9}", { "the payload: the name \"exp\" stands twice, again at line 1, column 10" }),
    ] {
        let error = read(payload).unwrap_err();
        let found = (error.code.as_str(), error.at.as_deref(), error.message.as_str());
        assert_eq!(found, ("ERR_JWT_INVALID", Some("payload"), message));
    }
    assert_eq!(read(br#"{"exp":1}"#).unwrap_err().code.as_str(), "ERR_JWT_EXPIRED");
}

#[test]
fn the_range_of_a_double_is_known_to_the_last_digit() {
    let inside = [
        "1.7976931348623157e308",
        "-1.7976931348623157E+308",
        "0.00017976931348623157e312",
        "1e308",
        "0e999",
        "5e-999",
    ];
    for text in inside {
        assert!(read(text).is_ok() && text.parse::<f64>().unwrap().is_finite(), "{text}");
    }
    let outside = ["1.7976931348623159e308", "1e309", "-1e309", "1.7976931348623158079373e308", "1e99999999999"];
    for text in outside {
        assert!(read(text).is_err() && text.parse::<f64>().unwrap().is_infinite(), "{text}");
    }
}
