//! The RFCs' examples of `tests/vectors/`.

use canvas_lms_tokens::jose::{Key, base64url};
use canvas_lms_tokens::json::Object;
use serde_json::Value;

use super::keys;

const FILES: [&str; 8] = [
    include_str!("../../vectors/rfc3394.json"),
    include_str!("../../vectors/rfc7515.json"),
    include_str!("../../vectors/rfc7516.json"),
    include_str!("../../vectors/rfc7517.json"),
    include_str!("../../vectors/rfc7518.json"),
    include_str!("../../vectors/rfc7520.json"),
    include_str!("../../vectors/rfc7638.json"),
    include_str!("../../vectors/rfc8037.json"),
];

pub(crate) fn all() -> Vec<Value> {
    FILES.iter().flat_map(|text| serde_json::from_str::<Vec<Value>>(text).unwrap()).collect()
}

pub(crate) fn named(name: &str) -> Value {
    all().into_iter().find(|case| case["name"] == name).unwrap()
}

/// What this package must do with the case, and of which type it is.
pub(crate) fn expecting(expect: &str, types: &[&str]) -> Vec<Value> {
    let wanted = |case: &Value| case["expect"] == expect && types.iter().any(|name| case["type"] == *name);
    all().into_iter().filter(wanted).collect()
}

pub(crate) fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("{} has no {name}", case["name"]))
}

/// The bytes of a field whose name ends in `_b64u`; none where it is absent.
pub(crate) fn bytes(case: &Value, name: &str) -> Vec<u8> {
    base64url::decode(case[name].as_str().unwrap_or_default()).unwrap()
}

pub(crate) fn object(value: &Value) -> Object {
    keys::object(&value.to_string())
}

pub(crate) fn key(value: &Value) -> Key {
    keys::key(&object(value))
}
