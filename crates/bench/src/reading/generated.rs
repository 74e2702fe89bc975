//! Which pages are drawn, and where do they lie?

use std::fs;
use std::path::Path;

use super::damage::Damage;
use super::files::{File, file};
use super::layouts::Kind;
use super::page::{Page, draw};
use super::sheet::TrueLine;
use super::texts::Texts;
use super::tools::{Unit, at_a_time};
use super::trial::{Trial, Trialled};
use crate::dice::Dice;
use crate::samples::encode::pdf;

/// What is to be drawn.
pub(crate) struct Order {
    pub(crate) seed: u64,
    /// Of each damage.
    pub(crate) each: usize,
    /// Names of damages and kinds; empty: all.
    pub(crate) only: Vec<String>,
}

/// Draws the pages of each damage and writes them as scanners would: a unit each.
pub(crate) fn write(order: &Order, texts: &Texts, home: &Path) -> anyhow::Result<Vec<Trial>> {
    let mut trials = Vec::new();
    for (damage, name) in Damage::ALL {
        let plans = plans(order, damage);
        if plans.is_empty() {
            continue;
        }
        let drawn = at_a_time(&plans, 2, |plan| {
            let page = draw(plan.kind, damage, plan.turns, plan.seed, texts)?;
            let file = file(&page, &mut Dice::new(plan.seed ^ 0xF11E))?;
            Ok((page, file))
        })?;
        let folder = home.join(name);
        fs::create_dir_all(&folder)?;
        let mut trial =
            Trial { unit: Unit { name: name.into(), files: Vec::new(), stack: None }, pages: Vec::new() };
        for (page, File { extension, bytes, .. }) in &drawn {
            let path = folder.join(format!("{}.{extension}", page.name));
            fs::write(&path, bytes)?;
            trial.unit.files.push(path);
            trial.pages.push(trialled(page));
        }
        let streams: Vec<_> = drawn.iter().map(|(_, file)| &file.stream).collect();
        let stack = home.join(format!("{name}.pdf"));
        fs::write(&stack, pdf(&streams))?;
        trial.unit.stack = Some(stack);
        trials.push(trial);
    }
    Ok(trials)
}

struct Plan {
    kind: Kind,
    turns: u8,
    seed: u64,
}

/// The same pages whatever is left out: each has dice of its own.
fn plans(order: &Order, damage: Damage) -> Vec<Plan> {
    let all: Vec<Kind> = Kind::ALL.iter().map(|(kind, _)| *kind).collect();
    let kinds = if damage.kinds().is_empty() { &all } else { damage.kinds() };
    let wanted = |name: &str| order.only.is_empty() || order.only.iter().any(|only| only == name);
    let mut dice = Dice::new(order.seed ^ (damage as u64 + 1) << 40);
    let plans = (0..order.each).map(|nth| {
        let mut own = dice.split();
        // One page in ten lies wrongly.
        let turns = if (nth + damage as usize) % 10 == 4 { own.between(1, 3) as u8 } else { 0 };
        Plan { kind: kinds[(nth + damage as usize) % kinds.len()], turns, seed: own.next() }
    });
    plans.filter(|plan| wanted(damage.name()) || wanted(plan.kind.name())).collect()
}

fn trialled(page: &Page) -> Trialled {
    Trialled {
        name: page.name.clone(),
        damage: Some(page.damage),
        kind: page.kind.name(),
        turned: page.turns > 0,
        truth: text(&page.lines),
    }
}

/// A line each, with tabs between its cells.
pub(crate) fn text(lines: &[TrueLine]) -> String {
    let mut text = String::new();
    for line in lines {
        for (nth, word) in line.iter().enumerate() {
            if nth > 0 {
                text.push(if word.apart { '\t' } else { ' ' });
            }
            text += &word.text;
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_bytes() {
        let Ok(texts) = Texts::gather() else { return };
        for (damage, _) in Damage::ALL {
            let kind = *damage.kinds().first().unwrap_or(&Kind::Form);
            let bytes = |seed| {
                let page = draw(kind, damage, 1, seed, &texts).unwrap();
                (text(&page.lines), file(&page, &mut Dice::new(seed)).unwrap().bytes)
            };
            let (one, again) = (bytes(11), bytes(11));
            assert!(one == again, "{damage:?}");
        }
    }

    #[test]
    fn leaving_damages_out_changes_no_other_page() {
        let order =
            |only: &[&str]| Order { seed: 3, each: 10, only: only.iter().map(ToString::to_string).collect() };
        let seeds =
            |order: &Order| plans(order, Damage::Photo).iter().map(|plan| plan.seed).collect::<Vec<_>>();
        assert_eq!(seeds(&order(&[])), seeds(&order(&["photo"])));
        assert!(plans(&order(&["blur"]), Damage::Photo).is_empty());
    }
}
