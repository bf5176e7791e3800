//! The methods of `Canvas`: parameters to a request, the request sent, its answer to JavaScript. The class itself is in
//! the package and holds the options.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::canvas_params as params;
use super::error::{Result, Thrown};
use super::fetch::{self, Call, in_page, member, page_origin};
use super::{clock, json_in, values};
use crate::canvas::jwts::IssuedToken;
use crate::canvas::{
    Authorization, Site, inst_access_tokens, jwts, originality_reports, pages, submissions, subscriptions,
    tool_consumer_profile, tool_proxies, users,
};
use crate::error::Error;
use crate::http::{Request, Response};
use crate::jose::json;

type Js<T> = core::result::Result<T, JsValue>;

/// How many pages of a list are read.
const MAX_PAGES: usize = 1000;

/// A Canvas as its options say.
struct Canvas {
    site: Site,
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
    fn read(options: &JsValue, call_options: &JsValue) -> Result<Self> {
        let options = values::object(options, "options")?;
        let site = Site::parse(&values::required(options, "baseUrl", "options", values::text)?, "options.baseUrl")?;
        let token = values::get(options, "accessToken", "options.accessToken")?;
        let token = match token.dyn_into::<Function>() {
            Ok(function) => Token::Function(function),
            Err(token) if token.is_undefined() => Token::Session,
            Err(token) => Token::Text(bearer(&token)?),
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
                bearer(&JsFuture::from(Promise::resolve(&given)).await.map_err(failed)?)
            }
        }
    }

    /// The session of the page, where it is a page of this Canvas.
    fn session(&self) -> Authorization {
        let is_own_page = page_origin().is_some_and(|origin| self.site.is_origin_of(&origin));
        let cookies = member(&member(&js_sys::global(), "document"), "cookie").as_string();
        Authorization::session(&cookies.filter(|_| is_own_page && in_page()).unwrap_or_default())
    }

    async fn send(&self, request: Request) -> Result<Response> {
        let make = async || Ok(request.clone().authorized(&self.authorization().await?));
        fetch::send(&self.call, make).await
    }

    /// Sends, and gives the JSON object that is answered.
    async fn object(&self, request: crate::Result<Request>) -> Result<JsValue> {
        let response = self.send(request?).await?;
        Ok(object_out(&crate::canvas::object(&response, clock::now())?))
    }

    async fn token(&self, request: crate::Result<Request>) -> Result<IssuedToken> {
        let response = self.send(request?).await?;
        Ok(jwts::response(&response, clock::now())?)
    }
}

fn bearer(value: &JsValue) -> Result<Authorization> {
    const AT: &str = "options.accessToken";
    Ok(Authorization::bearer(&values::text(value, AT)?, AT)?)
}

/// Checks the options of the class.
#[wasm_bindgen(js_name = checkCanvasOptions)]
pub fn check_options(options: &JsValue) -> Js<()> {
    Canvas::read(options, &JsValue::UNDEFINED)?;
    Ok(())
}

/// `POST /api/v1/jwts`
#[wasm_bindgen(js_name = createJwt)]
pub async fn create_jwt(canvas: JsValue, jwt: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, jwt) = (Canvas::read(&canvas, &options)?, params::jwt(&jwt)?);
    Ok(jwt_out(&canvas.token(jwts::create(&canvas.site, &jwt)).await?).into())
}

/// `POST /api/v1/jwts/refresh`
#[wasm_bindgen(js_name = refreshJwt)]
pub async fn refresh_jwt(canvas: JsValue, jwt: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, jwt) = (Canvas::read(&canvas, &options)?, values::text(&jwt, "jwt")?);
    Ok(jwt_out(&canvas.token(jwts::refresh(&canvas.site, &jwt)).await?).into())
}

/// `POST /api/v1/inst_access_tokens`
#[wasm_bindgen(js_name = createInstAccessToken)]
pub async fn create_inst_access_token(canvas: JsValue, options: JsValue) -> Js<JsValue> {
    let canvas = Canvas::read(&canvas, &options)?;
    Ok(token_out(&canvas.token(Ok(inst_access_tokens::create(&canvas.site))).await?).into())
}

