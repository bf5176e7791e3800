//! Mistakes in the claims of an LTI 2 assertion.

use canvas_lms_tokens::inspect::Outcome::{Fail, Pass, Warn};
use canvas_lms_tokens::inspect::{Exchange, Outcome};

use crate::inspect::good::{self, Good};
use crate::inspect::{Case, assert_first, case, inspect, rows};

/// What is wrong | in the claims | becomes | check | what to change
const SPELLING: &str = r#"
    sub missing               | "sub":"123123-ad13-ac233",   |                  | claim-missing  | add sub: the developer key's global id
    aud missing               | "aud":"https://canvas.test/api/lti/accounts/1/authorize", | | claim-missing | add aud: the URL
    exp missing               | "exp":1700000060,            |                  | claim-missing  | add exp: seconds since 1970
    iat missing               | "iat":1700000000,            |                  | claim-missing  | add iat: the time of signing
    jti missing               | ,"jti":"688700c2-4bc1-40b7-83e5-7cbf54f93335" | | claim-missing  | add jti: a new random UUID
    Iat                       | "iat"                        | "Iat"            | claim-spelling | rename Iat to iat
    IAT                       | "iat"                        | "IAT"            | claim-spelling | rename IAT to iat
    ait                       | "iat"                        | "ait"            | claim-spelling | rename ait to iat
    iat with a space          | "iat"                        | "iat "           | claim-spelling | rename iat  to iat
    issued_at                 | "iat"                        | "issued_at"      | claim-spelling | rename issued_at to iat
    issuedAt                  | "iat"                        | "issuedAt"       | claim-spelling | rename issuedAt to iat
    expires                   | "exp"                        | "expires"        | claim-spelling | rename expires to exp
    expiration                | "exp"                        | "expiration"     | claim-spelling | rename expiration to exp
    expires_at                | "exp"                        | "expires_at"     | claim-spelling | rename expires_at to exp
    Exp                       | "exp"                        | "Exp"            | claim-spelling | rename Exp to exp
    epx                       | "exp"                        | "epx"            | claim-spelling | rename epx to exp
    audience                  | "aud"                        | "audience"       | claim-spelling | rename audience to aud
    AUD                       | "aud"                        | "AUD"            | claim-spelling | rename AUD to aud
    subject                   | "sub"                        | "subject"        | claim-spelling | rename subject to sub
    Sub                       | "sub"                        | "Sub"            | claim-spelling | rename Sub to sub
    client_id                 | "sub"                        | "client_id"      | claim-spelling | rename client_id to sub
    jwt_id                    | "jti"                        | "jwt_id"         | claim-spelling | rename jwt_id to jti
    jtl                       | "jti"                        | "jtl"            | claim-spelling | rename jtl to jti
    uuid                      | "jti"                        | "uuid"           | claim-spelling | rename uuid to jti
"#;

const TIMES: &str = r#"
    exp as text               | 1700000060                   | "1700000060"     | claim-type     | as a JSON number
    exp as a date             | 1700000060                   | "2023-11-14T22:14:20Z" | claim-type | as a JSON number
    exp null                  | 1700000060                   | null             | claim-type     | as a JSON number
    exp a list                | 1700000060                   | [1700000060]     | claim-type     | as a JSON number
    iat as text               | 1700000000                   | "1700000000"     | claim-type     | as a JSON number
    iat true                  | 1700000000                   | true             | claim-type     | as a JSON number
    iat in milliseconds       | 1700000000                   | 1700000000000    | time-unit      | divide iat by 1000
    iat in microseconds       | 1700000000                   | 1700000000000000 | time-unit      | divide iat by 1000000 
    iat in nanoseconds        | 1700000000                   | 1700000000000000000 | time-unit   | divide iat by 1000000000
    exp a second ago          | 1700000060                   | 1699999999       | exp            | a new token just before sending
    exp this very second      | 1700000060                   | 1700000000       | exp            | a new token just before sending
    exp with a fraction of it | 1700000060                   | 1700000000.9     | exp            | a new token just before sending
    exp years ago             | 1700000060                   | 1486393868       | exp            | a new token just before sending
    exp a span                | 1700000060                   | 60               | exp            | a point in time, such as iat + 60
    exp zero                  | 1700000060                   | 0                | exp            | a point in time
    exp negative              | 1700000060                   | -1               | exp            | a point in time
    iat five minutes ago      | 1700000000                   | 1699999699       | iat-age        | a new token for each request
    iat an hour ago           | 1700000000                   | 1699996400       | iat-age        | a new token for each request
    iat zero                  | 1700000000                   | 0                | iat-age        | a new token for each request
    iat half a minute ahead   | 1700000000                   | 1700000031       | iat-future     | set the clock
    iat in local time         | 1700000000                   | 1700007200       | iat-future     | in UTC seconds
