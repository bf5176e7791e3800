//! The messages of LTI 1.3 as Canvas sends them, its notices, and what a tool sends to Canvas, each spoilt in one way: the
//! check that the report puts first, and that it has the code that verifying throws.

use canvas_lms_tokens::Code;
use canvas_lms_tokens::inspect::Outcome::{Fail, Skip, Warn};
use canvas_lms_tokens::inspect::{Kind, Options};
use canvas_lms_tokens::json::Object;
use canvas_lms_tokens::lti13::message::{Expected, Form};
use canvas_lms_tokens::lti13::{Environment, Platform};

use super::good::{self, Good};
use super::{Case, NOW, With, assert_first, case, inspect, rows};
use crate::lti13::message::{self, MESSAGES, SPOILT, changed};
use crate::platform::keys::object;

const RS256: &str = r#"{"alg":"RS256","typ":"JWT","kid":"marked-kid"}"#;

fn form(name: &str) -> (Form, String) {
    match name {
        "notice" => (Form::Notice, message::notice()),
        name => (Form::Launch, message::message(name)),
    }
}

/// Signed as Canvas signs.
fn signed(claims: &Object) -> String {
    good::signed(RS256, claims.to_json().as_bytes(), None)
}

/// With all that verifying compares.
fn with(form: Form) -> With {
    let (kind, nonce) = match form {
        Form::Launch => ("lti13-id-token", Some("n-1".to_owned())),
        Form::Notice => ("lti13-notice", None),
    };
    let platform = Some(Platform::canvas("10000000000042", Environment::Production));
    let options = Options { kind: Kind::named(kind), platform, nonce, now: NOW, tolerance: 60.0, ..Options::default() };
    With { key: Some(good::rsa().into()), options, ..With::default() }
}

/// What verifying compares, of the same.
fn expected(with: &With) -> Expected {
    let platform = with.options.platform.as_ref().unwrap();
    Expected {
        issuer: Some(platform.issuer.clone()),
        client_id: Some(platform.client_id.clone()),
        nonce: with.options.nonce.clone(),
        now: with.options.now,
        tolerance: with.options.tolerance,
    }
}

/// A good message or notice with one member changed.
fn spoilt(name: &str, place: &str, value: &str) -> (Form, Object) {
    let (form, text) = match form(name) {
        (Form::Launch, _) => (Form::Launch, plain(name)),
        notice => notice,
    };
    (form, changed(&text, place, Some(value).filter(|value| !value.is_empty())))
}

#[test]
fn good_messages_are_valid() {
    for (name, _) in MESSAGES {
        for (nonce, platform) in [(true, true), (false, true), (false, false)] {
            let mut with = with(Form::Launch);
            with.options.kind = None;
            with.options.nonce = with.options.nonce.filter(|_| nonce);
            with.options.platform = with.options.platform.filter(|_| platform);
            let report = inspect(&signed(&object(&message::message(name))), &with);
            assert_eq!((report.kind.as_str(), report.outcome), ("lti13-id-token", "valid"), "{name}");
        }
    }
    let mut with = with(Form::Notice);
    with.options.kind = None;
    let report = inspect(&signed(&object(&message::notice())), &with);
    assert_eq!((report.kind.as_str(), report.outcome), ("lti13-notice", "valid"));
}

/// What verifying throws is the code of a check that failed, and where nothing failed it throws nothing.
#[test]
fn inspecting_agrees_with_verifying() {
    let mut codes = Vec::new();
    for [name, place, value, ..] in rows::<5>(SPOILT) {
        let (form, claims) = spoilt(name, place, value);
        let with = with(form);
        let expected = expected(&with);
        let error = message::check(form, &claims, &expected).unwrap_err();
        let report = inspect(&signed(&claims), &with);
        let failed = report.checks.iter().filter(|check| check.outcome == Fail);
        let found: Vec<Code> = failed.map(|check| check.code.unwrap()).collect();
        assert!(found.contains(&error.code), "{name} {place} {value}: {:?}, but {report:#?}", error.code);
        codes.extend(found);
    }
    for code in [Code::MessageInvalid, Code::ClaimFailed, Code::Expired, Code::NotYetValid] {
        assert!(codes.contains(&code), "{code:?}");
    }
}

