//! What another facility, an initial or a scheme's own birth date says.

use super::*;

fn elsewhere(value: &str) -> Sighting {
    Sighting { stands: Stands::Outside, witness: false, ..number(value) }
}

fn letter(read: Sex) -> Sighting {
    Sighting { witness: false, ..seen(Seen::SexOrInitial(read), "F", Stands::Label) }
}

/// domain.md AF-3: an outside facility's number, labelled as such, is not of the authority.
#[test]
fn another_facilitys_number_is_neither_for_nor_against() {
    assert!(desk(plus(okafor(), elsewhere("5551212"))).is_filed());
    assert!(desk(plus(okafor(), elsewhere("10482719"))).is_filed(), "even of the same make");
    assert_eq!(codes(vec![elsewhere("5551212"), name("OKAFOR, DENISE"), born(1962, 3, 15)]), ["NO_NUMBER"]);
}

/// domain.md 2.1: the same value under two authorities is two identifiers. Nobody told us whose it is.
#[test]
fn another_facilitys_number_that_is_also_one_of_ours_files_nothing() {
    let of_okafor = vec![elsewhere(OKAFOR), name("OKAFOR, DENISE"), born(1962, 3, 15)];
    assert_eq!(codes(of_okafor), ["NO_NUMBER"]);
    assert_eq!(codes(plus(okafor(), elsewhere(PETROV))), ["MULTI_PATIENT"]);
}

/// "OKAFOR, DENISE M 03/15/1962": the M is a sex, unless it is an initial of hers.
#[test]
fn a_letter_that_may_be_a_sex_is_contrary_to_whom_neither_fits() {
    assert!(desk(plus(okafor(), letter(Sex::Female))).is_filed());
    assert_eq!(codes(plus(okafor(), letter(Sex::Male))), ["SEX_MISMATCH"]);
    let mary = |desk: &mut Desk| desk.known.patients[0].names[0].middle = "MARY".into();
    assert!(
        desk(vec![number(OKAFOR), name("OKAFOR, DENISE"), born(1962, 3, 15), letter(Sex::Male)])
            .with(mary)
            .is_filed()
    );
    assert_eq!(codes(vec![number(OKAFOR), letter(Sex::Female)]), ["ONE_ID_ONLY"], "it speaks for nobody");
}

/// domain.md 2.3: the first six digits of a Scottish number must equal the birth date.
#[test]
fn a_scottish_number_of_another_birth_date_is_contrary() {
    // 15 March 1962 and 16 March 1962, each with its check digit.
    for (body, expected) in [("150362123", "FILED"), ("160362123", "CHECK_DIGIT_FAIL")] {
        let scheme = crate::check_digit::CheckDigit::Chi;
        let chi = (0..10).map(|digit| format!("{body}{digit}")).find(|value| scheme.valid(value)).unwrap();
        let scotland = |desk: &mut Desk| {
            let settings = AuthoritySettings {
                name: "GENHOSP".into(),
                check_digit: Some("chi".into()),
                ..AuthoritySettings::default()
            };
            let identity = desk.rules.identity.clone();
            desk.rules = Rules::from_config(identity, vec![settings], None, None).unwrap();
            desk.known.patients[0].identifiers[0].identifier = Identifier::mrn(&hospital(), &chi);
        };
        let all = vec![number(&chi), name("OKAFOR, DENISE"), born(1962, 3, 15)];
        assert_eq!(desk(all).with(scotland).codes(), [expected]);
    }
}
