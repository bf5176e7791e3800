//! The one error of this crate: a code to tell errors apart by, and a sentence that says what was found, where, and
//! what was expected. It never carries a token, a secret or a person's claim.

use core::fmt;

/// A result whose error is [`struct@Error`] unless said otherwise.
pub type Result<T, E = Error> = core::result::Result<T, E>;

macro_rules! codes {
    ($($name:ident $text:literal $meaning:literal)*) => {
        /// What kind of error it is. Stable: programs tell errors apart by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $meaning] $name,)* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as JavaScript sees it, such as `ERR_ARGUMENT`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// What it means, in a few words.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),* }
            }
        }
    };
}

codes! {
    Argument             "ERR_ARGUMENT"                           "an option or parameter is missing, of the wrong type, or contradicts another"
    TokenInvalid         "ERR_TOKEN_INVALID"                      "the text is no token"
    JwsInvalid           "ERR_JWS_INVALID"                        "not a JWS in compact serialization (RFC 7515)"
    JweInvalid           "ERR_JWE_INVALID"                        "not a JWE in compact serialization (RFC 7516)"
    JwtInvalid           "ERR_JWT_INVALID"                        "the payload is not a JWT claims set (RFC 7519)"
    JwkInvalid           "ERR_JWK_INVALID"                        "the key is malformed or unsafe (RFC 7517)"
    AlgNotAllowed        "ERR_JOSE_ALG_NOT_ALLOWED"               "the algorithm is not one that this key or these options allow"
    NotSupported         "ERR_JOSE_NOT_SUPPORTED"                 "an algorithm or feature that this package refuses or lacks"
    KeyNeedsAsync        "ERR_KEY_NEEDS_ASYNC"                    "a key that needs the platform, or lives elsewhere, in a synchronous function; call the asynchronous one"
    KeyOperation         "ERR_KEY_OPERATION"                      "a key that lives elsewhere failed, or gave what its function must not give"
    JwksNoMatchingKey    "ERR_JWKS_NO_MATCHING_KEY"               "no key of the set, or more than one, fits the token"
    SignatureFailed      "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"  "the signature is not this key's over this token"
    DecryptionFailed     "ERR_JWE_DECRYPTION_FAILED"              "the token cannot be decrypted with this key"
    Expired              "ERR_JWT_EXPIRED"                        "the time in `exp` has passed, or `iat` is too long ago"
    NotYetValid          "ERR_JWT_NOT_YET_VALID"                  "the time in `nbf` has not come"
    ClaimFailed          "ERR_JWT_CLAIM_VALIDATION_FAILED"        "a claim is missing, of the wrong type, or not what was expected"
    WebCrypto            "ERR_WEBCRYPTO"                          "the platform's crypto is missing (insecure context) or refused"
    OAuth                "ERR_OAUTH"                              "the server answered with an OAuth error"
    HttpStatus           "ERR_HTTP_STATUS"                        "any other answer that is not 2xx"
    Unauthenticated      "ERR_UNAUTHENTICATED"                    "the access token is missing, wrong or expired"
    Forbidden            "ERR_FORBIDDEN"                          "the user or tool is known but may not do this"
    Throttled            "ERR_THROTTLED"                          "Canvas is limiting the rate of requests"
    ResponseInvalid      "ERR_RESPONSE_INVALID"                   "an answer that says success but is not what the endpoint answers"
    Fetch                "ERR_FETCH"                              "no answer: network, DNS, TLS or CORS"
    Timeout              "ERR_TIMEOUT"                            "no whole answer within the timeout"
    Aborted              "ERR_ABORTED"                            "the signal was aborted"
    LoginInvalid         "ERR_LTI_LOGIN_INVALID"                  "the login request lacks what LTI 1.3 needs, or names something twice"
    PlatformUnknown      "ERR_LTI_PLATFORM_UNKNOWN"               "no platform is known by this issuer and client id"
    StateInvalid         "ERR_LTI_STATE_INVALID"                  "the state of the launch is not ours, was changed, or has expired"
    StateNotBound        "ERR_LTI_STATE_NOT_BOUND"                "the launch was begun in another browser, or this one keeps no cookie"
    LaunchRefused        "ERR_LTI_LAUNCH_REFUSED"                 "the platform answered the login with an error"
    NonceUsed            "ERR_LTI_NONCE_USED"                     "the launch or notice was taken before"
    DeploymentUnknown    "ERR_LTI_DEPLOYMENT_UNKNOWN"             "the deployment is not one that the platform's registration allows"
    MessageInvalid       "ERR_LTI_MESSAGE_INVALID"                "the token is no LTI 1.3 message, or lacks what its type needs"
    AuthorizationStateInvalid "ERR_OAUTH_STATE_INVALID"           "the state of the authorization is not ours, was changed, or has expired"
    AuthorizationNotBound "ERR_OAUTH_STATE_NOT_BOUND"             "the authorization was begun in another browser, or this one keeps no cookie"
    AuthorizationUsed    "ERR_OAUTH_STATE_USED"                   "the answer to the authorization was taken before"
    Store                "ERR_STORE"                              "a store or a function of the options failed, or holds what was not put there"
    Storage              "ERR_LTI_STORAGE"                        "the platform's storage refused, or is not there"
}

