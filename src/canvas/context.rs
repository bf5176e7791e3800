//! Where an LTI 2 tool is installed: an account or a course.

use serde::Deserialize;

use super::site::segment;
use crate::error::Result;
use crate::lti2::Id;

/// An account or a course. Read from an object with either `accountId` or `courseId`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ContextIds")]
pub enum Context {
    /// An account.
    Account(Id),
    /// A course.
    Course(Id),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct ContextIds {
    account_id: Option<Id>,
    course_id: Option<Id>,
}

impl TryFrom<ContextIds> for Context {
    type Error = &'static str;

    fn try_from(ids: ContextIds) -> Result<Self, Self::Error> {
        match (ids.account_id, ids.course_id) {
            (Some(id), None) => Ok(Self::Account(id)),
            (None, Some(id)) => Ok(Self::Course(id)),
            _ => Err("expected either accountId or courseId"),
        }
    }
}

impl Context {
    /// Its path in the LTI API, without slashes around it.
    pub(super) fn path(&self) -> Result<String> {
        Ok(match self {
            Self::Account(id) => format!("api/lti/accounts/{}", segment(id, "context.accountId")?),
            Self::Course(id) => format!("api/lti/courses/{}", segment(id, "context.courseId")?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_has_one_id() {
        let read = |json: &str| serde_json::from_str::<Context>(json).map_err(|error| error.to_string());
        assert_eq!(read(r#"{"accountId":1}"#), Ok(Context::Account(Id::from(1))));
        assert_eq!(read(r#"{"courseId":"1"}"#), Ok(Context::Course(Id::Text("1".to_owned()))));
        for json in ["{}", r#"{"accountId":1,"courseId":1}"#, r#"{"accountID":1}"#] {
            let error = read(json).unwrap_err();
            assert!(error.starts_with("expected either accountId or courseId"), "{error}");
        }
        let error = read(r#"{"courseId":-1}"#).unwrap_err();
        assert!(error.starts_with("negative, expected an id"), "{error}");
    }
}
