//! `remoteJwks`: the keys at a URL, fetched when the core says so. One fetch serves all who wait for it, except on workerd.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Map, Promise, WeakMap};
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::call::Call;
use super::error::{Result, Thrown};
use super::fetch;
use super::prepared::Prepared;
use super::read;
use super::registry::Registry;
use super::runtime::{self, in_workerd};
use super::store::Store;
use super::value::origin_of;
use crate::error::{Code, Error};
use crate::lti13::{CachedJwks, JwksStep, jwks};

/// How many URLs are remembered for one `fetch` function; the one that was not used for the longest time goes first.
const MOST: u32 = 100;

thread_local! {
    static REMOTES: Registry<Rc<Remote>> = Registry::new();
    /// For each `fetch` function the keys that launches need: a map from their URL to the object that stands for them.
    static DEFAULTS: WeakMap = WeakMap::new();
}

/// The keys at a URL, to be given in place of a key. What was fetched lives as long as this object.
#[wasm_bindgen]
pub struct RemoteJwks {
    number: u32,
}

impl Drop for RemoteJwks {
    fn drop(&mut self) {
        REMOTES.with(|all| all.free(self.number));
    }
}

/// The keys at a URL.
pub(crate) struct Remote {
    url: String,
    /// How it is fetched; absent where each call says that. Whatever is held here keeps the `fetch` function from being
    /// collected.
    call: Option<Call>,
    /// Where machines share what was fetched.
    store: Option<Store>,
    known: RefCell<CachedJwks>,
    /// The set that is held, with what the platform made of its keys.
    prepared: RefCell<Option<Rc<Prepared>>>,
    /// Why the last fetch failed.
    failure: RefCell<Option<(Error, JsValue)>>,
    /// The fetch that is under way.
    flight: RefCell<Option<Promise>>,
}

/// `RemoteJwksOptions` besides `RequestOptions`.
#[derive(Default, Deserialize)]
struct RemoteOptions {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    store: JsValue,
}

/// Makes an object that stands for the keys at a URL. Throws `ERR_ARGUMENT`.
#[wasm_bindgen(js_name = remoteJwks)]
pub fn remote_jwks(url: &JsValue, options: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let (RemoteOptions { store }, call) = if options.is_undefined() {
        (RemoteOptions::default(), Call::new("options"))
    } else {
        Call::read(options, "options")?
    };
    let mut remote = Remote::new(read::text(url, "url")?, "url", Some(call))?;
    remote.store = Store::read(&store, "options.store")?;
    Ok(object_of(remote))
}

fn object_of(remote: Remote) -> JsValue {
    let number = REMOTES.with(|all| all.keep(Rc::new(remote)));
    let object = JsValue::from(RemoteJwks { number });
    REMOTES.with(|all| all.assign(&object, number));
    object
}

/// Whether this object stands for keys at a URL.
pub(crate) fn is_remote(value: &JsValue) -> bool {
    REMOTES.with(|all| all.number_of(value).is_some())
}

/// The keys at a URL that this object stands for, if it does; `at` names the argument for the error.
pub(crate) fn of_object(value: &JsValue, at: &str) -> Result<Option<Rc<Remote>>> {
    let Some(number) = REMOTES.with(|all| all.number_of(value)) else { return Ok(None) };
    let found = REMOTES.with(|all| all.get(number));
    found.map(Some).ok_or_else(|| Thrown::argument(at, "keys at a URL that were freed"))
}

/// The keys of a platform, where the caller gave none: one for each `fetch` function and URL. `at` names the URL for an error.
pub(crate) fn of_platform(url: &str, at: &str, call: &Call) -> Result<Rc<Remote>> {
    let function = call.function()?;
    let map = DEFAULTS.with(|defaults| defaults.get(function.as_ref()));
    let map: Map = if map.is_undefined() {
        let map = Map::new();
        DEFAULTS.with(|defaults| defaults.set(function.as_ref(), &map));
        map
    } else {
        map.unchecked_into()
    };
    let key = JsValue::from_str(url);
    let mut object = map.get(&key);
    if !is_remote(&object) {
        object = object_of(Remote::new(url.to_owned(), at, None)?);
    }
    // A map keeps the order in which its keys were set.
    map.delete(&key);
    map.set(&key, &object);
    if map.size() > MOST {
        let oldest = map.keys().next().map(|next| next.value()).unwrap_or_default();
        map.delete(&oldest);
    }
    of_object(&object, at)?.ok_or_else(|| Thrown::argument(at, "keys that were freed"))
}

