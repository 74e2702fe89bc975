//! Scans for the scripted reader: text files that say what stands on their pages.

use std::fs;
use std::path::Path;

/// People of the sample patient list whom nobody else resembles: number, name, birth date.
const PEOPLE: [(&str, &str, &str); 8] = [
    ("10593046", "LINDQVIST, HAROLD J", "11/02/1947"),
    ("10617258", "MARCHETTI, ROSA", "07/21/1988"),
    ("10734961", "BEAUMONT, CURTIS L", "01/30/1955"),
    ("10926584", "PETROV, ANTON", "12/24/1939"),
    ("11038492", "WHITFIELD, GLORIA A", "05/17/1966"),
    ("11147630", "DELACROIX, SIMON P", "02/11/1993"),
    ("11362015", "VASQUEZ, MIGUEL E", "10/06/1979"),
    ("11473928", "THORNBURY, ALICE C", "04/03/1984"),
];

/// Somebody who is not on the sample patient list, and the list that brings them.
pub const STRANGER: (&str, &str, &str) = ("19999991", "UNLISTED, NORBERT", "08/29/1951");
pub const LIST_WITH_STRANGER: &str =
    "authority,mrn,family,given,birth_date,sex\nGENHOSP,19999991,Unlisted,Norbert,1951-08-29,M\n";

/// A sheet that names its patient and files itself. `which` goes round the sample people.
pub fn labelled(which: usize, words: &str) -> String {
    naming(PEOPLE[which % PEOPLE.len()], words)
}

pub fn naming((number, name, born): (&str, &str, &str), words: &str) -> String {
    format!("PROGRESS NOTE\nPatient Name: {name}\nMRN: {number}\nDOB: {born}\nPaperwork: {words}\n")
}

pub const BLANK: &str = "@blank\n";

/// Writes a scan of these pages.
pub fn write(path: &Path, pages: &[String]) {
    fs::write(path, format!("%CHARTROOM-SCRIPT 1\n{}", pages.join("\u{c}\n"))).unwrap();
}
