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
    SheetKey {
        site: "DEMO".into(),
        id: "1".into(),
        secret: "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff".into(),
    }
}

/// A cover sheet and its end sheet, as pictures, and as the register has them.
pub(crate) struct Cover {
    pub(crate) front: RgbImage,
    pub(crate) end: RgbImage,
    pub(crate) issued: Vec<IssuedSheet>,
}

/// What a sheet of the demo site says of the patient of that number, and how its issue was registered. `random` makes
/// the serial; `sheets` is what somebody counted, which only a cover sheet tells.
pub(crate) fn demo_sheet(
    kind: SheetKind,
    mrn: &str,
    random: [u8; 16],
    sheets: Option<u32>,
) -> anyhow::Result<(SheetPayload, IssuedSheet)> {
    let printed: Timestamp = "2026-03-01T09:00:00Z".parse()?;
    let authority = AuthorityId("GENHOSP".into());
    let number = Identifier::mrn(&authority, mrn);
    let payload = SheetPayload {
        site: "DEMO".into(),
        key_id: "1".into(),
        kind,
        authority: Some(authority),
        mrn: Some(mrn.into()),
        visit: None,
        document_kind: None,
        service: None,
        sheets: sheets.filter(|_| kind == SheetKind::Cover),
        folder: None,
        printed,
        serial: new_serial(random),
    };
    let issued = IssuedSheet {
        serial: payload.serial_use(),
        number: Some(number),
        confirmed: true,
        by: "clerk:demo".into(),
        at: printed,
    };
    Ok((payload, issued))
}

/// `number` makes the serial; `sheets` is what somebody counted.
pub(crate) fn cover(person: &Person, number: u8, sheets: Option<u32>, dpi: f32) -> anyhow::Result<Cover> {
    let sheet = |kind| demo_sheet(kind, &person.mrn, [number; 16], sheets);
    let (front, front_issued) = sheet(SheetKind::Cover)?;
    let (end, end_issued) = sheet(SheetKind::End)?;
    let page = |payload: SheetPayload| print::sheet::SheetPage {
        payload,
        name: Some(person.filed()),
        birth_date: Some(person.born),
    };
    let pdf = print::sheet::pdf(&[page(front), page(end)], &demo_key());
    let mut pictures = pictures(pdf, dpi)?.into_iter();
    Ok(Cover {
        front: pictures.next().context("a cover sheet has a page")?,
        end: pictures.next().context("an end sheet has a page")?,
        issued: vec![front_issued, end_issued],
    })
}
