//! The tests of the core that run outside the browser, in one binary: a folder for each subject. OpenSSL stands in for the
//! platform's WebCrypto.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::indexing_slicing)]

mod access_token;
mod canvas;
mod fuzz;
mod inspect;
mod jose;
mod lti13;
mod platform;
mod wycheproof;
