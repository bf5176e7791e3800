//! A tool's registration on a platform. Issuer and client id together tell it from others: Canvas's issuer is the same for
//! every institution of an environment, and for self-hosted sites that never changed it.

use core::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize, Serializer};

use crate::error::{Code, Error, Result};
use crate::http::HttpUrl;

/// A tool's registration on a platform.
#[derive(Clone, Debug, PartialEq, Eq, DeriveDeserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct Platform {
    /// The `iss` of its messages.
    pub issuer: String,
    /// The tool's client id there: text, as Canvas's exceed 2^53.
    pub client_id: String,
    /// Where a login is answered to.
    pub authorization_endpoint: String,
    /// Where service tokens are asked for.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
    /// Which deployments may launch.
    #[serde(default)]
    pub deployments: Deployments,
}

/// Which deployments of a tool may launch it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Deployments {
    /// All: Canvas makes new ones with every course copy and every installation in a sub-account.
    #[default]
    Any,
    /// These alone.
    Only(Vec<String>),
}

/// An environment of Instructure's cloud.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, DeriveDeserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Environment {
    #[default]
    Production,
    Beta,
    Test,
}

impl Environment {
    pub(super) const ALL: [Self; 3] = [Self::Production, Self::Beta, Self::Test];

    /// The environment of this name, such as `beta`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "production" => Some(Self::Production),
            "beta" => Some(Self::Beta),
            "test" => Some(Self::Test),
            _ => None,
        }
    }
}

impl Platform {
    /// Canvas in Instructure's cloud. Its issuer is not the host of its endpoints, nor of any institution.
    ///
    /// ```
    /// use canvas_lms_tokens::lti13::{Environment, Platform};
    ///
    /// let platform = Platform::canvas("10000000000042", Environment::Beta);
    /// assert_eq!(platform.issuer, "https://canvas.beta.instructure.com");
    /// assert_eq!(platform.token_endpoint, "https://sso.beta.canvaslms.com/login/oauth2/token");
    /// ```
    #[must_use]
    pub fn canvas(client_id: &str, environment: Environment) -> Self {
        let label = match environment {
            Environment::Production => "",
            Environment::Beta => "beta.",
            Environment::Test => "test.",
        };
        let issuer = format!("https://canvas.{label}instructure.com");
        Self::with_endpoints(client_id, issuer, &format!("https://sso.{label}canvaslms.com"))
    }

    /// The same with both sets of endpoints: those of today, and those on the issuer's own host, which still answer.
    pub(super) fn in_cloud(environment: Environment) -> [Self; 2] {
        let today = Self::canvas("", environment);
        let before = Self::with_endpoints("", today.issuer.clone(), &today.issuer);
        [today, before]
    }

    /// A self-hosted Canvas at this URL. Its issuer is what its operator configured, `https://canvas.instructure.com` where
    /// that was never changed.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for a `base_url` that is no absolute `https` URL (on this machine `http` will do), or carries credentials, a
    /// query or a fragment.
    pub fn self_hosted(client_id: &str, base_url: &str, issuer: Option<&str>) -> Result<Self> {
        const AT: &str = "options.baseUrl";
        let Some(url) = HttpUrl::parse(base_url) else {
            return Err(Error::argument(
                AT,
                "not an absolute https URL, expected one such as https://canvas.school.edu",
            ));
        };
        if url.userinfo.is_some() || url.query.is_some() || url.fragment.is_some() {
            return Err(Error::argument(AT, "carries more than the URL of the site"));
        }
        if !url.is_private() {
            return Err(Error::argument(
                AT,
                "not an https URL: keys and tokens go there, which anybody on the way could change",
            ));
        }
        let issuer = issuer.unwrap_or("https://canvas.instructure.com").to_owned();
        Ok(Self::with_endpoints(client_id, issuer, base_url.trim_end_matches('/')))
    }

    fn with_endpoints(client_id: &str, issuer: String, base: &str) -> Self {
        Self {
            issuer,
            client_id: client_id.to_owned(),
            authorization_endpoint: format!("{base}/api/lti/authorize_redirect"),
            token_endpoint: format!("{base}/login/oauth2/token"),
            jwks_uri: format!("{base}/api/lti/security/jwks"),
            deployments: Deployments::Any,
        }
    }

    /// Whether the three endpoints are absolute `https` URLs, or of this machine: whoever could change the keys on their way could
    /// forge launches. `at` names the platform for the error.
    ///
    /// # Errors
    /// `ERR_ARGUMENT` for the first that is none, or carries credentials or a fragment, and for an empty issuer or client id.
    pub fn check(&self, at: &str) -> Result<()> {
        for (name, text) in [("issuer", &self.issuer), ("clientId", &self.client_id)] {
            if text.trim().is_empty() {
                return Err(Error::argument(&format!("{at}.{name}"), "empty"));
            }
        }
        for (name, url) in [
            ("authorizationEndpoint", &self.authorization_endpoint),
            ("tokenEndpoint", &self.token_endpoint),
            ("jwksUri", &self.jwks_uri),
        ] {
            if !HttpUrl::parse(url).is_some_and(HttpUrl::is_private) {
                let expected = "not an absolute https URL without credentials and fragment";
                return Err(Error::argument(&format!("{at}.{name}"), expected));
            }
        }
        Ok(())
    }

