//! Which codes were valid on a day?

use jiff::ToSpan as _;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::{CodeSystem, CodesError, Known, Release, VERSION};

/// The codes of all loaded releases, without their texts: 20 bytes for each code, however many releases have it.
#[derive(Clone, Default)]
pub struct CodeTables {
    /// By system, code and day.
    rows: Vec<Row>,
    /// By system and day; none overlaps the next of its system.
    releases: Vec<Release>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    system: CodeSystem,
    code: Code,
    from: Date,
    to: Date,
    billable: bool,
}

/// Filled up with zeros.
type Code = [u8; 7];

pub(super) fn packed(code: &str) -> Option<Code> {
    let mut packed = [0; 7];
    packed.get_mut(..code.len())?.copy_from_slice(code.as_bytes());
    Some(packed)
}

impl CodeTables {
    /// # Errors
    /// For every file the first line that cannot be understood, and files that are the same release.
    pub fn of(files: Vec<(Release, &str)>) -> Result<Self, Vec<CodesError>> {
        let mut files = files;
        files.sort_by_key(|(release, _)| (release.system, release.from));
        let mut problems: Vec<CodesError> =
            files.windows(2).filter_map(|pair| twice(&pair[0].0, &pair[1].0)).collect();
        let mut rows = Vec::new();
        let mut releases: Vec<Release> = Vec::new();
        for at in 0..files.len() {
            let (mut release, text) = files[at].clone();
            let next = files.get(at + 1).filter(|(next, _)| next.system == release.system);
            let before_next = next.and_then(|(next, _)| next.from.yesterday().ok());
            release.to = before_next.map_or(release.to, |day| day.min(release.to));
            if let Err(problem) = take(&release, text, before_next, &mut rows) {
                problems.push(problem);
            }
            releases.push(release);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self { rows: joined(rows), releases })
    }

    /// Changes whenever the same pages could be found to have other codes.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        digest.update(VERSION.to_le_bytes());
        let days = |digest: &mut Sha256, from: Date, to: Date| {
            for day in [from, to] {
                digest.update(day.year().to_le_bytes());
                digest.update([day.month() as u8, day.day() as u8]);
            }
        };
        for release in &self.releases {
            digest.update(release.system.name());
            days(&mut digest, release.from, release.to);
        }
        for row in &self.rows {
            digest.update(row.code);
            digest.update([row.system as u8]);
            days(&mut digest, row.from, row.to);
        }
        digest.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What was loaded, by system and day.
    pub fn releases(&self) -> &[Release] {
        &self.releases
    }

    /// Different codes of a system.
    pub fn count(&self, system: CodeSystem) -> usize {
        let rows = self.rows.iter().filter(|row| row.system == system);
        rows.fold((0, None), |(count, last), row| {
            (count + usize::from(last != Some(row.code)), Some(row.code))
        })
        .0
    }

    /// Whether a code, without its point, was valid on one of these days; without days: on any.
    pub(super) fn known(&self, system: CodeSystem, code: &str, days: Option<(Date, Date)>) -> Option<Known> {
        let code = packed(code)?;
        let from = self.rows.partition_point(|row| (row.system, row.code) < (system, code));
        let days = days.map(|days| self.days_in_force(system, days));
        let rows = self.rows[from..].iter().take_while(|row| (row.system, row.code) == (system, code));
        let valid = rows.filter(|row| days.is_none_or(|(first, last)| row.from <= last && first <= row.to));
        valid.last().map(|row| Known { billable: Some(row.billable) })
    }

    /// The days asked for, where a release was published for one of them. Of a time without one the nearest counts:
    /// most codes are valid for many years, and no house has all files from 2015 on.
    fn days_in_force(&self, system: CodeSystem, (first, last): (Date, Date)) -> (Date, Date) {
        let own = || self.releases.iter().filter(|release| release.system == system);
        // Its rows have days of their own.
        if system == CodeSystem::Hcpcs || own().any(|release| release.from <= last && first <= release.to) {
            return (first, last);
        }
        let before = own().rfind(|release| release.to < first).map(|release| release.to);
        let nearest = before.or_else(|| own().next().map(|release| release.from));
        nearest.map_or((first, last), |day| (day, day))
    }
}

fn twice(one: &Release, other: &Release) -> Option<CodesError> {
    ((one.system, one.from) == (other.system, other.from)).then(|| CodesError {
        file: other.file.clone(),
        line: None,
        what: format!("the same release as {}; keep one of the two", one.file),
    })
}

/// `last`: the day before the next release of the system, if there is one.
fn take(release: &Release, text: &str, last: Option<Date>, rows: &mut Vec<Row>) -> Result<(), CodesError> {
    let before = rows.len();
    for entry in release.entries(text) {
        let entry = entry?;
        let Some(code) = packed(entry.code).filter(|_| !entry.continues) else { continue };
        let (from, to) = match release.system {
            // What a later file has no more ended unsaid.
            CodeSystem::Hcpcs => {
                (entry.added.unwrap_or(Date::MIN), entry.ended.or(last).unwrap_or(Date::MAX))
            }
            _ => (release.from, release.to),
        };
        rows.push(Row { system: release.system, code, from, to, billable: entry.billable });
    }
    if rows.len() == before {
        return Err(CodesError { file: release.file.clone(), line: None, what: "has no codes".into() });
    }
    Ok(())
}

/// Sorted, and a code that release after release has is one row.
fn joined(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_unstable();
    rows.dedup_by(|next, row| {
        let same = (row.system, row.code, row.billable) == (next.system, next.code, next.billable);
        let goes_on = row.to.checked_add(1.day()).map_or(true, |after| next.from <= after);
        if same && goes_on {
            row.to = row.to.max(next.to);
        }
        same && goes_on
    });
    rows.shrink_to_fit();
    rows
}

/// Counts only.
impl std::fmt::Debug for CodeTables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CodeTables({} rows of {} releases)", self.rows.len(), self.releases.len())
    }
}
