//! What becomes of every page of a batch that has been read?
//!
//! The middle of Chartroom. Ask first, decide after: outlines, separation, then draft by draft what the catalogue
//! knows and what the rules say to it; then what the drafts of a batch say about each other.

use std::collections::BTreeMap;

use archive::BatchRow;
use jiff::Timestamp;
use readers::LanguageSet;
use records::document::{Copies, Disposition, Filing};
use records::exception::Reason;
use records::judge::SheetAppearance;
use records::rules::Rules;
use records::sheet::SheetKey;

use crate::copies::{self, Copied};
use crate::error::LineError;
use crate::line::Tools;
use crate::readings::Readings;
use crate::reused::{self, Reuse};

mod apart;
mod disposition;
mod homecoming;
mod sitting;
mod whole;

pub(crate) use apart::{Sheet, pages_of};
use homecoming::Came;
use sitting::Sitting;
pub(crate) use sitting::{Weighed, stands_under};
pub(crate) use whole::Whole;

/// The site's rules, the keys of its control sheets, and what its paper is read in.
pub struct Site {
    pub rules: Rules,
    pub sheet_keys: Vec<SheetKey>,
    /// Stations whose paper is read in other languages than the rest.
    pub languages: BTreeMap<String, LanguageSet>,
}

/// A filing, and the earlier appearances of control sheets its verdicts knew.
pub(crate) struct Decided {
    pub(crate) filing: Filing,
    pub(crate) seen: Vec<SheetAppearance>,
}

/// What about the sheets under rescan slips?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slips {
    /// The batch is about to be filed: they come home, or both pictures stay.
    Follow,
    /// It was filed before: they are where they are.
    Leave,
}

/// Judges a whole batch that is about to be filed. Writes nothing.
pub(crate) fn decide(
    tools: &Tools,
    batch: &BatchRow,
    readings: &Readings,
    now: Timestamp,
) -> Result<Decided, LineError> {
    decide_with(tools, batch, readings, now, Slips::Follow)
}

/// Judges a whole batch. Writes nothing.
pub(crate) fn decide_with(
    tools: &Tools,
    batch: &BatchRow,
    readings: &Readings,
    now: Timestamp,
    slips: Slips,
) -> Result<Decided, LineError> {
    // Before anything is asked: what is filed meanwhile is compared when this filing commits.
    let position = tools.archive.position()?;
    let (separation, sheets) = apart::take_apart(tools, batch, readings, now)?;
    let sitting = Sitting::open(tools, batch, readings, &sheets, now)?;
    let laid = separation.drafts.iter().map(|draft| sitting.lay(draft)).collect::<Result<Vec<_>, _>>()?;
    let companions = sitting.companions(&laid);
    let mut weighed =
        laid.into_iter().map(|laid| sitting.weigh(laid, &companions)).collect::<Result<Vec<_>, _>>()?;
    let contrary: Vec<bool> = weighed.iter().map(Weighed::is_contrary).collect();
    for &(one, other) in &separation.beside {
        if contrary[one] || contrary[other] {
            sitting.hold(&mut weighed[one], Reason::MultiPatient)?;
            sitting.hold(&mut weighed[other], Reason::MultiPatient)?;
        }
    }
    let came = match slips {
        Slips::Follow => homecoming::follow(tools, batch, readings, &sitting, &mut weighed, now)?,
        Slips::Leave => {
            homecoming::leave(&sitting, &mut weighed)?;
            Came::default()
        }
    };
    let Copied { second, mut known } = copies::find(tools, batch, readings, &weighed, &came.home)?;
    known.extend(came.known);
    for (nth, words) in second {
        weighed[nth].tell(words);
        sitting.hold(&mut weighed[nth], Reason::DuplicateScan)?;
    }
    let Reuse { doubtful, repeats } =
        reused::find(tools, batch, readings, &sheets, &sitting.declared, &weighed)?;
    for (serial, words) in repeats {
        let under = weighed.iter_mut().filter(|own| stands_under(&own.case.draft, &serial));
        under.for_each(|own| own.tell(words.clone()));
    }

    let prints = weighed.iter().flat_map(|own| own.prints.iter().copied()).collect();
    // Verdicts of one filing must stand on one version of the index: the oldest is compared when it commits.
    let versions = weighed.iter().map(|own| own.version).chain(came.version);
    let version = versions.fold(sitting.version, Ord::min);
    let elsewhere = weighed.into_iter().enumerate().filter(|(nth, _)| !came.home.contains(nth));
    let dispositions: Vec<Disposition> = elsewhere.map(|(_, own)| disposition::of(batch, own)).collect();
    let filing = disposition::filing(batch, separation, &sheets, dispositions, sitting.doubts);
    let mut seen = sitting.declared.appearances;
    seen.retain(|appearance| appearance.batch != batch.id);
    let copies = Copies { prints, position, known };
    Ok(Decided {
        filing: Filing { version, reused: doubtful, copies, rescanned: came.rescanned, ..filing },
        seen,
    })
}
