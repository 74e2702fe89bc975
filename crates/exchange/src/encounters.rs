//! Which visits and accounts are in a list, and whose are they?
//!
//! Columns `number`, `kind` (`visit` or `account`) and `mrn` must be there; `authority`, `from` and `to` may be.

use archive::EncounterRow;
use records::identifier::{Identifier, IdentifierKind, canonical};

use crate::dates::Style;
use crate::patients::{Fields, List, Reading};
use crate::table::{ListError, Table, Why};

const COLUMNS: &[&str] = &["number", "kind", "mrn", "authority", "from", "to"];
const NEEDED: usize = 3;

/// Reads a whole list. Rows with a fault are left out of `rows`; whoever takes the others decides so.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<List<EncounterRow>, ListError> {
    let table = Table::read(bytes, COLUMNS, NEEDED)?;
    let cells = table.rows.iter().flat_map(|row| ["from", "to"].map(|column| table.get(row, column)));
    let style = Style::of(cells, reading.dates);
    // Visits are booked ahead.
    let reading = Reading { today: jiff::civil::Date::MAX, ..reading.clone() };
    let mut list = List { faults: table.faults.clone(), rows: Vec::new(), notes: Vec::new() };
    for row in &table.rows {
        let mut fields = Fields { table: &table, row, style, reading: &reading, faults: Vec::new() };
        let visit = visit(&mut fields);
        if fields.faults.is_empty() {
            list.rows.push(visit);
        }
        list.faults.append(&mut fields.faults);
    }
    list.faults.sort_by_key(|fault| fault.line);
    Ok(list)
}

fn visit(fields: &mut Fields<'_>) -> EncounterRow {
    let kind = match fields.text("kind").to_ascii_lowercase().as_str() {
        "visit" | "vn" => IdentifierKind::Visit,
        "account" | "an" => IdentifierKind::Account,
        _ => {
            fields.fault("kind", Why::NoKind);
            IdentifierKind::Visit
        }
    };
    let (from, to) = (fields.day("from"), fields.day("to"));
    if from.zip(to).is_some_and(|(from, to)| to < from) || (from.is_none() && to.is_some()) {
        fields.fault("to", Why::DaysReversed);
    }
    EncounterRow {
        line: fields.row.line,
        number: Identifier {
            value: canonical(&fields.number("number")),
            authority: fields.authority(),
            kind,
        },
        mrn: fields.number("mrn"),
        days: from.map(|from| (from, to.unwrap_or(from))),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn visits_and_accounts_are_read_with_their_days() {
        let reading = Reading { authority: None, dates: None, today: date(2026, 3, 1) };
        let text = "authority,number,kind,mrn,from,to\nG,V-1,visit,7,2026-02-01,2026-02-03\nG,A1,account,7,,\n\
                    G,,ward,7,2026-02-01,2026-01-03\n";
        let list = read(text.as_bytes(), &reading).unwrap();
        let rows: Vec<_> =
            list.rows.iter().map(|row| (row.number.value.as_str(), row.number.kind.code())).collect();
        assert_eq!(rows, [("V1", "VN"), ("A1", "AN")]);
        assert_eq!(list.rows[0].days, Some((date(2026, 2, 1), date(2026, 2, 3))));
        let why: Vec<_> = list.faults.iter().map(|fault| (fault.line, fault.why)).collect();
        assert_eq!(why, [(4, Why::NoKind), (4, Why::DaysReversed), (4, Why::NoNumber)]);
    }
}
