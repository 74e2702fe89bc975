//! What should have become of a document? Said from how it was made and what the reading did to it, never from what
//! the rules say.

use super::noise::Harm;
use super::traps::{Made, Should};

/// The verdict of somebody who knows everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// A careful clerk would file it without asking, from what was read.
    Fileable,
    /// Its reading was harmed, or its stack: filing it right and holding it are both good.
    Either,
    /// A person must look, for one of these reasons (the first is the one it is made for); none given: for whatever
    /// the harmed reading shows.
    Held(&'static [&'static str]),
    /// It may have been filed before; now it must be on the worklist for one of these reasons.
    Doubted(&'static [&'static str]),
}

/// What would have spoken against these was not read, or not as it stands there: the rest is the patient's own.
const HANGS_ON_A_LINE: [&str; 6] = [
    "bars unlike the print below",
    "service before birth",
    "age and sex of somebody else in the text",
    "sensitive kind",
    "page missing in the count",
    "another form begins and names nobody",
];

pub(super) fn of(made: &Made, harm: Harm) -> Truth {
    match made.should {
        Should::File if harm == Harm::default() => Truth::Fileable,
        Should::File => Truth::Either,
        Should::Hold(reasons) if harm == Harm::default() => Truth::Held(reasons),
        Should::Hold(_) if HANGS_ON_A_LINE.contains(&made.trap) => Truth::Either,
        Should::Hold(_) => Truth::Held(&[]),
    }
}

/// What a valid cover sheet with a sure end makes of it: one witness is enough then, silence of further pages is no
/// harm, and several forms of one person are one stack.
pub(super) fn under_a_cover(truth: Truth, made: &Made) -> Truth {
    match made.trap {
        "number only"
        | "number and name only"
        | "number and birth date only"
        | "name and birth date only"
        | "silent pages behind"
        | "another form begins and names nobody"
        | "newborn without bars"
        | "retired number without birth date"
        | "outside facility's number only"
        | "faint number" => Truth::Either,
        "no identity" => Truth::Held(&["NO_WITNESS"]),
        _ => truth,
    }
}
