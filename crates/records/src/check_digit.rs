//! Can this number be one that was given out?
//!
//! A passing check digit never files anything: about one misread in ten passes. A failing one is enough to refuse.

use std::str::FromStr;

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
            other => Err(format!(
                "check_digit {other:?} is not known; use none, luhn, m10, m11, nhs, nhi or bc-phn"
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

    #[test]
    fn a_service_relation_number_checks() {
        assert!(gsrn_is_valid("950123456789012341"));
        assert!(!gsrn_is_valid("950123456789012342"));
        assert!(!gsrn_is_valid("95012345678901234"));
    }
}