impl Remote {
    fn new(url: String, at: &str, call: Option<Call>) -> Result<Self> {
        jwks::request(&url, at)?;
        if origin_of(&url).is_none() {
            return Err(Thrown::argument(at, "no URL for this platform, expected an absolute http(s) URL"));
        }
        Ok(Self {
            url,
            call,
            store: None,
            known: RefCell::default(),
            prepared: RefCell::default(),
            failure: RefCell::default(),
            flight: RefCell::default(),
        })
    }

    /// The keys to verify a token with. Nothing is fetched for what no key of a published set could verify. A call has a
    /// signal of its own, which ends this waiting, not the fetch that others wait for too.
    pub(crate) async fn keys_for(
        self: &Rc<Self>,
        token: &str,
        algorithms: Option<&[String]>,
        call: &Call,
    ) -> Result<Rc<Prepared>> {
        let kid = jwks::wanted_kid(token, algorithms)?;
        // A second time where the first was for another's kid, and found that in the store.
        for _ in 0..2 {
            if let Some(ready) = self.ready(kid.as_deref()) {
                return ready;
            }
            self.refresh(kid.as_deref(), call).await?;
        }
        self.ready(kid.as_deref()).unwrap_or_else(|| Err(self.refused()))
    }

    /// What is there, unless it is to be fetched.
    fn ready(&self, kid: Option<&str>) -> Option<Result<Rc<Prepared>>> {
        match self.known.borrow().step(kid, runtime::now()) {
            JwksStep::Use(_) => self.prepared.borrow().clone().map(Ok),
            JwksStep::Refuse(_) => Some(Err(self.refused())),
            JwksStep::Fetch => None,
        }
    }

    fn refused(&self) -> Thrown {
        let failure = self.failure.borrow().clone();
        let (error, cause) = failure.unwrap_or_else(|| (Error::new(Code::Fetch, "no answer"), JsValue::UNDEFINED));
        Thrown::caused_by(error.within(&format!("the keys at {}: ", self.url), "key"), cause)
    }

    /// Fetches, or waits for the fetch that is under way.
    async fn refresh(self: &Rc<Self>, kid: Option<&str>, call: &Call) -> Result<()> {
        if in_workerd() {
            self.renew(kid, self.call.as_ref().unwrap_or(call)).await;
            return Ok(());
        }
        let under_way = self.flight.borrow().clone();
        let flight = under_way.unwrap_or_else(|| {
            let (this, shared) = (self.clone(), self.call.clone().unwrap_or_else(|| call.clone().without_signal()));
            let kid = kid.map(str::to_owned);
            let flight = future_to_promise(async move {
                this.renew(kid.as_deref(), &shared).await;
                this.flight.take();
                Ok(JsValue::UNDEFINED)
            });
            self.flight.replace(Some(flight.clone()));
            flight
        });
        // It does not reject.
        call.wait_with(flight).await.map(|_| ())
    }

    /// Takes what another machine has fetched, else fetches, and shares what came of it. A store that fails is as one that has
    /// nothing: no login waits for it to be repaired.
    async fn renew(&self, kid: Option<&str>, call: &Call) {
        let Some(store) = &self.store else { return self.fetch(call).await };
        let name = CachedJwks::stored_name(&self.url);
        let found = store.get(&name, call).await.ok().flatten();
        if found.is_some_and(|text| self.known.borrow_mut().restore(&text, runtime::now())) {
            self.prepare();
            self.failure.take();
            if self.ready(kid).is_some() {
                return;
            }
        }
        self.fetch(call).await;
        if self.failure.borrow().is_none() {
            let shared = self.known.borrow().to_stored(runtime::now());
            if let Some((text, seconds)) = shared {
                store.set(&name, &text, seconds, call).await.unwrap_or_default();
            }
        }
    }

    /// Makes the keys that are held ready to be imported.
    fn prepare(&self) {
        let keys = self.known.borrow().keys().cloned();
        self.prepared.replace(keys.map(|keys| Rc::new(Prepared::new(Some(keys), None, None))));
    }

    /// Fetches, and remembers what comes of it.
    async fn fetch(&self, call: &Call) {
        let call = call.clone().limited(jwks::MAX_BYTES);
        let answered = fetch::send(&call, None, |_| Ok(jwks::request(&self.url, "url")?)).await;
        let now = runtime::now();
        let failure = match answered {
            Ok(response) => {
                let taken = self.known.borrow_mut().fetched(&response, now).map(|_| ());
                taken.err().map(|error| (error, JsValue::UNDEFINED))
            }
            Err(thrown) => {
                let cause = thrown.cause.clone();
                let error = thrown.into_error();
                self.known.borrow_mut().failed(error.clone(), now);
                Some((error, cause))
            }
        };
        if failure.is_none() {
            self.prepare();
        }
        self.failure.replace(failure);
    }
}
