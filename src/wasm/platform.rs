//! What the platform is and has, asked without a throw.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Waits for a promise, a thenable or a value. `Promise.resolve` would trust a promise's own `constructor` and `then`.
pub(crate) fn settled(value: &JsValue) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        let done = resolve.call1(&JsValue::UNDEFINED, value);
        debug_assert!(done.is_ok());
    }))
}

/// A browser, where `User-Agent` is not ours to set; every other runtime names itself in `navigator.userAgent`.
pub(crate) fn in_page() -> bool {
    let agent = member(&member(&js_sys::global(), "navigator"), "userAgent");
    agent.as_string().is_some_and(|agent| agent.starts_with("Mozilla/"))
}

/// The origin of the page or worker this runs in.
pub(crate) fn page_origin() -> Option<String> {
    let origin = member(&member(&js_sys::global(), "location"), "origin");
    in_page().then(|| origin.as_string()).flatten()
}

/// A member, or undefined where there is none or its getter throws.
pub(crate) fn member(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

pub(crate) fn invoke(value: &JsValue, method: &str, arguments: &[JsValue]) -> core::result::Result<JsValue, JsValue> {
    let function: Function = Reflect::get(value, &method.into())?.dyn_into()?;
    Reflect::apply(&function, value, &arguments.iter().collect())
}
