//! Mistakes in the tokens of the other kinds.

use canvas_lms_tokens::inspect::Outcome::{Fail, Warn};
use canvas_lms_tokens::inspect::{Kind, Outcome};

use crate::inspect::good::{self, Good};
use crate::inspect::{Case, assert_first, case, inspect, rows};

/// Kind | what is wrong | in the claims | becomes | check | what to change
const MISTAKES: &str = r#"
    lti2-access-token | expired           | 1700003600 | 1700000000          | exp           | get a new token from Canvas
    lti2-access-token | not yet valid     | 1699999970 | 1700000047          | nbf           | wait until then
    lti2-access-token | issued tomorrow   | "iat":1700000000 | "iat":1700086400 | iat-future | set the clock
    lti2-access-token | another issuer    | "Canvas"   | "canvas"            | iss           | of the issuer that this kind has
    lti2-access-token | no iss            | "iss":"Canvas", |                | claim-missing | add iss
    lti2-access-token | no nbf            | "nbf":1699999970, |              | claim-missing | add nbf
    lti2-access-token | of another Canvas | ["canvas.test"] | ["other.test"] | aud           | the Canvas that issued it
    lti2-access-token | its host as a URL | ["canvas.test"] | "https://canvas.test" | aud    | the Canvas that issued it
    lti2-access-token | exp in quotes     | 1700003600 | "1700003600"        | claim-type    | as a JSON number
    canvas-jwt        | expired           | 1700003600 | 1699999000          | exp           | get a new token from Canvas
    canvas-jwt        | not yet valid     | 1699999970 | 1700000001          | nbf           | wait until then
    canvas-jwt        | nbf in ms         | 1699999970 | 1700000000000       | time-unit     | divide nbf by 1000
    canvas-jwt        | no sub            | "sub":10000000000002, |          | claim-missing | add sub
    canvas-jwt        | no exp            | "exp":1700003600, |              | claim-missing | add exp
    canvas-jwt        | another issuer    | "iss":"Canvas" | "iss":"me"      | iss           | of the issuer that this kind has
    canvas-jwt        | sub a fraction    | 10000000000002 | 1.5             | claim-type    | with the type that RFC 7519
    inst-access-token | expired           | 1700003600 | 1700000000          | exp           | get a new token from Canvas
    inst-access-token | no sub            | ,"sub":"A1eIxE4zCbGrMZbCK7KWiHfPYNAVZHvoNGoEtnRt" | | claim-missing | add sub
    inst-access-token | no jti            | "jti":"8a1c8b5e-6b53-4e9c-9d27-0c2b06ba3d0e", | | claim-missing | add jti
    inst-access-token | another issuer    | instructure:inst_access | instructure:inst-access | iss | of the issuer that this kind has
    lti13-id-token    | no nonce          | ,"nonce":"9c2f1d4a-55aa" |        | claim-missing | add nonce
    lti13-id-token    | nonse             | nonce      | nonse               | claim-spelling | rename nonse to nonce
    lti13-id-token    | no deployment     | "https://purl.imsglobal.org/spec/lti/claim/deployment_id":"1:abc", | | claim-missing | add https://purl.imsglobal.org/spec/lti/claim/deployment_id
    lti13-id-token    | no version        | "https://purl.imsglobal.org/spec/lti/claim/version":"1.3.0", | | claim-missing | add https://purl.imsglobal.org/spec/lti/claim/version
    lti13-id-token    | no issuer         | "iss":"https://canvas.instructure.com", | | claim-missing | add iss
    lti13-id-token    | expired           | 1700003600 | 1699996400          | exp           | get a new token from Canvas
    lti13-id-token    | aud a number      | "10000000000005" | 10000000000005 | claim-type    | with the type that RFC 7519
    lti13-client-assertion | no iss       | "iss":"10000000000005", |        | claim-missing | add iss
    lti13-client-assertion | no jti       | ,"jti":"dcf9a6a1-97b8-4e3f-9f65-2f0f1f7b9b52" | | claim-missing | add jti
    lti13-client-assertion | clientId     | "sub"      | "clientId"          | claim-spelling | rename clientId to sub
    lti13-client-assertion | a trailing slash | /login/oauth2/token | /login/oauth2/token/ | aud | set aud to https://canvas.test/login/oauth2/token
    lti13-client-assertion | another host | https://canvas.test | https://other.test | aud   | set aud to https://canvas.test/login/oauth2/token
    lti13-client-assertion | the auth endpoint | oauth2/token | oauth2/auth   | aud           | set aud to https://canvas.test/login/oauth2/token
    lti13-client-assertion | the issuer   | https://canvas.test/login/oauth2/token | https://canvas.test | aud | set aud to https://canvas.test/login/oauth2/token
    lti13-client-assertion | the host alone | https://canvas.test/login/oauth2/token | canvas.test | aud | the URL that the token is sent to
    lti13-client-assertion | sub a name   | "sub":"10000000000005" | "sub":"my-tool" | sub   | set sub to the client id
    lti13-client-assertion | an old iat   | 1700000000 | 1699999699          | iat-age       | a new token for each request
    lti13-client-assertion | iat ahead    | 1700000000 | 1700000047          | iat-future    | set the clock
    lti13-client-assertion | iat in ms    | 1700000000 | 1700000000000       | time-unit     | divide iat by 1000
    lti13-client-assertion | exp as text  | 1700000300 | "1700000300"        | claim-type    | as a JSON number
    lti13-client-assertion | expired      | 1700000300 | 1699999990          | exp           | a new token just before sending
    lti13-deep-linking-response | no nonce | ,"nonce":"9c2f1d4a-55aa" |      | claim-missing | add nonce
    lti13-deep-linking-response | no aud  | "aud":"https://canvas.instructure.com", | | claim-missing | add aud
    lti13-deep-linking-response | iss the platform's | "iss":"10000000000005" | "iss":"https://canvas.instructure.com" | iss | set iss to the client id
    lti13-deep-linking-response | an old iat | 1700000000 | 1699999000       | iat-age       | a new token for each request
    lti13-deep-linking-response | expired | 1700000300 | 1700000000          | exp           | a new token just before sending
    lti13-access-token | expired          | 1700003600 | 1700000000          | exp           | get a new token from Canvas
    lti13-access-token | no sub           | "sub":"10000000000005", |        | claim-missing | add sub
    jwt               | expired           | 1700000060 | 1699999999          | exp           | a new token just before sending
    jwt               | not yet valid     | "nbf":1700000000 | "nbf":1700000001 | nbf        | wait until then
    jwt               | nbf in ms         | "nbf":1700000000 | "nbf":1700000000000 | time-unit | divide nbf by 1000
    jwt               | exp true          | 1700000060 | true                | claim-type    | as a JSON number
    jwt               | sub a list        | "marked-sub" | ["marked-sub"]     | claim-type    | with the type that RFC 7519
