//! Files, and the days for which they count.

use super::*;

fn tables(files: &[(&str, String)]) -> Result<CodeTables, Vec<String>> {
    let files = files.iter().map(|(name, text)| (Release::of(name).unwrap(), text.as_str())).collect();
    CodeTables::of(files).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn problem(name: &str, text: &str) -> String {
    tables(&[(name, text.to_owned())]).unwrap_err().join("; ")
}

fn valid(tables: &CodeTables, code: &str, day: Date) -> bool {
    !mentions(&line(&format!("Dx {code}")), Some((day, day)), tables).is_empty()
}

#[test]
fn a_name_says_which_release_a_file_is() {
    let days =
        |name: &str| Release::of(name).map(|release| (release.system, release.from, release.to)).unwrap();
    let year = (CodeSystem::Icd10Cm, date(2025, 10, 1), date(2026, 9, 30));
    assert_eq!(days("icd10cm-order-2026.txt"), year);
    assert_eq!(days("icd10cm_order_2026.txt"), year);
    let april = (CodeSystem::Icd10Cm, date(2026, 4, 1), date(2026, 9, 30));
    assert_eq!(days("icd10cm-order-April-2026.txt"), april);
    assert_eq!(days("icd10cm_order_2026_april.txt"), april);
    assert_eq!(days("icd10pcs_order_2026.txt").0, CodeSystem::Icd10Pcs);
    let quarter = (CodeSystem::Hcpcs, date(2026, 7, 1), date(2026, 9, 30));
    assert_eq!(days("HCPC2026_JUL_ANWEB_06172026.txt"), quarter);
    for other in
        ["icd10cm-codes-2026.txt", "icd10cm_order_addenda_2026.txt", "order.txt", "HCPC2026_JAN_ANWEB.xlsx"]
    {
        let said = Release::of(other).unwrap_err().to_string();
        assert!(said.starts_with(&format!("{other}: not the name of a code table; wanted are")), "{said}");
    }
}

#[test]
fn a_code_counts_from_october_to_september() {
    let old = order("E119", "a diagnosis");
    let new = order("E119", "a diagnosis") + &order("F32A", "Depression, unspecified");
    let two = [("icd10cm-order-2021.txt", old), ("icd10cm-order-2022.txt", new)];
    let tables = tables(&two).unwrap();
    assert!(!valid(&tables, "F32.A", date(2021, 9, 30)));
    assert!(valid(&tables, "F32.A", date(2021, 10, 1)));
    assert!(valid(&tables, "E11.9", date(2021, 9, 30)) && valid(&tables, "E11.9", date(2021, 10, 1)));
}

#[test]
fn a_code_that_was_given_up_counts_until_its_last_day() {
    let two = [
        ("icd10cm-order-2021.txt", order("M545", "Low back pain")),
        ("icd10cm-order-2022.txt", order("M5450", "Low back pain, unspecified")),
    ];
    let tables = tables(&two).unwrap();
    assert!(valid(&tables, "M54.5", date(2021, 9, 30)) && !valid(&tables, "M54.5", date(2021, 10, 1)));
    let stay = Some((date(2021, 9, 28), date(2021, 10, 3)));
    assert_eq!(mentions(&line("M54.5 M54.50"), stay, &tables).len(), 2, "a stay over both has both");
    assert_eq!(mentions(&line("M54.5 M54.50"), None, &tables).len(), 2, "and so has a page without a day");
}

#[test]
fn an_april_update_takes_over_in_april() {
    let two = [
        ("icd10cm-order-2026.txt", order("E119", "a diagnosis")),
        ("icd10cm-order-April-2026.txt", order("E119", "a diagnosis") + &order("Q999", "new in April")),
    ];
    let tables = tables(&two).unwrap();
    assert!(!valid(&tables, "Q99.9", date(2026, 3, 31)) && valid(&tables, "Q99.9", date(2026, 4, 1)));
    assert!(valid(&tables, "E11.9", date(2026, 3, 31)) && valid(&tables, "E11.9", date(2026, 9, 30)));
}

#[test]
fn for_a_time_without_a_release_the_nearest_counts() {
    let two = [
        ("icd10cm-order-2020.txt", order("E119", "a diagnosis")),
        ("icd10cm-order-2022.txt", order("F32A", "Depression, unspecified")),
    ];
    let tables = tables(&two).unwrap();
    assert!(valid(&tables, "E11.9", date(2017, 1, 1)), "before the first");
    assert!(valid(&tables, "E11.9", date(2020, 12, 1)), "between two: the earlier one");
    assert!(valid(&tables, "F32.A", date(2027, 1, 1)), "after the last");
    assert!(!valid(&tables, "E11.9", date(2015, 9, 30)), "never before there were such codes");
}

#[test]
fn a_supply_s_code_counts_from_when_it_was_added_until_its_last_day() {
    let file = anweb("A0428", "Ambulance", ("20010101", "20200331"));
    let tables = tables(&[("HCPC2020_JAN_ANWEB.txt", file)]).unwrap();
    let valid = |day| valid(&tables, "A0428", day);
    assert!(!valid(date(2000, 12, 31)) && valid(date(2001, 1, 1)));
    assert!(valid(date(2020, 3, 31)) && !valid(date(2020, 4, 1)));
}

#[test]
fn a_supply_s_code_that_a_later_file_has_no_more_ended_before_it() {
    let two = [
        ("HCPC2020_JAN_ANWEB.txt", anweb("A0428", "Ambulance", ("20010101", ""))),
        ("HCPC2021_JAN_ANWEB.txt", anweb("A0429", "Ambulance", ("20010101", ""))),
    ];
    let tables = tables(&two).unwrap();
    assert!(valid(&tables, "A0428", date(2020, 12, 31)) && !valid(&tables, "A0428", date(2021, 1, 1)));
    assert!(valid(&tables, "A0429", date(2030, 1, 1)), "the last file's go on");
}

#[test]
fn modifiers_cpt_and_dentists_codes_in_a_file_are_passed_over() {
    let modifier = format!("   AA001007{:<80}\n", "Anesthesia services");
    let file = modifier
        + &anweb("D0120", "a dentist's", ("", ""))
        + &anweb("99213", "a doctor's", ("", ""))
        + &anweb("A0428", "Ambulance", ("", ""));
    let tables = tables(&[("HCPC2026_JAN_ANWEB.txt", file.clone())]).unwrap();
    assert_eq!(tables.count(CodeSystem::Hcpcs), 1);
    let release = Release::of("HCPC2026_JAN_ANWEB.txt").unwrap();
    let texts = Descriptions::of([(&release, file.as_str())]).unwrap();
    for word in ["dentist's", "doctor's", "anesthesia"] {
        assert!(texts.named(&[vec![word.to_owned()]]).is_empty());
    }
}

#[test]
fn a_line_that_cannot_be_understood_is_named() {
    let order_file = order("E119", "a diagnosis") + "E119 Type 2 diabetes\n";
    assert_eq!(
        problem("icd10cm-order-2026.txt", &order_file),
        "icd10cm-order-2026.txt, line 2: not a line of an order file (number, code, 0 or 1, short text, long text)"
    );
    let anweb_file = "\nA0428 Ambulance\n";
    assert_eq!(
        problem("HCPC2026_JAN_ANWEB.txt", anweb_file),
        "HCPC2026_JAN_ANWEB.txt, line 2: not a line of the HCPCS ANWEB file (columns 1 to 5 the code, 11 one of 3, 4, 7, 8)"
    );
    let date = anweb("A0428", "Ambulance", ("2001JAN1", ""));
    assert!(problem("HCPC2026_JAN_ANWEB.txt", &date).contains("line 1: columns 269 to 276"));
    assert_eq!(problem("icd10cm-order-2026.txt", "\n"), "icd10cm-order-2026.txt: has no codes");
}

#[test]
fn the_same_release_twice_is_refused_and_all_problems_are_told_together() {
    let good = order("E119", "a diagnosis");
    let three = [
        ("icd10cm-order-2026.txt", good.clone()),
        ("icd10cm_order_2026.txt", good),
        ("HCPC2026_JAN_ANWEB.txt", "?".to_owned()),
    ];
    let problems = tables(&three).unwrap_err();
    assert_eq!(problems.len(), 2);
    let twice = "icd10cm_order_2026.txt: the same release as icd10cm-order-2026.txt; keep one of the two";
    assert!(problems.contains(&twice.to_owned()), "{problems:?}");
}

#[test]
fn the_fingerprint_changes_with_the_codes_and_not_with_their_files_names() {
    let print = |name: &str, text: String| tables(&[(name, text)]).unwrap().fingerprint();
    let one = print("icd10cm-order-2026.txt", order("E119", "a diagnosis"));
    assert_eq!(one, print("icd10cm_order_2026.txt", order("E119", "reworded")));
    assert_ne!(one, print("icd10cm-order-2026.txt", order("E118", "a diagnosis")));
    assert_ne!(one, print("icd10cm-order-2025.txt", order("E119", "a diagnosis")));
    assert_ne!(one, CodeTables::default().fingerprint());
}

#[test]
fn the_shipped_files_are_understood() {
    const FILES: [(&str, &str); 2] = [
        (
            "icd10cm-order-April-2026.txt",
            include_str!("../../../../../config/codes/icd10cm-order-April-2026.txt"),
        ),
        ("HCPC2026_JAN_ANWEB.txt", include_str!("../../../../../config/codes/HCPC2026_JAN_ANWEB.txt")),
    ];
    let tables = tables(&FILES.map(|(name, text)| (name, text.to_owned()))).unwrap();
    assert!(tables.count(CodeSystem::Icd10Cm) > 500 && tables.count(CodeSystem::Hcpcs) > 50);
    assert!(valid(&tables, "E11.9", date(2026, 5, 1)));
}
