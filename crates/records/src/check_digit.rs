//! Can this number be one that was given out?
//!
//! A passing check digit never files anything: about one misread in ten passes. A failing one is enough to refuse.

use std::str::FromStr;

use jiff::civil::Date;

/// A property of the authority that assigns the numbers, never guessed from a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckDigit {
    /// Many US hospitals have none.
    #[default]
    None,
    Luhn,
    /// HL7 CX.3 `M10`: the same result as Luhn.
    M10,
    /// HL7 CX.3 `M11`: weights 2 to 7 from the units digit.
    M11,
    /// NHS number, England and Wales.
    Nhs,
    /// New Zealand NHI, `AAANNNC` and `AAANNAC`.
    Nhi,
    /// Personal health number, British Columbia.
    BcPhn,
    /// Community health index, Scotland: a birth date, three digits and one as the NHS number has.
    Chi,
    /// Health card, Ontario: Luhn, and up to two letters of a version that say nothing of identity.
    Ontario,
}

impl CheckDigit {
    /// Whether a canonical value, its check digit last, is consistent. Always true for [`CheckDigit::None`].
    pub fn valid(self, value: &str) -> bool {
        match self {
            Self::None => true,
            Self::Luhn | Self::M10 => digits(value).is_some_and(|digits| luhn(&digits)),
            Self::M11 => digits(value).is_some_and(|digits| m11(&digits)),
            Self::Nhs => digits(value).is_some_and(|digits| nhs(&digits)),
            Self::Nhi => nhi(value),
            Self::BcPhn => digits(value).is_some_and(|digits| bc_phn(&digits)),
            Self::Chi => chi_day(value).is_some() && digits(value).is_some_and(|digits| nhs(&digits)),
            Self::Ontario => digits(versionless(value)).is_some_and(|d| d.len() == 10 && luhn(&d)),
        }
    }

    /// The number without what changes while the person stays the same: a health card's version.
    pub fn without_version(self, value: &str) -> &str {
        if self == Self::Ontario { versionless(value) } else { value }
    }

    /// Whether the number may be that of somebody born on this day: some schemes carry the birth date.
    pub fn may_be_born(self, value: &str, born: Date) -> bool {
        match self {
            Self::Chi => chi_day(value).is_none_or(|(day, month, year)| {
                (day, month, year) == (born.day(), born.month(), born.year() % 100)
            }),
            _ => true,
        }
    }
}

/// As `[[authority]] check_digit` names them.
impl FromStr for CheckDigit {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "none" => Ok(Self::None),
            "luhn" => Ok(Self::Luhn),
            "m10" => Ok(Self::M10),
            "m11" => Ok(Self::M11),
            "nhs" => Ok(Self::Nhs),
            "nhi" => Ok(Self::Nhi),
            "bc-phn" => Ok(Self::BcPhn),
            "chi" => Ok(Self::Chi),
            "ontario" => Ok(Self::Ontario),
            other => Err(format!(
                "check_digit {other:?} is not known; use none, luhn, m10, m11, nhs, nhi, bc-phn, chi or ontario"
            )),
        }
    }
}

/// The GS1 check digit of a service relation number (18 digits, weights 3 and 1 from the right).
pub(crate) fn gsrn_is_valid(value: &str) -> bool {
    let Some(digits) = digits(value).filter(|digits| digits.len() == 18) else { return false };
    let (check, body) = digits.split_last().expect("18 digits");
    let sum: u32 = body.iter().rev().zip([3, 1].into_iter().cycle()).map(|(d, weight)| d * weight).sum();
    (10 - sum % 10) % 10 == *check
}

/// The text before the link character of a HIBC symbol, where that is right (mod 43 over the signs of Code 39).
pub(crate) fn hibc_data(text: &str) -> Option<&str> {
    const SIGNS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
    let (at, check) = text.char_indices().next_back()?;
    let worth = |c: char| SIGNS.find(c);
    let sum = text[..at].chars().map(worth).sum::<Option<usize>>()?;
    (worth(check)? == sum % 43).then_some(&text[..at])
}

/// Ten digits of an Ontario card without the letters of its version.
fn versionless(value: &str) -> &str {
    match value.trim_end_matches(|c: char| c.is_ascii_uppercase()) {
        number if number.len() == 10 && value.len() <= 12 => number,
        _ => value,
    }
}

