//! Deep linking: what is signed, and Canvas's rules for items, each with one good item and one that breaks it.

use canvas_lms_tokens::json::{self, Json, Object};
use canvas_lms_tokens::lti13::deep_linking::{RESPONSE_LIFETIME, form};
use canvas_lms_tokens::lti13::{DeepLinking, DeepLinkingResponse, Environment, Platform};
use canvas_lms_tokens::{Code, Result};

const RETURN_URL: &str = "https://school.test/courses/1/deep_linking_response?data=a.b.c&modal=true";
const NOW: i64 = 1_700_000_000;

fn settings(types: &[&str], multiple: Option<bool>) -> DeepLinking {
    DeepLinking {
        return_url: RETURN_URL.to_owned(),
        accept_types: types.iter().map(|kind| (*kind).to_owned()).collect(),
        accept_multiple: multiple,
        ..DeepLinking::default()
    }
}

fn item(text: &str) -> Object {
    match json::read(text).unwrap() {
        Json::Object(object) => object,
        _ => panic!("no object"),
    }
}

fn claims(response: &DeepLinkingResponse<'_>, settings: &DeepLinking) -> Result<Object> {
    response.claims(&Platform::canvas("90000000000000001", Environment::Production), settings, NOW, || Ok([7; 16]))
}

fn of_items(texts: &[&str], settings: &DeepLinking) -> Result<Object> {
    let items: Vec<_> = texts.iter().map(|text| item(text)).collect();
    let response = DeepLinkingResponse { deployment_id: "1:a", items: &items, ..DeepLinkingResponse::default() };
    claims(&response, settings)
}

