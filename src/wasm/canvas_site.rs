//! A Canvas as its options say: where it is, what authorizes a request, and how one is sent.

use core::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::at::At;
use super::call::Call;
use super::error::{Result, Thrown};
use super::names::get;
use super::options::Options;
use super::platform::{global, in_page, page_origin};
use super::task::Given;
use super::{clock, fetch, values};
use crate::canvas::{Authorization, Site};
use crate::error::Error;
use crate::http::{Request, Response};

/// A Canvas as its options say.
pub(super) struct Canvas {
    pub(super) site: Site,
    token: Token,
    call: Call,
}

enum Token {
    Text(Authorization),
    Function(JsValue),
    Session,
}

impl Canvas {
    /// Reads the options of the class and those of one call.
    pub(super) fn read(options: &JsValue, call_options: &JsValue) -> Result<Self> {
        let mut options = Options::required(options, "options");
        let base_url = options.must().text("baseUrl");
        let site = Site::parse(&options.give(base_url)?, "options.baseUrl")?;
        let token = match options.value("accessToken") {
            Some(token) if token.is_function() => Token::Function(token),
            Some(token) if token.is_string() => Token::Text(bearer(&token)?),
            Some(token) => return Err(values::wrong(&ACCESS_TOKEN, &token, "a string or a function")),
            None => Token::Session,
        };
        let mut call = Call::new("options");
        call.read(&mut options);
        options.check()?;
        let mut options = Options::optional(call_options, "options");
        call.read(&mut options);
        options.give(Some(Self { site, token, call }))
    }

    /// What authorizes a request, of what the function gave.
    fn authorization(&self, given: Given) -> Result<Authorization> {
        match &self.token {
            Token::Text(authorization) => Ok(authorization.clone()),
            Token::Session => Ok(self.session()),
            Token::Function(_) => {
                let failed =
                    |cause| Thrown::caused_by(Error::argument("options.accessToken", &["the function failed"]), cause);
                bearer(&given.map_err(failed)?)
            }
        }
    }

    /// The session of the page, where it is a page of this Canvas.
    fn session(&self) -> Authorization {
        let is_own_page = page_origin().is_some_and(|origin| self.site.is_origin_of(&origin));
        let cookies = get(&global("document"), "cookie").as_string();
        Authorization::session(&cookies.filter(|_| is_own_page && in_page()).unwrap_or_default())
    }

    pub(super) async fn send(&self, request: Request) -> Result<Answer> {
        let used = RefCell::new(Authorization::Session(None));
        let make = |given| {
            let authorization = self.authorization(given)?;
            let request = request.clone().authorized(&authorization);
            used.replace(authorization);
            Ok(request)
        };
        let function = if let Token::Function(function) = &self.token { Some(function) } else { None };
        let response = fetch::send(&self.call, function, &make).await?;
        Ok(Answer { response, authorization: used.into_inner() })
    }
}

/// An answer, and what its request was authorized with.
pub(super) struct Answer {
    response: Response,
    authorization: Authorization,
}

impl Answer {
    /// Reads it. An error tells what the server said, but for the token, which the server may have repeated.
    pub(super) fn read<T>(&self, read: &dyn Fn(&Response, f64) -> crate::Result<T>) -> Result<T> {
        let now = clock::now();
        let told = |error| read(&self.authorization.blanked_in(&self.response), now).err().unwrap_or(error);
        Ok(read(&self.response, now).map_err(told)?)
    }
}

const ACCESS_TOKEN: At<'_> = At::argument("options.accessToken");

fn bearer(value: &JsValue) -> Result<Authorization> {
    Ok(Authorization::bearer(&values::text(value, &ACCESS_TOKEN)?, "options.accessToken")?)
}
