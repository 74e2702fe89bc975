//! Which files does an index file name, and how many sheets and pages does it declare?
//!
//! A CSV with a header line and at least a column `file`; a column `sheets` counts the sheets of paper of a file, a
//! column `pages` its images. Or an XML in which any element names a file, by an attribute or a child element `file`,
//! `filename` or `image`, and may count its `sheets` and `pages` the same way. Everything else belongs to the system
//! that wrote it and is left alone. A sidecar is the same, and need not name its file.

use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path};

/// The files of one job, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    pub(crate) files: Vec<String>,
    pub(crate) declared_sheets: Option<u32>,
    pub(crate) declared_pages: Option<u32>,
}

/// Why an index file is not used. Says line numbers, never what stands there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ManifestError {
    #[error("the index file has no column \"file\"; add a header line")]
    NoFileColumn,
    #[error("the index file names no file; write it again")]
    NoFile,
    #[error("the index file is broken at line {0}; write it again")]
    Broken(u64),
    #[error("line {0} of the index file names a file outside its folder; name files only")]
    Outside(u64),
    #[error("the index file cannot be read, or is larger than 16 MB; write it again")]
    Unreadable,
}

/// What an index file declares of one file.
struct Entry {
    line: u64,
    name: Option<String>,
    sheets: Option<u32>,
    pages: Option<u32>,
}

/// An index file: it names at least one file.
pub(crate) fn read_file(path: &Path) -> Result<Manifest, ManifestError> {
    read(&bytes_of(path)?)
}

/// A sidecar: what it declares of its one file, named or not.
pub(crate) fn read_sidecar(path: &Path) -> Result<Manifest, ManifestError> {
    sum_up(entries(&bytes_of(path)?)?)
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, ManifestError> {
    const LARGEST: u64 = 16 << 20;
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|_| ManifestError::Unreadable)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|_| ManifestError::Unreadable)?;
    if bytes.len() as u64 > LARGEST { Err(ManifestError::Unreadable) } else { Ok(bytes) }
}

pub(crate) fn read(bytes: &[u8]) -> Result<Manifest, ManifestError> {
    let entries = entries(bytes)?;
    if let Some(nameless) = entries.iter().find(|entry| entry.name.is_none()) {
        return Err(match nameless.line {
            0 | 1 => ManifestError::NoFileColumn,
            line => ManifestError::Broken(line),
        });
    }
    let manifest = sum_up(entries)?;
    if manifest.files.is_empty() { Err(ManifestError::NoFile) } else { Ok(manifest) }
}

/// Counts that are not declared for every file are not declared.
fn sum_up(entries: Vec<Entry>) -> Result<Manifest, ManifestError> {
    let sum = |count: fn(&Entry) -> Option<u32>| {
        let mut counts = entries.iter().map(count);
        counts.try_fold(0_u32, |sum, more| sum.checked_add(more?)).filter(|_| !entries.is_empty())
    };
    let (declared_sheets, declared_pages) = (sum(|entry| entry.sheets), sum(|entry| entry.pages));
    let mut files = Vec::new();
    for entry in &entries {
        if let Some(name) = &entry.name {
            if !is_plain_name(name) {
                return Err(ManifestError::Outside(entry.line));
            }
            files.push(name.clone());
        }
    }
    Ok(Manifest { files, declared_sheets, declared_pages })
}

fn entries(bytes: &[u8]) -> Result<Vec<Entry>, ManifestError> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if text.trim_ascii_start().starts_with(b"<") {
        return xml_entries(std::str::from_utf8(text).map_err(|_| ManifestError::Broken(1))?);
    }
    csv_entries(text)
}

fn csv_entries(bytes: &[u8]) -> Result<Vec<Entry>, ManifestError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let headers = reader.headers().map_err(|_| ManifestError::Broken(1))?.clone();
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let (file, sheets, pages) = (column("file"), column("sheets"), column("pages"));
    if file.is_none() && sheets.is_none() && pages.is_none() {
        return Err(ManifestError::NoFileColumn);
    }
    let mut entries = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|e| ManifestError::Broken(e.position().map_or(0, csv::Position::line)))?;
        let field = |at: Option<usize>| at.and_then(|at| record.get(at)).filter(|text| !text.is_empty());
        entries.push(Entry {
            line: if file.is_none() { 1 } else { record.position().map_or(0, csv::Position::line) },
            name: field(file).map(str::to_owned),
            sheets: field(sheets).and_then(|text| text.parse().ok()),
            pages: field(pages).and_then(|text| text.parse().ok()),
        });
    }
    Ok(entries)
}

