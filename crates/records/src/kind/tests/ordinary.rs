//! Five hundred ordinary histories and physicals, made of what such notes say: none is hidden, whatever words stand
//! in it. (`domain.md` 5.5)

use super::*;

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// Some of them, in their order.
    fn some<'a>(&mut self, all: &[&'a str], share: usize) -> Vec<&'a str> {
        all.iter().copied().filter(|_| self.below(100) < share).collect()
    }
}

const TITLES: [&str; 6] = [
    "HISTORY AND PHYSICAL",
    "H&P",
    "Admission History and Physical",
    "HISTORY & PHYSICAL EXAMINATION",
    "",
    "",
];

const COMPLAINTS: [&str; 6] =
    ["chest pain", "shortness of breath", "abdominal pain", "fall at home", "fever and cough", "headache"];

/// Every word that a careless rule would take for a protected programme.
const HISTORY: [&str; 22] = [
    "Hypertension, well controlled on lisinopril.",
    "Type 2 diabetes mellitus on metformin.",
    "Depression, treated with sertraline; saw a therapist for psychotherapy in 2015.",
    "HIV screening negative last year.",
    "CD4 and viral load were never checked.",
    "Sickle cell carrier.",
    "BRCA testing was declined; a maternal aunt carries a mutation.",
    "Factor V Leiden mutation in a brother.",
    "Termination of pregnancy at age 20.",
    "Alcohol: two drinks a week, CAGE negative, no detoxification, CIWA not needed.",
    "Substance abuse: denies; a brother is on methadone maintenance.",
    "A cousin is followed at a buprenorphine clinic.",
    "Smokes half a pack a day.",
    "Worked in a methadone clinic as a receptionist.",
    "Genetic counseling was offered for a family history of colon cancer.",
    "No history of sexual assault or domestic violence.",
    "Former psychiatric nurse.",
    "Involuntary hold: never.",
    "Social work was asked to help with placement.",
    "Advance directive on file; full code.",
    "Immunizations up to date.",
    "Chlamydia treated in the past.",
];

const REVIEW: [&str; 9] = [
    "Constitutional: no fever or weight loss.",
    "Cardiovascular: no palpitations.",
    "Respiratory: no wheezing.",
    "Gastrointestinal: no melena.",
    "Genitourinary: no dysuria.",
    "Neurological: no seizures.",
    "Psychiatric: denies anxiety, depression and suicidal ideation.",
    "Endocrine: no polyuria.",
    "Hematologic: no easy bruising.",
];

const EXAM: [&str; 7] = [
    "General: alert and oriented, in no distress.",
    "Lungs: clear to auscultation.",
    "Heart: regular rate and rhythm.",
    "Abdomen: soft, not tender.",
    "Mental status exam: normal mood and affect.",
    "Psychiatric: judgment and insight intact.",
    "Skin: no rash or wound.",
];

fn note(dice: &mut Dice) -> Vec<String> {
    let mut lines = vec!["GENERAL HOSPITAL".to_owned(), dice.of(&TITLES).to_owned(), String::new()];
    let mut part = |title: &str, words: Vec<&str>| {
        lines.push(title.to_owned());
        lines.extend(words.into_iter().map(str::to_owned));
    };
    part("CHIEF COMPLAINT", vec![dice.of(&COMPLAINTS)]);
    part("PAST MEDICAL HISTORY", dice.some(&HISTORY, 40));
    part("FAMILY HISTORY", dice.some(&HISTORY, 10));
    part("REVIEW OF SYSTEMS", dice.some(&REVIEW, 80));
    part("PHYSICAL EXAM", dice.some(&EXAM, 80));
    part("ASSESSMENT AND PLAN", vec!["Admit for observation. Patient education was given."]);
    lines
}

fn on_paper(lines: &[String]) -> PageReading {
    let placed: Vec<(u32, u32, &str)> =
        (0..).zip(lines).map(|(at, text)| (200, 150 + at * 55, text.as_str())).collect();
    page(&placed)
}

/// domain.md 5.5: on 500 ordinary synthetic H&Ps nothing is hidden.
#[test]
fn none_of_five_hundred_ordinary_histories_and_physicals_is_hidden_or_kept_for_a_person() {
    let (mut dice, rules) = (Dice(2026), rules());
    let mut titled = 0;
    for nth in 0..500 {
        let lines = note(&mut dice);
        let reading = on_paper(&lines);
        let readings = [(PageNumber(1), reading)];
        let draft =
            Draft { pages: vec![PageNumber(1)], declaration: None, held: Vec::new(), bound: Vec::new() };
        let typed = kind_of(&draft, &readings, &rules);
        titled += usize::from(typed.code.0 == "HP");
        assert_eq!(super::super::labels(&typed.code, &readings, &Profile::default(), &rules), [], "{nth}");
        for code in [Some(&typed.code), typed.suggested.as_ref()].into_iter().flatten() {
            let filed = rules.kinds.get(code).map(|kind| kind.file);
            assert!(matches!(filed, None | Some(Filed::Auto)), "{nth}: {code:?}\n{}", lines.join("\n"));
        }
    }
    assert!(titled > 250, "{titled}: the test must see titles at work");
}
