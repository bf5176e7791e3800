//! Rules for a deep linking response, as Canvas and the Security Framework (§5.2.2, §5.2.3) have them.

use super::context::Context;
use super::spelling::meant_to_be;
use super::subject::is_key_id;
use super::times::duration;
use crate::error::Code;
use crate::http::HttpUrl;
use crate::inspect::check::{Check, MOST, shown_claim};
use crate::inspect::kind::{Kind, audiences};
use crate::inspect::repair::Repair;
use crate::json::Json;
use crate::lti13::claims::{self as names, short};
use crate::lti13::deep_linking::check_content_item;

/// The source of what items are.
const ITEMS: &str = "LTI Deep Linking 2.0 §3";

/// How long a response should be good for, in seconds: a person's browser posts it.
const LIFETIME: f64 = 300.0;

pub(super) fn check(context: &Context<'_>, checks: &mut Vec<Check>) {
    if context.kind != Kind::Lti13DeepLinkingResponse {
        return;
    }
    checks.extend(audience(context).map(|check| check.at("claims.aud").spec(context.spec())));
    checks.extend(client(context).map(|check| check.at("claims.iss").spec(context.spec())));
    checks.extend(lifetime(context));
    checks.extend(compared_by_others(context));
    checks.extend(nonce(context));
    checks.extend(return_url(context));
    content_items(context, checks);
    checks.extend(texts(context));
}

fn refused(id: &'static str, message: impl Into<String>, fix: impl Into<String>) -> Check {
    Check::fail(id, Code::ClaimFailed, message).fix(fix)
}

/// The audience is the issuer of the launch, which is the same for all institutions of an environment.
fn audience(context: &Context<'_>) -> Option<Check> {
    // What is neither a text nor an array is refused as such.
    if !matches!(context.claims.get("aud")?, Json::Array(_) | Json::String(_)) {
        return None;
    }
    let found = audiences(context.claims);
    let expected =
        context.platform.map_or("the issuer of the launch, such as https://canvas.instructure.com", |platform| {
            platform.issuer.as_str()
        });
    let repair = || context.platform.map(|platform| Repair::text("aud", &platform.issuer));
    let refused = |message: &str| Some(refused("aud", message, format!("set aud to {expected}")).repairs(repair()));
    let is_issuer = |one: &&str| match context.platform {
        Some(platform) => **one == platform.issuer,
        None => misshapen(one).is_none(),
    };
    if found.iter().any(is_issuer) {
        return Some(Check::pass(
            "aud",
            if context.platform.is_some() { "aud is the issuer" } else { "aud can be an issuer" },
        ));
    }
    let Some(first) = found.first() else { return refused("aud names nobody, expected the platform's issuer") };
    match misshapen(first) {
        Some(problem) => refused(&format!("aud {problem}, expected the platform's issuer")),
        None => refused("aud is another than the platform's issuer"),
    }
}

/// Why an audience can be no issuer of Canvas's.
fn misshapen(aud: &str) -> Option<&'static str> {
    if is_key_id(&Json::from(aud)) {
        return Some("is a client id: iss and aud are swapped");
    }
    let Some(url) = HttpUrl::parse(aud) else { return Some("is no absolute http(s) URL") };
    let host = url.host.to_ascii_lowercase();
    let is_cloud = host.ends_with(".instructure.com");
    let issuers = ["canvas.instructure.com", "canvas.beta.instructure.com", "canvas.test.instructure.com"];
    if host.starts_with("sso.") && host.ends_with(".canvaslms.com") {
        Some("is the host of Canvas's endpoints")
    } else if url.path.trim_end_matches('/').ends_with("/deep_linking_response") {
        Some("is the URL that the response is posted to")
    } else if url.path.trim_end_matches('/').ends_with("/login/oauth2/token") {
        Some("is the token endpoint")
    } else if is_cloud && !issuers.contains(&host.as_str()) {
        Some("is the URL of an institution, whose issuer is that of its whole environment")
    } else if is_cloud && aud.ends_with('/') {
        Some("has a trailing slash, which Canvas's issuer has not")
    } else {
        None
    }
}