"#;

const AUDIENCE: &str = r#"
    another scheme            | https://canvas.test          | http://canvas.test       | aud | set aud to https://canvas.test/api/lti/accounts/1/authorize
    another host              | https://canvas.test          | https://other.test       | aud | set aud to https://canvas.test/api
    a host of beta            | https://canvas.test          | https://canvas.beta.test | aud | set aud to https://canvas.test/api
    the sso host              | https://canvas.test          | https://sso.canvaslms.com | aud | set aud to https://canvas.test/api
    another port              | https://canvas.test          | https://canvas.test:8443 | aud | set aud to https://canvas.test/api
    the usual port            | https://canvas.test          | https://canvas.test:443  | aud | set aud to https://canvas.test/api
    a capital in the host     | https://canvas.test          | https://Canvas.test      | aud | set aud to https://canvas.test/api
    a capital in the path     | /authorize                   | /Authorize               | aud | set aud to https://canvas.test/api
    a trailing slash          | /authorize                   | /authorize/              | aud | set aud to https://canvas.test/api
    a query                   | /authorize                   | /authorize?x=1           | aud | set aud to https://canvas.test/api
    a fragment                | /authorize                   | /authorize#x             | aud | set aud to https://canvas.test/api
    a user                    | https://canvas.test          | https://me@canvas.test   | aud | set aud to https://canvas.test/api
    the course's endpoint     | /accounts/                   | /courses/                | aud | set aud to https://canvas.test/api
    another account           | /accounts/1/                 | /accounts/2/             | aud | set aud to https://canvas.test/api
    the OAuth endpoint        | /api/lti/accounts/1/authorize | /login/oauth2/token     | aud | set aud to https://canvas.test/api
    the old endpoint          | /api/lti/accounts/1/authorize | /api/lti/authorize      | aud | use /api/lti/accounts/ID/authorize
    the host alone            | https://canvas.test/api/lti/accounts/1/authorize | canvas.test | aud | the URL that the token is sent to
    the path alone            | https://canvas.test/api      | /api                     | aud | the URL that the token is sent to
    empty                     | https://canvas.test/api/lti/accounts/1/authorize | | aud | the URL that the token is sent to
    an array of another       | "https://canvas.test/api/lti/accounts/1/authorize" | ["https://other.test/api/lti/accounts/1/authorize"] | aud | set aud to https://canvas.test/api
    an empty array            | "https://canvas.test/api/lti/accounts/1/authorize" | []     | aud | the URL that the token is sent to
    an array of numbers       | "https://canvas.test/api/lti/accounts/1/authorize" | [1]    | aud | the URL that the token is sent to
    a number                  | "https://canvas.test/api/lti/accounts/1/authorize" | 1      | aud | write aud as one string
    null                      | "https://canvas.test/api/lti/accounts/1/authorize" | null   | aud | write aud as one string
    an object                 | "https://canvas.test/api/lti/accounts/1/authorize" | {"url":"x"} | aud | write aud as one string
    white space in front      | https://canvas.test          | \u0020https://canvas.test | aud | write aud without it
    a line break behind       | /authorize                   | /authorize\r\n          | aud | write aud without it
    white space in it         | /api/lti/                    | /api/ lti/               | aud | write aud without it
    a space of no width       | /authorize                   | /authorize\u200b         | aud | write aud without it
    white space in an array   | "https://canvas.test/api/lti/accounts/1/authorize" | ["https://canvas.test/api/lti/accounts/1/authorize "] | aud | write aud without it
    white space and a slash   | /authorize                   | /authorize/\u0020        | aud | the URL that the token is sent to
"#;

const SUBJECT: &str = r#"
    sub empty                 | "123123-ad13-ac233"          | ""               | sub            | set sub to a developer key's global id
    sub with white space      | "123123-ad13-ac233"          | " 123123-ad13-ac233" | sub        | write sub without it
    sub with a space in it    | "123123-ad13-ac233"          | "123123 -ad13-ac233" | sub        | write sub without it
    sub that is white space   | "123123-ad13-ac233"          | "  "             | sub            | set sub to
    sub null                  | "123123-ad13-ac233"          | null             | sub            | set sub to
    sub true                  | "123123-ad13-ac233"          | true             | sub            | set sub to
    sub a list                | "123123-ad13-ac233"          | ["x"]            | sub            | set sub to
    sub an object             | "123123-ad13-ac233"          | {"id":3}         | sub            | set sub to
    sub negative              | "123123-ad13-ac233"          | -3               | sub            | set sub to
    sub with a fraction       | "123123-ad13-ac233"          | 3.5              | sub            | set sub to
