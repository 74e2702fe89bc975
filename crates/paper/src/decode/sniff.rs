//! What kind of file is this, by its first bytes?

use std::fs::File;
use std::os::unix::fs::FileExt;

use records::reading::{Fault, FaultCode};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pdf,
    Tiff,
    Jpeg,
    Png,
    /// No bytes.
    Empty,
    /// Nothing that is read here, in a clerk's words.
    Other(&'static str),
}

/// Readers of PDF accept its mark anywhere in the first KiB: some gateways put lines of their own before it.
const HEAD: usize = 1024;

/// Looks at the start of a file; where it stands for reading does not change.
///
/// # Errors
/// A file that cannot be read is damaged.
pub(super) fn kind(file: &File) -> Result<Kind, Fault> {
    let mut head = [0; HEAD];
    let mut read = 0;
    while read < HEAD {
        match file.read_at(&mut head[read..], read as u64) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(&error)),
        }
    }
    Ok(kind_of(&head[..read]))
}

/// The disk's fault, not the file's, but nothing can be done with it.
pub(super) fn unreadable(error: &std::io::Error) -> Fault {
    Fault::new(FaultCode::Damaged, format!("it cannot be read ({})", error.kind()))
}

fn kind_of(head: &[u8]) -> Kind {
    let starts = |with: &[u8]| head.starts_with(with);
    let holds = |at: usize, what: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(what));
    if head.is_empty() {
        return Kind::Empty;
    }
    if starts(b"II*\0") || starts(b"MM\0*") || starts(b"II+\0") || starts(b"MM\0+") {
        return Kind::Tiff;
    }
    // The next byte should be FF too; some writers put fill bytes there.
    if starts(b"\xFF\xD8") {
        return Kind::Jpeg;
    }
    if starts(b"\x89PNG\r\n\x1A\n") {
        return Kind::Png;
    }
    if head.windows(5).any(|five| five == b"%PDF-") || starts(b"%PDF") {
        return Kind::Pdf;
    }
    Kind::Other(if head.iter().all(|&byte| byte == 0) {
        "nothing but zeros: the file was never written in full"
    } else if starts(b"RIFF") && holds(8, b"WEBP") {
        "a WebP picture; scan to PDF, TIFF, JPEG or PNG"
    } else if starts(b"BM") && holds(6, b"\0\0\0\0") {
        "a BMP picture; scan to PDF, TIFF, JPEG or PNG"
    } else if starts(b"GIF8") {
        "a GIF picture; scan to PDF, TIFF, JPEG or PNG"
    } else if holds(4, b"ftyp") {
        "a HEIC picture or a film; scan to PDF, TIFF, JPEG or PNG"
    } else if starts(b"\0\0\0\x0CjP  ") || starts(b"\xFF\x4F\xFF\x51") {
        "a JPEG 2000 picture; scan to PDF, TIFF, JPEG or PNG"
    } else if starts(b"\x97JB2") {
        "a JBIG2 picture; scan to PDF, TIFF, JPEG or PNG"
    } else if holds(128, b"DICM") {
        "a DICOM picture, not a scan"
    } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        "a ZIP archive or an office document, not a scan"
    } else if starts(b"\xD0\xCF\x11\xE0") {
        "an office document, not a scan"
    } else if starts(b"{\\rtf") {
        "an RTF document, not a scan"
    } else if starts(b"%!PS") {
        "a PostScript file; print it to PDF"
    } else if is_text(head) {
        "a text file, not a scan"
    } else {
        "neither PDF nor TIFF, JPEG or PNG"
    })
}

/// UTF-8 (cut anywhere), Latin-1 or marked UTF-16 without control characters beside white space.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return true;
    }
    head.iter()
        .all(|&byte| byte >= 0x20 && byte != 0x7F || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide_and_nothing_else() {
        let pdf_after_a_banner = b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n";
        for (head, kind) in [
            (&b""[..], Kind::Empty),
            (b"II*\0\x08\0\0\0", Kind::Tiff),
            (b"MM\0+\0\x08", Kind::Tiff),
            (b"\xFF\xD8\xFF\xE0", Kind::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Kind::Png),
            (b"%PDF-1.7\n", Kind::Pdf),
            (pdf_after_a_banner, Kind::Pdf),
            (b"Dear colleague,\r\nthank you", Kind::Other("a text file, not a scan")),
            (b"PK\x03\x04\x14\0", Kind::Other("a ZIP archive or an office document, not a scan")),
            (&[0; 64], Kind::Other("nothing but zeros: the file was never written in full")),
        ] {
            assert_eq!(kind_of(head), kind, "{head:?}");
        }
    }

    #[test]
    fn other_pictures_are_called_by_their_names() {
        for (head, name) in [
            (&b"RIFF\x10\0\0\0WEBPVP8 "[..], "WebP"),
            (b"BM\x10\0\0\0\0\0\0\0", "BMP"),
            (b"GIF89a", "GIF"),
            (b"\0\0\0\x18ftypheic", "HEIC"),
        ] {
            assert!(matches!(kind_of(head), Kind::Other(words) if words.contains(name)), "{name}");
        }
    }
}