/// Every element that names a file; if none does, what the outermost element counts. Documents with a DTD are
/// refused by the parser: no entity is ever expanded.
fn xml_entries(text: &str) -> Result<Vec<Entry>, ManifestError> {
    const NAMING: [&str; 3] = ["file", "filename", "image"];
    let document = roxmltree::Document::parse(text)
        .map_err(|error| ManifestError::Broken(u64::from(error.pos().row)))?;
    let mut entries = Vec::new();
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let by_attribute = NAMING.iter().find_map(|name| attribute(element, name));
        let by_text = || {
            let named = NAMING.iter().any(|name| element.tag_name().name().eq_ignore_ascii_case(name));
            text_of(element).filter(|_| named)
        };
        let Some(name) = by_attribute.or_else(by_text) else { continue };
        // `<page><image>a.tif</image><sheets>1</sheets></page>`: the counts stand beside the name.
        let beside = element.parent_element().filter(|parent| by_attribute.is_none() && names_one(*parent));
        let count = |what: &str| count(element, what).or_else(|| count(beside?, what));
        let line = u64::from(document.text_pos_at(element.range().start).row);
        entries.push(Entry {
            line,
            name: Some(name.to_owned()),
            sheets: count("sheets"),
            pages: count("pages"),
        });
    }
    if entries.is_empty() {
        let root = document.root_element();
        let (sheets, pages) = (count(root, "sheets"), count(root, "pages"));
        entries.push(Entry { line: 1, name: None, sheets, pages });
    }
    Ok(entries)
}

/// Whether exactly one child of the element names a file by its text.
fn names_one(element: roxmltree::Node<'_, '_>) -> bool {
    let naming = |child: &roxmltree::Node<'_, '_>| {
        let name = child.tag_name().name();
        ["file", "filename", "image"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    element.children().filter(roxmltree::Node::is_element).filter(naming).count() == 1
}

fn attribute<'a>(element: roxmltree::Node<'a, '_>, name: &str) -> Option<&'a str> {
    let own = element.attributes().find(|attribute| attribute.name().eq_ignore_ascii_case(name))?;
    Some(own.value().trim()).filter(|value| !value.is_empty())
}

fn text_of<'a>(element: roxmltree::Node<'a, '_>) -> Option<&'a str> {
    let inner = element.children().any(|child| child.is_element());
    element.text().map(str::trim).filter(|text| !inner && !text.is_empty())
}

fn count(element: roxmltree::Node<'_, '_>, what: &str) -> Option<u32> {
    let child = || {
        element
            .children()
            .find(|c| c.is_element() && c.tag_name().name().eq_ignore_ascii_case(what))
            .and_then(text_of)
    };
    attribute(element, what).or_else(child)?.parse().ok()
}

/// A single ordinary name: nothing that leads out of the folder.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    // The part, not the whole: "a.tif/" and "a.tif/." are one part, too.
    let plain = |part| matches!(part, Component::Normal(part) if part == name);
    parts.next().is_some_and(plain) && parts.next().is_none() && !name.contains('\\')
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
        for name in ["../a.tif", "/etc/passwd", "x/../../a", "..", "a\\b.tif", "a.tif/", "a.tif/."] {
            let text = format!("file\n{name}\n");
            assert_eq!(read(text.as_bytes()), Err(ManifestError::Outside(2)), "{name}");
        }
    }

    #[test]
    fn a_file_without_the_column_is_no_index() {
        assert_eq!(read(b"a,b\n1,2\n"), Err(ManifestError::NoFileColumn));
    }

    #[test]
    fn an_xml_index_names_files_by_attribute_or_by_child() {
        let expected = Manifest {
            files: vec!["b.tif".into(), "a.tif".into()],
            declared_sheets: Some(3),
            declared_pages: Some(4),
        };
        for text in [
            "<?xml version=\"1.0\"?>\n<job><page file=\"b.tif\" sheets=\"1\" pages=\"2\"/>\
             <page file=\"a.tif\" sheets=\"2\" pages=\"2\"/></job>",
            "<Batch><Doc><FileName>b.tif</FileName><Sheets>1</Sheets><Pages>2</Pages></Doc>\
             <Doc><FileName>a.tif</FileName><Sheets>2</Sheets><Pages>2</Pages></Doc></Batch>",
            "<j><image sheets='1' pages='2'>b.tif</image><image sheets='2' pages='2'>a.tif</image></j>",
        ] {
            assert_eq!(read(text.as_bytes()), Ok(expected.clone()), "{text}");
        }
    }

    #[test]
    fn an_xml_index_that_is_broken_or_reaches_out_or_brings_entities_is_refused() {
        assert!(matches!(read(b"<job>\n<page file=\"a.tif\">"), Err(ManifestError::Broken(_))));
        assert_eq!(read(b"<job>\n<page file=\"../a.tif\"/></job>"), Err(ManifestError::Outside(2)));
        assert_eq!(read(b"<job><page number=\"1\"/></job>"), Err(ManifestError::NoFileColumn));
        assert!(read(b"<!DOCTYPE j [<!ENTITY x \"y\">]><j file=\"&x;\"/>").is_err());
    }

    #[test]
    fn a_sidecar_counts_without_naming_its_file() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in
            [("a.xml", "<scan><sheets>2</sheets><pages>4</pages></scan>"), ("a.csv", "sheets,pages\n2,4\n")]
        {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let declared = read_sidecar(&path).unwrap();
            assert_eq!((declared.declared_sheets, declared.declared_pages), (Some(2), Some(4)), "{name}");
        }
    }
}
