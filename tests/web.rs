//! The API in a browser: signing, decoding, the exchange with an emulator over HTTP, and errors as a page sees them.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use canvas_lms_tokens::wasm::{
    build_assertion, create_inst_access_token, create_jwt, create_originality_report, decode, decrypt_jwe, encrypt_jwe,
    generate_key, group_users, inspect_token, is_token_error, refresh_jwt, request_access_token, sign_assertion,
    sign_jwt, unwrap, user, verify_jwt, wrap,
};
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const GUID: &str = "123123-ad13-ac233";
const AUD: &str = "https://my.canvas-domain.com/api/lti/accounts/1/authorize";
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjMxMjMtYWQxMy1hYzIzMyIsImF1ZCI6Imh0dHBzOi8vbXkuY2FudmFzLWRvbWFpbi5jb20vYXBpL2x0aS9hY2NvdW50cy8xL2F1dGhvcml6ZSIsImV4cCI6MTQ4NjM5Mzg2OCwiaWF0IjoxNDg2MzkzODAwLCJqdGkiOiI2ODg3MDBjMi00YmMxLTQwYjctODNlNS03Y2JmNTRmOTMzMDUifQ.IJ4ROoH8GxwWr_a-YNSvWGd3NeYLg0q9fOZCCLUaa4Q";
/// Where nothing listens.
const NOWHERE: &str = "http://127.0.0.1:59998/api/lti/accounts/1/authorize";

/// The emulator that the test run has started. The other tests do without it.
fn emulator() -> &'static str {
    let Some(base) = option_env!("CANVAS_EMULATOR_URL") else {
        panic!("CANVAS_EMULATOR_URL is not set; start this with: npm test -- web-firefox");
    };
    base
}

/// The emulator's access token URL.
fn authorize() -> String {
    [emulator(), "/api/lti/accounts/1/authorize"].concat()
}

