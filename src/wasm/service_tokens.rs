//! The service tokens of a process. Of a key its digest alone is held, or a number, so that it can be collected.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::WeakMap;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{Result, Thrown};
use super::prepared::{Digest, digest_of};
use super::service_token::request_token;
use super::store::Store;
use super::token_cache::{Shared, TokenCache};
use super::{json, value};
use crate::lti2::CachedToken;
use crate::lti2::cached_token::EARLY;
use crate::lti13::{Platform, service_token};

/// How many service tokens are kept; the one that was not used for the longest time goes first.
const MOST: usize = 1000;

thread_local! {
    /// The number of each `fetch` function, and of each key that is no JWK or PEM.
    static NUMBERS: WeakMap = WeakMap::new();
    /// The next one. None is given twice: what has a number cannot be taken for something else.
    static NEXT: Cell<u32> = const { Cell::new(0) };
    /// Tokens by key, `fetch` function and name, the one used last first.
    static SERVICES: RefCell<Vec<(Identity, Rc<TokenCache>)>> = const { RefCell::new(Vec::new()) };
}

/// A key, the number of a `fetch` function, and the name of the token.
type Identity = (KeyIdentity, u32, String);

/// What a key is known by.
#[derive(PartialEq, Eq)]
enum KeyIdentity {
    /// A JWK or PEM, which may be read anew for each request.
    Digest(Digest),
    /// The number of another object.
    Number(u32),
}

impl KeyIdentity {
    fn of(key: &JsValue, at: &str) -> Result<Self> {
        if !key.is_object() {
            return Err(Thrown::wrong_type(at, key, "a private key"));
        }
        let is_text = |member: &'static str| value::get(key, member).is_string();
        if is_text("kty") || is_text("pem") {
            return Ok(Self::Digest(digest_of(&Zeroizing::new(json::to_object(key, at)?))));
        }
        Ok(Self::Number(number_of(key)))
    }
}

/// The number of an object or function, given when it is first seen.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn number_of(object: &JsValue) -> u32 {
    NUMBERS.with(|numbers| {
        if let Some(number) = numbers.get(object.unchecked_ref()).as_f64() {
            return number as u32;
        }
        let number = NEXT.replace(NEXT.get().wrapping_add(1));
        numbers.set(object.unchecked_ref(), &number.into());
        number
    })
}

/// The service tokens of a platform and key, for sets of scopes: kept in this process for this key and this `fetch` function; by
/// a store between machines.
pub(crate) struct ServiceTokens {
    pub(crate) platform: Platform,
    key: JsValue,
    store: Option<Store>,
}

impl ServiceTokens {
    pub(crate) fn new(platform: Platform, key: JsValue, store: Option<Store>) -> Self {
        Self { platform, key, store }
    }

    /// A token for these scopes, requested as this call says where there is none.
    pub(crate) async fn token(&self, call: &Call, scopes: &[String]) -> Result<String> {
        let (platform, key, scopes) = (self.platform.clone(), self.key.clone(), scopes.to_vec());
        let (cache, shared) = self.cache(&scopes, call)?;
        let own = call.clone().without_signal();
        let requested = async move {
            let token = request_token(&platform, (&key, "options.key"), &scopes, &own).await?.token;
            Ok(CachedToken { access_token: token.access_token.into(), expires_at: token.expires_at })
        };
        cache.token(EARLY, shared, call, requested).await
    }

    /// Forgets a token that a service did not take.
    pub(crate) async fn forget(&self, call: &Call, scopes: &[String], token: &str) -> Result<()> {
        let (cache, shared) = self.cache(scopes, call)?;
        cache.forget(Some(token), shared.as_ref(), call).await;
        Ok(())
    }

    fn cache(&self, scopes: &[String], call: &Call) -> Result<(Rc<TokenCache>, Option<Shared>)> {
        let name = service_token::name(&self.platform, scopes);
        let identity = (KeyIdentity::of(&self.key, "options.key")?, number_of(call.function()?.as_ref()), name.clone());
        let cache = SERVICES.with_borrow_mut(|all| {
            if let Some(place) = all.iter().position(|(known, _)| *known == identity) {
                all.get_mut(..=place)?.rotate_right(1);
                return all.first().map(|(_, cache)| cache.clone());
            }
            all.truncate(MOST - 1);
            let cache = Rc::<TokenCache>::default();
            all.insert(0, (identity, cache.clone()));
            Some(cache)
        });
        let shared = self.store.clone().map(|store| Shared { store, name, in_turn: false });
        Ok((cache.unwrap_or_default(), shared))
    }
}
