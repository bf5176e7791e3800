//! What any token of the Security Framework needs besides what RFC 7519 registers (§5.1.3, 3 to 5 and 9).

use super::claim::{found, of_code};
use super::{Facts, Outcome};
use crate::error::Code;
use crate::json::{Json, Object};

/// The different texts in `aud`.
fn audiences(claims: &Object) -> Vec<&str> {
    let mut found: Vec<&str> = match claims.get("aud") {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
        Some(aud) => aud.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    found.sort_unstable();
    found.dedup();
    found
}

pub(super) fn authorized_party(facts: &Facts<'_>) -> Outcome {
    let audiences = audiences(facts.claims);
    let failed = |message: &str| Some(Err(of_code(Code::ClaimFailed, "azp", message)));
    let Some(azp) = facts.claims.get("azp") else {
        return (audiences.len() > 1)
            .then(|| Err(of_code(Code::ClaimFailed, "azp", "absent, although aud names several audiences")));
    };
    let Some(azp) = azp.as_str() else {
        return failed(&format!("{}, expected the client id as a text", azp.kind()));
    };
    match &facts.expected.client_id {
        Some(client_id) if client_id != azp => failed("not this tool's client id"),
        None if !audiences.contains(&azp) => {
            failed("no audience of the token, expected the client id that aud has too")
        }
        _ => Some(Ok("azp is the client id")),
    }
}

/// A tool has to refuse audiences that it does not trust, and there is none besides itself that it knows.
pub(super) fn other_audiences(facts: &Facts<'_>) -> Outcome {
    let count = audiences(facts.claims).len();
    (count > 1).then(|| {
        let message = format!("{count} audiences, expected this tool's client id alone");
        Err(of_code(Code::ClaimFailed, "aud", &message))
    })
}

pub(super) fn nonce(facts: &Facts<'_>) -> Outcome {
    let failed = |message: &str| Some(Err(of_code(Code::ClaimFailed, "nonce", message)));
    let nonce = facts.claims.get("nonce")?;
    match (nonce.as_str().filter(|nonce| !nonce.is_empty()), &facts.expected.nonce) {
        (None, _) => failed(&format!("{}, expected a text", found(Some(nonce)))),
        (Some(nonce), Some(expected)) if nonce != expected => failed("not that of the login"),
        (_, Some(_)) => Some(Ok("nonce is that of the login")),
        (_, None) => Some(Ok("nonce is a text")),
    }
}
