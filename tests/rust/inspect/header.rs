//! Mistakes in the header.

use canvas_lms_tokens::inspect::Outcome::{Fail, Warn};

use crate::inspect::good::{self, Good};
use crate::inspect::{Case, assert_first, case, inspect, rows};

/// What is wrong | in the header | becomes | check | what to change
const ASSERTION: &str = r#"
    alg missing              | "alg":"HS256",  |                                        | alg  | sign with HS256
    alg none                 | "HS256"         | "none"                                 | alg  | sign with HS256
    alg None                 | "HS256"         | "None"                                 | alg  | sign with HS256
    alg in small letters     | "HS256"         | "hs256"                                | alg  | sign with HS256
    alg as the hash          | "HS256"         | "SHA256"                               | alg  | sign with HS256
    alg empty                | "HS256"         | ""                                     | alg  | sign with HS256
    alg null                 | "HS256"         | null                                   | alg  | sign with HS256
    alg a number             | "HS256"         | 256                                    | alg  | sign with HS256
    alg a list               | "HS256"         | ["HS256"]                              | alg  | sign with HS256
    alg RS256                | "HS256"         | "RS256"                                | alg  | sign with HS256
    alg ES256                | "HS256"         | "ES256"                                | alg  | sign with HS256
    alg EdDSA                | "HS256"         | "EdDSA"                                | alg  | sign with HS256
    alg of an encryption     | "HS256"         | "dir"                                  | alg  | sign with HS256
    Alg with a capital       | "alg"           | "Alg"                                  | alg  | sign with HS256
    crit                     | "typ":"JWT"     | "exp":1,"crit":["exp"]                 | crit | leave crit out
    crit that is broken      | "typ":"JWT"     | "crit":[]                              | crit | leave crit out
    zip                      | "typ":"JWT"     | "zip":"DEF"                            | zip  | leave zip out
    b64 that crit lists      | "typ":"JWT"     | "b64":false,"crit":["b64"]             | crit | leave crit out
    b64 without crit         | "typ":"JWT"     | "b64":false                            | b64  | leave b64 out
    b64 beside another crit  | "typ":"JWT"     | "b64":false,"exp":1,"crit":["exp"]     | crit | leave crit out
    kid a number             | "typ":"JWT"     | "kid":7                                | kid  | write kid as a string
"#;

/// What Canvas accepts and should not be done.
const ODD_ASSERTION: &str = r#"
    alg HS384                | "HS256"         | "HS384"                                | alg        | sign with HS256
    alg HS512                | "HS256"         | "HS512"                                | alg        | sign with HS256
    another typ              | "JWT"           | "LTI"                                  | typ        | set typ to JWT
    typ a number             | "JWT"           | 1                                      | typ        | set typ to JWT
    the key in the header    | "typ":"JWT"     | "jwk":{"kty":"oct","k":"AA"}           | header-key | leave jwk out
    the key's URL            | "typ":"JWT"     | "jku":"https://tool.test/jwks"         | header-key | leave jku out
    a certificate's URL      | "typ":"JWT"     | "x5u":"https://tool.test/x5c"          | header-key | leave x5u out
    a certificate            | "typ":"JWT"     | "x5c":["AA"]                           | header-key | leave x5c out
"#;

const ODD_CLIENT: &str = r#"no kid | ,"kid":"marked-kid" | | kid | set kid to that of the key"#;

const CLIENT_ASSERTION: &str = r#"
    alg RS512                | "RS256"         | "RS512"                                | alg        | sign with RS256
    alg PS256                | "RS256"         | "PS256"                                | alg        | sign with RS256
    alg HS256                | "RS256"         | "HS256"                                | alg        | sign with RS256
    alg none                 | "RS256"         | "none"                                 | alg        | sign with RS256
"#;

/// Every row as a case.
pub(super) fn cases() -> Vec<Case> {
    let of = |good: Good, table| {
        let row = move |[name, from, to, ..]: [&str; 5]| case(name, good.with_header(from, to).signed(), good.with());
        rows(table).into_iter().map(row)
    };
    let of_assertion = of(good::assertion(), ASSERTION).chain(of(good::assertion(), ODD_ASSERTION));
    let of_client = of(good::client_assertion(), CLIENT_ASSERTION).chain(of(good::client_assertion(), ODD_CLIENT));
    of_assertion.chain(of_client).collect()
}

fn each_is(outcome: canvas_lms_tokens::inspect::Outcome, good: &Good, table: &'static str) {
    for [name, from, to, id, fix] in rows(table) {
        let spoilt = good.with_header(from, to);
        assert_first(name, &inspect(&spoilt.signed(), &good.with()), (outcome, id, fix));
    }
}

#[test]
fn each_is_found() {
    each_is(Fail, &good::assertion(), ASSERTION);
    each_is(Fail, &good::client_assertion(), CLIENT_ASSERTION);
}

#[test]
fn what_is_odd_is_a_warning() {
    each_is(Warn, &good::assertion(), ODD_ASSERTION);
    each_is(Warn, &good::client_assertion(), ODD_CLIENT);
}
