//! Settings, and what they mean.

use super::*;
use crate::identifier::IdentifierKind;

fn authority(name: &str) -> AuthoritySettings {
    AuthoritySettings { name: name.into(), ..AuthoritySettings::default() }
}

fn rules(authorities: Vec<AuthoritySettings>) -> Result<Rules, RulesError> {
    Rules::from_config(Identity::default(), authorities, None, None)
}

fn barcodes(shapes: &[&str]) -> Result<Rules, RulesError> {
    let settings =
        shapes.iter().map(|shape| BarcodeSettings { shape: (*shape).into(), ..BarcodeSettings::default() });
    rules(Vec::new()).unwrap().with_barcodes(settings.collect())
}

#[test]
fn a_shape_fits_whole_numbers_only() {
    let shaped = AuthoritySettings { shape: Some("[0-9]{8}".into()), ..authority("GENHOSP") };
    let rules = rules(vec![shaped]).unwrap();
    assert!(rules.authorities[0].fits("00123456"));
    assert!(!rules.authorities[0].fits("001234567"));
    assert!(!rules.authorities[0].fits("A00123456"));
}

#[test]
fn a_width_and_a_prefix_are_a_shape_too() {
    let meditech = AuthoritySettings { width: Some(10), prefix: Some("m".into()), ..authority("GENHOSP") };
    let rules = rules(vec![meditech]).unwrap();
    assert!(rules.authorities[0].fits("M000123456"));
    assert!(!rules.authorities[0].fits("M00123456") && !rules.authorities[0].fits("V000123456"));
}

/// domain.md 2.2: pads to the site's width only if the configuration says so.
#[test]
fn leading_zeros_are_given_back_only_where_the_site_says_so() {
    let wide = AuthoritySettings { width: Some(8), ..authority("GENHOSP") };
    let bare = rules(vec![wide.clone()]).unwrap();
    assert_eq!(bare.number("12-34-56", None), ("123456".into(), None));
    let padded = rules(vec![AuthoritySettings { pad: true, ..wide.clone() }]).unwrap();
    let of = Some(AuthorityId("GENHOSP".into()));
    assert_eq!(padded.number("12-34-56", None), ("00123456".into(), of.clone()));
    assert_eq!(padded.number("A123456", None), ("A123456".into(), None), "no digits alone");
    let lettered = AuthoritySettings { prefix: Some("M".into()), pad: true, ..wide };
    assert_eq!(rules(vec![lettered]).unwrap().number("m12345", None), ("M0012345".into(), of));
}

#[test]
fn a_number_that_two_authorities_may_have_given_is_of_neither() {
    let wide = |name: &str| AuthoritySettings { width: Some(8), ..authority(name) };
    let two = rules(vec![wide("A"), wide("B")]).unwrap();
    assert_eq!(two.number("00123456", None).1, None);
    assert_eq!(two.number("00123456", Some(&AuthorityId("B".into()))).1, Some(AuthorityId("B".into())));
}

/// domain.md 2.3: a change of the version code is no change of identity.
#[test]
fn the_version_of_a_health_card_is_left_out() {
    let ontario = AuthoritySettings {
        shape: Some("[0-9]{10}".into()),
        check_digit: Some("ontario".into()),
        ..authority("OHIP")
    };
    assert_eq!(rules(vec![ontario]).unwrap().number("9876-543-217-AB", None).0, "9876543217");
}

#[test]
fn all_faults_of_the_settings_are_told_together() {
    let shapeless = AuthoritySettings { shape: Some("(".into()), ..authority("A") };
    let checked = AuthoritySettings { check_digit: Some("mod97".into()), ..authority("B") };
    let twice = AuthoritySettings { shape: Some("[0-9]+".into()), width: Some(8), ..authority("C") };
    let padded = AuthoritySettings { pad: true, ..authority("D") };
    let long = AuthoritySettings { width: Some(2), prefix: Some("ABC".into()), ..authority("E") };
    let error = rules(vec![shapeless, checked, twice, padded, long]).unwrap_err();
    assert_eq!(error.problems.len(), 5, "{error}");
    let error = Rules::from_config(Identity::default(), Vec::new(), Some("kind = 3"), Some("groups = 1"));
    assert_eq!(error.unwrap_err().problems.len(), 2);
}

#[test]
fn a_facility_is_ours_or_another_never_both() {
    let ours = AuthoritySettings { facilities: vec!["General Hospital".into()], ..authority("GENHOSP") };
    let identity = Identity { outside: vec!["GENERAL HOSPITAL".into()], ..Identity::default() };
    let error = Rules::from_config(identity, vec![ours], None, None).unwrap_err();
    assert_eq!(error.problems.len(), 1);
}

/// domain.md 2.5: site regexes, longest first.
#[test]
fn the_longest_shape_of_a_barcode_is_tried_first() {
    let shapes = ["(?<mrn>[A-Z][0-9]{8})", "(?<form>[A-Z]{3}-[0-9]{4})R[0-9]", "V(?<visit>[0-9]{2}[0-9]{6})"];
    let rules = barcodes(&shapes).unwrap();
    let said = |text: &'static str| rules.barcode(text, Symbology::Code128).unwrap();
    assert_eq!(said("V00098765").numbers, [(IdentifierKind::Visit, "00098765")], "the longer one says so");
    assert_eq!(said("FRM-1042R3").form, Some("FRM-1042"));
    assert_eq!(rules.form("FRM-1042R3", Symbology::Code39), Some("FRM-1042"));
    assert_eq!(rules.barcode("V0009876", Symbology::Code128), None, "anchored at both ends");
}

#[test]
fn one_symbol_may_say_several_numbers() {
    let rules = barcodes(&["(?<mrn>[0-9]{8})\\^(?<visit>[0-9]{7})\\^(?<account>[0-9]{6})"]).unwrap();
    let said = rules.barcode("00123456^7700123^889001", Symbology::DataMatrix).unwrap();
    let kinds: Vec<&str> = said.numbers.iter().map(|(kind, _)| kind.code()).collect();
    assert_eq!(kinds, ["MR", "VN", "AN"]);
}

/// domain.md 2.5 and 2.6: off by default, and then only with a prefix.
#[test]
fn what_is_read_in_part_needs_leave_and_a_prefix() {
    let allowed = |shape: &str| {
        let settings = BarcodeSettings {
            shape: shape.into(),
            symbologies: Some(vec![Symbology::Itf]),
            ..BarcodeSettings::default()
        };
        rules(Vec::new()).unwrap().with_barcodes(vec![settings])
    };
    let by_default = barcodes(&["77(?<mrn>[0-9]{8})"]).unwrap();
    assert_eq!(by_default.barcode("7700123456", Symbology::Itf), None);
    assert!(allowed("77(?<mrn>[0-9]{8})").unwrap().barcode("7700123456", Symbology::Itf).is_some());
    assert!(allowed("(?<mrn>[0-9]{8})").is_err());
}

#[test]
fn a_barcode_that_holds_nothing_known_is_refused() {
    assert_eq!(barcodes(&["[0-9]{8}", "(?<ssn>[0-9]{9})", "("]).unwrap_err().problems.len(), 3);
    let foreign = BarcodeSettings {
        shape: "(?<mrn>[0-9]{8})".into(),
        authority: Some("ELSEWHERE".into()),
        ..BarcodeSettings::default()
    };
    let known = rules(vec![authority("GENHOSP")]).unwrap();
    assert!(known.with_barcodes(vec![foreign]).is_err());
}
