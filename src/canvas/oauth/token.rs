//! The token endpoint: a code for a token (RFC 6749 §4.1.3), a refresh token for a new one (§6), and the end of a token, which
//! is Canvas's own. Builds requests, reads answers.

use core::fmt;

use ::http::Method;

use super::client::{Authentication, Client};
use super::refusal;
use super::response::Grant;
use crate::canvas::Site;
use crate::error::{Error, Result};
use crate::http::{self, Authorization, HttpUrl, Repeat, Request, Response, answer};
use crate::json::{Json, Object};
use crate::lti2::Id;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A granted token. `Debug` shows no token.
#[derive(Clone, PartialEq)]
pub struct UserToken {
    /// The bearer token; empty where only the user's identity was asked for (`/auth/userinfo`).
    pub access_token: String,
    /// As Canvas wrote it.
    pub token_type: String,
    /// Lifetime in seconds; none where the developer key's tokens do not end.
    pub expires_in: Option<f64>,
    /// In seconds since 1970, by this machine's clock.
    pub expires_at: Option<f64>,
    /// What a new token is asked for with: the one of before where Canvas gives no new one.
    pub refresh_token: Option<String>,
    /// Whose token it is.
    pub user: Option<TokenUser>,
    /// Who has it, where he acts as another user.
    pub real_user: Option<TokenUser>,
    /// Where Canvas runs, where it says that.
    pub canvas_region: Option<String>,
}

impl fmt::Debug for UserToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserToken").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A user as the token endpoint names him.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenUser {
    /// His id at this Canvas.
    pub id: Id,
    /// His name.
    pub name: Option<String>,
    /// His id everywhere in Instructure's cloud.
    pub global_id: Option<String>,
    /// His language.
    pub effective_locale: Option<String>,
}

/// The request that exchanges a code. The code is good once, so that it is sent again only where it was surely not taken.
///
/// # Errors
/// `ERR_ARGUMENT` for an empty secret, and for a token endpoint that no request can carry.
pub fn exchange(
    client: &Client,
    authentication: Authentication<'_>,
    grant: &Grant,
    replaces_tokens: bool,
) -> Result<Request> {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", grant.code.as_str()),
        ("redirect_uri", grant.redirect_uri.as_str()),
        ("code_verifier", grant.verifier.as_str()),
    ];
    if replaces_tokens {
        pairs.push(("replace_tokens", "1"));
    }
    request(client, authentication, &pairs, Repeat::OnlyIfUnsent)
}

/// The request for a new token. A public client's refresh token is good once.
///
/// # Errors
/// `ERR_ARGUMENT` for an empty refresh token, and as of [`exchange`].
pub fn refresh(client: &Client, authentication: Authentication<'_>, refresh_token: &str) -> Result<Request> {
    if refresh_token.is_empty() {
        return Err(Error::argument("request.refreshToken", "empty, expected what was granted with a token"));
    }
    let repeat = match authentication {
        Authentication::Public => Repeat::OnlyIfUnsent,
        _ => Repeat::Harmless,
    };
    request(client, authentication, &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)], repeat)
}

fn request(
    client: &Client,
    authentication: Authentication<'_>,
    grant: &[(&str, &str)],
    repeat: Repeat,
) -> Result<Request> {
    let mut pairs = grant.to_vec();
    pairs.push(("client_id", client.id()));
    match authentication {
        Authentication::Secret("") => {
            return Err(Error::argument("client.clientSecret", "empty, expected the developer key's secret"));
        }
        Authentication::Secret(secret) => pairs.push(("client_secret", secret)),
        Authentication::Assertion(assertion) => {
            pairs.extend([("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion)]);
        }
        Authentication::Public => {}
    }
    let mut request =
        http::request(Method::POST, &client.token_endpoint(), "client.baseUrl", "application/json", repeat)?;
    http::form(&mut request, &pairs);
    Ok(request)
}

/// The request that ends the token which it is authorized with, and with `expires_sessions` the user's sessions in browsers too.
///
/// # Errors
/// `ERR_ARGUMENT` for a base URL that leaves no room for the path.
pub fn revoke(site: &Site, expires_sessions: bool) -> Result<Request> {
    let query = if expires_sessions { "?expire_sessions=1" } else { "" };
    site.request(Method::DELETE, &format!("login/oauth2/token{query}"))
}

/// Reads what answers the end of a token: where the user's browser may go to log out of the institution too, if it is anywhere.
///
/// # Errors
/// `ERR_UNAUTHENTICATED` for a token that was none any more, `ERR_RESPONSE_INVALID` for an address that is none, and the errors
/// of a refusal.
pub fn revoked(response: &Response, now: f64) -> Result<Option<String>> {
    let body = answer::object(response, now)?;
    match body.get("forward_url") {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(url)) if HttpUrl::parse(url).is_some() => Ok(Some(url.clone())),
        Some(_) => Err(answer::invalid(response, "the answer's forward_url is no http(s) URL")),
    }
}

/// Reads the answer to [`exchange`] or [`refresh`]; `now` in seconds since 1970.
///
/// # Errors
/// `ERR_OAUTH` for an OAuth error, with what it means; `ERR_RESPONSE_INVALID` for a success that grants nothing, and what
/// [`answer::refusal`] makes of other answers.
pub fn response(
    client: &Client,
    authentication: Authentication<'_>,
    response: &Response,
    now: f64,
) -> Result<UserToken> {
    if let Some(error) = refusal::of_answer(client, authentication, response) {
        return Err(error);
    }
    let body = answer::object(response, now)?;
    let invalid = |what: &str| Err(answer::invalid(response, what));
    let access_token = match body.get("access_token") {
        // No token is granted for an identity alone.
        Some(Json::Null) if body.get("user").is_some() => "",
        Some(Json::String(token)) if Authorization::bearer(token, "access_token").is_ok() => token,
        Some(_) => return invalid("the answer's access_token is none that a header carries"),
        None => return invalid("the answer has no access_token"),
    };
    let expires_in = match body.get("expires_in") {
        None | Some(Json::Null) => None,
        Some(Json::Number(seconds)) if seconds.as_f64().is_finite() => Some(seconds.as_f64()),
        Some(_) => return invalid("the answer's expires_in is no number of seconds"),
    };
    Ok(UserToken {
        access_token: access_token.to_owned(),
        token_type: body.text("token_type").unwrap_or("Bearer").to_owned(),
        expires_in,
        expires_at: expires_in.map(|seconds| now.floor() + seconds),
        refresh_token: body.text("refresh_token").filter(|token| !token.is_empty()).map(str::to_owned),
        user: body.get("user").and_then(user),
        real_user: body.get("real_user").and_then(user),
        canvas_region: body.text("canvas_region").map(str::to_owned),
    })
}

fn user(value: &Json) -> Option<TokenUser> {
    let user: &Object = value.as_object()?;
    let text = |name: &str| user.text(name).map(str::to_owned);
    let id = match user.get("id")? {
        Json::Number(number) => Id::number(number.as_str(), "user.id").ok()?,
        Json::String(id) => Id::text(id, "user.id").ok()?,
        _ => return None,
    };
    Some(TokenUser { id, name: text("name"), global_id: text("global_id"), effective_locale: text("effective_locale") })
}
