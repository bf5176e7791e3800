//! What can be told of an encrypted token without its key, and why one stays closed.

use super::check::Checks;
use super::kind::Kind;
use super::text::quoted;
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
pub(crate) fn check(kind: Kind, jwe: &UntrustedJwe, checks: &mut Checks) {
    let header = jwe.header.members();
    let (alg, enc) = (header.text("alg").unwrap_or_default(), header.text("enc").unwrap_or_default());
    if alg == "RSA1_5" {
        checks.warn(
            "alg|header.alg|RFC 8725 §3.2|alg is RSA1_5, deprecated for its padding oracle; \
             Canvas's documentation still shows it, Canvas itself has sent RSA-OAEP since 2021\
             |get a new token from POST /api/v1/inst_access_tokens",
            &[],
        );
    } else {
        let fix = "encrypt with an algorithm of RFC 7518 §4.1 and §5.1";
        match management_named(alg) {
            Ok(row) => checks.pass("alg|header.alg||alg is {0}", &[row.name]),
            Err(error) => checks.error("alg", &error, fix),
        }
        match content_named(enc) {
            Ok(row) => checks.pass("enc|header.enc||enc is {0}", &[row.name]),
            Err(error) => checks.error("enc", &error, fix),
        }
    }
    if header.get("zip").is_some() {
        checks.fail(
            Code::NotSupported,
            "zip|header.zip|RFC 8725 §3.6|the content is compressed (zip), which is refused|encrypt without zip",
            &[],
        );
    }
    let line = match kind {
        Kind::CanvasJwt => {
            "encrypted||*|encrypted for Instructure's own services, which alone hold the key; \
             Canvas takes it, nobody else reads it ({0}, {1})\
             |to read it or to verify it yourself, create it with canvas_audience=false (canvasAudience: false)"
        }
        Kind::InstAccessToken => {
            "encrypted||*|encrypted for Instructure's API gateway, which alone holds the key, \
             and opens it before Canvas sees it ({0}, {1})\
             |send it to the API gateway as it is; for a token you can read, use POST /api/v1/jwts with canvas_audience=false"
        }
        _ => "encrypted||*|encrypted, and no decryption key was given ({0}, {1})|give decryptionKey to look inside",
    };
    checks.skip(line, &[&quoted(alg), &quoted(enc)]);
}
