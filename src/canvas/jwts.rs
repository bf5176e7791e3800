//! JWTs API: `POST /api/v1/jwts` and `POST /api/v1/jwts/refresh`. The token comes base64-wrapped and, unless
//! `canvas_audience` is false, encrypted for Instructure's services alone.

use super::endpoint::Endpoint;
use super::site::{Site, object};
use crate::error::{Error, Result};
use crate::http::{Method, Request, Response};
use crate::jose::{self, Decoded, Layer};
use crate::json::{Json, Object};
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

pub(crate) const CREATE: Endpoint = Endpoint::new(Method::Post, "", &["api/v1/jwts"]).repeatable();
pub(crate) const REFRESH: Endpoint = Endpoint::new(Method::Post, "", &["api/v1/jwts/refresh"]).repeatable();

/// The request for a new token.
///
/// # Errors
/// `ERR_ARGUMENT` for both a context id and uuid, and for an unknown context type.
pub fn create(site: &Site, params: &JwtParams) -> Result<Request> {
    let mut request = CREATE.request(site, &[])?;
    put(&mut request, &params.to_object())?;
    Ok(request)
}

/// The request that refreshes a token, wrapped as Canvas sent it.
///
/// # Errors
/// `ERR_ARGUMENT` for an empty token.
pub fn refresh(site: &Site, jwt: &str) -> Result<Request> {
    let mut request = REFRESH.request(site, &[])?;
    put_jwt(&mut request, jwt)?;
    Ok(request)
}

/// Puts into the request what the JWT is to be made for.
///
/// # Errors
/// `ERR_ARGUMENT` for both a context id and uuid, and for an unknown context type.
pub(crate) fn put(request: &mut Request, params: &Object) -> Result<()> {
    let (kind, uuid) = (params.text("context_type"), params.text("context_uuid"));
    if uuid.is_some() && params.get("context_id").is_some() {
        return Err(Error::refused("params.contextUuid", "given with contextId, expected one of them"));
    }
    if kind.is_some_and(|kind| !["course", "user", "account"].contains(&kind.to_ascii_lowercase().as_str())) {
        return Err(Error::refused("params.contextType", "unknown, expected Course, User or Account"));
    }
    if uuid.is_some_and(|uuid| uuid.trim().is_empty()) {
        return Err(Error::refused("params.contextUuid", "empty, expected a uuid"));
    }
    let mut pairs = Vec::new();
    for (name, value) in params.iter() {
        match value {
            Json::Array(items) => {
                for item in items {
                    pairs.push(("workflows[]", item.as_str().unwrap_or_default()));
                }
            }
            Json::Bool(value) => pairs.push((name, if *value { "true" } else { "false" })),
            Json::Number(value) => pairs.push((name, value.as_str())),
            value => pairs.push((name, value.as_str().unwrap_or_default())),
        }
    }
    if !pairs.is_empty() {
        request.set_form(&pairs);
    }
    Ok(())
}

/// Puts the token to be refreshed into the request.
///
/// # Errors
/// `ERR_ARGUMENT` for an empty token.
pub(crate) fn put_jwt(request: &mut Request, jwt: &str) -> Result<()> {
    let jwt = jwt.trim();
    if jwt.is_empty() {
        return Err(Error::refused("jwt", "empty, expected a token of createJwt"));
    }
    // Canvas takes the wrapped form alone; a compact token is what users have after looking into it.
    let wrapped = if jwt.as_bytes().contains(&b'.') { jose::wrap(jwt) } else { jwt.to_owned() };
    request.set_form(&[("jwt", &wrapped)]);
    Ok(())
}

impl JwtParams {
    fn to_object(&self) -> Object {
        let Self { workflows, context_type, context_id, context_uuid, canvas_audience } = self;
        let text = |text: &Option<String>| text.as_deref().map(Json::from);
        let workflows = workflows.iter().map(|name| Json::from(name.as_str())).collect();
        let members = [
            ("workflows", Some(Json::Array(workflows))),
            ("context_type", text(context_type)),
            ("context_id", context_id.as_ref().map(Id::to_json)),
            ("context_uuid", text(context_uuid)),
            ("canvas_audience", canvas_audience.map(Json::Bool)),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// Reads the answer of either request.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for an answer without a token; the errors of a refusal.
pub fn response(response: &Response, now: f64) -> Result<IssuedToken> {
    let body = object(response, now)?;
    let token = body.text("token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| answer::invalid(response, &["the answer has no token"]))?.to_owned();
    let decoded = jose::decode(&token)
        .map_err(|error| answer::invalid(response, &["the answer's token is none: ", &error.message]))?;
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