"#;

const ODD: &str = r#"
    lti13-client-assertion | iss and sub differ | "iss":"10000000000005" | "iss":"my-tool" | iss | set iss and sub to the client id
    lti13-client-assertion | a lifetime of a day | 1700000300 | 1700086400   | lifetime      | iat + 300 or less
    lti13-client-assertion | a short jti  | dcf9a6a1-97b8-4e3f-9f65-2f0f1f7b9b52 | 1 | jti    | a new random UUID
    inst-access-token | exp before iat    | "iat":1700000000 | "iat":1700003600 | time-order | set exp to iat + 60
    jwt               | iat in ms         | "iat":1700000000 | "iat":1700000000000 | time-unit | divide iat by 1000
    jwt               | exp in ms         | 1700000060 | 1700000060000       | time-unit     | divide exp by 1000
    jwt               | a password        | "name"     | "Password"          | secret-in-claims | change that secret
"#;

fn good_of(kind: &str) -> Good {
    good::all().into_iter().find(|good| good.kind == kind).unwrap()
}

/// Every row as a case.
pub(super) fn cases() -> Vec<Case> {
    let row = |[kind, name, from, to, ..]: [&str; 6]| {
        let good = good_of(kind);
        case(format!("{kind}: {name}"), good.with_claims(from, to).signed(), good.with_kind())
    };
    [MISTAKES, ODD].into_iter().flat_map(rows).map(row).collect()
}