/// Day, month and year of the century that a Scottish number begins with; none where that is no date.
fn chi_day(value: &str) -> Option<(i8, i8, i16)> {
    let part = |range: std::ops::Range<usize>| value.get(range)?.parse::<i8>().ok();
    let (day, month, year) = (part(0..2)?, part(2..4)?, i16::from(part(4..6)?));
    // Either century will do: 29 February 1900 was none, and 2000 had one.
    let exists = Date::new(1900 + year, month, day).is_ok() || Date::new(2000 + year, month, day).is_ok();
    (value.len() == 10 && exists).then_some((day, month, year))
}

/// At least two digits and nothing else.
fn digits(value: &str) -> Option<Vec<u32>> {
    let digits: Option<Vec<u32>> = value.chars().map(|c| c.to_digit(10)).collect();
    digits.filter(|digits| digits.len() >= 2)
}

fn luhn(digits: &[u32]) -> bool {
    let doubled = |d: u32| if d < 5 { 2 * d } else { 2 * d - 9 };
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(at, &d)| if at % 2 == 1 { doubled(d) } else { d }).sum();
    sum.is_multiple_of(10)
}

fn m11(digits: &[u32]) -> bool {
    let (check, body) = digits.split_last().expect("two digits at least");
    let sum: u32 = body.iter().rev().zip((2..=7).cycle()).map(|(d, weight)| d * weight).sum();
    (11 - sum % 11) % 10 == *check
}

fn nhs(digits: &[u32]) -> bool {
    if digits.len() != 10 || digits.iter().all(|d| *d == digits[0]) {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(d, weight)| d * weight).sum();
    // 10 never equals a digit: such numbers are not given out.
    match 11 - sum % 11 {
        11 => digits[9] == 0,
        check => digits[9] == check,
    }
}

fn nhi(value: &str) -> bool {
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    let letter = |c: char| LETTERS.find(c).and_then(|at| u32::try_from(at + 1).ok());
    let chars: Vec<char> = value.chars().collect();
    if chars.len() != 7 {
        return false;
    }
    let old = chars[5].is_ascii_digit();
    let shape = chars.iter().enumerate().all(|(at, c)| match at {
        0..=2 => letter(*c).is_some(),
        3 | 4 => c.is_ascii_digit(),
        _ if old => c.is_ascii_digit(),
        _ => letter(*c).is_some(),
    });
    if !shape {
        return false;
    }
    let worth = |c: char| letter(c).or(c.to_digit(10)).unwrap_or(0);
    let sum: u32 = chars[..6].iter().zip((2..=7).rev()).map(|(&c, weight)| worth(c) * weight).sum();
    if old {
        let rest = sum % 11;
        rest != 0 && (11 - rest) % 10 == worth(chars[6])
    } else {
        23 - sum % 23 == worth(chars[6])
    }
}