"#;

/// What newer Canvas accepts and should not be done.
const ODD: &str = r#"
    exp in milliseconds       | 1700000060                   | 1700000060000    | time-unit      | divide exp by 1000
    exp with a fraction       | 1700000060                   | 1700000060.5     | time-fraction  | write exp as an integer
    exp with an exponent      | 1700000060                   | 1.70000006e9     | time-fraction  | write exp as an integer
    iat with a fraction       | 1700000000                   | 1700000000.25    | time-fraction  | write iat as an integer
    a lifetime of 61 s        | 1700000060                   | 1700000061       | lifetime       | set exp to iat + 60
    a lifetime of an hour     | 1700000060                   | 1700003600       | lifetime       | set exp to iat + 60
    a lifetime of a year      | 1700000060                   | 1731536000       | lifetime       | set exp to iat + 60
    exp before iat            | "exp":1700000060,"iat":1700000000 | "exp":1700000010,"iat":1700000020 | time-order | set exp to iat + 60
    nbf that has not come     | "jti"                        | "nbf":1700000009,"jti" | nbf      | wait until then
    nbf as text               | "jti"                        | "nbf":"1","jti"  | claim-type     | as a JSON number
    nbf in milliseconds       | "jti"                        | "nbf":1700000000000,"jti" | time-unit | divide nbf by 1000
    iss a number              | "jti"                        | "iss":7,"jti"    | claim-type     | with the type that RFC 7519 gives it
    aud an array              | "https://canvas.test/api/lti/accounts/1/authorize" | ["https://canvas.test/api/lti/accounts/1/authorize"] | aud | write aud as one string
    aud one of several        | "https://canvas.test/api/lti/accounts/1/authorize" | ["x","https://canvas.test/api/lti/accounts/1/authorize"] | aud | write aud as one string
    a short jti               | 688700c2-4bc1-40b7-83e5-7cbf54f93335 | 1        | jti            | a new random UUID
    a jti of one letter       | 688700c2-4bc1-40b7-83e5-7cbf54f93335 | aaaaaaaaaaaa | jti        | a new random UUID
    an empty jti              | 688700c2-4bc1-40b7-83e5-7cbf54f93335 |          | jti            | a new random UUID
    jti a number              | "688700c2-4bc1-40b7-83e5-7cbf54f93335" | 688700 | claim-type     | with the type
    a sub that lost digits    | "123123-ad13-ac233"          | 90000000000000000 | sub-digits    | as text or as exact integers
    a secret in the claims    | "jti"                        | "shared_secret":"abcdef","jti" | secret-in-claims | take it out
    white space around jti    | 688700c2-4bc1-40b7-83e5-7cbf54f93335 | 688700c2-4bc1-40b7-83e5-7cbf54f93335\n | white-space | write jti without it
    white space in iss        | "jti"                        | "iss":"tool ","jti" | white-space | write iss without it
    the key in the claims     | "jti"                        | "note":"a secret of thirty-two bytes, or more","jti" | secret-in-claims | take it out
"#;

/// Every row as a case.
pub(super) fn cases() -> Vec<Case> {
    let good = good::assertion();
    let rows = [SPELLING, TIMES, AUDIENCE, SUBJECT, ODD].into_iter().flat_map(rows::<5>);
    rows.map(|[name, from, to, ..]| case(name, good.with_claims(from, to).signed(), good.with_kind())).collect()
}

fn each_is(outcome: Outcome, good: &Good, table: &'static str) {
    for [name, from, to, id, fix] in rows(table) {
        let spoilt = good.with_claims(from, to);
        assert_first(name, &inspect(&spoilt.signed(), &good.with_kind()), (outcome, id, fix));
    }
}

#[test]
fn each_is_found() {
    for table in [SPELLING, TIMES, AUDIENCE, SUBJECT] {
        each_is(Fail, &good::assertion(), table);
    }
}

#[test]
fn what_newer_canvas_accepts_is_a_warning() {
    each_is(Warn, &good::assertion(), ODD);
}

