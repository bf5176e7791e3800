//! LTI 1.3 (1EdTech LTI Core 1.3, Security Framework 1.0) as Canvas does it.

pub mod claims;
mod client_assertion;
pub mod deep_linking;
mod id_token;
pub mod jwks;
mod launch;
mod login;
mod members;
pub mod message;
mod parameters;
mod platform;
mod refusal;
pub mod registration;
mod response;
mod sealed;
pub mod service_token;
pub mod services;
mod state;
pub mod timestamp;
pub mod tool_key;

pub use client_assertion::ClientAssertion;
pub use deep_linking::{DeepLinking, DeepLinkingResponse};
pub use id_token::{Clock, DEFAULT_TOLERANCE, Nonce, RS256};
pub use jwks::{CachedJwks, JwksStep};
pub(crate) use launch::is_variable;
pub use launch::{Context, Launch, LineItems, Memberships, Notices, ResourceLink, User};
pub use login::{DEFAULT_LIFETIME, Login, LoginOptions, LoginRequest, StorageEntry};
pub use parameters::Parameters;
pub use platform::{Deployments, Environment, Platform, find};
pub use response::{BoundResponse, LaunchResponse};
pub use sealed::Sealer;
pub use service_token::ServiceToken;
pub use state::{Evidence, RANDOM, State, StateKeys, Stored};
pub(crate) use state::{TYP as STATE_TYP, is_of_secret as is_state_of_secret};
