//! How well was a page read? Counts that can be added up over pages; the same for every tool.

mod distance;
mod flex;
mod words;

use std::ops::AddAssign;

/// What is right and wrong on a page, or on many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Score {
    /// Letters of the truth.
    pub(crate) letters: usize,
    /// Fewest changes that make the output the truth, in reading order.
    pub(crate) changes: usize,
    /// Letters of the truth, without what parts its lines and cells.
    pub(crate) cell_letters: usize,
    /// Blind to the order of blocks: letters misread in the stretches that the truth's lines were found in, …
    pub(crate) misread: usize,
    /// … of lines that were not found, …
    pub(crate) missed: usize,
    /// … and of output in which no line was found.
    pub(crate) extra: usize,
    pub(crate) words: usize,
    pub(crate) output_words: usize,
    /// In both, wherever.
    pub(crate) common_words: usize,
    pub(crate) words_missed: usize,
    pub(crate) numbers: usize,
    pub(crate) numbers_wrong: usize,
    /// Pairs of neighbours in the truth's lines.
    pub(crate) bigrams: usize,
    pub(crate) bigrams_found: usize,
}

/// Of truth and output, a line each. In the truth tabs stand between what stands apart on a line, as cells do.
pub(crate) fn score(truth: &str, output: &str) -> Score {
    let cells = normal(&truth.replace('\t', "\n"));
    let (truth, output) = (normal(truth), normal(output));
    let (letters, read): (Vec<char>, Vec<char>) = (joined(&truth), joined(&output));
    let mut score = Score { letters: letters.len(), ..Score::default() };
    score.changes = distance::changes(&letters, &read);
    flex::count(&cells, &output, &mut score);
    words::count(&truth, &output, &mut score);
    score
}

impl Score {
    /// All in percent.
    pub(crate) fn in_order(&self) -> f64 {
        percent(self.changes, self.letters)
    }

    pub(crate) fn flex(&self) -> f64 {
        percent(self.misread + self.missed + self.extra, self.cell_letters)
    }

    /// 1 − F1 of the bags of words.
    pub(crate) fn words_wrong(&self) -> f64 {
        100.0 - percent(2 * self.common_words, self.words + self.output_words)
    }

    pub(crate) fn numbers_wrong(&self) -> f64 {
        percent(self.numbers_wrong, self.numbers)
    }

    pub(crate) fn words_missed(&self) -> f64 {
        percent(self.words_missed, self.words)
    }

    pub(crate) fn bigrams(&self) -> f64 {
        percent(self.bigrams_found, self.bigrams)
    }
}

fn percent(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { 100.0 * part as f64 / of as f64 }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.letters += other.letters;
        self.changes += other.changes;
        self.cell_letters += other.cell_letters;
        self.misread += other.misread;
        self.missed += other.missed;
        self.extra += other.extra;
        self.words += other.words;
        self.output_words += other.output_words;
        self.common_words += other.common_words;
        self.words_missed += other.words_missed;
        self.numbers += other.numbers;
        self.numbers_wrong += other.numbers_wrong;
        self.bigrams += other.bigrams;
        self.bigrams_found += other.bigrams_found;
    }
}

impl std::iter::Sum for Score {
    fn sum<I: Iterator<Item = Self>>(scores: I) -> Self {
        scores.fold(Self::default(), |mut sum, score| {
            sum += score;
            sum
        })
    }
}

/// Lines of words with one space between them. Quotes, dashes, ligatures and bullets differ by taste, not by truth;
/// lines to write on and dots that lead to a number are no text.
fn normal(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '‘' | '’' | '‚' | '‛' | '`' | '´' | '′' => plain.push('\''),
            '“' | '”' | '„' | '‟' | '″' | '«' | '»' => plain.push('"'),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => plain.push('-'),
            'ﬁ' => plain.push_str("fi"),
            'ﬂ' => plain.push_str("fl"),
            'ﬀ' => plain.push_str("ff"),
            'ﬃ' => plain.push_str("ffi"),
            'ﬄ' => plain.push_str("ffl"),
            '…' => plain.push_str("..."),
            '●' | '∙' | '·' | '▪' => plain.push('•'),
            '\u{AD}' | '\u{200B}' | '\u{FEFF}' => {}
            '\u{C}' => plain.push('\n'),
            other => plain.push(other),
        }
    }
    let is_text = |word: &&str| word.contains(|c| !matches!(c, '_' | '.'));
    let lines = plain.lines().map(|line| {
        let line = line.replace("__", "");
        line.split_whitespace().filter(is_text).collect::<Vec<_>>().join(" ")
    });
    lines.filter(|line| !line.is_empty()).collect()
}

fn joined(lines: &[String]) -> Vec<char> {
    lines.join(" ").chars().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_as_it_stands_has_no_errors() {
        let text = "Glucose 104 mg/dL\nThe patient's \"knee\" - right\n";
        let score = score(text, "Glucose  104 mg/dL\n\nThe patient’s “knee” – right\u{c}");
        assert_eq!((score.changes, score.flex(), score.words_wrong(), score.words_missed), (0, 0.0, 0.0, 0));
        assert_eq!((score.bigrams, score.bigrams_found, score.numbers, score.numbers_wrong), (5, 5, 1, 0));
    }

    #[test]
    fn flex_is_blind_to_the_order_of_blocks_and_order_is_not() {
        let score = score(
            "left one here\nleft two here\nright one there",
            "right one there\nleft one here\nleft two here",
        );
        assert_eq!((score.misread, score.missed, score.extra), (0, 0, 0));
        assert!(score.changes > 10);
    }

    #[test]
    fn flex_takes_a_table_by_rows_or_by_columns() {
        let truth = "Sodium\t139\tmmol/L\nPotassium\t4.2\tmmol/L";
        for read in ["Sodium 139 mmol/L\nPotassium 4.2 mmol/L", "Sodium\nPotassium\n139\n4.2\nmmol/L\nmmol/L"]
        {
            assert_eq!(score(truth, read).flex(), 0.0, "{read}");
        }
    }

    #[test]
    fn lines_to_write_on_are_no_text() {
        let score = score("Yes___ or No ____\nTotal\t5", "Yes_____ or No\nTotal . . . . . 5");
        assert_eq!((score.changes, score.flex()), (0, 0.0));
    }

    #[test]
    fn a_line_that_repeats_is_found_as_often_as_it_stands() {
        let text =
            "the quick dog jumped over the\nlazy fox. The quick dog jumped\nover the lazy fox. The quick dog";
        assert_eq!(score(text, text).flex(), 0.0);
    }

    #[test]
    fn nothing_read_is_all_missed() {
        let score = score("Glucose 104\nSodium 139", "");
        assert_eq!((score.flex(), score.words_missed(), score.numbers_wrong()), (100.0, 100.0, 100.0));
    }

    #[test]
    fn a_misread_number_is_wrong_and_its_word_is_not_missed() {
        let score = score("Sodium 139 mmol/L normal", "Sodium 189 mmol/L normal");
        assert_eq!((score.numbers, score.numbers_wrong, score.words_missed, score.misread), (1, 1, 0, 1));
    }

    #[test]
    fn a_word_left_out_of_a_line_is_missed() {
        let score = score("the quick brown fox jumps over it", "the quick fox jumps over it");
        assert_eq!((score.words_missed, score.misread), (1, 6));
    }
}
