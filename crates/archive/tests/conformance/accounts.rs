//! Who may sign in, and who works on what?

use archive::{AccountEdit, Archive, Edit, LinkFor, NewAccount, SavedSearch};
use jiff::SignedDuration;
use records::document::Label;
use records::rights::{Right, Role, Viewer};

use crate::house::house;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn clerk(name: &str) -> NewAccount {
    NewAccount {
        name: name.into(),
        display: "Maria Lopez".into(),
        roles: [Role::Clerk].into(),
        labels: Default::default(),
    }
}

fn with_administrator(archive: &Archive) {
    let secret = archive.make_link(&LinkFor::FirstAccount, HOUR, "os:root").unwrap();
    archive.set_up(&secret, "admin", "Ada Admin", "$argon2id$first").unwrap();
}

#[test]
fn the_first_link_makes_one_administrator_and_then_never_anybody() {
    let house = house();
    let archive = &house.archive;
    let secret = archive.make_link(&LinkFor::FirstAccount, HOUR, "os:root").unwrap();
    assert_eq!(archive.link(&secret).unwrap(), Some(LinkFor::FirstAccount));
    archive.set_up(&secret, "admin", "Ada Admin", "$argon2id$first").unwrap();
    assert!(archive.account("admin").unwrap().unwrap().may(Right::Administer));
    assert!(archive.set_up(&secret, "other", "Other", "$argon2id$").is_err());
    assert!(archive.make_link(&LinkFor::FirstAccount, HOUR, "os:root").is_err());
}

#[test]
fn a_link_is_used_once_and_lapses() {
    let house = house();
    let archive = &house.archive;
    archive.add_account(&clerk("lopez"), "os:root").unwrap();
    let late = archive.make_link(&LinkFor::Password("lopez".into()), -HOUR, "os:root").unwrap();
    assert!(archive.set_password(&late, "$argon2id$late").is_err());
    let secret = archive.make_link(&LinkFor::Password("lopez".into()), HOUR, "os:root").unwrap();
    assert_eq!(archive.set_password(&secret, "$argon2id$one").unwrap(), "lopez");
    assert!(archive.set_password(&secret, "$argon2id$two").is_err());
    assert_eq!(archive.account("lopez").unwrap().unwrap().password.as_deref(), Some("$argon2id$one"));
}

#[test]
fn a_newer_link_ends_an_older_one() {
    let house = house();
    let archive = &house.archive;
    archive.add_account(&clerk("lopez"), "os:root").unwrap();
    let make = || archive.make_link(&LinkFor::Password("lopez".into()), HOUR, "os:root").unwrap();
    let (older, newer) = (make(), make());
    assert_eq!(archive.link(&older).unwrap(), None);
    assert!(archive.link(&newer).unwrap().is_some());
}

#[test]
fn five_failures_lock_an_account_for_a_while_and_success_forgets_them() {
    let house = house();
    let archive = &house.archive;
    archive.add_account(&clerk("lopez"), "os:root").unwrap();
    for failure in 1..=5 {
        archive.sign_in_failed("lopez", "127.0.0.1").unwrap();
        let locked = archive.account("lopez").unwrap().unwrap().locked_until;
        assert_eq!(locked.is_some(), failure == 5, "after {failure}");
    }
    let account = archive.signed_in("lopez", None, "127.0.0.1").unwrap();
    assert_eq!((account.failures, account.locked_until), (0, None));
}

#[test]
fn who_does_not_exist_fails_the_same_way_and_is_on_record() {
    let house = house();
    house.archive.sign_in_failed("a-password-perhaps", "127.0.0.1").unwrap();
    let last = house.archive.audit(0, 100).unwrap().pop().unwrap();
    assert!(last.entry.refused);
    assert!(!serde_json::to_string(&last).unwrap().contains("a-password-perhaps"));
}

#[test]
fn a_code_of_the_second_factor_counts_once() {
    let house = house();
    let archive = &house.archive;
    archive.add_account(&clerk("lopez"), "os:root").unwrap();
    archive.set_totp("lopez", Some("JBSWY3DPEHPK3PXP"), "clerk:lopez").unwrap();
    archive.signed_in("lopez", Some(57), "127.0.0.1").unwrap();
    assert!(archive.signed_in("lopez", Some(57), "127.0.0.1").is_err());
    assert!(archive.signed_in("lopez", Some(56), "127.0.0.1").is_err());
    archive.signed_in("lopez", Some(58), "127.0.0.1").unwrap();
}

