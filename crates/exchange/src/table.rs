//! What stands in a file of columns, whoever wrote it?
//!
//! The first line names the columns. Text is UTF-8, UTF-16 with its mark, or Windows-1252, told line by line; fields
//! are parted by commas, semicolons or tabs. Nothing is guessed about a line that does not fit: it is a fault.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A row that cannot be taken. Says where and why, never what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: u64,
    /// Absent where it is the line as a whole.
    pub column: Option<&'static str>,
    pub why: Why,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column {
            Some(column) => write!(f, "line {}, {column}: {}", self.line, self.why),
            None => write!(f, "line {}: {}", self.line, self.why),
        }
    }
}

/// Why a field, or a line, cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error(
        "not the number of fields the first line names; is a comma or quotation mark too many or missing?"
    )]
    Fields,
    #[error(
        "a field runs over several lines or holds signs that are no text; is a quotation mark not closed?"
    )]
    NotText,
    #[error("no number stands here; give every row one")]
    NoNumber,
    #[error("a spreadsheet has rounded this number; format the column as text and save it again")]
    RoundedNumber,
    #[error("no authority is named; add the column or give --authority")]
    NoAuthority,
    #[error("no date; write 1962-03-15")]
    NoDate,
    #[error("day and month cannot be told apart; write 1962-03-15, or say --dates mdy or --dates dmy")]
    AmbiguousDate,
    #[error("some dates of the file are written month first, others day first; write 1962-03-15")]
    MixedDates,
    #[error("a year of two digits; write 1962-03-15")]
    ShortYear,
    #[error("a spreadsheet's day number instead of a date; format the column as text and save it again")]
    DaySerial,
    #[error("nobody is born or dead then")]
    ImpossibleDate,
    #[error("the last day is before the first")]
    DaysReversed,
    #[error("not a sex; write F, M or nothing")]
    NoSex,
    #[error("not yes or no")]
    NoFlag,
    #[error("no time; write 2026-01-02T03:04:05Z")]
    NoTime,
    #[error("not a kind of number; write visit or account")]
    NoKind,
}

/// Why a list is not taken at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    #[error("the list has no {}; its first line must name the columns", spelled(.0))]
    NoColumns(Vec<&'static str>),
    #[error("the list names the column {0:?} twice; keep one")]
    ColumnTwice(&'static str),
    #[error("the list is empty; its first line must name the columns")]
    Empty,
}

fn spelled(columns: &[&'static str]) -> String {
    let noun = if columns.len() == 1 { "column" } else { "columns" };
    format!("{noun} {}", columns.join(", "))
}

/// Rows of named columns.
pub(crate) struct Table {
    columns: Vec<Option<usize>>,
    names: &'static [&'static str],
    pub(crate) rows: Vec<Row>,
    /// Lines that are no rows of it.
    pub(crate) faults: Vec<Fault>,
    /// Whether the file has a column of social security numbers, which are never kept.
    pub(crate) has_ssn: bool,
}

/// One line's fields.
pub(crate) struct Row {
    pub(crate) line: u64,
    fields: csv::StringRecord,
}

impl Table {
    /// Finds the columns of these names; the first `needed` of them must be there.
    pub(crate) fn read(
        bytes: &[u8],
        names: &'static [&'static str],
        needed: usize,
    ) -> Result<Self, ListError> {
        // Lines are counted by their line feeds.
        let text = text(bytes).replace("\r\n", "\n").replace('\r', "\n");
        let first = text.lines().next().filter(|line| !line.trim().is_empty()).ok_or(ListError::Empty)?;
        let mut reader = reader(&text, separator(first, names));
        let headers = reader.headers().map_err(|_| ListError::Empty)?.clone();
        let same = |header: &str, name: &str| trimmed(header).eq_ignore_ascii_case(name);
        if let Some(twice) =
            names.iter().find(|name| headers.iter().filter(|header| same(header, name)).count() > 1)
        {
            return Err(ListError::ColumnTwice(twice));
        }
        let columns: Vec<_> =
            names.iter().map(|name| headers.iter().position(|header| same(header, name))).collect();
        let missing: Vec<_> =
            names.iter().zip(&columns).take(needed).filter(|(_, at)| at.is_none()).collect();
        if !missing.is_empty() {
            return Err(ListError::NoColumns(missing.into_iter().map(|(name, _)| *name).collect()));
        }
        let has_ssn = headers
            .iter()
            .any(|header| ["ssn", "ss", "social_security"].iter().any(|name| same(header, name)));
        let mut table = Self { columns, names, rows: Vec::new(), faults: Vec::new(), has_ssn };
        for record in reader.records() {
            // Text is text and any number of fields is taken: what is left to fail cannot.
            let Ok(fields) = record else { continue };
            let line = fields.position().map_or(0, csv::Position::line);
            if fields.len() != headers.len() {
                table.faults.push(Fault { line, column: None, why: Why::Fields });
            } else if fields.iter().any(|field| trimmed(field).chars().any(char::is_control)) {
                table.faults.push(Fault { line, column: None, why: Why::NotText });
            } else if fields.iter().any(|field| !trimmed(field).is_empty()) {
                table.rows.push(Row { line, fields });
            }
        }
        Ok(table)
    }

    /// A field of a row; empty where the file has no such column.
    pub(crate) fn get<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        let at = self.names.iter().position(|own| *own == name).and_then(|at| self.columns[at]);
        trimmed(at.and_then(|at| row.fields.get(at)).unwrap_or_default())
    }
}

