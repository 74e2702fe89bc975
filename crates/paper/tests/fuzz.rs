//! Does any broken file break a decoder?

use std::path::Path;

use fuzz::{Target, corpus, file, run, seeds};

const MOST: usize = 40_000;

const PDF: &[&[u8]] = &[
    b"obj",
    b"endobj",
    b"stream",
    b"endstream",
    b"xref",
    b"trailer",
    b"startxref",
    b"%%EOF",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b"0 R",
    b"/Length",
    b"/Filter",
    b"/FlateDecode",
    b"/LZWDecode",
    b"/ASCII85Decode",
    b"/DCTDecode",
    b"/CCITTFaxDecode",
    b"/JBIG2Decode",
    b"/JPXDecode",
    b"/DecodeParms",
    b"/Predictor 15",
    b"/Columns",
    b"/Colors",
    b"/Kids",
    b"/Count",
    b"/Pages",
    b"/Page",
    b"/MediaBox",
    b"/Rotate 90",
    b"/UserUnit",
    b"/XObject",
    b"/Image",
    b"/Form",
    b"/Width",
    b"/Height",
    b"/BitsPerComponent",
    b"/SMask",
    b"/Pattern",
    b"/Shading",
    b"/Type3",
    b"/ObjStm",
    b"/XRef",
    b"/Encrypt",
    b" Do ",
    b" cm ",
    b" re f ",
    b" BT ",
    b" Tj ",
    b" BI ",
    b" ID ",
    b" EI ",
    b" q ",
    b" Q ",
    b"-1",
    b"4294967295",
    b"99999999999999999999",
    b"1e38",
    b"0.0000001",
];

const TIFF: &[&[u8]] = &[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
const JPEG: &[&[u8]] = &[
    b"\xFF\xD8",
    b"\xFF\xC0",
    b"\xFF\xC2",
    b"\xFF\xC4",
    b"\xFF\xDA",
    b"\xFF\xDD",
    b"\xFF\xD0",
    b"\xFF\xD9",
    b"Exif\0\0",
];
const PNG: &[&[u8]] =
    &[b"IHDR", b"IDAT", b"IEND", b"PLTE", b"tRNS", b"iCCP", b"zTXt", b"eXIf", b"pHYs", b"acTL", b"fdAT"];

/// Seeds: the corpus's and our own samples.
fn target(name: &'static str, endings: &[&str], words: &'static [&'static [u8]], feed: fn(&[u8])) -> Target {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = seeds(&corpus(), endings, MOST as u64);
    known.extend(seeds(&home.join("../../sample-scans"), endings, MOST as u64));
    Target {
        name,
        regressions: home.join("tests/regressions").join(name),
        seeds: known,
        words,
        most: MOST,
        feed,
    }
}

#[test]
fn no_broken_file_breaks_a_decoder() {
    let targets = [
        target("tiff", &["tif", "tiff"], TIFF, |bytes| paper::fuzz::tiff(file(bytes))),
        target("jpeg", &["jpg", "jpeg"], JPEG, |bytes| paper::fuzz::jpeg(file(bytes))),
        target("png", &["png"], PNG, |bytes| paper::fuzz::png(file(bytes))),
        target("pdf", &["pdf", "fuzz"], PDF, |bytes| paper::fuzz::pdf(file(bytes))),
        target("any", &["tif", "jpg", "png", "pdf", "bmp"], PDF, |bytes| paper::fuzz::any(file(bytes))),
    ];
    run("no_broken_file_breaks_a_decoder", &targets);
}