fn each_is(outcome: Outcome, table: &'static str) {
    for [kind, name, from, to, id, fix] in rows(table) {
        let good = good_of(kind);
        let report = inspect(&good.with_claims(from, to).signed(), &good.with_kind());
        assert_first(&format!("{kind}: {name}"), &report, (outcome, id, fix));
    }
}

#[test]
fn each_is_found() {
    each_is(Fail, MISTAKES);
}

#[test]
fn what_is_odd_is_a_warning() {
    each_is(Warn, ODD);
}

#[test]
fn the_algorithm_is_that_of_the_kind() {
    for (kind, from, to, fix) in [
        ("lti2-access-token", "HS256", "HS512", "sign with HS256"),
        ("inst-access-token", "RS256", "RS384", "sign with RS256"),
        ("lti13-id-token", "RS256", "ES256", "sign with RS256"),
        ("lti13-deep-linking-response", "RS256", "HS256", "sign with RS256"),
        ("lti13-access-token", "HS256", "HS384", "sign with HS256"),
        ("canvas-jwt", "RS256", "none", "sign with RS256"),
        ("jwt", "HS256", "none", "sign with an algorithm of RFC 7518"),
    ] {
        let good = good_of(kind);
        assert_first(kind, &inspect(&good.with_header(from, to).signed(), &good.with_kind()), (Fail, "alg", fix));
    }
}

#[test]
fn a_token_of_another_kind_is_named() {
    let assertion = good::assertion();
    for good in good::all().into_iter().filter(|good| good.kind != "jwt") {
        for other in good::all().into_iter().filter(|other| other.kind != good.kind) {
            let mut with = good.with();
            with.options.kind = Kind::named(other.kind);
            let report = inspect(&good.signed(), &with);
            assert_eq!(report.kind.as_str(), other.kind);
            if other.kind == "jwt" && good.kind.ends_with("-state") {
                // Its key is derived from the secret, so that it is nothing else by it.
                assert_first(good.kind, &report, (Fail, "signature", "sign with the key"));
                continue;
            }
            if other.kind == "jwt" {
                assert_eq!(report.outcome, "valid", "every one of them is a JWT");
                continue;
            }
            let outcome = if report.outcome == "invalid" { Fail } else { Warn };
            assert_first(good.kind, &report, (outcome, "kind", "send the kind of token that is expected"));
        }
    }
    // Canvas's answer sent back as an assertion.
    let mut with = assertion.with_kind();
    with.key = None;
    assert_first(
        "an access token",
        &inspect(&good::access_token().signed(), &with),
        (Fail, "kind", "send the kind of token"),
    );
    assert!(inspect(&good::access_token().signed(), &with).checks[0].message.contains("an LTI 2 access token"));
}

#[test]
fn the_endpoint_tells_the_kind_where_the_claims_do_not() {
    for (good, from, kind) in [
        (good::assertion(), r#""aud":"https://canvas.test/api/lti/accounts/1/authorize","#, "lti2-assertion"),
        (good::client_assertion(), r#""aud":"https://canvas.test/login/oauth2/token","#, "lti13-client-assertion"),
    ] {
        let report = inspect(&good.with_claims(from, "").signed(), &good.with());
        assert_eq!(report.kind.as_str(), kind);
        assert_first(kind, &report, (Fail, "claim-missing", "add aud"));
    }
}

#[test]
fn newer_canvas_takes_its_authentication_domain_as_audience() {
    let good = good::client_assertion();
    for host in ["sso.canvaslms.com", "sso.beta.canvaslms.com", "sso.test.canvaslms.com"] {
        for aud in [format!("\"{host}\""), format!("[\"{host}\"]"), format!("[\"https://other.test\",\"{host}\"]")] {
            let spoilt = good.with_claims(r#""https://canvas.test/login/oauth2/token""#, &aud);
            assert_eq!(inspect(&spoilt.signed(), &good.with_kind()).outcome, "valid", "{aud}");
        }
    }
    for aud in ["canvaslms.com", "sso.prod.canvaslms.com", "SSO.canvaslms.com", "sso.canvaslms.com."] {
        let spoilt = good.with_claims("https://canvas.test/login/oauth2/token", aud);
        assert_first(
            aud,
            &inspect(&spoilt.signed(), &good.with_kind()),
            (Fail, "aud", "the URL that the token is sent to"),
        );
    }
}
