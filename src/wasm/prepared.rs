//! Keys that were imported and checked once: those that a caller prepares, and JWKs that are given again. A JWK is known
//! again by the object that it is, and else by its digest, which must agree in both cases: a caller's object may have
//! changed, and is never frozen. Of a JWK only handles are kept that cannot be exported, nothing of the key itself.

use core::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, WeakMap};
use wasm_bindgen::prelude::*;
use web_sys::CryptoKey;

use super::error::{Result, Thrown};
use super::external::External;
use super::registry::Registry;
use super::value::global;
use crate::jose::jwa::signature_named;
use crate::jose::mac::sha256;
use crate::jose::{Key, Keys, Material};
use crate::json;

/// How many JWKs are remembered by their digest; the one that was not used for the longest time goes first.
const MOST: usize = 32;

/// SHA-256 of a JWK as JSON text.
pub(crate) type Digest = [u8; 32];

/// What the platform is asked to do with a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Usage {
    Sign,
    Verify,
    Encrypt,
    Decrypt,
    /// Agree with the own, private key.
    Derive,
    /// Be agreed with: the public half.
    Agree,
}

impl Usage {
    /// The key's usages in WebCrypto.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Sign => &["sign"],
            Self::Verify => &["verify"],
            Self::Encrypt => &["encrypt"],
            Self::Decrypt => &["decrypt"],
            Self::Derive => &["deriveBits"],
            Self::Agree => &[],
        }
    }
}

/// A key that was imported and checked.
pub(crate) struct Prepared {
    /// The keys, where a caller prepared them; of a JWK that was only given, they are not kept.
    pub(crate) keys: Option<Keys>,
    /// The platform's own key, where the caller's was one.
    pub(crate) platform_key: Option<CryptoKey>,
    /// The functions of the caller's key, where it lives elsewhere.
    pub(crate) external: Option<External>,
    digest: Option<Digest>,
    imported: RefCell<Vec<Imported>>,
}

/// What the platform made of a key for one usage and algorithm.
pub(crate) struct Imported {
    usage: Usage,
    alg: String,
    /// Whether it signs with this algorithm where none is named.
    is_default: bool,
    /// The key with its limits; the platform holds what it is made of, and allows the algorithm where it is a signature's.
    pub(crate) key: Key,
    pub(crate) handle: CryptoKey,
}

impl Imported {
    /// Whether it is of this key, for this algorithm and usage. The keys of a set have different `kid`s.
    fn is_for(&self, key: &Key, alg: &str, usage: Usage) -> bool {
        self.usage == usage && self.alg == alg && self.key.kid() == key.kid()
    }
}

impl Prepared {
    pub(crate) fn new(keys: Option<Keys>, platform_key: Option<CryptoKey>, digest: Option<Digest>) -> Self {
        Self { keys, platform_key, external: None, digest, imported: RefCell::default() }
    }

    /// The same for a key that lives elsewhere.
    pub(crate) fn with_external(mut self, external: Option<External>) -> Self {
        self.external = external;
        self
    }

    /// The keys, unless they were freed; `at` names the argument for the error.
    pub(crate) fn check(&self, at: &str) -> Result<&Keys> {
        self.keys.as_ref().ok_or_else(|| Thrown::argument(at, "a prepared key that was freed"))
    }

    /// The key, where it is a shared secret; `at` names the argument for the error.
    pub(crate) fn secret(&self, at: &str) -> Result<&Key> {
        match self.check(at)? {
            Keys::One(key) if key.bytes().is_some() => Ok(key),
            _ => Err(Thrown::argument(at, "a prepared key that is no shared secret")),
        }
    }

    /// The handle of one of the keys, for this algorithm and usage.
    pub(crate) fn handle(&self, key: &Key, alg: &str, usage: Usage) -> Option<CryptoKey> {
        let imported = self.imported.borrow();
        imported.iter().find(|known| known.is_for(key, alg, usage)).map(|known| known.handle.clone())
    }

