//! The witness table and AF-1 to AF-8, one sentence a test.

use std::sync::LazyLock;

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::document::SerialUse;
use crate::geometry::Rect;
use crate::identifier::IdentifierKind;
use crate::name::parse;
use crate::patient::{IdentifierStatus, PatientIdentifier, Sex};
use crate::reading::{QualityFlag, Symbology};
use crate::rules::{AuthoritySettings, Confirm, Identity};
use crate::separation::{Declaration, SpanEnd};
use crate::sheet::{SheetKind, SheetPayload};
use crate::sighting::{Printed, Seen, Stands, SymbolRead};

mod batch;
mod candidates;
mod cover;
mod elsewhere;
mod homecoming;
mod objections;
mod paper;
mod trap;

const OKAFOR: &str = "10482713";
const PETROV: &str = "10926584";

fn hospital() -> AuthorityId {
    AuthorityId("GENHOSP".into())
}

fn patient(mrn: &str, name: &str, born: Date, sex: Sex) -> Patient {
    let identifier = Identifier::mrn(&hospital(), mrn);
    Patient {
        id: PatientId(Uuid::from_u128(mrn.parse().unwrap())),
        identifiers: vec![PatientIdentifier { identifier, status: IdentifierStatus::Active }],
        names: vec![parse(name).unwrap()],
        birth_date: Some(born),
        earlier_birth_dates: Vec::new(),
        sex: Some(sex),
        died: None,
        flags: crate::patient::PatientFlags::default(),
        merged_into: None,
    }
}

/// One document and all that is known, changed test by test.
#[derive(Clone)]
struct Desk {
    case: Case,
    known: Known,
    rules: Rules,
}

fn now() -> Timestamp {
    "2026-03-01T10:00:00Z".parse().unwrap()
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let identity = Identity { mode: Mode::Auto, ..Identity::default() };
    Rules::from_config(identity, Vec::new(), None, None).unwrap()
});

/// A desk with two patients in the index and one page that says what is given.
fn desk(sightings: Vec<Sighting>) -> Desk {
    let draft = Draft { pages: vec![PageNumber(1)], declaration: None, held: Vec::new(), bound: Vec::new() };
    let rules = RULES.clone();
    let mut case = Case::of(&draft, &[], &rules, date(2026, 3, 1));
    case.sightings = sightings;
    let known = Known {
        patients: vec![
            patient(OKAFOR, "OKAFOR, DENISE R", date(1962, 3, 15), Sex::Female),
            patient(PETROV, "PETROV, ANTON", date(1939, 12, 24), Sex::Male),
        ],
        authorities: vec![hospital()],
        last_contact: Some("2026-03-01T09:00:00Z".parse().unwrap()),
        ..Known::default()
    };
    Desk { case, known, rules }.readable()
}

impl Desk {
    fn readable(mut self) -> Self {
        self.case.pages.iter_mut().for_each(|page| page.readable = true);
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Puts another page behind the document.
    fn page(mut self, sightings: Vec<Sighting>) -> Self {
        let page = PageNumber(u32::try_from(self.case.draft.pages.len()).unwrap() + 1);
        self.case.draft.pages.push(page);
        self.case.pages.push(PageCase { page, ..self.case.pages[0].clone() });
        self.case.sightings.extend(sightings.into_iter().map(|sighting| Sighting { page, ..sighting }));
        self
    }

    fn verdict(&self) -> Verdict {
        judge(&self.case, &self.known, &self.rules, now())
    }

    /// Reason codes; `["FILED"]` if there are none.
    fn codes(&self) -> Vec<&'static str> {
        match self.verdict() {
            Verdict::File(_) => vec!["FILED"],
            Verdict::Hold(hold) => hold.reasons.iter().map(|reason| reason.code()).collect(),
        }
    }

    fn is_filed(&self) -> bool {
        matches!(self.verdict(), Verdict::File(_))
    }
}

fn seen(what: Seen, text: &str, stands: Stands) -> Sighting {
    Sighting {
        page: PageNumber(1),
        place: Rect { x: 100, y: 100, w: 300, h: 36 },
        text: text.into(),
        confidence: 92.0,
        what,
        stands,
        witness: true,
    }
}