#[test]
fn what_takes_a_right_away_ends_sessions_and_the_last_administrator_stays() {
    let house = house();
    let archive = &house.archive;
    with_administrator(archive);
    archive.add_account(&clerk("lopez"), "clerk:admin").unwrap();
    let before = archive.account("lopez").unwrap().unwrap().generation;
    let disabled = AccountEdit { disabled: Some(true), ..AccountEdit::default() };
    archive.edit_account("lopez", &disabled, "clerk:admin").unwrap();
    let after = archive.account("lopez").unwrap().unwrap();
    assert!(after.disabled && after.generation > before);
    assert!(archive.edit_account("admin", &disabled, "clerk:admin").is_err());
    let demoted = AccountEdit { roles: Some([Role::Clerk].into()), ..AccountEdit::default() };
    assert!(archive.edit_account("admin", &demoted, "clerk:admin").is_err());
    assert!(!archive.account("admin").unwrap().unwrap().disabled);
}

#[test]
fn a_name_is_taken_once_and_is_plain() {
    let house = house();
    let archive = &house.archive;
    archive.add_account(&clerk("lopez"), "os:root").unwrap();
    for name in ["lopez", "Lopez", "l", "../etc", "lo pez", "1lopez", ""] {
        assert!(archive.add_account(&clerk(name), "os:root").is_err(), "{name:?}");
    }
    assert_eq!(archive.accounts().unwrap().len(), 1);
}

#[test]
fn two_clerks_never_hold_one_item() {
    let house = house();
    let archive = &house.archive;
    assert_eq!(archive.claim("x01", "clerk:lopez").unwrap(), Ok(()));
    let other = archive.claim("x01", "clerk:kim").unwrap().unwrap_err();
    assert_eq!(other.by, "clerk:lopez");
    archive.let_go("x01", "clerk:kim").unwrap();
    assert!(archive.claim("x01", "clerk:kim").unwrap().is_err(), "only the holder lets go");
    assert_eq!(archive.claims().unwrap().len(), 1);
    archive.let_go("x01", "clerk:lopez").unwrap();
    assert_eq!(archive.claim("x01", "clerk:kim").unwrap(), Ok(()));
}

#[test]
fn searches_are_kept_for_their_owner_only() {
    let house = house();
    let archive = &house.archive;
    let kept = |query: &str| SavedSearch { name: "labs".into(), query: query.into() };
    archive.save_search("clerk:lopez", &kept("type:lab")).unwrap();
    archive.save_search("clerk:lopez", &kept("type:lab from:2019")).unwrap();
    let own = archive.saved_searches("clerk:lopez").unwrap();
    assert_eq!(own.iter().map(|own| own.query.as_str()).collect::<Vec<_>>(), ["type:lab from:2019"]);
    assert!(archive.saved_searches("clerk:kim").unwrap().is_empty());
    archive.forget_search("clerk:lopez", "labs").unwrap();
    assert!(archive.saved_searches("clerk:lopez").unwrap().is_empty());
}

#[test]
fn an_emergency_opens_one_patient_s_restricted_documents_to_one_person_for_a_while() {
    let house = house();
    let archive = &house.archive;
    let (page, id) = house.filed_page();
    let restricted = Edit { labels: Some(vec![Label("MH".into())]), ..Edit::default() };
    archive.edit(&id, &restricted, "clerk:lopez").unwrap();
    archive.add_account(&clerk("kim"), "os:root").unwrap();
    let kim = || {
        let account = archive.account("kim").unwrap().unwrap();
        Viewer { emergency: archive.emergency_patients("kim").unwrap(), ..account.viewer() }
    };
    assert!(archive.viewer_sight(&kim(), &[page], "treatment").is_err());
    let patient = archive.document(&id).unwrap().unwrap().patient.id;
    assert!(archive.break_glass("kim", patient, "treatment", " ").is_err(), "a reason is asked for");
    archive.break_glass("kim", patient, "treatment", "unconscious in the ER").unwrap();
    archive.viewer_sight(&kim(), &[page], "treatment").unwrap();
    let other = archive.account("kim").unwrap().unwrap().viewer();
    assert!(archive.viewer_sight(&other, &[page], "treatment").is_err(), "nobody else");
    let open = archive.emergencies().unwrap();
    assert_eq!((open.len(), open[0].account.as_str()), (1, "kim"));
    archive.mend_glass("kim", patient).unwrap();
    assert!(archive.viewer_sight(&kim(), &[page], "treatment").is_err());
    archive.judge_emergency(open[0].key, "justified", "clerk:privacy").unwrap();
    assert!(archive.emergencies().unwrap().is_empty());
    assert!(archive.judge_emergency(open[0].key, "not justified", "clerk:other").is_err());
}
