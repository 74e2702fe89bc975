//! Which parts has a name as people print it?

use super::{PersonName, key};

/// "SMITH, JOHN Q JR" and "John Q. Smith". Titles are dropped. Without a comma the last word is taken for the
/// family's, which may be wrong ([`super::Likeness::of`] tries both orders).
///
/// A name of one word has no given name. None where the text holds what no name holds.
pub fn parse(text: &str) -> Option<PersonName> {
    let parts: Vec<Vec<String>> =
        segments(text).iter().map(|segment| words(segment)).collect::<Option<_>>()?;
    let mut suffix = String::new();
    let mut parts: Vec<Vec<String>> = parts
        .into_iter()
        .map(|part| part.into_iter().filter(|word| !is_title(word)).collect::<Vec<_>>())
        .map(|part| without_suffix(part, &mut suffix))
        .filter(|part| !part.is_empty())
        .collect();
    let name = match parts.len() {
        0 => return None,
        1 => plain_order(parts.remove(0)),
        _ => {
            let mut after = parts.split_off(1).into_iter().flatten();
            PersonName {
                family: parts[0].join(" "),
                given: after.next().unwrap_or_default(),
                middle: after.collect::<Vec<_>>().join(" "),
                suffix: String::new(),
            }
        }
    };
    let letters = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
    (letters(&name.family) >= 2 || letters(&name.given) >= 2).then_some(PersonName { suffix, ..name })
}

/// Split at commas. A semicolon is a comma read badly; so is a full stop behind a whole word.
fn segments(text: &str) -> Vec<String> {
    let mut segments = vec![String::new()];
    let mut commas = 0;
    for word in text.replace([',', ';', '，'], ", ").split_whitespace() {
        let stop = word.ends_with('.')
            && commas == 0
            && segments[0].is_empty()
            && letters(word) >= 4
            && !is_title(word);
        let bare = word.trim_end_matches(',');
        let last = segments.last_mut().expect("never empty");
        if !bare.is_empty() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(if stop { bare.trim_end_matches('.') } else { bare });
        }
        if word.ends_with(',') || stop {
            commas += 1;
            segments.push(String::new());
        }
    }
    segments.retain(|segment| !segment.is_empty());
    segments
}

fn letters(word: &str) -> usize {
    word.chars().filter(|c| c.is_alphabetic()).count()
}

/// The words of one segment; none where one of them is no word of a name.
fn words(segment: &str) -> Option<Vec<String>> {
    let is_name = |word: &str| {
        letters(word) > 0
            && word.chars().all(|c| c.is_alphanumeric() || "'’`-.".contains(c))
            && letters(word) * 2 >= word.chars().filter(|c| c.is_alphanumeric()).count()
    };
    let words: Vec<&str> = segment.split_whitespace().collect();
    words
        .iter()
        .all(|word| is_name(word))
        .then(|| words.into_iter().map(|word| word.trim_end_matches('.').into()).collect())
}

fn is_title(word: &str) -> bool {
    const TITLES: [&str; 8] = ["MR", "MRS", "MS", "MISS", "MSTR", "DR", "PROF", "REV"];
    TITLES.contains(&key(word).as_str())
}

/// Takes Jr, Sr, II … off the end of a segment that has other words, or is one suffix alone.
fn without_suffix(mut part: Vec<String>, suffix: &mut String) -> Vec<String> {
    while let Some(last) = part.last()
        && is_suffix(last)
    {
        *suffix = key(last);
        part.pop();
    }
    part
}

fn is_suffix(word: &str) -> bool {
    matches!(key(word).as_str(), "JR" | "SR" | "II" | "III" | "IV" | "2ND" | "3RD" | "4TH")
}

/// "van", "de la": it may be written small, and belongs to what follows.
pub(crate) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&key(word).as_str())
}

const PARTICLES: [&str; 16] = [
    "DE", "LA", "DEL", "DELLA", "DI", "DA", "DOS", "VAN", "VON", "DER", "DEN", "TER", "ST", "EL", "AL", "BIN",
];

