//! What can be told of an encrypted token without its key, and why one stays closed.

use crate::error::{Code, Error};
use crate::inspect::check::{Check, quoted};
use crate::inspect::kind::Kind;
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
        checks.push(
            Check::warn(
                "alg",
                "alg is RSA1_5, deprecated for its padding oracle; \
                 Canvas's documentation still shows it, Canvas itself has sent RSA-OAEP since 2021",
            )
            .at("header.alg")
            .spec("RFC 8725 §3.2")
            .fix("get a new token from POST /api/v1/inst_access_tokens"),
        );
    } else {
        checks.push(algorithm("alg", "header.alg", management_named(alg).map(|row| row.name)));
        checks.push(algorithm("enc", "header.enc", content_named(enc).map(|row| row.name)));
    }
    if header.get("zip").is_some() {
        checks.push(
            Check::fail("zip", Code::NotSupported, "the content is compressed (zip), which is refused")
                .at("header.zip")
                .spec("RFC 8725 §3.6")
                .fix("encrypt without zip"),
        );
    }
    checks.push(closed(kind, &quoted(alg), &quoted(enc)).spec(kind.profile().spec));
}

fn algorithm(id: &'static str, at: &str, name: Result<&str, Error>) -> Check {
    match name {
        Ok(name) => Check::pass(id, format!("{id} is {name}")).at(at),
        Err(error) => Check::of_error(id, &error).fix("encrypt with an algorithm of RFC 7518 §4.1 and §5.1"),
    }
}

/// Who holds the key.
fn closed(kind: Kind, alg: &str, enc: &str) -> Check {
    match kind {
        Kind::CanvasJwt => Check::skip(
            "encrypted",
            format!(
                "the token is encrypted for Instructure's own services, which alone hold the key; \
                 Canvas takes it, nobody else reads it ({alg}, {enc})"
            ),
        )
        .fix("to read it or to verify it yourself, create it with canvas_audience=false"),
        Kind::InstAccessToken => Check::skip(
            "encrypted",
            format!(
                "the token is encrypted for Instructure's API gateway, which alone holds the key, \
                 and opens it before Canvas sees it ({alg}, {enc})"
            ),
        )
        .fix(
            "send it to the API gateway as it is; \
             for a token you can read, use POST /api/v1/jwts with canvas_audience=false",
        ),
        _ => {
            Check::skip("encrypted", format!("the token is encrypted, and no decryption key was given ({alg}, {enc})"))
                .fix("give the decryption key to look inside")
        }
    }
}
