//! Names of members: which known one was meant by one that is unknown.

use strsim::osa_distance;

/// So many names at most are listed in a message.
const MOST_LISTED: usize = 16;
/// No longer name is compared letter by letter.
const LONGEST: usize = 100;

/// A name without what people write differently: case, and what joins words.
fn folded(name: &str) -> String {
    let letters = name.chars().take(LONGEST).filter(|c| !matches!(c, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// How far a name is from a known one: 0 where they differ in case alone, 1 where one begins with the other.
fn distance(name: &str, known: &str) -> usize {
    let (name, known) = (folded(name), folded(known));
    let is_longer = |one: &str, other: &str| other.len() > 2 && one.starts_with(other);
    match () {
        () if name == known => 0,
        () if is_longer(&name, &known) || is_longer(&known, &name) => 1,
        () => osa_distance(&name, &known),
    }
}

/// The known name that is nearest.
pub(crate) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    known.iter().copied().min_by_key(|known| distance(name, known))
}

/// What was expected in place of a name that is none of these, in words for a message: the one that was probably meant, else
/// all there are.
pub(crate) fn expected(name: &str, known: &[&str]) -> String {
    let is_near = |meant: &&str| {
        let (distance, longest) = (distance(name, meant), name.len().max(meant.len()));
        distance * 2 <= longest || known.len() > MOST_LISTED
    };
    nearest(name, known).filter(is_near).map_or_else(|| any_of(known), |meant| format!("perhaps {meant}"))
}

/// The known name that this one is but for its case or a letter or two, where it is none of them: of an object that may have
/// other members too. A name in another language, such as `label#de`, is one of its own.
pub(crate) fn misspelt<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    if known.contains(&name) || name.contains('#') {
        return None;
    }
    let folded_name = folded(name);
    let is_near = |known: &&str| {
        let known = folded(known);
        // In few letters two changes leave nothing to recognise.
        osa_distance(&folded_name, &known) <= if known.len() > 5 { 2 } else { 1 }
    };
    known.iter().copied().filter(is_near).min_by_key(|known| osa_distance(name, known))
}

/// A list of names as a message has it: "a, b or c".
pub(crate) fn any_of(names: &[&str]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        names => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: [&str; 6] = ["algorithms", "audience", "clockTolerance", "maxTokenAge", "now", "typ"];

    #[test]
    fn the_name_that_was_meant_is_given_or_all() {
        for (name, meant) in [
            ("algorithm", "perhaps algorithms"),
            ("aud", "perhaps audience"),
            ("clock_tolerance", "perhaps clockTolerance"),
            ("CLOCKTOLERANCE", "perhaps clockTolerance"),
            ("clockTolerence", "perhaps clockTolerance"),
            ("maxAge", "perhaps maxTokenAge"),
            ("type", "perhaps typ"),
            ("foo", "algorithms, audience, clockTolerance, maxTokenAge, now or typ"),
            ("", "algorithms, audience, clockTolerance, maxTokenAge, now or typ"),
        ] {
            assert_eq!(expected(name, &OPTIONS), meant, "{name}");
        }
        assert_eq!(expected("x", &["a"]), "a");
        assert_eq!(expected("zzzzzz", &["abc"; 17]), "perhaps abc");
        assert_eq!(nearest("x", &[]), None);
    }

    #[test]
    fn a_name_is_misspelt_where_a_letter_or_two_are_wrong() {
        let known = ["label", "scoreMaximum", "tag", "https://canvas.instructure.com/lti/submission_type"];
        for (name, meant) in [
            ("scoreMaximun", Some("scoreMaximum")),
            ("scoremaximum", Some("scoreMaximum")),
            ("score_maximum", Some("scoreMaximum")),
            ("tags", Some("tag")),
            ("lable", Some("label")),
            ("https://canvas.instructure.com/lti/submissionType", Some(known[3])),
            ("scoreMaximum", None),
            ("scoreMinimal", None),
            ("tagged", None),
            ("label#de", None),
            ("https://canvas.instructure.com/lti/launch_url", None),
            ("", None),
        ] {
            assert_eq!(misspelt(name, &known), meant, "{name}");
        }
    }

    #[test]
    fn a_list_is_written_as_people_write_it() {
        assert_eq!(
            [any_of(&[]), any_of(&["a"]), any_of(&["a", "b"]), any_of(&["a", "b", "c"])],
            ["", "a", "a or b", "a, b or c"]
        );
    }
}
