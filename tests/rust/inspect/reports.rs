//! Every report in full: each mistake of the other modules and some more, as `reports.txt` has them.
//!
//! What a check says is for people to act on, so it is compared to the letter. Where the texts are to change, the new ones
//! are in the file that the failed test names.

use std::collections::BTreeSet;
use std::fmt::Write;

use canvas_lms_tokens::Code;
use canvas_lms_tokens::inspect::{Check, Exchange, Kind, Outcome, Report};
use canvas_lms_tokens::jose::wrap;

use super::good::{self, Good, SECRET, signed};
use super::{Case, NOW, With, case, claims, encrypted, form, header, inspect, key, kinds, lti13, paste};

const WRITTEN: &str = include_str!("reports.txt");

/// The kinds, one good token of each.
fn good_tokens() -> Vec<Case> {
    good::all().into_iter().map(|good| case(good.kind, good.signed(), good.with())).collect()
}

/// Each kind without any claim, and with every claim under another name.
fn without_claims() -> Vec<Case> {
    let none = good::all().into_iter().map(|good| Good { payload: "{}".to_owned(), ..good });
    none.map(|good| case(good.kind, good.signed(), good.with_kind())).collect()
}

/// A claim, and the names that people give it.
const ALIASES: [(&str, &str); 7] = [
    ("iss", "issuer"),
    ("sub", "subject client_id developerKey"),
    ("aud", "audience url endpoint"),
    ("exp", "expires expiration expires-at expiry expire expires_in"),
    ("nbf", "notBefore not_before"),
    ("iat", "issued_at issued created_at"),
    ("jti", "jwtId uuid id nonce_id"),
];

fn aliases() -> Vec<Case> {
    let good = good::access_token();
    let named = ALIASES.iter().flat_map(|(claim, names)| names.split(' ').map(move |name| (claim, name)));
    let spoilt = named.map(|(claim, name)| {
        let spoilt = good.with_claims(&format!("\"{claim}\":"), &format!("\"{name}\":"));
        case(format!("{name} for {claim}"), spoilt.signed(), good.with_kind())
    });
    spoilt.collect()
}

/// What is wrong | in the claims of an assertion | becomes
const CLAIMS: &str = r#"
    aud and sub                       | "sub":"123123-ad13-ac233","aud":"https://canvas.test/api/lti/accounts/1/authorize" | "sub":"","aud":"https://other.test/api/lti/accounts/1/authorize"
    every claim but iat               | "sub":"123123-ad13-ac233","aud":"https://canvas.test/api/lti/accounts/1/authorize","exp":1700000060 | "sub":null,"aud":7,"exp":"x"
    two times as text                 | 1700000060,"iat":1700000000 | "1700000060","iat":"1700000000"
    exp with a fraction of this second | 1700000060 | 1700000000.9
    a key's id                        | "123123-ad13-ac233" | 10000000000003
    a jti of seven                    | 688700c2-4bc1-40b7-83e5-7cbf54f93335 | 1234567
    a jti of eight                    | 688700c2-4bc1-40b7-83e5-7cbf54f93335 | 12345678
    a password                        | "jti" | "my_Password":"abcdef","jti"
    a private key                     | "jti" | "private_key":"abcdef","jti"
    a claim with a long name          | "jti" | "secret_secret_secret_secret_secret_secret_secret":"abcdef","jti"
    an empty aud among others         | "https://canvas.test/api/lti/accounts/1/authorize" | ["","https://other.test"]
    nothing that differs but a user   | "https://canvas.test/api/lti/accounts/1/authorize" | ["","https://me@canvas.test/api/lti/accounts/1/authorize"]
    only a user that differs          | "https://canvas.test/api/lti/accounts/1/authorize" | "https://me@canvas.test/api/lti/accounts/1/authorize"
    the path in capitals, and a port  | https://canvas.test/api/lti/accounts/1/authorize | https://canvas.test:443/API/lti/accounts/1/authorize
    another account, in capitals      | https://canvas.test/api/lti/accounts/1/authorize | https://canvas.test/API/lti/accounts/2/authorize
    the path in capitals, and a query | https://canvas.test/api/lti/accounts/1/authorize | https://canvas.test/API/lti/accounts/1/authorize?x=1
    sso.canvaslms.com                 | canvas.test | sso.canvaslms.com
    sso.beta.canvaslms.com            | canvas.test | sso.beta.canvaslms.com
    sso.test.canvaslms.com            | canvas.test | sso.test.canvaslms.com
    a lifetime of a day, two days ago | 1700000060,"iat":1700000000 | 1699913600,"iat":1699827200
    a good lifetime, a day ago        | 1700000060,"iat":1700000000 | 1699913600,"iat":1699913540
