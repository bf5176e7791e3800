//! HTTP as plain data: what is to be asked, what was answered, when to ask again. Sends nothing.

mod date;
mod message;
pub(crate) mod percent;
mod retry;
mod url;

pub use message::{Method, Request, Response};
pub use retry::{LONGEST_WAIT, Outcome, Repeat, delay, is_unsent};
pub use url::HttpUrl;
pub(crate) use url::is_same_origin;