/// A good token changed, and inspected: the ids of what failed or is a warning, worst first.
fn faults(good: &Good, from: &str, to: &str, tolerance: f64) -> Vec<&'static str> {
    let mut with = good.with_kind();
    with.options.tolerance = tolerance;
    let report = inspect(&good.with_claims(from, to).signed(), &with);
    report.checks.iter().filter(|check| check.outcome <= Warn).map(|check| check.id).collect()
}

/// To the second, for the kinds of which Canvas asks something, and not only for a JWT.
#[test]
fn clocks_may_differ_by_the_tolerance() {
    let (assertion, client) = (good::assertion(), good::client_assertion());
    let (access, deep_linking, jwt) = (good::access_token(), good::deep_linking(), good::jwt());
    let iat = |seconds: &str| format!("\"iat\":{seconds}");
    for (good, old, ahead) in [
        (&assertion, Some(("1699999693", "1699999692")), ("1700000037", "1700000038")),
        (&client, Some(("1699999693", "1699999692")), ("1700000037", "1700000038")),
        (&deep_linking, Some(("1699999693", "1699999692")), ("1700000037", "1700000038")),
        (&access, None, ("1700000007", "1700000008")),
    ] {
        let found = |to: &str, tolerance| {
            let found = faults(good, "\"iat\":1700000000", &iat(to), tolerance);
            found.into_iter().filter(|id| *id != "lifetime").collect::<Vec<_>>()
        };
        if let Some((last, beyond)) = old {
            assert_eq!(found(last, 0.0), ["iat-age"], "{}", good.kind);
            assert!(found(last, 7.0).is_empty(), "{}", good.kind);
            assert_eq!(found(beyond, 7.0), ["iat-age"], "{}", good.kind);
        }
        let (last, beyond) = ahead;
        assert_eq!(found(last, 0.0), ["iat-future"], "{}", good.kind);
        assert!(found(last, 7.0).is_empty(), "{}", good.kind);
        assert_eq!(found(beyond, 7.0), ["iat-future"], "{}", good.kind);
    }
    for (good, from) in [(&assertion, "1700000060"), (&client, "1700000300"), (&jwt, "1700000060")] {
        assert!(!faults(good, from, "1699999994", 7.0).contains(&"exp"), "{}", good.kind);
        assert!(faults(good, from, "1699999993", 7.0).contains(&"exp"), "{}", good.kind);
    }
    // Canvas drops the fraction of an assertion's `exp`.
    assert!(!faults(&assertion, "1700000060", "1699999994.5", 7.0).contains(&"exp"));
    assert!(faults(&assertion, "1700000060", "1699999993.5", 7.0).contains(&"exp"));
}

