//! Asymmetric keys that the platform has imported, remembered by what their JWK says: a bounded number of handles that
//! cannot be exported, and nothing of the keys themselves. Only who has the whole JWK finds its handle.

use core::cell::RefCell;

use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::at::At;
use super::keys::JsKeys;
use super::{json_in, names, values};
use crate::jose::mac::sha256;
use crate::jose::{Key, Material};
use crate::json::Object;

/// How many handles are remembered; the one that was not used for the longest time goes first.
const MOST: usize = 32;

/// SHA-256 of a JWK as JSON text.
pub(crate) type Name = [u8; 32];

struct Known {
    name: Name,
    usage: &'static str,
    alg: &'static str,
    /// Whether it signs with this algorithm where none is named.
    is_default: bool,
    key: Key,
    handle: JsValue,
}

thread_local! {
    static KNOWN: RefCell<Vec<Known>> = const { RefCell::new(Vec::new()) };
}

/// What a JWK is remembered by, unless it is a secret.
pub(crate) fn name_of(jwk: &Object) -> Option<Name> {
    let is_secret = jwk.text("kty") == Some("oct");
    (!is_secret).then(|| sha256(&[jwk.to_secret_json().as_bytes()]))
}

/// The handle that signs with this JWK, and with this algorithm where one is named.
pub(crate) fn to_sign(jwk: &JsValue, alg: Option<&str>) -> Option<JsKeys> {
    find(jwk, |known| known.usage == "sign" && alg.map_or(known.is_default, |alg| known.alg == alg))
}

/// A handle that verifies with this JWK.
pub(crate) fn to_verify(jwk: &JsValue) -> Option<JsKeys> {
    find(jwk, |known| known.usage == "verify")
}

/// A handle of this JWK, as if it were given itself.
fn find(jwk: &JsValue, fits: impl Fn(&Known) -> bool) -> Option<JsKeys> {
    let kty = names::get(jwk, "kty");
    if !kty.is_string() || values::is(&kty, "oct") || KNOWN.with_borrow(Vec::is_empty) {
        return None;
    }
    // Not by JSON.stringify, which leaves out or changes what a key must not have.
    let name = name_of(&Zeroizing::new(json_in::to_object(jwk, &At::argument("key")).ok()?))?;
    KNOWN.with_borrow_mut(|known| {
        let place = known.iter().position(|known| known.name == name && fits(known))?;
        known.get_mut(..=place)?.rotate_right(1);
        let Known { key, handle, .. } = known.first()?;
        Some(JsKeys { keys: key.clone().into(), handle: Some(handle.clone()), name: None })
    })
}

/// Remembers what the platform made of a JWK.
pub(crate) fn remember(name: Name, usage: &'static str, alg: &'static str, key: &Key, handle: &JsValue) {
    let is_default = key.default_signature().is_some_and(|row| row.name == alg);
    let key = key.with_material(Material::Platform(vec![alg], usage == "sign"));
    let known = Known { name, usage, alg, is_default, key, handle: handle.clone() };
    KNOWN.with_borrow_mut(|all| {
        all.retain(|other| (other.name, other.usage, other.alg) != (name, usage, alg));
        all.truncate(MOST - 1);
        all.insert(0, known);
    });
}
