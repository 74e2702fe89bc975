//! Would two pages name the same person, by the keys of their outlines?
//!
//! Only for taking apart and for alarms: one misread character is not a second person, and whether it contradicts
//! is for the judge.

/// Whether two keys (`number|birth date|name`) name two people: another number, and another birth date or name.
pub(super) fn another(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('|').collect(), b.split('|').collect());
    let differs = |at: usize| match (a.get(at), b.get(at)) {
        (Some(&a), Some(&b)) => a != "-" && b != "-" && strsim::levenshtein(a, b) > usize::from(at != 1),
        _ => false,
    };
    differs(0) && (differs(1) || differs(2))
}
