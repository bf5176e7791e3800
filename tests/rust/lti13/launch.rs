//! Logins, launches and notices through the core's own functions, OpenSSL playing the platform's crypto: the order of the
//! checks, and what no JavaScript can see.

use std::cell::Cell;

use canvas_lms_tokens::jose::{Keys, Secret, base64url};
use canvas_lms_tokens::lti13::{
    Clock, DEFAULT_TOLERANCE, Environment, Evidence, Launch, LaunchResponse, Login, LoginOptions, LoginRequest, Notice,
    Parameters, Platform, RANDOM, StateKeys, Stored, UntrustedNotice,
};
use canvas_lms_tokens::{Code, Result};

use crate::platform::keys::{key, public, rsa};
use crate::platform::{crypto, header, sign};

const NOW: i64 = 1_800_000_000;
const CLOCK: Clock = Clock { now: 1_800_000_001.0, tolerance: DEFAULT_TOLERANCE };
const FORM: &str =
    "iss=https%3A%2F%2Fcanvas.instructure.com&client_id=42&login_hint=u&target_link_uri=https%3A%2F%2Ftool.test";

fn platform() -> Platform {
    Platform::canvas("42", Environment::Production)
}

fn state_keys(texts: &[&str]) -> StateKeys {
    let secrets: Vec<_> = texts.iter().map(|text| Secret::new(text.as_bytes().to_vec(), "secret").unwrap()).collect();
    StateKeys::new(&secrets).unwrap()
}

const SECRET: &str = "a secret of the tool of more than 32 bytes";

fn begin(form: &str) -> Login {
    let request = LoginRequest::parse(&Parameters::parse(form)).unwrap();
    let options = LoginOptions { redirect_uri: "https://Tool.test:443/launch?x=1", lifetime: None, now: NOW };
    Login::begin(&request, &platform(), &state_keys(&[SECRET]), &options, &[7; RANDOM]).unwrap()
}

fn id_token(nonce: &str) -> String {
    let lti = "https://purl.imsglobal.org/spec/lti/claim";
    let claims = format!(
        r#"{{"iss":"https://canvas.instructure.com","aud":"42","iat":{NOW},"exp":{},"nonce":"{nonce}","sub":"u","{lti}/message_type":"LtiResourceLinkRequest","{lti}/version":"1.3.0","{lti}/deployment_id":"1:a","{lti}/target_link_uri":"https://tool.test/","{lti}/roles":[],"{lti}/resource_link":{{"id":"r"}}}}"#,
        NOW + 3600
    );
    sign(claims.as_bytes(), &key(&rsa()), &header(&[("alg", "RS256")])).unwrap()
}

fn keys() -> Keys {
    public(&rsa()).into()
}

fn launch(form: &str, cookie: &str) -> Result<Launch> {
    let response = LaunchResponse::parse(&Parameters::parse(form), &state_keys(&[SECRET]), CLOCK.now)?;
    let bound = response.bind(&Evidence { cookie: Some(cookie), stored: None })?;
    let keys = keys();
    let question = bound.verification(&keys)?;
    let is_right = crypto::verify("RS256", question.key(), question.signing_input(), question.signature());
    bound.launch(&question.conclude(is_right)?, &platform(), CLOCK)
}

#[test]
fn a_login_and_its_launch() {
    let login = begin(FORM);
    assert!(login.url.ends_with(&format!("&login_hint=u&state={}&nonce={}", login.state, login.nonce)));
    assert!(login.url.contains("&redirect_uri=https%3A%2F%2FTool.test%3A443%2Flaunch%3Fx%3D1&"));
    let (cookie, _) = login.cookie.split_once(';').unwrap();
    assert_eq!(cookie.split_once('=').unwrap().0, format!("__Host-lti-{}", base64url::encode(&[7; 12])));
    let form = format!("id_token={}&state={}", id_token(&login.nonce), login.state);
    let launch = launch(&form, &format!("a=1; {cookie};b=2")).unwrap();
    assert_eq!((launch.user.unwrap().id.as_str(), launch.deployment_id.as_str()), ("u", "1:a"));
    let name = format!("lti-nonce/https%3A%2F%2Fcanvas.instructure.com/42/{}", login.nonce);
    assert_eq!((launch.nonce.name.as_str(), launch.nonce.until), (name.as_str(), NOW + 660));
    assert_eq!([CLOCK.now, CLOCK.now + 0.5, CLOCK.now + 9999.0].map(|now| launch.nonce.lifetime(now)), [659, 659, 1]);
    assert_eq!(launch.nonce.check(true), Ok(()));
    assert_eq!(launch.nonce.check(false).unwrap_err().code, Code::NonceUsed);
}

