//! One or many: which other form has this word?
//!
//! "fracture" and "fractures" are the same to who looks for either. Only where both are words of the lexicon: a name or
//! a drug ends as it ends.

use crate::lexicon;

/// The other forms of a word, none where it is no word.
pub(crate) fn other_forms(word: &str) -> Vec<String> {
    /// Shorter words have too many neighbours that are something else (as, is, bus).
    const SHORTEST: usize = 4;
    if word.len() < SHORTEST || !word.bytes().all(|byte| byte.is_ascii_lowercase()) || !lexicon::holds(word) {
        return Vec::new();
    }
    let mut forms = vec![format!("{word}s"), format!("{word}es")];
    forms.extend(word.strip_suffix('y').map(|stem| format!("{stem}ies")));
    forms.extend(word.strip_suffix("ies").map(|stem| format!("{stem}y")));
    let hisses = |stem: &str| ["s", "x", "z", "ch", "sh"].iter().any(|end| stem.ends_with(end));
    forms.extend(word.strip_suffix("es").filter(|stem| hisses(stem)).map(str::to_owned));
    let keeps_its_s = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    forms.extend(word.strip_suffix('s').filter(|_| !keeps_its_s).map(str::to_owned));
    forms.retain(|form| form.len() >= SHORTEST && lexicon::holds(form));
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_many_are_forms_of_each_other() {
        for (one, many) in [
            ("fracture", "fractures"),
            ("allergy", "allergies"),
            ("biopsy", "biopsies"),
            ("reflex", "reflexes"),
        ] {
            assert!(other_forms(one).contains(&many.to_owned()), "{one}");
            assert!(other_forms(many).contains(&one.to_owned()), "{many}");
        }
    }

    #[test]
    fn what_only_ends_like_many_has_one_form() {
        for word in ["diabetes", "warfarin", "arthritis", "sepsis", "zzzzs", "bus", "b12"] {
            assert!(other_forms(word).is_empty(), "{word}: {:?}", other_forms(word));
        }
    }
}
