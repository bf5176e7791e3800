//! Calls of functions and methods that are the platform's or a caller's own, which may give, promise or throw anything.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use super::value;

/// What the platform or a caller's function gave, or threw.
pub(crate) type Settled = core::result::Result<JsValue, JsValue>;

/// A promise of what is given or thrown, whatever a promise or thenable of somebody else's does when it is waited for.
pub(crate) fn settled(give: impl FnOnce() -> Settled) -> Promise {
    let mut give = Some(give);
    Promise::new(&mut |resolve, reject| {
        let (settle, value) = match give.take().map(|give| give()) {
            Some(Ok(value)) => (resolve, value),
            Some(Err(cause)) => (reject, cause),
            None => return,
        };
        // What settles a promise does not throw.
        settle.call1(&JsValue::UNDEFINED, &value).unwrap_or_default();
    })
}

/// Calls a method that may be a caller's own.
pub(crate) fn call_method(object: &JsValue, name: &'static str, arguments: &[&JsValue]) -> Settled {
    let method = value::try_get(object, name)?;
    let method = method.dyn_ref::<Function>().ok_or_else(|| JsValue::from(js_sys::TypeError::new("no method")))?;
    method.apply(object, &arguments.iter().copied().collect::<Array>())
}
