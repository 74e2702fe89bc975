//! What does the running text say about age and sex? Never a witness; a wrong label shows here.

use std::sync::LazyLock;

use regex::Regex;

use crate::geometry::Rect;
use crate::patient::Sex;

use super::row::Row;
use super::{Scene, Seen, Sighting, Stands};

static STATED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(\d{1,3})[\s-]*(?:years?[\s-]*old|yrs?[\s-]*old|y\.?\s?/?\s?o\.?)\b[\s,-]*(?:(?:[a-z-]+\s+){0,3}?\b(male|female|man|woman|gentleman|lady|boy|girl)\b)?",
    )
    .expect("a fixed expression")
});

/// "The patient is a 72-year-old male": the first such statement of a page that is not about a relative.
pub(super) fn read(scene: &Scene<'_>) -> Vec<Sighting> {
    let (text, starts) = joined(scene.rows);
    let Some(stated) = STATED.captures_iter(&text).find(|found| !is_about_another(&text[..start(found)]))
    else {
        return Vec::new();
    };
    let at = start(&stated);
    let row = starts.partition_point(|row| *row <= at).saturating_sub(1);
    let place = scene.rows[row].place;
    let text = stated.get(0).map_or("", |all| all.as_str()).trim();
    let mut all = Vec::new();
    if let Some(years) = stated[1].parse().ok().filter(|years| *years <= 120) {
        all.push(sighting(scene, text, place, Seen::Age(years)));
    }
    if let Some(word) = stated.get(2) {
        all.push(sighting(scene, text, place, Seen::Sex(sex(word.as_str()))));
    }
    all
}

fn start(found: &regex::Captures<'_>) -> usize {
    found.get(0).map_or(0, |all| all.start())
}

/// The page as one text, and where in it each row starts.
fn joined(rows: &[Row<'_>]) -> (String, Vec<usize>) {
    let (mut text, mut starts) = (String::new(), Vec::with_capacity(rows.len()));
    for row in rows {
        starts.push(text.len());
        for token in &row.tokens {
            text.push_str(token.text);
            text.push(' ');
        }
    }
    (text, starts)
}

/// Whether the sentence so far is about somebody else.
fn is_about_another(before: &str) -> bool {
    const OTHERS: [&str; 22] = [
        "mother",
        "father",
        "sister",
        "brother",
        "son",
        "daughter",
        "wife",
        "husband",
        "aunt",
        "uncle",
        "family",
        "spouse",
        "grandmother",
        "grandfather",
        "parent",
        "child",
        "children",
        "cousin",
        "partner",
        "roommate",
        "donor",
        "guarantor",
    ];
    let sentence = before.rsplit(['.', ';']).next().unwrap_or("");
    let words = sentence.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    words.into_iter().any(|word| OTHERS.contains(&word.as_str()))
}

fn sex(word: &str) -> Sex {
    match word.to_lowercase().as_str() {
        "male" | "man" | "gentleman" | "boy" => Sex::Male,
        _ => Sex::Female,
    }
}

fn sighting(scene: &Scene<'_>, text: &str, place: Rect, what: Seen) -> Sighting {
    let confidence = scene.reading.confidence;
    Sighting {
        page: scene.page,
        place,
        text: text.into(),
        confidence,
        what,
        stands: Stands::Body,
        witness: false,
    }
}
