//! Header members that change what a token means, and must be understood: `crit` (RFC 7515 §4.1.11), `b64` (RFC 7797),
//! `zip` (RFC 7516 §4.1.3). This package understands no extension, so each is refused by name.

use super::header::Header;
use crate::error::{Code, Error, Result};
use crate::json::{Json, Object, repeated};

/// The names that RFC 7515, 7516, 7518 and 7519 register, which `crit` must not list.
const REGISTERED: [&str; 20] = [
    "alg", "enc", "zip", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "epk", "apu",
    "apv", "iv", "tag", "p2s", "p2c",
];

/// Everything in the header of a JWS that demands what is not understood, what is refused for it first.
pub(crate) fn extension_faults(header: &Header) -> impl Iterator<Item = Error> {
    faults(header, Code::JwsInvalid)
}

/// Refuses headers that demand what is not understood; `malformed` is the code for a broken `crit`.
pub(crate) fn check(header: &Header, malformed: Code) -> Result<()> {
    faults(header, malformed).next().map_or(Ok(()), Err)
}

/// `crit` comes first: it is what makes a reader refuse an extension that it does not know (RFC 7515 §4.1.11).
fn faults(header: &Header, malformed: Code) -> impl Iterator<Item = Error> {
    let members = header.members();
    let unsupported = |name: &str, message| Error::new(Code::NotSupported, message).at(format!("header.{name}"));
    let crit = members.get("crit").map(|crit| match check_crit(crit, members) {
        Err(fault) => Error::new(malformed, format!("header crit {fault}")).at("header.crit"),
        Ok(()) => unsupported("crit", "header crit demands extensions, none is understood"),
    });
    let is_encoded = matches!(members.get("b64"), None | Some(Json::Bool(true)));
    let b64 = (!is_encoded).then(|| {
        let is_listed = matches!(members.get("crit"), Some(Json::Array(names)) if names.contains(&Json::from("b64")));
        if is_listed {
            unsupported("b64", "unencoded payloads (b64 false) are refused").spec("RFC 7797 §7")
        } else {
            unsupported("b64", "unencoded payloads (b64 false) are refused, and b64 has to be listed in crit")
                .spec("RFC 7797 §6")
        }
    });
    let zip = members.get("zip").map(|_| unsupported("zip", "compressed tokens (zip) are refused"));
    [crit.map(|error| error.spec("RFC 7515 §4.1.11")), b64, zip.map(|error| error.spec("RFC 8725 §3.6"))]
        .into_iter()
        .flatten()
}

/// What is wrong with a `crit`, by RFC 7515 §4.1.11.
fn check_crit(crit: &Json, members: &Object) -> Result<(), String> {
    let Json::Array(items) = crit else { return Err(format!("is {}, expected an array", crit.kind())) };
    if items.is_empty() {
        return Err("is empty, expected names".to_owned());
    }
    let mut names = Vec::new();
    for item in items {
        let Json::String(name) = item else { return Err(format!("lists {}, expected strings", item.kind())) };
        names.push(name.as_str());
    }
    if let Some(name) = names.iter().find(|name| REGISTERED.contains(name)) {
        return Err(format!("lists {name}, which every reader understands"));
    }
    // Sorted to be searched: a header may have many members.
    let mut present: Vec<&str> = members.iter().map(|(name, _)| name).collect();
    present.sort_unstable();
    if names.iter().any(|name| present.binary_search(name).is_err()) {
        return Err("lists a name that the header lacks".to_owned());
    }
    if repeated(names).is_some() {
        return Err("lists a name twice".to_owned());
    }
    Ok(())
}
