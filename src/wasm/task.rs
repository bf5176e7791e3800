//! Runs futures. One asks JavaScript for something and waits; `run` in `platform.js` does it, and resumes the future
//! with the answer.

use core::cell::{Cell, RefCell};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

use super::error::Result;
use super::js::Promise;

/// What the platform gave, or what it threw.
pub(crate) type Given = core::result::Result<JsValue, JsValue>;

type Task = Pin<Box<dyn Future<Output = Result<JsValue>>>>;

struct Tasks {
    /// Without a task: free, or the task is being polled.
    places: Vec<Option<Task>>,
    free: Vec<usize>,
}

thread_local! {
    static TASKS: RefCell<Tasks> = const { RefCell::new(Tasks { places: Vec::new(), free: Vec::new() }) };
    static GIVEN: Cell<Option<Given>> = const { Cell::new(None) };
}

#[wasm_bindgen(module = "/src/wasm/platform.js")]
extern "C" {
    #[wasm_bindgen(js_namespace = platform)]
    fn run(exports: &JsValue, task: usize) -> Promise;
}

/// A promise of what a future gives. It is first polled when the caller is done.
pub(crate) fn promise(future: impl Future<Output = Result<JsValue>> + 'static) -> Promise {
    start(Box::pin(future))
}

fn start(task: Task) -> Promise {
    let place = TASKS.with_borrow_mut(|tasks| {
        let place = tasks.free.pop().unwrap_or_else(|| {
            tasks.places.push(None);
            tasks.places.len() - 1
        });
        put(tasks, place, task);
        place
    });
    run(&wasm_bindgen::exports(), place)
}

fn put(tasks: &mut Tasks, place: usize, task: Task) {
    if let Some(place) = tasks.places.get_mut(place) {
        *place = Some(task);
    }
}

/// For `platform.js` alone: polls a future with the answer to what it has asked for.
#[wasm_bindgen]
#[must_use]
pub fn resume(place: usize, value: JsValue, failed: bool) -> JsValue {
    let Some(mut task) = TASKS.with_borrow_mut(|tasks| tasks.places.get_mut(place)?.take()) else {
        return JsValue::UNDEFINED;
    };
    GIVEN.set(Some(if failed { Err(value) } else { Ok(value) }));
    let polled = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    TASKS.with_borrow_mut(|tasks| match polled {
        Poll::Pending => {
            put(tasks, place, task);
            JsValue::UNDEFINED
        }
        Poll::Ready(ended) => {
            tasks.free.push(place);
            ended.unwrap_or_else(JsValue::from)
        }
    })
}

/// Waits for what is asked for now.
pub(crate) fn asked() -> Asked {
    GIVEN.take();
    Asked
}

pub(crate) struct Asked;

impl Future for Asked {
    type Output = Given;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Given> {
        GIVEN.take().map_or(Poll::Pending, Poll::Ready)
    }
}
