//! Which symbols of a page carry a number of the patient, and how far are they to be trusted?
//!
//! The dispatch table of `domain.md` 2.5 and the rules of 2.6: classify before trusting.

use crate::check_digit::gsrn_is_valid;
use crate::geometry::Rect;
use crate::identifier::canonical;
use crate::kind::is_licence;
use crate::reading::{Barcode, Symbology};

use super::row::{Row, ratio};
use super::{Printed, Scene, Seen, Sighting, Stands, SymbolRead};

/// `seen` is what is printed on the page: an unread symbol near a patient's field stands in a label's place.
pub(super) fn read(scene: &Scene<'_>, seen: &[Sighting]) -> Vec<Sighting> {
    let numbers: Vec<(&Barcode, Meaning)> = scene
        .reading
        .barcodes
        .iter()
        .filter_map(|code| meaning(code, scene).map(|meaning| (code, meaning)))
        .collect();
    let mut all: Vec<Sighting> = Vec::new();
    for (code, meaning) in &numbers {
        all.push(match meaning {
            Meaning::Number(value) => {
                // Two symbols that say the same are two decodes.
                let twins =
                    numbers.iter().filter(|(_, other)| other == meaning).map(|(code, _)| code.agreeing);
                number(scene, code, value, twins.fold(0, u8::saturating_add))
            }
            Meaning::Broken => unread(scene, code.place),
        });
    }
    let known: Vec<Rect> =
        seen.iter().filter(|own| own.stands != Stands::Body).map(|own| own.place).collect();
    let places = scene.reading.unread_symbols.iter().filter(|place| is_labels_place(scene, **place, &known));
    all.extend(places.map(|place| unread(scene, *place)));
    all
}

#[derive(PartialEq)]
enum Meaning {
    /// A canonical value that may be a number of the patient.
    Number(String),
    /// Says that it is the patient's, and is not consistent.
    Broken,
}

/// What a symbol means to identity; none for most.
fn meaning(code: &Barcode, scene: &Scene<'_>) -> Option<Meaning> {
    let text = code.text.trim();
    if matches!(code.symbology, Symbology::Patch | Symbology::Itf | Symbology::Codabar) {
        return None; // partial reads: never a number of a patient
    }
    if code.gs1 {
        return gs1(text);
    }
    let foreign = text.starts_with("CS1|")
        || text.starts_with(['+', '=', '&', '{', '@']) // HIBC, ISBT 128, JSON, AAMVA
        || is_licence(text)
        || text.contains("://")
        || text.starts_with("shc:/")
        || scene.rules.kinds.forms().contains(text);
    if foreign {
        return None;
    }
    let value = canonical(text.trim_matches('*'));
    let shaped = if scene.rules.authorities.iter().any(|authority| authority.shape.is_some()) {
        // An account number has no configured shape: it counts where an encounter knows it.
        scene.rules.authorities.iter().any(|authority| authority.fits(&value)) || is_possible(&value)
    } else {
        is_possible(&value)
    };
    shaped.then_some(Meaning::Number(value))
}

/// 6 to 12 letters and digits, five digits at least.
fn is_possible(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (6..=12).contains(&value.len()) && digits >= 5 && value.chars().all(|c| c.is_ascii_alphanumeric())
}

/// `8018` and 18 digits is the recipient of care; `8017` its provider, and a string that has both is refused.
fn gs1(text: &str) -> Option<Meaning> {
    let plain: String = text.chars().filter(|c| !matches!(c, '(' | ')' | '\u{1d}')).collect();
    if plain.contains("8017") && plain.contains("8018") {
        return Some(Meaning::Broken);
    }
    let rest = plain.strip_prefix("8018")?;
    let number = rest.get(..18).filter(|number| gsrn_is_valid(number));
    Some(number.map_or(Meaning::Broken, |number| Meaning::Number(number.into())))
}

fn number(scene: &Scene<'_>, code: &Barcode, value: &str, agreeing: u8) -> Sighting {
    /// Pixels a module needs.
    const FINE: f32 = 2.0;
    let printed = printed(scene, code, value);
    let fine = code.module <= 0.0 || code.module >= FINE;
    Sighting {
        page: scene.page,
        place: code.place,
        text: code.text.trim().into(),
        confidence: 100.0,
        what: Seen::Number {
            value: value.into(),
            kind: None,
            authority: scene.authority_of(value),
            symbol: Some(SymbolRead {
                symbology: code.symbology,
                agreeing,
                disputed: code.disputed,
                printed,
            }),
        },
        stands: Stands::Symbol,
        witness: agreeing >= 2 && !code.disputed && printed != Printed::Differs && fine,
    }
}

fn unread(scene: &Scene<'_>, place: Rect) -> Sighting {
    Sighting {
        page: scene.page,
        place,
        text: String::new(),
        confidence: 0.0,
        what: Seen::Unread,
        stands: Stands::Symbol,
        witness: false,
    }
}

/// What is printed beside the symbol: the text nearest to it that has the look of its value.
fn printed(scene: &Scene<'_>, code: &Barcode, value: &str) -> Printed {
    /// Symbol heights within which its text stands, and at most this share of an inch.
    const REACH: f32 = 1.5;
    let reach = (ratio(code.place.h, 1) * REACH).min(ratio(scene.reading.dpi[1].max(72), 2)).max(40.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a page")]
    let area = code.place.grown(reach as u32);
    let mut found = Printed::Unread;
    for row in scene.rows {
        for (text, confidence) in candidates(row, area) {
            if text == value {
                return Printed::Equal;
            }
            let sure = confidence >= scene.rules.identity.min_confidence;
            if sure && is_meant(code, &text, value) {
                found = Printed::Differs;
            }
        }
    }
    found
}

/// Words of a row within the area that may be a number, alone and joined as engines tear them.
fn candidates(row: &Row<'_>, area: Rect) -> Vec<(String, f32)> {
    let inside: Vec<_> =
        row.tokens.iter().filter(|token| token.place.overlap(area) > 0 && token.on_picture).collect();
    let clean = |text: &str| canonical(text.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut all: Vec<(String, f32)> = inside
        .iter()
        .filter(|token| token.digits() > 0)
        .map(|token| (clean(token.text), token.confidence))
        .collect();
    if all.len() > 1 {
        let joined: String =
            inside.iter().filter(|token| token.digits() > 0).map(|token| clean(token.text)).collect();
        let confidence = inside.iter().map(|token| token.confidence).fold(100.0, f32::min);
        all.push((joined, confidence));
    }
    all
}

/// Whether a printed text that is not equal was meant to be: one line under bars of the same make, or a near miss.
fn is_meant(code: &Barcode, text: &str, value: &str) -> bool {
    let linear = matches!(code.symbology, Symbology::Code128 | Symbology::Code39);
    let same_make = text.len() == value.len()
        && text.chars().zip(value.chars()).all(|(a, b)| a.is_ascii_digit() == b.is_ascii_digit());
    let near = text.len().abs_diff(value.len()) <= 1 && strsim::levenshtein(text, value) <= 2;
    near || (linear && same_make)
}

/// The top quarter of a page, or within an inch of something of the patient's.
fn is_labels_place(scene: &Scene<'_>, place: Rect, known: &[Rect]) -> bool {
    let near = place.grown(scene.reading.dpi[0].max(72));
    place.centre().1 <= scene.reading.height / 4 || known.iter().any(|own| own.overlap(near) > 0)
}
