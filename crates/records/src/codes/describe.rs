//! Which codes do words stand for?
//!
//! The texts of the newest release of each system, in which words are looked for: a whole release in some
//! milliseconds, so nothing is made ahead.

use std::ops::Range;

use regex::Regex;

use super::pattern::CodePattern;
use super::table::packed;
use super::{CodeSystem, CodesError, Release};

/// Codes and what they stand for.
#[derive(Default)]
pub struct Descriptions {
    codes: Vec<(CodeSystem, [u8; 7])>,
    /// Where the text of each code begins; one more at the end.
    starts: Vec<usize>,
    /// One line a code.
    written: String,
    /// The same, byte for byte, in small letters.
    lower: String,
}

/// A code that words stand for; it stands for all below it, too.
#[derive(Clone, PartialEq, Eq)]
pub struct Described {
    pub system: CodeSystem,
    /// As it is published.
    pub code: String,
    pub text: String,
}

impl Described {
    pub fn pattern(&self) -> CodePattern {
        CodePattern::below(&self.code)
    }

    /// As it is told: system, code, what it stands for.
    pub fn written(&self) -> String {
        format!("{} {} {}", self.system.name(), self.code, self.text)
    }
}

/// Words looked at, from the first on.
const MOST_WORDS: usize = 16;
/// Words that fit more codes than this say nothing: "left", "pain".
const MOST_CODES: usize = 24;

impl Descriptions {
    /// Of ICD-10-CM and HCPCS; of other systems, and of older releases, nothing is taken.
    ///
    /// # Errors
    /// The first line of a file that cannot be understood.
    pub fn of<'t>(files: impl IntoIterator<Item = (&'t Release, &'t str)>) -> Result<Self, CodesError> {
        let files: Vec<(&Release, &str)> = files.into_iter().collect();
        let newest = Self::newest(files.iter().map(|(release, _)| *release));
        let mut all = Self::default();
        for (release, text) in files.into_iter().filter(|(release, _)| newest.contains(release)) {
            for entry in release.entries(text) {
                let entry = entry?;
                let Some(code) = packed(entry.code) else { continue };
                if entry.continues {
                    all.written.pop();
                    all.written.push(' ');
                } else {
                    all.starts.push(all.written.len());
                    all.codes.push((release.system, code));
                }
                all.written.push_str(entry.text);
                all.written.push('\n');
            }
        }
        all.starts.push(all.written.len());
        all.lower = all.written.to_ascii_lowercase();
        Ok(all)
    }

    /// The releases whose texts are looked at.
    pub fn newest<'r>(releases: impl IntoIterator<Item = &'r Release>) -> Vec<&'r Release> {
        let mut newest: Vec<&Release> = releases.into_iter().collect();
        newest.retain(|release| matches!(release.system, CodeSystem::Icd10Cm | CodeSystem::Hcpcs));
        newest.sort_by_key(|release| (release.system, std::cmp::Reverse(release.from)));
        newest.dedup_by_key(|release| release.system);
        newest
    }

    /// The longest runs of words that stand for codes, from the left, with the highest codes whose texts have all of
    /// their words. Each word comes in its parts, in small letters.
    pub fn named(&self, words: &[Vec<String>]) -> Vec<(Range<usize>, Vec<Described>)> {
        let words = &words[..words.len().min(MOST_WORDS)];
        let hits: Vec<Vec<usize>> = words.iter().map(|parts| self.with_all(parts)).collect();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < words.len() {
            let mut runs: Vec<Vec<usize>> = vec![hits[at].clone()];
            for next in &hits[at + 1..] {
                let both = shared(&runs[runs.len() - 1], next);
                if both.is_empty() {
                    break;
                }
                runs.push(both);
            }
            let telling = |count: usize| words[at..at + count].iter().flatten().any(|part| tells(part));
            let best = (1..=runs.len()).rev().filter(|count| telling(*count)).find_map(|count| {
                let highest = self.highest(&runs[count - 1]);
                (1..=MOST_CODES).contains(&highest.len()).then_some((count, highest))
            });
            match best {
                Some((count, codes)) => {
                    found.push((at..at + count, codes));
                    at += count;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Lines whose text has every part.
    fn with_all(&self, parts: &[String]) -> Vec<usize> {
        let each = parts.iter().map(|part| self.lines_with(part));
        each.reduce(|all, next| shared(&all, &next)).unwrap_or_default()
    }

    fn lines_with(&self, word: &str) -> Vec<usize> {
        let stem = singular(word);
        let Ok(literal) = Regex::new(&regex::escape(stem)) else { return Vec::new() };
        let bytes = self.lower.as_bytes();
        let mut lines: Vec<usize> = Vec::new();
        let mut line = 0;
        for found in literal.find_iter(&self.lower) {
            let before = found.start().checked_sub(1).map(|at| bytes[at]);
            let rest = &self.lower[found.end()..];
            if before.is_some_and(|b| b.is_ascii_alphanumeric()) || !ends_word(rest) {
                continue;
            }
            line += self.starts[line..].partition_point(|start| *start <= found.start()) - 1;
            let text = &self.lower[self.starts[line]..found.start()];
            if lines.last() != Some(&line) && !is_denied(text) {
                lines.push(line);
            }
        }
        lines
    }

    /// Without the codes below others.
    fn highest(&self, lines: &[usize]) -> Vec<Described> {
        let mut codes: Vec<(CodeSystem, &str, usize)> = lines.iter().map(|line| self.code(*line)).collect();
        codes.sort_unstable();
        codes.dedup_by(|next, kept| next.0 == kept.0 && next.1.starts_with(kept.1));
        let described = |(system, code, line): (CodeSystem, &str, usize)| Described {
            system,
            code: system.written(code),
            text: self.written[self.starts[line]..self.starts[line + 1]].trim_end().to_owned(),
        };
        codes.into_iter().map(described).collect()
    }

    fn code(&self, line: usize) -> (CodeSystem, &str, usize) {
        let (system, code) = &self.codes[line];
        let code = std::str::from_utf8(code).unwrap_or_default();
        (*system, code.trim_end_matches('\0'), line)
    }
}

/// A word that says what is looked for, not only how.
fn tells(word: &str) -> bool {
    const SAY_NOTHING: [&str; 14] = [
        "and",
        "the",
        "for",
        "with",
        "from",
        "not",
        "other",
        "type",
        "use",
        "due",
        "unspecified",
        "without",
        "all",
        "one",
    ];
    word.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !SAY_NOTHING.contains(&word)
}

fn singular(word: &str) -> &str {
    let plural = word.len() > 4 && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    word.strip_suffix('s').filter(|_| plural).unwrap_or(word)
}

fn ends_word(rest: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    ends(rest) || rest.strip_prefix('s').is_some_and(ends)
}

/// "… without complications" is not about complications.
fn is_denied(before: &str) -> bool {
    let after = before.rfind("without ").map(|at| &before[at..]);
    after.is_some_and(|text| !text.contains(',') && !text.contains(" with "))
}

fn shared(a: &[usize], b: &[usize]) -> Vec<usize> {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut both = Vec::new();
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => _ = a.next(),
            std::cmp::Ordering::Greater => _ = b.next(),
            std::cmp::Ordering::Equal => {
                both.extend(a.next());
                b.next();
            }
        }
    }
    both
}
