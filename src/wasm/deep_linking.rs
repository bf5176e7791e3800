//! `deepLinkingResponse`.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown};
use super::json;
use super::read::{self, Integer, Texts};
use super::value::is_array;
use super::{runtime, tool_key};
use crate::json::Object;
use crate::lti13::Platform;
use crate::lti13::deep_linking::{self, DeepLinking, DeepLinkingResponse};

/// What is read of a launch.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Launch {
    platform: Platform,
    deployment_id: String,
    deep_linking: Option<Settings>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    placement: JsValue,
}

/// `Launch['deepLinking']`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    return_url: String,
    data: Option<String>,
    accept_types: Texts,
    accept_multiple: Option<bool>,
    auto_create: Option<bool>,
}

/// What `deepLinkingResponse` takes besides the launch.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    items: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    key: JsValue,
    message: Option<String>,
    log: Option<String>,
    error_message: Option<String>,
    error_log: Option<String>,
    module_name: Option<String>,
    replace_editor_contents: Option<bool>,
    lifetime: Option<Integer>,
    now: Option<Integer>,
    script_nonce: Option<String>,
}

/// A signed response.
#[derive(Serialize)]
struct ResponseOut {
    jwt: String,
    form: String,
}

/// Signs the response to a deep linking launch. Rejects with `ERR_ARGUMENT` and the errors of a key.
#[wasm_bindgen(js_name = deepLinkingResponse)]
pub async fn deep_linking_response(launch: JsValue, options: JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(signed(&launch, &options).await?)
}

async fn signed(launch: &JsValue, options: &JsValue) -> Result<JsValue> {
    let Launch { platform, deployment_id, deep_linking, placement } = read::open(launch, "launch")?;
    platform.check("launch.platform")?;
    let Some(settings) = deep_linking else {
        let expected = "absent, expected what a launch of the type LtiDeepLinkingRequest has";
        return Err(Thrown::argument("launch.deepLinking", expected));
    };
    let (params, call) = Call::waiting::<Options>(options, "options")?;
    let items = items(&params.items)?;
    let placement = if placement.is_string() { Some(read::text(&placement, "launch.placement")?) } else { None };
    let response = DeepLinkingResponse {
        deployment_id: &deployment_id,
        placement: placement.as_deref(),
        items: &items,
        message: params.message.as_deref(),
        log: params.log.as_deref(),
        error_message: params.error_message.as_deref(),
        error_log: params.error_log.as_deref(),
        module_name: params.module_name.as_deref(),
        replace_editor_contents: params.replace_editor_contents,
        lifetime: params.lifetime.map(|lifetime| lifetime.0),
    };
    let settings = DeepLinking {
        return_url: settings.return_url,
        data: settings.data,
        accept_types: settings.accept_types.0,
        accept_multiple: settings.accept_multiple,
        auto_create: settings.auto_create,
    };
    let now = params.now.map_or_else(runtime::now_seconds, |now| now.0);
    let claims = response.claims(&platform, &settings, now, runtime::random_bytes)?;
    // Checked before anything is signed.
    deep_linking::form("", &settings.return_url, params.script_nonce.as_deref())?;
    let jwt = tool_key::sign(&claims.to_json(), &params.key, "options.key", &call).await?;
    let form = deep_linking::form(&jwt, &settings.return_url, params.script_nonce.as_deref())?;
    Ok(super::to_value(&ResponseOut { jwt, form }))
}

/// The content items, each an object.
fn items(items: &JsValue) -> Result<Vec<Object>> {
    if !is_array(items) {
        return Err(Thrown::wrong_type("options.items", items, "an array of content items"));
    }
    let items = json::array_items(items)
        .map_err(|(found, cause)| Thrown::caused_by(crate::Error::argument("options.items", found), cause))?;
    items.iter().enumerate().map(|(index, item)| json::to_object(item, &format!("items[{index}]"))).collect()
}