fn number(value: &str) -> Sighting {
    let what =
        Seen::Number { value: value.into(), kind: Some(IdentifierKind::Mrn), authority: None, symbol: None };
    seen(what, value, Stands::Field)
}

fn barcode(value: &str) -> Sighting {
    let symbol =
        SymbolRead { symbology: Symbology::Code128, agreeing: 2, disputed: false, printed: Printed::Equal };
    seen(
        Seen::Number { value: value.into(), kind: None, authority: None, symbol: Some(symbol) },
        value,
        Stands::Symbol,
    )
}

fn with_symbol(value: &str, change: impl FnOnce(&mut SymbolRead)) -> Sighting {
    let mut sighting = barcode(value);
    let Seen::Number { symbol: Some(symbol), .. } = &mut sighting.what else { panic!("a symbol") };
    change(symbol);
    sighting
}

fn name(text: &str) -> Sighting {
    seen(Seen::Name(parse(text).unwrap()), text, Stands::Field)
}

fn born(year: i16, month: i8, day: i8) -> Sighting {
    let text = format!("{month:02}/{day:02}/{year}");
    seen(Seen::BirthDate(date(year, month, day)), &text, Stands::Field)
}

fn sex(sex: Sex) -> Sighting {
    seen(Seen::Sex(sex), "", Stands::Field)
}

fn unread() -> Sighting {
    Sighting { witness: false, confidence: 0.0, ..seen(Seen::Unread, "", Stands::Field) }
}

/// Number, name and birth date of the first patient.
fn okafor() -> Vec<Sighting> {
    vec![number(OKAFOR), name("OKAFOR, DENISE R"), born(1962, 3, 15)]
}

fn petrov() -> Vec<Sighting> {
    vec![number(PETROV), name("PETROV, ANTON"), born(1939, 12, 24)]
}

fn plus(mut all: Vec<Sighting>, one: Sighting) -> Vec<Sighting> {
    all.push(one);
    all
}

fn codes(sightings: Vec<Sighting>) -> Vec<&'static str> {
    desk(sightings).codes()
}

// The rows of the table.

#[test]
fn a_number_with_name_and_birth_date_is_filed() {
    let verdict = desk(okafor()).verdict();
    let Verdict::File(approval) = verdict else { panic!("held") };
    assert_eq!(approval.patient, PatientId(Uuid::from_u128(10_482_713)));
    assert_eq!(approval.filed_under, Identifier::mrn(&hospital(), OKAFOR));
    assert_eq!(approval.evidence.len(), 3);
    assert!(approval.evidence.iter().all(|own| !own.contrary));
    assert_eq!(approval.evidence[0].authority.as_deref(), Some("GENHOSP"));
    assert!(desk(vec![barcode(OKAFOR), name("Denise Okafor"), born(1962, 3, 15)]).is_filed());
}

#[test]
fn a_number_alone_is_never_filed() {
    assert_eq!(codes(vec![number(OKAFOR)]), ["ONE_ID_ONLY"]);
    assert_eq!(codes(vec![barcode(OKAFOR)]), ["ONE_ID_ONLY"]);
    assert_eq!(codes(vec![barcode(OKAFOR), number(OKAFOR), sex(Sex::Female)]), ["ONE_ID_ONLY"]);
}

#[test]
fn a_number_with_one_demographic_is_held() {
    assert_eq!(codes(vec![barcode(OKAFOR), name("OKAFOR, DENISE")]), ["ONE_DEMOGRAPHIC"]);
    assert_eq!(codes(vec![number(OKAFOR), born(1962, 3, 15)]), ["ONE_DEMOGRAPHIC"]);
}

#[test]
fn name_and_birth_date_without_a_number_are_never_filed() {
    let desk = desk(vec![name("OKAFOR, DENISE"), born(1962, 3, 15)]);
    let Verdict::Hold(hold) = desk.verdict() else { panic!("filed") };
    assert_eq!(hold.reasons, [Reason::NoNumber]);
    assert_eq!(hold.candidates[0].why, "name and birth date agree");
}

