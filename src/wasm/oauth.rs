//! `beginAuthorization`, `requestUserToken`, `refreshUserToken`, `revokeUserToken`.

use js_sys::Function;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::{Call, RequestOptions};
use super::canvas_class::Canvas;
use super::error::{Result, Thrown};
use super::id_token::NonceClaim;
use super::names::members_of;
use super::oauth_client::{JsClient, JsClients};
use super::read::{self, Integer, Seconds, SecretText, Texts};
use super::value::set;
use super::{cached_token, form, runtime, to_js};
use crate::canvas::oauth::token::{self, TokenUser, UserToken};
use crate::canvas::oauth::{
    Authentication, Authorization, AuthorizationKeys, AuthorizationOptions, AuthorizationResponse, Client,
};

type Js<T> = core::result::Result<T, JsValue>;

/// What `beginAuthorization` takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BeginOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    client: JsValue,
    redirect_uri: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    secret: JsValue,
    scopes: Option<Texts>,
    purpose: Option<String>,
    force_login: Option<bool>,
    unique_id: Option<String>,
    prompt: Option<String>,
    canvas_login: Option<bool>,
    authentication_provider: Option<String>,
    return_to: Option<String>,
    lifetime: Option<Integer>,
    now: Option<Seconds>,
}

/// Begins an authorization.
#[wasm_bindgen(js_name = beginAuthorization)]
pub async fn begin_authorization(options: JsValue) -> Js<JsValue> {
    Ok(begin(&options)?)
}

fn begin(options: &JsValue) -> Result<JsValue> {
    let others = [members_of::<AnswerOptions>(), members_of::<RequestOptions>()];
    let options: BeginOptions = read::among(options, "options", &others)?;
    let keys = keys_of(&options.secret)?;
    let JsClient { client, .. } = JsClient::read(&options.client, "options.client")?;
    #[allow(clippy::cast_possible_truncation)]
    let now = options.now.map_or_else(runtime::now_seconds, |now| now.0.floor() as i64);
    let begun = AuthorizationOptions {
        redirect_uri: &options.redirect_uri,
        scopes: options.scopes.as_ref().map_or(&[], |scopes| &scopes.0),
        purpose: options.purpose.as_deref(),
        force_login: options.force_login.unwrap_or_default(),
        unique_id: options.unique_id.as_deref(),
        prompt: options.prompt.as_deref(),
        canvas_login: options.canvas_login.unwrap_or_default(),
        authentication_provider: options.authentication_provider.as_deref(),
        return_to: options.return_to.as_deref(),
        lifetime: options.lifetime.map(|lifetime| lifetime.0),
        now,
    };
    Ok(super::to_value(&Authorization::begin(&client, &keys, &begun, &runtime::random_bytes()?)?))
}

fn keys_of(secret: &JsValue) -> Result<AuthorizationKeys> {
    Ok(AuthorizationKeys::new(&read::secrets(secret, "options.secret")?)?)
}

/// What `requestUserToken` takes besides the answer and `RequestOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    client: JsValue,
    redirect_uri: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    secret: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    cookie: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    binding: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claim_nonce: JsValue,
    replace_tokens: Option<bool>,
    now: Option<Seconds>,
}

/// Exchanges what Canvas sends the browser back with for a token.
#[wasm_bindgen(js_name = requestUserToken)]
pub async fn request_user_token(request: JsValue, options: JsValue) -> Js<JsValue> {
    Ok(exchange(&request, &options).await?)
}

async fn exchange(request: &JsValue, options: &JsValue) -> Result<JsValue> {
    let (query, own_cookie) = form::query(request, "request")?;
    // Options of an authorization serve its answer too, and the other way round: a tool may keep them in one object.
    let [begin, own, sending] =
        [members_of::<BeginOptions>(), members_of::<AnswerOptions>(), members_of::<RequestOptions>()];
    let call = Call::new("options").with(read::among(options, "options", &[begin, own])?)?;
    let options: AnswerOptions = read::among(options, "options", &[begin, sending])?;
    let (keys, clients) = (keys_of(&options.secret)?, JsClients::read(&options.client)?);
    let claim = NonceClaim::read(&options.claim_nonce)?;
    let cookie = read::nullable(&options.cookie, "options.cookie")?.or(own_cookie);
    let binding = read::nullable(&options.binding, "options.binding")?;
    let now = options.now.map_or_else(runtime::now, |now| now.0);

    let response = AuthorizationResponse::parse(&query, &keys, now)?;
    let state = response.state();
    let grant = response.bind(cookie.as_deref(), binding.as_deref())?.grant(&options.redirect_uri)?;
    let client = clients.find(state, &call).await?;
    if let Some(claim) = claim {
        let once = state.claim();
        once.check(claim.is_first(&once.name, (once.until, once.lifetime(now)), &call).await?)?;
    }
    let replaces = options.replace_tokens.unwrap_or_default();
    let secrets = [grant.code.as_str(), grant.verifier.as_str()];
    let make = |authentication: Authentication<'_>| token::exchange(&client.client, authentication, &grant, replaces);
    let token = client.ask(&call, &secrets, make).await?;
    let out = token_out(&client.client, &token, None);
    set(&out, "returnTo", &text_or_null(state.return_to.as_deref()));
    set(&out, "clearCookie", &state.clear_cookie().into());
    Ok(out)
}

