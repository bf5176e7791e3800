//! What is kept here for objects of JavaScript's: by a number, so that none is kept alive by it. No number is given twice: what
//! was freed is never taken for something else.

use core::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use js_sys::WeakMap;
use wasm_bindgen::prelude::*;

/// Values of one kind, each with the object that stands for it.
pub(crate) struct Registry<T> {
    numbers: WeakMap,
    next: Cell<u32>,
    kept: RefCell<BTreeMap<u32, T>>,
}

impl<T: Clone> Registry<T> {
    pub(crate) fn new() -> Self {
        Self { numbers: WeakMap::new(), next: Cell::new(0), kept: RefCell::default() }
    }

    /// Keeps a value; gives its number.
    pub(crate) fn keep(&self, value: T) -> u32 {
        let number = self.next.replace(self.next.get().wrapping_add(1));
        self.kept.borrow_mut().insert(number, value);
        number
    }

    /// Has an object or function stand for the value of this number.
    pub(crate) fn assign(&self, object: &JsValue, number: u32) {
        self.numbers.set(object.unchecked_ref(), &number.into());
    }

    /// The number of what this stands for, if it does.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(crate) fn number_of(&self, object: &JsValue) -> Option<u32> {
        if !object.is_object() && !object.is_function() {
            return None;
        }
        self.numbers.get(object.unchecked_ref()).as_f64().map(|number| number as u32)
    }

    /// The value of this number, unless it was freed.
    pub(crate) fn get(&self, number: u32) -> Option<T> {
        self.kept.borrow().get(&number).cloned()
    }

    /// Frees a value.
    pub(crate) fn free(&self, number: u32) {
        self.kept.borrow_mut().remove(&number);
    }

    /// Frees the values that nobody needs any more.
    pub(crate) fn retain(&self, is_needed: impl Fn(&T) -> bool) {
        self.kept.borrow_mut().retain(|_, value| is_needed(value));
    }
}