#[test]
fn a_name_alone_or_nothing_is_nobody() {
    assert_eq!(codes(vec![name("OKAFOR, DENISE")]), ["NO_ID"]);
    assert_eq!(codes(vec![born(1962, 3, 15)]), ["NO_ID"]);
    assert_eq!(codes(Vec::new()), ["NO_ID"]);
}

#[test]
fn what_is_no_witness_does_not_count() {
    for at in 0..3 {
        let mut all = okafor();
        all[at].witness = false;
        assert!(!desk(all).is_filed());
        let mut all = okafor();
        all[at].stands = Stands::Body;
        assert!(!desk(all).is_filed());
    }
}

#[test]
fn either_is_enough_only_where_the_site_says_so_and_only_for_a_number_read_twice_with_a_check_digit() {
    let site = |desk: &mut Desk| {
        let luhn = AuthoritySettings {
            name: "GENHOSP".into(),
            check_digit: Some("luhn".into()),
            ..AuthoritySettings::default()
        };
        let identity = Identity { mode: Mode::Auto, confirm: Confirm::Either, ..Identity::default() };
        desk.rules = Rules::from_config(identity, vec![luhn], None, None).unwrap();
    };
    let good = |desk: &mut Desk| {
        site(desk);
        desk.known.patients[0].identifiers[0].identifier.value = "999999998".into();
    };
    let named = || vec![barcode("999999998"), name("OKAFOR, DENISE")];
    assert!(desk(named()).with(good).is_filed());
    assert!(!desk(named()).with(good).with(|desk| desk.rules.identity.confirm = Confirm::Both).is_filed());
    let unprinted =
        vec![with_symbol("999999998", |symbol| symbol.printed = Printed::Unread), name("OKAFOR, DENISE")];
    assert!(!desk(unprinted).with(good).is_filed());
    assert!(
        !desk(vec![barcode("999999998"), born(1962, 3, 15)]).with(good).is_filed(),
        "a birth date is not unique"
    );
    let fax = |desk: &mut Desk| desk.case.pages[0].quality.flags.push(QualityFlag::Fax);
    assert!(!desk(named()).with(good).with(fax).is_filed());
    let namesake = |desk: &mut Desk| desk.known.patients[1].names = vec![parse("OKAFOR, DENISE").unwrap()];
    assert!(!desk(named()).with(good).with(namesake).is_filed());
}

// AF-1.