    /// Whether it is on this machine, by where its service tokens are asked for: what it names may be there then, too.
    #[must_use]
    pub fn is_of_this_machine(&self) -> bool {
        HttpUrl::parse(&self.token_endpoint).is_some_and(HttpUrl::is_of_this_machine)
    }

    /// Whether it is the one of this issuer and client id, which somebody's look-up gave for them.
    ///
    /// # Errors
    /// `ERR_LTI_PLATFORM_UNKNOWN` where it is another.
    pub fn check_registration(&self, issuer: &str, client_id: Option<&str>) -> Result<()> {
        if self.issuer == issuer && client_id.is_none_or(|client_id| self.client_id == client_id) {
            return Ok(());
        }
        let message = "the platform that was found has another issuer or client id than was asked for";
        Err(Error::new(Code::PlatformUnknown, message))
    }

    /// Whether this deployment may launch.
    #[must_use]
    pub fn allows(&self, deployment: &str) -> bool {
        match &self.deployments {
            Deployments::Any => true,
            Deployments::Only(known) => known.iter().any(|known| known == deployment),
        }
    }
}

/// The platform of this issuer and client id; without the latter, the only one of the issuer.
///
/// # Errors
/// `ERR_LTI_PLATFORM_UNKNOWN` where there is none, or where more than one could be meant.
pub fn find<'p>(platforms: &'p [Platform], issuer: &str, client_id: Option<&str>) -> Result<&'p Platform> {
    let mut of_issuer = platforms.iter().filter(|platform| platform.issuer == issuer);
    match client_id {
        Some(client_id) => {
            let found = of_issuer.find(|platform| platform.client_id == client_id);
            found.ok_or_else(|| unknown(platforms, issuer, Some(client_id)))
        }
        None => match (of_issuer.next(), of_issuer.next()) {
            (Some(platform), None) => Ok(platform),
            (None, _) => Err(unknown(platforms, issuer, None)),
            (Some(_), Some(_)) => {
                Err(refused("several platforms with this issuer, and no client id to tell which is meant"))
            }
        },
    }
}

/// The error for a platform that a function of the caller's does not know.
#[must_use]
pub fn unknown_platform(issuer: &str, client_id: Option<&str>) -> Error {
    refused(&format!("no platform with {}", described(issuer, client_id)))
}

/// What was asked for, and what is nearest to it of those that are known.
fn unknown(platforms: &[Platform], issuer: &str, client_id: Option<&str>) -> Error {
    let known: Vec<_> = platforms.iter().filter(|platform| platform.issuer == issuer).collect();
    let hint = match platforms {
        [] => "none is known at all".to_owned(),
        _ if known.is_empty() => {
            let issuers: Vec<_> = platforms.iter().map(|platform| quoted(&platform.issuer)).collect();
            format!("known are those of {}; beta, test and production differ", issuers.join(", "))
        }
        _ => {
            let ids: Vec<_> = known.iter().map(|platform| quoted(&platform.client_id)).collect();
            format!("with this issuer the client ids {} are known; Canvas sends a key's global id", ids.join(", "))
        }
    };
    refused(&format!("no platform with {}: {hint}", described(issuer, client_id)))
}

fn described(issuer: &str, client_id: Option<&str>) -> String {
    let client = client_id.map_or_else(String::new, |id| format!(" and client id {}", quoted(id)));
    format!("issuer {}{client}", quoted(issuer))
}

/// Text of a request in a message: short, and in quotation marks.
fn quoted(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(100).collect();
    format!("\"{shown}\"")
}

fn refused(message: &str) -> Error {
    Error::new(Code::PlatformUnknown, message).spec("1EdTech Security Framework 1.0 §5.1.1.1")
}

impl Serialize for Deployments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => serializer.serialize_str("any"),
            Self::Only(known) => serializer.collect_seq(known),
        }
    }
}

