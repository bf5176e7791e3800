//! A Canvas as its options say: where it is, what authorizes a request, and how one is sent.

use core::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::call::Call;
use super::error::{Result, Thrown};
use super::platform::{in_page, member, page_origin, settled};
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
    Function(Function),
    Session,
}

impl Canvas {
    /// Reads the options of the class and those of one call.
    pub(super) fn read(options: &JsValue, call_options: &JsValue) -> Result<Self> {
        let options = values::object(options, "options")?;
        let site = Site::parse(&values::required(options, "baseUrl", "options", values::text)?, "options.baseUrl")?;
        let token = values::get(options, "accessToken", "options.accessToken")?;
        let token = match token.dyn_into::<Function>() {
            Ok(function) => Token::Function(function),
            Err(token) if token.is_undefined() => Token::Session,
            Err(token) if token.is_string() => Token::Text(bearer(&token)?),
            Err(token) => return Err(values::wrong("options.accessToken", &token, "a string or a function")),
        };
        let call = Call::read(options, "options")?;
        let call = if call_options.is_undefined() {
            call
        } else {
            call.with(values::object(call_options, "options")?, "options")?
        };
        Ok(Self { site, token, call })
    }

    async fn authorization(&self) -> Result<Authorization> {
        match &self.token {
            Token::Text(authorization) => Ok(authorization.clone()),
            Token::Session => Ok(self.session()),
            Token::Function(function) => {
                let failed =
                    |cause| Thrown::caused_by(Error::argument("options.accessToken", &["the function failed"]), cause);
                let given = function.call0(&JsValue::UNDEFINED).map_err(failed)?;
                bearer(&settled(&given).await.map_err(failed)?)
            }
        }
    }

    /// The session of the page, where it is a page of this Canvas.
    fn session(&self) -> Authorization {
        let is_own_page = page_origin().is_some_and(|origin| self.site.is_origin_of(&origin));
        let cookies = member(&member(&js_sys::global(), "document"), "cookie").as_string();
        Authorization::session(&cookies.filter(|_| is_own_page && in_page()).unwrap_or_default())
    }

    pub(super) async fn send(&self, request: Request) -> Result<Answer> {
        let used = RefCell::new(Authorization::Session(None));
        let make = async || {
            let authorization = self.authorization().await?;
            let request = request.clone().authorized(&authorization);
            used.replace(authorization);
            Ok(request)
        };
        let response = fetch::send(&self.call, make).await?;
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
    pub(super) fn read<T>(&self, read: impl Fn(&Response, f64) -> crate::Result<T>) -> Result<T> {
        let now = clock::now();
        let told = |error| read(&self.authorization.blanked_in(&self.response), now).err().unwrap_or(error);
        Ok(read(&self.response, now).map_err(told)?)
    }
}

fn bearer(value: &JsValue) -> Result<Authorization> {
    const AT: &str = "options.accessToken";
    Ok(Authorization::bearer(&values::text(value, AT)?, AT)?)
}
