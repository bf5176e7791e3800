//! `cachedToken`, and the service tokens of a process: a token is kept until shortly before its end, and requested once for
//! all who wait for it, except on workerd. Nothing here holds what a token was requested with, a key or a `fetch` function,
//! so that those can be collected; of a key its digest alone.

use core::cell::{Cell, RefCell};
use core::future::Future;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise, WeakMap};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{Result, Thrown};
use super::json;
use super::prepared::{Digest, digest_of};
use super::promise::settled;
use super::read::{self, Number, Seconds};
use super::runtime::{self, in_workerd};
use super::service_token::request_token;
use super::store::Store;
use super::value;
use crate::error::{Code, Error};
use crate::jose::base64url;
use crate::lti2::CachedToken;
use crate::lti2::cached_token::EARLY;
use crate::lti13::{Platform, service_token};

/// How many service tokens are kept; the one that was not used for the longest time goes first.
const MOST: usize = 1000;
/// How long a caller's own request may take, in ms: several tries and what lies between them. One that never ends would keep
/// everybody waiting.
const LONGEST_REQUEST: f64 = 180_000.0;
/// How long a token that does not end is kept, in seconds: a store has no entries without an end.
const UNENDING: f64 = 3600.0;
/// How long one machine may keep the others from requesting, in ms.
const LONGEST_TURN: f64 = 30_000.0;
/// How long one waits before it looks again, in ms.
const PAUSE: f64 = 250.0;

