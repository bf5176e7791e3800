//! `register`.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::Result;
use super::fetch;
use super::json;
use super::{runtime, to_js};
use crate::http::{Authorization, Request, Response};
use crate::lti13::registration;

/// What `register` takes besides `RequestOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegisterParams {
    openid_configuration: String,
    registration_token: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    tool: JsValue,
    local: Option<bool>,
}

/// A registered tool.
#[derive(Serialize)]
struct RegisteredOut {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    platform: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    registration: JsValue,
}

/// Registers a tool with a platform. Rejects with `ERR_ARGUMENT` and the errors of HTTP.
#[wasm_bindgen(js_name = register)]
pub async fn register(request: JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(registered(&request).await?)
}

async fn registered(request: &JsValue) -> Result<JsValue> {
    let (params, call) = Call::read(request, "request")?;
    let call = call.limited(registration::MAX_BYTES);
    let RegisterParams { openid_configuration, registration_token, tool, local } = params;
    let token = registration_token.as_deref();
    let first = registration::configuration_request(&openid_configuration, local == Some(true), token)?;
    let tool = registration::tool(&json::to_object(&tool, "tool")?)?;
    let read = |response: &Response, now| registration::configuration(response, &openid_configuration, now);
    let platform = answered(&call, token, first, read).await?;
    let second = registration::request(&platform, token, &tool)?;
    let read = |response: &Response, now| registration::response(response, now, platform.clone());
    let (platform, registration) = answered(&call, token, second, read).await?;
    let registration = to_js::parsed_object(&registration, &registration.to_json());
    Ok(super::to_value(&RegisteredOut { platform: super::to_value(&platform), registration }))
}

/// Sends a request and reads its answer. An error tells what the server said, but for the token, which the server may have
/// repeated.
async fn answered<T>(
    call: &Call,
    token: Option<&str>,
    request: Request,
    read: impl Fn(&Response, f64) -> crate::Result<T>,
) -> Result<T> {
    let response = fetch::send(call, None, |_| Ok(request.clone())).await?;
    let now = runtime::now();
    Ok(read(&response, now).map_err(|error| {
        let authorization = token.and_then(|token| Authorization::bearer(token, "request.registrationToken").ok());
        let blanked = authorization.map(|authorization| authorization.blanked_in(&response));
        blanked.and_then(|response| read(&response, now).err()).unwrap_or(error)
    })?)
}
