//! LTI 1.3.

mod deep_linking;
mod message;
