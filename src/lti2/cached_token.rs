//! An access token that is kept until shortly before it expires, in memory or as text in a store.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::json::{self, Json};

/// How many seconds before its end a token counts as expired unless told otherwise: a request with it takes its time.
pub const EARLY: f64 = 60.0;

/// An access token and its end.
#[derive(Clone, PartialEq)]
pub struct CachedToken {
    /// The bearer token.
    pub access_token: Zeroizing<String>,
    /// In seconds since 1970.
    pub expires_at: f64,
}

/// As it stands in a store.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    access_token: &'a str,
    expires_at: f64,
}

impl CachedToken {
    /// Whether it is good at this time (in seconds since 1970), and for `early` seconds more.
    #[must_use]
    pub fn is_good(&self, now: f64, early: f64) -> bool {
        now < self.expires_at - early
    }

    /// For how many whole seconds a store is to keep it, where that is any.
    #[must_use]
    pub fn lifetime(&self, now: f64, early: f64) -> Option<f64> {
        let seconds = (self.expires_at - early - now).floor();
        (seconds >= 1.0).then_some(seconds)
    }

    /// The token as text for a store.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        json::secret_text_of(&Entry { access_token: &self.access_token, expires_at: self.expires_at })
    }

    /// The token of such a text, or nothing for another text.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        let object = json::read_object(text.as_bytes()).ok()?;
        let access_token = object.text("accessToken").filter(|token| !token.is_empty())?;
        let Some(Json::Number(expires_at)) = object.get("expiresAt") else { return None };
        Some(Self { access_token: Zeroizing::new(access_token.to_owned()), expires_at: expires_at.as_f64() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_until_shortly_before_its_end() {
        let token = CachedToken { access_token: "t".to_owned().into(), expires_at: 1000.0 };
        assert!(token.is_good(939.9, 60.0) && !token.is_good(940.0, 60.0));
        assert_eq!([token.lifetime(900.5, 60.0), token.lifetime(939.5, 60.0)], [Some(39.0), None]);
    }

    #[test]
    fn a_token_is_written_and_read_again() {
        let token = CachedToken { access_token: "a\"b".to_owned().into(), expires_at: 1_700_003_600.5 };
        assert_eq!(&*token.to_json(), r#"{"accessToken":"a\"b","expiresAt":1700003600.5}"#);
        let read = CachedToken::from_json(&token.to_json()).unwrap();
        assert_eq!((read.access_token.as_str(), read.expires_at.to_bits()), ("a\"b", 1_700_003_600.5_f64.to_bits()));
        for text in
            ["", "x", "[]", "{}", r#"{"accessToken":"","expiresAt":1}"#, r#"{"accessToken":"t","expiresAt":"1"}"#]
        {
            assert!(CachedToken::from_json(text).is_none(), "{text}");
        }
    }
}
