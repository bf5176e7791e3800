//! A timer that ends early when the caller aborts.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::call::Call;
use super::error::{Result, Thrown};
use super::platform::invoke;
use crate::error::{Code, Error};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: f64) -> core::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue) -> core::result::Result<(), JsValue>;
}

/// A timer that the caller's signal can end early.
pub(super) struct Alarm {
    promise: Promise,
    timer: JsValue,
    resolve: JsValue,
    signal: Option<JsValue>,
}

impl Alarm {
    pub(super) fn set(call: &Call, ms: f64) -> Result<Self> {
        if call.is_aborted() {
            return Err(call.aborted());
        }
        let (mut timer, mut callback) = (Ok(JsValue::UNDEFINED), JsValue::UNDEFINED);
        let promise = Promise::new(&mut |resolve, _| {
            timer = set_timeout(&resolve, ms);
            callback = resolve.into();
        });
        let timer = timer.map_err(|cause| Thrown::caused_by(Error::new(Code::Fetch, &["no setTimeout"]), cause))?;
        let alarm = Self { promise, timer, resolve: callback, signal: call.signal.clone() };
        alarm.listen("addEventListener");
        Ok(alarm)
    }

    /// Calls the signal's method for the `abort` event.
    fn listen(&self, method: &'static str) {
        let Some(signal) = &self.signal else { return };
        let done = invoke(signal, method, &["abort".into(), self.resolve.clone()]);
        debug_assert!(done.is_ok());
    }

    pub(super) async fn rung(&self) {
        let ended = JsFuture::from(self.promise.clone()).await;
        debug_assert!(ended.is_ok());
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.listen("removeEventListener");
        let cleared = clear_timeout(&self.timer);
        // A promise that is never settled keeps for ever what waits for it.
        let settled = self.resolve.unchecked_ref::<Function>().call0(&JsValue::UNDEFINED);
        debug_assert!(cleared.is_ok() && settled.is_ok());
    }
}