/// Type of message | claim, and path in it | becomes | check | what to change
const ODD: &str = r#"
    LtiOfTheFuture | sub | "user-1" | lti-message-type | SpeedGrader opens a link
    LtiResourceLinkRequest | custom.course | "$Canvas.course.id" | variable | take it as absent
    LtiResourceLinkRequest | custom.user | "$Person.sourcedId" | variable | take it as absent
    LtiResourceLinkRequest | endpoint.lineitems | "http://canvas.test/items" | service-scheme | the same URL with https://
    LtiResourceLinkRequest | lti1p1 | {"user_id":"u","oauth_consumer_key_sign":"x"} | lti1p1 | by lti1p1.user_id alone
    LtiResourceLinkRequest | for_user | {"user_id":10000000000007} | id-number | write ids as text
"#;

/// A launch about which nothing is odd.
fn plain(name: &str) -> String {
    let custom = r#"{"price":"$5.00","plain":"x$y","code":"A.b"}"#;
    let claims = changed(&message::message(name), "custom", Some(custom));
    changed(&claims.to_json(), "endpoint.lineitems", Some(r#""https://canvas.test/items""#)).to_json()
}

fn odd(name: &str, place: &str, value: &str) -> Object {
    changed(&plain(name), place, Some(value))
}

#[test]
fn what_is_odd_in_a_message_is_a_warning() {
    for (name, _) in MESSAGES.into_iter().filter(|(name, _)| *name != "LtiOfTheFuture") {
        let report = inspect(&signed(&object(&plain(name))), &with(Form::Launch));
        assert!(report.checks.iter().all(|check| check.outcome > Warn), "{name}: {report:#?}");
    }
    for [name, place, value, id, fix] in rows(ODD) {
        let report = inspect(&signed(&odd(name, place, value)), &with(Form::Launch));
        assert_first(&format!("{name}: {place}"), &report, (Warn, id, fix));
    }
}

/// Kind | what is wrong | in the claims | becomes | check | what to change
const OF_TOOLS: &str = r#"
    lti13-client-assertion | the issuer of the cloud | https://canvas.test/login/oauth2/token | https://canvas.instructure.com | aud | set aud to https://sso.canvaslms.com/login/oauth2/token
    lti13-client-assertion | the issuer of beta | https://canvas.test/login/oauth2/token | https://canvas.beta.instructure.com/ | aud | set aud to https://sso.beta.canvaslms.com/login/oauth2/token
    lti13-client-assertion | a trailing slash | oauth2/token | oauth2/token/ | aud | without the slash at its end
    lti13-deep-linking-response | swapped | "iss":"10000000000005","aud":"https://canvas.instructure.com" | "iss":"https://canvas.instructure.com","aud":"10000000000005" | aud | such as https://canvas.instructure.com
    lti13-deep-linking-response | aud the SSO host | "https://canvas.instructure.com" | "https://sso.canvaslms.com" | aud | set aud to the issuer of the launch
    lti13-deep-linking-response | aud the return URL | "https://canvas.instructure.com" | "https://canvas.test/courses/1/deep_linking_response" | aud | set aud to the issuer of the launch
    lti13-deep-linking-response | aud the token endpoint | "https://canvas.instructure.com" | "https://canvas.test/login/oauth2/token" | aud | set aud to the issuer of the launch
    lti13-deep-linking-response | aud an institution | "https://canvas.instructure.com" | "https://school.instructure.com" | aud | set aud to the issuer of the launch
    lti13-deep-linking-response | a slash behind aud | "https://canvas.instructure.com" | "https://canvas.instructure.com/" | aud | set aud to the issuer of the launch
    lti13-deep-linking-response | no URL | "https://canvas.instructure.com" | "canvas" | aud | set aud to the issuer of the launch
    lti13-deep-linking-response | aud an empty list | "https://canvas.instructure.com" | [] | aud | set aud to the issuer of the launch
    lti13-deep-linking-response | aud an object | "https://canvas.instructure.com" | {} | claim-type | with the type that RFC 7519
    lti13-deep-linking-response | an empty nonce | "9c2f1d4a-55aa" | "" | nonce | a new random text
    lti13-deep-linking-response | exp as text | 1700000300 | "x" | claim-type | as a JSON number
    lti13-access-token | an hour old | 1700000000,"exp":1700003600 | 1699996000,"exp":1700003700 | iat-age | get a new token from Canvas
    lti13-access-token | aud an object | "https://canvas.test/login/oauth2/token" | {} | claim-type | with the type that RFC 7519
    lti13-access-token | aud of nothing | "https://canvas.test/login/oauth2/token" | "marked" | aud | at a token endpoint of Canvas
    lti13-notice      | a message type  | "azp"      | "https://purl.imsglobal.org/spec/lti/claim/message_type":"LtiResourceLinkRequest","azp" | lti-message-type | notices as notices
    lti13-notice      | an hour old     | 1700000000 | 1699996000          | iat-age       | get a new token from Canvas
    lti13-notice      | of tomorrow     | 1700000000,"exp":1700003600 | 1700086400,"exp":1700090000 | iat-future | set the clock
    lti13-notice      | iat in ms       | 1700000000 | 1700000000000       | time-unit     | divide iat by 1000
    lti13-id-token    | six minutes old | "iat":1700000000 | "iat":1699999640 | iat-age      | get a new token from Canvas
    lti13-id-token    | of tomorrow     | "iat":1700000000 | "iat":1700086400 | iat-future   | set the clock
    lti13-registration-token | expired  | 1700003600 | 1700000000          | exp           | get a new token from Canvas
    lti13-registration-token | no uuid  | "uuid"     | "number"            | claim-missing | add uuid
    lti13-message-hint | expired        | 1700000300 | 1700000000          | exp           | get a new token from Canvas
    lti13-message-hint | no verifier   | "verifier" | "v"                 | claim-missing | add verifier
    lti13-id-token    | versions        | claim/version | claims/version   | claim-spelling | rename https://purl.imsglobal.org/spec/lti/claims/version
    lti13-id-token    | a deploymentId  | claim/deployment_id | claim/deploymentId | claim-spelling | rename https://purl.imsglobal.org/spec/lti/claim
    lti13-login-state | expired         | 1700000600 | 1700000000          | exp           | begin the login again
    lti13-login-state | no origin       | "origin"   | "redirect"          | claim-missing | add origin
    lti13-login-state | no nonce        | "nonce":"9c2f1d4a-55aa", |       | claim-missing | add nonce
    oauth-state       | expired         | 1700000600 | 1700000000          | exp           | begin the authorization again
    oauth-state       | no redirect URI | "redirect_uri" | "redirect"      | claim-missing | add redirect_uri
"#;

const ODD_OF_TOOLS: &str = r#"
    lti13-deep-linking-response | a minute  | 1700000300 | 1700000060     | lifetime      | set exp to iat + 300
    lti13-deep-linking-response | version 1.3 | "1.3.0" | "1.3"           | lti-version   | set version to "1.3.0"
    lti13-deep-linking-response | a numeric deployment | "1:abc" | 7      | lti-deployment | to that of the launch
    lti13-deep-linking-response | msg an object | "name" | "https://purl.imsglobal.org/spec/lti-dl/claim/msg":{},"name" | deep-link-text | write msg as a text
    lti13-deep-linking-response | items elsewhere | "name" | "https://purl.imsglobal.org/spec/lti/claim/content_items":[],"name" | claim-spelling | to https://purl.imsglobal.org/spec/lti-dl/claim/content_items
    lti13-deep-linking-response | data null | "name" | "https://purl.imsglobal.org/spec/lti-dl/claim/data":null,"name" | deep-link-text | write data as a text
"#;

fn good_of(kind: &str) -> Good {
    good::all().into_iter().find(|good| good.kind == kind).unwrap()
}

/// Sent to nowhere that is known.
fn alone(good: &Good) -> With {
    let mut with = good.with_kind();
    with.options.endpoint = None;
    with
}

#[test]
fn what_tools_and_canvas_send_besides_is_refused() {
    for (outcome, table) in [(Fail, OF_TOOLS), (Warn, ODD_OF_TOOLS)] {
        for [kind, name, from, to, id, fix] in rows(table) {
            let good = good_of(kind);
            let report = inspect(&good.with_claims(from, to).signed(), &alone(&good));
            assert_first(&format!("{kind}: {name}"), &report, (outcome, id, fix));
        }
    }
}

/// What is wrong | content items | check | where | what to change
const ITEMS: &str = r#"
    no array            | {} | content-item | content_items | to an array of content items
    a text              | ["link"] | content-item | content_items[0] | make an object of each
    no type             | [{"url":"https://tool.test"}] | content-item | content_items[0].type | set type to one that Canvas knows
    an unknown type     | [{"type":"link","url":"https://tool.test"},{"type":"marked"}] | content-item | content_items[1].type | set type to one that Canvas knows
    no scoreMaximum     | [{"type":"ltiResourceLink","lineItem":{"label":"Quiz"}}] | content-item | content_items[0].lineItem.scoreMaximum | give the line item its scoreMaximum
    a maximum as text   | [{"type":"ltiResourceLink","lineItem":{"scoreMaximum":"10"}}] | content-item | content_items[0].lineItem.scoreMaximum | give the line item its scoreMaximum
    a numeric custom    | [{"type":"ltiResourceLink","custom":{"chapter":7}}] | content-item | content_items[0].custom.chapter | write each custom value as a text
    a relative URL      | [{"type":"link","url":"/quiz"}] | content-item | content_items[0].url | write the URL in full
    a numeric title     | [{"type":"ltiResourceLink","title":7}] | content-item | content_items[0].title | write title as the documentation
    a width as text     | [{"type":"ltiResourceLink","iframe":{"width":"9"}}] | content-item | content_items[0].iframe.width | write width as the documentation
"#;

fn with_items(items: &str) -> String {
    let claim = r#""https://purl.imsglobal.org/spec/lti-dl/claim/content_items":"#;
    good::deep_linking().with_claims(r#""name""#, &format!("{claim}{items},\"name\"")).signed()
}

#[test]
fn content_items_are_held_to_canvas_s_rules() {
    for [name, items, id, at, fix] in rows(ITEMS) {
        let report = inspect(&with_items(items), &good::deep_linking().with());
        assert_first(name, &report, (Fail, id, fix));
        let expected = format!("claims.https://purl.imsglobal.org/spec/lti-dl/claim/{at}");
        assert_eq!(report.checks[0].at.as_deref(), Some(&*expected), "{name}");
    }
    for items in [
        "[]",
        r#"[{"type":"link","url":"https://tool.test"},{"type":"ltiResourceLink","lineItem":{"scoreMaximum":10}}]"#,
    ] {
        let report = inspect(&with_items(items), &good::deep_linking().with());
        assert_eq!(report.outcome, "valid", "{report:#?}");
        assert!(report.checks.iter().any(|check| check.id == "content-item"), "{items}");
    }
    let two = r#"[{"type":"x"},{"type":"link","url":"https://tool.test"},{"type":"y"}]"#;
    let report = inspect(&with_items(two), &good::deep_linking().with());
    assert_eq!(report.checks.iter().filter(|check| check.outcome == Fail).count(), 2, "each item has its own");
}

/// Kind | the platform, or where it is sent | in the claims | becomes | outcome | check | what it says
const COMPARED: &str = r#"
    lti13-client-assertion | https://sso.canvaslms.com/login/oauth2/token | canvas.test | school.instructure.com | fail | aud | The claim aud has the host of an institution, but the token is sent to sso.canvaslms.com
    lti13-client-assertion | https://school.instructure.com/login/oauth2/token | canvas.test | sso.canvaslms.com | fail | aud | The claim aud has the host sso.canvaslms.com, but the token is sent to school.instructure.com
    lti13-client-assertion | https://school.test:8443/login/oauth2/token | canvas.test | school.test | fail | aud | The claim aud has the port "none"; Canvas expects "8443"
    lti13-client-assertion | https://sso.canvaslms.com/login/oauth2/token | https://canvas.test/login/oauth2/token | https://canvas.instructure.com | fail | aud | The claim aud is Canvas's issuer; Canvas expects the token endpoint
    lti13-client-assertion | platform | canvas.test | school.instructure.com | fail | aud | The claim aud has the host of an institution, but the token is sent to sso.canvaslms.com
    lti13-client-assertion | platform | canvas.test | sso.canvaslms.com | pass | aud | The claim aud is the endpoint
    lti13-client-assertion | platform | "iss":"10000000000005","sub":"10000000000005","aud":"https://canvas.test | "iss":"10000000000006","sub":"10000000000006","aud":"https://sso.canvaslms.com | fail | sub | The claim sub is another client id than the platform knows
    lti13-deep-linking-response | platform | "iss":"10000000000005" | "iss":"10000000000006" | fail | iss | The claim iss is another client id than the platform knows
    lti13-deep-linking-response | platform | "https://canvas.instructure.com" | "https://canvas.beta.instructure.com" | fail | aud | The claim aud is another than the platform's issuer
    lti13-deep-linking-response | platform | "https://canvas.instructure.com" | ["https://other.test","https://canvas.instructure.com"] | pass | aud | The claim aud is the issuer
    lti13-deep-linking-response | https://canvas.test/courses/1/deep_linking_response | "jti" | "jti" | fail | deep-link-return-url | The URL that it is posted to has no parameter data, by which Canvas knows the request
    lti13-deep-linking-response | https://canvas.test/courses/1/deep_linking_response?data= | "jti" | "jti" | fail | deep-link-return-url | The URL that it is posted to has no parameter data, by which Canvas knows the request
    lti13-deep-linking-response | https://canvas.test/courses/1/deep_linking_response?x=1&data=eyJ | "jti" | "jti" | pass | deep-link-return-url | The return URL has its data
    lti13-access-token | https://canvas.test/api/lti/courses/1/line_items | "jti" | "jti" | pass | aud | The claim aud has the host of a site: the services there alone take the token
    lti13-access-token | https://canvas.test/api/v1/courses | "jti" | "jti" | fail | aud | The token opens the services under /api/lti alone, and is sent to /api/v1
    lti13-access-token | https://other.test/api/lti/courses/1/line_items | "jti" | "jti" | fail | aud | The claim aud does not name other.test, to whose services the token is sent
    lti13-access-token | https://canvas.test:3000/api/lti/courses/1/line_items | "jti" | "jti" | fail | aud | The claim aud does not name canvas.test:3000, to whose services the token is sent
    lti13-access-token | https://other.test/api/lti/courses/1/line_items | "https://canvas.test/login/oauth2/token" | ["https://sso.canvaslms.com/login/oauth2/token","sso.canvaslms.com"] | pass | aud | The claim aud has sso.canvaslms.com: the services of every institution of its environment take the token
    lti13-access-token | https://other.test/api/lti/courses/1/line_items | "https://canvas.test/login/oauth2/token" | ["https://canvas.test/login/oauth2/token","canvas.test"] | fail | aud | The claim aud does not name other.test, to whose services the token is sent
    lti13-id-token | platform | "10000000000005" | "10000000000006" | fail | aud | The claim aud is none of the expected audiences
    lti13-id-token | platform | "https://canvas.instructure.com" | "https://canvas.beta.instructure.com" | fail | iss | The claim iss is "https://canvas.beta.instructure.com"; the tool expects "https://canvas.instructure.com"
    lti13-notice | platform | "azp":"10000000000005" | "azp":"10000000000006" | fail | azp | The claim azp is not this tool's client id
"#;

/// The token of such a row, and what it is inspected with.
fn compared([kind, to, from, becomes, ..]: [&str; 7]) -> (String, With) {
    let good = good_of(kind);
    let mut with = alone(&good);
    if to == "platform" {
        with.options.platform = Some(Platform::canvas("10000000000005", Environment::Production));
    } else {
        with.options.endpoint = Some(to.to_owned());
    }
    let spoilt = if from == becomes { good } else { good.with_claims(from, becomes) };
    (spoilt.signed(), with)
}

#[test]
fn claims_are_compared_with_the_platform_and_the_endpoint() {
    for row in rows(COMPARED) {
        let (token, with) = compared(row);
        let [kind, to, .., outcome, id, message] = row;
        let report = inspect(&token, &with);
        let check = report.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("{row:?}: {report:#?}"));
        assert_eq!((check.outcome.as_str(), &*check.message), (outcome, message), "{kind} {to}");
        assert_eq!(report.outcome == "invalid", outcome == "fail", "{kind} {to}: {report:#?}");
    }
}

#[test]
fn the_endpoint_of_deep_linking_tells_its_kind() {
    let with = |endpoint: &str| {
        let mut with = With::key(good::rsa());
        with.options.endpoint = Some(endpoint.to_owned());
        with
    };
    let token = good::signed(RS256, br#"{"iss":"10000000000005"}"#, None);
    for endpoint in
        ["https://canvas.test/courses/1/deep_linking_response?data=x", "https://canvas.test/deep_linking_response/"]
    {
        assert_eq!(inspect(&token, &with(endpoint)).kind.as_str(), "lti13-deep-linking-response", "{endpoint}");
    }
}

#[test]
fn claims_tell_the_kind_of_what_lacks_its_type() {
    for (claims, kind) in [
        (r#"{"https://purl.imsglobal.org/spec/lti/claim/deployment_id":"1:abc"}"#, "lti13-id-token"),
        (r#"{"https://purl.imsglobal.org/spec/lti/claim/target_link_uri":"https://tool.test"}"#, "lti13-id-token"),
        (r#"{"https://purl.imsglobal.org/spec/lti/claim/notice":{}}"#, "lti13-notice"),
        (r#"{"https://purl.imsglobal.org/spec/lti-dl/claim/content_items":[]}"#, "lti13-deep-linking-response"),
        (r#"{"uuid":"x","root_account_global_id":1}"#, "lti13-registration-token"),
        (r#"{"uuid":"x"}"#, "jwt"),
        (r#"{"verifier":"x","canvas_domain":"canvas.test"}"#, "lti13-message-hint"),
        (r#"{"canvas_domain":"canvas.test"}"#, "jwt"),
    ] {
        let report = inspect(&good::signed(RS256, claims.as_bytes(), None), &With::at(NOW));
        assert_eq!(report.kind.as_str(), kind, "{claims}");
    }
}

/// What Canvas signs for itself is said to be that, whatever key is given.
#[test]
fn what_canvas_signs_for_itself_cannot_be_verified() {
    for good in [good::registration_token(), good::message_hint()] {
        for key in [None, Some(super::secret("another secret of thirty-two bytes")), Some(good::rsa().into())] {
            let report = inspect(&good.signed(), &With { key, ..good.with() });
            assert_eq!((report.kind.as_str(), report.outcome), (good.kind, "unverified"), "{report:#?}");
            let check = report.checks.iter().find(|check| check.id == "signature").unwrap();
            let says =
                "Canvas signed it for itself, with a key that it shares with nobody: it can be read, not verified";
            assert_eq!((check.outcome, &*check.message), (Skip, says));
        }
        // What was cut off is missing all the same.
        let token = good.signed();
        let report = inspect(&token[..token.len() - 8], &With::at(NOW));
        assert_eq!(report.outcome, "invalid", "{report:#?}");
    }
}

/// A state is signed with a key that is derived from the tool's secret, by which it is verified.
#[test]
fn a_state_is_verified_with_the_secret_of_the_tool() {
    let good = good::login_state();
    assert_eq!(inspect(&good.signed(), &good.with()).outcome, "valid");
    let other = With { key: Some(super::secret("another secret of thirty-two bytes")), ..good.with() };
    let directly = good::signed(&good.header, good.payload.as_bytes(), Some(good::SECRET.as_bytes()));
    for (token, with) in [(good.signed(), other), (directly, good.with())] {
        let report = inspect(&token, &with);
        assert_first("a state", &report, (Fail, "signature", "the secret that the login was begun with"));
        assert_eq!(report.checks[0].code, Some(Code::StateInvalid));
    }
    let directly = good::signed(r#"{"alg":"HS256"}"#, good.payload.as_bytes(), Some(good::SECRET.as_bytes()));
    assert_eq!(
        inspect(&directly, &good.with()).outcome,
        "valid",
        "what is no state is verified with the secret itself"
    );
}

/// Sites that never made keys of their own sign with one that is public.
#[test]
fn the_example_key_of_canvas_is_named() {
    let good = good::id_token();
    for (kid, length, is_named) in [
        ("2018-05-18T22:33:20Z", 86, true),
        ("2018-06-18T22:33:20Z", 86, true),
        ("2018-07-18T22:33:20Z", 86, true),
        ("2018-08-18T22:33:20Z", 86, false),
        // The names alone say nothing.
        ("2018-06-18T22:33:20Z", 342, false),
    ] {
        let token = good.with_header("marked-kid", kid).signed();
        let (input, _) = token.rsplit_once('.').unwrap();
        let token = format!("{input}.{}", "A".repeat(length));
        for with in [good.with(), With::at(NOW)] {
            let report = inspect(&token, &with);
            let named = report.checks.iter().find(|check| check.id == "example-key");
            assert_eq!(named.and_then(|check| check.code), is_named.then_some(Code::JwkInvalid), "{kid} {length}");
        }
    }
    let token = good.with_header("marked-kid", "2018-06-18T22:33:20Z").signed();
    assert_eq!(inspect(&token, &good.with()).outcome, "valid");
}

/// No other token is taken for a state.
#[test]
fn a_state_is_told_by_its_typ() {
    let good = good::login_state();
    for typ in ["JWT", "LTI-STATE+JWT", "application/lti-state+jwt"] {
        let report = inspect(&good.with_header("lti-state+jwt", typ).signed(), &good.with_kind());
        assert_first(typ, &report, (Fail, "typ", "send back the state of the login"));
        assert!(report.checks.iter().all(|check| check.code.is_none_or(|code| code == Code::StateInvalid)));
    }
}

/// Every row as a case.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for [name, place, value, ..] in rows::<5>(SPOILT) {
        let (form, claims) = spoilt(name, place, value);
        cases.push(case(format!("{name}: {place} {value}"), signed(&claims), with(form)));
    }
    for [name, place, value, ..] in rows::<5>(ODD) {
        let token = signed(&odd(name, place, value));
        cases.push(case(format!("{name}: {place} {value}"), token, with(Form::Launch)));
    }
    for [kind, name, from, to, ..] in [OF_TOOLS, ODD_OF_TOOLS].into_iter().flat_map(rows::<6>) {
        let good = good_of(kind);
        cases.push(case(format!("{kind}: {name}"), good.with_claims(from, to).signed(), alone(&good)));
    }
    for [name, items, ..] in rows::<5>(ITEMS) {
        cases.push(case(format!("content items: {name}"), with_items(items), good::deep_linking().with()));
    }
    for row in rows(COMPARED) {
        let (token, with) = compared(row);
        cases.push(case(format!("{}: {} for {}", row[0], row[3], row[1]), token, with));
    }
    for good in [good::registration_token(), good::message_hint()] {
        cases.push(case(format!("{} without a key", good.kind), good.signed(), With::at(NOW)));
    }
    let token = good::id_token().with_header("marked-kid", "2018-06-18T22:33:20Z").signed();
    let (input, _) = token.rsplit_once('.').unwrap();
    cases.push(case("the example key", format!("{input}.{}", "A".repeat(86)), good::id_token().with()));
    let good = good::login_state();
    let other = With { key: Some(super::secret("another secret of thirty-two bytes")), ..good.with() };
    cases.push(case("a state of another secret", good.signed(), other));
    cases.push(case("a state of another typ", good.with_header("lti-state+jwt", "JWT").signed(), good.with_kind()));
    cases
}
