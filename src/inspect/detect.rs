//! What kind of token it is, told by its content.

use super::kind::{Kind, audiences};
use crate::canvas::oauth;
use crate::jose::{Header, Layer};
use crate::json::Object;
use crate::lti13::STATE_TYP;
use crate::lti13::claims as names;

/// The kind, and what told it.
pub(crate) fn detect(
    layers: &[Layer],
    header: Option<&Header>,
    claims: Option<&Object>,
    parts: usize,
) -> (Kind, &'static str) {
    if let Some(claims) = claims {
        return by_claims(header, claims);
    }
    let is_wrapped = matches!(layers.first(), Some(Layer::Base64));
    match layers.last() {
        Some(Layer::Jwe(jwe)) => by_encryption(jwe.header.members(), is_wrapped),
        Some(Layer::Jws(_)) => (Kind::Jws, "three parts, and a payload that is no JSON object"),
        _ if is_wrapped => (Kind::CanvasJwt, "base64 around a token, as the JWTs API sends it"),
        _ if parts >= 5 => (Kind::Jwe, "the number of its parts"),
        _ if parts == 3 => (Kind::Jws, "the number of its parts"),
        _ => (Kind::Jwt, "nothing, as its shape is that of no token"),
    }
}

fn by_encryption(header: &Object, is_wrapped: bool) -> (Kind, &'static str) {
    match (header.text("alg"), header.text("enc")) {
        _ if is_wrapped => (Kind::CanvasJwt, "base64 around an encrypted token, as the JWTs API sends it"),
        (Some("dir"), Some("A256GCM")) => (Kind::CanvasJwt, "dir with A256GCM, as the JWTs API encrypts"),
        (Some("RSA-OAEP" | "RSA1_5"), Some("A128CBC-HS256")) => {
            (Kind::InstAccessToken, "RSA with A128CBC-HS256, as the InstAccess tokens API encrypts")
        }
        _ => (Kind::Jwe, "five parts, and no encryption that Canvas uses"),
    }
}

fn by_claims(header: Option<&Header>, claims: &Object) -> (Kind, &'static str) {
    let iss = claims.text("iss");
    let audiences = audiences(claims);
    let is_sent_to = |kind| audiences.iter().any(|aud| Kind::sent_to(aud) == Some(kind));
    let has = |name: &str| claims.get(name).is_some();
    match header.and_then(|header| header.members().text("typ")) {
        Some(STATE_TYP) => return (Kind::Lti13LoginState, "its typ"),
        Some(oauth::STATE_TYP) => return (Kind::OAuthState, "its typ"),
        _ => {}
    }
    match claims.text(names::MESSAGE_TYPE) {
        Some("LtiDeepLinkingResponse") => {
            return (Kind::Lti13DeepLinkingResponse, "its message type");
        }
        Some(_) => return (Kind::Lti13IdToken, "its message type"),
        None => {}
    }
    if has(names::NOTICE) {
        return (Kind::Lti13Notice, "its claim notice");
    }
    if has(names::CONTENT_ITEMS) {
        return (Kind::Lti13DeepLinkingResponse, "its content items");
    }
    if has(names::DEPLOYMENT_ID) || has(names::TARGET_LINK_URI) {
        return (Kind::Lti13IdToken, "its claims of LTI 1.3");
    }
    if iss == Some("instructure:inst_access") {
        return (Kind::InstAccessToken, "its issuer");
    }
    if is_sent_to(Kind::Lti2Assertion) {
        return (Kind::Lti2Assertion, "its audience, an LTI 2 authorize endpoint");
    }
    if iss == Some("Canvas") {
        let is_service = audiences.contains(&"Instructure") || claims.get("domain").is_some();
        return if is_service {
            (Kind::CanvasJwt, "its issuer and audience")
        } else {
            (Kind::Lti2AccessToken, "its issuer, and an audience of hosts")
        };
    }
    if claims.get("scopes").is_some() && iss.is_some() {
        return (Kind::Lti13AccessToken, "its issuer and scopes");
    }
    if is_sent_to(Kind::Lti13ClientAssertion) {
        return (Kind::Lti13ClientAssertion, "its audience, an OAuth token endpoint");
    }
    if has("uuid") && has("root_account_global_id") {
        return (Kind::Lti13RegistrationToken, "its claims uuid and root_account_global_id");
    }
    if has("verifier") && has("canvas_domain") {
        return (Kind::Lti13MessageHint, "its claims verifier and canvas_domain");
    }
    let alg = header.and_then(|header| header.members().text("alg")).unwrap_or_default();
    if alg.starts_with("HS") && iss.is_none() && has("sub") && has("aud") && has("jti") {
        return (Kind::Lti2Assertion, "its claims: sub, aud and jti, signed with a secret");
    }
    (Kind::Jwt, "its claims, which are those of no kind that Canvas uses")
}
