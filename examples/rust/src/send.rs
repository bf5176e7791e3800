//! Sends the crate's requests by reqwest, and again where the crate says so. The crate itself does no I/O.

use std::error::Error;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use canvas_lms_tokens::http::{Body, Outcome, Request, Response, delay, repeat_of};
use reqwest::{blocking, redirect};

/// How often a request is sent again at most.
const RETRIES: u32 = 2;

pub(crate) struct Client(blocking::Client);

impl Client {
    pub(crate) fn new() -> reqwest::Result<Self> {
        let client = blocking::Client::builder()
            // Canvas requires one.
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            // A redirect would carry tokens elsewhere.
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self(client))
    }

    pub(crate) fn send(&self, request: &Request) -> Result<Response, Box<dyn Error>> {
        let mut tries = 0;
        loop {
            tries += 1;
            let sent = self.send_once(request.clone());
            let outcome = match &sent {
                Ok(response) => Outcome::Answer(response),
                Err(error) if error.is_connect() => Outcome::Unsent,
                Err(_) => Outcome::Lost,
            };
            let mut random = [0];
            getrandom::fill(&mut random)?;
            let jitter = f64::from(random[0]) / 255.0;
            match delay(tries, RETRIES, outcome, repeat_of(request), jitter, now()) {
                Some(seconds) => sleep(Duration::from_secs_f64(seconds)),
                None => return sent.map_err(|error| chain(&error).into()),
            }
        }
    }

    fn send_once(&self, request: Request) -> reqwest::Result<Response> {
        let answer = self.0.execute(request.map(String::from).try_into()?)?;
        let mut response = Response::default();
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        *response.body_mut() = Body::from(answer.text()?);
        Ok(response)
    }
}

/// An error with its causes, of which reqwest's own message says nothing.
fn chain(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {}", chain(cause)))
}

/// In seconds since 1970.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
