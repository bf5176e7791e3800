//! The JavaScript API, and the four effects of this crate: clock, random, WebCrypto and fetch. Decides nothing. What
//! each function throws is said in `types.d.ts`.
#![allow(clippy::missing_errors_doc)]

mod assertion;
mod cached_token;
mod call;
mod canvas;
mod canvas_class;
mod decode;
mod deep_linking;
mod error;
mod external;
mod fetch;
mod form;
mod generate;
mod id_token;
mod inspect;
mod jose;
mod js_key;
mod json;
mod jwe;
mod keys;
mod launch;
mod lti_services;
mod names;
mod notice;
mod oauth;
mod oauth_client;
mod platform_key;
mod platforms;
mod prepare;
mod prepared;
mod promise;
mod read;
mod registration;
mod registry;
mod remote_jwks;
mod runtime;
mod service_token;
mod service_tokens;
mod services;
mod shown;
mod store;
mod stringify;
mod to_js;
mod token_cache;
mod tool_key;
mod value;
mod webcrypto;

use serde::Serialize;
use wasm_bindgen::JsValue;

pub use assertion::{build_assertion, request_access_token, sign_assertion};
pub use cached_token::cached_token;
pub use canvas::*;
pub use canvas_class::canvas_options;
pub use decode::{decode, unwrap, wrap};
pub use deep_linking::deep_linking_response;
pub use error::is_token_error;
pub use generate::{generate_key, thumbprint};
pub use inspect::inspect_token;
pub use jose::{sign_jws, sign_jwt, sign_jwt_sync, verify_jws, verify_jwt, verify_jwt_sync};
pub use jwe::{decrypt_jwe, encrypt_jwe};
pub use launch::{begin_launch, verify_launch};
pub use lti_services::*;
pub use notice::verify_notice;
pub use oauth::{begin_authorization, refresh_user_token, request_user_token, revoke_user_token};
pub use platforms::canvas_platform;
pub use prepare::{prepare_key, prepare_secret};
pub use prepared::PreparedKey;
pub use registration::register;
pub use remote_jwks::{RemoteJwks, remote_jwks};
pub use service_token::{request_service_token, sign_client_assertion};
pub use services::{services_options, services_options_of};
pub use store::encrypted_store;
pub use stringify::{parse_json, stringify};
pub use tool_key::public_jwks;

/// A struct as a plain object; what is absent is null or left out, as the struct says.
fn to_value(value: &impl Serialize) -> JsValue {
    // Our own structs have nothing that cannot be written.
    value.serialize(&serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true)).unwrap_or_default()
}
