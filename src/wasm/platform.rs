//! What the platform is and has, asked without a throw.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::names::{get, try_get};

/// Waits for a promise, a thenable or a value. `Promise.resolve` would trust a promise's own `constructor` and `then`.
pub(crate) fn settled(value: &JsValue) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        let done = resolve.call1(&JsValue::UNDEFINED, value);
        debug_assert!(done.is_ok());
    }))
}

/// A global, or undefined.
pub(crate) fn global(name: &'static str) -> JsValue {
    get(&js_sys::global(), name)
}

/// A browser, where `User-Agent` is not ours to set; every other runtime names itself in `navigator.userAgent`.
pub(crate) fn in_page() -> bool {
    let agent = get(&global("navigator"), "userAgent");
    agent.as_string().is_some_and(|agent| agent.starts_with("Mozilla/"))
}

/// The origin of the page or worker this runs in.
pub(crate) fn page_origin() -> Option<String> {
    let origin = get(&global("location"), "origin");
    if in_page() { origin.as_string() } else { None }
}

pub(crate) fn invoke(
    value: &JsValue,
    method: &'static str,
    arguments: &[JsValue],
) -> core::result::Result<JsValue, JsValue> {
    let function: Function = try_get(value, method)?.dyn_into()?;
    Reflect::apply(&function, value, &arguments.iter().collect::<Array>())
}