#[test]
fn a_cookie_whose_name_begins_with_another_blank_is_another_cookie() {
    let login = begin(FORM);
    let (cookie, _) = login.cookie.split_once(';').unwrap();
    let form = format!("id_token={}&state={}", id_token(&login.nonce), login.state);
    for before in ["", " ", "\t", "a=1;", "a=1 ; \t"] {
        assert!(launch(&form, &format!("{before}{cookie}")).is_ok(), "{before:?}");
    }
    // What Unicode calls white space, of which a browser cuts off nothing: no `__Host-` protects such a name.
    for before in ["\u{b}", "\u{85}", "\u{a0}", "\u{2000}", "\u{3000}", "a=1; \u{a0}", "\u{2000} "] {
        let found = launch(&form, &format!("{before}{cookie}")).map_err(|error| error.code);
        assert_eq!(found.map(|_| ()), Err(Code::StateNotBound), "{before:?}");
    }
}

#[test]
fn the_state_is_bound_by_a_key_of_its_own() {
    let login = begin(&format!("{FORM}&lti_storage_target=_parent"));
    let storage = login.storage.unwrap();
    assert_eq!((storage.target.as_str(), storage.origin.as_str()), ("_parent", "https://sso.canvaslms.com"));
    let value = storage.value.unwrap();
    assert_eq!(value.len(), 43);
    // The state's own MAC, which an attacker sees in the URL of his login, is not its binding.
    let mac = login.state.rsplit('.').next().unwrap();
    assert_ne!(mac, value);
    let response = |keys: &StateKeys| {
        LaunchResponse::parse(&Parameters::parse(&format!("state={}", login.state)), keys, CLOCK.now)
    };
    let ours = response(&state_keys(&["another secret, which is the newer of both", SECRET])).unwrap();
    for (value, origin, is_bound) in [
        (value.as_str(), Some("https://tool.test"), true),
        (value.as_str(), Some("https://tool.test:443"), false),
        (value.as_str(), None, false),
        (mac, Some("https://tool.test"), false),
        ("", Some("https://tool.test"), false),
    ] {
        let stored = Some(Stored { value, origin });
        let bound = ours.bind(&Evidence { cookie: None, stored }).map(drop).map_err(|error| error.code);
        assert_eq!(bound, if is_bound { Ok(()) } else { Err(Code::StateNotBound) }, "{origin:?}");
    }
    let of_another = response(&state_keys(&["another secret, which is the newer of both"]));
    assert_eq!(of_another.unwrap_err().code, Code::StateInvalid);
}

#[test]
fn nothing_secret_is_shown() {
    let keys = state_keys(&[SECRET]);
    assert_eq!(format!("{keys:?}"), "StateKeys(1)");
    let login = begin(FORM);
    let form = Parameters::parse(&format!("id_token=eyJ&state={}", login.state));
    let response = LaunchResponse::parse(&form, &keys, CLOCK.now).unwrap();
    let stored = Stored { value: "secret", origin: Some("o") };
    let shown = format!("{form:?} {response:?} {stored:?} {login:?}");
    for secret in ["eyJ", "secret", &login.cookie[30..60]] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn parameters_have_an_end() {
    let long = "x".repeat((1 << 16) + 1);
    for name in ["login_hint", "lti_message_hint", "target_link_uri", "lti_storage_target"] {
        let form = FORM.replace(&format!("{name}="), "other=");
        let parse = |value: &str| LoginRequest::parse(&Parameters::parse(&format!("{form}&{name}={value}")));
        assert!(parse(&long[1..]).is_ok(), "{name}");
        let error = parse(&long).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::LoginInvalid, Some(name)));
        assert!(error.message.ends_with("has 65537 bytes, expected at most 65536"), "{}", error.message);
    }
    let login = begin(FORM);
    for (name, code) in [("error", Code::StateInvalid), ("error_description", Code::StateInvalid)] {
        let found = launch(&format!("{name}={long}&state={}", login.state), "").unwrap_err();
        assert_eq!((found.code, found.at.as_deref()), (code, Some(name)));
    }
    // A token may be longer, and its own reader says where that ends.
    let (cookie, _) = login.cookie.split_once(';').unwrap();
    let found = launch(&format!("id_token={}&state={}", "x".repeat(1 << 21), login.state), cookie).unwrap_err();
    assert_eq!((found.code, found.message.contains("1048576")), (Code::JwsInvalid, true));
}

