//! Which pages are like a page, and of which does it look like a copy?

use super::*;
use crate::{Charted, Model};

mod rates;

const LABORATORY: &str = "Mount Carmel Hospital\nLABORATORY REPORT\nPatient Doe, Jane MRN 10482713\nCollected 04/02/2019 Reported 04/03/2019\n\
    Sodium 139 136-145 mmol/L\nPotassium 4.1 3.5-5.1 mmol/L\nChloride 101 98-107 mmol/L\nGlucose 88 70-99 mg/dL\n\
    Creatinine 0.92 0.60-1.20 mg/dL\nCalcium 9.4 8.6-10.2 mg/dL\nAlbumin 4.2 3.5-5.0 g/dL\nBilirubin 0.7 0.2-1.2 mg/dL\n\
    specimen received in good condition, reviewed by the pathologist";

/// Another page of the same chart.
fn of_the_chart(number: u32, text: &str) -> PageEntry {
    let mut entry = filed(number, text);
    if let Home::Document { patient: whose, .. } = &mut entry.home {
        *whose = patient(7);
    }
    entry
}

fn copies(shelf: &Shelf, number: u32, chart: &[u128], scope: &Scope) -> Vec<u32> {
    let of = Charted { page: page(number), chart: chart.iter().copied().map(patient).collect() };
    let found = shelf.index.as_ref().unwrap().reader().copies(&[of], scope).unwrap();
    found[0].iter().map(|copy| copy.page.page.0).collect()
}

#[test]
fn a_page_scanned_twice_or_faxed_is_flagged_and_both_are_found() {
    let fax = format!(
        "FAX FROM 617-555-0100 05/01/2019 14:02 P.3/7\n{}",
        LABORATORY.replace("Glucose", "G1ucose").replace("reviewed", "rcviewed")
    );
    let shelf = Shelf::of(&[
        of_the_chart(1, LABORATORY),
        of_the_chart(2, &fax),
        of_the_chart(3, "something else entirely"),
    ]);
    assert_eq!(copies(&shelf, 1, &[7], &everything()), [2]);
    assert_eq!(copies(&shelf, 2, &[7], &everything()), [1]);
    assert_eq!(shelf.found("albumin").len(), 2);
}

#[test]
fn the_same_form_of_another_day_or_of_somebody_else_is_no_copy() {
    let next = LABORATORY.replace("04/02/2019", "04/09/2019").replace("04/03/2019", "04/10/2019");
    let values = LABORATORY.replace(" 139 ", " 141 ").replace(" 4.1 ", " 3.8 ").replace(" 88 ", " 104 ");
    let shelf = Shelf::of(&[
        of_the_chart(1, LABORATORY),
        of_the_chart(2, &next),
        of_the_chart(3, &values),
        filed(4, LABORATORY),
    ]);
    assert!(copies(&shelf, 1, &[7], &everything()).is_empty());
    assert_eq!(copies(&shelf, 1, &[7, 4], &everything()), [4], "a merge makes one chart of two");
}

#[test]
fn on_the_worklist_the_pages_themselves_say_whose_they_are() {
    let other = LABORATORY.replace("Doe, Jane MRN 10482713", "Roe, Mary MRN 10926584");
    let nobody = LABORATORY.replace("MRN 10482713", "").replace("04/02/2019", "").replace("04/03/2019", "");
    let shelf = Shelf::of(&[
        held(1, LABORATORY),
        held(2, LABORATORY),
        held(3, &other),
        held(4, &nobody),
        held(5, &nobody),
    ]);
    assert_eq!(copies(&shelf, 1, &[], &everything()), [2]);
    assert!(copies(&shelf, 4, &[], &everything()).is_empty());
}

#[test]
fn a_copy_the_asker_may_not_see_is_not_told_of() {
    let mut hidden = of_the_chart(2, LABORATORY);
    hidden.labels = vec![Label("part2".into())];
    let shelf = Shelf::of(&[of_the_chart(1, LABORATORY), hidden, of_the_chart(3, LABORATORY)]);
    assert_eq!(copies(&shelf, 1, &[7], &everything()), [3]);
    assert!(copies(&shelf, 2, &[7], &everything()).is_empty(), "nor what it is a copy of");
    let since = Scope { excluded: [document(3)].into(), ..everything() };
    assert!(copies(&shelf, 1, &[7], &since).is_empty());
}

fn similar(shelf: &Shelf, of: &PageEntry, names: &[&str], scope: &Scope) -> Vec<u32> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let model = Model { page: of.page, reading: &of.reading, names: &names };
    let found = shelf.index.as_ref().unwrap().reader().similar(model, scope, 10).unwrap();
    found.iter().map(|hit| hit.page.page.0).collect()
}

#[test]
fn more_of_the_same_matter_is_found_best_first_and_without_the_page_itself() {
    let knee = filed(1, "Okafor: arthroscopy of the left knee, meniscus torn, physiotherapy twice weekly");
    let shelf = Shelf::of(&[
        knee.clone(),
        filed(2, "meniscus torn after a fall, arthroscopy planned, physiotherapy"),
        filed(3, "torn meniscus treated without arthroscopy"),
        filed(4, "Okafor: pneumonia of the left lung"),
        filed(5, "cough and fever for three days"),
        labelled(6, "psych", "arthroscopy meniscus torn physiotherapy knee weekly"),
    ]);
    assert_eq!(similar(&shelf, &knee, &["OKAFOR, Denise"], &everything()), [2, 3]);
    let sees = Scope { labels: [Label("psych".into())].into(), ..everything() };
    assert!(similar(&shelf, &knee, &[], &sees).contains(&6));
    assert!(similar(&shelf, &filed(9, "4711 12.5"), &[], &everything()).is_empty(), "numbers say nothing");
}
