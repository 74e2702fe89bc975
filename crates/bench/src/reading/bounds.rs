//! Does what was promised hold?

use std::collections::BTreeMap;

use super::bootstrap::{difference, ratio};
use super::damage::Damage;
use super::measures::Score;
use super::report::{groups, pairs, sum};
use super::speed::Speed;
use super::tools::Tool;
use super::trial::{Judged, Spent};
use crate::program::say;

/// One line a bound; `true`: all that could be judged hold.
pub(crate) fn print(
    drawn: &[Judged],
    real: &[Judged],
    spent: &BTreeMap<Tool, Spent>,
    speed: Option<&Speed>,
    seed: u64,
) -> bool {
    say("\nBounds");
    let mut all = true;
    let mut bound = |holds: bool, text: String| {
        all &= holds;
        say(format!("{} {text}", if holds { "ok " } else { "NOT" }));
    };
    let drawn_pages: Vec<&Judged> = drawn.iter().collect();
    let real_pages: Vec<&Judged> = real.iter().collect();
    let mut at_most = |pages: &[&Judged], what: &str, measure: fn(&Score) -> f64, other: Tool, most: f64| {
        let pairs = pairs(pages, other);
        if pairs.is_empty() {
            return;
        }
        let (ours, theirs) = (sum(pages.iter().copied(), Tool::Ours), sum(pages.iter().copied(), other));
        let (found, chance) = (measure(&ours) / measure(&theirs).max(1e-9), ratio(&pairs, measure, seed));
        let text = format!(
            "{what}: {found:.3} ({:.3} … {:.3}) of {}'s, at most {most}",
            chance.low,
            chance.high,
            other.title()
        );
        bound(found <= most, text);
    };
    at_most(&drawn_pages, "generated, character errors", Score::in_order, Tool::Tesseract, 0.25);
    at_most(&drawn_pages, "generated, character errors", Score::in_order, Tool::Psm1, 0.5);
    at_most(&drawn_pages, "generated, character errors", Score::in_order, Tool::OcrmypdfBest, 0.5);
    let clean: Vec<&Judged> =
        drawn.iter().filter(|page| page.page.damage == Some(Damage::Clean) && !page.page.turned).collect();
    at_most(&clean, "clean and upright, character errors", Score::in_order, Tool::Tesseract, 1.0);
    at_most(&real_pages, "real, flex", Score::flex, Tool::Tesseract, 0.7);
    at_most(&real_pages, "real, F1 error", Score::words_wrong, Tool::Tesseract, 0.8);
    at_most(&real_pages, "real, numbers wrong", Score::numbers_wrong, Tool::Tesseract, 0.6);
    if !real_pages.is_empty() {
        let missed = sum(real.iter(), Tool::Ours).words_missed();
        bound(missed <= 1.5, format!("real, words missed: {missed:.2} %, at most 1.5 %"));
    }
    let sets = [(drawn, Score::in_order as fn(&Score) -> f64, "in order"), (real, Score::flex, "flex")];
    for (set, measure, what) in sets {
        let mut worse = Vec::new();
        for (name, group) in groups(set) {
            let pairs = pairs(&group, Tool::Tesseract);
            let chance = difference(&pairs, measure, seed);
            // Of fewer pages no bootstrap can say anything.
            if pairs.len() >= 5 && chance.low > 0.0 {
                worse.push(format!("{name} ({:+.2} … {:+.2})", chance.low, chance.high));
            }
        }
        let names = if worse.is_empty() { "none".to_owned() } else { worse.join(", ") };
        bound(worse.is_empty(), format!("{what}, kinds of page significantly worse than tesseract: {names}"));
    }
    costs(spent, speed, &mut bound);
    all
}

fn costs(spent: &BTreeMap<Tool, Spent>, speed: Option<&Speed>, bound: &mut impl FnMut(bool, String)) {
    let Some(ours) = spent.get(&Tool::Ours) else { return };
    let pages = ours.pages;
    let mut at_most = |what: &str, ours: f64, other: Tool, theirs: Option<f64>, most: f64| {
        if let Some(theirs) = theirs {
            let found = ours / theirs.max(1e-9);
            let text = format!(
                "{what} ({pages}): {ours:.1} s, {found:.3} of {}'s {theirs:.1} s, at most {most}",
                other.title()
            );
            bound(found <= most, text);
        }
    };
    let cpu = |tool: Tool| spent.get(&tool).map(|spent| spent.cpu_s);
    at_most("CPU of the generated pages", ours.cpu_s, Tool::Tesseract, cpu(Tool::Tesseract), 0.75);
    at_most("CPU of the generated pages", ours.cpu_s, Tool::Ocrmypdf, cpu(Tool::Ocrmypdf), 0.6);
    let wall = spent.get(&Tool::Ocrmypdf).map(|spent| spent.wall_s);
    at_most("wall time of the same on 2 cores", ours.wall_s, Tool::Ocrmypdf, wall, 0.6);
    if let Some(speed) = speed {
        let (ours, theirs) = (speed.ours[0] / speed.ours[1], speed.tesseract[0] / speed.tesseract[1]);
        let text = format!(
            "scaling from 1 to 2 readers over {} pages: {ours:.2}, {:.3} of what two tesseract loops scale ({theirs:.2}), \
             at least 0.95",
            speed.pages,
            ours / theirs
        );
        bound(ours / theirs >= 0.95, text);
    }
}
