//! `cachedToken`: a function that gives the token of another one, requested when that is due.

use std::rc::{Rc, Weak};

use js_sys::{Function, Promise};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::call::Call;
use super::error::{Result, Thrown};
use super::promise::settled;
use super::read::{self, Number, Seconds};
use super::registry::Registry;
use super::runtime;
use super::store::Store;
use super::token_cache::{Shared, TokenCache};
use super::value;
use crate::lti2::CachedToken;
use crate::lti2::cached_token::EARLY;

/// How long a caller's own request may take, in ms: several tries and what lies between them. One that never ends would keep
/// everybody waiting.
const LONGEST_REQUEST: f64 = 180_000.0;
/// How long a token that does not end is kept, in seconds: a store has no entries without an end.
const UNENDING: f64 = 3600.0;

thread_local! {
    /// The functions that were made, until they are collected.
    static FUNCTIONS: Registry<Weak<Requested>> = Registry::new();
}

/// What `cachedToken` was given, and what came of it.
pub(crate) struct Requested {
    request: Function,
    early: f64,
    shared: Option<Shared>,
    cache: Rc<TokenCache>,
}

/// `CachedTokenOptions`
#[derive(Default, Deserialize)]
struct CachedTokenOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    store: JsValue,
    name: Option<String>,
    early: Option<Seconds>,
}

/// An access token as `requestAccessToken` gives it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    access_token: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    expires_at: JsValue,
}

impl Granted {
    /// When it ends, or is to be requested anew where it does not end.
    fn expires_at(&self) -> Result<f64> {
        if self.expires_at.is_null() {
            return Ok(runtime::now() + UNENDING);
        }
        read::required::<Number>(&self.expires_at, "request().expiresAt").map(|end| end.0)
    }
}

/// Makes a function that gives the token of `request`, requested when that is due. Throws `ERR_ARGUMENT`.
#[wasm_bindgen(js_name = cachedToken)]
pub fn cached_token(request: &JsValue, options: &JsValue) -> core::result::Result<JsValue, JsValue> {
    Ok(cached(request, options)?)
}

fn cached(request: &JsValue, options: &JsValue) -> Result<JsValue> {
    let request = request.dyn_ref::<Function>().ok_or_else(|| Thrown::wrong_type("request", request, "a function"))?;
    let CachedTokenOptions { store, name, early } = read::optional(options, "options")?;
    let shared = match (Store::read(&store, "options.store")?, name) {
        (None, _) => None,
        (Some(store), Some(name)) if !name.is_empty() => Some(Shared { store, name, in_turn: true }),
        (Some(_), _) => {
            return Err(Thrown::argument(
                "options.name",
                "absent or empty, expected what the store is to call this token",
            ));
        }
    };
    let requested = Rc::new(Requested {
        request: request.clone(),
        early: early.map_or(EARLY, |early| early.0),
        shared,
        cache: Rc::default(),
    });
    let weak = Rc::downgrade(&requested);
    let forgetting = requested.clone();
    let function = Closure::<dyn Fn() -> Promise>::new(move || {
        let requested = requested.clone();
        future_to_promise(async move { Ok(requested.token().await?.into()) })
    })
    .into_js_value();
    let forget = Closure::<dyn Fn() -> Promise>::new(move || {
        let requested = forgetting.clone();
        future_to_promise(async move {
            requested.forget(None).await;
            Ok(JsValue::UNDEFINED)
        })
    })
    .into_js_value();
    value::set(&function, "forget", &forget);
    FUNCTIONS.with(|all| {
        all.retain(|known| known.strong_count() > 0);
        all.assign(&function, all.keep(weak));
    });
    Ok(function)
}

/// What a function of `cachedToken` gives, where it is one.
pub(crate) fn of_function(function: &Function) -> Option<Rc<Requested>> {
    FUNCTIONS.with(|all| all.get(all.number_of(function)?)?.upgrade())
}

impl Requested {
    async fn token(&self) -> Result<String> {
        let request = self.request.clone();
        let requested = async move {
            let call = Call::new("request()").within(LONGEST_REQUEST);
            let given = call.wait_for(settled(|| request.call0(&JsValue::UNDEFINED))).await?.map_err(Thrown::again)?;
            let granted: Granted = read::open(&given, "request()")?;
            let expires_at = granted.expires_at()?;
            if granted.access_token.is_empty() || expires_at.is_nan() {
                return Err(Thrown::argument("request()", "expected an access token and its end"));
            }
            Ok(CachedToken { access_token: granted.access_token.into(), expires_at })
        };
        self.cache.clone().token(self.early, self.shared.clone(), &Call::new("options"), requested).await
    }

    /// Forgets a token that a server did not take, or whichever is held.
    pub(crate) async fn forget(&self, token: Option<&str>) {
        self.cache.forget(token, self.shared.as_ref(), &Call::new("options")).await;
    }
}