/// `GET /api/lti/{accounts|courses}/:id/tool_consumer_profile(/:profile_id)`
#[wasm_bindgen(js_name = toolConsumerProfile)]
pub async fn tool_consumer_profile(canvas: JsValue, context: JsValue, id: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, context) = (Canvas::read(&canvas, &options)?, params::context(&context)?);
    let id = if id.is_undefined() { None } else { Some(values::id(&id, "profileId")?) };
    Ok(canvas.object(tool_consumer_profile::read(&canvas.site, &context, id.as_ref())).await?)
}

/// `POST /api/lti/{accounts|courses}/:id/tool_proxy`
#[wasm_bindgen(js_name = registerToolProxy)]
pub async fn register_tool_proxy(canvas: JsValue, context: JsValue, proxy: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, context) = (Canvas::read(&canvas, &options)?, params::context(&context)?);
    let proxy = json_in::to_object(&proxy, "toolProxy")?;
    Ok(canvas.object(tool_proxies::register(&canvas.site, &context, &proxy)).await?)
}

/// `POST …/submissions/:id/originality_report`
#[wasm_bindgen(js_name = createOriginalityReport)]
pub async fn create_originality_report(
    canvas: JsValue,
    path: JsValue,
    report: JsValue,
    options: JsValue,
) -> Js<JsValue> {
    let (canvas, (assignment, submission)) = (Canvas::read(&canvas, &options)?, params::submission(&path)?);
    let report = params::report(&report)?;
    Ok(canvas.object(originality_reports::create(&canvas.site, &assignment, &submission, &report)).await?)
}

/// `PUT …/originality_report`
#[wasm_bindgen(js_name = updateOriginalityReport)]
pub async fn update_originality_report(
    canvas: JsValue,
    path: JsValue,
    report: JsValue,
    options: JsValue,
) -> Js<JsValue> {
    let (canvas, path) = (Canvas::read(&canvas, &options)?, params::report_path(&path)?);
    let report = params::report(&report)?;
    Ok(canvas.object(originality_reports::update(&canvas.site, &path, &report)).await?)
}

/// `GET …/originality_report`
#[wasm_bindgen(js_name = originalityReport)]
pub async fn originality_report(canvas: JsValue, path: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, path) = (Canvas::read(&canvas, &options)?, params::report_path(&path)?);
    Ok(canvas.object(originality_reports::read(&canvas.site, &path)).await?)
}

/// `POST /api/lti/subscriptions`
#[wasm_bindgen(js_name = createSubscription)]
pub async fn create_subscription(canvas: JsValue, subscription: JsValue, options: JsValue) -> Js<JsValue> {
    let canvas = Canvas::read(&canvas, &options)?;
    let subscription = json_in::to_object(&subscription, "subscription")?;
    Ok(canvas.object(subscriptions::create(&canvas.site, &subscription)).await?)
}

/// `PUT /api/lti/subscriptions/:id`
#[wasm_bindgen(js_name = updateSubscription)]
pub async fn update_subscription(canvas: JsValue, id: JsValue, subscription: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, id) = (Canvas::read(&canvas, &options)?, values::id(&id, "id")?);
    let subscription = json_in::to_object(&subscription, "subscription")?;
    Ok(canvas.object(subscriptions::update(&canvas.site, &id, &subscription)).await?)
}

/// `GET /api/lti/subscriptions/:id`
#[wasm_bindgen]
pub async fn subscription(canvas: JsValue, id: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, id) = (Canvas::read(&canvas, &options)?, values::id(&id, "id")?);
    Ok(canvas.object(subscriptions::read(&canvas.site, &id)).await?)
}

