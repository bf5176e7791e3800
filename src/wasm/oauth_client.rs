//! A client of Canvas's OAuth 2 as JavaScript gives it: one, several, or a function that looks one up; and how it asks the token
//! endpoint.

use core::cell::RefCell;

use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

use super::call::Call;
use super::error::{Result, Thrown};
use super::fetch;
use super::inspect::{Sent, refused};
use super::promise::settled;
use super::read::{self, SecretText};
use super::{runtime, tool_key};
use crate::canvas::oauth::token::{self, UserToken};
use crate::canvas::oauth::{Authentication, AuthorizationState, Client, meaning};
use crate::error::{Code, Error};
use crate::http::{Authorization, Request, Response, answer};
use crate::inspect::Kind;
use crate::lti2::Id;
use crate::lti13::ClientAssertion;

/// `CanvasClient`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientOptions {
    base_url: String,
    client_id: Id,
    client_secret: Option<SecretText>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    key: JsValue,
    public: Option<bool>,
}

/// A client, and what it proves itself with.
pub(crate) struct JsClient {
    pub(crate) client: Client,
    proof: Proof,
    at: &'static str,
}

enum Proof {
    Secret(Zeroizing<String>),
    Key(JsValue),
    Public,
    /// None was given.
    Absent,
}

impl JsClient {
    /// Reads a client; `at` is what it is called in an error. What it proves itself with may be absent.
    pub(crate) fn read(value: &JsValue, at: &'static str) -> Result<Self> {
        Self::new(read::required(value, at)?, at)
    }

    fn new(options: ClientOptions, at: &'static str) -> Result<Self> {
        let ClientOptions { base_url, client_id, client_secret, key, public } = options;
        let client = Client::new(&base_url, &client_id, at)?;
        let proof = match (client_secret, key.is_undefined(), public.unwrap_or_default()) {
            (None, true, false) => Proof::Absent,
            (Some(SecretText(secret)), true, false) => Proof::Secret(secret),
            (None, false, false) => Proof::Key(key),
            (None, true, true) => Proof::Public,
            _ => {
                let message = "two of clientSecret, key and public were given, expected one of them";
                return Err(Thrown::argument(at, message));
            }
        };
        Ok(Self { client, proof, at })
    }

    /// Asks the token endpoint, with an assertion of its own for each try. An error repeats none of `secrets`.
    pub(crate) async fn ask(
        &self,
        call: &Call,
        secrets: &[&str],
        make: impl Fn(Authentication<'_>) -> crate::Result<Request>,
    ) -> Result<UserToken> {
        let sent = RefCell::new(String::new());
        let response = fetch::send_made(call, async || {
            if let Proof::Key(key) = &self.proof {
                sent.replace(self.assertion(key, call).await?);
            }
            Ok(make(self.authentication(&sent.borrow())?)?)
        })
        .await?;
        let (now, assertion) = (runtime::now(), sent.borrow());
        let authentication = self.authentication(&assertion)?;
        let read = |response: &Response| token::response(&self.client, authentication, response, now);
        read(&response).map_err(|error| {
            let own = if let Proof::Secret(secret) = &self.proof { Some(secret.as_str()) } else { None };
            let blanked = secrets.iter().copied().chain(own).fold(response.clone(), |response, secret| {
                Authorization::Bearer(secret.to_owned()).blanked_in(&response)
            });
            let error = read(&blanked).err().unwrap_or(error);
            self.explained(error, &assertion, &blanked, now)
        })
    }

    /// A refused assertion's error has the inspector's view of it.
    fn explained(&self, error: Error, assertion: &str, response: &Response, now: f64) -> Thrown {
        if !matches!(self.proof, Proof::Key(_)) {
            return error.into();
        }
        let sent = Sent {
            assertion,
            kind: Kind::Lti13ClientAssertion,
            key: None,
            endpoint: &self.client.token_endpoint(),
            now,
            has_code: false,
        };
        let (code, said) = (error.oauth_error.clone().unwrap_or_default(), answer::oauth_description(response));
        let is_explained =
            meaning(&self.client, Authentication::Assertion(assertion), &code, said.as_deref()).is_some();
        refused(error, &sent, response, is_explained)
    }

    fn authentication<'a>(&'a self, assertion: &'a str) -> Result<Authentication<'a>> {
        Ok(match &self.proof {
            Proof::Secret(secret) => Authentication::Secret(secret),
            Proof::Key(_) => Authentication::Assertion(assertion),
            Proof::Public => Authentication::Public,
            Proof::Absent => return Err(self.unproven()),
        })
    }

    async fn assertion(&self, key: &JsValue, call: &Call) -> Result<String> {
        let (now, endpoint) = (runtime::now_seconds(), self.client.token_endpoint());
        let names = (self.client.id(), endpoint.as_str());
        let assertion = ClientAssertion::for_endpoint(names, None, None, now, runtime::random_bytes)?;
        tool_key::sign(&assertion.to_json(), key, &format!("{}.key", self.at), call).await
    }

    /// Whether it can ask for tokens.
    pub(crate) fn check(&self) -> Result<()> {
        if matches!(self.proof, Proof::Absent) { Err(self.unproven()) } else { Ok(()) }
    }

    fn unproven(&self) -> Thrown {
        let message = "absent, expected it, or a private key, or public: true for a developer key that has no secret";
        Thrown::argument(&format!("{}.clientSecret", self.at), message)
    }
}

const AT: &str = "options.client";

/// `CanvasClients`
pub(crate) enum JsClients {
    Known(Vec<JsClient>),
    Function(Function),
}

impl JsClients {
    pub(crate) fn read(value: &JsValue) -> Result<Self> {
        if let Some(function) = value.dyn_ref::<Function>() {
            return Ok(Self::Function(function.clone()));
        }
        let known = read::one_or_more(value, AT)?;
        known.iter().map(|value| complete(JsClient::read(value, AT)?)).collect::<Result<_>>().map(Self::Known)
    }

    /// The client that began an authorization; a function is waited for as long as a request of this call.
    pub(crate) async fn find(self, state: &AuthorizationState, call: &Call) -> Result<JsClient> {
        let unknown = || {
            let AuthorizationState { base_url, client_id, .. } = state;
            let message = format!(
                "the authorization was begun with client id {client_id} at {base_url}, expected that client among those given"
            );
            Error::new(Code::AuthorizationStateInvalid, message).at(AT).spec("RFC 9700 §4.4")
        };
        let function = match self {
            Self::Known(known) => {
                let found = known.into_iter().find(|known| state.is_of(&known.client));
                return found.ok_or_else(|| unknown().into());
            }
            Self::Function(function) => function,
        };
        let look = || function.call2(&JsValue::UNDEFINED, &(&*state.base_url).into(), &(&*state.client_id).into());
        let found = call.wait_for(settled(look)).await?.map_err(|cause| {
            Thrown::caused_by(Error::new(Code::Store, format!("{AT} failed, expected a client")).at(AT), cause)
        })?;
        if found.is_undefined() || found.is_null() {
            return Err(unknown().into());
        }
        // A row of a database may have columns of its own.
        let found = complete(JsClient::new(read::open(&found, AT)?, AT)?)?;
        if state.is_of(&found.client) { Ok(found) } else { Err(unknown().into()) }
    }
}

/// The client, if it can ask for tokens.
fn complete(client: JsClient) -> Result<JsClient> {
    client.check()?;
    Ok(client)
}
