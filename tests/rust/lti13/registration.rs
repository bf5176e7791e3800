//! Dynamic registration: what is asked and sent, Canvas's schema, and what is read of the answers.

use canvas_lms_tokens::http::{Repeat, Response, repeat_of};
use canvas_lms_tokens::json::{self, Json, Object};
use canvas_lms_tokens::lti13::registration::{
    self, PlatformConfiguration, TOOL_CONFIGURATION, configuration, configuration_request,
};
use canvas_lms_tokens::{Code, Result};
use http::{Method, StatusCode};

const NOW: f64 = 1_700_000_000.0;
const CANVAS: &str = "https://canvas.instructure.com/lti/";
const CONFIGURATION: &str = r#"{"issuer":"https://canvas.instructure.com","authorization_endpoint":"https://sso.canvaslms.com/api/lti/authorize_redirect","registration_endpoint":"https://school.test/api/lti/registrations","jwks_uri":"https://sso.canvaslms.com/api/lti/security/jwks","token_endpoint":"https://sso.canvaslms.com/login/oauth2/token"}"#;
const TOOL: &str = r#"{"client_name":"Tool","initiate_login_uri":"https://tool.test/login","redirect_uris":["https://tool.test/launch"],"jwks_uri":"https://tool.test/jwks","https://purl.imsglobal.org/spec/lti-tool-configuration":{"domain":"tool.test","messages":[{"type":"LtiResourceLinkRequest"}],"claims":["sub"]}}"#;

fn object(text: &str) -> Object {
    match json::read(text).unwrap() {
        Json::Object(object) => object,
        _ => panic!("no object"),
    }
}

fn answer(status: u16, body: &str) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// Canvas's cloud is asked on the host of its issuer.
const ASKED: &str = "https://canvas.instructure.com/api/lti/security/openid-configuration?registration_token=a.b.c";

fn read(text: &str) -> Result<PlatformConfiguration> {
    configuration(&answer(200, text), ASKED, NOW)
}

/// The configuration with some members changed.
fn configured(changes: &[(&str, &str)]) -> String {
    let mut configuration = object(CONFIGURATION);
    for (name, value) in changes {
        configuration.set(name, Json::from(*value));
    }
    configuration.to_json()
}