/// Whether the issuer is the tool that was launched; what is no client id at all is another rule's.
fn client(context: &Context<'_>) -> Option<Check> {
    let platform = context.platform?;
    let iss = context.claims.get("iss").filter(|iss| is_key_id(iss))?;
    let is_client = iss.as_str() == Some(&platform.client_id);
    (!is_client).then(|| {
        refused("iss", "iss is another client id than the platform knows", "set iss to the platform's client id")
            .repairs([Repair::text("iss", &platform.client_id)])
    })
}

fn lifetime(context: &Context<'_>) -> Option<Check> {
    let seconds = context.time("exp")? - context.time("iat")?;
    if seconds <= 0.0 || seconds >= LIFETIME {
        return None;
    }
    let message = format!("the lifetime is {}, while the user's browser posts it", duration(seconds));
    let check = Check::warn("lifetime", message).at("claims.exp").spec(context.spec()).fix("set exp to iat + 300");
    Some(check.repairs(Repair::time("exp", context.time("iat")? + LIFETIME)))
}

/// What Canvas does not compare, and other platforms do.
fn compared_by_others(context: &Context<'_>) -> Option<Check> {
    let text = |claim| context.claims.text(claim).filter(|text| !text.is_empty());
    let has = |claim| context.claims.get(claim).is_some();
    let (claim, problem, fix) = if has(names::VERSION) && text(names::VERSION) != Some("1.3.0") {
        (names::VERSION, "version is not 1.3.0", "set version to \"1.3.0\", as a text")
    } else if has(names::DEPLOYMENT_ID) && text(names::DEPLOYMENT_ID).is_none() {
        (names::DEPLOYMENT_ID, "deployment_id is no text", "set deployment_id to that of the launch, as a text")
    } else {
        return None;
    };
    let check = Check::warn("lti-version", format!("{problem}, which Canvas takes and other platforms refuse"));
    let id = if claim == names::VERSION { "lti-version" } else { "lti-deployment" };
    let repair = (claim == names::VERSION).then(|| Repair::text(claim, "1.3.0"));
    let check = Check { id, ..check }.at(format!("claims.{claim}")).spec("LTI Deep Linking 2.0 §4.5");
    Some(check.fix(fix).repairs(repair))
}

fn nonce(context: &Context<'_>) -> Option<Check> {
    let nonce = context.claims.get("nonce")?;
    let is_text = nonce.as_str().is_some_and(|nonce| !nonce.is_empty());
    (!is_text).then(|| {
        refused("nonce", "nonce is no text, or empty", "set nonce to a new random text for each token")
            .at("claims.nonce")
            .spec("1EdTech Security Framework 1.0 §5.2.2")
    })
}

/// What Canvas recognizes the request by stands in the query of the URL that it gave.
fn return_url(context: &Context<'_>) -> Option<Check> {
    let url = HttpUrl::parse(context.endpoint?)?;
    let has_data = form_urlencoded::parse(url.query.unwrap_or_default().as_bytes())
        .any(|(name, value)| name == "data" && !value.is_empty());
    Some(if has_data {
        Check::pass("deep-link-return-url", "the return URL has its data")
    } else {
        Check::fail(
            "deep-link-return-url",
            Code::Argument,
            "the URL that it is posted to has no parameter data, by which Canvas knows the request",
        )
        .at(format!("claims.{}", names::DATA))
        .spec(context.spec())
        .fix("post to deep_link_return_url exactly as the launch has it, its query included")
    })
}