/// Given name first. Particles belong to the family: "Ludwig van Beethoven".
fn plain_order(mut words: Vec<String>) -> PersonName {
    if words.len() == 1 {
        let family = words.remove(0);
        return PersonName { family, given: String::new(), middle: String::new(), suffix: String::new() };
    }
    let mut family_from = words.len() - 1;
    while family_from > 1 && is_particle(&words[family_from - 1]) {
        family_from -= 1;
    }
    let family = words.split_off(family_from).join(" ");
    let given = words.remove(0);
    PersonName { family, given, middle: words.join(" "), suffix: String::new() }
}

/// A name that stands in for one not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// "BABY BOY SMITH", "SMITH, JUDY GIRL A", "baby of".
    Newborn,
    /// "DOE, TRAUMA ALPHA", "UNKNOWN".
    Unknown,
}

impl PersonName {
    pub fn placeholder(&self) -> Option<Placeholder> {
        const NEWBORN: [&str; 11] =
            ["BABY", "BABYBOY", "BABYGIRL", "BB", "BG", "NEWBORN", "INFANT", "BOY", "GIRL", "BABYOF", "NB"];
        const UNKNOWN: [&str; 4] = ["UNKNOWN", "UNIDENTIFIED", "TRAUMA", "UNK"];
        let words: Vec<String> = [&self.given, &self.middle, &self.family]
            .into_iter()
            .flat_map(|part| part.split_whitespace().map(key))
            .collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        // A family may be called Boy; a given name that says so is a nursery's.
        let family_only = |list: &[&str]| list.contains(&key(&self.family).as_str());
        if has(&UNKNOWN) {
            Some(Placeholder::Unknown)
        } else if has(&NEWBORN) && (!family_only(&NEWBORN) || has(&NEWBORN[..3])) {
            Some(Placeholder::Newborn)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<[String; 4]> {
        parse(text).map(|name| [name.family, name.given, name.middle, name.suffix])
    }

    fn is(text: &str, expected: [&str; 4]) {
        assert_eq!(parts(text), Some(expected.map(Into::into)), "{text}");
    }

    #[test]
    fn a_name_falls_into_its_parts_in_either_order() {
        is("SMITH, JOHN Q JR", ["SMITH", "JOHN", "Q", "JR"]);
        is("SMITH JR, JOHN Q.", ["SMITH", "JOHN", "Q", "JR"]);
        is("Smith,John", ["Smith", "John", "", ""]);
        is("John Q. Smith", ["Smith", "John", "Q", ""]);
        is("Mrs. Mary Ann O'Brien-Jones III", ["O'Brien-Jones", "Mary", "Ann", "III"]);
        is("VAN DER BERG, ANNA", ["VAN DER BERG", "ANNA", "", ""]);
        is("Anna van der Berg", ["van der Berg", "Anna", "", ""]);
        is("SMITH", ["SMITH", "", "", ""]);
    }

    #[test]
    fn a_comma_read_badly_is_still_a_comma() {
        is("SMITH; JOHN", ["SMITH", "JOHN", "", ""]);
        is("SMITH. JOHN Q", ["SMITH", "JOHN", "Q", ""]);
        is("St. John, Mary", ["St John", "Mary", "", ""]);
    }

    #[test]
    fn numbers_and_rules_are_no_names() {
        for text in ["00123456", "____", "SMITH 123", "03/15/1962", "", "A"] {
            assert_eq!(parts(text), None, "{text}");
        }
    }

    #[test]
    fn names_that_stand_in_for_others_are_known() {
        let placeholder = |text: &str| parse(text).unwrap().placeholder();
        for text in ["BABY BOY SMITH", "SMITH, BB", "SMITH, JUDY GIRL A", "SMITH, BABY GIRL"] {
            assert_eq!(placeholder(text), Some(Placeholder::Newborn), "{text}");
        }
        assert_eq!(placeholder("DOE, TRAUMA ALPHA"), Some(Placeholder::Unknown));
        assert_eq!(placeholder("UNKNOWN, MALE"), Some(Placeholder::Unknown));
        assert_eq!(placeholder("DOE, JANE Q"), None);
        assert_eq!(placeholder("BOY, PETER"), None);
    }
}
