//! The inspector: what a token is, whether it is good, and if not, why and what to change. It opens what can be opened,
//! asks its caller for what needs keys, and applies one list of rules. It trusts nothing and refuses nothing.

mod check;
mod detect;
mod form;
mod kind;
mod open;
mod paste;
mod places;
mod repair;
mod report;
mod rules;
mod sentence;
mod spans;

pub use check::{Check, Outcome, Span};
pub use kind::Kind;
pub use open::{Opened, open, open_as_sent};
pub use paste::{FoundToken, MAX_PASTE, PasteForm};
pub use repair::{Repair, SecretChange, Value};
pub use report::{Exchange, Options, Report, report};
pub use rules::Signature;
pub use spans::{Member, Part};
