//! Where tokens go, for which scopes they are asked, and when one is dead.

use canvas_lms_tokens::json::Object;
use canvas_lms_tokens::lti13::services::{
    Origins, Scope, assets, line_items, memberships, named, notice_handlers, refusal, results, scores, wanted,
};
use canvas_lms_tokens::lti13::{Environment, Platform};
use canvas_lms_tokens::{Code, Error};

use super::{NOW, answer, object};

#[test]
fn what_launches_name_is_where_tokens_go() {
    let claims = object(
        r#"{"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint":{"scope":["s1","s2"],"lineitems":"http://school.test/a","lineitem":"https://school.test/a/1"},
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice":{"context_memberships_url":"https://school.test:8443/m"},
            "https://purl.imsglobal.org/spec/lti/claim/platformnotificationservice":{"platform_notification_service_url":"https://n.test/x","scope":["s3",5]},
            "https://purl.imsglobal.org/spec/lti/claim/assetservice":{"scope":["s4"],"assets":[{"url":"https://as.test/1"},{"url":"https://u@as.test/2"},{}]},
            "https://purl.imsglobal.org/spec/lti/claim/assetreport":{"scope":["s5"],"report_url":"https://school.test/r"},
            "https://purl.imsglobal.org/spec/lti/claim/eulaservice":{"scope":["no"],"url":"https://eula.test/"},
            "https://purl.imsglobal.org/spec/lti/claim/target_link_uri":"https://evil.test/"}"#,
    );
    let cloud = Platform::canvas("1", Environment::Production);
    let found = named(&claims, &cloud);
    assert_eq!(found.origins, ["https://school.test", "https://school.test:8443", "https://n.test", "https://as.test"]);
    assert_eq!(found.scopes, ["s1", "s2", "s3", "s4", "s5", Scope::ContextMembershipReadonly.as_str()]);
    assert_eq!(named(&Object::default(), &cloud).origins, Vec::<String>::new());

    let origins = Origins::parse(&found.origins, &cloud, "options.origins").unwrap();
    assert_eq!(origins.check("http://school.test/a", "url").as_deref(), Ok("https://school.test/a"));
    assert_eq!(origins.check("https://SCHOOL.test:443/a?x", "url").as_deref(), Ok("https://SCHOOL.test:443/a?x"));
    for url in [
        "https://evil.test/a",
        "https://school.test.evil.test/",
        "https://school.test:444/",
        "https://school.test@evil.test/",
        "https://u@school.test/",
        "https://school.test/#f",
        "https://eula.test/",
        "/api",
        "",
    ] {
        let error = origins.check(url, "url").unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::Argument, Some("url")), "{url}");
    }
    let parsed = |texts: &[&str], platform: &Platform| {
        let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
        Origins::parse(&texts, platform, "options.origins").err().and_then(|error: Error| error.at.clone())
    };
    assert_eq!(parsed(&[], &cloud).as_deref(), Some("options.origins"));
    assert_eq!(parsed(&["https://a.test", "a.test"], &cloud).as_deref(), Some("options.origins[1]"));
    // This machine is named by a platform that is on it.
    let own = Platform::self_hosted("1", "http://localhost:3000", None).unwrap();
    for url in ["http://localhost:3000", "http://127.0.0.1:6379/", "http://[::1]/", "https://a.localhost/"] {
        assert_eq!(parsed(&[url], &own), None);
        assert_eq!(parsed(&["https://a.test", url], &cloud).as_deref(), Some("options.origins[1]"));
        let claims = r#"{"https://purl.imsglobal.org/spec/lti-ags/claim/endpoint":{"lineitems":"URL","lineitem":"https://a.test"}}"#;
        let claims = object(&claims.replace("URL", url));
        assert_eq!(named(&claims, &own).origins.len(), 2);
        assert_eq!(named(&claims, &cloud).origins, ["https://a.test"]);
    }
}

#[test]
fn no_scope_is_asked_for_that_the_launch_does_not_list() {
    let of = |scopes: &[Scope]| scopes.iter().map(|scope| scope.as_str().to_owned()).collect::<Vec<_>>();
    let ask = |known: Option<&[Scope]>, sufficient: &[Scope]| wanted(known.map(of).as_deref(), sufficient);
    assert_eq!(ask(None, &line_items::READ), Ok(of(&[Scope::LineItem])));
    // One token for all grade services.
    let known = [Scope::Score, Scope::LineItem, Scope::ContextMembershipReadonly];
    for sufficient in [&line_items::READ[..], &line_items::WRITE, &scores::SCOPE] {
        assert_eq!(ask(Some(&known), sufficient), Ok(of(&[Scope::LineItem, Scope::Score])));
    }
    assert_eq!(ask(Some(&known), &[memberships::SCOPE]), Ok(of(&[memberships::SCOPE])));
    assert_eq!(ask(Some(&[Scope::LineItemReadonly]), &line_items::READ), Ok(of(&[Scope::LineItemReadonly])));
    for (known, sufficient) in [
        (&[Scope::LineItemReadonly][..], &line_items::WRITE[..]),
        (&known, &results::SCOPE),
        (&known, &notice_handlers::SCOPE),
        (&[], &assets::READ),
        (&[Scope::AssetReadonly], &assets::REPORT),
    ] {
        let error = ask(Some(known), sufficient).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::Forbidden, Some("options.scopes")));
        assert!(error.message.ends_with(sufficient[0].as_str()), "{}", error.message);
    }
}

#[test]
fn a_dead_token_is_told_from_what_may_not_be() {
    let body = |message: &str| format!(r#"{{"errors":{{"type":"unauthorized","message":"{message}"}}}}"#);
    for (status, message, code) in [
        (401, "Missing access token", Code::Unauthenticated),
        (401, "Invalid access token field/s: the 'aud' is invalid", Code::Unauthenticated),
        (401, "Access token expired", Code::Unauthenticated),
        (412, "Access token expired", Code::Unauthenticated),
        (401, "Access token invalid - signature likely incorrect", Code::Unauthenticated),
        (401, "Insufficient permissions", Code::Forbidden),
        (401, "Access Token not linked to a Tool associated with this Context", Code::Forbidden),
        (401, "Unknown or inactive Developer Key", Code::Forbidden),
        (403, "Access token expired", Code::Forbidden),
        (404, "Context not found", Code::HttpStatus),
        (412, "Precondition", Code::HttpStatus),
    ] {
        let error = refusal(&answer(status, &[], &body(message)), NOW);
        assert_eq!((error.code, error.status), (code, Some(status)), "{message}");
        assert!(error.message.contains(message));
    }
}
