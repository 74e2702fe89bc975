//! Which PDF files would take a reader apart?

use std::io::Write as _;

use crate::Bomb;
use crate::flate::{packed, zeros, zeros_twice};

/// A file of these objects, numbered from 1; the first is the catalogue.
pub(crate) fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut starts = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        starts.push(bytes.len());
        writeln!(bytes, "{} 0 obj", at + 1).unwrap();
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    write!(bytes, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    starts.iter().for_each(|start| writeln!(bytes, "{start:010} 00000 n ").unwrap());
    let size = objects.len() + 1;
    write!(bytes, "trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").unwrap();
    bytes
}

pub(crate) fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dict}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend(data);
    object.extend(b"\nendstream");
    object
}

/// A file of one page with this content and these resources; objects from number 5 on are the caller's.
fn page(content: Vec<u8>, resources: &str, rest: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>>>")
            .into_bytes(),
        content,
    ];
    objects.extend(rest);
    file(&objects)
}

fn drawn(operators: &str, resources: &str, rest: Vec<Vec<u8>>) -> Vec<u8> {
    page(stream("", operators.as_bytes()), resources, rest)
}

/// A page that is one picture.
fn picture(dict: &str, data: &[u8]) -> Vec<u8> {
    let image = stream(&format!("/Type/XObject/Subtype/Image{dict}"), data);
    drawn("q 595 0 0 842 0 0 cm /I Do Q", "/XObject<</I 5 0 R>>", vec![image])
}

pub(crate) fn bombs() -> Vec<Bomb> {
    [packed_ones(), pictures(), trees(), drawings()].into_iter().flatten().collect()
}

fn packed_ones() -> Vec<Bomb> {
    const GRAY: &str = "/Width 2000/Height 2000/ColorSpace/DeviceGray/BitsPerComponent 8";
    let twice = "/Filter[/FlateDecode/FlateDecode]";
    let xref = |data: &[u8], filter: &str| {
        let mut bytes = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_vec();
        let at = bytes.len();
        write!(
            bytes,
            "9 0 obj\n<</Type/XRef/Size 10/W[1 2 1]/Root 1 0 R{filter}/Length {}>>\nstream\n",
            data.len()
        )
        .unwrap();
        bytes.extend(data);
        write!(bytes, "\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").unwrap();
        bytes
    };
    let lone_objects = |data: &[u8], filter: &str| {
        let dict = format!("/Type/ObjStm/N 3/First 15{filter}");
        file(&[b"<</Type/Catalog/Pages 3 0 R>>".to_vec(), stream(&dict, data)])
    };
    vec![
        Bomb::new("content-flate.pdf", page(stream("/Filter/FlateDecode", &zeros(2_000)), "", vec![])),
        Bomb::new("content-flate-twice.pdf", page(stream(twice, &zeros_twice(20_000)), "", vec![])),
        Bomb::new("picture-flate.pdf", picture(&format!("{GRAY}/Filter/FlateDecode"), &zeros(2_000))),
        Bomb::new("picture-flate-twice.pdf", picture(&format!("{GRAY}{twice}"), &zeros_twice(20_000))),
        Bomb::new("xref-flate-twice.pdf", xref(&zeros_twice(20_000), twice)),
        Bomb::new("objects-flate-twice.pdf", lone_objects(&zeros_twice(20_000), twice)),
        Bomb::new("profile-flate.pdf", {
            let profile = stream("/N 3/Filter/FlateDecode", &zeros(4_000));
            let image = stream(
                "/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace[/ICCBased 6 0 R]",
                &[9; 192],
            );
            drawn("q 595 0 0 842 0 0 cm /I Do Q", "/XObject<</I 5 0 R>>", vec![image, profile])
        }),
        Bomb::new("letters-flate.pdf", {
            let font = b"<</Type/Font/Subtype/TrueType/BaseFont/X/FontDescriptor 6 0 R/FirstChar 65/LastChar 66/Widths[500 500]>>";
            let about = b"<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 7 0 R>>";
            let letters = stream("/Filter/FlateDecode", &zeros(4_000));
            drawn(
                "BT /F 12 Tf 50 50 Td (AB) Tj ET",
                "/Font<</F 5 0 R>>",
                vec![font.to_vec(), about.to_vec(), letters],
            )
        }),
    ]
}

