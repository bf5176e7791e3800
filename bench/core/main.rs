//! `cargo bench`: the core without JavaScript, beside `jsonwebtoken` (with aws-lc-rs) and `josekit` (OpenSSL).
#![allow(missing_docs)]

#[cfg(not(target_arch = "wasm32"))]
mod native;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    native::run();
}