thread_local! {
    /// The number of each function that `cachedToken` made, and of each `fetch` function and key that is no JWK or PEM that a
    /// service token was requested with.
    static NUMBERS: WeakMap = WeakMap::new();
    /// The next one. None is given twice: what has a number cannot be taken for something else.
    static NEXT: Cell<u32> = const { Cell::new(0) };
    static FUNCTIONS: RefCell<BTreeMap<u32, Weak<Requested>>> = const { RefCell::new(BTreeMap::new()) };
    /// Service tokens by key, `fetch` function and name, the one used last first.
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

/// A token that is kept.
#[derive(Default)]
struct TokenCache {
    held: RefCell<Option<CachedToken>>,
    /// A token that a server did not take. A store may still have it.
    dead: RefCell<String>,
    /// The request that is under way.
    flight: RefCell<Option<Promise>>,
}

/// Where machines share a token.
#[derive(Clone)]
struct Shared {
    store: Store,
    name: String,
    /// Whether they request it one at a time: the next refresh of a user's token ends the one of before.
    in_turn: bool,
}

impl Shared {
    /// Whether it is this machine's turn to request the token. One that ends without a word keeps the others for a while; a store
    /// that cannot tell keeps nobody.
    async fn takes_turn(&self, mark: &str, call: &Call) -> bool {
        self.store.add(&self.turn(), mark, LONGEST_TURN / 1000.0, call).await.unwrap_or(true)
    }

    /// The next one may request, unless this turn has taken so long that it is another's already. Where the store fails, its
    /// entry ends by itself.
    async fn end_turn(&self, mark: &str, call: &Call) {
        if let Ok(Some(standing)) = self.store.get(&self.turn(), call).await
            && standing == mark
        {
            self.store.delete(&self.turn(), call).await.unwrap_or_default();
        }
    }

    fn turn(&self) -> String {
        format!("{}/requesting", self.name)
    }
}

impl TokenCache {
    fn good(&self, early: f64) -> Option<String> {
        let held = self.held.borrow();
        held.as_ref().filter(|token| token.is_good(runtime::now(), early)).map(|token| token.access_token.to_string())
    }

    /// The token that is held, that machines share, or that is requested now. A call has a signal of its own, which ends this
    /// waiting, not what others wait for too.
    async fn token(
        self: Rc<Self>,
        early: f64,
        shared: Option<Shared>,
        call: &Call,
        request: impl Future<Output = Result<CachedToken>> + 'static,
    ) -> Result<String> {
        if let Some(token) = self.good(early) {
            return Ok(token);
        }
        let whole = call.clone().without_signal();
        if in_workerd() {
            return self.renew(early, shared, &whole, request).await;
        }
        let under_way = self.flight.borrow().clone();
        let flight = under_way.unwrap_or_else(|| {
            let this = self.clone();
            let flight = future_to_promise(async move {
                let renewed = this.renew(early, shared, &whole, request).await;
                this.flight.take();
                Ok(renewed?.into())
            });
            self.flight.replace(Some(flight.clone()));
            flight
        });
        let token = call.wait_with(flight).await?.map_err(Thrown::again)?;
        Ok(token.as_string().unwrap_or_default())
    }

    async fn renew(
        &self,
        early: f64,
        shared: Option<Shared>,
        call: &Call,
        request: impl Future<Output = Result<CachedToken>>,
    ) -> Result<String> {
        let Some(shared) = shared else { return Ok(self.hold(request.await?)) };
        if let Some(token) = self.found(early, &shared, call).await? {
            return Ok(self.hold(token));
        }
        if !shared.in_turn {
            return self.request(early, &shared, call, request).await;
        }
        let mark = base64url::encode(&runtime::random_bytes::<16>()?);
        let mut waited = 0.0;
        while waited < LONGEST_TURN && !shared.takes_turn(&mark, call).await {
            call.pass(PAUSE).await?;
            waited += PAUSE;
            if let Some(token) = self.found(early, &shared, call).await? {
                return Ok(self.hold(token));
            }
        }
        // Whose turn it was before may have put it there since.
        let renewed = match self.found(early, &shared, call).await {
            Ok(Some(token)) => Ok(self.hold(token)),
            Ok(None) => self.request(early, &shared, call, request).await,
            Err(thrown) => Err(thrown),
        };
        shared.end_turn(&mark, call).await;
        renewed
    }

    /// The token that machines share, where it is good.
    async fn found(&self, early: f64, Shared { store, name, .. }: &Shared, call: &Call) -> Result<Option<CachedToken>> {
        let Some(text) = store.get(name, call).await? else { return Ok(None) };
        let token = CachedToken::from_json(&text).ok_or_else(|| foreign(name))?;
        let is_good = token.is_good(runtime::now(), early) && *token.access_token != *self.dead.borrow();
        Ok(is_good.then_some(token))
    }

    /// Requests a token, and puts it where machines share it.
    async fn request(
        &self,
        early: f64,
        Shared { store, name, .. }: &Shared,
        call: &Call,
        request: impl Future<Output = Result<CachedToken>>,
    ) -> Result<String> {
        let token = request.await?;
        let (text, seconds) = (token.to_json(), token.lifetime(runtime::now(), early));
        let given = self.hold(token);
        if let Some(seconds) = seconds {
            store.set(name, &text, seconds, call).await?;
        }
        Ok(given)
    }

    fn hold(&self, token: CachedToken) -> String {
        let given = token.access_token.to_string();
        self.held.replace(Some(token));
        given
    }

    /// Forgets a token that a server did not take, or whichever is held. A store that fails is not asked again: what it has is
    /// known to be dead.
    async fn forget(&self, token: Option<&str>, shared: Option<&Shared>, call: &Call) {
        let Some(token) =
            token.map(str::to_owned).or_else(|| Some(self.held.borrow().as_ref()?.access_token.to_string()))
        else {
            return;
        };
        let is_held = self.held.borrow().as_ref().is_some_and(|held| *held.access_token == token);
        if is_held {
            self.held.take();
        }
        self.dead.replace(token.clone());
        if let Some(Shared { store, name, .. }) = shared {
            let found = store.get(name, call).await.ok().flatten();
            if found.and_then(|text| CachedToken::from_json(&text)).is_some_and(|found| *found.access_token == token) {
                store.delete(name, call).await.unwrap_or_default();
            }
        }
    }
}

/// Something else than a token under the name of one: two programs that use one name are told so.
fn foreign(name: &str) -> Thrown {
    let message =
        format!("what the store has under the name {name} is no token that was put there, expected another name");
    Error::new(Code::Store, message).at("store").into()
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
    FUNCTIONS.with_borrow_mut(|all| {
        all.retain(|_, known| known.strong_count() > 0);
        all.insert(number_of(&function), weak);
    });
    Ok(function)
}

/// What a function of `cachedToken` gives, where it is one.
pub(crate) fn of_function(function: &Function) -> Option<Rc<Requested>> {
    let number = NUMBERS.with(|numbers| numbers.get(function.unchecked_ref())).as_f64()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    FUNCTIONS.with_borrow(|all| all.get(&(number as u32))?.upgrade())
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