/// What is in milliseconds is refused as a time in the future only where it is ahead of what clocks may differ by.
#[test]
fn a_time_in_milliseconds_is_refused_beyond_the_tolerance() {
    const NOW_AND_MILLISECONDS: f64 = 1_700_000_000_000.0 - 1_700_000_000.0;
    let nbf = r#""nbf":1699999970"#;
    for (good, from, to, furthest, name) in [
        (good::assertion(), r#""iat":1700000000"#, r#""iat":1700000000000"#, 30.0, "iat"),
        (good::client_assertion(), r#""iat":1700000000"#, r#""iat":1700000000000"#, 30.0, "iat"),
        (good::canvas_jwt(), nbf, r#""nbf":1700000000000"#, 0.0, "nbf"),
    ] {
        let just = NOW_AND_MILLISECONDS - furthest;
        for (tolerance, outcome) in [(0.0, Fail), (just - 1.0, Fail), (just, Warn)] {
            let mut with = good.with_kind();
            with.options.tolerance = tolerance;
            let report = inspect(&good.with_claims(from, to).signed(), &with);
            let check = report.checks.iter().find(|check| check.id == "time-unit").unwrap();
            assert_eq!(check.outcome, outcome, "{} {name}, tolerance {tolerance}", good.kind);
            assert_eq!(check.fix.as_deref(), Some(&*format!("Divide {name} by 1000 and drop the fraction")));
        }
    }
}

#[test]
fn a_lifetime_is_long_beyond_a_minute_or_three_hours() {
    for (good, from, longest, longer) in [
        (good::assertion(), "1700000060", "1700000060", "1700000061"),
        (good::client_assertion(), "1700000300", "1700010800", "1700010801"),
    ] {
        assert!(faults(&good, from, longest, 0.0).is_empty(), "{}", good.kind);
        assert_eq!(faults(&good, from, longer, 0.0), ["lifetime"], "{}", good.kind);
    }
}

#[test]
fn a_jti_of_eight_characters_looks_unique() {
    let jti = "688700c2-4bc1-40b7-83e5-7cbf54f93335";
    for (to, found) in [("1234567", &["jti"][..]), ("12345678", &[]), ("aaaaaaaa", &["jti"]), ("aaaaaaab", &[])] {
        assert_eq!(faults(&good::assertion(), jti, to, 0.0), found, "{to}");
    }
}

/// The checks in the order in which they are made: what is refused first is what a person reads first.
#[test]
fn several_faults_are_in_order() {
    let good = good::assertion();
    let sent = r#""sub":"123123-ad13-ac233","aud":"https://canvas.test/api/lti/accounts/1/authorize","exp":1700000060,"iat":1700000000"#;
    for (to, found) in [
        (r#""sub":"","aud":"https://other.test","exp":1700000060,"iat":1700000000"#, &["aud", "sub"][..]),
        (r#""sub":"","aud":"x","exp":1,"iat":1"#, &["exp", "iat-age", "aud", "sub", "time-order"]),
        (r#""iat":1700000000000"#, &["claim-missing", "claim-missing", "claim-missing", "time-unit"]),
        (r#""exp":"x","iat":null"#, &["claim-missing", "claim-missing", "claim-type", "claim-type"]),
    ] {
        assert_eq!(faults(&good, sent, to, 0.0), found, "{to}");
    }
}

#[test]
fn a_developer_key_needs_the_registration_key() {
    let good = good::assertion();
    for sub in ["10000000000003", r#""10000000000003""#, "90000000000000001"] {
        let token = good.with_claims(r#""123123-ad13-ac233""#, sub).signed();
        for (has_code, outcome) in [(None, Warn), (Some(false), Fail), (Some(true), Pass)] {
            let mut with = good.with_kind();
            let exchange = |has_code| Exchange { has_code, server_date: None, is_invalid_grant: false };
            with.options.exchange = has_code.map(exchange);
            let report = inspect(&token, &with);
            let check = report.checks.iter().find(|check| check.id == "code").unwrap();
            assert_eq!(check.outcome, outcome, "{sub} {has_code:?}");
            if outcome != Pass {
                assert_first(sub, &report, (outcome, "code", "as the parameter code"));
            }
        }
    }
}

#[test]
fn an_expired_token_tells_since_when_and_a_difference_what_differs() {
    let good = good::assertion();
    for (from, to, part) in [
        ("1700000060", "1699999953", "expired 47 s ago"),
        ("1700000060", "1699992793", "expired 2 h ago"),
        ("1700000000", "1699999600", "iat is 6 min 40 s ago; Canvas takes at most 5 min"),
        ("1700000000", "1700000090", "iat is 1 min 30 s ahead; Canvas takes at most 30 s"),
        ("https://canvas", "http://canvas", "the scheme \"http\"; Canvas expects \"https\""),
        ("canvas.test", "beta.test", "the host \"beta.test\"; Canvas expects \"canvas.test\""),
        ("canvas.test", "canvas.test:443", "the port \"443\"; Canvas expects \"none\""),
        ("canvas.test", "Canvas.test", "upper and lower case"),
        ("/accounts/", "/courses/", "names a course, the endpoint an account"),
        ("/authorize", "/authorize/", "a trailing slash"),
        ("canvas.test", "sso.beta.canvaslms.com", "the LTI 1.3 host sso.beta.canvaslms.com"),
    ] {
        let report = inspect(&good.with_claims(from, to).signed(), &good.with_kind());
        assert!(report.checks[0].message.contains(part), "{to}: {}", report.checks[0].message);
    }
}

#[test]
fn the_endpoint_is_what_canvas_makes_of_it() {
    let good = good::assertion();
    for endpoint in [
        "https://canvas.test:443/api/lti/accounts/1/authorize",
        "HTTPS://Canvas.Test/api/lti/accounts/1/authorize",
        "https://canvas.test/api/lti/accounts/1/authorize/",
        "https://canvas.test/api/lti/accounts/1/authorize?x=1#y",
    ] {
        let mut with = good.with_kind();
        with.options.endpoint = Some(endpoint.to_owned());
        assert_eq!(inspect(&good.signed(), &with).outcome, "valid", "{endpoint}");
        let as_sent = good.with_claims("https://canvas.test/api/lti/accounts/1/authorize", endpoint);
        let fix = "set aud to https://canvas.test/api/lti/accounts/1/authorize";
        assert_first(endpoint, &inspect(&as_sent.signed(), &with), (Fail, "aud", fix));
    }
}
