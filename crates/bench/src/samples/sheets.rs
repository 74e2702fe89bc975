//! The control sheets of the samples: printed by the demo site with its demo key.

use anyhow::Context as _;
use image::RgbImage;
use jiff::Timestamp;
use records::identifier::{AuthorityId, Identifier};
use records::judge::IssuedSheet;
use records::sheet::{SheetKey, SheetKind, SheetPayload, new_serial};

use super::draw::pictures;
use super::people::Person;

/// For the samples only. A site's own key is made in its data directory and never leaves it but in a backup.
pub(crate) fn demo_key() -> SheetKey {
    SheetKey { site: "DEMO".into(), id: "1".into(), secret: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff".into() }
}

/// A cover sheet and its end sheet, as pictures, and as the register has them.
pub(crate) struct Cover {
    pub(crate) front: RgbImage,
    pub(crate) end: RgbImage,
    pub(crate) issued: Vec<IssuedSheet>,
}

/// `number` makes the serial; `sheets` is what somebody counted.
pub(crate) fn cover(person: &Person, number: u8, sheets: Option<u32>, dpi: f32) -> anyhow::Result<Cover> {
    let printed: Timestamp = "2026-03-01T09:00:00Z".parse()?;
    let authority = AuthorityId("GENHOSP".into());
    let payload = |kind: SheetKind| SheetPayload {
        site: "DEMO".into(),
        key_id: "1".into(),
        kind,
        authority: Some(authority.clone()),
        mrn: Some(person.mrn.clone()),
        visit: None,
        document_kind: None,
        service: None,
        sheets: sheets.filter(|_| kind == SheetKind::Cover),
        folder: None,
        printed,
        serial: new_serial([number; 16]),
    };
    let issued = |kind: SheetKind| IssuedSheet {
        serial: payload(kind).serial_use(),
        number: Some(Identifier::mrn(&authority, &person.mrn)),
        confirmed: true,
        by: "clerk:demo".into(),
        at: printed,
    };
    let draw = |kind: SheetKind| -> anyhow::Result<super::draw::Paper> {
        use super::draw::Font;
        let mut p = super::draw::Paper::new();
        let code = records::sheet::sign(&payload(kind), &demo_key());
        p.text(50.0, 60.0, 12.0, Font::Bold, records::sheet::MARK);
        p.text(50.0, 110.0, 34.0, Font::Bold, kind.title());
        p.text(50.0, 140.0, 14.0, Font::Bold, records::sheet::UPRIGHT);
        p.text(50.0, 330.0, 22.0, Font::Bold, &person.filed());
        p.text(50.0, 365.0, 18.0, Font::Plain, &format!("Born {}", person.born_us()));
        p.text(50.0, 400.0, 18.0, Font::Plain, &format!("MRN {}", person.mrn));
        p.qr(432.0, 40.0, 130.0, &code)?;
        p.qr(50.0, 600.0, 130.0, &code)?;
        p.text(250.0, 740.0, 10.0, Font::Plain, records::sheet::MARK);
        Ok(p)
    };
    let pdf = super::draw::born_digital(vec![draw(SheetKind::Cover)?, draw(SheetKind::End)?]);
    let mut pictures = pictures(pdf, dpi)?.into_iter();
    Ok(Cover {
        front: pictures.next().context("a cover sheet has a page")?,
        end: pictures.next().context("an end sheet has a page")?,
        issued: vec![issued(SheetKind::Cover), issued(SheetKind::End)],
    })
}
