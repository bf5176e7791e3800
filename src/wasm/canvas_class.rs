//! What the class `Canvas` holds, and how its requests are sent: to its own origin, with a token or the page's session.

use core::cell::RefCell;

use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::cached_token;
use super::call::{Call, RequestOptions};
use super::error::{Result, Thrown, is_token_error};
use super::fetch;
use super::names::members_of;
use super::promise::Settled;
use super::read;
use super::runtime::{self, in_page, page_origin};
use super::value::{get, global, origin_of};
use crate::canvas::{Site, oauth, pages};
use crate::error::{Code, Error};
use crate::http::{Authorization, Request, Response, answer, authorized};

/// `CanvasOptions` besides `RequestOptions`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CanvasOptions {
    base_url: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    access_token: JsValue,
}

/// A Canvas as its options say: where it is, what authorizes a request, and how one is sent.
pub(super) struct Canvas {
    pub(super) site: Site,
    token: Token,
    call: Call,
}

enum Token {
    Text(Authorization),
    Function(Function),
    Session,
}

impl Canvas {
    /// Reads the options of the class and those of one call, which go before them.
    pub(super) fn read(options: &JsValue, call_options: &JsValue) -> Result<Self> {
        let (CanvasOptions { base_url, access_token }, call) = Call::read(options, "options")?;
        let call = call.with(read::optional::<RequestOptions>(call_options, "options")?)?;
        Self::new(&base_url, access_token, call)
    }

    /// One at this base URL, whose requests this token authorizes.
    pub(super) fn new(base_url: &str, access_token: JsValue, call: Call) -> Result<Self> {
        let site = Site::parse(base_url, "options.baseUrl")?;
        // A token goes where the platform's own URL says, so that it must read the base URL too.
        if origin_of(base_url).is_none() {
            return Err(Thrown::argument(
                "options.baseUrl",
                "no URL for this platform, expected an absolute http(s) URL",
            ));
        }
        let token = if access_token.is_undefined() {
            Token::Session
        } else if access_token.is_string() {
            Token::Text(bearer(&access_token)?)
        } else {
            let wrong = |found| Thrown::wrong_type("options.accessToken", &found, "a string or a function");
            Token::Function(access_token.dyn_into().map_err(wrong)?)
        };
        Ok(Self { site, token, call })
    }

    /// What authorizes a request, of what the caller's function gave.
    fn authorization(&self, given: Settled) -> Result<Authorization> {
        match &self.token {
            Token::Text(authorization) => Ok(authorization.clone()),
            Token::Session => Ok(self.session()),
            // What this package threw says more than that the function failed: that the user has to agree again, for example.
            Token::Function(_) => bearer(&given.map_err(|cause| {
                if is_token_error(&cause) {
                    return Thrown::again(cause);
                }
                Thrown::caused_by(Error::argument("options.accessToken", "the function failed"), cause)
            })?),
        }
    }

    /// The session of the page, where it is a page of this Canvas.
    fn session(&self) -> Authorization {
        let is_own_page = in_page() && page_origin().is_some_and(|origin| self.site.is_origin_of(&origin));
        let cookies = get(&global("document"), "cookie").as_string();
        Authorization::session(&cookies.filter(|_| is_own_page).unwrap_or_default())
    }

    /// Sends a request. Where Canvas does not take the token of a cache, it is forgotten, and the request sent once more with
    /// another one: it was not carried out.
    pub(super) async fn send(&self, request: Request) -> Result<Answer> {
        let cache =
            if let Token::Function(function) = &self.token { cached_token::of_function(function) } else { None };
        let answer = self.send_with_token(request.clone()).await?;
        if let (Some(cache), Authorization::Bearer(token)) = (cache, &answer.authorization)
            && answer.response.status().as_u16() == 401
            && answer::refusal(&answer.response, runtime::now()).code == Code::Unauthenticated
        {
            cache.forget(Some(token)).await;
            return self.send_with_token(request).await;
        }
        Ok(answer)
    }

    async fn send_with_token(&self, request: Request) -> Result<Answer> {
        let used = RefCell::new(Authorization::Session(None));
        let make = |given| {
            let authorization = self.authorization(given)?;
            used.replace(authorization.clone());
            Ok(authorized(request.clone(), &authorization))
        };
        let function = if let Token::Function(function) = &self.token { Some(function) } else { None };
        let response = fetch::send(&self.call, function, make).await?;
        Ok(Answer { response, authorization: used.into_inner(), scope: oauth::scope_of(&request) })
    }

    /// The request for the next page, where there is one: for the platform too it is of this Canvas's own origin.
    pub(super) fn next_page(&self, base_url: &str, response: &Response) -> crate::Result<Option<Request>> {
        let next = pages::next(&self.site, response)?;
        let is_own = |next: &Request| origin_of(&next.uri().to_string()) == origin_of(base_url);
        if next.as_ref().is_none_or(is_own) {
            return Ok(next);
        }
        Err(answer::invalid(response, "the next page is on another origin, not followed"))
    }
}

fn bearer(token: &JsValue) -> Result<Authorization> {
    const AT: &str = "options.accessToken";
    Ok(Authorization::bearer(&read::text(token, AT)?, AT)?)
}

/// An answer, and what its request was authorized with.
pub(super) struct Answer {
    response: Response,
    authorization: Authorization,
    /// The scope that a user's token needs for it, where it needs one.
    scope: Option<String>,
}

impl Answer {
    /// Reads it. An error tells what the server said, but for the token, which the server may have repeated.
    pub(super) fn read<T>(&self, read: impl Fn(&Response, f64) -> crate::Result<T>) -> Result<T> {
        let now = runtime::now();
        let blanked = |error| read(&self.authorization.blanked_in(&self.response), now).err().unwrap_or(error);
        let explained = |error| oauth::lacking(error, &self.response, self.scope.as_deref());
        Ok(read(&self.response, now).map_err(blanked).map_err(explained)?)
    }
}

/// Checks the options of the class, and copies them, so that later changes do not reach it.
#[wasm_bindgen(js_name = canvasOptions)]
pub fn canvas_options(options: &JsValue) -> core::result::Result<JsValue, JsValue> {
    let copy = read::copied(options, "options", &[members_of::<CanvasOptions>(), members_of::<RequestOptions>()])?;
    Canvas::read(&copy, &JsValue::UNDEFINED)?;
    Ok(copy)
}