"#;

/// Where a token is sent that was made for another endpoint.
const ENDPOINTS: [&str; 5] = [
    "https://canvas.test/api/lti/courses/1/authorize",
    "https://canvas.test/API/lti/accounts/1/authorize",
    "http://canvas.test:8080/api/lti/accounts/1/authorize",
    "https://canvas.test",
    "canvas.test",
];

fn of_claims() -> Vec<Case> {
    let good = good::assertion();
    let row = |[name, from, to]: [&str; 3]| case(name, good.with_claims(from, to).signed(), good.with_kind());
    let mut cases: Vec<Case> = super::rows(CLAIMS).into_iter().map(row).collect();
    for endpoint in ENDPOINTS {
        let mut with = good.with_kind();
        with.options.endpoint = Some(endpoint.to_owned());
        cases.push(case(format!("sent to {endpoint}"), good.signed(), with));
    }
    let mut with = good.with_kind();
    with.options.endpoint = None;
    cases.push(case("sent to somewhere", good.signed(), with));
    let course = good.with_claims("/accounts/", "/courses/");
    cases.push(case("of a course", course.signed(), good.with_kind()));
    let client = good::client_assertion();
    for aud in ["sso.canvaslms.com", "sso.beta.canvaslms.com", "sso.test.canvaslms.com", "sso.canvaslms.test"] {
        let spoilt = client.with_claims("https://canvas.test/login/oauth2/token", aud);
        cases.push(case(format!("a client's aud: {aud}"), spoilt.signed(), client.with_kind()));
    }
    cases
}

