//! What do notes say? Sentences, and whole notes, of a public set of made-up visits (aci-bench).

use anyhow::Context as _;

use super::dice::Dice;
use crate::program::corpus;

/// Letters that fit on a line of a page.
const LINE: usize = 84;

pub(super) struct Notes {
    /// Each fits on a line and names nobody, no age and no sex.
    pub(super) sentences: Vec<String>,
    /// The lines of each note, ages left out: whose it is to be is said by the form it is printed on.
    pub(super) whole: Vec<Vec<String>>,
}

impl Notes {
    pub(super) fn gather() -> anyhow::Result<Self> {
        let folder = corpus().join("aci-bench/data/challenge_data");
        let mut notes = Self { sentences: Vec::new(), whole: Vec::new() };
        for list in ["train.csv", "valid.csv"] {
            let path = folder.join(list);
            let mut rows = csv::Reader::from_path(&path).with_context(|| format!("cannot read {list}"))?;
            for row in rows.records() {
                notes.add(row?.get(3).context("a row without a note")?);
            }
        }
        anyhow::ensure!(notes.sentences.len() > 200, "the notes have too few sentences");
        Ok(notes)
    }

    fn add(&mut self, note: &str) {
        let sentences = note.lines().flat_map(|line| line.split_inclusive(". ")).map(str::trim);
        self.sentences.extend(sentences.filter(|sentence| is_plain(sentence)).map(str::to_owned));
        self.whole.push(note.lines().filter(|line| !states_age(line)).flat_map(wrapped).collect());
    }

    pub(super) fn some(&self, count: usize, dice: &mut Dice) -> Vec<String> {
        (0..count).map(|_| dice.pick(&self.sentences).clone()).collect()
    }
}

/// A sentence that stands on a line and could be about anybody.
fn is_plain(sentence: &str) -> bool {
    let fits = (25..=LINE).contains(&sentence.len()) && sentence.ends_with('.') && sentence.is_ascii();
    let mut names = sentence.split_whitespace().skip(1).filter(|word| *word != "I");
    fits && !sentence.contains([':', '/', '"'])
        && !states_age(sentence)
        && names.all(|word| !word.starts_with(|c: char| c.is_uppercase()))
}

fn states_age(line: &str) -> bool {
    let line = line.to_lowercase();
    ["year-old", "year old", "years old", "y.o", "yo "].iter().any(|age| line.contains(age))
}

fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split_whitespace().map(|word| word.replace('•', "-")) {
        let last = lines.last_mut().expect("there is always a line");
        if !last.is_empty() && last.len() + 1 + word.len() > LINE {
            lines.push(word);
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(&word);
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}
