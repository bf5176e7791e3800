//! What an answer that grants nothing says: Canvas words its refusals in many shapes (`error`, `errors` as array, object
//! or text, `message`, HTML, nothing). Keeps Canvas's own message, blanks tokens.

use crate::error::text::{contains, decimal, replaced};
use crate::error::{Code, Error};
use crate::http::{HttpUrl, Response, is_same_origin};
use crate::json;
use crate::json::{Json, Object};

/// How much of an answer that is not JSON an error keeps, in characters.
const KEPT: usize = 500;

/// The body as JSON, without the `while(1);` that Canvas puts before answers to its own pages.
#[must_use]
pub fn json(response: &Response) -> Option<Json> {
    let body = response.body.trim_start();
    json::read(body.strip_prefix("while(1);").unwrap_or(body)).ok()
}

/// What kind of body it is, in words for a message.
#[must_use]
pub fn describe(response: &Response) -> &'static str {
    let body = response.body.trim_start();
    match json(response) {
        Some(value) => value.kind(),
        None if body.is_empty() => "empty",
        None if body.starts_with('<') => "an HTML page",
        None => "text that is not JSON",
    }
}

/// The OAuth error in an answer of a token endpoint (RFC 6749 §5.2), if there is one.
#[must_use]
pub fn oauth_error(response: &Response, body: &Json) -> Option<Error> {
    let body = body.as_object()?;
    let code = body.text("error").filter(|code| !code.is_empty())?;
    if response.is_success() && body.get("access_token").is_some() {
        return None;
    }
    let mut words = code.to_owned();
    describe_error(body, &mut words);
    let message = ["the server answered ", &decimal(response.status.into()), " ", &blank_text(&words)];
    let mut error = with_answer(Error::new(Code::OAuth, &message), response);
    error.facts().oauth_error = Some(blank_text(code));
    Some(error.spec("RFC 6749 §5.2"))
}

/// The error for an answer whose status is no success.
#[must_use]
pub fn refusal(response: &Response, now: f64) -> Error {
    let body = json(response);
    let body = body.as_ref().and_then(Json::as_object);
    // Canvas names its scheme, or its status, when it knows nobody by the token; not when a known user may not.
    let status = body.and_then(|body| body.text("status"));
    let is_token_dead = response.header("www-authenticate").is_some() || status == Some("unauthenticated");
    let code = match response.status {
        _ if response.is_throttled() => Code::Throttled,
        401 if is_token_dead => Code::Unauthenticated,
        401 | 403 => Code::Forbidden,
        _ => Code::HttpStatus,
    };
    let (status, mut location, mut own) = (decimal(response.status.into()), String::new(), String::new());
    let message = match response.status {
        // A redirect is not followed: it would carry the assertion or token to wherever it points. A page sees nothing
        // of one (Fetch: opaque-redirect filtered response).
        0 => ["the server redirects to ", "another URL", REDIRECTED, ""],
        300..400 => ["the server redirects to ", target(response, &mut location), REDIRECTED, ""],
        _ if body.is_some_and(|body| own_message(body, &mut own)) => ["the server answered ", &status, ": ", &own],
        _ => ["the server answered ", &status, "; the body is ", describe(response)],
    };
    let mut error = with_answer(Error::new(code, &message), response);
    if code == Code::Throttled {
        error.facts().retry_after = response.retry_after(now);
    }
    error
}

const REDIRECTED: &str = "; not followed, check the URL";

/// Whose URL a redirect leads to.
fn target<'a>(response: &Response, location: &'a mut String) -> &'a str {
    location.push_str(response.header("location").unwrap_or_default());
    // One that begins with a host has the scheme of this URL (RFC 3986 §4.2).
    if location.starts_with("//") {
        location.insert_str(0, "https:");
    }
    HttpUrl::parse(location).map_or("another URL of this server", |url| url.host)
}

/// The error for a request that got no answer; `page` is the origin of the page that asked, if one did.
#[must_use]
pub fn none(url: &str, page: Option<&str>) -> Error {
    let host = HttpUrl::parse(url).map_or("the server", |url| url.host);
    let reason = match page {
        Some(page) if !is_same_origin(page, url) => {
            ": in a page of another origin CORS is the likely reason, since Canvas sends no CORS headers on these \
             endpoints; call them from a server, or through a proxy of the page's own origin"
        }
        _ => ": the network, its name or its certificate",
    };
    Error::new(Code::Fetch, &["no answer from ", host, reason])
}

/// The error for a success whose body is not what the endpoint answers.
#[must_use]
pub fn invalid(response: &Response, message: &[&str]) -> Error {
    with_answer(Error::new(Code::ResponseInvalid, message), response)
}

