//! `canvasPlatform`, and where platforms are looked up: one, several, or a function.

use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown};
use super::promise::settled;
use super::read;
use crate::error::{Code, Error};
use crate::lti2::Id;
use crate::lti13::{Environment, Platform, find, unknown_platform};

const AT: &str = "options.platforms";

/// What `canvasPlatform` takes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CanvasParams {
    client_id: Id,
    environment: Option<String>,
    base_url: Option<String>,
    issuer: Option<String>,
}

/// Canvas's platforms. Throws `ERR_ARGUMENT`.
#[wasm_bindgen(js_name = canvasPlatform)]
pub fn canvas_platform(options: &JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(canvas(options).map(|platform| super::to_value(&platform))?)
}

fn canvas(options: &JsValue) -> Result<Platform> {
    let CanvasParams { client_id, environment, base_url, issuer } = read::required(options, "options")?;
    match (environment, base_url) {
        (Some(_), Some(_)) => Err(Thrown::argument(
            "options.baseUrl",
            "given with environment, which Instructure's cloud has; expected one",
        )),
        (None, Some(base_url)) => Ok(Platform::self_hosted(client_id.as_str(), &base_url, issuer.as_deref())?),
        (_, None) if issuer.is_some() => Err(Thrown::argument(
            "options.issuer",
            "given without baseUrl; the issuers of Instructure's cloud are known",
        )),
        (None, None) => Ok(Platform::canvas(client_id.as_str(), Environment::default())),
        (Some(name), None) => {
            let wrong = || Thrown::argument("options.environment", "expected 'production', 'beta' or 'test'");
            Ok(Platform::canvas(client_id.as_str(), Environment::named(&name).ok_or_else(wrong)?))
        }
    }
}

/// `Platforms`
pub(crate) enum Platforms {
    Known(Vec<Platform>),
    Function(Function),
}

impl Platforms {
    pub(crate) fn read(value: &JsValue) -> Result<Self> {
        if let Some(function) = value.dyn_ref::<Function>() {
            return Ok(Self::Function(function.clone()));
        }
        let known = read::one_or_more(value, AT)?;
        known.iter().map(|value| complete(read::required(value, AT)?)).collect::<Result<_>>().map(Self::Known)
    }

    /// Whether more than one can be found in them.
    fn are_several(&self) -> bool {
        match self {
            Self::Known(known) => known.len() > 1,
            Self::Function(_) => true,
        }
    }

    /// The platform of this issuer and client id; a function is waited for as long as a request of this call.
    pub(crate) async fn find(&self, issuer: &str, client_id: Option<&str>, call: &Call) -> Result<Platform> {
        let function = match self {
            Self::Known(known) => return Ok(find(known, issuer, client_id)?.clone()),
            Self::Function(function) => function,
        };
        let client_id_given = client_id.map_or(JsValue::UNDEFINED, JsValue::from_str);
        let look = || function.call2(&JsValue::UNDEFINED, &issuer.into(), &client_id_given);
        let found = call.wait_for(settled(look)).await?.map_err(|cause| {
            Thrown::caused_by(Error::new(Code::Store, format!("{AT} failed, expected a platform")).at(AT), cause)
        })?;
        if found.is_undefined() || found.is_null() {
            return Err(unknown_platform(issuer, client_id).into());
        }
        // A row of a database may have columns of its own.
        let found = complete(read::open(&found, AT)?)?;
        found.check_registration(issuer, client_id)?;
        Ok(found)
    }
}

/// The platform, if it is complete.
fn complete(platform: Platform) -> Result<Platform> {
    platform.check(AT)?;
    Ok(platform)
}

const KEYS: &str = "options.keys";

/// What the tokens of platforms are verified with.
pub(crate) enum PlatformKeys {
    /// A key, or keys at a URL, of the only platform; or nothing, for those that each platform publishes.
    Given(JsValue),
    Function(Function),
}

impl PlatformKeys {
    /// Reads `options.keys`. With one key for several platforms, each could sign for the others.
    pub(crate) fn read(value: &JsValue, platforms: &Platforms) -> Result<Self> {
        if let Some(function) = value.dyn_ref::<Function>() {
            return Ok(Self::Function(function.clone()));
        }
        if platforms.are_several() && !value.is_undefined() {
            let message = "the same for each of several platforms, expected a function that gives those of one";
            return Err(Thrown::argument(KEYS, message));
        }
        Ok(Self::Given(value.clone()))
    }

    /// Those of this platform; a function is waited for as long as a request of this call.
    pub(crate) async fn of(&self, platform: &Platform, call: &Call) -> Result<JsValue> {
        let function = match self {
            Self::Given(keys) => return Ok(keys.clone()),
            Self::Function(function) => function,
        };
        let ask = || function.call1(&JsValue::UNDEFINED, &super::to_value(platform));
        call.wait_for(settled(ask)).await?.map_err(|cause| {
            Thrown::caused_by(Error::new(Code::Store, format!("{KEYS} failed, expected a key")).at(KEYS), cause)
        })
    }
}