/// What went wrong. See [`Code`] for the kinds.
#[derive(Clone, PartialEq)]
pub struct Error(Box<Facts>);

/// What an [`struct@Error`] knows besides its code; read through `Deref`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Facts {
    /// The kind of error.
    pub code: Code,
    /// What was found, and what was expected: lower case, no full stop.
    pub message: String,
    /// Where in the input: `header.alg`, `claims.aud`, `options.key`.
    pub at: Option<String>,
    /// The name of the claim that was refused.
    pub claim: Option<&'static str>,
    /// The rule's source, such as `RFC 7519 §4.1.4`.
    pub spec: Option<&'static str>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The OAuth error code the server sent, such as `invalid_grant`.
    pub oauth_error: Option<String>,
    /// When to try again, in seconds.
    pub retry_after: Option<f64>,
    /// The server's answer as JSON text, tokens in it blanked.
    pub body: Option<String>,
}

impl Error {
    /// An error of this kind, for what a caller's own function has to tell, such as one that gives random bytes.
    ///
    /// ```
    /// use canvas_lms_tokens::lti13::{ClientAssertion, Environment, Platform};
    /// use canvas_lms_tokens::{Code, Error};
    ///
    /// let platform = Platform::canvas("10000000000042", Environment::Production);
    /// let random = || Err(Error::new(Code::WebCrypto, "the operating system gives no random bytes"));
    /// let error = ClientAssertion::build(&platform, None, None, 1_700_000_000, random).unwrap_err();
    /// assert_eq!(error.to_string(), "the operating system gives no random bytes");
    /// ```
    #[cold]
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Facts {
            code,
            message: message.into(),
            at: None,
            claim: None,
            spec: None,
            status: None,
            oauth_error: None,
            retry_after: None,
            body: None,
        }))
    }

    /// An argument refused; the message begins with its place.
    #[cold]
    pub(crate) fn argument(at: &str, message: impl fmt::Display) -> Self {
        Self::new(Code::Argument, format!("{at}: {message}")).at(at)
    }

    /// Where in the input the fault is.
    pub(crate) fn at(mut self, at: impl Into<String>) -> Self {
        self.0.at = Some(at.into());
        self
    }

    /// The error with its code replaced: what is malformed inside makes the whole so.
    pub(crate) fn coded(mut self, code: Code) -> Self {
        self.0.code = code;
        self
    }

    /// The error of a part as that of the whole: says first what the part is.
    pub(crate) fn within(mut self, part: &str, at: &str) -> Self {
        self.0.message.insert_str(0, part);
        self.at(at)
    }

    pub(crate) fn spec(mut self, spec: &'static str) -> Self {
        self.0.spec = Some(spec);
        self
    }

    /// The facts, to be completed where the error arose.
    pub(crate) fn facts(&mut self) -> &mut Facts {
        &mut self.0
    }
}

impl core::ops::Deref for Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}
