//! What Canvas's refusals mean: those that it sends the browser back with (RFC 6749 §4.1.2.1), and those of the token endpoint
//! (§5.2). The most likely cause stands first.

use fluent_uri::UriRef;

use super::client::{Authentication, Client};
use crate::error::{Code, Error};
use crate::http::{self, Brought, Response, answer, blanked};

/// Those that the browser brings.
pub(super) static REFUSALS: Brought = Brought {
    code: Code::OAuth,
    spec: "RFC 6749 §4.1.2.1",
    refused: "Canvas refused the authorization",
    meanings: &BROUGHT,
    // An older Canvas sends the browser on with what a token endpoint would say.
    otherwise: "",
};

static BROUGHT: [(&str, &str, &str); 9] = [
    ("access_denied", "the user did not agree", "ask again when he wants to"),
    (
        "unauthorized_client",
        "the developer key is not turned on for this account",
        "have an administrator of this Canvas turn the key on (Admin, Developer Keys)",
    ),
    (
        "invalid_scope",
        "the developer key enforces scopes, and lacks one that was asked for, or none was asked for",
        "enable the scopes on the developer key, or ask only for those that it has",
    ),
    (
        "login_required",
        "prompt was 'none', and the browser has no session of this Canvas",
        "begin without prompt, so that the user can log in",
    ),
    (
        "interaction_required",
        "prompt was 'none', and the user has not agreed yet",
        "begin without prompt, so that the user can agree",
    ),
    ("unsupported_prompt_type", "Canvas knows no prompt but none", "send the browser to the URL unchanged"),
    ("unsupported_response_type", "the response_type was not code", "send the browser to the URL unchanged"),
    ("server_error", "Canvas failed", "begin again, later"),
    ("temporarily_unavailable", "Canvas is overloaded or being maintained", "begin again, later"),
];

/// The OAuth error in an answer of the token endpoint, with what it means, if there is one.
pub(super) fn of_answer(client: &Client, authentication: Authentication<'_>, response: &Response) -> Option<Error> {
    let (found, said) = match answer::json(response) {
        Some(body) => (answer::oauth_error(response, &body), answer::oauth_description(response)),
        None => (None, None),
    };
    let (mut error, said) = match found {
        Some(error) => (error, said),
        None => of_redirect(response)?,
    };
    let Some(meaning) = meaning(client, authentication, error.oauth_error.as_deref()?, said.as_deref()) else {
        return Some(error);
    };
    let mark = if said.is_some() { "; " } else { ": " };
    let message = &mut error.facts().message;
    message.push_str(mark);
    message.push_str(&meaning);
    Some(error)
}

/// An older Canvas redirects to the redirect URI with the error in its query, in place of an answer.
fn of_redirect(response: &Response) -> Option<(Error, Option<String>)> {
    let location = http::header(response, "location").filter(|_| response.status().is_redirection())?;
    let query = UriRef::parse(location).ok()?.query()?.as_str().to_owned();
    let get = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let (code, said) = (get("error").filter(|code| !code.is_empty())?, get("error_description"));
    let words = said.as_deref().map_or_else(|| code.clone(), |said| format!("{code} ({said})"));
    let message = format!("the server answered {} {}", http::status(response), blanked(&words));
    let mut error = Error::new(Code::OAuth, message).spec("RFC 6749 §5.2");
    error.facts().status = Some(http::status(response));
    error.facts().oauth_error = Some(blanked(&code));
    Some((error, said))
}

