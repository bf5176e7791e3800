//! LTI 1.3.

mod deep_linking;
mod message;
mod registration;
mod services;