#[test]
fn secrets_are_long() {
    for (length, is_enough) in [(31, false), (32, true)] {
        let secret = Secret::new(vec![b'a'; length], "secret").unwrap();
        assert_eq!(StateKeys::new(&[secret]).is_ok(), is_enough);
    }
    assert_eq!(StateKeys::new(&[]).unwrap_err().code, Code::Argument);
}

#[test]
fn a_long_nonce_is_remembered_by_its_digest() {
    let lti = "https://purl.imsglobal.org/spec/lti/claim";
    let notice = |nonce: &str| {
        let claims = format!(
            r#"{{"iss":"https://canvas.instructure.com","aud":"42","iat":{NOW},"exp":{},"nonce":"{nonce}","{lti}/version":"1.3.0","{lti}/deployment_id":"1:a","{lti}/notice":{{"id":"n","type":"LtiHelloWorldNotice","timestamp":"2027-01-15T08:00:00Z"}}}}"#,
            NOW + 99_999
        );
        let token = sign(claims.as_bytes(), &key(&rsa()), &header(&[("alg", "RS256")])).unwrap();
        let untrusted = UntrustedNotice::parse(&token).unwrap();
        assert_eq!(
            (untrusted.issuer.as_str(), untrusted.client_id.as_deref()),
            (platform().issuer.as_str(), Some("42"))
        );
        let keys = keys();
        let question = untrusted.verification(&keys).unwrap();
        let is_right = crypto::verify("RS256", question.key(), question.signing_input(), question.signature());
        Notice::verify(&question.conclude(is_right).unwrap(), &platform(), CLOCK).unwrap().nonce
    };
    let prefix = "lti-nonce/https%3A%2F%2Fcanvas.instructure.com/42/";
    let nonce = notice(&"é/".repeat(64));
    assert_eq!(nonce.name, format!("{prefix}{}", "%C3%A9%2F".repeat(64)));
    // Nobody takes it an hour after it was made, whatever its exp.
    assert_eq!(nonce.until, NOW + 3660);
    let nonce = notice(&"x".repeat(129));
    assert_eq!(nonce.name.len(), prefix.len() + 43);
}

#[test]
fn a_launch_costs_nothing_before_its_state_is_ours() {
    // Every step needs what the one before it gives; this is what the types hold. Here: that no step is skipped by what is
    // in the form.
    let asked = Cell::new(0);
    let login = begin(FORM);
    for (form, code) in [
        (String::new(), Code::StateInvalid),
        (format!("id_token={}", id_token(&login.nonce)), Code::StateInvalid),
        (format!("id_token=x&id_token=y&state={}", login.state), Code::StateInvalid),
        (format!("error=login_required&state={}x", login.state), Code::StateInvalid),
        (format!("error=login_required&state={}", login.state), Code::LaunchRefused),
        ("error=login_required".to_owned(), Code::LaunchRefused),
        (format!("id_token={}&state={}", id_token(&login.nonce), login.state), Code::StateNotBound),
    ] {
        let found = launch(&form, "").map(|_| asked.set(1)).unwrap_err();
        assert_eq!(found.code, code, "{form}");
    }
    assert_eq!(asked.get(), 0);
}
