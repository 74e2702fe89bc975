//! Who is in a patient list?
//!
//! CSV with the columns of `domain.md` 2.8: `authority,mrn,family,given,middle,suffix,birth_date,sex,street,city,
//! postal,phone,deceased,merged_into_mrn,updated_at`. Columns may come in any order and the rest may be missing;
//! `mrn`, `family`, `given` and `birth_date` must be there.

use archive::PatientRow;
use jiff::Timestamp;
use jiff::civil::Date;
use records::identifier::AuthorityId;
use records::name::PersonName;
use records::patient::Sex;

/// Why a list is not taken at all. Says line numbers and columns, never what stands there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    #[error("the patient list has no column {0:?}; its first line must name the columns")]
    NoColumn(&'static str),
    #[error("the patient list is broken at line {0}: not the number of fields the first line names")]
    Broken(u64),
    #[error(
        "line {line} of the patient list: {column} cannot be read; dates are written 1962-03-15, sex is F, M or empty"
    )]
    Unreadable { line: u64, column: &'static str },
    #[error("line {0} of the patient list names no authority; add the column or give --authority")]
    NoAuthority(u64),
    #[error("the patient list is not UTF-8 text at line {0}; save it as UTF-8")]
    NotText(u64),
}

/// Reads a whole list. `authority` stands in where the list names none.
pub fn read(bytes: &[u8], authority: Option<&AuthorityId>) -> Result<Vec<PatientRow>, ListError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let columns = Columns::of(reader.headers().map_err(|_| ListError::NotText(1))?)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            match error.kind() {
                csv::ErrorKind::Utf8 { .. } => ListError::NotText(line),
                _ => ListError::Broken(line),
            }
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(columns.row(&record, line, authority)?);
    }
    Ok(rows)
}

/// Where each column stands.
struct Columns {
    authority: Option<usize>,
    mrn: usize,
    family: usize,
    given: usize,
    middle: Option<usize>,
    suffix: Option<usize>,
    birth_date: usize,
    sex: Option<usize>,
    deceased: Option<usize>,
    merged_into: Option<usize>,
    updated_at: Option<usize>,
}

impl Columns {
    fn of(headers: &csv::StringRecord) -> Result<Self, ListError> {
        let find = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
        let need = |name: &'static str| find(name).ok_or(ListError::NoColumn(name));
        Ok(Self {
            authority: find("authority"),
            mrn: need("mrn")?,
            family: need("family")?,
            given: need("given")?,
            middle: find("middle"),
            suffix: find("suffix"),
            birth_date: need("birth_date")?,
            sex: find("sex"),
            deceased: find("deceased"),
            merged_into: find("merged_into_mrn"),
            updated_at: find("updated_at"),
        })
    }

    fn row(
        &self,
        record: &csv::StringRecord,
        line: u64,
        default: Option<&AuthorityId>,
    ) -> Result<PatientRow, ListError> {
        let text = |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default();
        let unreadable = |column| ListError::Unreadable { line, column };
        let authority = match text(self.authority) {
            "" => default.cloned().ok_or(ListError::NoAuthority(line))?,
            name => AuthorityId(name.into()),
        };
        let part = |column| text(column).to_owned();
        let name = PersonName {
            family: part(Some(self.family)),
            given: part(Some(self.given)),
            middle: part(self.middle),
            suffix: part(self.suffix),
        };
        let named = !(name.family.is_empty() && name.given.is_empty());
        let merged_into = text(self.merged_into);
        Ok(PatientRow {
            line,
            authority,
            mrn: part(Some(self.mrn)),
            name: named.then_some(name),
            birth_date: date(text(Some(self.birth_date))).ok_or_else(|| unreadable("birth_date"))?,
            sex: match text(self.sex).to_ascii_uppercase().as_str() {
                "F" | "FEMALE" => Some(Sex::Female),
                "M" | "MALE" => Some(Sex::Male),
                "" | "U" | "O" | "UNKNOWN" | "OTHER" => None,
                _ => return Err(unreadable("sex")),
            },
            died: match text(self.deceased).to_ascii_lowercase().as_str() {
                "n" | "no" | "false" | "0" | "y" | "yes" | "true" | "1" => None, // that, not when
                written => date(written).ok_or_else(|| unreadable("deceased"))?,
            },
            merged_into_mrn: (!merged_into.is_empty()).then(|| merged_into.to_owned()),
            updated_at: time(text(self.updated_at)).ok_or_else(|| unreadable("updated_at"))?,
        })
    }
}

/// A date as ISO or HL7 writes it; empty is no date. `None`: neither.
fn date(text: &str) -> Option<Option<Date>> {
    if text.is_empty() {
        return Some(None);
    }
    let form = if text.contains('-') { "%Y-%m-%d" } else { "%Y%m%d" };
    Date::strptime(form, text).ok().map(Some)
}

/// A time with a zone, or a date (its first moment in UTC); empty is none.
fn time(text: &str) -> Option<Option<Timestamp>> {
    if text.is_empty() {
        return Some(None);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Some(at));
    }
    let day = text.get(..10).and_then(date).flatten().or_else(|| date(text).flatten())?;
    let start = jiff::tz::TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(Some(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "authority,mrn,family,given,middle,suffix,birth_date,sex,deceased,merged_into_mrn,updated_at\n\
                        GENHOSP,00123456,Doe,Jane,Q,,1962-03-15,F,,,2026-01-02T03:04:05Z\n\
                        GENHOSP,00000009,,,,,,,,00123456,\n";

    #[test]
    fn a_list_is_read_with_its_leading_zeros() {
        let rows = read(LIST.as_bytes(), None).unwrap();
        assert_eq!(rows[0].mrn, "00123456");
        assert_eq!(rows[0].birth_date, Some(jiff::civil::date(1962, 3, 15)));
        assert!(rows[1].name.is_none());
        assert_eq!(rows[1].merged_into_mrn.as_deref(), Some("00123456"));
    }

    #[test]
    fn a_date_that_cannot_be_read_stops_the_import_and_says_where() {
        let list = LIST.replace("1962-03-15", "15.3.62");
        assert_eq!(
            read(list.as_bytes(), None).unwrap_err(),
            ListError::Unreadable { line: 2, column: "birth_date" }
        );
    }

    #[test]
    fn a_number_without_authority_is_refused_unless_one_is_given() {
        let list = "mrn,family,given,birth_date\n7654321,Doe,Jane,19620315\n";
        assert_eq!(read(list.as_bytes(), None).unwrap_err(), ListError::NoAuthority(2));
        let rows = read(list.as_bytes(), Some(&AuthorityId("GENHOSP".into()))).unwrap();
        assert_eq!(rows[0].authority.0, "GENHOSP");
    }

    #[test]
    fn a_list_without_its_columns_is_refused() {
        assert_eq!(read(b"a,b\n1,2\n", None).unwrap_err(), ListError::NoColumn("mrn"));
    }
}