/// Without the blanks around it. (A line's end stays: it shows a quotation mark that was never closed.)
fn trimmed(field: &str) -> &str {
    field.trim_matches([' ', '\t', '\u{a0}'])
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes())
}

/// What parts the fields: with it the first line names the most columns.
fn separator(first: &str, names: &[&str]) -> u8 {
    let known = |separator: u8| {
        let mut reader = reader(first, separator);
        let headers = reader.headers().cloned().unwrap_or_default();
        headers
            .iter()
            .filter(|header| names.iter().any(|name| trimmed(header).eq_ignore_ascii_case(name)))
            .count()
    };
    // Of equally good ones the last would be taken.
    [b'\t', b';', b','].into_iter().max_by_key(|separator| known(*separator)).unwrap_or(b',')
}

/// The file as text. A line that is not UTF-8 is Windows-1252: files are put together from both.
fn text(bytes: &[u8]) -> String {
    if let Some((wide, mark)) = Encoding::for_bom(bytes)
        && (wide == UTF_16LE || wide == UTF_16BE)
    {
        return wide.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => text.push_str(&WINDOWS_1252.decode_without_bom_handling(line).0),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["mrn", "family", "given", "birth_date"];

    fn families(bytes: &[u8]) -> Vec<String> {
        let table = Table::read(bytes, NAMES, 4).unwrap();
        assert_eq!(table.faults, []);
        table.rows.iter().map(|row| table.get(row, "family").to_owned()).collect()
    }

    #[test]
    fn commas_semicolons_and_tabs_are_told_by_the_first_line() {
        for separator in [",", ";", "\t"] {
            let text = "mrn|family|given|birth_date\n7|\"Doe; van, Aar\"|Jane|1962-03-15\n";
            assert_eq!(families(text.replace('|', separator).as_bytes()), ["Doe; van, Aar"]);
        }
    }

    #[test]
    fn text_is_utf_8_with_or_without_its_mark_utf_16_or_windows_1252_even_in_one_file() {
        let line = "mrn,family,given,birth_date\r\n7,Müller,Jane,\r\n";
        let marked = [b"\xEF\xBB\xBF", line.as_bytes()].concat();
        let wide: Vec<u8> =
            "\u{feff}".encode_utf16().chain(line.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let old = WINDOWS_1252.encode(line).0.into_owned();
        for bytes in [line.as_bytes(), &marked, &wide, &old] {
            assert_eq!(families(bytes), ["Müller"]);
        }
        let mixed = [line.as_bytes(), b"8,M\xFCller,Joe,\n"].concat();
        assert_eq!(families(&mixed), ["Müller", "Müller"]);
    }

    #[test]
    fn missing_columns_are_named_together_and_one_that_is_there_twice_is_said() {
        let missing = Table::read(b"given;x\n", NAMES, 4).err().unwrap();
        assert_eq!(missing, ListError::NoColumns(vec!["mrn", "family", "birth_date"]));
        assert!(missing.to_string().contains("columns mrn, family, birth_date"), "{missing}");
        let twice = Table::read(b"mrn,MRN,family,given,birth_date\n", NAMES, 4).err().unwrap();
        assert_eq!(twice, ListError::ColumnTwice("mrn"));
        assert_eq!(Table::read(b"", NAMES, 4).err(), Some(ListError::Empty));
    }

    #[test]
    fn a_line_of_another_shape_or_an_open_quotation_mark_is_a_fault_and_hides_no_others() {
        let text = "mrn,family,given,birth_date\n1,Doe,Jane\n2,Roe,Ann,\n3,\"Poe,Max,\n4,Lee,Sue,\n";
        let table = Table::read(text.as_bytes(), NAMES, 4).unwrap();
        assert_eq!(table.rows.len(), 1);
        let faults: Vec<_> = table.faults.iter().map(|fault| (fault.line, fault.why)).collect();
        assert_eq!(faults, [(2, Why::Fields), (4, Why::Fields)]);
        let table =
            Table::read(b"mrn,family,given,birth_date\n3,Poe,Max,\"\n4,Lee,Sue,\n", NAMES, 4).unwrap();
        assert_eq!(table.faults.iter().map(|fault| fault.why).collect::<Vec<_>>(), [Why::NotText]);
    }

    #[test]
    fn lines_are_counted_alike_however_they_end() {
        for end in ["\n", "\r\n", "\r"] {
            let text = "mrn,family,given,birth_date|1,Doe,Jane,|2,Roe|3,Poe,Max,|".replace('|', end);
            let table = Table::read(text.as_bytes(), NAMES, 4).unwrap();
            assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 4], "{end:?}");
            assert_eq!(table.faults[0].line, 3, "{end:?}");
        }
    }

    #[test]
    fn a_number_never_kept_is_noticed() {
        assert!(Table::read(b"mrn,family,given,birth_date,SSN\n", NAMES, 4).unwrap().has_ssn);
    }
}
