//! What may be typed that would stall the desk?

use crate::dice::Dice;

use super::pages::Pages;

/// Texts, and what is wrong with each.
pub(super) fn queries(pages: &Pages, seed: u64) -> Vec<(&'static str, String)> {
    let mut dice = Dice::new(seed ^ 0xBAD);
    let mut words = |count: usize, from: usize| -> String {
        let words: Vec<&str> = (0..count).map(|_| pages.words.at(from + dice.below(2_000))).collect();
        words.join(" ")
    };
    let stop = |count: usize| (0..count).map(|rank| pages.words.at(rank)).collect::<Vec<_>>();
    vec![
        ("an open quote", format!("\"{}", words(3, 100))),
        ("10,000 characters", words(1_700, 0).chars().take(10_000).collect()),
        (
            "10,000 characters in quotes",
            format!("\"{}\"", words(1_700, 0).chars().take(9_998).collect::<String>()),
        ),
        ("10,000 characters without a space", "misread".repeat(1_429).chars().take(10_000).collect()),
        ("64 long words that nobody wrote", vec!["hyperlipoproteinaemic"; 64].join(" ")),
        ("64 times OR of common words", stop(64).join(" OR ")),
        ("everything but", stop(64).iter().map(|word| format!("-{word}")).collect::<Vec<_>>().join(" ")),
        ("a phrase of the commonest words", format!("\"{}\"", stop(12).join(" "))),
        ("the commonest word after itself", format!("\"{0} {0} {0} {0}\"", pages.words.at(0))),
        ("two commonest words the wrong way", format!("\"{} {}\"", pages.words.at(1), pages.words.at(0))),
        ("a pattern", "(a|b)*.*[^c]{1,99}\\d+$ (.*)* .* ?????".into()),
        ("stars", "* ** a* *a *.* %".into()),
        ("control characters", "\u{0}chest\u{7}\u{1b}[2J pain\u{7f}\u{9d}".into()),
        ("right to left", "\u{202e}nimrofteM שלום مرحبا \u{200f}123".into()),
        ("marks without letters", "\u{301}\u{301}\u{301} \u{fe0f} 👩‍⚕️ ½ ﬁ".into()),
        ("fields without values", "mrn: patient: from: to: received: type: state: page: -".into()),
        ("years beyond", "from:0001 to:9999 received:999999-99 dob:99/99/9999".into()),
        ("nothing", "   ".into()),
    ]
}
