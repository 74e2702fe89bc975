//! How much alike are a name on paper and a name in the index?
//!
//! Only the first three answers speak for a person; the next two speak neither for nor against; the rest speak
//! against. Names that are merely similar are never agreement: Daniel and Danielle are 0.95 alike.

use super::{Nicknames, PersonName, key};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Family and given name are equal after normalising. (Middle names are weak: they are not asked.)
    Exact,
    /// Equal by the table of nicknames.
    Nickname,
    /// Equal but for one known confusion of an OCR engine.
    OneConfusion,
    /// Equal but for several of them: no other name, but none that can be believed.
    Confusions,
    /// Not enough was read to say: a family name alone, an initial.
    Partial,
    Similar,
    Different,
}

/// Whether the paper says which part is the family's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// "SMITH, JOHN".
    Sure,
    /// "JOHN SMITH", and labels that print "SMITH JOHN".
    Either,
}

impl Order {
    /// Of a name as it is printed.
    pub fn of(text: &str) -> Self {
        if text.contains([',', ';', '，']) { Self::Sure } else { Self::Either }
    }
}

impl Likeness {
    /// Compares a name on paper with one name of a person.
    pub fn of(paper: &PersonName, order: Order, own: &PersonName, nicknames: &Nicknames) -> Self {
        let own_names = Own { family: key(&own.family), given: givens(own) };
        let before: Vec<&str> = paper.family.split_whitespace().collect();
        let after: Vec<&str> =
            paper.given.split_whitespace().chain(paper.middle.split_whitespace()).collect();
        let best = match order {
            Order::Sure => own_names.best(&before.concat(), &after, nicknames),
            Order::Either => {
                let words: Vec<&str> = after.iter().chain(&before).copied().collect();
                own_names.best_split(&words, nicknames)
            }
        };
        let suffixes_differ = !paper.suffix.is_empty()
            && !own.suffix.is_empty()
            && suffix(&paper.suffix) != suffix(&own.suffix);
        if suffixes_differ { best.max(Self::Similar) } else { best }
    }

    /// Speaks for the person.
    pub const fn is_same(self) -> bool {
        matches!(self, Self::Exact | Self::Nickname | Self::OneConfusion)
    }

    /// Speaks against the person.
    pub const fn is_other(self) -> bool {
        matches!(self, Self::Similar | Self::Different)
    }
}

/// A person's name as keys.
struct Own {
    family: String,
    /// The given name, and given and middle written as one.
    given: Vec<String>,
}

fn givens(own: &PersonName) -> Vec<String> {
    let mut all = vec![key(&own.given)];
    if !own.middle.is_empty() {
        all.push(key(&format!("{}{}", own.given, own.middle)));
    }
    all
}

impl Own {
    /// The family name is known; the given name is any first words of what follows.
    fn best(&self, family: &str, after: &[&str], nicknames: &Nicknames) -> Likeness {
        let family = key(family);
        let firsts = (1..=after.len()).map(|words| key(&after[..words].concat()));
        firsts
            .map(|given| self.compare(&family, &given, nicknames))
            .min()
            .unwrap_or_else(|| self.compare(&family, "", nicknames))
    }

    /// Nobody says which word is the family's: first or last words, the others are given and middle names.
    fn best_split(&self, words: &[&str], nicknames: &Nicknames) -> Likeness {
        if words.len() < 2 {
            return self.best(&words.concat(), &[], nicknames);
        }
        (1..words.len())
            .flat_map(|at| {
                let family_last = self.best(&words[at..].concat(), &words[..at], nicknames);
                // "SMITH JOHN Q": nothing but an initial stands behind the given name, or half of "Mary Ann Smith"
                // would be Ann Mary's.
                let initials = words[at + 1..].iter().all(|word| key(word).chars().count() == 1);
                let family_first =
                    initials.then(|| self.best(&words[..at].concat(), &words[at..], nicknames));
                std::iter::once(family_last).chain(family_first)
            })
            .min()
            .unwrap_or(Likeness::Different)
    }

    fn compare(&self, family: &str, given: &str, nicknames: &Nicknames) -> Likeness {
        self.given
            .iter()
            .map(|own| compare(family, given, &self.family, own, nicknames))
            .min()
            .unwrap_or(Likeness::Different)
    }
}

/// Above this two parts of a name are similar (Jaro-Winkler).
const SIMILAR: f64 = 0.85;

fn compare(family: &str, given: &str, own_family: &str, own_given: &str, nicknames: &Nicknames) -> Likeness {
    let families = confusions(family, own_family);
    let alone = family == own_family || family == own_given;
    if given.is_empty() || own_given.is_empty() {
        return if alone { Likeness::Partial } else { Likeness::Different };
    }
    if given.chars().count() == 1 && families.is_some() && own_given.starts_with(given) {
        return if own_given == given && families == Some(0) { Likeness::Exact } else { Likeness::Partial };
    }
    match (families, confusions(given, own_given)) {
        (Some(0), Some(0)) => Likeness::Exact,
        (Some(0), None) if nicknames.agree(given, own_given) => Likeness::Nickname,
        (Some(a), Some(b)) if a + b == 1 => Likeness::OneConfusion,
        (Some(_), Some(_)) => Likeness::Confusions,
        _ => {
            let alike = |a: &str, b: &str| strsim::jaro_winkler(a, b) >= SIMILAR;
            if alike(family, own_family) && alike(given, own_given) {
                Likeness::Similar
            } else {
                Likeness::Different
            }
        }
    }
}