fn pictures() -> Vec<Bomb> {
    const BILEVEL: &str = "/ColorSpace/DeviceGray/BitsPerComponent 1";
    let sized = |side: u32| format!("/Width {side}/Height {side}");
    let jbig2 = |side: u32| {
        let mut data = vec![0, 0, 0, 0, 0x30, 0, 1, 0, 0, 0, 19];
        data.extend([side.to_be_bytes(), side.to_be_bytes(), [0; 4], [0; 4]].concat());
        data.extend([0, 0, 0]);
        // A generic region as large as the page, of hardly any data.
        data.extend([0, 0, 0, 1, 0x26, 0, 1, 0, 0, 0, 30]);
        data.extend([side.to_be_bytes(), side.to_be_bytes(), [0; 4], [0; 4]].concat());
        data.extend([0, 0, 3, 0xFF, 0xFD, 0xFF, 2, 0xFE, 0xFE, 0xFE, 0xFF, 0xAC, 0, 0]);
        data
    };
    let jpx = |side: u32| {
        let mut data = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0];
        let tile = side.div_ceil(4);
        for number in [side, side, 0, 0, tile, tile, 0, 0] {
            data.extend(number.to_be_bytes());
        }
        data.extend([0, 1, 7, 1, 1]); // one component of 8 bits
        data.extend([0xFF, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 1]);
        data.extend([
            0xFF, 0x5C, 0, 4, 0x40, 0x40, 0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93, 0, 0, 0xFF,
            0xD9,
        ]);
        data
    };
    let fax = |columns: u64, rows: u64, data: &[u8]| {
        let dict = format!(
            "/Width {columns}/Height {rows}{BILEVEL}/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {columns}/Rows {rows}>>"
        );
        picture(&dict, data)
    };
    vec![
        Bomb::new(
            "jbig2-header.pdf",
            picture(&format!("/Width 600/Height 800{BILEVEL}/Filter/JBIG2Decode"), &jbig2(65_000)),
        ),
        Bomb::new(
            "jbig2-huge.pdf",
            picture(&format!("{}{BILEVEL}/Filter/JBIG2Decode", sized(14_000)), &jbig2(14_000)),
        ),
        Bomb::new("jpx-header.pdf", picture("/Width 600/Height 800/Filter/JPXDecode", &jpx(65_000))),
        Bomb::new("jpx-huge.pdf", picture(&format!("{}/Filter/JPXDecode", sized(14_000)), &jpx(14_000))),
        Bomb::new("fax-rows.pdf", fax(1728, 4_294_967_295, &[0x26, 0xA0, 0, 0x10, 0x01])),
        Bomb::new("fax-columns.pdf", fax(4_294_967_295, 3300, &[0x26, 0xA0, 0, 0x10, 0x01])),
        Bomb::new("fax-huge.pdf", fax(29_000, 6_800, &[0xFF; 850])),
        Bomb::new(
            "picture-header.pdf",
            picture(&format!("{}/ColorSpace/DeviceRGB/BitsPerComponent 8", sized(65_000)), &[0; 99]),
        ),
        Bomb::new(
            "picture-huge.pdf",
            picture(
                &format!("{}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode", sized(14_000)),
                &zeros(588),
            ),
        ),
        Bomb::new(
            "picture-predictor.pdf",
            picture(
                &format!(
                    "{}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32>>",
                    sized(500)
                ),
                &packed(&[2; 4000]),
            ),
        ),
        Bomb::new(
            "picture-inline.pdf",
            drawn("q 595 0 0 842 0 0 cm BI /W 65000 /H 65000 /BPC 8 /CS /RGB ID \0\0\0 EI Q", "", vec![]),
        ),
        Bomb::new("picture-thousand-times.pdf", {
            let image = stream(
                "/Type/XObject/Subtype/Image/Width 5000/Height 5000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode",
                &zeros(75),
            );
            drawn(&"q 400 0 0 700 90 70 cm /I Do Q\n".repeat(1000), "/XObject<</I 5 0 R>>", vec![image])
        }),
    ]
}

