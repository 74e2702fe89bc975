//! What should have become of a document? Said from how it was made and what the reading did to it, never from what
//! the rules say.

use super::noise::Harm;
use super::traps::{Made, Should};

/// The verdict of somebody who knows everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    /// A careful clerk would file it without asking, from what was read.
    Fileable,
    /// Its reading was harmed: filing it right and holding it are both good.
    Either,
    /// A person must look, for one of these reasons; none given: for whatever the harmed reading shows.
    Held(&'static [&'static str]),
}

pub(super) fn of(made: &Made, harm: Harm) -> Truth {
    match made.should {
        Should::File if harm == Harm::default() => Truth::Fileable,
        Should::File => Truth::Either,
        Should::Hold(reasons) if harm == Harm::default() => Truth::Held(reasons),
        // What would have spoken against it was not read: the number in the bars, and the rest, are the patient's own.
        Should::Hold(_) if ["bars unlike the print below", "service before birth"].contains(&made.trap) => {
            Truth::Either
        }
        Should::Hold(_) => Truth::Held(&[]),
    }
}
