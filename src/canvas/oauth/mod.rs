//! Access tokens of users: Canvas's OAuth 2 (RFC 6749 §4.1 with PKCE, RFC 7636), from the page where a user agrees to the token
//! that ends.
//!
//! ```
//! use canvas_lms_tokens::canvas::oauth::{
//!     Authentication, Authorization, AuthorizationOptions, AuthorizationResponse, AuthorizationKeys, Client, RANDOM, token,
//! };
//! use canvas_lms_tokens::jose::Secret;
//! use canvas_lms_tokens::lti13::Parameters;
//! use canvas_lms_tokens::lti2::Id;
//!
//! let client = Client::new("https://school.instructure.com", &Id::from(10_000_000_000_042), "client")?;
//! let secret = Secret::new(b"at least 32 bytes, the same on every machine".to_vec(), "secret")?;
//! let keys = AuthorizationKeys::new(&[secret])?;
//! let redirect_uri = "https://tool.test/callback";
//!
//! // The browser is sent to `begun.url`, with the header Set-Cookie: `begun.cookie`.
//! let options = AuthorizationOptions { redirect_uri, now: 1_800_000_000, ..AuthorizationOptions::default() };
//! let begun = Authorization::begin(&client, &keys, &options, &[7; RANDOM])?; // Of the operating system.
//! assert!(begun.url.starts_with("https://school.instructure.com/login/oauth2/auth?response_type=code&"));
//!
//! // Canvas sends it to the redirect URI, with a code.
//! let query = Parameters::parse(&format!("code=c0de&state={}", begun.state));
//! let response = AuthorizationResponse::parse(&query, &keys, 1_800_000_009.0)?;
//! let cookie = begun.cookie.split(';').next();
//! let grant = response.bind(cookie, None)?.grant(redirect_uri)?;
//! let request = token::exchange(&client, Authentication::Secret("client secret"), &grant, false)?;
//! assert_eq!(request.uri(), "https://school.instructure.com/login/oauth2/token");
//! // What answers it is read by `token::response`.
//! # Ok::<(), canvas_lms_tokens::Error>(())
//! ```

mod authorization;
mod client;
mod refusal;
mod response;
mod scope;
mod state;
pub mod token;

pub use authorization::{Authorization, AuthorizationOptions, DEFAULT_LIFETIME};
pub use client::{Authentication, Client, OUT_OF_BAND};
pub use refusal::meaning;
pub use response::{AuthorizationResponse, BoundAuthorization, Grant};
pub use scope::{lacking, scope_of};
pub use state::{AuthorizationKeys, AuthorizationState, Claim, RANDOM};
pub(crate) use state::{TYP as STATE_TYP, is_of_secret as is_state_of_secret};
