//! Where the services' tokens come from: asked for with a client assertion, kept until shortly before they expire.

use std::cell::RefCell;
use std::collections::HashMap;

use wasm_bindgen::prelude::*;

use super::error::Result;
use super::fetch::{self, Call};
use super::{jose, runtime};
use crate::http::{self, Repeat, Request};
use crate::jose::base64url;
use crate::json::{Json, Object};
use crate::lti2::access_token;
use crate::lti13::Platform;

/// How long before its expiry a token is no longer used, in seconds.
const EARLY: f64 = 60.0;

thread_local! {
    static TOKENS: RefCell<HashMap<String, (String, f64)>> = RefCell::default();
}

/// A platform, and the key that proves who asks.
pub(crate) struct TokenSource {
    pub(crate) platform: Platform,
    key: JsValue,
}

impl TokenSource {
    pub(crate) fn new(platform: Platform, key: JsValue) -> Self {
        Self { platform, key }
    }

    fn name(&self, scopes: &[String]) -> String {
        format!("{} {} {}", self.platform.token_endpoint, self.platform.client_id, scopes.join(" "))
    }

    /// A token of these scopes.
    pub(crate) async fn token(&self, call: &Call, scopes: &[String]) -> Result<String> {
        let name = self.name(scopes);
        let now = runtime::now();
        let known = TOKENS.with_borrow(|tokens| tokens.get(&name).filter(|(_, until)| now < until - EARLY).cloned());
        if let Some((token, _)) = known {
            return Ok(token);
        }
        let assertion = self.assertion().await?;
        let response = fetch::send(call, None, |_| Ok(self.request(&assertion, scopes)?)).await?;
        let token = access_token::response(&response, runtime::now())?;
        let kept = (token.access_token.clone(), token.expires_at);
        TOKENS.with_borrow_mut(|tokens| tokens.insert(name, kept));
        Ok(token.access_token)
    }

    /// Forgets a token that a service did not take.
    pub(crate) fn forget(&self, scopes: &[String], token: &str) {
        let name = self.name(scopes);
        TOKENS.with_borrow_mut(|tokens| {
            if tokens.get(&name).is_some_and(|(known, _)| known == token) {
                tokens.remove(&name);
            }
        });
    }

    async fn assertion(&self) -> Result<String> {
        let Platform { client_id, token_endpoint, .. } = &self.platform;
        let now = runtime::now_seconds();
        let claims: Object = [
            ("iss", Json::from(client_id.as_str())),
            ("sub", Json::from(client_id.as_str())),
            ("aud", Json::from(token_endpoint.as_str())),
            ("iat", Json::from(now)),
            ("exp", Json::from(now + 300)),
            ("jti", Json::from(base64url::encode(&runtime::random_bytes::<16>()?).as_str())),
        ]
        .into_iter()
        .collect();
        let header: Object = [("alg", Json::from("RS256")), ("typ", Json::from("JWT"))].into_iter().collect();
        jose::sign_with(claims.to_json().as_bytes(), &self.key, "options.key", &header).await
    }

    fn request(&self, assertion: &str, scopes: &[String]) -> crate::Result<Request> {
        let url = &self.platform.token_endpoint;
        let mut request = http::request(
            ::http::Method::POST,
            url,
            "options.platform.tokenEndpoint",
            "application/json",
            Repeat::Harmless,
        )?;
        let scope = scopes.join(" ");
        http::form(
            &mut request,
            &[
                ("grant_type", "client_credentials"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion),
                ("scope", &scope),
            ],
        );
        Ok(request)
    }
}
