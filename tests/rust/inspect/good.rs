//! One good token of every kind that is signed, as text to be spoilt before it is signed.

use canvas_lms_tokens::inspect::{Kind, Options};
use canvas_lms_tokens::jose::jwa::Hash;
use canvas_lms_tokens::jose::{Key, Keys, base64url, mac};

use super::{NOW, With, secret};
use crate::platform::{crypto, keys};

pub(crate) const SECRET: &str = "a secret of thirty-two bytes, or more";
pub(crate) const ENDPOINT: &str = "https://canvas.test/api/lti/accounts/1/authorize";
pub(crate) const TOKEN_ENDPOINT: &str = "https://canvas.test/login/oauth2/token";

/// What no message may contain: the secret, and the claims of persons and tokens.
pub(crate) const PRIVATE: [&str; 21] = [
    SECRET,
    "Ada",
    "ada@",
    "marked",
    "10000000000003",
    "10000000000002",
    "10000000000005",
    "123123-",
    "688700c2",
    "22494260",
    "9359e0cd",
    "0f6a54a0",
    "8a1c8b5e",
    "A1eIxE4z",
    "yRKYAaw1",
    "1:abc",
    "535fa085",
    "9c2f1d4a",
    "dcf9a6a1",
    "4a4bbf02",
    "LtiResource",
];

/// A token before it is signed.
#[derive(Clone, Debug)]
pub(crate) struct Good {
    pub(crate) kind: &'static str,
    pub(crate) header: String,
    pub(crate) payload: String,
    pub(crate) endpoint: Option<&'static str>,
}

fn good(kind: &'static str, header: &str, payload: &str, endpoint: Option<&'static str>) -> Good {
    Good { kind, header: header.to_owned(), payload: payload.to_owned(), endpoint }
}

const HS256: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const RS256: &str = r#"{"alg":"RS256","typ":"JWT","kid":"marked-kid"}"#;

pub(crate) fn assertion() -> Good {
    let payload = r#"{"sub":"123123-ad13-ac233","aud":"https://canvas.test/api/lti/accounts/1/authorize","exp":1700000060,"iat":1700000000,"jti":"688700c2-4bc1-40b7-83e5-7cbf54f93335","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"}}"#;
    good("lti2-assertion", HS256, payload, Some(ENDPOINT))
}

pub(crate) fn access_token() -> Good {
    let payload = r#"{"iss":"Canvas","sub":10000000000003,"exp":1700003600,"aud":["canvas.test"],"iat":1700000000,"nbf":1699999970,"jti":"22494260-0a96-468e-acdf-2b39f06296a5","reg_key":"9359e0cd","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"}}"#;
    good("lti2-access-token", HS256, payload, Some("https://canvas.test/api/lti/subscriptions"))
}

pub(crate) fn canvas_jwt() -> Good {
    let payload = r#"{"sub":10000000000002,"domain":"canvas.test","workflows":["ui"],"iss":"Canvas","aud":["Instructure"],"exp":1700003600,"nbf":1699999970,"iat":1700000000,"jti":"0f6a54a0-4dd5-4b5d-a1fa-8c9b8a0b4bbd","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"}}"#;
    good("canvas-jwt", RS256, payload, None)
}

