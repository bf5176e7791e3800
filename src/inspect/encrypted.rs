//! What can be told of an encrypted token without its key, and why one stays closed.

use super::check::{Check, quoted};
use super::kind::Kind;
use crate::error::{Code, Error};
use crate::jose::UntrustedJwe;
use crate::jose::jwa::{content_named, management_named};

/// What to change when decryption failed.
pub(crate) fn fix(error: &Error) -> &'static str {
    match error.code {
        Code::AlgNotAllowed => "give the key that this algorithm takes",
        Code::JwksNoMatchingKey => "give the key that the token's kid names",
        Code::NotSupported => "ask the sender for an algorithm that is safe",
        Code::JweInvalid => "get the token again: it was altered or cut on its way",
        _ => "give the key that the token was encrypted for, or get the token again",
    }
}

/// Checks an encrypted layer that was not opened.
pub(crate) fn check(kind: Kind, jwe: &UntrustedJwe, checks: &mut Vec<Check>) {
    let header = jwe.header.members();
    let (alg, enc) = (header.text("alg").unwrap_or_default(), header.text("enc").unwrap_or_default());
    if alg == "RSA1_5" {
        let message = "alg is RSA1_5, deprecated for its padding oracle; Canvas's documentation still shows it, Canvas itself \
                       has sent RSA-OAEP since 2021";
        checks.push(
            Check::warn("alg", &[message], "get a new token from POST /api/v1/inst_access_tokens")
                .at("header.alg")
                .spec("RFC 8725 §3.2"),
        );
    } else {
        for (id, at, row) in [
            ("alg", "header.alg", management_named(alg).map(|row| row.name)),
            ("enc", "header.enc", content_named(enc).map(|row| row.name)),
        ] {
            match row {
                Ok(name) => checks.push(Check::pass(id, &[id, " is ", name]).at(at)),
                Err(error) => {
                    checks.push(Check::of_error(id, &error, "encrypt with an algorithm of RFC 7518 §4.1 and §5.1"));
                }
            }
        }
    }
    if header.get("zip").is_some() {
        let message = ["the content is compressed (zip), which is refused"];
        checks.push(
            Check::fail("zip", Code::NotSupported, &message, "encrypt without zip")
                .at("header.zip")
                .spec("RFC 8725 §3.6"),
        );
    }
    let (reason, fix) = match kind {
        Kind::CanvasJwt => (
            "encrypted for Instructure's own services, which alone hold the key; Canvas takes it, nobody else reads it",
            "to read it or to verify it yourself, create it with canvas_audience=false (canvasAudience: false)",
        ),
        Kind::InstAccessToken => (
            "encrypted for Instructure's API gateway, which alone holds the key, and opens it before Canvas sees it",
            "send it to the API gateway as it is; for a token you can read, use POST /api/v1/jwts with canvas_audience=false",
        ),
        _ => ("encrypted, and no decryption key was given", "give decryptionKey to look inside"),
    };
    let mut check = Check::skip("encrypted", &[reason, " (", &quoted(alg), ", ", &quoted(enc), ")"]);
    check.fix = Some(fix.to_owned());
    checks.push(check.spec(kind.profile().spec));
}
