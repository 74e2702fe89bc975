//! Which samples are there?

use anyhow::Context as _;
use image::{GrayImage, RgbImage};

use super::damage::{bilevel, dusty, grey, on_coloured_paper, photographed, skewed, torn};
use super::draw::{Font, Paper, born_digital};
use super::encode::{Stored, colour_jpeg, g4_tiff, grey_jpeg, png, scanned_pdf};
use super::expected::Expected;
use super::forms::{self, CHEST_PAIN, DIABETES, KNEE, PNEUMONIA};
use super::people::{Person, everybody};
use super::sheets::{Cover, cover};
use super::{Content, Sample};

pub(super) fn all() -> anyhow::Result<Vec<Sample>> {
    let people = everybody();
    let mut samples = cover_sheets(&people)?;
    samples.extend(loose_sheets(&people)?);
    samples.extend(registration_desk(&people)?);
    samples.push(duplex(&people[10])?);
    samples.push(fax(&people[7])?);
    samples.push(folder_job(&people[11])?);
    Ok(samples)
}

fn file(
    station: &'static str,
    name: &'static str,
    about: &'static str,
    bytes: Vec<u8>,
    expected: Expected,
) -> Sample {
    Sample { station, name, about, content: Content::File(bytes), expected, issued: Vec::new() }
}

fn scan(paper: Paper, dpi: f32) -> anyhow::Result<GrayImage> {
    Ok(grey(&paper.scan(dpi)?))
}

/// A scan with a little dust and skew, as every real one has.
fn used(paper: Paper, dpi: f32, seed: u64) -> anyhow::Result<GrayImage> {
    let degrees = [0.4, -0.6, 0.9, -0.3][(seed % 4) as usize];
    Ok(dusty(&skewed(&scan(paper, dpi)?, degrees), 60, seed))
}

fn cover_sheets(people: &[Person]) -> anyhow::Result<Vec<Sample>> {
    let (first, second, third) = (&people[0], &people[1], &people[2]);
    Ok(vec![two_patients(first, second)?, counted(third)?, torn_sheet(&people[3])?])
}

/// Two patients in one stack, each under a cover sheet with its end sheet.
fn two_patients(first: &Person, second: &Person) -> anyhow::Result<Sample> {
    let dpi = 200.0;
    let (one, two) = (cover(first, 1, None, dpi)?, cover(second, 2, None, dpi)?);
    let pages = [
        grey(&one.front),
        used(forms::note("EMERGENCY DEPARTMENT NOTE", first, "03/02/2026", CHEST_PAIN), dpi, 1)?,
        used(forms::note("PROGRESS NOTE", first, "03/02/2026", DIABETES), dpi, 2)?,
        grey(&one.end),
        grey(&two.front),
        used(forms::note("DISCHARGE SUMMARY", second, "03/01/2026", PNEUMONIA), dpi, 3)?,
        used(forms::note("PROGRESS NOTE", second, "02/27/2026", KNEE), dpi, 4)?,
        grey(&two.end),
    ];
    let expected = Expected::default()
        .filed(&[2, 3], first, "EDNOTE")
        .filed(&[6, 7], second, "DCSUM")
        .control(&[1, 4, 5, 8])
        .find("troponin stress test", 2)
        .find("ceftriaxone azithromycin", 6);
    let about = "two patients in one stack, cover and end sheets, 200 dpi G4: two documents in two charts";
    let bytes = g4_tiff(&pages, (200, 200))?;
    let issued = [one.issued, two.issued].concat();
    Ok(Sample { issued, ..file("cover-sheets", "two-patients-200dpi.tif", about, bytes, expected) })
}

/// A cover sheet that says how many sheets follow.
fn counted(person: &Person) -> anyhow::Result<Sample> {
    let dpi = 300.0;
    let Cover { front, end, issued } = cover(person, 3, Some(2), dpi)?;
    let pages = [
        Stored::G4(grey(&front)),
        Stored::Jpeg(used(forms::note("CONSULTATION", person, "03/03/2026", KNEE), dpi, 5)?),
        Stored::Jpeg(used(forms::note("CONSULTATION", person, "03/03/2026", DIABETES), dpi, 6)?),
        Stored::G4(grey(&end)),
    ];
    let expected = Expected::default()
        .filed(&[2, 3], person, "CONSULT")
        .control(&[1, 4])
        .find("osteoarthritis medial compartment", 2);
    let about =
        "a cover sheet with its number of sheets, 300 dpi PDF of bilevel and grey pages: one document";
    let bytes = scanned_pdf(&pages, dpi)?;
    Ok(Sample { issued, ..file("cover-sheets", "counted-300dpi.pdf", about, bytes, expected) })
}

