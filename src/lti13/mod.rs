//! LTI 1.3 (1EdTech LTI Core 1.3, Security Framework 1.0) as Canvas does it.
//!
//! A login and the launch that follows it:
//!
//! ```
//! use canvas_lms_tokens::jose::{Keys, Secret};
//! use canvas_lms_tokens::lti13::{
//!     Clock, DEFAULT_TOLERANCE, Environment, Evidence, LaunchResponse, Login, LoginOptions, LoginRequest, Parameters, Platform,
//!     RANDOM, StateKeys, find,
//! };
//! # use canvas_lms_tokens::jose::{base64url, jwk};
//! # use canvas_lms_tokens::json::read_object;
//! # use openssl::{hash::MessageDigest, pkey::PKey, rsa::Rsa, sign::{Signer, Verifier}};
//!
//! let platforms = [Platform::canvas("10000000000042", Environment::Production)];
//! let secret = Secret::new(b"at least 32 bytes, the same on every machine".to_vec(), "secret")?;
//! let state_keys = StateKeys::new(&[secret])?;
//!
//! // The platform posts this to the tool's login URL.
//! let form = "iss=https%3A%2F%2Fcanvas.instructure.com&client_id=10000000000042&login_hint=u1&lti_message_hint=m1\
//!     &target_link_uri=https%3A%2F%2Ftool.test%2F";
//! let request = LoginRequest::parse(&Parameters::parse(form))?;
//! let platform = find(&platforms, &request.issuer, request.client_id.as_deref())?;
//! let options = LoginOptions { redirect_uri: "https://tool.test/launch", lifetime: None, now: 1_800_000_000 };
//! let random = [7; RANDOM]; // of the operating system
//! let login = Login::begin(&request, platform, &state_keys, &options, &random)?;
//! // The browser is sent to `login.url`, with the header Set-Cookie: `login.cookie`.
//! assert!(login.url.starts_with("https://sso.canvaslms.com/api/lti/authorize_redirect?scope=openid&"));
//!
//! # let rsa = Rsa::generate(2048).unwrap();
//! # let number = |bytes: Vec<u8>| base64url::encode(&bytes);
//! # let (n, e) = (number(rsa.n().to_vec()), number(rsa.e().to_vec()));
//! # let jwks: Keys = jwk::parse(&read_object(format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#).as_bytes())?)?.into();
//! # let pair = PKey::from_rsa(rsa).unwrap();
//! # let id_token = {
//! #     let prefix = "https://purl.imsglobal.org/spec/lti/claim";
//! #     let claims = format!(
//! #         r#"{{"iss":"https://canvas.instructure.com","aud":"10000000000042","azp":"10000000000042","iat":1800000000,
//! #         "exp":1800003600,"nonce":"{}","sub":"user","{prefix}/message_type":"LtiResourceLinkRequest","{prefix}/version":"1.3.0",
//! #         "{prefix}/deployment_id":"1:a","{prefix}/target_link_uri":"https://tool.test/","{prefix}/roles":[],
//! #         "{prefix}/resource_link":{{"id":"r"}}}}"#, login.nonce);
//! #     let part = |text: &str| base64url::encode(text.as_bytes());
//! #     let input = format!("{}.{}", part(r#"{"alg":"RS256"}"#), part(&claims));
//! #     let mut signer = Signer::new(MessageDigest::sha256(), &pair).unwrap();
//! #     format!("{input}.{}", base64url::encode(&signer.sign_oneshot_to_vec(input.as_bytes()).unwrap()))
//! # };
//! # let by_platform = |input: &[u8], signature: &[u8]| {
//! #     Verifier::new(MessageDigest::sha256(), &pair).unwrap().verify_oneshot(signature, input).unwrap()
//! # };
//! # let cookie = login.cookie.split(';').next().unwrap();
//! // The platform has the browser post this to the redirect URI.
//! let form = Parameters::parse(&format!("id_token={id_token}&state={}", login.state));
//! let now = 1_800_000_002.0;
//! let response = LaunchResponse::parse(&form, &state_keys, now)?;
//! let bound = response.bind(&Evidence { cookie: Some(cookie), stored: None })?;
//! // Only now the keys at `platform.jwks_uri` are needed.
//! let platform = find(&platforms, &response.state().issuer, Some(&response.state().client_id))?;
//! let verification = bound.verification(&jwks)?;
//! let is_right = by_platform(verification.signing_input(), verification.signature());
//! let verified = verification.conclude(is_right)?;
//! let launch = bound.launch(&verified, platform, Clock { now, tolerance: DEFAULT_TOLERANCE })?;
//! let is_first = true; // what a store says of `launch.nonce.name`, to be remembered until `launch.nonce.until`
//! launch.nonce.check(is_first)?;
//! assert_eq!(launch.user.map(|user| user.id).as_deref(), Some("user"));
//! # Ok::<(), canvas_lms_tokens::Error>(())
//! ```

mod cached_jwks;
pub mod claims;
mod client_assertion;
pub mod deep_linking;
mod id_token;
pub mod jwks;
mod launch;
mod login;
mod members;
pub mod message;
mod notice;
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

pub use cached_jwks::{CachedJwks, JwksStep};
pub use client_assertion::ClientAssertion;
pub use deep_linking::{DeepLinking, DeepLinkingResponse};
pub use id_token::{Clock, DEFAULT_TOLERANCE, Nonce, RS256};
pub(crate) use launch::is_variable;
pub use launch::{Context, Launch, LineItems, Memberships, Notices, ResourceLink, User};
pub use login::{DEFAULT_LIFETIME, Login, LoginOptions, LoginRequest, StorageEntry};
pub(crate) use members::Members;
pub use notice::{Notice, UntrustedNotice};
pub use parameters::Parameters;
pub use platform::{Deployments, Environment, Platform, find, unknown_platform};
pub use response::{BoundResponse, LaunchResponse};
pub use sealed::Sealer;
pub use service_token::ServiceToken;
pub use state::{Evidence, RANDOM, State, StateKeys, Stored};
pub(crate) use state::{TYP as STATE_TYP, is_of_secret as is_state_of_secret};
