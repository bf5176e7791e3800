//! A token that is kept until shortly before its end, and requested once for all who wait for it, except on workerd. What it is
//! requested with, a key or a `fetch` function, is not held, so that those can be collected.

use core::cell::RefCell;
use core::future::Future;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen_futures::future_to_promise;

use super::call::Call;
use super::error::{Result, Thrown};
use super::runtime::{self, in_workerd};
use super::store::Store;
use crate::error::{Code, Error};
use crate::jose::base64url;
use crate::lti2::CachedToken;

/// How long one machine may keep the others from requesting, in ms.
const LONGEST_TURN: f64 = 30_000.0;
/// How long one waits before it looks again, in ms.
const PAUSE: f64 = 250.0;

/// A token that is kept.
#[derive(Default)]
pub(super) struct TokenCache {
    held: RefCell<Option<CachedToken>>,
    /// A token that a server did not take. A store may still have it.
    dead: RefCell<String>,
    /// The request that is under way.
    flight: RefCell<Option<Promise>>,
}

/// Where machines share a token.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) name: String,
    /// Whether they request it one at a time: the next refresh of a user's token ends the one of before.
    pub(super) in_turn: bool,
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
    pub(super) async fn token(
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
    pub(super) async fn forget(&self, token: Option<&str>, shared: Option<&Shared>, call: &Call) {
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
