//! In which order does the worklist come, and which of it is one thing to do?

use std::collections::{BTreeMap, BTreeSet};

use archive::{Archive, Bundle, Coming, DoubtRow, ExceptionRow};
use jiff::Timestamp;
use jiff::civil::Date;
use records::exception::Reason;
use records::ids::{BatchId, PageRef};
use records::patient::PatientId;
use records::rights::Viewer;
use serde::{Deserialize, Serialize};

use super::ItemId;
use crate::fault::Fault;

/// How much it hurries; the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    Stat,
    InHouse,
    Tomorrow,
    /// Its day to look again has come.
    Due,
    Ordinary,
    /// A person has said until when it waits.
    Waits,
}

impl Urgency {
    pub(super) const fn words(self) -> Option<&'static str> {
        match self {
            Self::Stat => Some("STAT"),
            Self::InHouse => Some("in house today"),
            Self::Tomorrow => Some("clinic tomorrow"),
            Self::Due => Some("look again today"),
            Self::Waits => Some("waits"),
            Self::Ordinary => None,
        }
    }
}

/// Something that waits for a person.
pub(super) enum Subject {
    Held(ExceptionRow),
    Doubted(DoubtRow),
}

/// … with its place in the order.
pub(super) struct Entry {
    pub(super) id: ItemId,
    pub(super) subject: Subject,
    pub(super) urgency: Urgency,
    pub(super) since: Timestamp,
}

impl Subject {
    pub(super) fn reasons(&self) -> &[Reason] {
        match self {
            Self::Held(row) => &row.reasons,
            Self::Doubted(row) => &row.reasons,
        }
    }

    pub(super) fn station(&self) -> &str {
        match self {
            Self::Held(row) => &row.station,
            Self::Doubted(row) => &row.document.station,
        }
    }

    pub(super) fn file(&self) -> &str {
        match self {
            Self::Held(row) => &row.file,
            Self::Doubted(row) => &row.document.file,
        }
    }

    pub(super) fn pages(&self) -> &[PageRef] {
        match self {
            Self::Held(row) => &row.pages,
            Self::Doubted(row) => &row.document.pages,
        }
    }

    pub(super) fn bundle(&self) -> Option<&Bundle> {
        match self {
            Self::Held(row) => row.bundle.as_ref(),
            Self::Doubted(_) => None,
        }
    }

    fn batch(&self) -> BatchId {
        match self {
            Self::Held(row) => row.batch,
            Self::Doubted(row) => row.document.batch,
        }
    }

    fn follow_up(&self) -> Option<Date> {
        match self {
            Self::Held(row) => row.follow_up,
            Self::Doubted(row) => row.due,
        }
    }

    /// Whom it may be about.
    fn patients(&self) -> Vec<PatientId> {
        match self {
            Self::Held(row) => row.candidates.iter().map(|own| own.patient.id).collect(),
            Self::Doubted(row) => vec![row.document.patient.id],
        }
    }
}

/// What is shown of the worklist; what is not said does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) reason: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) station: String,
    /// What I have in hand.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) mine: bool,
    /// What waits until a day that has not come.
    #[serde(skip_serializing_if = "is_false")]
    pub(super) waiting: bool,
    /// Of one stack: work goes on at its contact strip.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) batch: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Filter {
    /// As the end of an address, or nothing.
    pub(super) fn query(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    /// `mine`: what the asker has in hand.
    pub(super) fn takes(&self, entry: &Entry, mine: &BTreeSet<String>) -> bool {
        let reasons = entry.subject.reasons();
        (self.reason.is_empty() || reasons.iter().any(|reason| reason.code() == self.reason))
            && (self.station.is_empty() || entry.subject.station() == self.station)
            && (!self.mine || mine.contains(&entry.id.to_string()))
            && self.waiting == (entry.urgency == Urgency::Waits)
    }
}

