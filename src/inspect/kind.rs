//! The kinds of token, and what Canvas asks of each.

use serde::{Serialize, Serializer};

use crate::http::HttpUrl;
use crate::json::{Json, Object};
use crate::lti13::claims as names;
use crate::lti13::message::{Form, LAUNCH_AGE, NOTICE_AGE};

/// The kinds of token around Canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Lti2Assertion,
    Lti2AccessToken,
    CanvasJwt,
    InstAccessToken,
    Lti13IdToken,
    Lti13ClientAssertion,
    Lti13DeepLinkingResponse,
    Lti13AccessToken,
    Lti13Notice,
    Lti13RegistrationToken,
    Lti13MessageHint,
    Lti13LoginState,
    OAuthState,
    Jwt,
    Jws,
    Jwe,
}

/// What Canvas asks of a kind.
pub(crate) struct Profile {
    pub(crate) kind: Kind,
    pub(crate) id: &'static str,
    /// In words, with its article.
    pub(crate) name: &'static str,
    /// The algorithms it is signed with; none where any is.
    pub(crate) algorithms: &'static [&'static str],
    /// The claims it must have.
    pub(crate) required: &'static [&'static str],
    /// How old `iat` may be and how far ahead, in seconds.
    pub(crate) issued: Option<(f64, f64)>,
    /// Whether its reader chooses the key by `kid`.
    pub(crate) wants_kid: bool,
    pub(crate) spec: &'static str,
}

const fn plain(kind: Kind, id: &'static str, name: &'static str, spec: &'static str) -> Profile {
    Profile { kind, id, name, algorithms: &[], required: &[], issued: None, wants_kid: false, spec }
}

/// What a platform's messages must have, whatever their type; the rest is in the rules for messages.
const OF_PLATFORMS: &[&str] = &["iss", "aud", "exp", "iat", "nonce"];
/// What a tool's messages must have.
const OF_TOOLS: &[&str] =
    &["iss", "aud", "exp", "iat", "nonce", names::MESSAGE_TYPE, names::VERSION, names::DEPLOYMENT_ID];

static PROFILES: [Profile; 16] = [
    Profile {
        algorithms: &["HS256", "HS384", "HS512"],
        required: &["sub", "aud", "exp", "iat", "jti"],
        issued: Some((300.0, 30.0)),
        ..plain(Kind::Lti2Assertion, "lti2-assertion", "an LTI 2 assertion", "Canvas: LTI 2 authorize")
    },
    Profile {
        algorithms: &["HS256"],
        required: &["iss", "sub", "exp", "aud", "iat", "nbf", "jti"],
        issued: Some((f64::INFINITY, 0.0)),
        ..plain(Kind::Lti2AccessToken, "lti2-access-token", "an LTI 2 access token", "Canvas: LTI 2 access token")
    },
    Profile {
        algorithms: &["RS256", "HS256"],
        required: &["sub", "iss", "aud", "exp", "iat"],
        ..plain(Kind::CanvasJwt, "canvas-jwt", "a Canvas service JWT", "Canvas: JWTs API")
    },
    Profile {
        algorithms: &["RS256"],
        required: &["iss", "sub", "exp", "iat", "jti"],
        ..plain(Kind::InstAccessToken, "inst-access-token", "an InstAccess token", "Canvas: InstAccess tokens API")
    },
    Profile {
        algorithms: &["RS256"],
        required: OF_PLATFORMS,
        issued: Some((LAUNCH_AGE, 0.0)),
        wants_kid: true,
        ..plain(Kind::Lti13IdToken, "lti13-id-token", "an LTI 1.3 id token", "1EdTech Security Framework 1.0 §5.1.2")
    },
    Profile {
        algorithms: &["RS256"],
        required: &["iss", "sub", "aud", "exp", "iat", "jti"],
        issued: Some((300.0, 30.0)),
        wants_kid: true,
        ..plain(
            Kind::Lti13ClientAssertion,
            "lti13-client-assertion",
            "an LTI 1.3 client assertion",
            "Canvas: client_credentials grant",
        )
    },
    Profile {
        algorithms: &["RS256"],
        required: OF_TOOLS,
        issued: Some((300.0, 30.0)),
        wants_kid: true,
        ..plain(
            Kind::Lti13DeepLinkingResponse,
            "lti13-deep-linking-response",
            "an LTI 1.3 deep linking response",
            "Canvas: deep linking",
        )
    },
    Profile {
        algorithms: &["HS256", "RS256"],
        required: &["iss", "sub", "aud", "exp", "iat", "jti"],
        issued: Some((3600.0, 30.0)),
        ..plain(
            Kind::Lti13AccessToken,
            "lti13-access-token",
            "an LTI 1.3 access token",
            "Canvas: client_credentials grant",
        )
    },
    Profile {
        algorithms: &["RS256"],
        required: OF_PLATFORMS,
        issued: Some((NOTICE_AGE, 0.0)),
        wants_kid: true,
        ..plain(Kind::Lti13Notice, "lti13-notice", "an LTI 1.3 notice", "LTI Platform Notification Service 1.0")
    },
    Profile {
        algorithms: &["HS256"],
        required: &["exp", "uuid"],
        ..plain(
            Kind::Lti13RegistrationToken,
            "lti13-registration-token",
            "an LTI 1.3 registration token",
            "Canvas: dynamic registration",
        )
    },
    Profile {
        algorithms: &["HS256"],
        required: &["exp", "verifier", "canvas_domain"],
        ..plain(Kind::Lti13MessageHint, "lti13-message-hint", "an LTI 1.3 message hint", "Canvas: LTI 1.3 login")
    },
    Profile {
        algorithms: &["HS256"],
        required: &["iss", "aud", "jti", "nonce", "origin", "iat", "exp"],
        issued: Some((f64::INFINITY, 0.0)),
        ..plain(
            Kind::Lti13LoginState,
            "lti13-login-state",
            "an LTI 1.3 login state",
            "canvas-lms-tokens: LTI 1.3 login",
        )
    },
    Profile {
        algorithms: &["HS256"],
        required: &["iss", "aud", "jti", "redirect_uri", "iat", "exp"],
        issued: Some((f64::INFINITY, 0.0)),
        ..plain(Kind::OAuthState, "oauth-state", "an OAuth state", "canvas-lms-tokens: authorization")
    },
    plain(Kind::Jwt, "jwt", "a JWT", "RFC 7519"),
    plain(Kind::Jws, "jws", "a JWS", "RFC 7515"),
    plain(Kind::Jwe, "jwe", "a JWE", "RFC 7516"),
];

