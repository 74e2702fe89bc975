//! What else did the engine take a doubtful word for?
//!
//! Of each letter the engine remembers what it almost read. A word with one letter exchanged is an alternative: it is
//! searched for, and never shown.
#![expect(unsafe_code, reason = "leptess hides the iterator over what else was considered")]

use std::ffi::CStr;

use leptess::capi;

/// Words the engine is surer of than this have no alternatives.
const SURE: f32 = 80.0;
/// What it is less sure of than this is no word.
const NOTHING: f32 = 15.0;
/// At most so many of a word.
const MOST: usize = 3;
/// How sure the engine must be of another letter, of 100; it is of the one it chose to 90 and more.
const LIKELY: f32 = 40.0;

/// What the engine must be told before it reads, so that it remembers: the second best path, once.
pub(super) const SETTINGS: [(&str, &str); 2] = [("lstm_choice_mode", "2"), ("lstm_choice_iterations", "1")];

/// Alternatives of the word the iterator stands on, likeliest first; none of a word that is sure.
///
/// # Safety
/// The iterator is alive and stands on a word.
pub(super) unsafe fn of(word: *const capi::TessResultIterator, confidence: f32) -> Vec<String> {
    if !(NOTHING..SURE).contains(&confidence) {
        return Vec::new();
    }
    // SAFETY: the caller's promise.
    exchanged(&unsafe { letters(word) })
}

/// One letter as it was read, and what else it may be with the engine's confidence in that, 0 to 100.
struct Letter {
    text: String,
    others: Vec<(String, f32)>,
}

/// Words that differ in one letter, likeliest first. Signs and case make no difference: nobody searches for them.
fn exchanged(letters: &[Letter]) -> Vec<String> {
    let likely = letters.iter().enumerate().flat_map(|(at, letter)| {
        letter.others.iter().filter(|(_, sure)| *sure >= LIKELY).map(move |other| (at, other))
    });
    let mut found: Vec<(usize, &(String, f32))> = likely.collect();
    found.sort_by(|(_, (_, a)), (_, (_, b))| b.total_cmp(a));
    let word = |exchanged: Option<(usize, &str)>| {
        let letters = letters.iter().enumerate();
        let text = letters.map(|(at, letter)| match exchanged {
            Some((other, text)) if other == at => text,
            _ => letter.text.as_str(),
        });
        text.collect::<String>().trim().to_owned()
    };
    let plain = |text: &str| text.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
    let mut known = vec![plain(&word(None)), String::new()];
    let mut words = Vec::new();
    for (at, (text, _)) in found {
        let other = word(Some((at, text)));
        let key = plain(&other);
        if !known.contains(&key) {
            known.push(key);
            words.push(other);
        }
    }
    words.truncate(MOST);
    words
}

const WORD: capi::TessPageIteratorLevel = capi::TessPageIteratorLevel_RIL_WORD;
const SYMBOL: capi::TessPageIteratorLevel = capi::TessPageIteratorLevel_RIL_SYMBOL;

/// # Safety
/// The iterator is alive and stands on a word.
unsafe fn letters(word: *const capi::TessResultIterator) -> Vec<Letter> {
    let mut letters = Vec::new();
    // SAFETY: a copy of our own moves on, letter by letter, and is freed once.
    unsafe {
        let at = capi::TessResultIteratorCopy(word);
        if at.is_null() {
            return letters;
        }
        let place = capi::TessResultIteratorGetPageIteratorConst(at);
        loop {
            letters.extend(letter(at));
            if capi::TessPageIteratorIsAtFinalElement(place, WORD, SYMBOL) != 0
                || capi::TessResultIteratorNext(at, SYMBOL) == 0
            {
                break;
            }
        }
        capi::TessResultIteratorDelete(at);
    }
    letters
}

/// # Safety
/// The iterator is alive and stands on a letter.
unsafe fn letter(at: *const capi::TessResultIterator) -> Option<Letter> {
    let mut others = Vec::new();
    // SAFETY: the letter's text is copied, then freed by who made it; those of the choices stay the engine's.
    let text = unsafe {
        let text = capi::TessResultIteratorGetUTF8Text(at, SYMBOL);
        if text.is_null() {
            return None;
        }
        let copy = CStr::from_ptr(text).to_string_lossy().into_owned();
        capi::TessDeleteText(text);
        let choices = capi::TessResultIteratorGetChoiceIterator(at);
        if !choices.is_null() {
            loop {
                let other = capi::TessChoiceIteratorGetUTF8Text(choices);
                if !other.is_null() {
                    let other = CStr::from_ptr(other).to_string_lossy().into_owned();
                    others.push((other, capi::TessChoiceIteratorConfidence(choices)));
                }
                if capi::TessChoiceIteratorNext(choices) == 0 {
                    break;
                }
            }
            capi::TessChoiceIteratorDelete(choices);
        }
        copy
    };
    others.retain(|(other, sure)| !other.trim().is_empty() && *other != text && sure.is_finite());
    Some(Letter { text, others })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(word: &[(&str, &[(&str, f32)])]) -> Vec<Letter> {
        let owned =
            |others: &[(&str, f32)]| others.iter().map(|(text, sure)| ((*text).into(), *sure)).collect();
        word.iter().map(|(text, others)| Letter { text: (*text).into(), others: owned(others) }).collect()
    }

    #[test]
    fn the_likeliest_letters_are_exchanged_one_at_a_time() {
        let word =
            letters(&[("1", &[("I", 45.0)]), ("8", &[("3", 85.0), ("5", 12.0)]), ("9", &[("g", 60.0)])]);
        assert_eq!(exchanged(&word), ["139", "18g", "I89"]);
    }

    #[test]
    fn signs_and_case_are_no_alternatives() {
        let word = letters(&[("o", &[("O", 90.0)]), ("f", &[("f", 80.0)]), (".", &[(",", 70.0)])]);
        assert!(exchanged(&word).is_empty());
    }

    #[test]
    fn a_word_has_three_at_most() {
        let word = letters(&[("1", &[("2", 90.0), ("3", 89.0), ("4", 88.0), ("5", 87.0)])]);
        assert_eq!(exchanged(&word), ["2", "3", "4"]);
    }
}
