//! The JavaScript that is used here. Of js-sys, which has all of it, closures would stay in the package's wasm.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A promise.
    #[must_use]
    pub type Promise;
    pub(crate) type Object;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Object;
    pub(crate) type Array;
    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Array;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn length(this: &Array) -> u32;
    #[wasm_bindgen(method, indexing_getter)]
    pub(crate) fn get(this: &Array, place: u32) -> JsValue;
    #[wasm_bindgen(method)]
    pub(crate) fn push(this: &Array, item: &JsValue) -> u32;
    pub(crate) type Uint8Array;
    #[wasm_bindgen(constructor, js_class = "Uint8Array")]
    pub(crate) fn copy_of(bytes: &[u8]) -> Uint8Array;
    #[wasm_bindgen(catch, constructor)]
    pub(crate) fn new(buffer: &JsValue) -> Result<Uint8Array, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn length(this: &Uint8Array) -> usize;
    #[wasm_bindgen(method)]
    pub(crate) fn fill(this: &Uint8Array, value: u8);
    #[wasm_bindgen(js_name = String)]
    pub(crate) type Text;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn length(this: &Text) -> u32;
    #[wasm_bindgen(method)]
    pub(crate) fn slice(this: &Text, start: u32, end: u32) -> String;
}

// Apart from the types, of which they would become functions.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, js_name = fromEntries)]
    pub(crate) fn from_entries(entries: &Array) -> JsValue;
    // A proxy may throw.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(crate) fn own_keys(value: &JsValue) -> Result<Array, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    pub(crate) fn get_member(object: &JsValue, name: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = Reflect, js_name = set)]
    pub(crate) fn set_member(object: &JsValue, name: &JsValue, value: &JsValue) -> bool;
    #[wasm_bindgen(js_namespace = Array, js_name = from)]
    pub(crate) fn array(items: &[JsValue]) -> Array;
    #[wasm_bindgen(js_namespace = ["Uint8Array", "prototype", "set"], js_name = call)]
    fn copy(to: &mut [u8], from: &Uint8Array);
    #[wasm_bindgen(js_namespace = ArrayBuffer, js_name = isView)]
    pub(crate) fn is_view(value: &JsValue) -> bool;
    /// How a number or a bigint is written.
    #[wasm_bindgen(js_name = String)]
    pub(crate) fn text_of(value: &JsValue) -> String;
    #[wasm_bindgen(js_name = BigInt)]
    pub(crate) fn big_integer(digits: &str) -> JsValue;
    #[wasm_bindgen(js_namespace = BigInt, js_name = asUintN)]
    pub(crate) fn as_uint_n(bits: f64, value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_namespace = BigInt, js_name = asIntN)]
    pub(crate) fn as_int_n(bits: f64, value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_namespace = Date)]
    pub(crate) fn now() -> f64;
    #[wasm_bindgen(js_namespace = Math)]
    pub(crate) fn random() -> f64;
}

// What would throw says no, or gives nothing.
#[wasm_bindgen(module = "/src/wasm/platform.js")]
extern "C" {
    #[wasm_bindgen(js_namespace = platform)]
    pub(crate) fn global(name: &str) -> JsValue;
    #[wasm_bindgen(js_namespace = platform, js_name = isTagged)]
    pub(crate) fn is_tagged(value: &JsValue, tag: &str) -> bool;
    #[wasm_bindgen(js_namespace = platform, js_name = isArray)]
    pub(crate) fn is_array(value: &JsValue) -> bool;
    /// An object as literals and `JSON.parse` make it, of any realm.
    #[wasm_bindgen(js_namespace = platform, js_name = isPlain)]
    pub(crate) fn is_plain(value: &JsValue) -> bool;
    #[wasm_bindgen(js_namespace = platform)]
    pub(crate) fn parse(text: &str) -> JsValue;
    #[wasm_bindgen(js_namespace = platform, js_name = fillRandom)]
    pub(crate) fn fill_random(bytes: &mut [u8]) -> bool;
}

impl Array {
    pub(crate) fn iter(&self) -> impl Iterator<Item = JsValue> {
        (0..self.length()).map(|place| self.get(place))
    }
}

impl FromIterator<JsValue> for Array {
    fn from_iter<T: IntoIterator<Item = JsValue>>(items: T) -> Self {
        array(&items.into_iter().collect::<Vec<_>>())
    }
}

impl Uint8Array {
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.length()];
        copy(&mut bytes, self);
        bytes
    }
}
