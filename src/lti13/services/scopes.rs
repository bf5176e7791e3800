//! Which scopes a token is asked for. One that the tool's key lacks fails the whole grant, so that none is asked for that the
//! launch does not list.

use crate::error::{Code, Error, Result};
use crate::json::names::any_of;

/// A scope of LTI Advantage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Reading and writing line items.
    LineItem,
    /// Reading line items.
    LineItemReadonly,
    /// Reading results.
    ResultReadonly,
    /// Posting scores.
    Score,
    /// Reading the members of a context.
    ContextMembershipReadonly,
    /// Saying which notices are wanted.
    NoticeHandlers,
    /// Reading assets.
    AssetReadonly,
    /// Posting reports on assets.
    Report,
}

impl Scope {
    const ALL: [Self; 8] = [
        Self::LineItem,
        Self::LineItemReadonly,
        Self::ResultReadonly,
        Self::Score,
        Self::ContextMembershipReadonly,
        Self::NoticeHandlers,
        Self::AssetReadonly,
        Self::Report,
    ];

    /// As it is asked for.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LineItem => "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
            Self::LineItemReadonly => "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
            Self::ResultReadonly => "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
            Self::Score => "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            Self::ContextMembershipReadonly => {
                "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
            }
            Self::NoticeHandlers => "https://purl.imsglobal.org/spec/lti/scope/noticehandlers",
            Self::AssetReadonly => "https://purl.imsglobal.org/spec/lti/scope/asset.readonly",
            Self::Report => "https://purl.imsglobal.org/spec/lti/scope/report",
        }
    }

    /// Whether it is of Assignment and Grade Services, whose claim lists what the tool's key has.
    const fn is_of_grades(self) -> bool {
        matches!(self, Self::LineItem | Self::LineItemReadonly | Self::ResultReadonly | Self::Score)
    }
}

/// The scopes to ask a token for, where one of `sufficient` opens the service. Those of the launch are `known`: of grade
/// services, all that it lists, as every token costs a third of what Canvas allows at once. Where they are not known, it is the
/// first sufficient one.
///
/// # Errors
/// `ERR_FORBIDDEN` where the launch lists none that is sufficient.
pub fn wanted(known: Option<&[String]>, sufficient: &[Scope]) -> Result<Vec<String>> {
    let Some(known) = known else {
        return Ok(sufficient.iter().take(1).map(|scope| scope.as_str().to_owned()).collect());
    };
    let has = |scope: &Scope| known.iter().any(|known| known == scope.as_str());
    let Some(found) = sufficient.iter().copied().find(has) else {
        let names: Vec<_> = sufficient.iter().map(|scope| scope.as_str()).collect();
        let message = format!("the launch lists no scope that opens this service, expected {}", any_of(&names));
        return Err(Error::new(Code::Forbidden, message).at("options.scopes"));
    };
    let listed = Scope::ALL.iter().filter(|scope| **scope == found || (found.is_of_grades() && scope.is_of_grades()));
    Ok(listed.filter(|scope| has(scope)).map(|scope| scope.as_str().to_owned()).collect())
}
