//! What does a published file of codes say, and from when to when?
//!
//! The files are taken as they are published: the *order file* of ICD-10-CM and ICD-10-PCS (columns 7 to 13 the code
//! without its point, 15 whether it may be billed, from 78 on its text) and the *ANWEB file* of HCPCS Level II (columns
//! 1 to 5 the code, 11 what the line is, 12 to 91 its text, 269 to 276 when it was added, 285 to 292 its last day).
//! Which release it is, its name says.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use regex::Regex;

use super::CodeSystem;

/// One file, and the days for which it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub system: CodeSystem,
    pub from: Date,
    pub to: Date,
    /// Its name.
    pub file: String,
}

/// What is wrong with a file, and what to do. Names files and lines only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {what}", .line.map_or_else(String::new, |line| format!(", line {line}")))]
pub struct CodesError {
    pub file: String,
    /// From 1.
    pub line: Option<usize>,
    pub what: String,
}

static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(?:icd-?10-?(?P<icd>cm|pcs)[-_]order[-_](?:(?P<april>apr(?:il)?)[-_])?(?P<fiscal>20\d\d)(?:[-_](?P<april2>apr(?:il)?))?|hcpc(?P<year>20\d\d)_(?P<quarter>jan|apr|jul|oct)_anweb\w*)\.txt$",
    )
    .expect("a fixed expression")
});

impl Release {
    /// What a file is, by its name: `icd10cm-order-2026.txt` (October to September), `icd10cm-order-April-2026.txt`
    /// (its April update), `icd10pcs_order_2026.txt`, `HCPC2026_JAN_ANWEB.txt` (a quarter).
    ///
    /// # Errors
    /// The name is none of these.
    pub fn of(file: &str) -> Result<Self, CodesError> {
        let wrong = || CodesError {
            file: file.to_owned(),
            line: None,
            what: "not the name of a code table; wanted are files like icd10cm-order-2026.txt, \
                   icd10cm-order-April-2026.txt, icd10pcs_order_2026.txt or HCPC2026_JAN_ANWEB.txt, unpacked"
                .into(),
        };
        let name = NAME.captures(file).ok_or_else(wrong)?;
        let said = |group: &str| name.name(group).map(|said| said.as_str().to_lowercase());
        let year = |group: &str| said(group)?.parse::<i16>().ok();
        let (system, from, to) = match (year("fiscal"), year("year")) {
            (Some(year), _) => {
                let system = match said("icd").as_deref() {
                    Some("cm") => CodeSystem::Icd10Cm,
                    _ => CodeSystem::Icd10Pcs,
                };
                let april = said("april").or_else(|| said("april2")).is_some();
                let from = if april { date(year, 4, 1) } else { date(year - 1, 10, 1) };
                (system, from, date(year, 9, 30))
            }
            (None, Some(year)) => {
                let month = match said("quarter").as_deref() {
                    Some("jan") => 1,
                    Some("apr") => 4,
                    Some("jul") => 7,
                    _ => 10,
                };
                let from = date(year, month, 1);
                (CodeSystem::Hcpcs, from, date(year, month + 2, 1).last_of_month())
            }
            (None, None) => return Err(wrong()),
        };
        Ok(Self { system, from, to, file: file.to_owned() })
    }

    /// The codes of the file in its order.
    pub(super) fn entries<'t>(
        &'t self,
        text: &'t str,
    ) -> impl Iterator<Item = Result<Entry<'t>, CodesError>> + 't {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        lines.filter_map(|(number, line)| {
            let read = if self.system == CodeSystem::Hcpcs { anweb(line) } else { order(line) };
            read.map_err(|what| CodesError { file: self.file.clone(), line: Some(number), what: what.into() })
                .transpose()
        })
    }
}

/// One line of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    /// Without its point.
    pub(super) code: &'t str,
    pub(super) billable: bool,
    pub(super) text: &'t str,
    /// Its text goes on that of the line before; nothing else counts.
    pub(super) continues: bool,
    /// First and last day, where the file says them for each code.
    pub(super) added: Option<Date>,
    pub(super) ended: Option<Date>,
}

type Read<'t> = Result<Option<Entry<'t>>, &'static str>;

fn order(line: &str) -> Read<'_> {
    const WRONG: &str = "not a line of an order file (number, code, 0 or 1, short text, long text)";
    let code = columns(line, 6, 13).trim_end();
    let is_code =
        (3..=7).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let number = columns(line, 0, 5);
    if !is_code || number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(WRONG);
    }
    let billable = match columns(line, 14, 15) {
        "0" => false,
        "1" => true,
        _ => return Err(WRONG),
    };
    let text = columns(line, 77, usize::MAX).trim();
    if text.is_empty() {
        return Err("the code has no long text from column 78 on");
    }
    Ok(Some(Entry { code, billable, text, continues: false, added: None, ended: None }))
}

/// Modifiers, what is no Level II code and dentists' codes are passed over, with their texts.
fn anweb(line: &str) -> Read<'_> {
    const WRONG: &str = "not a line of the HCPCS ANWEB file (columns 1 to 5 the code, 11 one of 3, 4, 7, 8)";
    let code = columns(line, 0, 5);
    let continues = match columns(line, 10, 11) {
        "3" => false,
        "4" => true,
        "7" | "8" => return Ok(None),
        _ => return Err(WRONG),
    };
    let ours = code.starts_with(|c: char| c.is_ascii_uppercase() && c != 'D')
        && code.len() == 5
        && code[1..].bytes().all(|b| b.is_ascii_digit());
    if !ours {
        return Ok(None);
    }
    let text = columns(line, 11, 91).trim();
    let (added, ended) = (day(columns(line, 268, 276))?, day(columns(line, 284, 292))?);
    Ok(Some(Entry { code, billable: true, text, continues, added, ended }))
}

fn day(text: &str) -> Result<Option<Date>, &'static str> {
    const WRONG: &str = "columns 269 to 276 and 285 to 292 are no dates (year, month, day in eight digits)";
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number: i32 = text.parse().map_err(|_| WRONG)?;
    let part = |number: i32| i8::try_from(number).unwrap_or_default();
    let year = i16::try_from(number / 10_000).map_err(|_| WRONG)?;
    Date::new(year, part(number / 100 % 100), part(number % 100)).map(Some).map_err(|_| WRONG)
}

/// Characters from one column to another, from 0; what is not there is empty.
fn columns(line: &str, from: usize, to: usize) -> &str {
    let at = |column: usize| {
        if line.is_ascii() {
            column.min(line.len())
        } else {
            line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
        }
    };
    &line[at(from)..at(to)]
}