/// A JavaScript expression.
fn js(code: &str) -> JsValue {
    js_sys::eval(&["(", code, ")"].concat()).unwrap()
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn text(value: &JsValue, name: &str) -> String {
    get(value, name).as_string().unwrap()
}

fn keys(value: &JsValue) -> Vec<String> {
    let mut keys: Vec<_> =
        Object::keys(value.unchecked_ref::<Object>()).iter().map(|key| key.as_string().unwrap()).collect();
    keys.sort();
    keys
}

/// An object of these members and those of `more`, a JavaScript object.
fn object(members: &[(&str, &str)], more: &str) -> JsValue {
    let out = Object::assign(&Object::new(), &js(more).unchecked_into());
    for (name, value) in members {
        Reflect::set(&out, &(*name).into(), &(*value).into()).unwrap();
    }
    out.into()
}

fn claims() -> JsValue {
    object(
        &[("sub", GUID), ("aud", AUD), ("jti", "688700c2-4bc1-40b7-83e5-7cbf54f93305")],
        "{ exp: 1486393868, iat: 1486393800 }",
    )
}

async fn ask(url: &str, more: &str) -> Result<JsValue, JsValue> {
    let more = format!("{{ retries: 0, sub: '{GUID}', secret: 'secret', ...{more} }}");
    let request = object(&[("url", url)], &more);
    request_access_token(request).await
}

/// A true Error that is a `TokenError` of this code.
fn token_error(error: &JsValue, code: &str) {
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(text(error, "code"), code, "{}", text(error, "message"));
    assert_eq!(text(error, "name"), "TokenError");
    assert!(is_token_error(error));
    assert!(!keys(error).contains(&"name".to_owned()));
}

#[wasm_bindgen_test]
fn signs_the_token_of_the_documentation() {
    let bytes: JsValue = Uint8Array::from(&b"secret"[..]).into();
    for secret in [JsValue::from("secret"), bytes] {
        assert_eq!(sign_assertion(&claims(), &secret, &JsValue::UNDEFINED).unwrap(), TOKEN);
    }
}

#[wasm_bindgen_test]
fn keeps_every_digit() {
    let claims = object(&[("aud", AUD)], "{ sub: 90000000000000001n }");
    let token = sign_assertion(&claims, &"secret".into(), &JsValue::UNDEFINED).unwrap();
    let decoded = decode(&token.into()).unwrap();
    assert_eq!(get(&get(&decoded, "claims"), "sub"), js("90000000000000001n"));
}

#[wasm_bindgen_test]
fn an_insecure_context_has_no_random_uuid() {
    let replace = "(value) => Object.defineProperty(Crypto.prototype, 'randomUUID', { value, configurable: true })";
    let replace: Function = js(replace).unchecked_into();
    let original = js("Crypto.prototype.randomUUID");
    replace.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap();
    let built = build_assertion(&object(&[("sub", GUID), ("aud", AUD)], "{}"), &JsValue::UNDEFINED);
    replace.call1(&JsValue::UNDEFINED, &original).unwrap();
    let jti = text(&built.unwrap(), "jti");
    let places: Vec<_> = jti.match_indices('-').map(|(place, _)| place).collect();
    assert_eq!((jti.len(), places, jti.get(14..15)), (36, vec![8, 13, 18, 23], Some("4")));
}

#[wasm_bindgen_test]
fn takes_tokens_apart() {
    let wrapped = wrap(&TOKEN.into()).unwrap();
    assert_eq!(unwrap(&wrapped.as_str().into()).unwrap(), TOKEN);
    let decoded = decode(&["Bearer ", &wrapped].concat().into()).unwrap();
    assert_eq!(text(&get(&decoded, "header"), "alg"), "HS256");
    assert_eq!(text(&get(&decoded, "claims"), "sub"), GUID);
    let layers: Array = get(&decoded, "layers").unchecked_into();
    let types: Vec<_> = layers.iter().map(|layer| text(&layer, "type")).collect();
    assert_eq!(types, ["base64", "jws"]);
    assert_eq!(text(&layers.get(1), "payload"), TOKEN.split('.').nth(1).unwrap());
}

#[wasm_bindgen_test]
fn what_is_wrong_is_named() {
    for (error, code, at) in [
        (decode(&"no token".into()).unwrap_err(), "ERR_TOKEN_INVALID", "token"),
        (decode(&5.into()).unwrap_err(), "ERR_ARGUMENT", "token"),
        (sign_assertion(&claims(), &"".into(), &JsValue::UNDEFINED).unwrap_err(), "ERR_ARGUMENT", "secret"),
        (build_assertion(&js("{ sub: 1 }"), &JsValue::UNDEFINED).unwrap_err(), "ERR_ARGUMENT", "claims.aud"),
    ] {
        token_error(&error, code);
        assert_eq!(text(&error, "at"), at);
    }
}

#[wasm_bindgen_test]
async fn exchanges_an_assertion_over_http() {
    let token = ask(&authorize(), "{}").await.unwrap();
    assert_eq!(get(&token, "expiresIn"), 3600);
    assert_eq!(text(&token, "tokenType"), "bearer");
    assert_eq!(text(&get(&token, "claims"), "sub"), GUID);

    let claims = object(&[("sub", GUID), ("aud", &authorize())], "{}");
    let assertion = sign_assertion(&claims, &"secret".into(), &JsValue::UNDEFINED).unwrap();
    let given = ["{ secret: undefined, sub: undefined, assertion: '", &assertion, "' }"].concat();
    ask(&authorize(), &given).await.unwrap();
    // A jti is good for once.
    token_error(&ask(&authorize(), &given).await.unwrap_err(), "ERR_OAUTH");
}

#[wasm_bindgen_test]
async fn canvas_refuses_by_one_word() {
    let error = ask(&authorize(), "{ secret: 'wrong' }").await.unwrap_err();
    token_error(&error, "ERR_OAUTH");
    assert_eq!((text(&error, "oauthError").as_str(), get(&error, "status").as_f64()), ("invalid_grant", Some(400.0)));
    let nowhere = authorize().replace("accounts/1", "accounts/999");
    token_error(&ask(&nowhere, "{}").await.unwrap_err(), "ERR_HTTP_STATUS");
}

#[wasm_bindgen_test]
async fn an_unreachable_server_may_be_cors() {
    for url in [NOWHERE, "https://canvas.invalid/api/lti/accounts/1/authorize"] {
        let error = ask(url, "{}").await.unwrap_err();
        token_error(&error, "ERR_FETCH");
        assert!(text(&error, "message").contains("CORS"), "{}", text(&error, "message"));
        assert!(get(&error, "cause").is_instance_of::<js_sys::TypeError>());
    }
    let own = text(&get(&js_sys::global(), "location"), "origin");
    let error = ask(&own, "{ fetch: () => Promise.reject(new TypeError('no')) }").await.unwrap_err();
    token_error(&error, "ERR_FETCH");
    assert!(!text(&error, "message").contains("CORS"), "{}", text(&error, "message"));
}

#[wasm_bindgen_test]
async fn a_fetch_that_throws_is_a_rejection() {
    for fetch in ["() => { throw new RangeError('no'); }", "async () => { throw new RangeError('no'); }"] {
        let error = ask(NOWHERE, &["{ fetch: ", fetch, " }"].concat()).await.unwrap_err();
        token_error(&error, "ERR_FETCH");
        assert!(get(&error, "cause").is_instance_of::<js_sys::RangeError>());
    }
    token_error(&ask(NOWHERE, "{ fetch: () => undefined }").await.unwrap_err(), "ERR_ARGUMENT");
}

#[wasm_bindgen_test]
async fn a_request_ends_by_time_or_signal() {
    let never = "fetch: () => new Promise(() => {})";
    let timed = ask(NOWHERE, &["{ timeout: 20, ", never, " }"].concat()).await.unwrap_err();
    token_error(&timed, "ERR_TIMEOUT");
    for signal in [
        "AbortSignal.abort('enough')",
        "((c) => (setTimeout(() => c.abort('enough'), 20), c.signal))(new AbortController())",
    ] {
        let error = ask(NOWHERE, &["{ signal: ", signal, ", ", never, " }"].concat()).await.unwrap_err();
        token_error(&error, "ERR_ABORTED");
        assert_eq!(text(&error, "cause"), "enough");
    }
}

#[wasm_bindgen_test]
async fn the_browser_owns_the_user_agent() {
    let answer = r#"{"access_token":"x","expires_in":1}"#;
    let fetch = ["async (_, init) => { globalThis.sent = init; return new Response('", answer, "'); }"].concat();
    ask(NOWHERE, &["{ userAgent: 'mine', fetch: ", &fetch, " }"].concat()).await.unwrap();
    let sent = get(&js_sys::global(), "sent");
    assert_eq!(keys(&get(&sent, "headers")), ["accept", "content-type"]);
    assert_eq!(text(&sent, "redirect"), "manual");
}

/// The options of a `Canvas` at the emulator, with this token.
fn canvas(token: &str) -> JsValue {
    object(&[("baseUrl", emulator()), ("accessToken", token)], "{ retries: 0 }")
}

#[wasm_bindgen_test]
async fn makes_canvas_s_own_tokens_over_http() {
    let (canvas, none) = (canvas("1~user-access-token"), JsValue::UNDEFINED);
    let open = create_jwt(canvas.clone(), none.clone(), js("{ canvasAudience: false }")).await.unwrap();
    assert_eq!(text(&get(&open, "claims"), "iss"), "Canvas");
    let sealed = create_jwt(canvas.clone(), none.clone(), none.clone()).await.unwrap();
    assert!(get(&sealed, "encrypted").is_truthy() && get(&sealed, "claims").is_null());
    let again = refresh_jwt(canvas.clone(), none.clone(), get(&sealed, "token")).await.unwrap();
    assert_ne!(text(&again, "token"), text(&sealed, "token"));
    let inst = create_inst_access_token(canvas, none).await.unwrap();
    assert_eq!(text(&inst, "token").matches('.').count(), 4);
}

#[wasm_bindgen_test]
async fn calls_the_endpoints_of_a_tool_over_http() {
    let granted = ask(&authorize(), "{}").await.unwrap();
    let (canvas, none) = (canvas(&text(&granted, "accessToken")), JsValue::UNDEFINED);
    let path = js("{ assignmentId: 25, submissionId: 6 }");
    let scored = js("{ fileId: 71, originalityScore: 25.2 }");
    let report = create_originality_report(canvas.clone(), none.clone(), path, scored).await.unwrap();
    assert_eq!(text(&report, "workflow_state"), "scored");
    let users = group_users(canvas.clone(), none.clone(), 4.into()).await.unwrap();
    assert_eq!(users.unchecked_into::<Array>().length(), 2);
    token_error(&user(canvas, none, 999_999.into()).await.unwrap_err(), "ERR_HTTP_STATUS");
}

#[wasm_bindgen_test]
async fn a_dead_token_is_told() {
    let error = create_jwt(canvas("nobody"), JsValue::UNDEFINED, JsValue::UNDEFINED).await.unwrap_err();
    token_error(&error, "ERR_UNAUTHENTICATED");
    assert!(!text(&error, "message").contains("nobody"));
}

#[wasm_bindgen_test]
async fn signs_and_encrypts_with_the_browser_s_crypto() {
    let none = JsValue::UNDEFINED;
    let pair = generate_key("RS256".into(), none.clone()).await.unwrap();
    let token = sign_jwt(claims(), get(&pair, "privateKey"), none.clone(), none.clone()).await.unwrap();
    let options = js("{ now: 1486393801 }");
    let verified = verify_jwt(token.clone(), get(&pair, "publicKey"), options.clone()).await.unwrap();
    assert_eq!(text(&get(&verified, "claims"), "sub"), GUID);
    let other = generate_key("RS256".into(), none.clone()).await.unwrap();
    let error = verify_jwt(token.clone(), get(&other, "publicKey"), options.clone()).await.unwrap_err();
    token_error(&error, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED");

    let pair = generate_key("RSA-OAEP".into(), none.clone()).await.unwrap();
    let header = js("{ alg: 'RSA-OAEP', enc: 'A128CBC-HS256' }");
    let sealed = encrypt_jwe(token, get(&pair, "publicKey"), header).await.unwrap();
    let opened = decrypt_jwe(sealed, get(&pair, "privateKey"), none).await.unwrap();
    assert!(get(&opened, "plaintext").is_instance_of::<Uint8Array>());
}

#[wasm_bindgen_test]
async fn a_refusal_is_explained() {
    let error = ask(&authorize(), "{ secret: 'wrong' }").await.unwrap_err();
    assert_eq!(text(&get(&error, "report"), "kind"), "lti2-assertion");
    let report = inspect_token(TOKEN.into(), js("{ key: { secret: 'secret' } }")).await.unwrap();
    assert_eq!(text(&report, "outcome"), "invalid");
    assert_eq!(text(&get(&report, "checks").unchecked_into::<Array>().get(0), "id"), "exp");
}
