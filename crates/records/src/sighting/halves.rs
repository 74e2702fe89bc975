//! Whose name is it, where family and given name have fields of their own? "Last name: SMITH   First name: JOHN"

use crate::name::PersonName;

use super::lexicon::Label;
use super::row::Token;
use super::{Scene, Seen, Sighting, Stands};

/// One of the two fields: its row, which of the two it is, and what stands in it.
pub(super) struct Half<'a> {
    pub(super) row: usize,
    pub(super) label: Label,
    pub(super) tokens: Vec<Token<'a>>,
}

/// Each family name with the given name beside it or just below.
pub(super) fn joined(scene: &Scene<'_>, halves: &[Half<'_>]) -> Vec<Sighting> {
    let families = halves.iter().filter(|half| half.label == Label::Family);
    families.map(|family| whole(scene, family, halves)).collect()
}

fn whole(scene: &Scene<'_>, family: &Half<'_>, halves: &[Half<'_>]) -> Sighting {
    /// Rows between the two.
    const NEAR: usize = 2;
    let given =
        halves.iter().find(|half| half.label == Label::Given && half.row.abs_diff(family.row) <= NEAR);
    let given = given.map(|half| half.tokens.clone()).unwrap_or_default();
    let text = |tokens: &[Token<'_>]| {
        tokens.iter().map(|token| token.text.trim_matches(',')).collect::<Vec<_>>().join(" ")
    };
    let given_text = text(&given);
    let (first, middle) = given_text.split_once(' ').unwrap_or((&given_text, ""));
    let name = PersonName {
        family: text(&family.tokens),
        given: first.into(),
        middle: middle.into(),
        suffix: String::new(),
    };
    let tokens: Vec<Token<'_>> = family.tokens.iter().chain(&given).cloned().collect();
    let mut sighting = scene.in_print(&tokens, Seen::Name(name.clone()), Stands::Field, true);
    sighting.text = name.filed();
    sighting
}
