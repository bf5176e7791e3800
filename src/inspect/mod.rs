//! The inspector: what a token is, whether it is good, and if not, why and what to change. It opens what can be opened,
//! asks its caller for what needs keys, and applies one list of rules. It trusts nothing and refuses nothing.

mod audience;
mod check;
mod claims;
mod encrypted;
mod form;
mod header;
mod kind;
mod open;
mod report;
mod signature;
mod spelling;
mod subject;
mod summary;
mod text;
mod times;

pub use check::{Check, Outcome};
pub use kind::Kind;
pub use open::{Opened, open};
pub use report::{Exchange, Options, Report, report};
pub use signature::Signature;
