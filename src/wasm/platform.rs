//! What the platform is and has, asked without a throw.

use super::names::get;

pub(crate) use super::js::global;

/// A browser, where `User-Agent` is not ours to set; every other runtime names itself in `navigator.userAgent`.
pub(crate) fn in_page() -> bool {
    let agent = get(&global("navigator"), "userAgent");
    agent.as_string().is_some_and(|agent| agent.starts_with("Mozilla/"))
}

/// The origin of the page or worker this runs in.
pub(crate) fn page_origin() -> Option<String> {
    let origin = get(&global("location"), "origin");
    if in_page() { origin.as_string() } else { None }
}
