//! JWTs API: `POST /api/v1/jwts` and `POST /api/v1/jwts/refresh`. The token comes base64-wrapped and, unless
//! `canvas_audience` is false, encrypted for Instructure's services alone.

use super::site::{Site, object};
use crate::error::{Error, Result};
use crate::http::{Method, Request, Response, form};
use crate::jose::json::{Json, Object};
use crate::jose::{self, Decoded, Layer};
use crate::lti::{Id, answer};

/// How long Canvas's tokens live where their own expiry cannot be read, in seconds.
const LIFETIME: f64 = 3600.0;

/// What a JWT is to be made for.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct JwtParams {
    pub workflows: Vec<String>,
    pub context_type: Option<String>,
    pub context_id: Option<Id>,
    pub context_uuid: Option<String>,
    pub canvas_audience: Option<bool>,
}

/// A token that Canvas made.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// As Canvas sent it.
    pub token: String,
    /// Without the base64 wrapping.
    pub compact: String,
    /// Whether it is a JWE.
    pub encrypted: bool,
    /// Unverified, with their text; absent when encrypted.
    pub claims: Option<(Object, String)>,
    /// In seconds since 1970: from `exp`, or an hour from now.
    pub expires_at: f64,
}

/// The request for a new token.
///
/// # Errors
/// `ERR_ARGUMENT` for both a context id and uuid, and for an unknown context type.
pub fn create(site: &Site, params: &JwtParams) -> Result<Request> {
    let JwtParams { workflows, context_type, context_id, context_uuid, canvas_audience } = params;
    if context_id.is_some() && context_uuid.is_some() {
        return Err(Error::refused("params.contextUuid", "given with contextId, expected one of them"));
    }
    let mut pairs: Vec<(&str, &str)> = workflows.iter().map(|workflow| ("workflows[]", workflow.as_str())).collect();
    if let Some(kind) = context_type {
        if !["course", "user", "account"].contains(&kind.to_ascii_lowercase().as_str()) {
            return Err(Error::refused("params.contextType", "unknown, expected Course, User or Account"));
        }
        pairs.push(("context_type", kind));
    }
    if let Some(id) = context_id {
        pairs.push(("context_id", id.as_str()));
    }
    if let Some(uuid) = context_uuid {
        if uuid.trim().is_empty() {
            return Err(Error::refused("params.contextUuid", "empty, expected a uuid"));
        }
        pairs.push(("context_uuid", uuid));
    }
    if let Some(canvas_audience) = canvas_audience {
        pairs.push(("canvas_audience", if *canvas_audience { "true" } else { "false" }));
    }
    Ok(post(site.url("api/v1/jwts"), &pairs))
}

/// The request that refreshes a token, wrapped as Canvas sent it.
///
/// # Errors
/// `ERR_ARGUMENT` for an empty token.
pub fn refresh(site: &Site, jwt: &str) -> Result<Request> {
    let jwt = jwt.trim();
    if jwt.is_empty() {
        return Err(Error::refused("jwt", "empty, expected a token of createJwt"));
    }
    // Canvas takes the wrapped form alone; a compact token is what users have after looking into it.
    let wrapped = if jwt.as_bytes().contains(&b'.') { jose::wrap(jwt) } else { jwt.to_owned() };
    Ok(post(site.url("api/v1/jwts/refresh"), &[("jwt", &wrapped)]))
}

fn post(url: String, pairs: &[(&str, &str)]) -> Request {
    let request = Request::new(Method::Post, url).repeatable();
    if pairs.is_empty() { request } else { request.with_body("application/x-www-form-urlencoded", form(pairs)) }
}

/// Reads the answer of either request.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for an answer without a token; the errors of a refusal.
pub fn response(response: &Response, now: f64) -> Result<IssuedToken> {
    let body = object(response, now)?;
    let token = body.text("token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| answer::invalid(response, "the answer has no token"))?.to_owned();
    let decoded = jose::decode(&token)
        .map_err(|error| answer::invalid(response, &["the answer's token is none: ", &error.message].concat()))?;
    let Decoded { layers, claims, .. } = decoded;
    let exp = claims.as_ref().and_then(|(claims, _)| match claims.get("exp") {
        Some(Json::Number(exp)) => Some(exp.as_f64()),
        _ => None,
    });
    Ok(IssuedToken {
        compact: jose::unwrap(&token),
        encrypted: matches!(layers.last(), Some(Layer::Jwe(_))),
        claims,
        expires_at: exp.unwrap_or(now.floor() + LIFETIME),
        token,
    })
}
