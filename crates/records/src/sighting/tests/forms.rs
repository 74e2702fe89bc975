//! Lines of forms as hospitals of the US and the UK print them, and what is seen on each. All of them are made up.

use super::*;

/// What stands on a page of these lines. Several spaces are white space of their width.
fn on(text: &str) -> Vec<String> {
    let lines: Vec<(u32, u32, &str)> =
        (0..).zip(text.split('\n')).map(|(nth, line)| (150, 200 + 60 * nth, line)).collect();
    let mut words = seen(&lines);
    words.dedup();
    words
}

fn all(cases: &[(&str, &[&str])]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, on(text)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(text, expected, found)| format!("{text:?}\n  expected {expected:?}\n  found    {found:?}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

const NAME: &str = "name OKAFOR, DENISE";
const NAME_R: &str = "name OKAFOR, DENISE R";
const BORN: &str = "born 1962-03-15";
const MRN: &str = "number 10482713 MR";
const F: &str = "sex Female";

#[test]
fn headers_of_american_forms() {
    all(&[
        ("Patient: OKAFOR, DENISE R    MRN: 10482713    DOB: 03/15/1962    Sex: F", &[BORN, NAME_R, MRN, F]),
        (
            "Patient Name: Denise Okafor   Date of Birth: March 15, 1962   Medical Record #: 10482713",
            &[BORN, NAME, MRN],
        ),
        (
            "NAME: OKAFOR,DENISE R  MR#: 10482713  ACCT#: 889001  DOB: 03/15/62  AGE/SEX: 63/F",
            &["age 63", BORN, NAME_R, MRN, "number 889001 AN", F],
        ),
        ("Patient: OKAFOR, DENISE R | MRN: 10482713 | DOB: 3/15/1962", &[BORN, NAME_R, MRN]),
        ("Patient's Name: OKAFOR, DENISE R", &[NAME_R]),
        ("Name of Patient: Denise R. Okafor", &[NAME_R]),
        ("PATIENT NAME (Last, First, MI): OKAFOR, DENISE R", &[NAME_R]),
        ("Last Name: OKAFOR    First Name: DENISE    MI: R    DOB: 03/15/1962", &[BORN, NAME]),
        ("Pt. Name: OKAFOR, DENISE    Pt ID: 10482713", &[NAME, "number 10482713"]),
        ("Patient ID #: 10482713   Unit No: 10482713", &["number 10482713"]),
        ("DOB (mm/dd/yyyy): 03/15/1962", &[BORN]),
        ("Date of Birth: 03-15-1962   Age: 63 y.o.   Gender: F", &["age 63", BORN, F]),
        ("DOB/Sex: 03/15/1962 F", &[BORN, F]),
        ("DOB: 3/15/1962 (63 yrs)   Sex: Female", &["age 63", BORN, F]),
        ("Birthdate 15MAR1962", &[BORN]),
        ("DOB: 1962-03-15T00:00:00", &[BORN]),
        ("DOB: 03 15 1962", &[BORN]),
        ("MRN: 10 48 27 13", &[MRN]),
        ("MRN: 10-48-27-13", &[MRN]),
        (
            "CSN: 7700123   FIN #: 889001   HAR 4455667",
            &["number 4455667 AN", "number 7700123 VN", "number 889001 AN"],
        ),
        (
            "Okafor, Denise R (MRN 10482713)   DOB: 03/15/1962   Encounter Date: 01/05/2026",
            &[BORN, NAME_R, MRN],
        ),
        ("OKAFOR,DENISE R                    MRN:10482713   FIN:889001", &[NAME_R, MRN, "number 889001 AN"]),
        ("OKAFOR, DENISE R - MRN 10482713 - DOB 03/15/1962 - Page 2 of 3", &[BORN, NAME_R, MRN]),
        ("RE: OKAFOR, DENISE   DOB: 03/15/1962   MRN: 10482713", &[BORN, NAME, MRN]),
        ("Resident Name: OKAFOR, DENISE    Room: 412    Bed: 2", &[NAME]),
        ("Client Name: Denise Okafor   Client ID: 10482713", &[NAME, "number 10482713"]),
        ("SEX: M    RACE: W    AGE: 3 MO", &["age 0", "sex Male"]),
    ]);
}

#[test]
fn headers_of_british_forms() {
    all(&[
        ("Surname: OKAFOR    Forename(s): DENISE    D.O.B: 15/03/1962", &[BORN, NAME]),
        ("Hospital No: 10482713    NHS No: 943 476 5919", &["number 10482713", "number 9434765919"]),
        ("NHS Number: 943-476-5919", &["number 9434765919"]),
        ("NHS No. 9434765919", &["number 9434765919"]),
        ("CHI: 1503621234", &["number 1503621234"]),
        ("Patient: Mrs Denise OKAFOR   DoB: 15.03.62", &[BORN, "name OKAFOR, DENISE"]),
        ("Re: Denise OKAFOR, DOB 15/03/1962, Hospital No 10482713", &[BORN, NAME, "number 10482713"]),
        ("Name: Denise Okafor    Born: 15-Mar-1962    Gender: Female", &[BORN, NAME, F]),
        ("Family name: OKAFOR   Given name: DENISE   Date of birth: 15th March 1962", &[BORN, NAME]),
    ]);
}

#[test]
fn label_blocks() {
    all(&[
        (
            "OKAFOR, DENISE R\nDOB: 03/15/1962  63Y F\nMRN 10482713  FIN 889001",
            &["age 63", BORN, NAME_R, MRN, "number 889001 AN", F],
        ),
        (
            "OKAFOR, DENISE R\nDOB: 03/15/1962\nMRN 10482713\nAdm: 01/02/2026  Dr. REED, ALAN",
            &[BORN, NAME_R, MRN],
        ),
        ("OKAFOR, DENISE R F 03/15/1962\n10482713", &[BORN, NAME_R, "number 10482713", F]),
        ("OKAFOR, DENISE    F    03/15/1962\n10482713", &[BORN, NAME, "number 10482713", F]),
        (
            "OKAFOR, DENISE F 03/15/1962\n10482713",
            &[BORN, "name OKAFOR, DENISE F", "number 10482713", "sex or initial Female"],
        ),
        ("OKAFOR, DENISE (F) 03/15/1962\n10482713", &[BORN, NAME, "number 10482713", F]),
        ("OKAFOR, DENISE R   63Y/F   03/15/1962\n10482713", &["age 63", BORN, NAME_R, "number 10482713", F]),
        ("OKAFOR, DENISE R   F/63   03/15/1962\n10482713", &["age 63", BORN, NAME_R, "number 10482713", F]),
        (
            "M000123456\nOKAFOR,DENISE R\nF 03/15/1962 V00012345678",
            &[BORN, NAME_R, "number M000123456", "number V00012345678", F],
        ),
        (
            "OKAFOR, BABY BOY   01/02/2026   M\n10482713",
            &["born 2026-01-02", "name OKAFOR, BABY BOY", "number 10482713", "sex Male"],
        ),
        ("OKAFOR, DENISE R   SSN 123456789\nDOB 03/15/1962   MRN 10482713", &[BORN, NAME_R, MRN]),
        ("OKAFOR, DENISE R   123-45-6789\nDOB 03/15/1962   MRN 10482713", &[BORN, NAME_R, MRN]),
    ]);
}

#[test]
fn names_of_many_kinds() {
    all(&[
        ("Patient: O'BRIEN-JONES, MARY-ANN", &["name O'BRIEN-JONES, MARY-ANN"]),
        ("Patient: O’BRIEN, SEAN", &["name O’BRIEN, SEAN"]),
        ("Patient: VAN DER BERG, ANNA", &["name VAN DER BERG, ANNA"]),
        ("Patient: Anna van der Berg", &["name VAN DER BERG, ANNA"]),
        ("Patient: DE LA CRUZ, JUAN JR", &["name DE LA CRUZ, JUAN JR"]),
        ("Patient: SMITH III, JOHN", &["name SMITH, JOHN III"]),
        ("Patient: Mary Ann Smith", &["name SMITH, MARY ANN"]),
        ("Patient: Dr. John Smith", &["name SMITH, JOHN"]),
        ("Patient: NGUYEN, THI MINH", &["name NGUYEN, THI MINH"]),
        ("Patient: MÜLLER, JÜRGEN", &["name MÜLLER, JÜRGEN"]),
        ("Patient: SMITH , JOHN", &["name SMITH, JOHN"]),
        ("Patient Name: SMITH JOHN Q", &["name Q, SMITH JOHN"]),
        ("Patient: LI, WEI", &["name LI, WEI"]),
        ("Patient: BABY GIRL SMITH", &["name SMITH, BABY GIRL"]),
        ("Patient: UNKNOWN, MALE", &["name UNKNOWN, MALE"]),
    ]);
}

/// domain.md, issue 11 line 4: a provider's name is not the patient's.
#[test]
fn providers_are_nobody_here() {
    all(&[
        ("Attending: SMITH, ROBERT MD", &[]),
        ("Attending Physician: Robert Smith, M.D.    NPI 1234567893", &[]),
        ("Referring Physician: JONES, ALAN    Referral date: 01/02/2026", &[]),
        ("PCP: Jones, Alan MD   Phone: 617-555-1234", &[]),
        ("Primary Care Physician\nJONES, ALAN 12345678", &[]),
        ("Ordering Provider: SMITH, ROBERT   12345678   01/05/2026", &[]),
        ("Surgeon: REED, ALAN    Assistant: MILLER, JOHN PA-C", &[]),
        ("Surgeon(s): REED, ALAN 01/05/2026", &[]),
        ("Anesthesia: MILLER, JOHN CRNA", &[]),
        ("cc: Alan Reed, MD", &[]),
        ("CC: JONES, MARK; SMITH, ANN", &[]),
        ("cc: JONES, MARK 01/05/2026 10482713", &[]),
        ("Copies to: JONES, MARK; SMITH, ANN 1234567", &[]),
        ("Dictated by: REED, ALAN MD 01/05/2026", &[]),
        ("Electronically signed by: Alan Reed, MD on 01/05/2026 10:15", &[]),
        ("Electronically Signed By REED, ALAN 01/05/2026", &[]),
        ("Authenticated by SMITH, JOHN on 01/05/2026 1234567", &[]),
        ("Attested by: SMITH, JOHN 01/05/2026", &[]),
        ("Signed: SMITH, JOHN RN", &[]),
        ("Signature: ____________ Print Name: JOHN SMITH   Date: 01/05/2026", &[]),
        ("Witness: SMITH, JOHN   Date: 01/05/2026", &[]),
        ("Nurse: Mary Jones RN", &[]),
        ("Nurse Name: JONES, MARY    Employee ID: 445210", &[]),
        ("Interpreter: Maria Lopez          ID: 123456", &[]),
        ("Provider ID: 1234567    Operator ID: 00123456", &[]),
        ("Technologist: LEE, SAM   01/05/2026   1234567", &[]),
        ("GP: Dr R Singh    Practice: The Surgery", &[]),
        ("Registered GP: SINGH, R 1234567", &[]),
        ("Consultant: Mr J Smith FRCS", &[]),
        ("Dear Dr Patel", &[]),
        ("Yours sincerely, Mr J Smith FRCS", &[]),
        ("From: SMITH, JOHN   To: Medical Records   01/05/2026", &[]),
        ("Referred by: JONES, ALAN   DOB of referral: 01/02/1990", &[]),
        ("Pharmacist: LEE, SAM  Rx# 1234567", &[]),
        ("Case Manager: LEE, SAM 01/05/2026", &[]),
        ("Social Worker: LEE, SAM 1234567", &[]),
        ("Provider Name: REED, ALAN   Provider DOB: 01/02/1960", &[]),
    ]);
}

#[test]
fn relatives_and_payers_are_somebody_else() {
    all(&[
        ("Guarantor: OKAFOR, PAUL   DOB: 01/02/1960   SSN: 123-45-6789", &[]),
        ("Emergency Contact: OKAFOR, PAUL (spouse) 617-555-1234", &[]),
        ("Emergency contact name: Paul Okafor   Relationship: Husband", &[]),
        ("Mother's Name: OKAFOR, GRACE   DOB: 05/06/1935", &[]),
        ("Mother's maiden name: SMITH", &[]),
        ("Father: OKAFOR, PETER   DOB: 01/02/1930", &[]),
        ("Father's DOB: 01/02/1930", &[]),
        ("Mother DOB 05/06/1990", &[]),
        ("Maternal DOB: 05/06/1990", &[]),
        ("Next of Kin: OKAFOR, PAUL    Relationship: Husband", &[]),
        ("Subscriber Name: OKAFOR, PAUL    Subscriber DOB: 01/02/1960    Subscriber ID: W10482713", &[]),
        ("Insured's Name: OKAFOR, PAUL    Insured's ID: 10482713", &[]),
        ("Name of Insured: OKAFOR, PAUL    DOB: 01/02/1960", &[]),
        ("Primary Insured: OKAFOR, PAUL    Date of Birth: 01/02/1960", &[]),
        ("Responsible Party: OKAFOR, PAUL   DOB: 01/02/1960", &[]),
        ("Spouse: OKAFOR, PAUL   Sex: M", &[]),
        ("Spouse's name: OKAFOR, PAUL", &[]),
        ("Husband's Name: Paul Okafor   DOB: 01/02/1960", &[]),
        ("Parent/Guardian: OKAFOR, PAUL   DOB: 01/02/1960", &[]),
        ("Parent or Guardian Name: OKAFOR, PAUL", &[]),
        ("Policy Holder: OKAFOR, PAUL   DOB: 01/02/1960", &[]),
        ("Policyholder Name: Paul Okafor", &[]),
        ("Legal Representative: OKAFOR, PAUL 01/02/1960", &[]),
        ("Health care agent: OKAFOR, PAUL    Phone: 617-555-1234", &[]),
        ("Donor MRN: 00999999", &[]),
        ("Baby's MRN: 00999999", &[]),
        ("Employer: ACME, INC 10482713", &[]),
        ("GUARANTOR INFORMATION\nName: OKAFOR, PAUL\nDOB: 01/02/1960\nSex: M", &[]),
        ("EMERGENCY CONTACT\nName: Paul Okafor    Relationship: Spouse\nPhone: 617-555-1234", &[]),
        ("INSURANCE INFORMATION\nName of insured: Paul Okafor\nDate of birth: 01/02/1960", &[]),
        ("Guarantor: OKAFOR, PAUL   DOB: 01/02/1960   Patient: OKAFOR, DENISE", &[NAME]),
    ]);
}

/// domain.md 2.12 AF-3: an outside facility's number, labelled as such, is not of the authority.
#[test]
fn numbers_of_other_facilities_are_not_ours() {
    all(&[
        ("Outside MRN: 5551212", &[]),
        ("Outside Hospital MRN: 5551212", &[]),
        ("External MRN 5551212", &[]),
        ("MRN (outside): 5551212", &[]),
        ("Referring facility MRN: 5551212", &[]),
        ("Other facility medical record number: 5551212", &[]),
        ("Mercy West Hospital MRN: 5551212", &["elsewhere 5551212"]),
        ("St. Mary's Medical Center MRN: 5551212", &["elsewhere 5551212"]),
        ("Lakeside Clinic Patient ID: 5551212", &["elsewhere 5551212"]),
        ("Mercy West Hospital Acct #: 5551212", &["elsewhere 5551212"]),
        ("Hospital MRN: 10482713", &[MRN]),
        ("Clinic chart no: 10482713", &[MRN]),
        ("MERCY WEST HOSPITAL                              MRN: 10482713", &[MRN]),
    ]);
}

#[test]
fn other_numbers_and_dates_are_nobodys() {
    all(&[
        ("Specimen ID: 10482713    Accession #: 20260105", &[]),
        ("Order ID: 12345678    Claim No: 10482713", &[]),
        ("Member ID: W123456789    Group #: 1234567", &[]),
        ("Policy #: 10482713    Rx BIN: 610014", &[]),
        ("DEA #: AB1234563    NPI: 1234567893    License #: 1234567", &[]),
        ("Invoice #: 10482713    Tax ID: 12-3456789", &[]),
        ("SSN: 123-45-6789", &[]),
        ("MRN: 123-45-6789", &[]),
        ("Patient ID: 123-45-6789", &[]),
        ("SS#: 123456789", &[]),
        ("Social Security No. 123456789", &[]),
        ("Soc Sec #: 123-45-6789", &[]),
        ("Lot #: 12345678   Exp: 01/02/2027", &[]),
        ("Device ID: 12345678    Serial No: 12345678", &[]),
        ("Admit Date: 01/02/2026    Discharge Date: 01/05/2026", &[]),
        ("LMP: 01/01/2026    EDD: 10/08/2026", &[]),
        ("Date of injury: 01/02/1990    Date of surgery: 01/03/1990", &[]),
        ("Date of death: 01/02/2026", &[]),
        ("Phone: (617) 555-1234    Fax: 617-555-1235    Zip: 02115-1234", &[]),
        ("HIPAA ID: 1234567    Trial ID: 1234567", &[]),
        ("RE: Claim Denial    Date: 01/05/2026", &[]),
        ("Re: Prior Authorization Request", &[]),
        ("Study: CT ABDOMEN, PELVIS 01/05/2026 1234567", &[]),
        ("Diagnosis: PNEUMONIA, LEFT    Procedure: BRONCHOSCOPY, RIGHT", &[]),
        ("ASPIRIN, CHEWABLE 81 mg 01/05/2026 1234567", &[]),
        ("CULTURE, URINE 01/05/2026 F\n12345678", &[]),
    ]);
}

/// A contrary name is rather told twice than hidden: the label below a physician's empty field is a patient's.
#[test]
fn a_label_below_somebody_elses_caption_is_still_a_patients() {
    for text in [
        "Physician\nOKAFOR, DENISE R\n10482713\n03/15/1962",
        "Attending\nOKAFOR, DENISE R   03/15/1962\n10482713",
        "Physician:\nOKAFOR, DENISE R   F   03/15/1962\n10482713",
        "Emergency contact\nOKAFOR, DENISE R\nDOB: 03/15/1962  MRN: 10482713",
    ] {
        let found = on(text);
        assert!(found.iter().any(|word| word == NAME_R), "{text:?} {found:?}");
    }
    let beside = on("Consultant: Dr A Patel          Hospital No: 10482713");
    assert_eq!(beside, ["number 10482713"], "the number is the patient's");
}

#[test]
fn blank_forms_and_running_text_are_silent() {
    all(&[
        ("Patient Name: ______________  DOB: ___/___/____  MRN: __________", &[]),
        ("Name (print): ________   Signature: _________   Date: ______", &[]),
        ("Sex: [X] M [ ] F", &[]),
        ("Patient identification label here", &[]),
        ("AFFIX PATIENT LABEL", &[]),
        ("Patient Education: Diabetes, Diet and You", &[]),
        ("Patient Instructions: Return in two weeks", &[]),
        ("PATIENT CONSENT, RELEASE AND AUTHORIZATION", &[]),
        ("Name and address of facility", &[]),
        ("The patient, Mr. Smith, was seen by Dr. Jones on 01/05/2026.", &[]),
        ("Patient states that his father had diabetes", &[]),
        ("Assessment: Hypertension, Stable", &[]),
        ("HISTORY OF PRESENT ILLNESS: Denise is here for follow up", &[]),
        ("I, the undersigned, consent to treatment", &[]),
        ("Allergies: PENICILLIN, SULFA", &[]),
        ("Diet: REGULAR, LOW SALT    Activity: AS TOLERATED", &[]),
    ]);
}
