//! What does a case look like, held against one person of the index?

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::evidence::{Evidence, EvidenceKind};
use crate::exception::Reason;
use crate::geometry::Rect;
use crate::identifier::{AuthorityId, Identifier};
use crate::ids::PageNumber;
use crate::patient::{Patient, PatientId};
use crate::rules::Rules;
use crate::sighting::{Seen, Sighting, Stands};

use super::candidates::ranked;
use super::declared::Declared;
use super::hearing::{Heard, Says};
use super::subject::{By, Subject};
use super::{Case, Hold, Known, PageCase, Verdict};

pub(super) struct Trial<'a> {
    pub(super) case: &'a Case,
    pub(super) known: &'a Known,
    pub(super) rules: &'a Rules,
    pub(super) now: Timestamp,
    pub(super) today: Date,
    /// Every authority there is: the configured ones, else those of the index.
    pub(super) authorities: Vec<AuthorityId>,
    pub(super) declared: Option<Declared<'a>>,
    /// Whom everything is held against.
    pub(super) subject: Option<Subject<'a>>,
    /// One for each sighting, in their order.
    pub(super) heard: Vec<Heard<'a>>,
}

impl<'a> Trial<'a> {
    pub(super) fn open(case: &'a Case, known: &'a Known, rules: &'a Rules, now: Timestamp) -> Self {
        let configured = rules.authority_ids();
        let mut trial = Self {
            case,
            known,
            rules,
            now,
            today: TimeZone::UTC.to_datetime(now).date(),
            authorities: if configured.is_empty() { known.authorities.clone() } else { configured },
            declared: None,
            subject: None,
            heard: Vec::new(),
        };
        trial.declared = Declared::of(&trial);
        trial.subject = Subject::of(&trial);
        trial.heard = case.sightings.iter().map(|sighting| Heard::of(sighting, &trial)).collect();
        trial
    }

    /// Held against a person who is given, whoever the pages name.
    pub(super) fn about(
        case: &'a Case,
        known: &'a Known,
        rules: &'a Rules,
        now: Timestamp,
        patient: &'a Patient,
    ) -> Self {
        let mut trial = Self::open(case, known, rules, now);
        trial.subject = Some(Subject { patient, by: By::Number });
        trial.heard = case.sightings.iter().map(|sighting| Heard::of(sighting, &trial)).collect();
        trial
    }

    /// What names somebody else than the subject.
    pub(super) fn names_others(&self) -> Vec<(Reason, Evidence)> {
        const OTHERS: [Reason; 4] =
            [Reason::MultiPatient, Reason::NameMismatch, Reason::DobMismatch, Reason::SexMismatch];
        let against = self.heard.iter().filter_map(|heard| match heard.says {
            Says::Against(reason) if OTHERS.contains(&reason) => Some((reason, self.evidence_of(heard)?)),
            _ => None,
        });
        against.collect()
    }

    pub(super) fn page(&self, page: PageNumber) -> Option<&'a PageCase> {
        self.case.pages.iter().find(|own| own.page == page)
    }

    /// The sightings of one kind of standing: everything but running text.
    pub(super) fn printed(&self) -> impl Iterator<Item = &'a Sighting> {
        self.case.sightings.iter().filter(|sighting| sighting.stands != Stands::Body)
    }

    /// Whether a valid declaration stands over the whole draft, with a sure end (D-3).
    pub(super) fn is_covered(&self) -> bool {
        self.declared.as_ref().is_some_and(|declared| declared.valid && declared.sure)
    }

    pub(super) fn hold(&self, reasons: Vec<Reason>) -> Verdict {
        Verdict::Hold(Hold { reasons, candidates: ranked(self), evidence: self.evidence(), proposed: None })
    }

    /// Nothing speaks against it but that the station is on trial.
    pub(super) fn propose(&self, to: PatientId) -> Verdict {
        let (reasons, candidates) = (vec![Reason::Shadow], ranked(self));
        Verdict::Hold(Hold { reasons, candidates, evidence: self.evidence(), proposed: Some(to) })
    }

    /// The number on the paper, else the declaration's as it was given, else the person's own.
    pub(super) fn filed_under(&self, subject: Subject<'a>) -> Identifier {
        let on_paper = self.heard.iter().find_map(|heard| match &heard.says {
            Says::Number(number) if heard.sighting.witness => Some(number.identifier),
            _ => None,
        });
        let declared = self
            .declared
            .as_ref()
            .filter(|declared| declared.valid)
            .and_then(|declared| declared.number.clone());
        on_paper
            .cloned()
            .or(declared)
            .or_else(|| subject.patient.mrn(None).cloned())
            .expect("a person who was found by number or declaration has a number")
    }

    /// Everything that was read, as it speaks for or against the subject.
    pub(super) fn evidence(&self) -> Vec<Evidence> {
        self.evidence_where(|_| true)
    }

    /// What a filing stands on.
    pub(super) fn evidence_for(&self) -> Vec<Evidence> {
        self.evidence_where(|says| matches!(says, Says::Number(_) | Says::Name(_) | Says::Birth | Says::Sex))
    }

    fn evidence_where(&self, wanted: impl Fn(&Says<'a>) -> bool) -> Vec<Evidence> {
        let heard = self.heard.iter().filter(|heard| wanted(&heard.says));
        let mut all: Vec<Evidence> = heard.filter_map(|heard| self.evidence_of(heard)).collect();
        if let (Some(declared), Some(first)) = (&self.declared, self.case.pages.first())
            && !declared.is_slip
        {
            all.push(Evidence {
                kind: EvidenceKind::Declared,
                page: declared.page,
                batch: None,
                text: declared.number.as_ref().map(|number| number.value.clone()).unwrap_or_default(),
                place: Rect::default(),
                authority: declared.number.as_ref().map(|number| number.authority.0.clone()),
                reader: first.reader.clone(),
                contrary: declared.is_against(self.subject),
            });
        }
        all
    }

    fn evidence_of(&self, heard: &Heard<'a>) -> Option<Evidence> {
        let sighting = heard.sighting;
        let (kind, authority) = match &sighting.what {
            Seen::Number { symbol, authority, .. } => {
                let kind = if symbol.is_some() { EvidenceKind::Barcode } else { EvidenceKind::Number };
                let resolved = if let Says::Number(number) = &heard.says {
                    Some(&number.identifier.authority)
                } else {
                    None
                };
                (kind, resolved.or(authority.as_ref()).map(|id| id.0.clone()))
            }
            Seen::Name(_) => (EvidenceKind::Name, None),
            Seen::BirthDate(_) | Seen::Age(_) => (EvidenceKind::BirthDate, None),
            Seen::Sex(_) | Seen::SexOrInitial(_) => (EvidenceKind::Sex, None),
            Seen::Unread if sighting.stands == Stands::Symbol => (EvidenceKind::Barcode, None),
            Seen::Unread => (EvidenceKind::Name, None),
        };
        Some(Evidence {
            kind,
            page: sighting.page,
            batch: None,
            text: sighting.text.clone(),
            place: sighting.place,
            authority,
            reader: self.page(sighting.page)?.reader.clone(),
            contrary: matches!(heard.says, Says::Against(_)),
        })
    }
}
