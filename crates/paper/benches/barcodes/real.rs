//! How do the engines do on the pictures zxing-cpp is tested with?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use image::DynamicImage;
use paper::prepare::plane::Plane;
use records::reading::Symbology;

use crate::engines::{Engine, Value};
use crate::tally::{Rate, says};

const FOLDERS: &[(&str, Symbology)] = &[
    ("aztec-", Symbology::Aztec),
    ("codabar-", Symbology::Codabar),
    ("code128-", Symbology::Code128),
    ("code39-", Symbology::Code39),
    ("datamatrix-", Symbology::DataMatrix),
    ("itf-", Symbology::Itf),
    ("pdf417-", Symbology::Pdf417),
    ("qrcode-", Symbology::Qr),
];

/// By engine, what it read of each symbology, and how many other values it gave (all, and believed).
#[derive(Default)]
pub(crate) struct Real {
    pub(crate) rates: BTreeMap<String, Rate>,
    pub(crate) all: Rate,
    pub(crate) wrong: [u32; 2],
    pub(crate) complaints: Vec<String>,
}

pub(crate) fn run(samples: &Path, engines: &[Engine]) -> Vec<Real> {
    let mut tallies: Vec<Real> = engines.iter().map(|_| Real::default()).collect();
    for (picture, symbology) in pictures(samples) {
        let Some(plane) = plane(&picture) else { continue };
        let truth = symbology.and_then(|_| std::fs::read_to_string(picture.with_extension("txt")).ok());
        if symbology.is_some() && truth.is_none() {
            continue; // of bytes that are no text
        }
        for (engine, tally) in engines.iter().zip(&mut tallies) {
            tally.add(*engine, &picture, &engine.ask(&plane, false).values, symbology.zip(truth.as_deref()));
        }
    }
    tallies
}

impl Real {
    fn add(&mut self, engine: Engine, picture: &Path, values: &[Value], truth: Option<(Symbology, &str)>) {
        let right =
            |value: &&Value| truth.is_some_and(|(symbology, text)| says(&value.text, text, symbology));
        let given: Vec<&Value> = values.iter().filter(|value| !value.patch).collect();
        if let Some((symbology, _)) = truth {
            let (read, believed) =
                (given.iter().any(right), given.iter().filter(|v| right(v)).any(|v| v.evidence));
            self.rates.entry(format!("{symbology:?}")).or_default().count(read, believed);
            self.all.count(read, believed);
        }
        for value in given.iter().filter(|value| !right(value)) {
            self.wrong[0] += 1;
            self.wrong[1] += u32::from(value.evidence);
            if engine == Engine::Ours {
                let mark = if value.evidence { "!" } else { "" };
                self.complaints.push(format!("{}: {:?}{mark}", picture.display(), value.text));
            }
        }
    }
}

/// All pictures with what they are of; those of the folders of false positives are of nothing.
fn pictures(samples: &Path) -> Vec<(PathBuf, Option<Symbology>)> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> =
            std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths
    };
    let mut found = Vec::new();
    for folder in list(samples) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let of = FOLDERS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, symbology)| *symbology);
        if of.is_some() || name.starts_with("falsepositives") {
            let is_picture = |path: &PathBuf| {
                path.extension().is_some_and(|end| ["png", "jpg", "webp"].iter().any(|known| end == *known))
            };
            found.extend(list(&folder).into_iter().filter(is_picture).map(|path| (path, of)));
        }
    }
    found
}

fn plane(path: &Path) -> Option<Plane> {
    let picture = if path.extension().is_some_and(|end| end == "webp") {
        webp(path)?
    } else {
        image::open(path).ok()?
    };
    let picture = picture.to_luma8();
    Some(Plane { width: picture.width(), height: picture.height(), pixels: picture.into_raw() })
}

/// By its own decoder: what `image` can read is the same in a bench as in the program, and is compiled once.
fn webp(path: &Path) -> Option<DynamicImage> {
    let file = std::io::BufReader::new(std::fs::File::open(path).ok()?);
    let mut decoder = image_webp::WebPDecoder::new(file).ok()?;
    let (width, height) = decoder.dimensions();
    let mut pixels = vec![0; decoder.output_buffer_size()?];
    decoder.read_image(&mut pixels).ok()?;
    if decoder.has_alpha() {
        image::RgbaImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgba8)
    } else {
        image::RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8)
    }
}
