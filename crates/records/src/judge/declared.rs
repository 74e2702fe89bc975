//! What does the cover sheet over a draft, or who handed the file in, declare, and may it? (`domain.md` 2.14, D-1 to
//! D-3)

use crate::exception::Reason;
use crate::identifier::{AuthorityId, Identifier};
use crate::ids::PageNumber;
use crate::patient::Patient;
use crate::separation::SpanEnd;
use crate::sheet::SheetKind;

use super::subject::{Subject, owners_of};
use super::trial::Trial;

/// A declaration, held against what is known of it.
pub(super) struct Declared<'a> {
    /// Where the cover sheet is; of a file that was handed in, the draft's first page.
    pub(super) page: PageNumber,
    /// As it was given.
    pub(super) number: Option<Identifier>,
    /// The one survivor its number resolves to.
    pub(super) patient: Option<&'a Patient>,
    /// Issued here, with number and birth date typed from the paper.
    pub(super) confirmed: bool,
    /// Confirmed, resolved to one person, and seen for the first time: it declares (D-2).
    pub(super) valid: bool,
    /// It is sure where its span ends (D-3).
    pub(super) sure: bool,
    /// Its sheets are as many as were declared.
    pub(super) counted: bool,
    /// A rescan slip: it says which sheet comes again, and names nobody.
    pub(super) is_slip: bool,
    reused: bool,
    /// The sheet and the record of its print differ.
    altered: bool,
    /// Nobody can say which authority's number it is.
    unclear: bool,
}

impl<'a> Declared<'a> {
    /// What was said of the whole file counts for each of its drafts; a cover sheet in it may still be wrong.
    pub(super) fn of(trial: &Trial<'a>) -> Option<Self> {
        match (Self::by_upload(trial), Self::by_sheet(trial)) {
            (Some(upload), Some(sheet)) => {
                let Self { reused, altered, unclear, counted, .. } = sheet;
                Some(Self { reused, altered, unclear, counted, ..upload })
            }
            (upload, sheet) => upload.or(sheet),
        }
    }

    fn by_upload(trial: &Trial<'a>) -> Option<Self> {
        let upload = trial.case.upload.as_ref()?;
        let number = &upload.number;
        let owners = owners_of(trial, &number.value, Some(number.kind), Some(&number.authority));
        let patient = owners.first().map(|owner| owner.patient);
        let one = patient.is_some_and(|first| owners.iter().all(|owner| owner.patient.id == first.id));
        Some(Self {
            page: trial.case.draft.pages.first().copied()?,
            number: Some(number.clone()),
            patient,
            confirmed: true,
            valid: one,
            sure: true,
            counted: false,
            is_slip: false,
            reused: false,
            altered: false,
            unclear: false,
        })
    }

    fn by_sheet(trial: &Trial<'a>) -> Option<Self> {
        let declaration = trial.case.draft.declaration.as_ref()?;
        let payload = &declaration.payload;
        let serial = payload.serial_use();
        let issued = trial.known.issued.iter().find(|issued| issued.serial == serial);
        let authority = payload.authority.clone().or_else(|| only(&trial.authorities));
        let number = payload
            .mrn
            .as_ref()
            .zip(authority.as_ref())
            .map(|(mrn, authority)| Identifier::mrn(authority, mrn));
        let unclear = payload.mrn.is_some() && authority.is_none();
        let owners = number
            .as_ref()
            .map(|own| owners_of(trial, &own.value, Some(own.kind), Some(&own.authority)))
            .unwrap_or_default();
        let patient = owners.first().map(|owner| owner.patient);
        let one = patient.is_some_and(|first| owners.iter().all(|owner| owner.patient.id == first.id));
        let recorded = issued
            .map(|issued| issued.number.as_ref().map(|own| Identifier::mrn(&own.authority, &own.value)));
        let altered = !unclear && recorded.is_some_and(|recorded| recorded != number);
        let reused = trial.known.appearances.iter().any(|earlier| earlier.serial == serial);
        let confirmed = issued.is_some_and(|issued| issued.confirmed);
        Some(Self {
            page: declaration.page,
            valid: confirmed && one && !reused && !altered && payload.kind == SheetKind::Cover,
            number,
            patient,
            confirmed,
            sure: declaration.end != SpanEnd::Open,
            counted: declaration.end == SpanEnd::Counted,
            is_slip: payload.kind == SheetKind::Rescan,
            reused,
            altered,
            unclear,
        })
    }

    /// Whether sheet and pages name two people. Also an unconfirmed sheet that proposes somebody else makes a
    /// person look.
    pub(super) fn is_against(&self, subject: Option<Subject<'_>>) -> bool {
        match (self.patient, subject) {
            (Some(own), Some(subject)) => own.id != subject.patient.id,
            _ => false,
        }
    }
}

fn only(authorities: &[AuthorityId]) -> Option<AuthorityId> {
    match authorities {
        [only] => Some(only.clone()),
        _ => None,
    }
}

pub(super) fn reasons(trial: &Trial<'_>) -> Vec<Reason> {
    let Some(declared) = &trial.declared else { return Vec::new() };
    let mut reasons = Vec::new();
    if declared.reused {
        reasons.push(Reason::CoversheetReused);
    }
    if declared.altered {
        reasons.push(Reason::SheetForeign);
    }
    if declared.unclear {
        reasons.push(Reason::AuthorityUnknown);
    }
    reasons
}