/// The good tool with members changed: of itself, of its configuration, of its message.
fn changed(members: &str, of_tool: &str, of_message: &str) -> Object {
    let mut tool = object(TOOL);
    let mut inner = tool.get(TOOL_CONFIGURATION).and_then(Json::as_object).unwrap().clone();
    let mut message = object(r#"{"type":"LtiResourceLinkRequest"}"#);
    for (target, changes) in [(&mut message, of_message), (&mut inner, of_tool), (&mut tool, members)] {
        for (name, value) in object(&format!("{{{changes}}}")).iter() {
            target.set(name, value.clone());
        }
    }
    if of_tool.contains("messages") {
        assert!(of_message.is_empty());
    } else {
        inner.set("messages", Json::Array(vec![Json::Object(message)]));
    }
    if !members.contains(TOOL_CONFIGURATION) {
        tool.set(TOOL_CONFIGURATION, Json::Object(inner));
    }
    tool
}

#[test]
fn the_token_goes_as_it_was_given_and_as_bearer() {
    let url = "https://school.test/api/lti/security/openid-configuration?registration_token=a.b.c";
    let request = configuration_request(url, false, Some("a.b.c")).unwrap();
    assert_eq!((request.method(), request.uri().to_string().as_str()), (&Method::GET, url));
    assert_eq!(request.headers().get("authorization").unwrap(), "Bearer a.b.c");
    assert!(!format!("{:?}", request.headers()).contains("a.b.c"));
    assert_eq!(configuration_request(url, false, None).unwrap().headers().get("authorization"), None);
    let of_this_machine =
        ["http://localhost:3000/x", "http://127.0.0.1:2375/x", "http://[::1]/", "https://a.localhost/"];
    for url in of_this_machine {
        assert!(configuration_request(url, true, None).is_ok(), "{url}");
    }
    let never = ["http://school.test/x", "https://u@school.test/", "https://school.test/#x", "school.test", ""];
    for (url, is_local) in never.map(|url| (url, true)).into_iter().chain(of_this_machine.map(|url| (url, false))) {
        let error = configuration_request(url, is_local, None).err().unwrap();
        assert_eq!((error.code, error.at.as_deref()), (Code::Argument, Some("request.openidConfiguration")), "{url}");
    }
    let error = configuration_request(url, false, Some("a b")).err().unwrap();
    assert_eq!(error.at.as_deref(), Some("request.registrationToken"));

    let platform = read(CONFIGURATION).unwrap();
    let request = registration::request(&platform, Some("a.b.c"), &object(TOOL)).unwrap();
    assert_eq!((request.method(), request.uri().to_string()), (&Method::POST, platform.registration_endpoint));
    assert_eq!((request.body().as_str(), repeat_of(&request)), (TOOL, Repeat::OnlyIfUnsent));
    assert_eq!(request.headers().get("authorization").unwrap(), "Bearer a.b.c");
    assert_eq!(request.headers().get("content-type").unwrap(), "application/json");
}

#[test]
fn a_configuration_has_https_endpoints() {
    let platform = read(CONFIGURATION).unwrap();
    // Not the host of the configuration, nor of each other.
    assert_eq!(platform.issuer, "https://canvas.instructure.com");
    assert_eq!(platform.token_endpoint, "https://sso.canvaslms.com/login/oauth2/token");
    for name in ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"] {
        for value in ["5", "null", "\"http://evil.test/\"", "\"/x\"", "\"\""] {
            let mut configuration = object(CONFIGURATION);
            configuration.set(name, json::read(value).unwrap());
            let error = read(&configuration.to_json()).unwrap_err();
            assert_eq!(error.code, Code::ResponseInvalid);
            assert!(error.message.contains(&format!(": {name} is ")), "{}", error.message);
        }
    }
    assert_eq!(configuration(&answer(401, "{}"), ASKED, NOW).unwrap_err().code, Code::Forbidden);
    assert_eq!(read("[]").unwrap_err().code, Code::ResponseInvalid);
}

#[test]
fn a_configuration_names_nobody_elses_endpoints() {
    let fault = |asked: &str, changes: &[(&str, &str)]| {
        let error = configuration(&answer(200, &configured(changes)), asked, NOW).err()?;
        assert_eq!(error.code, Code::ResponseInvalid);
        error.message.strip_prefix("the platform's configuration: ").map(str::to_owned)
    };
    // The cloud's may be named by anybody, those before today's too.
    let old = ("token_endpoint", "https://canvas.instructure.com/login/oauth2/token");
    let beta = [
        ("issuer", "https://canvas.beta.instructure.com"),
        ("authorization_endpoint", "https://sso.beta.canvaslms.com/api/lti/authorize_redirect"),
        ("token_endpoint", "https://sso.beta.canvaslms.com/login/oauth2/token"),
        ("jwks_uri", "https://canvas.beta.instructure.com/api/lti/security/jwks"),
    ];
    for changes in [&[][..], &[old], &beta, &[("registration_endpoint", "https://other.test/")]] {
        assert_eq!(fault("https://school.test/c", changes), None);
    }
    // A platform's own.
    let own = [
        ("issuer", "https://moodle.test"),
        ("authorization_endpoint", "https://moodle.test/mod/lti/auth.php"),
        ("token_endpoint", "https://MOODLE.test:443/mod/lti/token.php"),
        ("jwks_uri", "https://moodle.test/mod/lti/certs.php"),
        ("registration_endpoint", "https://accounts.moodle.test/"),
    ];
    assert_eq!(fault("https://moodle.test/openid?x", &own), None);
    let foreign =
        |name: &str| Some(format!("{name} is neither of the configuration's own origin nor of Canvas's cloud"));
    for asked in
        ["https://evil.test/", "https://moodle.test:8443/", "http://moodle.test/", "https://moodle.test.evil.test/"]
    {
        assert_eq!(fault(asked, &own), foreign("issuer"));
    }
    for (name, value) in [
        // A token of the tool's at Canvas would go where the launches of this platform say.
        ("token_endpoint", "https://sso.canvaslms.com/login/oauth2/token"),
        // The keys of another's launches.
        ("issuer", "https://canvas.instructure.com"),
        ("jwks_uri", "https://sso.canvaslms.com/api/lti/security/jwks"),
        ("authorization_endpoint", "https://other.test/auth"),
    ] {
        let changes: Vec<_> = own.into_iter().chain([(name, value)]).collect();
        assert_eq!(fault("https://moodle.test/", &changes), foreign(name));
    }
    for (name, value) in [
        ("jwks_uri", "https://evil.test/api/lti/security/jwks"),
        ("jwks_uri", "https://canvas.instructure.com/courses/1/files/2/download"),
        ("jwks_uri", "https://sso.beta.canvaslms.com/api/lti/security/jwks"),
        ("token_endpoint", "https://evil.test/login/oauth2/token"),
        ("issuer", "https://canvas.test.instructure.com"),
        ("issuer", "https://canvas.instructure.com/"),
    ] {
        assert_eq!(fault("https://evil.test/c", &[(name, value)]), foreign("issuer"), "{value}");
    }
}