/// What is known of a refusal: whether a code was sent, how far the own clock is ahead.
fn refused() -> Vec<Case> {
    let good = good::assertion();
    let key_id = good.with_claims(r#""123123-ad13-ac233""#, "10000000000003");
    let mut cases = Vec::new();
    for (name, good, has_code, ahead, is_invalid_grant) in [
        ("invalid_grant", &good, false, None, true),
        ("invalid_grant, by the same clock", &good, false, Some(0.0), true),
        ("another error", &good, false, Some(0.0), false),
        ("a key's id with a code", &key_id, true, Some(4.0), true),
        ("a key's id without a code", &key_id, false, Some(0.0), true),
        ("a clock 5 s ahead", &good, false, Some(5.0), true),
        ("a clock 47 s ahead", &good, false, Some(47.0), true),
        ("a clock 20 s behind", &good, false, Some(-20.0), true),
        ("a clock a minute behind", &good, false, Some(-60.0), true),
        ("a clock two hours ahead", &good, false, Some(7200.0), true),
    ] {
        let mut with = good.with_kind();
        let server_date = ahead.map(|ahead| NOW - ahead);
        with.options.exchange = Some(Exchange { has_code, server_date, is_invalid_grant });
        cases.push(case(name, good.signed(), with));
    }
    cases
}

/// What a token is taken for, and why.
fn of_kinds() -> Vec<Case> {
    let good = good::assertion();
    let told = |name: &str, header: &str, payload: &str| {
        let token = signed(header, payload.as_bytes(), Some(SECRET.as_bytes()));
        case(name, token, With { key: Some(super::secret(SECRET)), ..With::at(NOW) })
    };
    let hs256 = r#"{"alg":"HS256"}"#;
    let mut cases = vec![
        told("sub, aud and jti", hs256, r#"{"sub":"marked","aud":"marked","jti":"marked-jti"}"#),
        told("no claim that tells", hs256, "{}"),
        told("no JSON", hs256, "hello"),
        told("no algorithm", r#"{"alg":"none"}"#, "{}"),
        told("a token in a token", hs256, &good.signed()),
        case("nothing to take apart", "a.b.c".to_owned(), With::at(NOW)),
        case("five parts of nothing", "a.b.c.d.e".to_owned(), With::at(NOW)),
        case("base64 around nothing", wrap("eyJ.b.c"), With::at(NOW)),
        case("five parts, the header of a JWS", good.signed() + ".AA.AA", With::at(NOW)),
        case("base64url around a token", wrap(&good.signed()).trim_end_matches('=').to_owned() + "===", With::at(NOW)),
        case("wrapped", wrap(&good.signed()), good.with_kind()),
        case("without a key", good.signed(), With { key: None, ..good.with_kind() }),
        case("an old iat, without a key", good.with_claims("1700000000", "1699999000").signed(), With::at(NOW)),
    ];
    for other in good::all() {
        let mut with = good.with();
        with.options.kind = Kind::named(other.kind);
        cases.push(case(format!("an assertion as {}", other.kind), good.signed(), with));
    }
    let mut many = good.signed();
    for _ in 0..9 {
        many = signed(hs256, many.as_bytes(), Some(SECRET.as_bytes()));
    }
    cases.push(case("many layers", many, With::at(NOW)));
    cases
}

fn families() -> Vec<(&'static str, Vec<Case>)> {
    vec![
        ("good tokens", good_tokens()),
        ("kinds", kinds::cases()),
        ("taken for", of_kinds()),
        ("no claims", without_claims()),
        ("aliases", aliases()),
        ("claims", claims::cases()),
        ("more claims", of_claims()),
        ("form", form::cases()),
        ("header", header::cases()),
        ("key", key::cases()),
        ("encrypted", encrypted::cases()),
        ("refused", refused()),
        ("LTI 1.3", lti13::cases()),
        ("paste", paste::cases()),
    ]
}

/// A report as `reports.txt` writes it: its sentence, then each check with what it says and what to change. Those that
/// passed are named only; what they say stands at the end of the file, once. Where the sentence repeats what the first
/// check says, it has `MESSAGE` and `FIX`.
fn written(report: &Report) -> String {
    let first = &report.checks[0];
    // Behind another word a sentence begins in small letters.
    let continued = |text: &str| {
        let mut text = text.to_owned();
        text.get_mut(..1).into_iter().for_each(str::make_ascii_lowercase);
        text
    };
    let mut summary = report.summary.replacen(&continued(&first.message), "MESSAGE", 1);
    if let Some(fix) = &first.fix {
        summary = summary.replacen(&format!("; {}", continued(fix)), "; FIX", 1);
    }
    let mut text = format!("{} {}: {summary}\n", report.outcome, report.kind.as_str());
    for check in &report.checks {
        let Check { id, outcome, message, fix, code, spec, at, .. } = check;
        if *outcome == Outcome::Pass {
            continue;
        }
        write!(text, "  {} {id}", outcome.as_str()).unwrap();
        for fact in [code.map(Code::as_str), at.as_deref(), *spec].into_iter().flatten() {
            write!(text, " | {fact}").unwrap();
        }
        writeln!(text, "\n    {message}").unwrap();
        if let Some(fix) = fix {
            writeln!(text, "    -> {fix}").unwrap();
        }
    }
    let passed = report.checks.iter().filter(|check| check.outcome == Outcome::Pass);
    passed.fold(text + "  pass", |text, check| text + " " + check.id) + "\n"
}

#[test]
fn every_report_is_as_it_is_written_down() {
    let mut found = String::new();
    let mut passed = BTreeSet::new();
    for (family, cases) in families() {
        for Case { name, token, with } in cases {
            let report = inspect(&token, &with);
            writeln!(found, "# {family}: {name}\n{}", written(&report)).unwrap();
            for Check { id, message, fix, spec, at, .. } in
                report.checks.into_iter().filter(|check| check.outcome == Outcome::Pass)
            {
                let facts = [at.as_deref(), spec, fix.as_deref()].into_iter().flatten();
                passed.insert(facts.fold(format!("{id}: {message}"), |line, fact| line + " | " + fact));
            }
        }
    }
    writeln!(found, "# what the checks that passed say").unwrap();
    for line in passed {
        writeln!(found, "{line}").unwrap();
    }
    if found == WRITTEN {
        return;
    }
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/reports.txt");
    std::fs::write(file, &found).unwrap();
    let differs = found.split("\n# ").zip(WRITTEN.split("\n# ")).find(|(found, written)| found != written);
    let (found, written) = differs.unwrap_or(("a report at the end", "another number of reports"));
    panic!("found\n\n{found}\n\nbut written is\n\n{written}\n\n(all that was found is in {file})");
}
