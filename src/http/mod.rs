//! HTTP without sending anything: what is to be asked, what an answer means, and when to ask again.

pub mod answer;
mod authorization;
mod blank;
mod brought;
mod link;
mod message;
mod no_answer;
mod retry;
mod url;

pub use authorization::{Authorization, authorized};
pub(crate) use blank::text as blanked;
pub(crate) use brought::Brought;
pub use link::next_link;
pub use message::{Body, Repeat, Request, Response, header, opaque_redirect, repeat_of, status};
pub(crate) use message::{form, is_header_text, request, set_body};
pub use no_answer::{Said, no_answer};
pub use retry::{Outcome, date, delay, is_throttled, is_unsent, retry_after};
pub use url::HttpUrl;
pub(crate) use url::{is_same_origin, segment};