fn trees() -> Vec<Bomb> {
    let root = b"<</Type/Catalog/Pages 2 0 R>>".to_vec();
    let leaf =
        |parent: usize| format!("<</Type/Page/Parent {parent} 0 R/MediaBox[0 0 200 200]>>").into_bytes();
    let node = |kids: &str, count: &str| format!("<</Type/Pages/Kids[{kids}]/Count {count}>>").into_bytes();
    let deep: Vec<Vec<u8>> = std::iter::once(root.clone())
        .chain((2..10_002).map(|at| node(&format!("{} 0 R", at + 1), "1")))
        .chain([leaf(10_001)])
        .collect();
    // Each node names the next ten times: 10^12 pages of a dozen objects.
    let laughs: Vec<Vec<u8>> = std::iter::once(root.clone())
        .chain((2..14).map(|at| node(&format!("{} 0 R ", at + 1).repeat(10), "1000000000000")))
        .chain([leaf(13)])
        .collect();
    let nested = |open: &str, close: &str| {
        let odd = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Odd {}0{}>>",
            open.repeat(200_000),
            close.repeat(200_000)
        );
        file(&[root.clone(), node("3 0 R", "1"), odd.into_bytes()])
    };
    vec![
        Bomb::new("tree-deep.pdf", file(&deep)),
        Bomb::new("tree-in-itself.pdf", file(&[root.clone(), node("2 0 R", "1")])),
        Bomb::new(
            "tree-in-a-circle.pdf",
            file(&[root.clone(), node("3 0 R 4 0 R", "2"), node("2 0 R", "1"), leaf(2)]),
        ),
        Bomb::new("tree-laughs.pdf", file(&laughs)),
        Bomb::new("tree-counts-a-billion.pdf", file(&[root.clone(), node("3 0 R", "1000000000"), leaf(2)])),
        Bomb::new("arrays-deep.pdf", nested("[", "]")),
        Bomb::new("dictionaries-deep.pdf", nested("<</A ", ">>")),
        Bomb::new(
            "length-in-itself.pdf",
            file(&[
                root.clone(),
                node("3 0 R", "1"),
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>".to_vec(),
                b"<</Length 4 0 R>>\nstream\nq Q\nendstream".to_vec(),
            ]),
        ),
        Bomb::new("reference-in-itself.pdf", file(&[root, node("3 0 R", "1"), b"3 0 R".to_vec()])),
    ]
}

fn drawings() -> Vec<Bomb> {
    let form = |content: &str, next: usize| {
        stream(
            &format!("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X {next} 0 R>>>>"),
            content.as_bytes(),
        )
    };
    let laughs: Vec<Vec<u8>> =
        (6..30).map(|next| form(&"/X Do ".repeat(10), next)).chain([form("0 0 9 9 re f", 5)]).collect();
    let function = "<</FunctionType 4/Domain[0 1]/Range[0 1 0 1 0 1]>>";
    let letter = "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[9]\
                  /Encoding<</Differences[65/A]>>/CharProcs<</A 6 0 R>>/Resources<</Font<</F 5 0 R>>>>>>";
    let tiles = "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.001/YStep 0.001/Resources<</Pattern<</P 5 0 R>>>>";
    let to_unicode = "begincmap 1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange 1 beginbfrange \
                      <00000000> <FFFFFFFF> <0041> endbfrange endcmap";
    vec![
        Bomb::new("form-in-itself.pdf", drawn("/X Do", "/XObject<</X 5 0 R>>", vec![form("/X Do", 5)])),
        Bomb::new("forms-laugh.pdf", drawn("/X Do", "/XObject<</X 5 0 R>>", laughs)),
        Bomb::new("letter-in-itself.pdf", drawn("BT /F 12 Tf (AAAA) Tj ET", "/Font<</F 5 0 R>>", vec![letter.into(), stream("", b"9 0 d0 BT /F 1 Tf (AAAA) Tj ET")])),
        Bomb::new("pattern-in-itself.pdf", drawn("/Pattern cs /P scn 0 0 595 842 re f", "/Pattern<</P 5 0 R>>", vec![stream(tiles, b"/Pattern cs /P scn 0 0 1 1 re f")])),
        Bomb::new("dashes.pdf", drawn("[0.00001 0.00001] 0 d 5 w 0 0 m 595 842 l S", "", vec![])),
        Bomb::new("media-box-huge.pdf", {
            let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1000000000 1000000000]/UserUnit 100000>>";
            file(&[b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(), page.to_vec()])
        }),
        Bomb::new("curves.pdf", drawn(&"0 0 m 100 900 500 -900 595 842 c S\n".repeat(60_000), "", vec![])),
        Bomb::new("saves.pdf", drawn(&"q 1 0 0 1 0 0 cm ".repeat(300_000), "", vec![])),
        Bomb::new("shading.pdf", drawn("/S sh", &format!("/Shading<</S<</ShadingType 1/ColorSpace/DeviceRGB/Function {function}>>>>"), vec![])),
        Bomb::new("letters-four-billion.pdf", drawn("BT /F 12 Tf (AAAA) Tj ET", "/Font<</F 5 0 R>>", vec![
            b"<</Type/Font/Subtype/Type0/BaseFont/Helvetica/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>".to_vec(),
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Helvetica/CIDSystemInfo<<>>/W[0 2000000000 500]>>".to_vec(),
            stream("", to_unicode.as_bytes()),
        ])),
    ]
}

/// So many blank pages in a flat list.
pub(crate) fn many_pages(count: usize) -> Vec<u8> {
    let kids: String = (3..count + 3).map(|at| format!("{at} 0 R ")).collect();
    let leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 20 20]>>".to_vec();
    let head = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {count}>>").into_bytes(),
    ];
    file(&head.into_iter().chain(std::iter::repeat_n(leaf, count)).collect::<Vec<_>>())
}
