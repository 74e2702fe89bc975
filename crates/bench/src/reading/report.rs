//! What is printed: tables per tool, per damage and kind of page, beside tesseract as it comes.

use std::collections::{BTreeMap, BTreeSet};

use super::bootstrap::difference;
use super::damage::Damage;
use super::measures::Score;
use super::tools::Tool;
use super::trial::{Judged, Spent};
use crate::program::say;

pub(crate) fn sum<'j>(pages: impl Iterator<Item = &'j Judged>, tool: Tool) -> Score {
    pages.filter_map(|judged| judged.scores.get(&tool)).copied().sum()
}

/// One line a tool; nothing without pages.
pub(crate) fn tools(
    title: &str,
    pages: &[&Judged],
    spent: &BTreeMap<Tool, Spent>,
    tools: &[Tool],
    in_order: bool,
) {
    if pages.is_empty() {
        return;
    }
    say(format!("\n{title}: {} pages", pages.len()));
    say(format!(
        "{:<20} {:>8} {:>7} {:>8} {:>7} {:>7} {:>8} {:>8} {:>8} {:>8} {:>7}",
        "",
        "in order",
        "flex",
        "(extra)",
        "F1 err",
        "numbers",
        "missed",
        "bigrams",
        "CPU s/p",
        "wall s/p",
        "MB"
    ));
    for tool in tools {
        let score = sum(pages.iter().copied(), *tool);
        let cost = spent.get(tool).copied().unwrap_or_default();
        let each = cost.pages.max(1) as f64;
        let order = if in_order { format!("{:.2}", score.in_order()) } else { "-".into() };
        say(format!(
            "{:<20} {order:>8} {:>7.2} {:>8.2} {:>7.2} {:>7.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7.0}",
            tool.title(),
            score.flex(),
            100.0 * score.extra as f64 / score.cell_letters.max(1) as f64,
            score.words_wrong(),
            score.numbers_wrong(),
            score.words_missed(),
            score.bigrams(),
            cost.cpu_s / each,
            cost.wall_s / each,
            cost.peak_mb,
        ));
    }
}

/// Pages by what they are: their damage and their kind, or only their kind.
pub(crate) fn groups(pages: &[Judged]) -> Vec<(String, Vec<&Judged>)> {
    let mut groups = Vec::new();
    for (damage, name) in Damage::ALL {
        groups
            .push((name.to_owned(), pages.iter().filter(|page| page.page.damage == Some(damage)).collect()));
    }
    let kinds: BTreeSet<(bool, &str)> =
        pages.iter().map(|page| (page.page.damage.is_none(), page.page.kind)).collect();
    for (real, kind) in kinds {
        let these = pages.iter().filter(|page| page.page.damage.is_none() == real && page.page.kind == kind);
        groups.push((format!("{}{kind}", if real { "real " } else { "· " }), these.collect()));
    }
    groups.push(("turned".into(), pages.iter().filter(|page| page.page.turned).collect()));
    groups.push((
        "upright".into(),
        pages.iter().filter(|page| page.page.damage.is_some() && !page.page.turned).collect(),
    ));
    groups.retain(|(_, pages): &(_, Vec<&Judged>)| !pages.is_empty());
    groups
}

/// Ours beside another's, group by group.
pub(crate) fn by_group(pages: &[Judged], other: Tool, cpu: &BTreeMap<(String, Tool), f64>, seed: u64) {
    let title = other.title();
    say(format!("\nours | {title}, and what lies between them with 95 % bounds (below 0: ours is better)"));
    say(format!(
        "{:<18} {:>4} {:>17} {:>18} {:>17} {:>15} {:>17} {:>13} {:>13}",
        "", "", "in order", "95 %", "flex", "F1 err", "numbers", "missed", "CPU s/page"
    ));
    let each = |name: &str, pages: usize| {
        let spent = |tool| cpu.get(&(name.to_owned(), tool)).map(|cpu| cpu / pages as f64);
        match (spent(Tool::Ours), spent(other)) {
            (Some(ours), Some(theirs)) => format!("{ours:.2} | {theirs:.2}"),
            _ => String::new(),
        }
    };
    for (name, group) in groups(pages) {
        let (ours, theirs) = (sum(group.iter().copied(), Tool::Ours), sum(group.iter().copied(), other));
        let pairs = pairs(&group, other);
        let chance = difference(&pairs, Score::in_order, seed);
        let pair = |measure: fn(&Score) -> f64| format!("{:.2} | {:.2}", measure(&ours), measure(&theirs));
        say(format!(
            "{name:<18} {:>4} {:>17} {:>18} {:>17} {:>15} {:>17} {:>13} {:>13}",
            group.len(),
            pair(Score::in_order),
            format!("{:+.2} … {:+.2}", chance.low, chance.high),
            pair(Score::flex),
            pair(Score::words_wrong),
            pair(Score::numbers_wrong),
            pair(Score::words_missed),
            each(&name, group.len()),
        ));
    }
}

/// Real pages one by one.
pub(crate) fn singly(real: &[Judged], other: Tool) {
    if real.is_empty() {
        return;
    }
    let title = other.title();
    say(format!(
        "\n{:<40} {:>17} {:>17} {:>17} {:>15}",
        format!("ours | {title}"),
        "flex",
        "F1 err",
        "numbers",
        "missed"
    ));
    for judged in real {
        let (Some(ours), Some(theirs)) = (judged.scores.get(&Tool::Ours), judged.scores.get(&other)) else {
            continue;
        };
        let pair = |measure: fn(&Score) -> f64| format!("{:.2} | {:.2}", measure(ours), measure(theirs));
        say(format!(
            "{:<40} {:>17} {:>17} {:>17} {:>15}",
            judged.page.name,
            pair(Score::flex),
            pair(Score::words_wrong),
            pair(Score::numbers_wrong),
            pair(Score::words_missed),
        ));
    }
}

/// Every page and tool on a line, for sorting.
pub(crate) fn page_by_page(pages: &[Judged]) -> String {
    let mut table = String::from("page\ttool\tin order\tflex\tF1 err\tnumbers\tmissed\n");
    for (judged, (tool, score)) in
        pages.iter().flat_map(|page| page.scores.iter().map(move |score| (page, score)))
    {
        table += &format!(
            "{}\t{}\t{:.2}\t{:.2}\t{:.2}\t{:.2}\t{:.2}\n",
            judged.page.name,
            tool.short(),
            score.in_order(),
            score.flex(),
            score.words_wrong(),
            score.numbers_wrong(),
            score.words_missed()
        );
    }
    table
}

pub(crate) fn pairs(group: &[&Judged], other: Tool) -> Vec<(Score, Score)> {
    group
        .iter()
        .filter_map(|judged| Some((*judged.scores.get(&Tool::Ours)?, *judged.scores.get(&other)?)))
        .collect()
}
