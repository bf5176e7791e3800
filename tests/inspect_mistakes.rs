//! A list of mistakes: one good token of each kind, spoilt in one way, and the check that the report must put first,
//! with what it tells to change.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::expect_used, clippy::indexing_slicing)]

mod inspect;
mod platform;

#[path = "inspect/claims.rs"]
mod claims;
#[path = "inspect/encrypted.rs"]
mod encrypted;
#[path = "inspect/form.rs"]
mod form;
#[path = "inspect/header.rs"]
mod header;
#[path = "inspect/key.rs"]
mod key;
#[path = "inspect/kinds.rs"]
mod kinds;

use canvas_lms_tokens::inspect::Outcome;
use inspect::{good, inspect};

#[test]
fn the_good_tokens_are_good_and_recognised() {
    for good in good::all() {
        let report = inspect(&good.signed(), &good.with());
        assert_eq!(report.kind.as_str(), good.kind);
        assert_eq!(report.outcome, "valid", "{report:#?}");
        assert!(report.checks.iter().all(|check| check.outcome > Outcome::Warn), "{report:#?}");
    }
}
