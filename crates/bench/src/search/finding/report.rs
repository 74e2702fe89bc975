//! What is printed: each engine at each level, ours by manner of asking, and whether the bounds hold.

use std::collections::{BTreeMap, BTreeSet};

use records::reading::PageReading;

use super::engines::Engine;
use super::kinds::Tally;
use super::misses::{self, Cause};
use super::questions::{Manner, Question};
use super::scores::{Score, by_group, score, sum};
use crate::program::say;
use crate::reading::bootstrap::difference;

/// For each engine an answer a question.
pub(super) type Answers = BTreeMap<Engine, Vec<Vec<usize>>>;

/// The same pages, damaged in one way.
pub(super) struct Level<'a> {
    pub(super) name: &'static str,
    pub(super) pages: &'a [PageReading],
    pub(super) answers: Answers,
    pub(super) kinds: Tally,
    pub(super) days: Tally,
    /// "HP as PROG"
    pub(super) mistaken: BTreeSet<String>,
}

impl Level<'_> {
    fn score(&self, engine: Engine, questions: &[Question], manner: Option<Manner>) -> Option<Score> {
        let answers = self.answers.get(&engine)?;
        let asked = questions.iter().zip(answers);
        let these = asked.filter(|(question, _)| manner.is_none_or(|manner| question.manner == manner));
        let scores: Vec<Score> = these.map(|(question, answer)| score(&question.wanted, answer)).collect();
        Some(sum(&scores))
    }
}

/// Recall and nDCG of each engine, at each level absolute and as a share of its own on clean text.
pub(super) fn tables(questions: &[Question], levels: &[Level<'_>]) {
    let manners = Manner::ALL.iter().map(|(manner, title)| (Some(*manner), *title));
    for (manner, title) in [(None, "all searches")].into_iter().chain(manners) {
        let count =
            questions.iter().filter(|question| manner.is_none_or(|own| question.manner == own)).count();
        if count == 0 {
            continue;
        }
        say(format!(
            "\n{title} ({count}): recall@10 and nDCG@10, in percent; in brackets as a share of the engine's own on clean text"
        ));
        let heads: String = levels.iter().map(|level| format!("{:>28}", level.name)).collect();
        say(format!("{:<24}{heads}", ""));
        for (engine, name) in Engine::ALL {
            let clean = levels[0].score(engine, questions, manner);
            let cells = levels.iter().filter_map(|level| {
                let (clean, score) = (clean?, level.score(engine, questions, manner)?);
                let share = |of: fn(&Score) -> f64| 100.0 * of(&score) / of(&clean).max(1e-9);
                Some(format!(
                    "{:>7.1} ({:>5.1}) {:>5.1} ({:>5.1})",
                    score.recall(),
                    share(Score::recall),
                    score.ndcg(),
                    share(Score::ndcg)
                ))
            });
            let cells: Vec<String> = cells.map(|cell| format!("{cell:>28}")).collect();
            if !cells.is_empty() {
                say(format!("{name:<24}{}", cells.concat()));
            }
        }
    }
}

pub(super) fn kinds(levels: &[Level<'_>]) {
    say(format!("\n{:<24}{:>28}{:>28}", "kind and date", "kind: right of answered", "date of service"));
    for level in levels {
        let cell = |tally: &Tally| {
            let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
            format!(
                "{:.1} % of {:.1} % ({})",
                share(tally.right, tally.answered),
                share(tally.answered, tally.said),
                tally.said
            )
        };
        say(format!("{:<24}{:>28}{:>28}", level.name, cell(&level.kinds), cell(&level.days)));
    }
    for level in levels.iter().filter(|level| !level.mistaken.is_empty()) {
        let mistaken: Vec<&str> = level.mistaken.iter().map(String::as_str).collect();
        say(format!("kinds taken for others, {}: {}", level.name, mistaken.join(", ")));
    }
}

/// Why known pages were not found by us; answers them one by one.
pub(super) fn misses(questions: &[Question], level: &Level<'_>) -> String {
    let Some(answers) = level.answers.get(&Engine::Ours) else { return String::new() };
    let (causes, table) = misses::misses(level.pages, questions, answers);
    let counts: Vec<String> = Cause::ALL
        .iter()
        .map(|(cause, title)| format!("{} {title}", causes.iter().filter(|own| *own == cause).count()))
        .collect();
    say(format!("missed on {} pages, by the worst word: {}", level.name, counts.join(", ")));
    table
}

/// Shares of clean recall that are aimed at.
const AIMS: [(&str, f64); 2] = [("light", 99.0), ("heavy", 95.0)];

/// Prints whether we find as much as we aim at, and more than every other. `true`: so it is.
pub(super) fn bounds(questions: &[Question], levels: &[Level<'_>], seed: u64) -> bool {
    let mut holds = true;
    say("");
    let clean = levels[0].score(Engine::Ours, questions, None).unwrap_or_default();
    for (name, aim) in AIMS {
        let Some(level) = levels.iter().find(|level| level.name == name) else { continue };
        let Some(ours) = level.score(Engine::Ours, questions, None) else { continue };
        let share = 100.0 * ours.recall() / clean.recall().max(1e-9);
        let verdict = if share >= aim { "holds" } else { "MISSED" };
        holds &= share >= aim;
        say(format!("{name:<8} share of clean recall@10 {share:>8.1} %   aim {aim:.0}   {verdict}"));
    }
    say("\nwhat lies between ours and the others, in points of recall@10 and nDCG@10, with 95 % bounds");
    for level in levels {
        let Some(ours) = level.answers.get(&Engine::Ours) else { continue };
        let ours = by_group(questions, ours);
        for (engine, title) in Engine::ALL.iter().skip(1) {
            let Some(theirs) = level.answers.get(engine) else { continue };
            let theirs = by_group(questions, theirs);
            let pairs: Vec<(Score, Score)> =
                ours.iter().filter_map(|(group, own)| Some((*own, *theirs.get(group)?))).collect();
            let (own, other) = (sum(ours.values()), sum(theirs.values()));
            let between = |of: fn(&Score) -> f64| {
                let bounds = difference(&pairs, of, seed);
                let lies = of(&own) - of(&other);
                (lies, format!("{lies:+6.1} ({:+.1} … {:+.1})", bounds.low, bounds.high))
            };
            let (recall, ndcg) = (between(Score::recall), between(Score::ndcg));
            let above = recall.0 > 0.0 && ndcg.0 > 0.0;
            holds &= above || level.name == "clean";
            let verdict = if above { "" } else { "   NOT ABOVE" };
            say(format!("{:<7}{title:<26}{:>26}{:>26}{verdict}", level.name, recall.1, ndcg.1));
        }
    }
    holds
}