fn torn_sheet(person: &Person) -> anyhow::Result<Sample> {
    let dpi = 200.0;
    let Cover { front, issued, .. } = cover(person, 4, None, dpi)?;
    // Torn from the top right, and the code at the bottom left rubbed out.
    let mut sheet = torn(&grey(&front), 0.45, 7);
    let (w, h) = sheet.dimensions();
    for y in h * 3 / 4..h {
        for x in 0..w * 2 / 5 {
            if (x / 9 + y / 7) % 3 != 0 {
                sheet.put_pixel(x, y, image::Luma([255]));
            }
        }
    }
    let pages = [sheet, used(forms::note("PROGRESS NOTE", person, "03/05/2026", KNEE), dpi, 8)?];
    let expected = Expected::default().held(&[2], "SHEET_UNREADABLE").control(&[1]);
    let about = "a torn cover sheet: it is seen as one of ours, and what follows is held";
    let bytes = g4_tiff(&pages, (200, 200))?;
    Ok(Sample { issued, ..file("cover-sheets", "torn-cover-sheet.tif", about, bytes, expected) })
}

fn loose_sheets(people: &[Person]) -> anyhow::Result<Vec<Sample>> {
    let station = "loose-sheets";
    let consent = &[
        "I consent to the examination and treatment that my physicians consider necessary.",
        "I understand that the practice of medicine is not an exact science and that no guarantee has been made.",
    ];
    let five = &people[4..9];
    let mut pages = Vec::new();
    let mut expected = Expected::default();
    for (at, person) in (1..).zip(five) {
        pages.push(used(
            forms::labelled("CONSENT TO TREATMENT", person, consent)?,
            200.0,
            10 + u64::from(at),
        )?);
        expected = expected.filed(&[at], person, "CONSENT");
    }
    let loose = file(
        station,
        "five-labelled-sheets.tif",
        "five loose sheets of five patients in one file, each with its label: five documents",
        g4_tiff(&pages, (200, 200))?,
        expected,
    );

    let person = &people[5];
    let lines =
        ["Home medications reviewed with the patient.", "Warfarin 5 mg daily, atorvastatin 40 mg at night."];
    let photo =
        photographed(&scan(forms::labelled("MEDICATION RECONCILIATION", person, &lines)?, 200.0)?, 20);
    let photographed = file(
        station,
        "photographed-label.jpg",
        "a labelled sheet photographed with a phone: uneven light, perspective",
        grey_jpeg(&photo, 200, 70)?,
        Expected::default().filed(&[1], person, "MEDSUM").find("warfarin atorvastatin", 1),
    );

    let (one, other) = (&people[6], &people[7]);
    let mut paper =
        forms::labelled("PHYSICIAN ORDERS", one, &["Chest x-ray today. Basic metabolic panel tomorrow."])?;
    forms::label(&mut paper, 330.0, 560.0, other)?;
    let conflicting = file(
        station,
        "conflicting-labels.tif",
        "one sheet with the labels of two patients: held, nobody guesses",
        g4_tiff(&[used(paper, 200.0, 21)?], (200, 200))?,
        Expected::default().held(&[1], "MULTI_PATIENT"),
    );

    let stranger =
        Person { mrn: "19999991".into(), family: "Unlisted", given: "Norbert", ..people[8].clone() };
    let unknown = file(
        station,
        "unknown-mrn.png",
        "a number that is not in the patient index: held until the patient is registered",
        png(&used(forms::note("PROGRESS NOTE", &stranger, "03/06/2026", KNEE), 150.0, 22)?, 150)?,
        Expected::default().held(&[1], "ID_NOT_IN_MPI"),
    );

    let upside = image::imageops::rotate180(&used(
        forms::note("PROGRESS NOTE", &people[8], "03/06/2026", KNEE),
        200.0,
        23,
    )?);
    let upside_down = file(
        station,
        "upside-down.tif",
        "scanned upside down: set upright, read and filed",
        g4_tiff(&[upside], (200, 200))?,
        Expected::default().filed(&[1], &people[8], "PROG").find("effusion acetaminophen", 1),
    );

    let turned = image::imageops::rotate90(&used(
        forms::note("HISTORY AND PHYSICAL", &people[9], "03/07/2026", CHEST_PAIN),
        150.0,
        24,
    )?);
    let turned = file(
        station,
        "turned-90.png",
        "scanned sideways: set upright, read and filed",
        png(&turned, 150)?,
        Expected::default().filed(&[1], &people[9], "HP"),
    );

    let stamped = stamped(&people[4])?;
    let stamp = file(
        station,
        "stamp-over-text.jpg",
        "colour scan on yellowish paper with a red stamp over the text",
        colour_jpeg(&stamped, 200, 70)?,
        Expected::default().filed(&[1], &people[4], "PROG"),
    );

    let form = scan(forms::note("HISTORY AND PHYSICAL", &people[6], "03/08/2026", DIABETES), 600.0)?;
    let fine = file(
        station,
        "bilevel-600dpi.tif",
        "one bit a pixel at 600 dpi: read at the resolution that reads best, boxes in the scan's own pixels",
        g4_tiff(&[bilevel(&form)], (600, 600))?,
        Expected::default().filed(&[1], &people[6], "HP").find("monofilament sensation", 1),
    );
    Ok(vec![loose, photographed, conflicting, unknown, upside_down, turned, stamp, fine])
}

