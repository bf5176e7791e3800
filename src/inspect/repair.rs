//! What a program can do about a fault: the change to the claims, the header or the secret before the token is signed
//! again. Where it takes a person's knowledge, there is none.

use serde::Serialize;

/// One change; those of a check are made together.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Repair {
    /// Gives a claim this value.
    SetClaim {
        /// Its name.
        claim: String,
        /// What it is set to.
        value: Value,
    },
    /// Gives a claim another name.
    RenameClaim {
        /// The name that it has.
        claim: String,
        /// The name that it should have.
        to: String,
    },
    /// Takes a claim out.
    RemoveClaim {
        /// Its name.
        claim: String,
    },
    /// Takes white space and invisible characters out of a claim's text, or the texts in its array.
    RemoveWhiteSpace {
        /// Its name.
        claim: String,
    },
    /// Gives a header parameter this value.
    SetHeader {
        /// Its name.
        parameter: String,
        /// What it is set to.
        value: String,
    },
    /// Takes a header parameter out.
    RemoveHeader {
        /// Its name.
        parameter: String,
    },
    /// Signs with the secret that was given, changed.
    ChangeSecret {
        /// How.
        how: SecretChange,
    },
}

/// What a claim is set to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A text.
    Text(String),
    /// Seconds since 1970, or another number below 2^53.
    Number(f64),
}

/// What makes a secret right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum SecretChange {
    Trim,
    RemoveQuotes,
    DecodeBase64,
    DecodeHexadecimal,
}

impl Repair {
    /// A claim with this text.
    pub(super) fn text(claim: &str, value: impl Into<String>) -> Self {
        Self::SetClaim { claim: claim.to_owned(), value: Value::Text(value.into()) }
    }

    /// A claim with this time, in whole seconds; nothing for what is no time.
    pub(super) fn time(claim: &str, seconds: f64) -> Option<Self> {
        const LAST: f64 = 9_007_199_254_740_991.0;
        let is_time = (0.0..=LAST).contains(&seconds);
        is_time.then(|| Self::SetClaim { claim: claim.to_owned(), value: Value::Number(seconds.floor()) })
    }

    /// A claim under its right name.
    pub(super) fn rename(claim: &str, to: &str) -> Self {
        Self::RenameClaim { claim: claim.to_owned(), to: to.to_owned() }
    }

    /// A header parameter with this value.
    pub(super) fn header(parameter: &str, value: &str) -> Self {
        Self::SetHeader { parameter: parameter.to_owned(), value: value.to_owned() }
    }

    /// No such header parameter.
    pub(super) fn no_header(parameter: &str) -> Self {
        Self::RemoveHeader { parameter: parameter.to_owned() }
    }
}
