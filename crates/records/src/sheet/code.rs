//! How is a sheet's payload signed, and how is a signature checked?

use hmac::{Hmac, Mac as _};
use jiff::civil::Date;
use sha2::Sha256;

use super::{SheetKey, SheetKind, SheetPayload};
use crate::document::KindCode;
use crate::identifier::AuthorityId;

/// Why a code is no sheet of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    #[error("the code is not that of a control sheet")]
    NotASheet,
    #[error("the control sheet was not printed here, or was altered; print a new one")]
    Foreign,
    #[error("the control sheet is signed but makes no sense; print a new one")]
    Malformed,
}

/// What the sheet's QR code says. The key's site and id are written, not the payload's. A `|` or a control
/// character in a field would move every field behind it, so each becomes a space.
pub fn sign(sheet: &SheetPayload, key: &SheetKey) -> String {
    let dash = || "-".to_owned();
    let fields = [
        "CS1".to_owned(),
        format!("{}.{}", key.site, key.id),
        sheet.kind.letter().to_string(),
        sheet.authority.as_ref().map_or_else(dash, ToString::to_string),
        sheet.mrn.clone().unwrap_or_else(dash),
        sheet.visit.clone().unwrap_or_else(dash),
        sheet.document_kind.as_ref().map_or_else(dash, |kind| kind.0.clone()),
        sheet.service.map_or_else(dash, |day| day.strftime("%Y%m%d").to_string()),
        sheet.sheets.map_or_else(dash, |count| count.to_string()),
        sheet.folder.clone().unwrap_or_else(dash),
        sheet.printed.strftime("%Y%m%dT%H%M%SZ").to_string(),
        sheet.serial.clone(),
    ];
    let mut text = String::new();
    for field in fields {
        text.extend(field.chars().map(|c| if c == '|' || c.is_control() { ' ' } else { c }));
        text.push('|');
    }
    signed(text, key)
}

/// The text, which ends with a `|`, and its signature.
pub(crate) fn signed(mut text: String, key: &SheetKey) -> String {
    let mac = key.mac(&text).finalize().into_bytes();
    text.extend(mac[..8].iter().map(|byte| format!("{byte:02x}")));
    text
}

/// Reads a code's text. Only what one of `keys` signed is believed.
///
/// # Errors
/// [`SheetError::NotASheet`] is the usual answer to a code that is none of ours; the others are sheets that a
/// person must look at.
pub fn read(text: &str, keys: &[SheetKey]) -> Result<SheetPayload, SheetError> {
    let text = text.trim();
    if !text.starts_with("CS1|") {
        return Err(SheetError::NotASheet);
    }
    let fields: Vec<&str> = text.split('|').collect();
    let Ok(
        [
            _,
            issuer,
            kind,
            authority,
            mrn,
            visit,
            document_kind,
            service,
            sheets,
            folder,
            printed,
            serial,
            mac,
        ],
    ) = <[&str; 13]>::try_from(fields)
    else {
        return Err(SheetError::Foreign);
    };
    let (site, key_id) = issuer.rsplit_once('.').ok_or(SheetError::Foreign)?;
    let key = keys.iter().find(|key| key.site == site && key.id == key_id).ok_or(SheetError::Foreign)?;
    let mac = from_hex(mac).filter(|mac| mac.len() == 8).ok_or(SheetError::Foreign)?;
    let signed = &text[..text.len() - 16];
    key.mac(signed).verify_truncated_left(&mac).map_err(|_| SheetError::Foreign)?;

    let given = |field: &str| (field != "-").then(|| field.to_owned());
    let broken = |_| SheetError::Malformed;
    if text.chars().any(char::is_control) {
        return Err(SheetError::Malformed); // none is ever written
    }
    if serial.len() != SERIAL_DIGITS || !serial.bytes().all(|c| ALPHABET.contains(&c)) {
        return Err(SheetError::Malformed);
    }
    Ok(SheetPayload {
        site: site.to_owned(),
        key_id: key_id.to_owned(),
        kind: SheetKind::of_letter(kind).ok_or(SheetError::Malformed)?,
        authority: given(authority).map(AuthorityId),
        mrn: given(mrn),
        visit: given(visit),
        document_kind: given(document_kind).map(KindCode),
        service: given(service).map(|day| Date::strptime("%Y%m%d", day)).transpose().map_err(broken)?,
        sheets: given(sheets).map(|count| count.parse().map_err(|_| SheetError::Malformed)).transpose()?,
        folder: given(folder),
        printed: printed.parse().map_err(broken)?,
        serial: serial.to_owned(),
    })
}

impl SheetKey {
    /// The secret's bytes; one that is not hex counts as it is written.
    fn bytes(&self) -> Vec<u8> {
        from_hex(&self.secret).unwrap_or_else(|| self.secret.as_bytes().to_vec())
    }

    fn mac(&self, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(&self.bytes()).expect("HMAC takes a key of any length");
        mac.update(text.as_bytes());
        mac
    }
}

