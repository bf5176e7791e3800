//! A list of mistakes: one good token of each kind, spoilt in one way, and the check that the report must put first,
//! with what it tells to change.

use canvas_lms_tokens::inspect::Outcome;
use canvas_lms_tokens::json;
use canvas_lms_tokens::json::Json;

use crate::inspect::{self, With, assert_first, good, inspect};

#[test]
fn the_good_tokens_are_good_and_recognised() {
    for good in good::all() {
        let report = inspect(&good.signed(), &good.with());
        assert_eq!(report.kind.as_str(), good.kind);
        assert_eq!(report.outcome, "valid", "{report:#?}");
        assert!(report.checks.iter().all(|check| check.outcome > Outcome::Warn), "{report:#?}");
    }
}

/// The tokens of Canvas's documentation, which are of the kinds that it says.
#[test]
fn the_documentation_s_own_assertion_is_found_out() {
    let text = include_str!("../../vectors/canvas.json");
    let Json::Array(cases) = json::read(text).unwrap() else { panic!("a list") };
    for case in cases.iter().filter_map(Json::as_object) {
        let text = |name| case.text(name).unwrap();
        let mut with = With::at(1_486_393_801.0);
        with.key = case.text("secret").map(inspect::secret);
        let report = inspect(text("token"), &with);
        assert_eq!(report.kind.as_str(), text("kind"), "{}", text("name"));
        if text("name") == "canvas-developer-key-assertion" {
            assert_first("Iat", &report, (Outcome::Fail, "claim-spelling", "rename Iat to iat"));
            assert_eq!(report.checks[0].at.as_deref(), Some("claims.Iat"));
            let failed = report.checks.iter().filter(|check| check.outcome == Outcome::Fail);
            assert_eq!(failed.map(|check| check.id).collect::<Vec<_>>(), ["claim-spelling", "claim-missing"]);
        }
    }
}