fn stamped(person: &Person) -> anyhow::Result<RgbImage> {
    let mut paper = forms::note("PROGRESS NOTE", person, "03/08/2026", DIABETES);
    paper.stamp(300.0, 300.0, "RECEIVED MAR 09");
    Ok(on_coloured_paper(&paper.scan(200.0)?, 25))
}

fn registration_desk(people: &[Person]) -> anyhow::Result<Vec<Sample>> {
    let station = "registration-desk";
    let person = &people[1];
    let summary = born_digital(vec![
        forms::numbered(forms::note("DISCHARGE SUMMARY", person, "03/01/2026", PNEUMONIA), 1, 2),
        forms::numbered(forms::note("DISCHARGE SUMMARY", person, "03/01/2026", KNEE), 2, 2),
    ]);
    let discharge = file(
        station,
        "discharge-summary.pdf",
        "a PDF that was never paper, two numbered pages: its own text is searched, the picture says whose it is",
        summary,
        Expected::default().filed(&[1, 2], person, "DCSUM").find("amoxicillin lisinopril", 1),
    );
    let note = used(forms::note("PROGRESS NOTE", &people[2], "03/04/2026", DIABETES), 200.0, 30)?;
    let progress = file(
        station,
        "progress-note.pdf",
        "a scanned page in a PDF (JPEG): taken out as it is",
        scanned_pdf(&[Stored::Jpeg(note.clone())], 200.0)?,
        Expected::default().filed(&[1], &people[2], "PROG").find("hemoglobin metformin", 1),
    );
    let rows = [
        ["Glucose", "142", "mg/dL", "70 - 99"],
        ["Sodium", "138", "mmol/L", "136 - 145"],
        ["Potassium", "4.4", "mmol/L", "3.5 - 5.1"],
        ["Chloride", "103", "mmol/L", "98 - 107"],
        ["Creatinine", "1.02", "mg/dL", "0.60 - 1.10"],
        ["Calcium", "9.3", "mg/dL", "8.6 - 10.2"],
        ["Albumin", "4.1", "g/dL", "3.5 - 5.0"],
        ["Bilirubin, total", "0.7", "mg/dL", "0.2 - 1.2"],
        ["Hemoglobin A1c", "7.1", "%", "4.0 - 5.6"],
    ];
    let lab = file(
        station,
        "lab-table.png",
        "a laboratory report, a ruled table of numbers",
        png(&used(forms::lab_table(&people[3], &rows), 200.0, 31)?, 200)?,
        Expected::default().filed(&[1], &people[3], "LAB").find("creatinine 1.02", 1),
    );
    let questions = [
        ("Have you had a cough for more than two weeks?", "No"),
        ("Do you take blood thinners?", "Yes"),
        ("Are you allergic to penicillin?", "Yes"),
        ("Have you been hospitalized in the past year?", "No"),
        ("Do you have a pacemaker or other implant?", "No"),
        ("Do you smoke?", "No"),
    ];
    let form = file(
        station,
        "form-with-boxes.tif",
        "a form of boxes and lines: the patient's fields stand in frames under their captions",
        g4_tiff(
            &[used(forms::boxes("PATIENT HEALTH QUESTIONNAIRE", &people[9], &questions), 300.0, 32)?],
            (300, 300),
        )?,
        Expected::default().filed(&[1], &people[9], "SCREEN").find("allergic penicillin", 1),
    );
    let encrypted = file(
        station,
        "encrypted.pdf",
        "locked with a password: held, the original kept",
        encrypted()?,
        Expected::default().held(&[], "ENCRYPTED"),
    );
    let whole = g4_tiff(&[note.clone(), note], (200, 200))?;
    let truncated = file(
        station,
        "truncated.tif",
        "cut off while it was copied: the page that is there is shown and held",
        whole[..whole.len() * 3 / 5].to_vec(),
        Expected::default().held(&[1], "DAMAGED"),
    );
    Ok(vec![discharge, progress, lab, form, encrypted, truncated])
}

