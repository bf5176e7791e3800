//! `signClientAssertion` and `requestServiceToken`.

use core::cell::RefCell;

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::assertion::granted;
use super::call::Call;
use super::error::{Result, Thrown};
use super::fetch;
use super::inspect::{Sent, refused};
use super::read::{self, Integer, Texts};
use super::{runtime, tool_key};
use crate::inspect::Kind;
use crate::lti13::service_token::{self, ServiceToken};
use crate::lti13::{ClientAssertion, Platform};

type Js<T> = core::result::Result<T, JsValue>;

/// `ClientAssertionOptions`
#[derive(Default, Deserialize)]
struct AssertionOptions {
    lifetime: Option<Integer>,
    now: Option<Integer>,
    jti: Option<String>,
}

/// Builds and signs a client assertion. Rejects with `ERR_ARGUMENT` and what is wrong with the key.
#[wasm_bindgen(js_name = signClientAssertion)]
pub async fn sign_client_assertion(platform: JsValue, key: JsValue, options: JsValue) -> Js<JsValue> {
    Ok(signed(&platform, &key, &options).await?.into())
}

async fn signed(platform: &JsValue, key: &JsValue, options: &JsValue) -> Result<String> {
    let platform: Platform = read::required(platform, "platform")?;
    let (AssertionOptions { lifetime, now, jti }, call) = Call::waiting_if_given(options, "options")?;
    let (lifetime, now) = (lifetime.map(|lifetime| lifetime.0), now.map_or_else(runtime::now_seconds, |now| now.0));
    let assertion = ClientAssertion::build(&platform, lifetime, jti, now, runtime::random_bytes)?;
    tool_key::sign(&assertion.to_json(), key, "key", &call).await
}

/// What `requestServiceToken` takes besides `RequestOptions`.
#[derive(Deserialize)]
struct ServiceTokenParams {
    platform: Platform,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    key: JsValue,
    scopes: Texts,
}

/// Asks for a service token. Rejects with `ERR_ARGUMENT`, `ERR_OAUTH` and the errors of HTTP.
#[wasm_bindgen(js_name = requestServiceToken)]
pub async fn request_service_token(request: JsValue) -> Js<JsValue> {
    let (ServiceTokenParams { platform, key, scopes }, call) = Call::read(&request, "request")?;
    platform.check("request.platform").map_err(Thrown::from)?;
    let ServiceToken { token, scopes } = request_token(&platform, (&key, "request.key"), &scopes.0, &call).await?;
    Ok(granted(&token, Some(&scopes)))
}

/// Asks for a service token, with an assertion of its own for each try.
pub(crate) async fn request_token(
    platform: &Platform,
    (key, name): (&JsValue, &str),
    scopes: &[String],
    call: &Call,
) -> Result<ServiceToken> {
    service_token::check_scopes(scopes, "request.scopes")?;
    let sent = RefCell::new(String::new());
    let make = async || {
        let now = runtime::now_seconds();
        let assertion = ClientAssertion::build(platform, None, None, now, runtime::random_bytes)?;
        let assertion = tool_key::sign(&assertion.to_json(), key, name, call).await?;
        let request = service_token::request(platform, &assertion, scopes)?;
        sent.replace(assertion);
        Ok(request)
    };
    let response = fetch::send_made(call, make).await?;
    let now = runtime::now();
    service_token::response(platform, scopes, &response, now).map_err(|error| {
        let sent = Sent {
            assertion: &sent.borrow(),
            kind: Kind::Lti13ClientAssertion,
            key: None,
            endpoint: &platform.token_endpoint,
            now,
            has_code: false,
        };
        let is_explained = service_token::meaning(&error, platform, scopes, &response, now).is_some();
        refused(error, &sent, &response, is_explained)
    })
}
