//! The dispatch table of symbols (`domain.md` 2.5), with what a site says of its own.

use super::*;
use crate::reading::Barcode;
use crate::rules::BarcodeSettings;

fn code(text: &str) -> Barcode {
    Barcode {
        symbology: Symbology::Code128,
        text: text.into(),
        place: Rect { x: 1400, y: 400, w: 500, h: 110 },
        turn: 0,
        agreeing: 2,
        disputed: false,
        module: 3.0,
        gs1: false,
    }
}

pub(super) fn with_code(lines: &[(u32, u32, &str)], change: impl Fn(&mut Barcode)) -> Vec<Sighting> {
    let mut reading = page(lines);
    let mut code = code("10482713");
    change(&mut code);
    reading.barcodes.push(code);
    look(reading)
}

fn printed(all: &[Sighting]) -> Printed {
    let Seen::Number { symbol: Some(symbol), .. } = &all.last().unwrap().what else { panic!("no symbol") };
    symbol.printed
}

#[test]
fn a_barcode_is_a_witness_only_if_two_decodes_agree_and_its_print_does_not_differ() {
    let witness = |lines: &[(u32, u32, &str)], change: &dyn Fn(&mut Barcode)| {
        with_code(lines, change).last().unwrap().witness
    };
    assert!(witness(&[], &|_| {}));
    assert!(witness(&[(1450, 520, "10482713")], &|_| {}));
    assert!(!witness(&[(1450, 520, "10482718")], &|_| {}));
    assert!(!witness(&[], &|code| code.agreeing = 1));
    assert!(!witness(&[], &|code| code.disputed = true));
    assert!(!witness(&[], &|code| code.module = 1.4));
}

#[test]
fn the_print_under_a_barcode_is_compared() {
    assert_eq!(printed(&with_code(&[], |_| {})), Printed::Unread);
    assert_eq!(printed(&with_code(&[(1450, 520, "*10482713*")], |_| {})), Printed::Equal);
    assert_eq!(printed(&with_code(&[(1450, 520, "1048 2713")], |_| {})), Printed::Equal);
    assert_eq!(printed(&with_code(&[(1450, 520, "10482718")], |_| {})), Printed::Differs);
    assert_eq!(printed(&with_code(&[(1450, 520, "Rev 2/19")], |_| {})), Printed::Unread);
}

#[test]
fn print_under_a_barcode_that_is_not_legible_can_only_differ() {
    let under = |text| {
        let mut reading = page(&[(1450, 520, text)]);
        reading.words.iter_mut().for_each(|word| word.legible = false);
        reading.barcodes.push(code("10482713"));
        printed(&look(reading))
    };
    assert_eq!(under("10482713"), Printed::Unread);
    assert_eq!(under("10482718"), Printed::Differs);
}

#[test]
fn two_symbols_that_say_the_same_are_two_decodes() {
    let mut reading = page(&[]);
    for y in [400, 2900] {
        reading.barcodes.push(Barcode {
            agreeing: 1,
            place: Rect { x: 1400, y, w: 500, h: 110 },
            ..code("10482713")
        });
    }
    assert!(look(reading).iter().all(|own| own.witness));
}

#[test]
fn symbols_that_are_no_numbers_of_patients_are_passed_over() {
    for text in [
        "https://example.org/10482713",
        "+A123456789",
        "=W000017123456",
        "{\"mrn\":1}",
        "@\n\u{1e}\rANSI 636000",
        "12345",
    ] {
        assert!(with_code(&[], |code| code.text = text.into()).is_empty(), "{text}");
    }
    for symbology in [Symbology::Itf, Symbology::Codabar, Symbology::Patch] {
        assert!(with_code(&[], |code| code.symbology = symbology).is_empty());
    }
    let provider = |code: &mut Barcode| (code.gs1, code.text) = (true, "8017950123456789012341".into());
    assert!(with_code(&[], provider).is_empty());
}

#[test]
fn a_recipient_of_care_is_a_number_if_its_check_digit_holds() {
    let good = with_code(&[], |code| (code.gs1, code.text) = (true, "8018950123456789012341".into()));
    assert_eq!(words(&good), ["symbol 950123456789012341"]);
    let bad = with_code(&[], |code| (code.gs1, code.text) = (true, "8018950123456789012342".into()));
    assert_eq!(words(&bad), ["unread"]);
}

#[test]
fn an_unread_symbol_counts_only_in_a_labels_place() {
    let mut reading = page(&[(150, 200, "Patient: OKAFOR, DENISE")]);
    reading.unread_symbols =
        vec![Rect { x: 1400, y: 300, w: 500, h: 110 }, Rect { x: 1400, y: 3000, w: 500, h: 110 }];
    assert_eq!(words(&look(reading)), ["name OKAFOR, DENISE", "unread"]);
}

/// One authority of eight digits, and these shapes of barcodes.
fn site(shapes: &[&str]) -> Rules {
    let shapes = shapes.iter().map(|shape| BarcodeSettings { shape: (*shape).into(), ..Default::default() });
    rules(Some("[0-9]{8}")).with_barcodes(shapes.collect()).unwrap()
}

fn read(rules: &Rules, lines: &[(u32, u32, &str)], change: impl Fn(&mut Barcode)) -> Vec<Sighting> {
    let mut reading = page(lines);
    let mut symbol = code("10482713");
    change(&mut symbol);
    reading.barcodes.push(symbol);
    on_page(PageNumber(1), &reading, rules, TODAY)
}