fn suffix(written: &str) -> String {
    match key(written).as_str() {
        "2ND" => "II".into(),
        "3RD" => "III".into(),
        "4TH" => "IV".into(),
        other => other.into(),
    }
}

/// How many known confusions of OCR engines (0/O, 1/l/I, 5/S, 8/B, rn/m, cl/d) lie between two values in upper
/// case; none where anything else differs.
pub fn confusions(a: &str, b: &str) -> Option<u32> {
    const SINGLE: [[char; 2]; 6] = [['0', 'O'], ['1', 'I'], ['1', 'L'], ['I', 'L'], ['5', 'S'], ['8', 'B']];
    const DOUBLE: [(&str, char); 2] = [("RN", 'M'), ("CL", 'D')];
    let (mut a, mut b, mut count) = (a, b, 0);
    loop {
        let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else {
            return (a.is_empty() && b.is_empty()).then_some(count);
        };
        let (mut from_a, mut from_b) = (x.len_utf8(), y.len_utf8());
        if x != y {
            count += 1;
            let double = |long: &str, short: char| {
                DOUBLE.iter().any(|(two, one)| long.starts_with(two) && short == *one)
            };
            if double(a, y) {
                from_a = 2;
            } else if double(b, x) {
                from_b = 2;
            } else if !SINGLE.iter().any(|pair| pair.contains(&x) && pair.contains(&y)) {
                return None;
            }
        }
        (a, b) = (&a[from_a..], &b[from_b..]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn like(paper: &str, own: &str) -> Likeness {
        let own = parse(own).unwrap();
        Likeness::of(&parse(paper).unwrap(), Order::of(paper), &own, &Nicknames::built_in())
    }

    #[test]
    fn case_marks_hyphens_and_order_do_not_matter() {
        for (paper, own) in [
            ("Smith, John", "SMITH, JOHN Q"),
            ("John Q. Smith", "SMITH, JOHN"),
            ("SMITH JOHN", "SMITH, JOHN"),
            ("GOMEZ, JOSE EDUARDO", "Gómez, José Eduardo"),
            ("Maria Garcia Lopez", "GARCIA-LOPEZ, MARIA"),
            ("OBRIEN, MARYANN", "O'Brien, Mary Ann"),
            ("SMITH, JOHN", "SMITH JR, JOHN"),
        ] {
            assert_eq!(like(paper, own), Likeness::Exact, "{paper} / {own}");
        }
    }

    #[test]
    fn a_nickname_is_the_same_name() {
        assert_eq!(like("SMITH, BILL", "SMITH, WILLIAM"), Likeness::Nickname);
        assert_eq!(like("Liz Brown", "BROWN, ELIZABETH"), Likeness::Nickname);
    }

    #[test]
    fn names_merely_similar_are_not_the_same_name() {
        for (paper, own) in [
            ("SMITH, DANIELLE", "SMITH, DANIEL"),
            ("SMITH, ROBERTA", "SMITH, ROBERT"),
            ("SMITH, CHRISTIAN", "SMITH, CHRISTINA"),
            ("SMYTH, JOHN", "SMITH, JOHN"),
        ] {
            assert_eq!(like(paper, own), Likeness::Similar, "{paper} / {own}");
        }
        assert_eq!(like("JONES, MARY", "SMITH, JOHN"), Likeness::Different);
    }

    #[test]
    fn names_that_changed_places_behind_a_comma_are_another_persons() {
        assert!(like("THOMAS, JAMES", "JAMES, THOMAS").is_other());
        assert_eq!(like("THOMAS JAMES", "JAMES, THOMAS"), Likeness::Exact, "without a comma nobody can tell");
        assert_eq!(like("SMITH JOHN Q", "SMITH, JOHN"), Likeness::Exact);
        assert!(like("Mary Ann Smith", "MARY, ANN").is_other());
    }

    #[test]
    fn one_confusion_of_an_engine_confirms_and_two_say_nothing() {
        assert_eq!(like("SM1TH, JOHN", "SMITH, JOHN"), Likeness::OneConfusion);
        assert_eq!(like("BURNS, CLARA", "BUMS, CLARA"), Likeness::OneConfusion);
        assert_eq!(like("SM1TH, J0HN", "SMITH, JOHN"), Likeness::Confusions);
        assert!(like("SMETH, JOHN", "SMITH, JOHN").is_other(), "e for i is no known confusion");
    }

    #[test]
    fn father_and_son_are_two_people() {
        assert_eq!(like("SMITH JR, JOHN", "SMITH SR, JOHN"), Likeness::Similar);
        assert_eq!(like("SMITH III, JOHN", "SMITH 3RD, JOHN"), Likeness::Exact);
    }

    #[test]
    fn half_a_name_says_nothing() {
        assert_eq!(like("SMITH, J", "SMITH, JOHN"), Likeness::Partial);
        assert_eq!(like("SMITH", "SMITH, JOHN"), Likeness::Partial);
        assert!(like("SMITH, K", "SMITH, JOHN").is_other());
    }

    #[test]
    fn confusions_are_counted_and_other_differences_are_not_forgiven() {
        assert_eq!(confusions("OO123456", "00123456"), Some(2));
        assert_eq!(confusions("M123", "RN123"), Some(1));
        assert_eq!(confusions("00123456", "00123457"), None);
        assert_eq!(confusions("0012345", "00123456"), None);
    }
}