impl<'de> Deserialize<'de> for Deployments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Deployments;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("'any' or an array of strings")
            }

            fn visit_none<E: de::Error>(self) -> Result<Deployments, E> {
                Ok(Deployments::Any)
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Deployments, D::Error> {
                deserializer.deserialize_any(self)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Deployments, E> {
                if text == "any" { Ok(Deployments::Any) } else { Err(E::invalid_value(de::Unexpected::Str(""), &self)) }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Deployments, A::Error> {
                let mut known = Vec::new();
                while let Some(deployment) = items.next_element()? {
                    known.push(deployment);
                }
                Ok(Deployments::Only(known))
            }
        }

        // Absent is 'any', and JavaScript's undefined is absent.
        deserializer.deserialize_option(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canvas_has_endpoints_on_another_host_than_its_issuer() {
        for (environment, issuer, host) in [
            (Environment::Production, "https://canvas.instructure.com", "https://sso.canvaslms.com"),
            (Environment::Beta, "https://canvas.beta.instructure.com", "https://sso.beta.canvaslms.com"),
            (Environment::Test, "https://canvas.test.instructure.com", "https://sso.test.canvaslms.com"),
        ] {
            let platform = Platform::canvas("1", environment);
            assert_eq!(platform.issuer, issuer);
            assert_eq!(platform.authorization_endpoint, format!("{host}/api/lti/authorize_redirect"));
            assert_eq!(platform.token_endpoint, format!("{host}/login/oauth2/token"));
            assert_eq!(platform.jwks_uri, format!("{host}/api/lti/security/jwks"));
            assert_eq!(platform.check("platform"), Ok(()));
        }
        let own = Platform::self_hosted("1", "https://canvas.school.edu/", None).unwrap();
        assert_eq!(
            (&*own.issuer, &*own.jwks_uri),
            ("https://canvas.instructure.com", "https://canvas.school.edu/api/lti/security/jwks")
        );
        let own = Platform::self_hosted("1", "https://a.test/canvas", Some("https://a.test")).unwrap();
        assert_eq!(
            (&*own.issuer, &*own.token_endpoint),
            ("https://a.test", "https://a.test/canvas/login/oauth2/token")
        );
        assert!(
            Platform::self_hosted("1", "http://canvas.localhost:3000", None).is_ok_and(|own| own.check("").is_ok())
        );
        for base in [
            "school.edu",
            "http://canvas.school.edu",
            "http://localhost.school.edu",
            "https://u@school.edu",
            "https://school.edu?x",
            "https://school.edu#x",
        ] {
            let error = Platform::self_hosted("1", base, None).unwrap_err();
            assert_eq!((error.code, error.at.as_deref()), (Code::Argument, Some("options.baseUrl")), "{base}");
        }
    }

    #[test]
    fn no_endpoint_is_reached_by_http_but_on_this_machine() {
        let good = Platform::canvas("1", Environment::Production);
        let http = || "http://school.test/x".to_owned();
        for (platform, at) in [
            (Platform { authorization_endpoint: http(), ..good.clone() }, "p.authorizationEndpoint"),
            (Platform { token_endpoint: http(), ..good.clone() }, "p.tokenEndpoint"),
            (Platform { jwks_uri: http(), ..good.clone() }, "p.jwksUri"),
        ] {
            assert_eq!(platform.check("p").unwrap_err().at.as_deref(), Some(at));
        }
        assert_eq!(Platform { jwks_uri: "http://127.0.0.1:3000/x".to_owned(), ..good }.check("p"), Ok(()));
    }

    #[test]
    fn issuer_and_client_id_tell_a_platform() {
        let platforms = [
            Platform::canvas("1", Environment::Production),
            Platform::canvas("2", Environment::Production),
            Platform::canvas("1", Environment::Beta),
        ];
        let (production, beta) = ("https://canvas.instructure.com", "https://canvas.beta.instructure.com");
        assert_eq!(find(&platforms, production, Some("2")), Ok(&platforms[1]));
        assert_eq!(find(&platforms, beta, Some("1")), Ok(&platforms[2]));
        assert_eq!(find(&platforms, beta, None), Ok(&platforms[2]));
        for (issuer, client_id) in
            [(production, None), (production, Some("3")), (beta, Some("2")), ("https://x.test", None)]
        {
            assert_eq!(find(&platforms, issuer, client_id).unwrap_err().code, Code::PlatformUnknown);
        }
    }

    #[test]
    fn a_platform_is_read_and_written_as_json() {
        let text = r#"{"issuer":"i","clientId":"c","authorizationEndpoint":"a","tokenEndpoint":"t","jwksUri":"j","deployments":["1:x"]}"#;
        let platform: Platform = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&platform).unwrap(), text);
        assert!(platform.allows("1:x") && !platform.allows("1:y"));
        let any: Platform = serde_json::from_str(&text.replace(r#"["1:x"]"#, r#""any""#)).unwrap();
        let absent: Platform = serde_json::from_str(&text.replace(r#","deployments":["1:x"]"#, "")).unwrap();
        assert!(any.allows("1:y") && any == absent);
        assert!(serde_json::from_str::<Platform>(&text.replace(r#"["1:x"]"#, r#""all""#)).is_err());
        assert_eq!(
            platform.check("options.platforms").unwrap_err().at.as_deref(),
            Some("options.platforms.authorizationEndpoint")
        );
    }
}
