//! What would a list do to the index, and can it be a good one?

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use records::identifier::{AuthorityId, Identifier, canonical};
use rusqlite::Connection;

use super::import::{PatientImport, PatientRow, look_at_person};
use super::import_report::{News, PatientReport, Refusal, Refused, What};
use super::merging::{Merge, merging};
use super::patients::authorities;
use crate::error::Result;

/// The rows that can be taken, and what would come of them.
pub(super) fn survey<'r>(
    c: &Connection,
    import: &'r PatientImport,
) -> Result<(Vec<&'r PatientRow>, PatientReport)> {
    let mut report = PatientReport::default();
    let rows = sift(&import.rows, &mut report);
    let mut numbers: BTreeMap<&AuthorityId, HashSet<String>> = BTreeMap::new();
    for row in &rows {
        if numbers.entry(&row.authority).or_default().insert(canonical(&row.mrn)) {
            look_at_person(c, row, &mut report)?;
        }
        look_at_merge(c, row, &mut report)?;
    }
    // A full list of nobody lacks everybody.
    let all = if import.full && rows.is_empty() { authorities(c)? } else { Vec::new() };
    for authority in &all {
        numbers.entry(authority).or_default();
    }
    let known = look_for_lost(c, import.full, &numbers, &mut report)?;
    let lost = (report.vanished + report.birth_dates_changed) as f64;
    // One row may always differ: in a small index that is an overlay, not a wrong file.
    report.aborted = known > 0 && !import.despite_losses && lost > 1.0 && lost > known as f64 * 0.02;
    Ok((rows, report))
}

/// Rows that can be taken, and the report of those that cannot: a number that stands twice with different birth
/// dates may be anybody's, so none of its rows is taken.
fn sift<'r>(rows: &'r [PatientRow], report: &mut PatientReport) -> Vec<&'r PatientRow> {
    let mut birth_dates: HashMap<(&AuthorityId, String), BTreeSet<Date>> = HashMap::new();
    for row in rows {
        let days = birth_dates.entry((&row.authority, canonical(&row.mrn))).or_default();
        days.extend(row.birth_date);
    }
    let mut good = Vec::with_capacity(rows.len());
    for row in rows {
        let number = canonical(&row.mrn);
        let into = row.merged_into_mrn.as_deref().map(canonical);
        let why = if number.is_empty() || row.authority.0.is_empty() {
            Some(Refusal::NoNumber)
        } else if birth_dates[&(&row.authority, number.clone())].len() > 1 {
            Some(Refusal::TwoBirthDates)
        } else if into.as_ref() == Some(&number) {
            Some(Refusal::MergedIntoItself)
        } else {
            good.push(row);
            None
        };
        report.refused.extend(why.map(|why| Refused { line: row.line, why }));
    }
    good
}

fn look_at_merge(c: &Connection, row: &PatientRow, report: &mut PatientReport) -> Result<()> {
    let Some(into) = &row.merged_into_mrn else { return Ok(()) };
    match merging(c, row, into)? {
        Merge::Done => {}
        Merge::Refused { why, .. } => report.refused.push(Refused { line: row.line, why }),
        Merge::Into(..) => {
            report.merged += 1;
            let number = Identifier::mrn(&row.authority, &row.mrn);
            report.news.push(News { line: Some(row.line), number, what: What::Merged });
        }
    }
    Ok(())
}

/// Answers how many living numbers the index has of the file's authorities; notes those that a full file lacks.
fn look_for_lost(
    c: &Connection,
    full: bool,
    numbers: &BTreeMap<&AuthorityId, HashSet<String>>,
    report: &mut PatientReport,
) -> Result<u64> {
    let mut known = 0;
    for (authority, numbers) in numbers {
        let mut living = c.prepare_cached(
            "SELECT i.value FROM patient_identifier i JOIN patient p ON p.key = i.patient
             WHERE i.authority = ?1 AND i.kind = 'MR' AND NOT i.retired AND p.merged_into IS NULL",
        )?;
        for value in living.query_map([&authority.0], |row| row.get::<_, String>(0))? {
            let value = value?;
            known += 1;
            if full && !numbers.contains(&value) {
                report.vanished += 1;
                let number = Identifier::mrn(authority, &value);
                report.news.push(News { line: None, number, what: What::Vanished });
            }
        }
    }
    Ok(known)
}