#[test]
fn the_claims_are_those_of_a_response() {
    let items = [item(r#"{"type":"link","url":"https://tool.test/é","x":90000000000000001}"#)];
    let response = DeepLinkingResponse {
        deployment_id: "1:a",
        items: &items,
        message: Some("m"),
        log: Some("l"),
        error_message: Some("em"),
        error_log: Some("el"),
        module_name: Some("Week 1"),
        replace_editor_contents: Some(false),
        ..DeepLinkingResponse::default()
    };
    let with_data = DeepLinking { data: Some("opaque \"data\"".to_owned()), ..settings(&["link"], Some(true)) };
    let expected = concat!(
        r#"{"iss":"90000000000000001","aud":"https://canvas.instructure.com","iat":1700000000,"exp":1700000300,"#,
        r#""nonce":"BwcHBwcHBwcHBwcHBwcHBw","https://purl.imsglobal.org/spec/lti/claim/message_type":"LtiDeepLinkingResponse","#,
        r#""https://purl.imsglobal.org/spec/lti/claim/version":"1.3.0","https://purl.imsglobal.org/spec/lti/claim/deployment_id":"1:a","#,
        r#""https://purl.imsglobal.org/spec/lti-dl/claim/content_items":[{"type":"link","url":"https://tool.test/é","x":90000000000000001}],"#,
        r#""https://purl.imsglobal.org/spec/lti-dl/claim/data":"opaque \"data\"","https://purl.imsglobal.org/spec/lti-dl/claim/msg":"m","#,
        r#""https://purl.imsglobal.org/spec/lti-dl/claim/log":"l","https://purl.imsglobal.org/spec/lti-dl/claim/errormsg":"em","#,
        r#""https://purl.imsglobal.org/spec/lti-dl/claim/errorlog":"el","https://canvas.instructure.com/lti/module_name":"Week 1","#,
        r#""https://canvas.instructure.com/lti/replace_editor_contents":false}"#,
    );
    assert_eq!(claims(&response, &with_data).unwrap().to_json(), expected);
    let without = of_items(&[], &settings(&[], None)).unwrap();
    assert_eq!((without.iter().len(), RESPONSE_LIFETIME), (9, 300));
    assert_eq!(without.get("https://purl.imsglobal.org/spec/lti-dl/claim/content_items"), Some(&Json::Array(vec![])));
}

#[test]
fn good_items_pass() {
    let all = settings(&["ltiResourceLink", "link", "html", "image", "file", "ltiAssetProcessor"], Some(true));
    for text in [
        r#"{"type":"ltiResourceLink"}"#,
        r#"{"type":"ltiResourceLink","url":"https://tool.test/1","title":"t","text":"x","icon":{"url":"https://tool.test/i.png","width":1,"height":1},
            "iframe":{"width":800,"height":600},"window":{"targetName":"_blank"},"custom":{"a":"$Canvas.user.id"},
            "lineItem":{"label":"Quiz","scoreMaximum":0.5,"resourceId":"r","tag":"t"},
            "available":{"startDateTime":"2026-03-01T09:30:00Z","endDateTime":"2026-03-02T09:30:00+01:00"},
            "submission":{"endDateTime":"2026-03-02T09:30:00.000Z"},
            "other":[{}],"https://canvas.instructure.com/lti/new":{"a":[1]}}"#,
        r#"{"type":"link","url":"https://tool.test/1","thumbnail":{"url":"http://tool.test/t.png"}}"#,
        r#"{"type":"html","html":"<p>Hello</p>"}"#,
        r#"{"type":"image","url":"https://tool.test/i.png","width":10,"height":10}"#,
        r#"{"type":"file","url":"https://tool.test/f.pdf","mediaType":"application/pdf","expiresAt":"2026-03-01T09:30:00Z"}"#,
        r#"{"type":"ltiAssetProcessor","title":"t","custom":{"a":"b"},"report":{"url":"https://tool.test/r","custom":{},"supportedTypes":["ai"]}}"#,
    ] {
        assert!(of_items(&[text], &all).is_ok(), "{text}");
        assert!(of_items(&[text, text], &all).is_ok(), "{text}");
    }
}

#[test]
fn an_item_that_canvas_would_not_take_is_refused_by_its_place() {
    let all = settings(&["ltiResourceLink", "link", "html", "image", "file", "ltiAssetProcessor"], Some(true));
    let types = "ltiResourceLink, link, html, image, file or ltiAssetProcessor";
    for (text, expected) in [
        ("{}", format!("items[0].type: absent, expected {types}")),
        (r#"{"type":"ltiLink"}"#, format!("items[0].type: unknown, expected {types}")),
        (r#"{"typ":"html"}"#, "items[0].typ: unknown, expected perhaps type".to_owned()),
        (r#"{"type":5}"#, "items[0].type: a number, expected a string".to_owned()),
    ] {
        assert_eq!(of_items(&[text], &all).unwrap_err().message, expected, "{text}");
    }
    let link = r#""type":"ltiResourceLink""#;
    for (members, expected) in [
        (r#""lineitem":{"scoreMaximum":1}"#, "lineitem: unknown, expected perhaps lineItem"),
        (r#""lineItem":{"scoreMaximun":1}"#, "lineItem.scoreMaximun: unknown, expected perhaps scoreMaximum"),
        (r#""iframe":{"heigth":1}"#, "iframe.heigth: unknown, expected perhaps height"),
        (r#""available":{"startDate_time":"x"}"#, "available.startDate_time: unknown, expected perhaps startDateTime"),
        (r#""lineItem":{}"#, "lineItem.scoreMaximum: absent, expected a number above 0"),
        (r#""lineItem":{"scoreMaximum":"100"}"#, "lineItem.scoreMaximum: a string, expected a number"),
        (r#""lineItem":{"scoreMaximum":0}"#, "lineItem.scoreMaximum: not positive, expected a number above 0"),
        (r#""lineItem":{"scoreMaximum":1,"tag":5}"#, "lineItem.tag: a number, expected a string"),
        (r#""lineItem":[]"#, "lineItem: an array, expected an object"),
        (r#""custom":{"attempt":1}"#, "custom.attempt: a number, expected a string"),
        (r#""custom":"a=b""#, "custom: a string, expected an object"),
        (r#""url":"/quiz""#, "url: not an absolute http(s) URL"),
        (r#""title":null"#, "title: null, expected a string"),
        (r#""iframe":{"width":"800"}"#, "iframe.width: a string, expected a whole number that is not negative"),
        (r#""iframe":{"height":-1}"#, "iframe.height: a number, expected a whole number that is not negative"),
        (r#""window":{"targetName":1}"#, "window.targetName: a number, expected a string"),
        (r#""icon":{}"#, "icon.url: absent, expected an absolute http(s) URL"),
        (r#""thumbnail":{"url":"t.png"}"#, "thumbnail.url: not an absolute http(s) URL"),
        (
            r#""available":{"startDateTime":"2026-03-01"}"#,
            "available.startDateTime: no time, expected one such as 2026-03-01T09:30:00.000Z",
        ),
        (
            r#""submission":{"endDateTime":"soon"}"#,
            "submission.endDateTime: no time, expected one such as 2026-03-01T09:30:00.000Z",
        ),
    ] {
        let error = of_items(&[r#"{"type":"html","html":"x"}"#, &format!("{{{link},{members}}}")], &all).unwrap_err();
        let (place, _) = expected.split_once(": ").unwrap();
        assert_eq!((error.code, error.message.clone()), (Code::Argument, format!("items[1].{expected}")));
        assert_eq!(error.at.as_deref(), Some(format!("items[1].{place}").as_str()));
    }
    for (text, expected) in [
        (r#"{"type":"link"}"#, "items[0].url: absent, expected an absolute http(s) URL"),
        (r#"{"type":"html"}"#, "items[0].html: absent, expected a string"),
        (r#"{"type":"image","url":"ftp://tool.test/i"}"#, "items[0].url: not an absolute http(s) URL"),
        (
            r#"{"type":"image","url":"https://a.test","width":1.5}"#,
            "items[0].width: a number, expected a whole number that is not negative",
        ),
        (r#"{"type":"file"}"#, "items[0].url: absent, expected an absolute http(s) URL"),
        (
            r#"{"type":"file","url":"https://a.test","expiresAt":"x"}"#,
            "items[0].expiresAt: no time, expected one such as 2026-03-01T09:30:00.000Z",
        ),
        (r#"{"type":"ltiAssetProcessor","report":{"url":"x"}}"#, "items[0].report.url: not an absolute http(s) URL"),
        (
            r#"{"type":"ltiAssetProcessor","report":{"supportedTypes":["a",1]}}"#,
            "items[0].report.supportedTypes[1]: a number, expected a string",
        ),
        (r#"{"type":"ltiAssetProcessor","custom":{"a":1}}"#, "items[0].custom.a: a number, expected a string"),
    ] {
        assert_eq!(of_items(&[text], &all).unwrap_err().message, expected, "{text}");
    }
}

#[test]
fn what_the_platform_does_not_take_is_refused() {
    let html = r#"{"type":"html","html":"x"}"#;
    let error = of_items(&[html], &settings(&["ltiResourceLink", "file"], Some(true))).unwrap_err();
    let expected = "items[0].type: html, which the platform does not take here, expected ltiResourceLink or file";
    assert_eq!(error.message, expected);
    let error = of_items(&[html, html], &settings(&["html"], Some(false))).unwrap_err();
    assert_eq!((&*error.message, error.at.as_deref()), ("items: 2, but the platform takes one", Some("items")));
    assert!(of_items(&[html], &settings(&["html"], Some(false))).is_ok());
    assert!(of_items(&[html, html], &settings(&[], None)).is_ok());
}

#[test]
fn a_line_item_is_made_in_some_placements_alone() {
    let items = [item(r#"{"type":"ltiResourceLink","lineItem":{"scoreMaximum":1}}"#)];
    let error = |placement| {
        let response = DeepLinkingResponse { placement, items: &items, ..DeepLinkingResponse::default() };
        claims(&response, &settings(&["ltiResourceLink"], None)).err().map(|error| error.message.clone())
    };
    assert_eq!((error(None), error(Some("link_selection"))), (None, None));
    let expected = "items[0].lineItem: in the placement editor_button, where Canvas makes none of it";
    assert_eq!(error(Some("editor_button")).as_deref(), Some(expected));
}

#[test]
fn a_lifetime_is_positive() {
    for (lifetime, is_good) in [(1, true), (3600, true), (0, false), (-1, false), (i64::MAX, false)] {
        let response = DeepLinkingResponse { lifetime: Some(lifetime), ..DeepLinkingResponse::default() };
        match claims(&response, &settings(&[], None)) {
            Ok(claims) => assert!(is_good && claims.get("exp") == Some(&Json::from(NOW + lifetime))),
            Err(error) => assert!(!is_good && error.at.as_deref() == Some("options.lifetime")),
        }
    }
}

#[test]
fn the_form_is_escaped() {
    let page = form("a.b.c", "https://school.test/r?a=\"><script>alert(1)</script>", None);
    assert_eq!(page.unwrap_err().at.as_deref(), Some("launch.deepLinking.returnUrl"));
    let page = form("a\"><b", "https://school.test/r?a='1'&b=2", Some("Zm9v+/_-==")).unwrap();
    assert!(page.contains(r#"action="https://school.test/r?a='1'&amp;b=2""#), "{page}");
    assert!(page.contains(r#"name="JWT" value="a&quot;&gt;&lt;b""#), "{page}");
    assert!(page.contains(r#"<script nonce="Zm9v+/_-==">"#) && page.contains("<button>"));
    assert!(form("", RETURN_URL, None).unwrap().contains("<script>document.forms[0].submit();</script>"));
    for nonce in ["", "=", "a b", "a\"", "a===", "é", "a>"] {
        assert_eq!(
            form("", RETURN_URL, Some(nonce)).unwrap_err().at.as_deref(),
            Some("options.scriptNonce"),
            "{nonce}"
        );
    }
    assert_eq!(form("", "javascript:alert(1)", None).unwrap_err().code, Code::Argument);
}