#[test]
fn this_machine_is_named_by_itself_alone() {
    let local = "http://localhost:3000/login";
    let development =
        ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"].map(|name| (name, local));
    let found = configuration(&answer(200, &configured(&development)), "http://localhost:3000/c", NOW).unwrap();
    assert_eq!(
        (found.issuer.as_str(), found.registration_endpoint.as_str()),
        ("https://canvas.instructure.com", local)
    );
    for url in ["http://localhost:2375/", "https://127.0.0.1/"] {
        let error = read(&configured(&[("registration_endpoint", url)])).unwrap_err();
        assert_eq!(error.code, Code::ResponseInvalid);
        let expected = "registration_endpoint is of this machine, which the configuration is not";
        assert!(error.message.ends_with(expected), "{}", error.message);
    }
    // Not by a port of its own.
    assert!(configuration(&answer(200, &configured(&development)), "http://localhost:4000/c", NOW).is_err());
}

#[test]
fn what_every_tool_says_is_filled_in() {
    let sent = registration::tool(&object(TOOL)).unwrap().to_json();
    let added = r#","application_type":"web","grant_types":["implicit","client_credentials"],"response_types":["id_token"],"token_endpoint_auth_method":"private_key_jwt"}"#;
    assert_eq!(sent, TOOL.strip_suffix('}').unwrap().to_owned() + added);
    let whole = changed(
        r#""scope":"openid https://purl.imsglobal.org/spec/lti-ags/scope/score https://new.test/scope","contacts":["a@b.test"],"client_uri":"https://tool.test","logo_uri":"https://tool.test/l","tos_uri":"https://tool.test/t","policy_uri":"https://tool.test/p","client_name#de":"Werkzeug","software_id":"x","grant_types":["a","client_credentials","implicit"]"#,
        &format!(
            r#""domain":"a-1.tool.test:8443","secondary_domains":["b.test"],"target_link_uri":"https://tool.test","custom_parameters":{{"a":"$Canvas.user.id"}},"description":"d","{CANVAS}privacy_level":"public","{CANVAS}tool_id":"t","{CANVAS}vendor":"v""#
        ),
        &format!(
            r#""placements":["course_navigation","{CANVAS}editor_button","ContentArea"],"label":"l","label\u0023de":"L","roles":[],"icon_uri":"https://tool.test/i","{CANVAS}course_navigation/default_enabled":false,"{CANVAS}visibility":"admins","{CANVAS}display_type":"new_window","{CANVAS}launch_width":"800","{CANVAS}launch_height":600"#
        ),
    );
    assert_eq!(registration::tool(&whole).err(), None);
}