#[test]
fn an_index_that_is_out_of_date_files_nothing() {
    let old = |desk: &mut Desk| desk.known.last_contact = Some("2026-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(desk(okafor()).with(old).codes(), ["MPI_STALE"]);
    assert_eq!(desk(okafor()).with(|desk| desk.known.last_contact = None).codes(), ["MPI_STALE"]);
}

#[test]
fn a_number_that_no_index_has_is_held() {
    assert_eq!(codes(vec![number("99999999"), name("OKAFOR, DENISE"), born(1962, 3, 15)]), ["ID_NOT_IN_MPI"]);
    assert_eq!(codes(vec![barcode("99999999")]), ["ID_NOT_IN_MPI"]);
}

#[test]
fn two_people_on_the_pages_are_taken_apart() {
    assert_eq!(codes(plus(okafor(), number(PETROV)))[0], "MULTI_PATIENT");
    assert_eq!(desk(okafor()).page(petrov()).codes()[0], "MULTI_PATIENT");
    let named = desk(okafor()).page(vec![name("PETROV, ANTON"), born(1939, 12, 24)]);
    assert_eq!(named.codes()[0], "MULTI_PATIENT");
}

#[test]
fn another_record_number_is_contrary_even_if_nobody_has_it() {
    assert_eq!(codes(plus(okafor(), number("10482718"))), ["MULTI_PATIENT", "ID_NOT_IN_MPI"]);
    assert_eq!(codes(plus(okafor(), barcode("10482718")))[0], "MULTI_PATIENT");
}

#[test]
fn a_forms_or_orders_number_in_a_symbol_is_neither() {
    assert!(desk(plus(okafor(), barcode("A20260105"))).is_filed());
    assert!(desk(plus(okafor(), barcode("123456"))).is_filed());
}

#[test]
fn a_number_without_authority_is_held_where_there_are_two() {
    let two = |desk: &mut Desk| desk.known.authorities.push(AuthorityId("CLINIC".into()));
    assert_eq!(desk(okafor()).with(two).codes(), ["AUTHORITY_UNKNOWN"]);
    let said = |desk: &mut Desk| {
        let Seen::Number { authority, .. } = &mut desk.case.sightings[0].what else { panic!("a number") };
        *authority = Some(hospital());
    };
    assert!(desk(okafor()).with(two).with(said).is_filed());
}

#[test]
fn a_retired_number_is_a_witness_only_beside_name_and_birth_date() {
    let retired = |desk: &mut Desk| desk.known.patients[0].identifiers[0].status = IdentifierStatus::Retired;
    assert!(desk(okafor()).with(retired).is_filed());
    assert_eq!(desk(vec![number(OKAFOR), name("OKAFOR, DENISE")]).with(retired).codes(), ["ID_RETIRED"]);
    assert_eq!(desk(vec![number(OKAFOR)]).with(retired).codes(), ["ID_RETIRED"]);
}

#[test]
fn a_visit_number_names_its_patient() {
    let visit = |desk: &mut Desk| {
        desk.known.encounters.push(Encounter {
            number: Identifier { kind: IdentifierKind::Visit, ..Identifier::mrn(&hospital(), "V7700123") },
            patient: desk.known.patients[0].id,
            days: Some((date(2026, 1, 2), date(2026, 1, 5))),
        });
    };
    let account = |value: &str| {
        let kind = Some(IdentifierKind::Account);
        seen(Seen::Number { value: value.into(), kind, authority: None, symbol: None }, value, Stands::Field)
    };
    let all = || vec![account("V7700123"), name("OKAFOR, DENISE"), born(1962, 3, 15)];
    assert!(desk(all()).with(visit).is_filed());
    assert_eq!(desk(all()).codes(), ["NO_NUMBER"], "an account that no visit knows is nobody's");
    let far = |desk: &mut Desk| desk.case.service = Some((date(2025, 6, 1), date(2025, 6, 1)));
    assert_eq!(desk(all()).with(visit).with(far).codes(), ["DOS_IMPLAUSIBLE"]);
    // Somebody's record number printed as an account number is an account number.
    assert!(desk(plus(okafor(), account(PETROV))).is_filed());
}

// AF-5.

#[test]
fn every_page_needs_an_identity_of_its_own_or_is_bound() {
    assert_eq!(desk(okafor()).page(Vec::new()).codes(), ["SILENT_RUN"]);
    assert!(desk(okafor()).page(vec![number(OKAFOR)]).is_filed());
    assert!(desk(okafor()).page(vec![name("OKAFOR, DENISE R")]).is_filed());
    assert!(!desk(okafor()).page(vec![born(1962, 3, 15)]).is_filed(), "a birth date alone names nobody");
    let bound = desk(okafor()).page(Vec::new()).with(|desk| desk.case.draft.bound.push(PageNumber(2)));
    assert!(bound.is_filed());
}

#[test]
fn a_name_alone_carries_a_page_only_if_nobody_else_has_it() {
    let namesake = |desk: &mut Desk| {
        desk.known.patients.push(patient("11702459", "OKAFOR, DENISE", date(1981, 12, 9), Sex::Female));
    };
    let two = desk(okafor()).page(vec![name("OKAFOR, DENISE R")]);
    assert!(two.is_filed());
    assert_eq!(two.with(namesake).codes(), ["SILENT_RUN"]);
}

#[test]
fn what_separation_holds_stays_held() {
    let held = desk(okafor()).with(|desk| desk.case.draft.held.push(Reason::SheetUnreadable));
    assert_eq!(held.codes(), ["SHEET_UNREADABLE"]);
}

// AF-6, AF-7, AF-8, shadow.

#[test]
fn an_impossible_date_of_service_holds_and_an_unknown_one_does_not() {
    let on = |day: Date| move |desk: &mut Desk| desk.case.service = Some((day, day));
    assert!(desk(okafor()).with(on(date(2026, 1, 5))).is_filed());
    assert!(desk(okafor()).is_filed());
    assert_eq!(desk(okafor()).with(on(date(1950, 1, 5))).codes(), ["DOS_IMPLAUSIBLE"]);
    assert_eq!(desk(okafor()).with(on(date(2027, 1, 5))).codes(), ["DOS_IMPLAUSIBLE"]);
    let died = |desk: &mut Desk| desk.known.patients[0].died = Some(date(2025, 6, 1));
    assert_eq!(desk(okafor()).with(died).with(on(date(2026, 1, 5))).codes(), ["DOS_IMPLAUSIBLE"]);
    assert!(desk(okafor()).with(died).with(on(date(2025, 6, 20))).is_filed());
}

#[test]
fn a_poor_picture_takes_witnesses_away_only_where_they_stand() {
    let poor = |page: usize| {
        move |desk: &mut Desk| desk.case.pages[page].quality.flags.push(QualityFlag::LowContrast)
    };
    assert_eq!(desk(okafor()).with(poor(0)).codes(), ["QC_FAIL"]);
    assert!(desk(okafor()).page(okafor()).is_filed());
    assert_eq!(desk(okafor()).page(okafor()).with(poor(1)).codes(), ["QC_FAIL"]);
    let bound = desk(okafor()).page(Vec::new()).with(|desk| desk.case.draft.bound.push(PageNumber(2)));
    assert!(bound.with(poor(1)).is_filed());
}

#[test]
fn a_poor_picture_still_contradicts() {
    let poor = |desk: &mut Desk| desk.case.pages[1].quality.flags.push(QualityFlag::Blurred);
    assert_eq!(desk(okafor()).page(petrov()).with(poor).codes()[0], "MULTI_PATIENT");
}

#[test]
fn what_was_read_with_little_confidence_is_looked_at() {
    let mut all = okafor();
    (all[1].witness, all[1].confidence) = (false, 40.0);
    assert_eq!(codes(all), ["OCR_LOW"]);
}

#[test]
fn sensitive_kinds_are_filed_by_a_person_also_if_only_suggested() {
    let kind = |code: &str| KindCode(code.into());
    assert_eq!(desk(okafor()).with(|desk| desk.case.kind = kind("PSYCH")).codes(), ["TYPE_SENSITIVE"]);
    assert_eq!(
        desk(okafor()).with(|desk| desk.case.suggested = Some(kind("PSYCH"))).codes(),
        ["TYPE_SENSITIVE"]
    );
    assert_eq!(desk(okafor()).with(|desk| desk.case.kind = kind("INSCARD")).codes(), ["TYPE_SENSITIVE"]);
    assert!(desk(okafor()).with(|desk| desk.case.kind = kind("LAB")).is_filed());
    assert!(desk(okafor()).with(|desk| desk.case.suggested = Some(kind("LAB"))).is_filed());
}

#[test]
fn in_shadow_mode_a_filing_is_proposed() {
    let desk = desk(okafor()).with(|desk| desk.rules.identity.mode = Mode::Shadow);
    let Verdict::Hold(hold) = desk.verdict() else { panic!("filed") };
    assert_eq!(hold.reasons, [Reason::Shadow]);
    assert_eq!(hold.candidates[0].patient, desk.known.patients[0].id);
    assert_eq!(hold.candidates[0].why, "number, name and birth date agree");
    assert_eq!(hold.evidence.len(), 3);
}

#[test]
fn a_page_that_nobody_could_read_holds() {
    assert_eq!(desk(okafor()).with(|desk| desk.case.pages[0].readable = false).codes(), ["PAGE_UNREADABLE"]);
}

#[test]
fn candidates_say_which_fields_fit_and_nothing_of_the_patient() {
    let desk = desk(vec![number(OKAFOR), name("SMITH, ANN"), born(1962, 3, 15)]);
    let Verdict::Hold(hold) = desk.verdict() else { panic!("filed") };
    assert_eq!(hold.candidates.len(), 1);
    assert_eq!(hold.candidates[0].why, "number and birth date agree; name differs");
    assert_eq!(hold.evidence.iter().filter(|own| own.contrary).count(), 1);
}