/// What is said to the user or logged.
fn texts(context: &Context<'_>) -> Option<Check> {
    let claims = [names::MSG, names::LOG, names::ERROR_MSG, names::ERROR_LOG, names::DATA];
    let is_odd = |claim: &&&str| context.claims.get(claim).is_some_and(|value| value.as_str().is_none());
    let claim = claims.iter().find(|claim| is_odd(claim))?;
    Some(
        Check::warn("deep-link-text", format!("{} is no text", short(claim)))
            .at(format!("claims.{claim}"))
            .spec("LTI Deep Linking 2.0 §4.5")
            .fix(format!("write {} as a text, or leave it out", short(claim))),
    )
}

/// The items, by the rules that signing a response applies.
fn content_items(context: &Context<'_>, checks: &mut Vec<Check>) {
    const CLAIM: &str = names::CONTENT_ITEMS;
    let before = checks.len();
    match context.claims.get(CLAIM) {
        None => checks.extend(misplaced(context)),
        Some(Json::Array(items)) => {
            let mut faults = items.iter().enumerate().filter_map(|(index, item)| content_item(item, index));
            checks.extend(faults.by_ref().take(MOST));
            let rest = match faults.count() {
                0 if checks.len() > before => return,
                0 => Check::pass("content-item", "each content item is one that Canvas can use"),
                more => {
                    let message = format!("content_items has {more} more that are wrong");
                    refused("content-item", message, "mend those items first, and inspect the response again")
                        .spec(ITEMS)
                }
            };
            checks.push(rest.at(format!("claims.{CLAIM}")));
        }
        Some(other) => checks.push(
            refused(
                "content-item",
                format!("content_items is {}, expected an array", other.kind()),
                "set content_items to an array of content items",
            )
            .at(format!("claims.{CLAIM}"))
            .spec(ITEMS),
        ),
    }
}

fn content_item(item: &Json, index: usize) -> Option<Check> {
    let at = format!("{}[{index}]", short(names::CONTENT_ITEMS));
    let prefix = names::CONTENT_ITEMS.trim_end_matches(short(names::CONTENT_ITEMS));
    let Some(item) = item.as_object() else {
        let message = format!("{at} is {}, expected an object", item.kind());
        let check = refused("content-item", message, "make an object of each content item");
        return Some(check.at(format!("claims.{prefix}{at}")).spec(ITEMS));
    };
    let error = check_content_item(item, at).err()?;
    // Names of custom values are the token's own text.
    let readable = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
    let at = readable(error.at.as_deref().unwrap_or_default());
    let check = Check::fail("content-item", error.code, readable(&error.message));
    Some(check.at(format!("claims.{prefix}{at}")).spec(ITEMS).fix(item_fix(&at)))
}

/// What to change about a member of an item.
fn item_fix(at: &str) -> String {
    let member = at.rsplit('.').next().unwrap_or_default();
    let text = match member {
        "scoreMaximum" => {
            "give the line item its scoreMaximum, the points that can be reached, as a number; Canvas makes no assignment without it"
        }
        "type" => "set type to one that Canvas knows; it drops items of others",
        "url" | "src" => "write the URL in full, with https://",
        _ if at.contains(".custom.") => "write each custom value as a text; Canvas makes variables of no others",
        _ => return format!("write {member} as the documentation of content items has it, or leave it out"),
    };
    text.to_owned()
}

/// Items in a claim of another name, which Canvas does not read.
fn misplaced(context: &Context<'_>) -> Option<Check> {
    const CLAIM: &str = names::CONTENT_ITEMS;
    let written = meant_to_be(CLAIM, context.claims.iter().map(|(name, _)| name))?;
    let repair = Repair::rename(written, CLAIM);
    let written = shown_claim(written);
    let message = format!("the claim is written {written}, so that Canvas finds no content items");
    Some(
        Check::warn("claim-spelling", message)
            .at(format!("claims.{written}"))
            .spec("LTI Deep Linking 2.0 §4.5")
            .fix(format!("rename it to {CLAIM}"))
            .repairs([repair]),
    )
}
