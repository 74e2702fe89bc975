//! Who is in a patient list?
//!
//! The columns of `domain.md` 2.8: `authority,mrn,family,given,middle,suffix,birth_date,sex,street,city,postal,phone,
//! deceased,merged_into_mrn,updated_at`, and `name_alert,twin,confidential,test` where a site has them. They may come
//! in any order and others may be missing; `mrn`, `family`, `given` and `birth_date` must be there.

use archive::{FlagChanges, PatientRow};
use jiff::Timestamp;
use jiff::civil::Date;
use records::dates::DateOrder;
use records::identifier::AuthorityId;
use records::name::PersonName;
use records::patient::Sex;

use crate::dates::Style;
use crate::table::Table;
pub use crate::table::{Fault, ListError, Why};

/// What is not in the list itself.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Stands in where the list names none.
    pub authority: Option<AuthorityId>,
    /// How dates of two numbers and a year are written; absent: as the list itself tells.
    pub dates: Option<DateOrder>,
    /// Nobody is born after it.
    pub today: Date,
}

/// A list, as far as it can be taken.
#[derive(Debug)]
pub struct List<R> {
    pub rows: Vec<R>,
    /// Everything that is wrong with the others, in the order of the lines.
    pub faults: Vec<Fault>,
    /// What a person should know all the same.
    pub notes: Vec<&'static str>,
}

/// Told where a list brings numbers that are never kept.
pub(crate) const SSN_IGNORED: &str = "social security numbers are not taken: nobody is filed by them";

const COLUMNS: &[&str] = &[
    "mrn",
    "family",
    "given",
    "birth_date",
    "authority",
    "middle",
    "suffix",
    "sex",
    "deceased",
    "merged_into_mrn",
    "updated_at",
    "name_alert",
    "twin",
    "confidential",
    "test",
];
const NEEDED: usize = 4;

/// Reads a whole list. Rows with a fault are left out of `rows`; whoever takes the others decides so.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<List<PatientRow>, ListError> {
    let table = Table::read(bytes, COLUMNS, NEEDED)?;
    let cells =
        table.rows.iter().flat_map(|row| ["birth_date", "deceased"].map(|column| table.get(row, column)));
    let style = Style::of(cells, reading.dates);
    let notes = table.has_ssn.then_some(SSN_IGNORED).into_iter().collect();
    let mut list = List { rows: Vec::new(), faults: table.faults.clone(), notes };
    for row in &table.rows {
        let mut fields = Fields { table: &table, row, style, reading, faults: Vec::new() };
        let patient = fields.patient();
        if fields.faults.is_empty() {
            list.rows.push(patient);
        }
        list.faults.append(&mut fields.faults);
    }
    list.faults.sort_by_key(|fault| fault.line);
    Ok(list)
}

/// The fields of one row, and what is wrong with them: all of it.
pub(crate) struct Fields<'t> {
    pub(crate) table: &'t Table,
    pub(crate) row: &'t crate::table::Row,
    pub(crate) style: Style,
    pub(crate) reading: &'t Reading,
    pub(crate) faults: Vec<Fault>,
}

impl<'t> Fields<'t> {
    fn patient(&mut self) -> PatientRow {
        let name = PersonName {
            family: self.text("family").to_owned(),
            given: self.text("given").to_owned(),
            middle: self.text("middle").to_owned(),
            suffix: self.text("suffix").to_owned(),
        };
        let named = !(name.family.is_empty() && name.given.is_empty());
        let into = self.text("merged_into_mrn").to_owned();
        PatientRow {
            line: self.row.line,
            authority: self.authority(),
            mrn: self.number("mrn"),
            name: named.then_some(name),
            birth_date: self.day("birth_date"),
            sex: self.sex(),
            died: self.died(),
            merged_into_mrn: (!into.is_empty()).then_some(into),
            updated_at: self.time("updated_at"),
            flags: FlagChanges {
                name_alert: self.flag("name_alert"),
                twin: self.flag("twin"),
                confidential: self.flag("confidential"),
                test_patient: self.flag("test"),
            },
        }
    }

