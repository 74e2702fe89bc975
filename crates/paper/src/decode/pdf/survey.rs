//! Is the file whole, and how many pages are in it?

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_syntax::object::Dict;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf, PdfData};
use lopdf::{Document, LoadOptions};
use records::reading::{Fault, FaultCode, Format, Survey};

/// Bytes up to which a second parser counts the pages too; it takes twice the file's size in memory.
const SECOND_OPINION: usize = 64 << 20;
/// Bytes a stream may unpack to while the second parser opens the file.
const UNPACKED: usize = 128 << 20;
/// Bytes before the end in which readers look for the end mark.
const TAIL: usize = 2048;

/// Parses the file. A password that is empty is no password: such files are read.
///
/// # Errors
/// [`FaultCode::Encrypted`] where a password is missing, [`FaultCode::Damaged`] where no page can be made out,
/// [`FaultCode::Empty`] for no pages.
pub(super) fn load(data: PdfData) -> Result<Pdf, Fault> {
    let loaded = catch_unwind(AssertUnwindSafe(|| Pdf::new(data)));
    match loaded.unwrap_or(Err(LoadPdfError::Invalid)) {
        Ok(pdf) if pdf.pages().is_empty() => Err(match unended(pdf.data().as_ref()) {
            Some(detail) => Fault::new(FaultCode::Damaged, detail),
            None => Fault::new(FaultCode::Empty, "a PDF without a page"),
        }),
        Ok(pdf) => Ok(pdf),
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            Err(Fault::new(FaultCode::Encrypted, "ask the sender for a copy without a password"))
        }
        Err(LoadPdfError::Decryption(_)) => {
            Err(Fault::new(FaultCode::Encrypted, "it is encrypted in a way that cannot be read"))
        }
        Err(LoadPdfError::Invalid) => Err(Fault::new(FaultCode::Damaged, "no page can be made out in it")),
    }
}

/// Counts the pages in up to three ways; where the counts differ or the end is missing, pages may have been lost.
pub(super) fn survey(pdf: &Pdf) -> Survey {
    let found = pdf.pages().len();
    let bytes = pdf.data().as_ref();
    let damage = unended(bytes).or_else(|| miscounted(found, stated(pdf))).or_else(|| disputed(found, bytes));
    let damage = damage.map(|detail| Fault::new(FaultCode::Damaged, detail));
    Survey { format: Format::Pdf, pages: u32::try_from(found).unwrap_or(u32::MAX), damage }
}

/// Whether the file stops before its end: no end mark, or shorter than its own first lines say.
fn unended(bytes: &[u8]) -> Option<String> {
    // Some senders fill the last block of a file with zeros.
    let end = bytes
        .iter()
        .rposition(|byte| !matches!(byte, 0 | b' ' | b'\r' | b'\n' | b'\t'))
        .map_or(0, |at| at + 1);
    let tail = &bytes[end.saturating_sub(TAIL)..end];
    let Some(mark) = rfind(tail, b"%%EOF").max(rfind(tail, b"startxref")) else {
        return Some("it ends in the middle; pages may be missing".into());
    };
    // Behind an end there may be an addition (ISO 32000-1, 7.5.6), which then has an end of its own.
    if find(&tail[mark..], b" obj").is_some() {
        return Some("it ends in the middle of what was added to it; pages may be missing".into());
    }
    let whole = linearized_length(&bytes[..bytes.len().min(TAIL)])?;
    (whole > bytes.len() as u64).then(|| "it is shorter than it says; pages may be missing".into())
}

/// `/L` of a linearized file (ISO 32000-1, annex F): its length in bytes when it was written.
fn linearized_length(head: &[u8]) -> Option<u64> {
    let dict = &head[find(head, b"/Linearized")?..];
    let dict = &dict[..find(dict, b">>")?];
    let at = dict.windows(3).position(|w| w[..2] == *b"/L" && !w[2].is_ascii_alphabetic())?;
    let digits: String = dict[at + 2..]
        .iter()
        .map(|&b| b as char)
        .skip_while(|c| *c == ' ')
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|w| w == word)
}

fn rfind(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|w| w == word)
}

/// The number of pages the root of the page tree states.
fn stated(pdf: &Pdf) -> Option<i64> {
    let catalogue = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    catalogue.get::<Dict<'_>>("Pages")?.get::<i32>("Count").map(i64::from)
}

fn miscounted(found: usize, stated: Option<i64>) -> Option<String> {
    match stated {
        Some(count) if count == found as i64 => None,
        Some(count) => Some(format!("it says that it has {count} pages, but {found} were found")),
        None => Some(format!("its list of pages is lost; {found} were found by searching")),
    }
}

/// What an independent parser counts. Its refusal, and its answer of no pages at all, are no opinion: it gives
/// them for files of which everyone else finds every page the file itself states.
fn disputed(found: usize, bytes: &[u8]) -> Option<String> {
    if bytes.len() > SECOND_OPINION {
        return None;
    }
    let options = LoadOptions::with_max_decompressed_size(UNPACKED);
    let counted = catch_unwind(AssertUnwindSafe(|| {
        Document::load_mem_with_options(bytes, options).map_or(0, |document| document.get_pages().len())
    }));
    match counted {
        Ok(0) | Err(_) => None,
        Ok(second) if second == found => None,
        Ok(second) => Some(format!("{found} pages were found in one way and {second} in another")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_mark_before_padding_counts() {
        assert_eq!(unended(b"%PDF-1.4\nstartxref\n9\n%%EOF\n\0\0\0\0"), None);
        assert!(unended(b"%PDF-1.4\n1 0 obj\n<</Type/Catalog").is_some());
    }

    #[test]
    fn an_addition_has_an_end_of_its_own() {
        let addition = b"%PDF-1.4\nstartxref\n9\n%%EOF\n4 0 obj\n<</Length 4>>\nstream\nq Q";
        assert!(unended(addition).is_some());
        assert_eq!(unended(&[&addition[..], b"\nendstream\nendobj\nstartxref\n9\n%%EOF"].concat()), None);
    }

    #[test]
    fn a_linearized_file_knows_its_length() {
        let head = b"%PDF-1.4\n1 0 obj\n<</Linearized 1/L 4242/H [1 2]/O 9/E 5/N 3/T 7>>\nendobj startxref";
        assert_eq!(linearized_length(head), Some(4242));
        assert!(unended(head).is_some());
    }
}
