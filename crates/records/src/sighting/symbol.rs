//! Which symbols of a page carry a number of the patient, and how far are they to be trusted?
//!
//! The dispatch table of `domain.md` 2.5 and the rules of 2.6: classify before trusting.

use crate::check_digit::{CheckDigit, gsrn_is_valid, hibc_data};
use crate::geometry::Rect;
use crate::identifier::{AuthorityId, IdentifierKind, canonical};
use crate::kind::is_licence;
use crate::reading::{Barcode, Symbology};
use crate::rules::{Payload, is_partial};

use super::row::{Row, ratio};
use super::{Printed, Scene, Seen, Sighting, Stands, SymbolRead};

/// `seen` is what is printed on the page: an unread symbol near a patient's field stands in a label's place.
pub(super) fn read(scene: &Scene<'_>, seen: &[Sighting]) -> Vec<Sighting> {
    let said: Vec<(&Barcode, Vec<Meaning>)> =
        scene.reading.barcodes.iter().map(|code| (code, meaning(code, scene))).collect();
    let mut all: Vec<Sighting> = Vec::new();
    for (code, meanings) in &said {
        all.extend(meanings.iter().map(|meaning| match meaning {
            Meaning::Number(value) => {
                // Two symbols that say the same are two decodes.
                let twins =
                    said.iter().filter(|(_, others)| others.contains(meaning)).map(|(code, _)| code.agreeing);
                number(scene, code, value, twins.fold(0, u8::saturating_add))
            }
            Meaning::Broken => unread(scene, code.place),
        }));
    }
    let known: Vec<Rect> =
        seen.iter().filter(|own| own.stands != Stands::Body).map(|own| own.place).collect();
    let places = scene.reading.unread_symbols.iter().filter(|place| is_labels_place(scene, **place, &known));
    all.extend(places.map(|place| unread(scene, *place)));
    all
}

#[derive(PartialEq)]
enum Meaning {
    /// What may be a number of the patient.
    Number(Number),
    /// Says that it is the patient's, and is not consistent.
    Broken,
}

#[derive(PartialEq)]
struct Number {
    /// Canonical, as the symbol says it, and the whole text that says it: one of them is printed beside.
    printed: String,
    whole: String,
    /// As its authority writes it.
    value: String,
    /// Where the site's barcode says so.
    kind: Option<IdentifierKind>,
    authority: Option<AuthorityId>,
}

/// What a symbol means to identity; nothing for most.
fn meaning(code: &Barcode, scene: &Scene<'_>) -> Vec<Meaning> {
    let text = code.text.trim();
    // Our own sheet declares; a licence is of whoever presents it, who may be a parent.
    if code.symbology == Symbology::Patch || text.starts_with("CS1|") || is_licence(text) {
        return Vec::new();
    }
    if code.gs1 {
        return gs1(text, scene).into_iter().collect();
    }
    if let Some(hibc) = text.strip_prefix('+') {
        return if hibc.starts_with('/') { provider_hibc(text, code, scene) } else { Vec::new() };
    }
    if let Some(payload) = scene.rules.barcode(text, code.symbology) {
        return said_by_site(&payload, text, scene);
    }
    let foreign = is_partial(code.symbology)
        || text.starts_with(['=', '&', '{', '@']) // ISBT 128, JSON, AAMVA
        || text.contains("://")
        || text.starts_with("shc:/")
        || scene.rules.kinds.form(text).is_some();
    let printed = canonical(text.trim_matches('*'));
    // An account number has no configured shape: it counts where an encounter knows it.
    let shaped = scene.rules.authorities.iter().any(|authority| authority.fits(&printed));
    if foreign || !(shaped || is_possible(&printed)) {
        return Vec::new();
    }
    vec![Meaning::Number(Number::of(printed, text, None, None, scene))]
}

impl Number {
    fn of(
        printed: String,
        whole: &str,
        kind: Option<IdentifierKind>,
        said: Option<&AuthorityId>,
        scene: &Scene<'_>,
    ) -> Self {
        let (value, authority) = match kind {
            None | Some(IdentifierKind::Mrn) => scene.rules.number(&printed, said),
            Some(_) => (printed.clone(), said.cloned()),
        };
        Self { printed, whole: canonical(whole.trim_matches('*')), value, kind, authority }
    }
}

fn said_by_site(payload: &Payload<'_>, whole: &str, scene: &Scene<'_>) -> Vec<Meaning> {
    let authority = payload.authority.as_ref();
    let of = |(kind, value): &(IdentifierKind, &str)| {
        Meaning::Number(Number::of(canonical(value), whole, Some(*kind), authority, scene))
    };
    payload.numbers.iter().map(of).collect()
}

/// HIBC Provider Applications: a number only where the site maps its flags to one, and its check character holds.
fn provider_hibc(text: &str, code: &Barcode, scene: &Scene<'_>) -> Vec<Meaning> {
    if let Some(data) = hibc_data(text) {
        let payload = scene.rules.barcode(data, code.symbology);
        return payload.map(|payload| said_by_site(&payload, text, scene)).unwrap_or_default();
    }
    let mut unchecked = text.chars();
    unchecked.next_back();
    let meant = scene.rules.barcode(unchecked.as_str(), code.symbology);
    meant.filter(|payload| !payload.numbers.is_empty()).map(|_| Meaning::Broken).into_iter().collect()
}