    pub(crate) fn text(&self, column: &str) -> &'t str {
        self.table.get(self.row, column)
    }

    pub(crate) fn fault(&mut self, column: &'static str, why: Why) {
        self.faults.push(Fault { line: self.row.line, column: Some(column), why });
    }

    pub(crate) fn authority(&mut self) -> AuthorityId {
        match (self.text("authority"), &self.reading.authority) {
            ("", Some(default)) => default.clone(),
            ("", None) => {
                self.fault("authority", Why::NoAuthority);
                AuthorityId(String::new())
            }
            (name, _) => AuthorityId(name.into()),
        }
    }

    pub(crate) fn number(&mut self, column: &'static str) -> String {
        let text = self.text(column);
        let digits =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let rounded = text.split_once("E+").is_some_and(|(number, power)| digits(number) && digits(power));
        match () {
            () if text.is_empty() => self.fault(column, Why::NoNumber),
            () if rounded => self.fault(column, Why::RoundedNumber),
            () => {}
        }
        text.to_owned()
    }

    pub(crate) fn day(&mut self, column: &'static str) -> Option<Date> {
        match self.style.read(self.text(column)) {
            Ok(Some(day)) if day.year() < 1850 || day > self.reading.today => {
                self.fault(column, Why::ImpossibleDate);
                None
            }
            Ok(day) => day,
            Err(why) => {
                self.fault(column, why);
                None
            }
        }
    }

    fn sex(&mut self) -> Option<Sex> {
        match self.text("sex").to_ascii_uppercase().as_str() {
            "F" | "FEMALE" => Some(Sex::Female),
            "M" | "MALE" => Some(Sex::Male),
            "" | "U" | "O" | "A" | "N" | "X" | "UNKNOWN" | "OTHER" => None, // HL7 table 0001
            _ => {
                self.fault("sex", Why::NoSex);
                None
            }
        }
    }

    fn died(&mut self) -> Option<Date> {
        // That somebody has died does not say when.
        if yes_or_no(self.text("deceased")).is_some() { None } else { self.day("deceased") }
    }

    fn flag(&mut self, column: &'static str) -> Option<bool> {
        let text = self.text(column);
        let flag = yes_or_no(text);
        if flag.is_none() && !text.is_empty() {
            self.fault(column, Why::NoFlag);
        }
        flag
    }

    /// A time with a zone, or a date (its first moment in UTC).
    fn time(&mut self, column: &'static str) -> Option<Timestamp> {
        let text = self.text(column);
        if text.is_empty() {
            return None;
        }
        let start = |day: Date| jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
        let day = || Style::Open.read(text).ok().flatten().and_then(start);
        let time = text.parse::<Timestamp>().ok().or_else(day);
        if time.is_none() {
            self.fault(column, Why::NoTime);
        }
        time
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "1" => Some(true),
        "n" | "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const LIST: &str = "authority,mrn,family,given,middle,suffix,birth_date,sex,deceased,merged_into_mrn,updated_at\n\
                        GENHOSP,00123456,Doe,Jane,Q,,1962-03-15,F,,,2026-01-02T03:04:05Z\n\
                        GENHOSP,00000009,,,,,,,,00123456,\n";

    fn reading(authority: Option<&str>) -> Reading {
        let authority = authority.map(|name| AuthorityId(name.into()));
        Reading { authority, dates: None, today: date(2026, 3, 1) }
    }

    fn list(text: &str) -> List<PatientRow> {
        read(text.as_bytes(), &reading(None)).unwrap()
    }

    /// Line, column and fault, of every one.
    fn faults(text: &str) -> Vec<(u64, &'static str, Why)> {
        let told = |fault: &Fault| (fault.line, fault.column.unwrap_or("-"), fault.why);
        list(text).faults.iter().map(told).collect()
    }

    #[test]
    fn a_list_is_read_with_its_leading_zeros() {
        let rows = list(LIST).rows;
        assert_eq!(rows[0].mrn, "00123456");
        assert_eq!(rows[0].birth_date, Some(date(1962, 3, 15)));
        assert!(rows[1].name.is_none());
        assert_eq!(rows[1].merged_into_mrn.as_deref(), Some("00123456"));
    }

    /// Issue 11, "Bad input".
    #[test]
    fn every_fault_of_every_row_is_told_with_its_line_and_never_what_stands_there() {
        let text = "authority;mrn;family;given;birth_date;sex;deceased;twin;updated_at\n\
                    GENHOSP;;Doe;Jane;22720;Q;;;\n\
                    GENHOSP;1.23E+07;Roe;Ann;3/15/62;F;no;;\n\
                    ;7;Poe;Max;15/03/1962;M;1999-01-02;perhaps;soon\n\
                    GENHOSP;8;Lee;Sue;2031-01-01;F;;yes;2026-01-02\n\
                    GENHOSP;9;Kay;Bo;1931-01-01;F;;yes;2026-01-02\n";
        assert_eq!(
            faults(text),
            [
                (2, "mrn", Why::NoNumber),
                (2, "birth_date", Why::DaySerial),
                (2, "sex", Why::NoSex),
                (3, "mrn", Why::RoundedNumber),
                (3, "birth_date", Why::ShortYear),
                (4, "authority", Why::NoAuthority),
                (4, "updated_at", Why::NoTime),
                (4, "twin", Why::NoFlag),
                (5, "birth_date", Why::ImpossibleDate),
            ]
        );
        let list = list(text);
        assert_eq!(list.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [6]);
        assert_eq!(list.rows[0].flags.twin, Some(true));
        let told: String = list.faults.iter().map(|fault| format!("{fault}\n")).collect();
        for value in ["22720", "1.23E", "perhaps", "soon", "Poe", "2031"] {
            assert!(!told.contains(value), "{told}");
        }
    }

    #[test]
    fn written_dates_are_taken_as_the_whole_list_tells() {
        let one = "mrn,family,given,birth_date,authority\n1,Doe,Jane,3/4/1962,G\n";
        assert_eq!(faults(one), [(2, "birth_date", Why::AmbiguousDate)]);
        let told = format!("{one}2,Roe,Ann,3/15/1962,G\n");
        assert_eq!(list(&told).rows[0].birth_date, Some(date(1962, 3, 4)));
        let mixed = format!("{told}3,Poe,Max,15/3/1962,G\n");
        assert_eq!(faults(&mixed).len(), 3);
        let said = Reading { dates: Some(DateOrder::Dmy), ..reading(None) };
        assert_eq!(read(one.as_bytes(), &said).unwrap().rows[0].birth_date, Some(date(1962, 4, 3)));
    }

    #[test]
    fn a_number_without_authority_is_refused_unless_one_is_given() {
        let text = "mrn,family,given,birth_date\n7654321,Doe,Jane,19620315\n";
        assert_eq!(faults(text), [(2, "authority", Why::NoAuthority)]);
        let rows = read(text.as_bytes(), &reading(Some("GENHOSP"))).unwrap().rows;
        assert_eq!(rows[0].authority.0, "GENHOSP");
    }

    /// domain.md 2.1: never a key.
    #[test]
    fn social_security_numbers_are_left_out_and_that_is_said() {
        let text = "authority,mrn,family,given,birth_date,ssn\nG,1,Doe,Jane,1962-03-15,123-45-6789\n";
        let list = list(text);
        assert_eq!((list.rows.len(), list.notes.as_slice()), (1, &[SSN_IGNORED][..]));
    }

    #[test]
    fn a_list_without_rows_is_a_list_and_one_without_columns_is_none() {
        assert!(list("mrn,family,given,birth_date\n").rows.is_empty());
        assert!(matches!(read(b"a,b\n1,2\n", &reading(None)), Err(ListError::NoColumns(_))));
    }
}