fn said(rules: &Rules, symbology: Symbology, text: &str) -> Vec<String> {
    words(&read(rules, &[], |symbol| (symbol.symbology, symbol.text) = (symbology, text.into())))
}

#[test]
fn a_sites_barcode_says_what_each_of_its_numbers_is() {
    let rules = site(&["M(?<mrn>[0-9]{8})V(?<visit>[0-9]{7})", "A(?<account>[0-9]{6})"]);
    assert_eq!(
        said(&rules, Symbology::DataMatrix, "M10482713V7700123"),
        ["number 10482713 MR", "number 7700123 VN"]
    );
    assert_eq!(said(&rules, Symbology::Code128, "A889001"), ["number 889001 AN"]);
    assert_eq!(said(&rules, Symbology::Code128, "10482713"), ["symbol 10482713"], "a bare number as ever");
}

#[test]
fn the_print_under_a_sites_barcode_may_show_its_prefix_or_not() {
    let rules = site(&["M(?<mrn>[0-9]{8})"]);
    for (under, wanted) in
        [("M10482713", Printed::Equal), ("10482713", Printed::Equal), ("M10482718", Printed::Differs)]
    {
        let seen = read(&rules, &[(1450, 520, under)], |symbol| symbol.text = "M10482713".into());
        assert_eq!(printed(&seen), wanted, "{under}");
    }
}

/// domain.md 2.5: `+/` is a provider's, and a number only where the site maps its flags; anything else is a device.
#[test]
fn a_hibc_symbol_names_a_patient_only_where_the_site_says_so() {
    let text = "+/AA10482713";
    let checked: Vec<String> = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
        .chars()
        .map(|sign| format!("{text}{sign}"))
        .filter(|text| crate::check_digit::hibc_data(text).is_some())
        .collect();
    let [good] = checked.as_slice() else { panic!("one sign checks") };
    let mapped = site(&[r"\+/AA(?<mrn>[0-9]{8})"]);
    assert_eq!(said(&mapped, Symbology::Code128, good), ["number 10482713 MR"]);
    assert_eq!(
        said(&mapped, Symbology::Code128, &format!("{text}{}", if good.ends_with('0') { '1' } else { '0' })),
        ["unread"]
    );
    assert!(said(&site(&[]), Symbology::Code128, good).is_empty());
    assert!(said(&mapped, Symbology::Code128, "+A123BJC5D6E71G").is_empty(), "a device");
}

/// domain.md 2.5: a licence is of whoever presents it, whatever a site's shapes would make of it.
#[test]
fn a_licence_never_names_a_patient() {
    let rules = site(&["(?s).*DAQ(?<mrn>[0-9]{8}).*"]);
    let text =
        "@\n\u{1e}\rANSI 636000080002DL00410278ZV03190008DLDAQ10482713\nDCSOKAFOR\nDACDENISE\nDBB03151962";
    assert!(said(&rules, Symbology::Pdf417, text).is_empty());
}

/// domain.md 2.5: partial reads are a known hazard; off by default.
#[test]
fn interleaved_2_of_5_counts_only_where_the_site_allows_it() {
    assert!(said(&site(&["77(?<mrn>[0-9]{8})"]), Symbology::Itf, "7710482713").is_empty());
    let settings = BarcodeSettings {
        shape: "77(?<mrn>[0-9]{8})".into(),
        symbologies: Some(vec![Symbology::Itf]),
        ..Default::default()
    };
    let rules = rules(Some("[0-9]{8}")).with_barcodes(vec![settings]).unwrap();
    assert_eq!(said(&rules, Symbology::Itf, "7710482713"), ["number 10482713 MR"]);
    assert!(said(&rules, Symbology::Itf, "10482713").is_empty(), "not without its prefix");
}

/// domain.md 2.6, 4: Code 39 without a check only with a prefix.
#[test]
fn code_39_without_prefix_or_check_digit_is_no_witness() {
    let witness = |rules: &Rules, text: &str| {
        let change =
            |symbol: &mut Barcode| (symbol.symbology, symbol.text) = (Symbology::Code39, text.into());
        read(rules, &[], change).last().unwrap().witness
    };
    assert!(!witness(&site(&[]), "10482713"));
    assert!(witness(&rules(None), "M10482713"));
    assert!(witness(&site(&["(?<mrn>[0-9]{8})"]), "10482713"), "the site says what it holds");
}

#[test]
fn gs1_elements_before_the_recipient_are_passed_over() {
    let good = |text: &str| {
        words(&read(&rules(None), &[], |symbol| (symbol.gs1, symbol.text) = (true, text.into())))
    };
    assert_eq!(good("7241018018950123456789012341"), ["symbol 950123456789012341"]);
    assert_eq!(good("(8018)950123456789012341(8019)12"), ["symbol 950123456789012341"]);
    assert_eq!(good("25312345\u{1d}8018950123456789012341"), ["symbol 950123456789012341"]);
    assert_eq!(good("80189501234567890123418017950123456789012341"), ["unread"], "both are refused");
    assert!(good("8017950123456789012341").is_empty());
    assert!(good("0109501234567890").is_empty(), "an article");
}