/// 6 to 12 letters and digits, five digits at least.
fn is_possible(value: &str) -> bool {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    (LEAST..=12).contains(&value.len()) && digits >= 5 && value.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Characters below which a symbol is never believed (`domain.md` 2.6).
const LEAST: usize = 6;

/// `8018` and 18 digits is the recipient of care; `8017` its provider, and a string that has both is refused.
/// `8019` is one instance of service, and nobody's by itself.
fn gs1(text: &str, scene: &Scene<'_>) -> Option<Meaning> {
    let elements = elements(text);
    let of = |wanted: &str| elements.iter().find(|(ai, _)| *ai == wanted).map(|(_, value)| value.as_str());
    let recipient = of("8018")?;
    if of("8017").is_some() || !gsrn_is_valid(recipient) {
        return Some(Meaning::Broken);
    }
    Some(Meaning::Number(Number::of(recipient.into(), recipient, None, None, scene)))
}

/// The element string taken apart, as far as its lengths are known: what has no fixed one ends at a separator.
fn elements(text: &str) -> Vec<(&'static str, String)> {
    const FIXED: [(&str, usize); 9] = [
        ("8017", 18),
        ("8018", 18),
        ("7241", 2),
        ("00", 18),
        ("01", 14),
        ("02", 14),
        ("11", 6),
        ("13", 6),
        ("17", 6),
    ];
    let plain: String = text.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    let mut found = Vec::new();
    for part in plain.split('\u{1d}') {
        let mut rest = part;
        while let Some((ai, length)) = FIXED.iter().find(|(ai, _)| rest.starts_with(ai)) {
            let value = &rest[ai.len()..];
            let end = value.char_indices().nth(*length).map_or(value.len(), |(at, _)| at);
            found.push((*ai, value[..end].to_owned()));
            rest = &value[end..];
        }
    }
    found
}

fn number(scene: &Scene<'_>, code: &Barcode, number: &Number, agreeing: u8) -> Sighting {
    /// Pixels a module needs.
    const FINE: f32 = 2.0;
    let printed = printed(scene, code, number);
    let fine = code.module <= 0.0 || code.module >= FINE;
    // Code 39 has no check of its own: without a prefix or a check digit a partial read looks whole.
    let checked = || {
        let authority = number.authority.as_ref().and_then(|id| scene.rules.authority(id));
        authority.is_some_and(|authority| authority.check_digit != CheckDigit::None)
    };
    let prefixed = number.printed.starts_with(|c: char| c.is_ascii_alphabetic());
    let whole = code.symbology != Symbology::Code39 || prefixed || number.kind.is_some() || checked();
    let symbol = SymbolRead { symbology: code.symbology, agreeing, disputed: code.disputed, printed };
    Sighting {
        page: scene.page,
        place: code.place,
        text: number.printed.clone(),
        confidence: 100.0,
        what: Seen::Number {
            value: number.value.clone(),
            kind: number.kind,
            authority: number.authority.clone(),
            symbol: Some(symbol),
        },
        stands: Stands::Symbol,
        witness: agreeing >= 2
            && !code.disputed
            && printed != Printed::Differs
            && fine
            && whole
            && number.printed.len() >= LEAST,
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
fn printed(scene: &Scene<'_>, code: &Barcode, number: &Number) -> Printed {
    /// Symbol heights within which its text stands, and at most this share of an inch.
    const REACH: f32 = 1.5;
    let reach = (ratio(code.place.h, 1) * REACH).min(ratio(scene.reading.dpi[1].max(72), 2)).max(40.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels of a page")]
    let area = code.place.grown(reach as u32);
    let mut found = Printed::Unread;
    for row in scene.rows {
        for Candidate { text, confidence, legible } in candidates(row, area) {
            if text == number.printed || text == number.whole {
                if legible {
                    return Printed::Equal;
                }
                continue;
            }
            let sure = confidence >= scene.rules.identity.min_confidence;
            if sure && (is_meant(code, &text, &number.whole) || is_meant(code, &text, &number.printed)) {
                found = Printed::Differs;
            }
        }
    }
    found
}

/// What may be the number printed beside a symbol. Where it is not legible it can only differ.
struct Candidate {
    text: String,
    confidence: f32,
    legible: bool,
}

/// Words of a row within the area that may be a number, alone and joined as engines tear them.
fn candidates(row: &Row<'_>, area: Rect) -> Vec<Candidate> {
    let inside: Vec<_> =
        row.tokens.iter().filter(|token| token.place.overlap(area) > 0 && token.on_picture).collect();
    let clean = |text: &str| canonical(text.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut all: Vec<Candidate> = inside
        .iter()
        .filter(|token| token.digits() > 0)
        .map(|token| Candidate {
            text: clean(token.text),
            confidence: token.confidence,
            legible: token.legible,
        })
        .collect();
    if all.len() > 1 {
        let text = all.iter().map(|part| part.text.as_str()).collect();
        let confidence = inside.iter().map(|token| token.confidence).fold(100.0, f32::min);
        let legible = all.iter().all(|part| part.legible);
        all.push(Candidate { text, confidence, legible });
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
