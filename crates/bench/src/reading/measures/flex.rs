//! How many letters are wrong, whatever order the blocks came in?
//!
//! Each line of the truth, in tables each cell, is matched once to its best stretch of the output, sure ones first. Where only the text of
//! a page is known, a word counts as missed when its line was not found, or when more than half of its letters stand
//! against nothing in the stretch.

use super::Score;
use super::distance::best_stretch;

/// Stands where output was already matched; no text contains it.
const USED: char = '\0';

/// A line that differs in more than so many of its hundred letters was not found.
const TOO_DIFFERENT: usize = 60;

pub(super) fn count(truth: &[String], output: &[String], score: &mut Score) {
    let (mut left, mut ends) = (Vec::new(), Vec::new());
    for line in output {
        left.extend(line.chars().chain([' ']));
        ends.resize(left.len(), false);
        if let [.., last, _space] = &mut ends[..] {
            *last = true;
        }
    }
    let mut lines: Vec<(i64, Vec<char>)> = truth
        .iter()
        .map(|line| {
            let line: Vec<char> = line.chars().collect();
            let (_, cost) = best_stretch(&line, &left, &ends);
            (line.len() as i64 - 3 * cost as i64, line)
        })
        .collect();
    // Long and certain ones first: "Date" must not take its letters out of a longer line.
    lines.sort_by_key(|(certain, _)| -certain);
    for (_, line) in lines {
        score.cell_letters += line.len();
        let (end, cost) = best_stretch(&line, &left, &ends);
        if cost * 100 > line.len() * TOO_DIFFERENT {
            score.missed += line.len();
            score.words_missed += line.split(|letter| *letter == ' ').filter(|word| is_word(word)).count();
            continue;
        }
        let (from, words_missed) = aligned(&line, &left[..end]);
        score.misread += cost;
        score.words_missed += words_missed;
        left[from..end].fill(USED);
    }
    score.extra += left.iter().filter(|letter| **letter != USED && **letter != ' ').count();
}

/// Where the stretch that ends with `text` begins, and how many words of the line have no counterpart in it.
fn aligned(line: &[char], text: &[char]) -> (usize, usize) {
    // Longer than twice the line no stretch is cheaper than none.
    let text_from = text.len().saturating_sub(2 * line.len() + 1);
    let text = &text[text_from..];
    let columns = text.len() + 1;
    let mut cost = vec![0_u32; (line.len() + 1) * columns];
    for row in 1..=line.len() {
        cost[row * columns] = row as u32;
        for column in 1..columns {
            let replaced =
                cost[(row - 1) * columns + column - 1] + u32::from(line[row - 1] != text[column - 1]);
            let left_out = cost[(row - 1) * columns + column] + 1;
            let put_in = cost[row * columns + column - 1] + 1;
            cost[row * columns + column] = replaced.min(left_out).min(put_in);
        }
    }
    let (mut row, mut column) = (line.len(), text.len());
    let mut against_nothing = vec![false; line.len()];
    while row > 0 {
        let here = cost[row * columns + column];
        let replaced = column > 0
            && here == cost[(row - 1) * columns + column - 1] + u32::from(line[row - 1] != text[column - 1]);
        if replaced {
            row -= 1;
            column -= 1;
        } else if here == cost[(row - 1) * columns + column] + 1 {
            row -= 1;
            against_nothing[row] = true;
        } else {
            column -= 1;
        }
    }
    let (mut missed, mut at) = (0, 0);
    for word in line.split(|letter| *letter == ' ') {
        let gone = against_nothing[at..at + word.len()].iter().filter(|gone| **gone).count();
        missed += usize::from(is_word(word) && 2 * gone > word.len());
        at += word.len() + 1;
    }
    (text_from + column, missed)
}

fn is_word(letters: &[char]) -> bool {
    letters.iter().any(|letter| letter.is_alphanumeric())
}
