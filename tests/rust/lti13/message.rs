//! The rules for messages and notices: good ones of every type as Canvas sends them, and each rule broken, with the error's
//! code, place, message and source.

use canvas_lms_tokens::jose::{Header, claims as registered_claims};
use canvas_lms_tokens::json::{self, Object};
use canvas_lms_tokens::lti13::message::{Expected, Facts, Form, RULES, registered, verify};
use canvas_lms_tokens::{Code, Result};

use crate::platform::keys::object;

const NOW: f64 = 1_700_000_000.0;

/// Claims of every message and notice.
const ENVELOPE: &str = r#""iss":"https://canvas.instructure.com","aud":"10000000000042","azp":"10000000000042","exp":1700003600,"iat":1700000000,"nonce":"n-1","https://purl.imsglobal.org/spec/lti/claim/version":"1.3.0","https://purl.imsglobal.org/spec/lti/claim/deployment_id":"7:abc""#;

/// Claims of a message with a user.
const LAUNCH: &str = r#""sub":"user-1","https://purl.imsglobal.org/spec/lti/claim/target_link_uri":"https://tool.test/","https://purl.imsglobal.org/spec/lti/claim/roles":["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],"https://purl.imsglobal.org/spec/lti/claim/context":{"id":"c-1"},"https://purl.imsglobal.org/spec/lti/claim/custom":{"course":"$Canvas.course.id"},"https://www.instructure.com/placement":null"#;

const SERVICES: &str = r#""https://purl.imsglobal.org/spec/lti-ags/claim/endpoint":{"scope":["a"],"lineitems":"http://canvas.test/items","lineitem":"https://canvas.test/items/1"},"https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice":{"context_memberships_url":"https://canvas.test/members"},"https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice":{"platform_notification_service_url":"https://canvas.test/notices","notice_types_supported":["LtiHelloWorldNotice"],"scope":["s"]},"https://purl.imsglobal.org/spec/lti/claim/eulaservice":{"url":"https://canvas.test/eula","scope":["s"]}"#;