fn bc_phn(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 8] = [2, 4, 8, 5, 10, 9, 7, 3];
    if digits.len() != 10 || digits[0] != 9 {
        return false;
    }
    let sum: u32 = digits[1..9].iter().zip(WEIGHTS).map(|(d, weight)| d * weight % 11).sum();
    11 - sum % 11 == digits[9]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(scheme: CheckDigit, good: &[&str], bad: &[&str]) {
        for value in good {
            assert!(scheme.valid(value), "{scheme:?} {value}");
        }
        for value in bad {
            assert!(!scheme.valid(value), "{scheme:?} {value}");
        }
    }

    #[test]
    fn luhn_and_m10_give_the_same_check_digit() {
        for scheme in [CheckDigit::Luhn, CheckDigit::M10] {
            all(
                scheme,
                &["123455", "4010", "99994", "999999998"],
                &["123456", "4011", "99993", "1", "12A455"],
            );
        }
    }

    #[test]
    fn no_single_misread_digit_passes_luhn() {
        for at in 0..6 {
            for digit in '0'..='9' {
                let mut value: Vec<char> = "123455".chars().collect();
                let same = value[at] == digit;
                value[at] = digit;
                assert_eq!(CheckDigit::Luhn.valid(&value.iter().collect::<String>()), same);
            }
        }
    }

    #[test]
    fn m11_agrees_with_the_example_of_hl7() {
        all(CheckDigit::M11, &["12345674"], &["12345673", "12345675", "12345664"]);
    }

    #[test]
    fn nhs_numbers_check_and_repeats_are_refused() {
        all(
            CheckDigit::Nhs,
            &["9434765919", "9434765870", "6541003238"],
            &["1234567890", "9999999999", "943476591", "6541003239"],
        );
    }

    #[test]
    fn both_formats_of_nhi_check() {
        all(
            CheckDigit::Nhi,
            &["ZAC5361", "WLD9413", "ZBN77VL", "ZVB97XQ", "ZSC21TN"],
            &["ZZZ0044", "ZZZ00AA", "ZAC5362", "ZBN77VM", "IAC5361", "ZAC536"],
        );
    }

    #[test]
    fn british_columbia_numbers_check() {
        all(CheckDigit::BcPhn, &["9698658215"], &["9698648215", "5736504210", "969865821"]);
    }

    /// Two numbers of the Scottish health service's own test range, and what breaks them.
    #[test]
    fn scottish_numbers_check_and_begin_with_a_day() {
        let good = with_last_digit(CheckDigit::Chi, "150362123");
        all(CheckDigit::Chi, &[&good], &["9434765919", "1234567890", "310262123", "15036212"]);
        assert!(CheckDigit::Nhs.valid(&good), "the same check as the NHS number");
        let other = format!("{}{}", &good[..9], (good[9..].parse::<u8>().unwrap() + 1) % 10);
        assert!(!CheckDigit::Chi.valid(&other));
        let no_day = with_last_digit(CheckDigit::Nhs, "350362123");
        assert!(!CheckDigit::Chi.valid(&no_day), "the 35th of March");
    }

    #[test]
    fn a_scottish_number_is_only_of_somebody_born_on_its_day() {
        let good = with_last_digit(CheckDigit::Chi, "150362123");
        let born = |year, month, day| Date::new(year, month, day).unwrap();
        assert!(CheckDigit::Chi.may_be_born(&good, born(1962, 3, 15)));
        assert!(!CheckDigit::Chi.may_be_born(&good, born(1962, 3, 16)));
        assert!(CheckDigit::Luhn.may_be_born("123455", born(1962, 3, 16)), "others say nothing of it");
    }

    #[test]
    fn the_version_of_an_ontario_card_is_no_part_of_its_number() {
        let number = with_last_digit(CheckDigit::Ontario, "987654321");
        let versioned = format!("{number}AB");
        all(CheckDigit::Ontario, &[&number, &versioned, &format!("{number}Z")], &["9876543219", "98765432"]);
        assert_eq!(CheckDigit::Ontario.without_version(&versioned), number);
        assert_eq!(CheckDigit::Ontario.without_version(&number), number);
        assert_eq!(CheckDigit::Luhn.without_version(&versioned), versioned);
    }

    /// The number with the one last digit that passes.
    fn with_last_digit(scheme: CheckDigit, body: &str) -> String {
        let all: Vec<String> =
            (0..10).map(|digit| format!("{body}{digit}")).filter(|value| scheme.valid(value)).collect();
        assert_eq!(all.len(), 1, "{scheme:?} {body}");
        all[0].clone()
    }

    /// The rates of `domain.md` 2.3: every substitution, or nearly.
    #[test]
    fn a_single_misread_digit_is_found_as_often_as_each_scheme_promises() {
        for (scheme, body, at_least) in [
            (CheckDigit::Luhn, "123456789", 100),
            (CheckDigit::M10, "40199994", 100),
            (CheckDigit::M11, "1234567", 98),
            (CheckDigit::Nhs, "943476591", 100),
            (CheckDigit::BcPhn, "969865821", 100),
            (CheckDigit::Ontario, "987654321", 100),
        ] {
            let good = with_last_digit(scheme, body);
            let (mut wrong, mut found) = (0, 0);
            for at in 0..good.len() {
                for digit in ('0'..='9').filter(|digit| !good[at..].starts_with(*digit)) {
                    let mut value = good.clone();
                    value.replace_range(at..=at, &digit.to_string());
                    wrong += 1;
                    found += usize::from(!scheme.valid(&value));
                }
            }
            assert!(found * 100 >= wrong * at_least, "{scheme:?}: {found} of {wrong}");
        }
    }

    #[test]
    fn the_link_character_of_a_hibc_symbol_is_checked() {
        // The examples that the HIBC standards print.
        assert_eq!(hibc_data("+A123BJC5D6E71G"), Some("+A123BJC5D6E71"));
        assert_eq!(hibc_data("+A123BJC5D6E71H"), None);
        assert_eq!(hibc_data("+a123"), None, "no sign of Code 39");
        assert_eq!(hibc_data(""), None);
    }

    #[test]
    fn a_service_relation_number_checks() {
        assert!(gsrn_is_valid("950123456789012341"));
        assert!(!gsrn_is_valid("950123456789012342"));
        assert!(!gsrn_is_valid("95012345678901234"));
    }
}