/// A page nobody can open without its password.
fn encrypted() -> anyhow::Result<Vec<u8>> {
    let mut paper = Paper::new();
    paper.text(60.0, 100.0, 14.0, Font::Plain, "Confidential letter");
    let mut document = lopdf::Document::load_mem(&paper.pdf())?;
    let id = lopdf::Object::string_literal("0123456789abcdef");
    document.trailer.set("ID", lopdf::Object::Array(vec![id.clone(), id]));
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).context("no encryption for the sample")?;
    document.encrypt(&state)?;
    // The second half of /U is padding that anything may fill; here zeros, so that the bytes are always the same.
    let encryption = document.trailer.get(b"Encrypt")?.as_reference()?;
    if let lopdf::Object::String(check, _) = document.get_dictionary_mut(encryption)?.get_mut(b"U")? {
        check[16..].fill(0);
    }
    let mut out = Vec::new();
    document.save_to(&mut out)?;
    Ok(out)
}

fn duplex(person: &Person) -> anyhow::Result<Sample> {
    let dpi = 200.0;
    let white = || scan(Paper::new(), dpi);
    let fronts = [
        forms::note("OPERATIVE REPORT", person, "02/20/2026", KNEE),
        forms::note("OPERATIVE REPORT", person, "02/20/2026", CHEST_PAIN),
    ];
    let mut pages = Vec::new();
    for (seed, front) in (40..).zip(fronts) {
        pages.push(Stored::Jbig2(bilevel(&used(front, dpi, seed)?)));
        pages.push(Stored::Jbig2(bilevel(&dusty(&white()?, 20, seed + 7))));
    }
    Ok(file(
        "duplex-desk",
        "blank-backs-jbig2.pdf",
        "two sheets scanned on both sides, JBIG2: the blank backs are kept with the batch, not in the chart",
        scanned_pdf(&pages, dpi)?,
        Expected::default().filed(&[1, 3], person, "OP").blank(&[2, 4]),
    ))
}

/// A fax in its coarse resolution: pixels twice as high as wide.
fn fax(person: &Person) -> anyhow::Result<Sample> {
    let page = scan(forms::note("REFERRAL", person, "03/02/2026", KNEE), 204.0)?;
    let page = skewed(&page, 1.1);
    let height = (page.height() as f32 * 98.0 / 204.0).round() as u32;
    let coarse = image::imageops::resize(&page, page.width(), height, image::imageops::FilterType::Triangle);
    Ok(file(
        "faxes",
        "fax-204x98.tif",
        "a skewed fax, 204 × 98 dpi G4: shown and read with square pixels",
        g4_tiff(&[bilevel(&coarse)], (204, 98))?,
        Expected::default().filed(&[1], person, "REF"),
    ))
}

/// A job of one file a page, with the index file its scanner wrote.
fn folder_job(person: &Person) -> anyhow::Result<Sample> {
    let dpi = 200.0;
    let Cover { front, end, issued } = cover(person, 5, None, dpi)?;
    let pages = [
        grey(&front),
        used(forms::note("PHYSICAL THERAPY", person, "03/09/2026", KNEE), dpi, 50)?,
        used(forms::note("PHYSICAL THERAPY", person, "03/11/2026", KNEE), dpi, 51)?,
        grey(&end),
    ];
    let mut files = Vec::new();
    let mut index = String::from("page,file\n");
    for (number, page) in (1..).zip(&pages) {
        let name = format!("image{number:04}.tif");
        index.push_str(&format!("{number},{name}\n"));
        files.push((name, g4_tiff(std::slice::from_ref(page), (200, 200))?));
    }
    files.push(("index.csv".into(), index.into_bytes()));
    let expected = Expected::default().filed(&[2, 3], person, "PT").control(&[1, 4]);
    Ok(Sample {
        station: "folder-jobs",
        name: "job-0412",
        about: "a folder of one-page TIFFs with the index file of the scanner's software: one batch, one document",
        content: Content::Folder(files),
        expected,
        issued,
    })
}