/// `GET /api/lti/subscriptions`
#[wasm_bindgen(js_name = subscriptions)]
pub async fn list_subscriptions(canvas: JsValue, page: JsValue, options: JsValue) -> Js<JsValue> {
    let canvas = Canvas::read(&canvas, &options)?;
    let start_key = if page.is_undefined() {
        None
    } else {
        values::optional(values::object(&page, "page")?, "startKey", "page", values::text)?
    };
    let request = subscriptions::list(&canvas.site, start_key.as_deref()).map_err(Thrown::from)?;
    let response = canvas.send(request).await?;
    let (found, end_key) = subscriptions::page(&response, clock::now()).map_err(Thrown::from)?;
    let out = Object::new();
    values::set(&out, "subscriptions", &found.iter().map(object_out).collect::<Array>());
    values::set(&out, "endKey", &end_key.map_or(JsValue::NULL, JsValue::from));
    Ok(out.into())
}

/// `DELETE /api/lti/subscriptions/:id`
#[wasm_bindgen(js_name = deleteSubscription)]
pub async fn delete_subscription(canvas: JsValue, id: JsValue, options: JsValue) -> Js<()> {
    let (canvas, id) = (Canvas::read(&canvas, &options)?, values::id(&id, "id")?);
    let response = canvas.send(subscriptions::delete(&canvas.site, &id).map_err(Thrown::from)?).await?;
    Ok(subscriptions::deleted(&response, clock::now()).map_err(Thrown::from)?)
}

/// `GET …/submissions/:id`
#[wasm_bindgen]
pub async fn submission(canvas: JsValue, path: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, (assignment, submission)) = (Canvas::read(&canvas, &options)?, params::submission(&path)?);
    Ok(canvas.object(submissions::read(&canvas.site, &assignment, &submission)).await?)
}

/// `GET …/submissions/:id/history`
#[wasm_bindgen(js_name = submissionHistory)]
pub async fn submission_history(canvas: JsValue, path: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, (assignment, submission)) = (Canvas::read(&canvas, &options)?, params::submission(&path)?);
    let request = submissions::history(&canvas.site, &assignment, &submission).map_err(Thrown::from)?;
    let found = submissions::history_response(&canvas.send(request).await?, clock::now()).map_err(Thrown::from)?;
    Ok(found.iter().map(object_out).collect::<Array>().into())
}

/// `GET /api/lti/users/:id`
#[wasm_bindgen]
pub async fn user(canvas: JsValue, id: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, id) = (Canvas::read(&canvas, &options)?, values::id(&id, "id")?);
    Ok(canvas.object(users::read(&canvas.site, &id)).await?)
}

/// `GET /api/lti/groups/:id/users`, every page.
#[wasm_bindgen(js_name = groupUsers)]
pub async fn group_users(canvas: JsValue, group: JsValue, options: JsValue) -> Js<JsValue> {
    let (canvas, group) = (Canvas::read(&canvas, &options)?, values::id(&group, "groupId")?);
    let mut next = Some(users::of_group(&canvas.site, &group).map_err(Thrown::from)?);
    let found = Array::new();
    for _ in 0..MAX_PAGES {
        let Some(request) = next else { return Ok(found.into()) };
        let response = canvas.send(request).await?;
        for user in users::page_response(&response, clock::now()).map_err(Thrown::from)? {
            found.push(&object_out(&user));
        }
        next = pages::next(&canvas.site, &response).map_err(Thrown::from)?;
    }
    Err(Thrown::from(Error::new(crate::Code::ResponseInvalid, &["the list has no end: 1000 pages were read"])).into())
}

fn object_out(object: &json::Object) -> JsValue {
    values::json_object(object, &object.to_json())
}

fn token_out(token: &IssuedToken) -> Object {
    let out = Object::new();
    values::set(&out, "token", &token.token.as_str().into());
    values::set(&out, "encrypted", &token.encrypted.into());
    let claims = token.claims.as_ref().map(|(claims, text)| values::json_object(claims, text));
    values::set(&out, "claims", &claims.unwrap_or(JsValue::NULL));
    values::set(&out, "expiresAt", &token.expires_at.into());
    out
}

fn jwt_out(token: &IssuedToken) -> Object {
    let out = token_out(token);
    values::set(&out, "compact", &token.compact.as_str().into());
    out
}
