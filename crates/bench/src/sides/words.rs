//! What stands on the pages? Enough words that no two pages are the same.

use super::chance::Chance;

const SUBJECTS: [&str; 12] = [
    "The patient",
    "She",
    "He",
    "The daughter",
    "The nurse on call",
    "Our team",
    "The mother",
    "The child",
    "The family physician",
    "Physical therapy",
    "The wound",
    "The visiting nurse",
];
const VERBS: [&str; 16] = [
    "reports",
    "denies",
    "describes",
    "was seen for",
    "continues to have",
    "remembers",
    "complains of",
    "has been treated for",
    "shows no sign of",
    "was examined for",
    "asked about",
    "returned because of",
    "has a history of",
    "had two episodes of",
    "feels better after",
    "is worried about",
];
const MATTERS: [&str; 20] = [
    "chest pain on exertion",
    "shortness of breath at night",
    "a dry cough since last week",
    "swelling of both ankles",
    "dizziness when standing up",
    "numbness of the left hand",
    "pain in the right knee",
    "a rash on the lower back",
    "blurred vision in the morning",
    "fever and chills",
    "loss of appetite",
    "trouble sleeping",
    "headaches behind the eyes",
    "a fall on the stairs",
    "itching around the incision",
    "heartburn after supper",
    "burning feet",
    "a sore throat",
    "palpitations lasting a few minutes",
    "weakness of the left arm",
];
const ENDS: [&str; 12] = [
    "and would like to return to work.",
    "but takes no medicine for it.",
    "for about three weeks now.",
    "which improved with rest.",
    "and was given written advice.",
    "without any fever.",
    "since the dose was changed.",
    "and will be seen again in June.",
    "as noted by the family.",
    "before the last visit.",
    "and agreed to further tests.",
    "on most days of the week.",
];
pub(super) const DRUGS: [&str; 16] = [
    "Metoprolol",
    "Lisinopril",
    "Amlodipine",
    "Warfarin",
    "Furosemide",
    "Atorvastatin",
    "Omeprazole",
    "Gabapentin",
    "Prednisone",
    "Levothyroxine",
    "Tramadol",
    "Insulin glargine",
    "Albuterol",
    "Sertraline",
    "Clopidogrel",
    "Metformin",
];
pub(super) const TITLES: [&str; 14] = [
    "PROGRESS NOTE",
    "DISCHARGE SUMMARY",
    "CONSENT TO TREATMENT",
    "RADIOLOGY REPORT",
    "OPERATIVE REPORT",
    "NURSING ASSESSMENT",
    "ADVANCE DIRECTIVE",
    "EMERGENCY RECORD",
    "INTAKE AND OUTPUT",
    "PATHOLOGY",
    "ALLERGIES: PENICILLIN",
    "DO NOT RESUSCITATE",
    "CARDIOLOGY",
    "PRIOR RECORDS",
];
pub(super) const LABELS: [&str; 16] = [
    "Name",
    "Date of birth",
    "Ward",
    "Bed",
    "Allergies",
    "Weight",
    "Height",
    "Signature",
    "Date",
    "Time",
    "Physician",
    "Insurance",
    "Telephone",
    "Next of kin",
    "Diagnosis",
    "Room",
];
pub(super) const LONE: [&str; 18] = [
    "DNR", "void", "see back", "over", "AB", "J.R.", "copy", "Seen", "ok", "nil", "refused", "left", "no",
    "x-ray", "return", "file", "Blood", "II",
];

pub(super) fn sentence(chance: &mut Chance) -> String {
    let parts = [chance.pick(&SUBJECTS), chance.pick(&VERBS), chance.pick(&MATTERS), chance.pick(&ENDS)];
    parts.join(" ")
}

pub(super) fn prose(chance: &mut Chance, sentences: usize) -> String {
    (0..sentences).map(|_| sentence(chance)).collect::<Vec<_>>().join(" ")
}

pub(super) fn date(chance: &mut Chance) -> String {
    format!("{:02}/{:02}/20{:02}", 1 + chance.below(12), 1 + chance.below(28), 10 + chance.below(17))
}

pub(super) fn number(chance: &mut Chance) -> String {
    match chance.below(4) {
        0 => format!("{}", chance.below(1000)),
        1 => format!("{}.{}", chance.below(200), chance.below(10)),
        2 => format!("{}/{}", 90 + chance.below(90), 50 + chance.below(50)),
        _ => format!("{}.{:02}", chance.below(20), chance.below(100)),
    }
}