/// Crockford's base 32 in lower case: no i, l, o, u, so that a serial survives being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 20 digits of 5 bits.
const SERIAL_DIGITS: usize = 20;

/// A serial of 100 bits from 128 random ones.
pub fn new_serial(random: [u8; 16]) -> String {
    let value = u128::from_be_bytes(random) >> 28;
    (0..SERIAL_DIGITS).rev().map(|at| char::from(ALPHABET[(value >> (at * 5) & 31) as usize])).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SheetKey {
        SheetKey {
            site: "GENHOSP".into(),
            id: "k1".into(),
            secret: "00112233445566778899aabbccddeeff".into(),
        }
    }

    fn cover() -> SheetPayload {
        SheetPayload {
            site: "GENHOSP".into(),
            key_id: "k1".into(),
            kind: SheetKind::Cover,
            authority: Some(AuthorityId("GENHOSP".into())),
            mrn: Some("00123456".into()),
            visit: None,
            document_kind: Some(KindCode("LAB".into())),
            service: Some(jiff::civil::date(2019, 4, 2)),
            sheets: Some(2),
            folder: None,
            printed: "2019-04-02T10:15:00Z".parse().unwrap(),
            serial: new_serial([0xa5; 16]),
        }
    }

    #[test]
    fn the_payload_of_a_printed_sheet_never_changes() {
        assert_eq!(
            sign(&cover(), &key()),
            "CS1|GENHOSP.k1|P|GENHOSP|00123456|-|LAB|20190402|2|-|20190402T101500Z|mpjtb9d5mpjtb9d5mpjt|7b56261d096ba28e"
        );
    }

    #[test]
    fn a_sheet_reads_back_as_what_was_signed() {
        for kind in SheetKind::ALL {
            let sheet = SheetPayload { kind, ..cover() };
            assert_eq!(read(&sign(&sheet, &key()), &[key()]), Ok(sheet));
        }
        let bare = SheetPayload {
            authority: None,
            mrn: None,
            document_kind: None,
            service: None,
            sheets: None,
            ..cover()
        };
        assert_eq!(read(&sign(&bare, &key()), &[key()]), Ok(bare));
    }

    #[test]
    fn one_altered_character_makes_a_sheet_foreign() {
        let text = sign(&cover(), &key());
        for at in 4..text.len() {
            let mut altered = text.clone().into_bytes();
            altered[at] = if altered[at] == b'7' { b'8' } else { b'7' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(read(&altered, &[key()]), Err(SheetError::Foreign), "character {at}");
        }
    }

    #[test]
    fn a_sheet_of_another_site_or_a_lost_key_is_foreign() {
        let text = sign(&cover(), &key());
        assert_eq!(read(&text, &[]), Err(SheetError::Foreign));
        let other = SheetKey { secret: "ff".repeat(16), ..key() };
        assert_eq!(read(&text, &[other]), Err(SheetError::Foreign));
    }

    #[test]
    fn a_code_of_somebody_else_is_not_a_sheet() {
        for text in ["00123456", "http://example.org", "", "CS2|x"] {
            assert_eq!(read(text, &[key()]), Err(SheetError::NotASheet));
        }
        assert_eq!(read("CS1|", &[key()]), Err(SheetError::Foreign), "it has the look of one");
    }

    #[test]
    fn a_separator_in_a_field_moves_no_other_field() {
        let sheet = SheetPayload { visit: Some("7|8".into()), ..cover() };
        let back = read(&sign(&sheet, &key()), &[key()]).unwrap();
        assert_eq!((back.visit.as_deref(), back.document_kind), (Some("7 8"), cover().document_kind));
    }

    #[test]
    fn no_text_is_too_strange_to_be_refused() {
        let text = sign(&cover(), &key());
        for at in 0..text.len() {
            for strange in ["", "|", "é", "\0", "-", "99999999999999999999"] {
                let odd = format!("{}{strange}{}", &text[..at], &text[at + 1..]);
                assert!(read(&odd, &[key()]).is_err() || odd.trim() == text, "character {at}");
            }
        }
    }

    #[test]
    fn a_signed_sheet_of_nonsense_is_malformed() {
        for (good, nonsense) in [
            ("|P|", "|Z|"),
            ("|20190402|", "|20191402|"),
            ("|2|", "|two|"),
            ("|mp", "|MP"),
            ("|00123456|", "|0012\n3456|"),
        ] {
            let text = sign(&cover(), &key()).replacen(good, nonsense, 1);
            let body = &text[..text.len() - 16];
            let mac = key().mac(body).finalize().into_bytes();
            let mac: String = mac[..8].iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(read(&format!("{body}{mac}"), &[key()]), Err(SheetError::Malformed), "{nonsense}");
        }
    }

    #[test]
    fn a_serial_is_twenty_digits_of_base_32() {
        assert_eq!(new_serial([0; 16]), "0".repeat(20));
        assert_eq!(new_serial([0xff; 16]), "z".repeat(20));
    }
}
