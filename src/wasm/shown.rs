//! How Node, Deno and Bun show an error that has a report: its checks as lines, where `console.log` would leave them out for
//! their depth.

use js_sys::{Array, Function, Object, Proxy, Reflect};
use wasm_bindgen::prelude::*;

use super::value::{self, get, set};

/// What all three runtimes ask an object for before they show it.
const INSPECT: &str = "nodejs.util.inspect.custom";

thread_local! {
    static SHOW: JsValue = show();
}

/// Has an error of our own making shown with its report.
pub(crate) fn with_report(error: &JsValue) {
    SHOW.with(|show| value::set_hidden(error, &symbol(), show));
}

fn symbol() -> JsValue {
    js_sys::Symbol::for_(INSPECT).into()
}

/// A function that knows its `this`, which closures of Rust do not: the trap of a proxy is told it.
fn show() -> JsValue {
    let trap = |_: JsValue, error: JsValue, arguments: JsValue| -> Result<JsValue, JsValue> {
        let arguments: Array = arguments.unchecked_into();
        shown(&error, &arguments.get(1), &arguments.get(2))
    };
    let trap = Closure::<dyn Fn(JsValue, JsValue, JsValue) -> Result<JsValue, JsValue>>::new(trap).into_js_value();
    let traps = value::object();
    set(&traps, "apply", &trap);
    Proxy::new(&trap, traps.unchecked_ref()).into()
}

/// The error as it is shown without its report, and below that the report in lines.
fn shown(error: &JsValue, options: &JsValue, inspect: &JsValue) -> Result<JsValue, JsValue> {
    let bare = js_sys::Error::new("");
    let members = Object::get_own_property_descriptors(error.unchecked_ref::<Object>());
    for name in Reflect::own_keys(&members)? {
        if name != symbol() && name != "report" {
            Reflect::define_property(&bare, &name, Reflect::get(&members, &name)?.unchecked_ref())?;
        }
    }
    // Some engines know it by the object that it was made with.
    value::set_hidden(&bare, &"stack".into(), &get(error, "stack"));
    let text = match inspect.dyn_ref::<Function>() {
        Some(inspect) => inspect.call2(&JsValue::UNDEFINED, &bare, options)?.as_string(),
        None => get(error, "stack").as_string(),
    };
    let lines = lines(&get(error, "report"));
    Ok(format!("{}\n{}", text.unwrap_or_default(), lines.join("\n")).into())
}

/// What the report says, a line a check; those that passed or were skipped in one line each.
fn lines(report: &JsValue) -> Vec<String> {
    let text = |of: &JsValue, name| get(of, name).as_string().unwrap_or_default();
    let checks = get(report, "checks");
    let checks: Vec<JsValue> =
        if value::is_array(&checks) { checks.unchecked_into::<Array>().to_vec() } else { Vec::new() };
    let mut lines = vec![format!("report: {}", text(report, "summary"))];
    let is = |check: &&JsValue, outcome| text(check, "outcome") == outcome;
    for outcome in ["fail", "warn"] {
        for check in checks.iter().filter(|check| is(check, outcome)) {
            let fix = text(check, "fix");
            let fix = if fix.is_empty() { fix } else { format!(". {fix}") };
            lines.push(format!("  {outcome} {}: {}{fix}", text(check, "id"), text(check, "message")));
        }
    }
    for outcome in ["pass", "skip"] {
        let ids: Vec<_> = checks.iter().filter(|check| is(check, outcome)).map(|check| text(check, "id")).collect();
        if !ids.is_empty() {
            lines.push(format!("  {outcome} {}", ids.join(", ")));
        }
    }
    lines
}
