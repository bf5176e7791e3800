//! Reads a submission as an LTI 2 tool: signs an assertion, exchanges it for an access token, and asks Canvas with it.
//! The ids of the assignment and the submission are its arguments, the rest is in its environment.

mod send;

use std::error::Error;
use std::process::ExitCode;

use canvas_lms_tokens::canvas::{Site, submissions};
use canvas_lms_tokens::http::{Authorization, Repeat, Response, authorized, date};
use canvas_lms_tokens::inspect::{self, Exchange, Signature};
use canvas_lms_tokens::jose::Secret;
use canvas_lms_tokens::lti2::{Assertion, AssertionParams, Id, access_token};
use send::{Client, now};

fn main() -> ExitCode {
    match run() {
        Ok(submission) => {
            println!("{submission}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Box<dyn Error>> {
    let mut ids = std::env::args().skip(1);
    let (Some(assignment), Some(submission)) = (ids.next(), ids.next()) else {
        return Err("expected the ids of an assignment and a submission, such as 25 6".into());
    };
    let client = Client::new()?;
    let token = access_token(&client)?;

    let site = Site::parse(&setting("CANVAS_URL")?, "CANVAS_URL")?;
    let path = submissions::SubmissionPath {
        assignment_id: Id::text(&assignment, "assignment")?,
        submission_id: Id::text(&submission, "submission")?,
    };
    let request = authorized(submissions::read(&site, &path)?, &Authorization::bearer(&token, "access token")?);
    Ok(submissions::response(&client.send(&request)?, now())?.to_json())
}

/// Signs an assertion, and exchanges it.
fn access_token(client: &Client) -> Result<String, Box<dyn Error>> {
    let url = setting("ACCESS_TOKEN_URL")?;
    let secret = Secret::new(setting("TOOL_SECRET")?.into_bytes(), "TOOL_SECRET")?;
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    let sub = Id::text(&setting("TOOL_GUID")?, "TOOL_GUID")?;
    let params = AssertionParams { sub, aud: url.clone(), exp: None, iat: None, jti: None, lifetime: None };
    let assertion = Assertion::build(params, now() as i64, || Ok(random))?.sign(&secret);
    // Canvas takes an assertion once, so that it is not sent again where it may have arrived.
    let response = client.send(&access_token::request(&url, &assertion, None, Repeat::OnlyIfUnsent)?)?;
    let token = access_token::response(&response, now()).map_err(|error| match reason(&assertion, url, &response) {
        Some(reason) => format!("{error}: {reason}"),
        None => error.to_string(),
    })?;
    Ok(token.access_token)
}

/// What is wrong with a refused assertion; Canvas itself says a bare `invalid_grant`.
fn reason(assertion: &str, endpoint: String, response: &Response) -> Option<String> {
    let exchange = Exchange { has_code: false, server_date: date(response), is_invalid_grant: true };
    let options = inspect::Options {
        endpoint: Some(endpoint),
        now: now(),
        exchange: Some(exchange),
        ..inspect::Options::default()
    };
    inspect::report(&inspect::open_as_sent(assertion), &Signature::NoKey, &options).reason()
}

fn setting(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("{name} is not set: README.md lists the settings"))
}
