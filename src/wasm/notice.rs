//! `verifyNotice`.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown};
use super::id_token::{IdToken, NonceClaim};
use super::platforms::{PlatformKeys, Platforms};
use super::read::{self, Seconds};
use super::value::set;
use super::{runtime, to_js};
use crate::inspect::Kind;
use crate::lti13::{Clock, DEFAULT_TOLERANCE, Notice, UntrustedNotice};

/// What `verifyNotice` takes besides `RequestOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifyOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    platforms: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    keys: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    claim_nonce: JsValue,
    clock_tolerance: Option<Seconds>,
    now: Option<Seconds>,
}

/// Verifies a notice.
#[wasm_bindgen(js_name = verifyNotice)]
pub async fn verify_notice(jwt: JsValue, options: JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(verify(&jwt, &options).await?)
}

async fn verify(jwt: &JsValue, options: &JsValue) -> Result<JsValue> {
    let text = read::text(jwt, "jwt")?;
    let (options, call) = Call::read::<VerifyOptions>(options, "options")?;
    let (platforms, claim) = (Platforms::read(&options.platforms)?, NonceClaim::read(&options.claim_nonce)?);
    let keys = PlatformKeys::read(&options.keys, &platforms)?;
    let now = options.now.map_or_else(runtime::now, |now| now.0);
    let clock = Clock { now, tolerance: options.clock_tolerance.map_or(DEFAULT_TOLERANCE, |seconds| seconds.0) };
    let untrusted = UntrustedNotice::parse(&text).map_err(Thrown::from)?;
    let platform = platforms.find(&untrusted.issuer, untrusted.client_id.as_deref(), &call).await?;
    let token = IdToken { text: &text, kind: Kind::Lti13Notice, platform: &platform, nonce: None, clock };
    let verified = token.verify(&keys, &call).await?;
    let notice = Notice::verify(&verified, &platform, clock).map_err(|error| token.refused(error))?;
    if let Some(claim) = claim {
        claim.claim(&notice.nonce, clock, &call).await?;
    }
    let out = super::to_value(&notice);
    set(&out, "claims", &to_js::parsed_object(&notice.claims, &notice.text));
    Ok(out)
}
