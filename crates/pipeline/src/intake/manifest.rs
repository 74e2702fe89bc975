//! Which files does an index file name, and how many sheets does it declare?
//!
//! A CSV with a header line and at least a column `file`; a column `sheets` counts the sheets of paper of a file.
//! Other columns belong to the system that wrote them and are left alone.

use std::path::{Component, Path};

/// The files of one job, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) files: Vec<String>,
    pub(crate) declared_sheets: Option<u32>,
}

/// Why an index file is not used. Says line numbers, never what stands there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ManifestError {
    #[error("the index file has no column \"file\"; add a header line")]
    NoFileColumn,
    #[error("the index file is broken at line {0}; write it again")]
    Broken(u64),
    #[error("line {0} of the index file names a file outside its folder; name files only")]
    Outside(u64),
}

pub(crate) fn read(bytes: &[u8]) -> Result<Manifest, ManifestError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let headers = reader.headers().map_err(|_| ManifestError::Broken(1))?.clone();
    let column =
        |name: &str| headers.iter().position(|h| h.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let file_column = column("file").ok_or(ManifestError::NoFileColumn)?;
    let sheets_column = column("sheets");
    let mut manifest = Manifest::default();
    let mut sheets = sheets_column.map(|_| 0_u32);
    for record in reader.records() {
        let record =
            record.map_err(|e| ManifestError::Broken(e.position().map_or(0, csv::Position::line)))?;
        let line = record.position().map_or(0, csv::Position::line);
        let name = record.get(file_column).unwrap_or_default();
        if name.is_empty() {
            return Err(ManifestError::Broken(line));
        }
        if !is_plain_name(name) {
            return Err(ManifestError::Outside(line));
        }
        let declared = sheets_column.and_then(|at| record.get(at)).and_then(|text| text.parse::<u32>().ok());
        sheets = sheets.zip(declared).and_then(|(sum, more)| sum.checked_add(more));
        manifest.files.push(name.to_owned());
    }
    manifest.declared_sheets = sheets.filter(|_| !manifest.files.is_empty());
    Ok(manifest)
}

/// A single ordinary name: nothing that leads out of the folder.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) && !name.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_in_the_order_of_the_index() {
        let manifest = read(b"page,file,sheets\n1,b.tif,1\n2,a.tif,2\n").unwrap();
        assert_eq!(manifest.files, ["b.tif", "a.tif"]);
        assert_eq!(manifest.declared_sheets, Some(3));
    }

    #[test]
    fn sheets_that_are_not_counted_everywhere_are_not_declared() {
        assert_eq!(read(b"file,sheets\na.tif,1\nb.tif,\n").unwrap().declared_sheets, None);
        assert_eq!(read(b"file\na.tif\n").unwrap().declared_sheets, None);
    }

    #[test]
    fn an_index_never_reaches_outside_its_folder() {
        for name in ["../a.tif", "/etc/passwd", "x/../../a", "..", "a\\b.tif"] {
            let text = format!("file\n{name}\n");
            assert_eq!(read(text.as_bytes()), Err(ManifestError::Outside(2)), "{name}");
        }
    }

    #[test]
    fn a_file_without_the_column_is_no_index() {
        assert_eq!(read(b"a,b\n1,2\n"), Err(ManifestError::NoFileColumn));
    }
}