/// What `refreshUserToken` takes besides `RequestOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RefreshParams {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    client: JsValue,
    refresh_token: SecretText,
}

/// Asks for a new token with a refresh token.
#[wasm_bindgen(js_name = refreshUserToken)]
pub async fn refresh_user_token(request: JsValue) -> Js<JsValue> {
    Ok(refresh(&request).await?)
}

async fn refresh(request: &JsValue) -> Result<JsValue> {
    let (RefreshParams { client, refresh_token }, call) = Call::read(request, "request")?;
    let client = JsClient::read(&client, "request.client")?;
    client.check()?;
    let refresh_token = refresh_token.0.as_str();
    let make = |authentication: Authentication<'_>| token::refresh(&client.client, authentication, refresh_token);
    let token = client.ask(&call, &[refresh_token], make).await?;
    Ok(token_out(&client.client, &token, Some(refresh_token)))
}

/// What `revokeUserToken` takes besides `RequestOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RevokeParams {
    base_url: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    access_token: JsValue,
    expire_sessions: Option<bool>,
}

/// Ends a token.
#[wasm_bindgen(js_name = revokeUserToken)]
pub async fn revoke_user_token(options: JsValue) -> Js<JsValue> {
    Ok(revoke(&options).await?)
}

async fn revoke(options: &JsValue) -> Result<JsValue> {
    let (RevokeParams { base_url, access_token, expire_sessions }, call) = Call::read(options, "options")?;
    if access_token.is_undefined() {
        return Err(Thrown::argument("options.accessToken", "absent, expected the token that is to end"));
    }
    let canvas = Canvas::new(&base_url, access_token.clone(), call)?;
    let revoked = canvas.send(token::revoke(&canvas.site, expire_sessions.unwrap_or_default())?).await?;
    let forward_url = revoked.read(token::revoked)?;
    // A token that is kept is known to be dead now.
    if let Some(cache) = access_token.dyn_ref::<Function>().and_then(cached_token::of_function) {
        cache.forget(None).await;
    }
    Ok(super::to_value(&Revoked { forward_url }))
}

/// What came of the end of a token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Revoked {
    forward_url: Option<String>,
}

/// A token as JavaScript gets it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserTokenOut<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: Option<f64>,
    expires_at: Option<f64>,
    refresh_token: Option<&'a str>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    user: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    real_user: JsValue,
    canvas_region: Option<&'a str>,
    base_url: &'a str,
    client_id: &'a str,
}

/// The token, with the refresh token of before where Canvas gave no new one.
fn token_out(client: &Client, token: &UserToken, refresh_token: Option<&str>) -> JsValue {
    super::to_value(&UserTokenOut {
        access_token: &token.access_token,
        token_type: &token.token_type,
        expires_in: token.expires_in,
        expires_at: token.expires_at,
        refresh_token: token.refresh_token.as_deref().or(refresh_token),
        user: user_out(token.user.as_ref()),
        real_user: user_out(token.real_user.as_ref()),
        canvas_region: token.canvas_region.as_deref(),
        base_url: client.base_url(),
        client_id: client.id(),
    })
}

fn user_out(user: Option<&TokenUser>) -> JsValue {
    let Some(TokenUser { id, name, global_id, effective_locale }) = user else { return JsValue::NULL };
    let out = super::value::object();
    set(&out, "id", &to_js::json(&id.to_json()));
    for (member, text) in [("name", name), ("globalId", global_id), ("effectiveLocale", effective_locale)] {
        set(&out, member, &text_or_null(text.as_deref()));
    }
    out
}

fn text_or_null(text: Option<&str>) -> JsValue {
    text.map_or(JsValue::NULL, JsValue::from_str)
}