/// Everything that waits, in its order: STAT, in house today, clinic tomorrow, its day has come, then the oldest. Without
/// what is about documents whose labels the asker may not see.
pub(super) fn entries(archive: &Archive, viewer: &Viewer, today: Date) -> Result<Vec<Entry>, Fault> {
    let held = archive.worklist()?.into_iter().map(|row| {
        let (id, since) = (ItemId::Exception(row.id), row.created);
        (id, since, Subject::Held(row))
    });
    let may_see = |row: &DoubtRow| viewer.may_see(&row.document.labels, Some(row.document.filed_patient));
    let doubted = archive.doubts()?.into_iter().filter(may_see).map(|row| {
        let (id, since) = (ItemId::Doubt(row.id), row.created);
        (id, since, Subject::Doubted(row))
    });
    let all: Vec<(ItemId, Timestamp, Subject)> = held.chain(doubted).collect();
    let stat = archive.stat(&all.iter().map(|(_, _, subject)| subject.batch()).collect())?;
    let coming =
        archive.coming(&all.iter().flat_map(|(_, _, subject)| subject.patients()).collect(), today)?;
    let with_urgency = |(id, since, subject): (ItemId, Timestamp, Subject)| Entry {
        urgency: urgency(
            stat.contains(&subject.batch()),
            &subject.patients(),
            &coming,
            subject.follow_up(),
            today,
        ),
        id,
        subject,
        since,
    };
    let mut entries: Vec<Entry> = all.into_iter().map(with_urgency).collect();
    entries.sort_by_key(|entry| (entry.urgency, entry.since));
    Ok(entries)
}

fn urgency(
    stat: bool,
    patients: &[PatientId],
    coming: &Coming,
    follow_up: Option<Date>,
    today: Date,
) -> Urgency {
    match follow_up {
        Some(day) if day > today => Urgency::Waits,
        _ if stat => Urgency::Stat,
        _ if patients.iter().any(|own| coming.in_house.contains(own)) => Urgency::InHouse,
        _ if patients.iter().any(|own| coming.tomorrow.contains(own)) => Urgency::Tomorrow,
        Some(_) => Urgency::Due,
        None => Urgency::Ordinary,
    }
}

/// What waits for one and the same thing together, the rest one by one; each at the place of its first.
pub(super) fn bundled(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut all: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        let cause = entry.subject.bundle().map(ToString::to_string);
        match cause.as_ref().and_then(|cause| places.get(cause)) {
            Some(&at) => all[at].push(entry),
            None => {
                if let Some(cause) = cause {
                    places.insert(cause, all.len());
                }
                all.push(vec![entry]);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 3, 4);

    fn somebody() -> PatientId {
        PatientId(uuid::Uuid::from_u128(7))
    }

    fn of(stat: bool, coming: &Coming, follow_up: Option<Date>) -> Urgency {
        urgency(stat, &[somebody()], coming, follow_up, TODAY)
    }

    #[test]
    fn what_hurries_comes_first() {
        let in_house = Coming { in_house: [somebody()].into(), tomorrow: [somebody()].into() };
        let tomorrow = Coming { tomorrow: [somebody()].into(), ..Coming::default() };
        let nobody = Coming::default();
        let order = [
            of(true, &in_house, None),
            of(false, &in_house, None),
            of(false, &tomorrow, None),
            of(false, &nobody, Some(TODAY)),
            of(false, &nobody, None),
            of(true, &in_house, TODAY.tomorrow().ok()),
        ];
        assert_eq!(
            order,
            [
                Urgency::Stat,
                Urgency::InHouse,
                Urgency::Tomorrow,
                Urgency::Due,
                Urgency::Ordinary,
                Urgency::Waits
            ]
        );
        assert!(order.is_sorted());
    }

    #[test]
    fn a_filter_in_an_address_reads_back_as_itself_and_says_nothing_it_need_not() {
        assert_eq!(Filter::default().query(), "");
        let filter = Filter { station: "er front".into(), mine: true, ..Filter::default() };
        assert_eq!(filter.query(), "station=er+front&mine=true");
        assert_eq!(serde_html_form::from_str::<Filter>(&filter.query()).unwrap(), filter);
    }
}