    /// What `give` makes of the import for this usage, and for this algorithm where one is named. Of a set there is none,
    /// as the token chooses the key.
    pub(crate) fn find<T>(&self, usage: Usage, alg: Option<&str>, give: impl FnOnce(&Imported) -> T) -> Option<T> {
        if matches!(self.keys, Some(Keys::Set(_))) {
            return None;
        }
        let fits = |known: &&Imported| match (usage, alg) {
            (Usage::Sign, None) => known.is_default,
            (_, None) => true,
            (_, Some(alg)) => known.alg == alg,
        };
        self.imported.borrow().iter().filter(|known| known.usage == usage).find(fits).map(give)
    }

    /// Remembers what the platform made of the key.
    pub(crate) fn remember(&self, key: &Key, alg: &str, usage: Usage, handle: &CryptoKey) {
        let is_set = matches!(self.keys, Some(Keys::Set(_)));
        // Without a `kid`, a key of a set is not told from others. Another call may have imported the key meanwhile.
        if (is_set && key.kid().is_none()) || self.handle(key, alg, usage).is_some() {
            return;
        }
        let allowed = signature_named(alg).ok().map(|row| row.name);
        let is_default = key.default_signature().is_some_and(|default| default.name == alg);
        let key = key.with_material(Material::Platform(allowed.into_iter().collect(), usage == Usage::Sign));
        let (alg, handle) = (alg.to_owned(), handle.clone());
        self.imported.borrow_mut().push(Imported { usage, alg, is_default, key, handle });
    }
}

thread_local! {
    /// Prepared keys, until they are freed.
    static PREPARED: Registry<Rc<Prepared>> = Registry::new();
    /// Of each JWK the object of the prepared key that it stands for.
    static OF_JWKS: WeakMap = WeakMap::new();
    /// JWKs by their digests, the one used last first.
    static RECENT: RefCell<Vec<Rc<Prepared>>> = const { RefCell::new(Vec::new()) };
}

/// A key that was imported and checked once, to be given in place of the key. `free()`, `using`, or the collection of
/// this object zeroizes it.
#[wasm_bindgen]
pub struct PreparedKey {
    number: u32,
}

impl Drop for PreparedKey {
    fn drop(&mut self) {
        PREPARED.with(|all| all.free(self.number));
    }
}

/// An object that stands for this prepared key.
pub(crate) fn object_of(prepared: Rc<Prepared>) -> Object {
    let number = PREPARED.with(|all| all.keep(prepared));
    let object = JsValue::from(PreparedKey { number });
    PREPARED.with(|all| all.assign(&object, number));
    object.unchecked_into()
}

/// The prepared key that this object stands for.
pub(crate) fn of_object(value: &JsValue) -> Option<Rc<Prepared>> {
    let freed = || Rc::new(Prepared::new(None, None, None));
    PREPARED.with(|all| Some(all.get(all.number_of(value)?).unwrap_or_else(freed)))
}

pub(crate) fn digest_of(jwk: &json::Object) -> Digest {
    sha256(&[jwk.to_secret_json().as_bytes()])
}

/// What was made of this JWK before.
pub(crate) fn of_jwk(jwk: &JsValue, digest: &Digest) -> Option<Rc<Prepared>> {
    let is_it = |prepared: &Rc<Prepared>| prepared.digest.as_ref() == Some(digest);
    let by_object = of_object(&OF_JWKS.with(|objects| objects.get(jwk.unchecked_ref()))).filter(is_it);
    by_object.or_else(|| {
        RECENT.with_borrow_mut(|recent| {
            let place = recent.iter().position(is_it)?;
            recent.get_mut(..=place)?.rotate_right(1);
            recent.first().cloned()
        })
    })
}

/// Remembers a JWK, of which nothing was imported yet.
pub(crate) fn remember_jwk(jwk: &JsValue, digest: Digest) -> Rc<Prepared> {
    let prepared = Rc::new(Prepared::new(None, None, Some(digest)));
    RECENT.with_borrow_mut(|recent| {
        recent.truncate(MOST - 1);
        recent.insert(0, prepared.clone());
    });
    // Without it, what the object stands for would never be freed.
    if global("FinalizationRegistry").is_function() {
        let object = object_of(prepared.clone());
        OF_JWKS.with(|objects| objects.set(jwk.unchecked_ref(), &object));
    }
    prepared
}