#[test]
#[allow(clippy::too_many_lines)]
fn what_canvas_drops_or_refuses_is_not_sent() {
    let inside = format!("tool.{TOOL_CONFIGURATION}");
    let drop = "unknown, so that Canvas would drop it, expected perhaps";
    for (members, of_tool, of_message, expected) in [
        (r#""client_name":"""#, "", "", "tool.client_name: empty, expected a text".to_owned()),
        (r#""logo_url":"https://a.test""#, "", "", format!("tool.logo_url: {drop} logo_uri")),
        (r#""logo_uri":"a""#, "", "", "tool.logo_uri: not an absolute http(s) URL".to_owned()),
        (r#""application_type":"native""#, "", "", "tool.application_type: unknown, expected web".to_owned()),
        (
            r#""token_endpoint_auth_method":"client_secret_basic""#,
            "",
            "",
            "tool.token_endpoint_auth_method: unknown, expected private_key_jwt".to_owned(),
        ),
        (
            r#""grant_types":["implicit"]"#,
            "",
            "",
            "tool.grant_types: lacks client_credentials, which Canvas needs".to_owned(),
        ),
        (r#""response_types":["code"]"#, "", "", "tool.response_types: lacks id_token, which Canvas needs".to_owned()),
        (r#""initiate_login_uri":"/login""#, "", "", "tool.initiate_login_uri: not an absolute http(s) URL".to_owned()),
        (r#""jwks_uri":5"#, "", "", "tool.jwks_uri: a number, expected a string".to_owned()),
        (r#""redirect_uris":[]"#, "", "", "tool.redirect_uris: empty, expected one URL or more".to_owned()),
        (
            r#""redirect_uris":["https://a.test","b"]"#,
            "",
            "",
            "tool.redirect_uris[1]: not an absolute http(s) URL".to_owned(),
        ),
        (r#""scope":["a"]"#, "", "", "tool.scope: an array, expected a string".to_owned()),
        (
            r#""scope":"https://purl.imsglobal.org/spec/lti-ags/scope/scores""#,
            "",
            "",
            "tool.scope: an unknown scope, expected perhaps https://purl.imsglobal.org/spec/lti-ags/scope/score"
                .to_owned(),
        ),
        (r#""contacts":["a"]"#, "", "", "tool.contacts[0]: no e-mail address".to_owned()),
        (
            r#""https://purl.imsglobal.org/spec/lti-tool-configuration":{}"#,
            "",
            "",
            format!("{inside}.domain: absent, expected a string"),
        ),
        (
            "",
            r#""domain":"https://tool.test""#,
            "",
            format!("{inside}.domain: expected a host name, with its port if it has one, and no scheme"),
        ),
        ("", r#""target_link_url":"x""#, "", format!("{inside}.target_link_url: {drop} target_link_uri")),
        (
            "",
            r#""custom_parameters":{"a":1}"#,
            "",
            format!("{inside}.custom_parameters.a: a number, expected a string"),
        ),
        ("", r#""claims":"sub""#, "", format!("{inside}.claims: a string, expected an array")),
        (
            "",
            r#""messages":[{}]"#,
            "",
            format!(
                "{inside}.messages[0].type: absent, expected LtiResourceLinkRequest, LtiDeepLinkingRequest or LtiEulaRequest"
            ),
        ),
        (
            "",
            r#""secondary_domains":["a.test:1"]"#,
            "",
            format!("{inside}.secondary_domains[0]: expected a host name alone"),
        ),
        (
            "",
            "",
            &format!(r#""{CANVAS}display_type":"popup""#),
            format!(
                "{inside}.messages[0].{CANVAS}display_type: unknown, expected default, full_width, full_width_in_context, full_width_with_nav, in_nav_context, borderless or new_window"
            ),
        ),
        ("", r#""messages":{}"#, "", format!("{inside}.messages: an object, expected an array")),
        (
            "",
            &format!(r#""{CANVAS}privacy-level":"public""#),
            "",
            format!("{inside}.{CANVAS}privacy-level: {drop} {CANVAS}privacy_level"),
        ),
        (
            "",
            &format!(r#""{CANVAS}privacy_level":"everyone""#),
            "",
            format!("{inside}.{CANVAS}privacy_level: unknown, expected public, name_only, email_only or anonymous"),
        ),
        (
            "",
            "",
            r#""placements":["course_navigaton"]"#,
            format!("{inside}.messages[0].placements[0]: an unknown placement, expected perhaps course_navigation"),
        ),
        (
            "",
            "",
            &format!(r#""placements":["link_selection","{CANVAS}courseNavigation"]"#),
            format!("{inside}.messages[0].placements[1]: an unknown placement, expected perhaps course_navigation"),
        ),
        (
            "",
            "",
            &format!(r#""{CANVAS}default_enabled":true"#),
            format!("{inside}.messages[0].{CANVAS}default_enabled: {drop} {CANVAS}course_navigation/default_enabled"),
        ),
        (
            "",
            "",
            &format!(r#""{CANVAS}visibility":"all""#),
            format!("{inside}.messages[0].{CANVAS}visibility: unknown, expected admins, members or public"),
        ),
        (
            "",
            "",
            &format!(r#""{CANVAS}course_navigation/default_enabled":"false""#),
            format!("{inside}.messages[0].{CANVAS}course_navigation/default_enabled: a string, expected a boolean"),
        ),
        ("", "", r#""icon_url":"https://a.test""#, format!("{inside}.messages[0].icon_url: {drop} icon_uri")),
    ] {
        let error = registration::tool(&changed(members, of_tool, of_message)).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (Code::Argument, expected.as_str()));
        assert!(error.at.as_deref().is_some_and(|at| expected.starts_with(at)));
    }
    let placements =
        format!(r#""placements":["ContentArea","{CANVAS}editor_button","https://other.test/placement","a_newer_one"]"#);
    assert!(registration::tool(&changed("", "", &placements)).is_ok());
    for domain in ["tool.test", "localhost:3000", "a.b-c.d:1", "127.0.0.1"] {
        assert!(registration::tool(&changed("", &format!(r#""domain":"{domain}""#), "")).is_ok(), "{domain}");
    }
    for domain in [
        "tool.test/",
        "tool..test",
        "-a.test",
        "a-.test",
        "tool.test:",
        "tool.test:123456",
        "tool_1.test",
        "tool.test:x",
    ] {
        assert!(registration::tool(&changed("", &format!(r#""domain":"{domain}""#), "")).is_err(), "{domain}");
    }
}

#[test]
fn the_answer_is_the_platform_and_what_it_registered() {
    let platform = || read(CONFIGURATION).unwrap();
    let read = |status, body: &str| registration::response(&answer(status, body), NOW, platform());
    let (kept, registered) = read(200, r#"{"client_id":"10000000000042","x":1}"#).unwrap();
    assert_eq!((kept.client_id.as_str(), kept.issuer.as_str()), ("10000000000042", "https://canvas.instructure.com"));
    assert_eq!((kept.check("platform"), registered.iter().len()), (Ok(()), 2));
    assert_eq!(read(201, r#"{"client_id":90000000000000001}"#).unwrap().0.client_id, "90000000000000001");
    for body in ["{}", r#"{"client_id":""}"#, r#"{"client_id":null}"#, "[]", "<html>"] {
        assert_eq!(read(200, body).unwrap_err().code, Code::ResponseInvalid, "{body}");
    }
    let faults = r#"{"errors":["Missing 'domain'",{"message":"claims  is\nwrong"},"a"]}"#;
    let error = read(422, faults).unwrap_err();
    assert_eq!((error.code, error.status), (Code::HttpStatus, Some(422)));
    assert_eq!(error.message, "the server answered 422: Missing 'domain'; claims is wrong; a");
    assert_eq!(read(422, r#"{"errors":["one"]}"#).unwrap_err().message, "the server answered 422: one");
    let by_name = r#"{"errors":{"scopes":["Invalid scopes: x"],"redirect_uris":[{"message":"no URI"}]}}"#;
    let expected = "the server answered 422: scopes Invalid scopes: x; redirect_uris no URI";
    assert_eq!(read(422, by_name).unwrap_err().message, expected);
    assert_eq!(read(401, r#"{"errors":["x","y"]}"#).unwrap_err().code, Code::Forbidden);
}