/// As JavaScript sees it.
impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Kind {
    /// The kind with this name, such as `lti2-assertion`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        PROFILES.iter().find(|profile| profile.id == name).map(|profile| profile.kind)
    }

    /// The kind as JavaScript sees it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.profile().id
    }

    pub(crate) fn profile(self) -> &'static Profile {
        static JWT: Profile = plain(Kind::Jwt, "jwt", "a JWT", "RFC 7519");
        PROFILES.iter().find(|profile| profile.kind == self).unwrap_or(&JWT)
    }

    /// The kind of token that a tool sends to this URL.
    pub(crate) fn sent_to(url: &str) -> Option<Self> {
        let path = HttpUrl::parse(url)?.path.trim_end_matches('/').to_ascii_lowercase();
        if path.contains("/api/lti/") && path.ends_with("/authorize") {
            return Some(Self::Lti2Assertion);
        }
        if path.ends_with("/deep_linking_response") {
            return Some(Self::Lti13DeepLinkingResponse);
        }
        path.ends_with("/login/oauth2/token").then_some(Self::Lti13ClientAssertion)
    }

    /// Who reads it.
    pub(crate) fn reader(self) -> &'static str {
        match self {
            Self::Lti13IdToken | Self::Lti13Notice | Self::Lti13LoginState | Self::OAuthState => "the tool",
            Self::InstAccessToken => "Instructure's API gateway",
            Self::Jwt | Self::Jws | Self::Jwe => "its reader",
            _ => "Canvas",
        }
    }

    /// Whether Canvas makes it.
    pub(crate) fn is_issued(self) -> bool {
        matches!(
            self,
            Self::Lti2AccessToken
                | Self::CanvasJwt
                | Self::InstAccessToken
                | Self::Lti13IdToken
                | Self::Lti13AccessToken
                | Self::Lti13Notice
                | Self::Lti13RegistrationToken
                | Self::Lti13MessageHint
        )
    }

    /// Whether Canvas signs it with a key that it shares with nobody.
    pub(crate) fn is_for_canvas_alone(self) -> bool {
        matches!(self, Self::Lti13RegistrationToken | Self::Lti13MessageHint)
    }

    /// Which of a platform's messages it is.
    pub(crate) fn form(self) -> Option<Form> {
        match self {
            Self::Lti13IdToken => Some(Form::Launch),
            Self::Lti13Notice => Some(Form::Notice),
            _ => None,
        }
    }

    /// Whether a tool makes it for Canvas, so that Canvas's endpoint is its audience.
    pub(crate) fn is_assertion(self) -> bool {
        matches!(self, Self::Lti2Assertion | Self::Lti13ClientAssertion)
    }
}

/// The texts in `aud`.
pub(crate) fn audiences(claims: &Object) -> Vec<&str> {
    let items = match claims.get("aud") {
        Some(Json::Array(items)) => items,
        Some(aud) => core::slice::from_ref(aud),
        None => &[],
    };
    items.iter().filter_map(Json::as_str).collect()
}