type Meaning = fn(&Client, Authentication<'_>) -> String;

/// What Canvas's words in an OAuth error mean, where that is known.
#[must_use]
pub fn meaning(client: &Client, authentication: Authentication<'_>, code: &str, said: Option<&str>) -> Option<String> {
    let said = said.unwrap_or_default();
    let row = MEANINGS.iter().find(|(known, words, _)| *known == code && said.contains(words));
    row.map(|(.., meaning)| meaning(client, authentication))
}

/// An error code, what Canvas's words for it contain, and what they mean.
static MEANINGS: &[(&str, &str, Meaning)] = &[
    ("invalid_client", "unknown client", |client, _| {
        format!(
            "no active developer key has the client id {} at {}: look whether the key is on, whether it is of this Canvas and \
             environment (production, beta, test), and whether the id is the whole number of the list of developer keys",
            client.id(),
            client.base_url()
        )
    }),
    ("invalid_client", "", |client, authentication| match authentication {
        Authentication::Secret(_) => format!(
            "the client secret is not that of the developer key {}: it may have been made anew, or be that of another key or \
             environment",
            client.id()
        ),
        Authentication::Assertion(_) => format!(
            "this Canvas does not take the client assertion: it may be too old to know assertions for users' tokens, or the \
             developer key {} has the public half of another key",
            client.id()
        ),
        Authentication::Public => format!(
            "the developer key {} is not one of a public client, or this Canvas has none: it wants a client secret",
            client.id()
        ),
    }),
    ("invalid_grant", "authorization_code not found", |client, _| {
        format!(
            "the code was exchanged before (a reload, the back button, a request sent twice), is older than ten minutes, or is \
             of another Canvas than {}: begin a new authorization",
            client.base_url()
        )
    }),
    ("invalid_grant", "incorrect client", |client, _| {
        format!("it was given to another developer key than {}", client.id())
    }),
    // With a code verifier, Canvas looks at the challenge first, which is gone with the code.
    ("invalid_grant", "", |client, _| {
        format!(
            "the code was exchanged before (a reload, the back button, a request sent twice), is older than ten minutes, is of \
             another Canvas than {}, or was given for another authorization (PKCE): begin a new one",
            client.base_url()
        )
    }),
    ("invalid_request", "refresh_token not found", |client, _| {
        format!(
            "the token was revoked (by the user, an administrator, a logout, or by a token that replaced it), is of another \
             Canvas than {}, or its time has passed, which for a public client is two hours: the user has to agree again",
            client.base_url()
        )
    }),
    ("invalid_request", "redirect_uri does not match", |client, _| {
        format!("add the redirect URI to the developer key {}, byte by byte as it is sent", client.id())
    }),
    ("invalid_request", "You must provide the", |_, _| {
        "something between this program and Canvas takes parameters away".to_owned()
    }),
    ("invalid_request", "", |_, authentication| match authentication {
        Authentication::Assertion(_) => "Canvas does not take the client assertion: see the report".to_owned(),
        _ => "Canvas does not take the request as it came".to_owned(),
    }),
    ("invalid_scope", "", |_, _| {
        "the developer key lacks a scope that was asked for: enable it there, or ask only for those that it has"
            .to_owned()
    }),
    ("invalid_target", "", |_, _| "the developer key may not ask for this resource".to_owned()),
    ("unauthorized_client", "", |_, _| {
        "the developer key is not turned on for this account: have an administrator turn it on".to_owned()
    }),
    ("unsupported_grant_type", "", |_, _| {
        "this Canvas is too old for the grant, or something between takes its grant_type away".to_owned()
    }),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lti2::Id;

    #[test]
    fn the_first_row_that_fits_explains() {
        let client = Client::new("https://school.test", &Id::from(7), "client").unwrap();
        for (i, (code, words, _)) in MEANINGS.iter().enumerate() {
            let before = MEANINGS.iter().take(i);
            assert!(before.clone().all(|(other, said, _)| other != code || !words.contains(said)), "{code} {words}");
            assert!(meaning(&client, Authentication::Public, code, Some(words)).is_some());
        }
        assert_eq!(meaning(&client, Authentication::Public, "other", None), None);
        let said = |authentication| meaning(&client, authentication, "invalid_client", Some("invalid client")).unwrap();
        assert!(said(Authentication::Secret("s")).starts_with("the client secret is not that of the developer key 7"));
        assert!(said(Authentication::Assertion("a")).contains("assertion"));
        assert!(said(Authentication::Public).contains("public client"));
    }
}
