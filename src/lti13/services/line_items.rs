//! Line items, the columns of a gradebook (Assignment and Grade Services 2.0 §3.2).

use ::http::Method;
use serde::Deserialize;

use super::query::{limit, with_query};
use super::{Scope, request, request_with};
use crate::error::{Error, Result};
use crate::http::Request;
use crate::json::Object;
use crate::lti2::integer;
use crate::lti13::members::Members;

pub use super::{done as deleted, object as response, objects as page};

/// What opens reading.
pub const READ: [Scope; 2] = [Scope::LineItem, Scope::LineItemReadonly];
/// What opens creating, updating and deleting.
pub const WRITE: [Scope; 1] = [Scope::LineItem];

const ITEM: &str = "application/vnd.ims.lis.v2.lineitem+json";
const CONTAINER: &str = "application/vnd.ims.lis.v2.lineitemcontainer+json";
/// Canvas's member that says how the assignment is submitted.
const SUBMISSION_TYPE: &str = "https://canvas.instructure.com/lti/submission_type";

const NAMES: [&str; 11] = [
    "id",
    "label",
    "scoreMaximum",
    "resourceId",
    "tag",
    "resourceLinkId",
    "startDateTime",
    "endDateTime",
    "gradesReleased",
    SUBMISSION_TYPE,
    "https://canvas.instructure.com/lti/launch_url",
];

/// Which line items of a context are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub struct LineItemFilter {
    /// Those with this mark of the tool's.
    pub tag: Option<String>,
    /// Those of this id of the tool's.
    pub resource_id: Option<String>,
    /// Those of this link.
    pub resource_link_id: Option<String>,
    /// How many a page has at most.
    #[serde(default, deserialize_with = "integer::optional")]
    pub limit: Option<i64>,
}

/// The request for the first page of a context's line items.
///
/// # Errors
/// `ERR_ARGUMENT` for a limit under 1.
pub fn list(url: &str, filter: &LineItemFilter) -> Result<Request> {
    let LineItemFilter { tag, resource_id, resource_link_id, limit: at_most } = filter.clone();
    let pairs = [
        ("tag", tag),
        ("resource_id", resource_id),
        ("resource_link_id", resource_link_id),
        ("limit", limit(at_most)?),
    ];
    following(&with_query(url, &pairs))
}

/// The request for a page of this very URL.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry.
pub fn following(url: &str) -> Result<Request> {
    request(Method::GET, url, CONTAINER)
}

/// Refuses Canvas's URL of something else than a line item.
///
/// # Errors
/// `ERR_ARGUMENT`, which says what is expected.
pub fn check_url(url: &str) -> Result<()> {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let is_canvas = path.contains("/api/lti/courses/");
    let found = match path.rsplit('/').take(3).collect::<Vec<_>>().as_slice() {
        ["line_items", ..] => "the URL of all line items of the context",
        ["scores", _, "line_items"] => "the URL of a line item's scores",
        ["results", _, "line_items"] => "the URL of a line item's results",
        _ => return Ok(()),
    };
    if is_canvas { Err(Error::argument("url", format!("{found}, expected {ONE}"))) } else { Ok(()) }
}

/// What the URL of a line item is, in words for a message.
pub const ONE: &str =
    "the URL of one line item: the id of a LineItem, or lineItems.lineItem of a launch, where it has one";

/// The request for one line item.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry, and Canvas's of something else.
pub fn read(url: &str) -> Result<Request> {
    check_url(url)?;
    request(Method::GET, url, ITEM)
}

/// The request that creates a line item in a context. A second one with the `resourceLinkId` of a link makes no second column.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is absent or wrong.
pub fn create(url: &str, item: &Object) -> Result<Request> {
    let members = Members::new(item, "item");
    check(&members)?;
    members.required_text("label")?;
    members.required("scoreMaximum", members.number("scoreMaximum")?, "a number above 0")?;
    request_with(Method::POST, url, ITEM, item)
}

/// The request that updates a line item; Canvas leaves what is absent as it is.
///
/// # Errors
/// `ERR_ARGUMENT` for a member that is wrong, for none at all, and for Canvas's URL of something else.
pub fn update(url: &str, item: &Object) -> Result<Request> {
    check_url(url)?;
    if item.iter().len() == 0 {
        return Err(Error::argument("item", "empty, expected what is to be changed"));
    }
    check(&Members::new(item, "item"))?;
    request_with(Method::PUT, url, ITEM, item)
}

/// The request that deletes a line item. Canvas refuses it for one that belongs to an assignment.
///
/// # Errors
/// `ERR_ARGUMENT` for a URL that no request can carry, and Canvas's of something else.
pub fn delete(url: &str) -> Result<Request> {
    check_url(url)?;
    request(Method::DELETE, url, ITEM)
}

fn check(item: &Members<'_>) -> Result<()> {
    item.spelt(&NAMES)?;
    if item.number("scoreMaximum")?.is_some_and(|maximum| maximum <= 0.0) {
        return Err(item.refused("scoreMaximum", "not positive, expected a number above 0"));
    }
    if item.object.get("label").is_some() {
        item.required_text("label")?;
    }
    item.all_texts(&["resourceId", "tag", "resourceLinkId"])?;
    item.timestamp("startDateTime")?;
    item.timestamp("endDateTime")?;
    let Some(submission) = item.member(SUBMISSION_TYPE)? else { return Ok(()) };
    submission.spelt(&["type", "external_tool_url"])?;
    let kind = submission.one_of("type", &["none", "external_tool"])?;
    submission.required("type", kind, "none or external_tool")?;
    submission.url("external_tool_url").map(|_| ())
}