pub(crate) fn inst_access() -> Good {
    let payload = r#"{"iss":"instructure:inst_access","jti":"8a1c8b5e-6b53-4e9c-9d27-0c2b06ba3d0e","iat":1700000000,"exp":1700003600,"sub":"A1eIxE4zCbGrMZbCK7KWiHfPYNAVZHvoNGoEtnRt","acct":"yRKYAaw1","canvas_domain":"canvas.test","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"}}"#;
    good("inst-access-token", r#"{"typ":"JWT","alg":"RS256"}"#, payload, None)
}

pub(crate) fn id_token() -> Good {
    let payload = r#"{"https://purl.imsglobal.org/spec/lti/claim/message_type":"LtiResourceLinkRequest","https://purl.imsglobal.org/spec/lti/claim/version":"1.3.0","https://purl.imsglobal.org/spec/lti/claim/deployment_id":"1:abc","iss":"https://canvas.instructure.com","sub":"535fa085-f22b","aud":"10000000000005","exp":1700003600,"iat":1700000000,"nonce":"9c2f1d4a-55aa","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"},"https://purl.imsglobal.org/spec/lti/claim/target_link_uri":"https://tool.test/marked-target","https://purl.imsglobal.org/spec/lti/claim/roles":["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],"https://purl.imsglobal.org/spec/lti/claim/resource_link":{"id":"marked-link"}}"#;
    good("lti13-id-token", RS256, payload, None)
}

pub(crate) fn client_assertion() -> Good {
    let payload = r#"{"iss":"10000000000005","sub":"10000000000005","aud":"https://canvas.test/login/oauth2/token","exp":1700000300,"iat":1700000000,"jti":"dcf9a6a1-97b8-4e3f-9f65-2f0f1f7b9b52","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"}}"#;
    good("lti13-client-assertion", RS256, payload, Some(TOKEN_ENDPOINT))
}

pub(crate) fn deep_linking() -> Good {
    let payload = r#"{"https://purl.imsglobal.org/spec/lti/claim/message_type":"LtiDeepLinkingResponse","https://purl.imsglobal.org/spec/lti/claim/version":"1.3.0","https://purl.imsglobal.org/spec/lti/claim/deployment_id":"1:abc","iss":"10000000000005","aud":"https://canvas.instructure.com","exp":1700000300,"iat":1700000000,"nonce":"9c2f1d4a-55aa","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"}}"#;
    good("lti13-deep-linking-response", RS256, payload, None)
}

pub(crate) fn lti13_access_token() -> Good {
    let payload = r#"{"iss":"https://canvas.instructure.com","sub":"10000000000005","aud":"https://canvas.test/login/oauth2/token","iat":1700000000,"exp":1700003600,"jti":"4a4bbf02-2b5c-4e1c-8e8e-4c7c8c2c0a5d","scopes":"https://purl.imsglobal.org/spec/lti-ags/scope/score","name":"Ada Lovelace","email":"ada@tool.test","custom":{"grade":"marked-grade"}}"#;
    good("lti13-access-token", HS256, payload, None)
}

pub(crate) fn notice() -> Good {
    let payload = r#"{"iss":"https://canvas.instructure.com","aud":"10000000000005","azp":"10000000000005","iat":1700000000,"exp":1700003600,"nonce":"9c2f1d4a-55aa","https://purl.imsglobal.org/spec/lti/claim/version":"1.3.0","https://purl.imsglobal.org/spec/lti/claim/deployment_id":"1:abc","https://purl.imsglobal.org/spec/lti/claim/notice":{"id":"marked-notice","timestamp":"2023-11-14T22:13:20Z","type":"LtiHelloWorldNotice"}}"#;
    good("lti13-notice", RS256, payload, None)
}

pub(crate) fn registration_token() -> Good {
    let payload = r#"{"uuid":"688700c2-4bc1-40b7-83e5-7cbf54f93335","initiated_at":"2023-11-14T22:13:20Z","user_id":10000000000002,"root_account_global_id":10000000000001,"exp":1700003600}"#;
    good("lti13-registration-token", HS256, payload, None)
}

pub(crate) fn message_hint() -> Good {
    let payload = r#"{"verifier":"marked-verifier","canvas_domain":"canvas.test","context_type":"Course","context_id":10000000000003,"canvas_locale":"en","include_storage_target":true,"exp":1700000300}"#;
    good("lti13-message-hint", HS256, payload, None)
}

pub(crate) fn login_state() -> Good {
    let payload = r#"{"iss":"https://canvas.instructure.com","aud":"10000000000005","jti":"dcf9a6a1","nonce":"9c2f1d4a-55aa","origin":"https://tool.test","iat":1700000000,"exp":1700000600}"#;
    good("lti13-login-state", r#"{"typ":"lti-state+jwt","alg":"HS256"}"#, payload, None)
}

pub(crate) fn oauth_state() -> Good {
    let payload = r#"{"iss":"https://canvas.test","aud":"10000000000004","jti":"dcf9a6a1","redirect_uri":"https://tool.test/callback","iat":1700000000,"exp":1700000600}"#;
    good("oauth-state", r#"{"typ":"oauth-state+jwt","alg":"HS256"}"#, payload, None)
}

pub(crate) fn jwt() -> Good {
    good(
        "jwt",
        HS256,
        r#"{"sub":"marked-sub","name":"Ada Lovelace","exp":1700000060,"nbf":1700000000,"iat":1700000000}"#,
        None,
    )
}

pub(crate) fn all() -> Vec<Good> {
    vec![
        assertion(),
        access_token(),
        canvas_jwt(),
        inst_access(),
        id_token(),
        client_assertion(),
        deep_linking(),
        lti13_access_token(),
        notice(),
        registration_token(),
        message_hint(),
        login_state(),
        oauth_state(),
        jwt(),
    ]
}

impl Good {
    /// With this text of the claims set changed.
    pub(crate) fn with_claims(&self, from: &str, to: &str) -> Self {
        Self { payload: replaced(&self.payload, from, to), ..self.clone() }
    }

    /// With this text of the header changed.
    pub(crate) fn with_header(&self, from: &str, to: &str) -> Self {
        Self { header: replaced(&self.header, from, to), ..self.clone() }
    }

    pub(crate) fn is_symmetric(&self) -> bool {
        !matches!(
            self.kind,
            "canvas-jwt"
                | "inst-access-token"
                | "lti13-id-token"
                | "lti13-client-assertion"
                | "lti13-deep-linking-response"
                | "lti13-notice"
        )
    }

    /// Signed with the right key, by the hash that the header names where it names one.
    pub(crate) fn signed(&self) -> String {
        let purpose = match self.kind {
            "lti13-login-state" => "canvas-lms-tokens lti-state signing",
            "oauth-state" => "canvas-lms-tokens oauth-state signing",
            _ => "",
        };
        if !purpose.is_empty() {
            // HKDF-SHA256 (RFC 5869 §2) without salt, of one block.
            let extracted = mac::mac(Hash::Sha256, &[0; 32], &[SECRET.as_bytes()]);
            let key = mac::mac(Hash::Sha256, &extracted, &[purpose.as_bytes(), &[1]]);
            return signed(&self.header, self.payload.as_bytes(), Some(&key));
        }
        signed(&self.header, self.payload.as_bytes(), (self.is_symmetric()).then_some(SECRET.as_bytes()))
    }

    /// What it is inspected with: all that is known of it, but not what kind it is.
    pub(crate) fn with(&self) -> With {
        let key = if self.is_symmetric() { secret(SECRET) } else { Keys::from(rsa()) };
        let options = Options { now: NOW, endpoint: self.endpoint.map(str::to_owned), ..Options::default() };
        With { key: Some(key), options, ..With::default() }
    }

    /// The same, told what kind it is meant to be.
    pub(crate) fn with_kind(&self) -> With {
        let mut with = self.with();
        with.options.kind = Kind::named(self.kind);
        with
    }
}

pub(crate) fn rsa() -> Key {
    keys::public(&keys::rsa())
}

/// A token of this header and payload text, its signature by the hash that the header names where it names one.
pub(crate) fn signed(header: &str, payload: &[u8], secret: Option<&[u8]>) -> String {
    let input = [base64url::encode(header.as_bytes()), base64url::encode(payload)].join(".");
    let signature = match secret {
        None => crypto::sign("RS256", &keys::key(&keys::rsa()), input.as_bytes()),
        Some(secret) => mac::mac(hash_of(header), secret, &[input.as_bytes()]).to_vec(),
    };
    [input, base64url::encode(&signature)].join(".")
}

fn hash_of(header: &str) -> Hash {
    match header {
        header if header.contains(r#""HS384""#) => Hash::Sha384,
        header if header.contains(r#""HS512""#) => Hash::Sha512,
        _ => Hash::Sha256,
    }
}

/// The text with one of its parts changed; it must be there, once.
#[track_caller]
pub(crate) fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    text.replace(from, to)
}
