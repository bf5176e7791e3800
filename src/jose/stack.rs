//! What the libraries' ciphers and hashes leave on the stack: blocks of plaintext, keys, agreed values.

use zeroize::Zeroize;

/// Calls this, and zeroizes the stack that it used.
pub(super) fn and_wipe<T>(call: impl FnOnce() -> T) -> T {
    let result = called(call);
    wipe();
    result
}

// Both from the same place on the stack, the second going deeper than the first.
#[inline(never)]
fn called<T>(call: impl FnOnce() -> T) -> T {
    call()
}

#[inline(never)]
fn wipe() {
    [0_u64; 512].zeroize();
}