/// The type of a message, and the claims that it has besides.
pub(crate) const MESSAGES: [(&str, &str); 6] = [
    (
        "LtiResourceLinkRequest",
        r#""https://purl.imsglobal.org/spec/lti/claim/resource_link":{"id":"r-1","title":null}"#,
    ),
    (
        "LtiDeepLinkingRequest",
        r#""https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings":{"deep_link_return_url":"https://canvas.test/return?data=x","accept_types":["link"],"accept_multiple":true,"auto_create":false,"data":"d"}"#,
    ),
    ("LtiEulaRequest", r#""x":1"#),
    ("LtiAssetProcessorSettingsRequest", r#""https://purl.imsglobal.org/spec/lti/claim/activity":{"id":"a-1"}"#),
    (
        "LtiReportReviewRequest",
        r#""https://purl.imsglobal.org/spec/lti/claim/activity":{"id":"a-1"},"https://purl.imsglobal.org/spec/lti/claim/asset":{"id":"b-1"},"https://purl.imsglobal.org/spec/lti/claim/assetreport_type":"originality","https://purl.imsglobal.org/spec/lti/claim/submission":{"id":"s-1:1"},"https://purl.imsglobal.org/spec/lti/claim/for_user":{"user_id":"user-2"}"#,
    ),
    ("LtiOfTheFuture", r#""x":1"#),
];

pub(crate) fn message(name: &str) -> String {
    let (_, own) = MESSAGES.into_iter().find(|(known, _)| *known == name).unwrap();
    let name = format!(r#""https://purl.imsglobal.org/spec/lti/claim/message_type":"{name}""#);
    format!("{{{ENVELOPE},{name},{LAUNCH},{SERVICES},{own}}}")
}

pub(crate) fn notice() -> String {
    format!(
        r#"{{{ENVELOPE},"https://purl.imsglobal.org/spec/lti/claim/notice":{{"id":"x-1","type":"LtiAssetProcessorSubmissionNotice","timestamp":"2023-11-14T22:13:20Z"}},"https://purl.imsglobal.org/spec/lti/claim/context":{{"id":"c-1"}},"https://purl.imsglobal.org/spec/lti/claim/assetservice":{{"scope":["s"],"assets":[{{"asset_id":"b-0","url":"https://canvas.test/a/0"}},{{"asset_id":"b-1","url":"https://canvas.test/a/1"}}]}},"https://purl.imsglobal.org/spec/lti/claim/assetreport":{{"scope":["s"],"report_url":"https://canvas.test/reports"}}}}"#
    )
}

pub(crate) fn expected() -> Expected {
    Expected {
        issuer: Some("https://canvas.instructure.com".to_owned()),
        client_id: Some("10000000000042".to_owned()),
        nonce: Some("n-1".to_owned()),
        now: NOW,
        tolerance: 60.0,
    }
}

/// All that a launch or notice is held to: the rules for registered claims, then those for messages.
pub(crate) fn check(form: Form, claims: &Object, expected: &Expected) -> Result<()> {
    let (header, of_any) = (Header::new(object("{}")), registered(form, expected));
    registered_claims::verify(&registered_claims::Facts { header: &header, claims, expected: &of_any })?;
    verify(&Facts { form, claims, expected })
}

/// Without what it can be compared with, as the inspector has it.
fn alone() -> Expected {
    Expected { now: NOW, tolerance: 60.0, ..Expected::default() }
}

#[test]
fn good_messages_of_every_type_are_taken() {
    for (name, _) in MESSAGES {
        let claims = object(&message(name));
        for expected in [expected(), alone()] {
            check(Form::Launch, &claims, &expected).expect(name);
        }
    }
    for expected in [Expected { nonce: None, ..expected() }, alone()] {
        check(Form::Notice, &object(&notice()), &expected).unwrap();
    }
}

/// The claims set with one of its members removed (no value), or set.
pub(crate) fn changed(text: &str, place: &str, value: Option<&str>) -> Object {
    let mut all: serde_json::Value = serde_json::from_str(text).unwrap();
    let (claim, path) = split(place);
    let mut parent = &mut all;
    let mut names = vec![claim];
    names.extend(path.split('.').filter(|name| !name.is_empty()));
    let last = names.pop().unwrap();
    for name in names {
        parent = match name.parse::<usize>() {
            Ok(index) => &mut parent[index],
            Err(_) => &mut parent[name],
        };
    }
    match (value, last.parse::<usize>()) {
        (None, _) => assert!(parent.as_object_mut().unwrap().remove(last).is_some(), "{place}"),
        (Some(value), Ok(index)) => parent[index] = serde_json::from_str(value).unwrap(),
        (Some(value), Err(_)) => parent[last] = serde_json::from_str(value).unwrap(),
    }
    json::read_object(all.to_string().as_bytes()).unwrap()
}

/// A claim by its short name, and the path in it.
pub(crate) fn split(place: &str) -> (&str, &str) {
    let (short, path) = place.split_once('.').unwrap_or((place, ""));
    (full(short), path)
}

fn full(short: &str) -> &str {
    use canvas_lms_tokens::lti13::claims as names;
    let all = [
        names::MESSAGE_TYPE,
        names::VERSION,
        names::DEPLOYMENT_ID,
        names::TARGET_LINK_URI,
        names::RESOURCE_LINK,
        names::ROLES,
        names::CONTEXT,
        names::CUSTOM,
        names::ACTIVITY,
        names::LTI1P1,
        names::FOR_USER,
        names::ASSET,
        names::ASSET_REPORT_TYPE,
        names::ASSET_SERVICE,
        names::ASSET_REPORT,
        names::EULA_SERVICE,
        names::NOTICE,
        names::PLATFORM_NOTIFICATION_SERVICE,
        names::AGS_ENDPOINT,
        names::NAMES_ROLE_SERVICE,
        names::DEEP_LINKING_SETTINGS,
    ];
    all.into_iter().find(|name| names::short(name) == short).unwrap_or(short)
}

/// Type of message | claim, and path in it | becomes (nothing: it is left out) | where, if not there | message
pub(crate) const SPOILT: &str = r#"
    LtiResourceLinkRequest | iss | "https://other.test" | | claim iss: "https://other.test", expected "https://canvas.instructure.com"
    LtiResourceLinkRequest | aud | "10000000000043" | | claim aud: none of the expected audiences
    LtiResourceLinkRequest | aud | [] | | claim aud: none of the expected audiences
    LtiResourceLinkRequest | aud | 10000000000042 | | claim aud: a number, expected a string or an array of strings
    LtiResourceLinkRequest | aud | ["10000000000042","other"] | | claim aud: 2 audiences, expected this tool's client id alone
    LtiResourceLinkRequest | azp | "other" | | claim azp: not this tool's client id
    LtiResourceLinkRequest | azp | 10000000000042 | | claim azp: a number, expected the client id as a text
    LtiResourceLinkRequest | azp | null | | claim azp: null, expected the client id as a text
    LtiResourceLinkRequest | nonce | | | claim nonce: absent, although it is required
    LtiResourceLinkRequest | nonce | "n-2" | | claim nonce: not that of the login
    LtiResourceLinkRequest | nonce | "" | | claim nonce: empty, expected a text
    LtiResourceLinkRequest | nonce | 1 | | claim nonce: a number, expected a text
    LtiResourceLinkRequest | exp | | | claim exp: absent, although it is required
    LtiResourceLinkRequest | exp | 1699999940 | | claim exp: the time has passed
    LtiResourceLinkRequest | iat | | | claim iat: absent, although the options compare it
    LtiResourceLinkRequest | iat | 1699999639 | | claim iat: too long ago for the maximum age
    LtiResourceLinkRequest | iat | 1700000061 | | claim iat: later than now
    LtiResourceLinkRequest | nbf | 1700000061 | | claim nbf: later than now
    LtiResourceLinkRequest | message_type | | | claim message_type: absent, expected a text
    LtiResourceLinkRequest | message_type | "" | | claim message_type: empty, expected a text
    LtiResourceLinkRequest | message_type | 7 | | claim message_type: a number, expected a text
    LtiResourceLinkRequest | message_type | "LtiDeepLinkingResponse" | | claim message_type: that of a tool's own answer, expected a platform's message
    LtiResourceLinkRequest | version | | | claim version: absent, expected a text
    LtiResourceLinkRequest | version | "1.3" | | claim version: another than 1.3.0
    LtiResourceLinkRequest | version | 1.3 | | claim version: a number, expected a text
    LtiOfTheFuture | version | "1.4.0" | | claim version: another than 1.3.0
    LtiResourceLinkRequest | deployment_id | | | claim deployment_id: absent, expected a text
    LtiResourceLinkRequest | deployment_id | 7 | | claim deployment_id: a number, expected a text
    LtiOfTheFuture | deployment_id | "" | | claim deployment_id: empty, expected a text
    LtiResourceLinkRequest | target_link_uri | | | claim target_link_uri: absent, expected a text
    LtiEulaRequest | target_link_uri | null | | claim target_link_uri: null, expected a text
    LtiDeepLinkingRequest | target_link_uri | "/launch" | | claim target_link_uri: a text, expected an absolute http(s) URL
    LtiOfTheFuture | target_link_uri | 7 | | claim target_link_uri: a number, expected a text
    LtiResourceLinkRequest | resource_link | | | claim resource_link: absent, expected an object
    LtiResourceLinkRequest | resource_link | "r-1" | | claim resource_link: a string, expected an object
    LtiResourceLinkRequest | resource_link.id | | | claim resource_link: id is absent, expected a text
    LtiResourceLinkRequest | resource_link.id | 7 | | claim resource_link: id is a number, expected a text
    LtiResourceLinkRequest | resource_link.id | "" | | claim resource_link: id is empty, expected a text
    LtiDeepLinkingRequest | resource_link | {} | resource_link.id | claim resource_link: id is absent, expected a text
    LtiResourceLinkRequest | sub | 7 | | claim sub: a number, expected a text, or none for an anonymous visitor
    LtiResourceLinkRequest | sub | "" | | claim sub: empty, expected a text, or none for an anonymous visitor
    LtiResourceLinkRequest | sub | null | | claim sub: null, expected a string or an integer
    LtiResourceLinkRequest | roles | | | claim roles: absent, expected an array of texts
    LtiEulaRequest | roles | null | | claim roles: null, expected an array of texts
    LtiDeepLinkingRequest | roles | "Learner" | | claim roles: a string, expected an array of texts
    LtiOfTheFuture | roles | [7] | | claim roles: an array with something else, expected an array of texts
    LtiOfTheFuture | context | "c-1" | | claim context: a string, expected an object
    LtiOfTheFuture | context.id | | | claim context: id is absent, expected a text
    LtiOfTheFuture | custom | ["a"] | | claim custom: an array, expected an object
    LtiDeepLinkingRequest | deep_linking_settings | | | claim deep_linking_settings: absent, expected an object
    LtiDeepLinkingRequest | deep_linking_settings.deep_link_return_url | | | claim deep_linking_settings: deep_link_return_url is absent, expected a text
    LtiDeepLinkingRequest | deep_linking_settings.deep_link_return_url | "javascript:alert(1)" | | claim deep_linking_settings: deep_link_return_url is a text, expected an absolute http(s) URL
    LtiDeepLinkingRequest | deep_linking_settings.accept_types | | | claim deep_linking_settings: accept_types is absent, expected an array of texts
    LtiDeepLinkingRequest | deep_linking_settings.accept_types | "link" | | claim deep_linking_settings: accept_types is a string, expected an array of texts
    LtiDeepLinkingRequest | deep_linking_settings.accept_types | [null] | | claim deep_linking_settings: accept_types is an array with something else, expected an array of texts
    LtiDeepLinkingRequest | deep_linking_settings.data | {} | | claim deep_linking_settings: data is an object, expected a text
    LtiDeepLinkingRequest | deep_linking_settings.accept_multiple | "true" | | claim deep_linking_settings: accept_multiple is a string, expected a boolean
    LtiDeepLinkingRequest | deep_linking_settings.auto_create | 1 | | claim deep_linking_settings: auto_create is a number, expected a boolean
    LtiAssetProcessorSettingsRequest | activity | | | claim activity: absent, expected an object
    LtiAssetProcessorSettingsRequest | activity.id | | | claim activity: id is absent, expected a text
    LtiReportReviewRequest | activity | null | | claim activity: null, expected an object
    LtiReportReviewRequest | asset | | | claim asset: absent, expected an object
    LtiReportReviewRequest | asset.id | 7 | | claim asset: id is a number, expected a text
    LtiReportReviewRequest | assetreport_type | | | claim assetreport_type: absent, expected a text
    LtiOfTheFuture | assetreport_type | 7 | | claim assetreport_type: a number, expected a text
    LtiResourceLinkRequest | endpoint | [] | | claim endpoint: an array, expected an object
    LtiResourceLinkRequest | endpoint.lineitems | "items" | | claim endpoint: lineitems is a text, expected an absolute http(s) URL
    LtiResourceLinkRequest | endpoint.lineitem | 7 | | claim endpoint: lineitem is a number, expected a text
    LtiResourceLinkRequest | endpoint.scope | | | claim endpoint: scope is absent, expected an array of texts
    LtiResourceLinkRequest | namesroleservice.context_memberships_url | | | claim namesroleservice: context_memberships_url is absent, expected a text
    LtiResourceLinkRequest | platformnotificationservice.platform_notification_service_url | "x" | | claim platformnotificationservice: platform_notification_service_url is a text, expected an absolute http(s) URL
    LtiResourceLinkRequest | platformnotificationservice.notice_types_supported | "x" | | claim platformnotificationservice: notice_types_supported is a string, expected an array of texts
    LtiResourceLinkRequest | platformnotificationservice.scope | {} | | claim platformnotificationservice: scope is an object, expected an array of texts
    LtiEulaRequest | eulaservice.url | | | claim eulaservice: url is absent, expected a text
    notice | message_type | "LtiResourceLinkRequest" | | claim message_type: this is a message with a user's browser, expected a notice
    notice | version | "2.0.0" | | claim version: another than 1.3.0
    notice | deployment_id | | | claim deployment_id: absent, expected a text
    notice | notice | | | claim notice: absent, expected an object
    notice | notice.id | | | claim notice: id is absent, expected a text
    notice | notice.type | 7 | | claim notice: type is a number, expected a text
    notice | notice.timestamp | "" | | claim notice: timestamp is empty, expected a text
    notice | context.id | 7 | | claim context: id is a number, expected a text
    notice | iat | 1699996339 | | claim iat: too long ago for the maximum age
    notice | assetservice.assets | {} | | claim assetservice: assets is an object, expected an array
    notice | assetservice.assets.1 | 7 | assetservice.assets[1] | claim assetservice: assets[1] is a number, expected an object
    notice | assetservice.assets.1.asset_id | | assetservice.assets[1].asset_id | claim assetservice: asset_id is absent, expected a text
    notice | assetservice.assets.0.url | "x" | assetservice.assets[0].url | claim assetservice: url is a text, expected an absolute http(s) URL
    notice | assetreport.report_url | | | claim assetreport: report_url is absent, expected a text
"#;

#[test]
fn each_rule_refuses_what_breaks_it() {
    let mut specs = std::collections::BTreeSet::new();
    for [name, place, value, at, message] in crate::inspect::rows(SPOILT) {
        let (form, text) = match name {
            "notice" => (Form::Notice, notice()),
            name => (Form::Launch, self::message(name)),
        };
        let claims = changed(&text, place, Some(value).filter(|value| !value.is_empty()));
        let mut expected = expected();
        if form == Form::Notice {
            expected.nonce = None;
        }
        let error = check(form, &claims, &expected).expect_err(message);
        assert_eq!(error.message, message, "{name} {place} {value}");
        let (claim, path) = split(if at.is_empty() { place } else { at });
        let at = if path.is_empty() { format!("claims.{claim}") } else { format!("claims.{claim}.{path}") };
        assert_eq!(error.at.as_deref(), Some(&*at), "{name} {place}");
        if message.contains("although it is required") {
            assert_eq!((error.claim, error.code), (None, Code::ClaimFailed), "{message}");
            continue;
        }
        assert_eq!(error.claim, Some(claim), "{name} {place}");
        let code = match claim {
            _ if message.ends_with("the time has passed") || message.contains("maximum age") => Code::Expired,
            "nbf" => Code::NotYetValid,
            "iss" | "aud" | "azp" | "nonce" | "iat" => Code::ClaimFailed,
            "sub" if value == "null" => Code::ClaimFailed,
            _ => Code::MessageInvalid,
        };
        assert_eq!(error.code, code, "{message}");
        specs.extend(error.spec);
    }
    for rule in &RULES {
        assert!(specs.contains(rule.spec), "{} is broken by no row", rule.id);
    }
}

/// What Canvas leaves out or writes as null, and what only other platforms do.
#[test]
fn what_need_not_be_there_may_be_absent() {
    for (name, place, value) in [
        ("LtiResourceLinkRequest", "sub", None),
        ("LtiResourceLinkRequest", "azp", None),
        ("LtiResourceLinkRequest", "aud", Some(r#"["10000000000042"]"#)),
        ("LtiResourceLinkRequest", "aud", Some(r#"["10000000000042","10000000000042"]"#)),
        ("LtiResourceLinkRequest", "iat", Some("1699999640")),
        ("LtiResourceLinkRequest", "iat", Some("1700000060")),
        ("LtiResourceLinkRequest", "exp", Some("1699999941")),
        ("LtiResourceLinkRequest", "context", None),
        ("LtiResourceLinkRequest", "custom", Some("null")),
        ("LtiResourceLinkRequest", "endpoint", None),
        ("LtiResourceLinkRequest", "endpoint.lineitem", Some("null")),
        ("LtiResourceLinkRequest", "endpoint.lineitems", None),
        ("LtiResourceLinkRequest", "platformnotificationservice.scope", None),
        ("LtiResourceLinkRequest", "roles", Some("[]")),
        ("LtiDeepLinkingRequest", "roles", None),
        ("LtiDeepLinkingRequest", "target_link_uri", None),
        ("LtiDeepLinkingRequest", "deep_linking_settings.data", None),
        ("LtiDeepLinkingRequest", "deep_linking_settings.accept_multiple", Some("null")),
        ("LtiDeepLinkingRequest", "deep_linking_settings.auto_create", None),
        ("LtiOfTheFuture", "roles", None),
        ("LtiOfTheFuture", "target_link_uri", None),
        ("LtiEulaRequest", "context", None),
        ("LtiEulaRequest", "eulaservice", None),
    ] {
        let claims = changed(&message(name), place, value);
        assert_eq!(check(Form::Launch, &claims, &expected()), Ok(()), "{name} {place} {value:?}");
    }
    for (place, value) in [("context", None), ("assetservice", None), ("iat", Some("1699996340"))] {
        let claims = changed(&notice(), place, value);
        assert_eq!(check(Form::Notice, &claims, &alone()), Ok(()), "{place}");
    }
}

/// Canvas's messages and notices are no substitutes for each other.
#[test]
fn a_notice_is_no_launch_and_a_launch_no_notice() {
    let error = check(Form::Launch, &object(&notice()), &alone()).unwrap_err();
    assert_eq!(error.message, "claim message_type: absent: this is a notice, expected a launch");
    for (name, _) in MESSAGES {
        let error = check(Form::Notice, &object(&message(name)), &alone()).unwrap_err();
        assert_eq!(error.message, "claim message_type: this is a message with a user's browser, expected a notice");
    }
}

/// Where nothing is known to compare with, the claims are compared with each other.
#[test]
fn several_audiences_need_an_authorized_party_among_them() {
    let text = message("LtiResourceLinkRequest");
    let two = r#"["10000000000042","other"]"#;
    let without = changed(&changed(&text, "aud", Some(two)).to_json(), "azp", None);
    for expected in [expected(), alone()] {
        let error = check(Form::Launch, &without, &expected).unwrap_err();
        assert_eq!(error.message, "claim azp: absent, although aud names several audiences");
    }
    let error = check(Form::Launch, &changed(&text, "azp", Some(r#""other""#)), &alone()).unwrap_err();
    assert_eq!(error.message, "claim azp: no audience of the token, expected the client id that aud has too");
    let error = check(Form::Launch, &changed(&text, "aud", Some(two)), &alone()).unwrap_err();
    assert_eq!(error.message, "claim aud: 2 audiences, expected this tool's client id alone");
}
