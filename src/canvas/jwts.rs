//! JWTs API: `POST /api/v1/jwts` and `POST /api/v1/jwts/refresh`. The token comes base64-wrapped and, unless
//! `canvas_audience` is false, encrypted for Instructure's services alone. InstAccess tokens API: `POST
//! /api/v1/inst_access_tokens`. The token is encrypted for Instructure's API gateway, and not wrapped.

use core::fmt;

use ::http::Method;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use super::site::{Site, set_repeatable};
use crate::error::{Error, Result};
use crate::http::answer::{self, object};
use crate::http::{self, Request, Response};
use crate::jose::{self, Decoded, Layer};
use crate::json::{Json, Object};
use crate::lti2::Id;

/// How long Canvas's tokens live where their own expiry cannot be read, in seconds.
const LIFETIME: f64 = 3600.0;

/// What a JWT is to be made for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct JwtParams {
    /// What the token is for, such as `rich_content`.
    #[serde(default, deserialize_with = "read_workflows")]
    pub workflows: Vec<String>,
    /// `Course`, `User` or `Account`, in upper or lower case.
    pub context_type: Option<String>,
    /// Given with `context_uuid`, it is refused.
    pub context_id: Option<Id>,
    /// Given with `context_id`, it is refused.
    pub context_uuid: Option<String>,
    /// Whether Instructure's services alone can open the token; Canvas's default is true.
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
    if context_uuid.is_some() && context_id.is_some() {
        return Err(Error::argument("params.contextUuid", "given with contextId, expected one of them"));
    }
    if context_type.as_deref().is_some_and(|name| !is_context_type(name)) {
        return Err(Error::argument("params.contextType", "unknown, expected Course, User or Account"));
    }
    if context_uuid.as_deref().is_some_and(|uuid| uuid.trim().is_empty()) {
        return Err(Error::argument("params.contextUuid", "empty, expected a uuid"));
    }
    let mut pairs: Vec<_> = workflows.iter().map(|name| ("workflows[]", name.as_str())).collect();
    pairs.extend(context_type.as_deref().map(|name| ("context_type", name)));
    pairs.extend(context_id.as_ref().map(|id| ("context_id", id.as_str())));
    pairs.extend(context_uuid.as_deref().map(|uuid| ("context_uuid", uuid)));
    pairs.extend(canvas_audience.map(|is_canvas| ("canvas_audience", if is_canvas { "true" } else { "false" })));
    let mut request = site.request(Method::POST, "api/v1/jwts")?;
    set_repeatable(&mut request);
    if !pairs.is_empty() {
        http::form(&mut request, &pairs);
    }
    Ok(request)
}

/// The request that refreshes a token, wrapped as Canvas sent it or compact.
///
/// # Errors
/// `ERR_ARGUMENT` for an empty token.
pub fn refresh(site: &Site, jwt: &str) -> Result<Request> {
    let jwt = jwt.trim();
    if jwt.is_empty() {
        return Err(Error::argument("jwt", "empty, expected a token of createJwt"));
    }
    // Canvas takes the wrapped form alone; a compact token is what users have after looking into it.
    let wrapped = if jwt.contains('.') { jose::wrap(jwt) } else { jwt.to_owned() };
    let mut request = site.request(Method::POST, "api/v1/jwts/refresh")?;
    set_repeatable(&mut request);
    http::form(&mut request, &[("jwt", &wrapped)]);
    Ok(request)
}

/// The request for a new InstAccess token.
///
/// # Errors
/// `ERR_ARGUMENT` for a base URL that leaves no room for the path.
pub fn create_inst_access_token(site: &Site) -> Result<Request> {
    let mut request = site.request(Method::POST, "api/v1/inst_access_tokens")?;
    set_repeatable(&mut request);
    Ok(request)
}

/// Reads the answer of any of these requests. `now` is in seconds since 1970.
///
/// # Errors
/// `ERR_RESPONSE_INVALID` for an answer without a token; the errors of a refusal.
pub fn response(response: &Response, now: f64) -> Result<IssuedToken> {
    let body = object(response, now)?;
    let token = body.text("token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| answer::invalid(response, "the answer has no token"))?.to_owned();
    let Decoded { layers, claims, .. } = jose::decode(&token)
        .map_err(|error| answer::invalid(response, &format!("the answer's token is none: {}", error.message)))?;
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

fn is_context_type(name: &str) -> bool {
    ["course", "user", "account"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Reads workflows, which may be absent.
fn read_workflows<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Workflows>::deserialize(deserializer)?.map(|workflows| workflows.0).unwrap_or_default())
}

/// An array of strings. `serde`'s own reading of a `Vec` would call it a sequence.
struct Workflows(Vec<String>);

impl<'de> Deserialize<'de> for Workflows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = Workflows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of strings")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Workflows, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = items.next_element()? {
                    texts.push(text);
                }
                Ok(Workflows(texts))
            }
        }

        deserializer.deserialize_seq(Texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_they_are_written_in_javascript() {
        let read = |json: &str| serde_json::from_str::<JwtParams>(json).map_err(|error| error.to_string());
        let params = read(
            r#"{"workflows":["ui"],"contextType":"Course","contextId":1,"contextUuid":"u","canvasAudience":false}"#,
        );
        let expected = JwtParams {
            workflows: vec!["ui".to_owned()],
            context_type: Some("Course".to_owned()),
            context_id: Some(Id::from(1)),
            context_uuid: Some("u".to_owned()),
            canvas_audience: Some(false),
        };
        assert_eq!((params, read("{}")), (Ok(expected), Ok(JwtParams::default())));
        for (json, expected) in [
            (r#"{"workflows":"ui"}"#, "expected an array of strings"),
            (r#"{"workflows":[5]}"#, "expected a string"),
            (r#"{"contextId":true}"#, "expected a string, number or bigint"),
            (r#"{"canvasAudience":"false"}"#, "expected a boolean"),
            (r#""Course""#, "expected an object"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
