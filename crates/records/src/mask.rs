//! Which words of a page show a social security number, and how is it hidden?
//!
//! It is never a number of a patient here. Wherever words of a page are shown in passing, its digits are not.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// How a digit is shown that is not to be seen.
const HIDDEN: char = '*';

/// Nine digits as 3, 2 and 4 with marks between; what engines take for digits counts as one. The first groups may
/// already be crossed out.
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    const D: &str = "[0-9OoIlSBZ|]";
    Regex::new(&format!(r"(?:{D}{{3}}|[*xX]{{3}})\s?[-–—.·]\s?(?:{D}{{2}}|[*xX]{{2}})\s?[-–—.·]\s?{D}{{4}}"))
        .expect("a fixed expression")
});

/// What says that a number behind it is one: nine digits, the last four, or groups with spaces between.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:S\.?\s?S\.?\s?N\b\.?|S\.?\s?S\.?\s?#|S\.?S\.?\s?NO\b\.?|SOC(?:IAL|\.)?\s?SEC(?:URITY|\.)?)",
        r"(?:\s?(?:NUMBER|NUM|NO|#))?[\s.:#=(]*(?:LAST\s(?:4|FOUR)[\s.:#=)]*)?",
        r"(?P<number>[0-9OoIlSBZ|*xX][0-9OoIlSBZ|*xX\s-]{2,13}[0-9OoIlSBZ|])",
    ))
    .expect("a fixed expression")
});

/// The text with every social security number hidden.
pub fn text(text: &str) -> Cow<'_, str> {
    let found = numbers(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let hidden = |at: usize| found.iter().any(|range| range.contains(&at));
    let masked =
        text.char_indices().map(|(at, c)| if hidden(at) && c.is_alphanumeric() { HIDDEN } else { c });
    Cow::Owned(masked.collect())
}

/// The same, word by word: a number may be torn into several, and what names it is a word of its own.
pub fn words<'w>(words: &[&'w str]) -> Vec<Cow<'w, str>> {
    let joined = words.join(" ");
    let masked = match text(&joined) {
        Cow::Borrowed(_) => return words.iter().map(|word| Cow::Borrowed(*word)).collect(),
        Cow::Owned(masked) => masked,
    };
    // Every character stands for one: the words are cut by their count.
    let mut rest = masked.chars();
    words
        .iter()
        .map(|word| {
            let own: String = rest.by_ref().take(word.chars().count()).collect();
            rest.next();
            if own == **word { Cow::Borrowed(*word) } else { Cow::Owned(own) }
        })
        .collect()
}

/// Where they stand (bytes).
fn numbers(text: &str) -> Vec<Range<usize>> {
    let alone = |range: &Range<usize>| {
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        ![before, after].into_iter().flatten().any(|c| c.is_alphanumeric() || c == '-')
    };
    let digits = |range: &Range<usize>| text[range.clone()].chars().filter(char::is_ascii_digit).count();
    let marked = MARKED.find_iter(text).map(|found| found.range()).filter(|r| alone(r) && digits(r) >= 3);
    let named =
        NAMED.captures_iter(text).filter_map(|found| found.name("number")).map(|number| number.range());
    marked.chain(named.filter(|range| digits(range) >= 3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// domain.md 2.2: never a key, masked wherever it is shown.
    #[test]
    fn a_social_security_number_is_hidden_in_all_its_forms() {
        for (shown, masked) in [
            ("123-45-6789", "***-**-****"),
            ("Patient 123-45-6789 DOB 03/15/1962", "Patient ***-**-**** DOB 03/15/1962"),
            ("123–45–6789", "***–**–****"),
            ("l23-45-678O", "***-**-****"),
            ("SSN: 123456789", "SSN: *********"),
            ("SSN 123 45 6789", "SSN *** ** ****"),
            ("SS# 123456789", "SS# *********"),
            ("S.S.N. 123456789", "S.S.N. *********"),
            ("Social Security Number: 123456789", "Social Security Number: *********"),
            ("Soc. Sec. No. 123456789", "Soc. Sec. No. *********"),
            ("SSN: xxx-xx-6789", "SSN: ***-**-****"),
            ("SSN (last 4): 6789", "SSN (last 4): ****"),
            ("xxx-xx-6789", "***-**-****"),
        ] {
            assert_eq!(text(shown), masked, "{shown}");
        }
    }

    #[test]
    fn other_numbers_are_shown() {
        for shown in [
            "MRN 00123456",
            "MRN: 123456789",
            "12-34-56",
            "617-555-1234",
            "03-15-1962",
            "accession 2026-45-6789",
            "NPI 1234567893",
            "the social worker saw 12 patients",
            "glucose 95 mg/dL",
            "SSN: N/A DOB 03/15/1962",
            "",
        ] {
            assert_eq!(text(shown), shown);
        }
    }

    #[test]
    fn words_keep_their_number_and_length() {
        let page = ["SSN:", "123", "45", "6789", "Müller", "123-45-6789,", "MRN", "00123456"];
        let masked = words(&page);
        assert_eq!(masked, ["SSN:", "***", "**", "****", "Müller", "***-**-****,", "MRN", "00123456"]);
        assert!(matches!(words(&["MRN", "00123456"])[..], [Cow::Borrowed(_), Cow::Borrowed(_)]));
    }
}