/// The error for a success of another kind than the endpoint answers.
pub(crate) fn unexpected(response: &Response, expected: &str) -> Error {
    invalid(response, &["the answer is ", describe(response), ", expected ", expected])
}

fn with_answer(mut error: Error, response: &Response) -> Error {
    let body = match json(response) {
        Some(mut value) => {
            blank(&mut value);
            Some(value.to_json())
        }
        None if response.body.is_empty() => None,
        None => Some(Json::String(blank_text(&response.body)).to_json()),
    };
    error.facts().status = Some(response.status);
    error.facts().body = body;
    error
}

/// Canvas's own words, in one line.
fn own_message(body: &Object, out: &mut String) -> bool {
    for name in ["errors", "message", "error"] {
        let mut found = String::new();
        if body.get(name).is_some_and(|value| words(value, &mut found)) {
            // Where there are two, `error` is a name and `message` or `error_description` explains it.
            if name == "error" {
                describe_error(body, &mut found);
            }
            for word in found.split_whitespace() {
                let space = if out.is_empty() { "" } else { " " };
                out.push_str(space);
                out.push_str(word);
            }
            *out = blank_text(out);
            return true;
        }
    }
    false
}

/// What the server says of an error that it has named.
fn describe_error(body: &Object, out: &mut String) {
    if let Some(description) = body.text("error_description") {
        out.push_str(": ");
        out.push_str(description);
    }
}

/// The first words in a value: a text, an object's `message`, the first item that has any.
fn words(value: &Json, out: &mut String) -> bool {
    match value {
        Json::String(text) if !text.trim().is_empty() => {
            out.push_str(text);
            true
        }
        Json::Array(items) => items.iter().any(|item| words(item, out)),
        Json::Object(object) => words_of(object, out),
        _ => false,
    }
}

fn words_of(object: &Object, out: &mut String) -> bool {
    if object.get("message").is_some_and(|message| words(message, out)) {
        return true;
    }
    for (name, value) in object.iter() {
        let before = out.len();
        out.push_str(name);
        out.push(' ');
        if words(value, out) {
            return true;
        }
        out.truncate(before);
    }
    false
}

/// Blanks tokens and secrets in an answer.
fn blank(value: &mut Json) {
    match value {
        Json::String(text) => *text = blank_text(text),
        Json::Array(items) => items.iter_mut().for_each(blank),
        Json::Object(object) => blank_members(object),
        _ => {}
    }
}

fn blank_members(object: &mut Object) {
    for (name, value) in object.values_mut() {
        let name = name.to_ascii_lowercase();
        let secret = ["token", "secret", "assertion", "jwt", "password"].iter().any(|word| contains(&name, word));
        match value {
            Json::String(text) if secret && looks_secret(text) => BLANKED.clone_into(text),
            value => blank(value),
        }
    }
    // A server that takes a form for something else repeats it as a name.
    if object.iter().any(|(name, _)| blank_text(name) != name) {
        let mut blanked = Object::default();
        object.iter().for_each(|(name, value)| blanked.set(&blank_text(name), value.clone()));
        *object = blanked;
    }
}

const BLANKED: &str = "[blanked]";

/// An answer in which this token is blanked, of whatever form it is.
#[must_use]
pub fn without(response: &Response, token: &str) -> Response {
    // What is shorter is found in words, too.
    const SHORTEST: usize = 8;
    let token = if token.len() < SHORTEST { "" } else { token };
    let blanked = |text| replaced(text, token, BLANKED);
    let mut headers = Vec::new();
    for (name, value) in &response.headers {
        headers.push((name.clone(), blanked(value)));
    }
    Response { status: response.status, headers, body: blanked(&response.body) }
}

/// Long enough, and without the spaces of a sentence, to be a token rather than words about one.
fn looks_secret(text: &str) -> bool {
    text.len() >= 16 && !text.as_bytes().contains(&b' ')
}

/// The text cut to a readable length, with every long run of token characters blanked.
fn blank_text(text: &str) -> String {
    let token_like = |word: &str| {
        word.len() >= 40 || (word.starts_with("ey") && word.bytes().filter(|byte| *byte == b'.').count() >= 2)
    };
    let in_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=' | '~');
    let (mut out, mut left, mut rest) = (String::new(), KEPT, text);
    while left > 0 && !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(|c| !in_token(c)).unwrap_or(rest.len()));
        let (between, next) = after.split_at(after.find(in_token).unwrap_or(after.len()));
        // Never cut: the first characters of a token do not tell that it is one.
        let word = if token_like(word) { BLANKED } else { word };
        out.push_str(word);
        left = left.saturating_sub(word.len());
        out.extend(between.chars().take(left));
        left = left.saturating_sub(between.len());
        rest = next;
    }
    out
}
