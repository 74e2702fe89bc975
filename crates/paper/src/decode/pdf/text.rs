//! Which words does a page carry, and where do they stand?

use std::collections::HashMap;

use hayro_interpret::kurbo::{Affine, Point, Rect as Area, Vec2};
use records::geometry::Rect;

use super::scene::{Glyph, Scene};
use crate::decode::EmbeddedWord;

/// Gap that parts words, in em: spaces measure 0.25, the widest kerning 0.1.
const GAP: f64 = 0.15;
/// How far a letter may stand back over the one before, or off its baseline, in em.
const BACK: f64 = 0.5;
const OFF: f64 = 0.3;
/// A font's letters reach from this far under the baseline to this far above it, in em.
const DESCENT: f64 = 0.21;
const ASCENT: f64 = 0.74;
/// Share of lines that stand above the line before from which a page's order of painting is not for reading.
const DISORDER: f64 = 0.4;

/// The words in reading order, in pixels of a raster of this size. Words with a letter that the font does not name
/// are left out: nobody could search for them.
pub(super) fn words(scene: &Scene, to_pixels: Affine, width: u32, height: u32) -> Vec<EmbeddedWord> {
    let mut words = joined(&scene.glyphs);
    drop_shadows(&mut words);
    let size = (f64::from(width), f64::from(height));
    let ordered = in_order(words).into_iter().filter(|word| !word.unknown);
    ordered.map(|word| word.embedded(scene.page, to_pixels, size)).collect()
}

/// A word in the making, in points of the page.
struct Run {
    text: String,
    start: Point,
    end: Point,
    /// Direction of the baseline, of length 1.
    along: Vec2,
    em: f64,
    area: Area,
    seen: bool,
    unknown: bool,
}

impl Run {
    fn of(glyph: &Glyph) -> Self {
        let area = area_of(glyph);
        let (start, end, seen) = (glyph.start, glyph.end, glyph.seen);
        Self {
            text: String::new(),
            start,
            end,
            along: along(glyph),
            em: em(glyph),
            area,
            seen,
            unknown: false,
        }
    }

    fn takes(&self, glyph: &Glyph) -> bool {
        let step = glyph.start - self.end;
        let (forward, off) = (step.dot(self.along), step.cross(self.along).abs());
        self.seen == glyph.seen
            && self.along.dot(along(glyph)) > 0.98
            && forward < GAP * self.em
            && forward > -BACK * self.em
            && off < OFF * self.em
    }

    fn add(&mut self, glyph: &Glyph, text: &str) {
        self.area = self.area.union(area_of(glyph));
        self.end = glyph.end;
        self.em = self.em.max(em(glyph));
        self.text.push_str(text);
    }

    /// Whether the other word stands on the same line.
    fn beside(&self, other: &Self) -> bool {
        let off = (other.start - self.start).cross(self.along).abs();
        self.along.dot(other.along) > 0.98 && off < BACK * self.em.max(other.em)
    }

    fn embedded(self, page: Area, to_pixels: Affine, (width, height): (f64, f64)) -> EmbeddedWord {
        let area = to_pixels.transform_rect_bbox(self.area);
        let seen = self.seen && page.contains(self.area.center());
        let (x0, x1) = (area.x0.clamp(0.0, width - 1.0).floor(), area.x1.clamp(1.0, width).ceil());
        let (y0, y1) = (area.y0.clamp(0.0, height - 1.0).floor(), area.y1.clamp(1.0, height).ceil());
        let place =
            Rect { x: x0 as u32, y: y0 as u32, w: (x1 - x0).max(1.0) as u32, h: (y1 - y0).max(1.0) as u32 };
        EmbeddedWord { text: self.text, place, visible: seen }
    }
}

fn joined(glyphs: &[Glyph]) -> Vec<Run> {
    let mut words: Vec<Run> = Vec::new();
    let mut open = false;
    for glyph in glyphs {
        let text = glyph.text.as_deref();
        if text
            .is_some_and(|text| text.chars().all(|c| c.is_whitespace() || c.is_control() || c == '\u{200B}'))
        {
            open = false;
            continue;
        }
        // A letter that carries its own spaces ("fi " from a ToUnicode table) still ends there.
        let parted = text.is_some_and(|text| text.starts_with(char::is_whitespace));
        if !open || parted || !words.last().is_some_and(|word| word.takes(glyph)) {
            words.push(Run::of(glyph));
        }
        let word = words.last_mut().expect("one was just opened");
        word.unknown |= text.is_none_or(|text| text.chars().any(is_nameless));
        word.add(glyph, text.unwrap_or_default().trim());
        open = !text.is_some_and(|text| text.ends_with(char::is_whitespace));
    }
    words
}

/// Characters that stand for "unknown" or only mean something in one font.
fn is_nameless(c: char) -> bool {
    c == '\u{FFFD}' || c.is_control() || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// The same word painted again on (almost) the same place is bold print or a shadow.
fn drop_shadows(words: &mut Vec<Run>) {
    let mut painted: HashMap<(String, bool), Vec<Point>> = HashMap::new();
    words.retain(|word| {
        let at = painted.entry((word.text.clone(), word.seen)).or_default();
        // Only the last few: a page of a thousand equal words must not take a million looks.
        let shadow = at.iter().rev().take(50).any(|place| (*place - word.start).hypot() < 0.12 * word.em);
        at.push(word.start);
        !shadow
    });
}

/// Lines keep the order in which they are painted, which follows columns; only where that runs up and down the page
/// they are sorted. Text in other directions comes after that in the main one.
fn in_order(words: Vec<Run>) -> Vec<Run> {
    let mut lines: Vec<Vec<Run>> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.last().is_some_and(|last| last.beside(&word)) => line.push(word),
            _ => lines.push(vec![word]),
        }
    }
    for line in &mut lines {
        let along = line[0].along;
        line.sort_by(|a, b| a.start.to_vec2().dot(along).total_cmp(&b.start.to_vec2().dot(along)));
    }
    let mut letters: HashMap<i32, usize> = HashMap::new();
    for line in &lines {
        *letters.entry(direction(line)).or_default() +=
            line.iter().map(|word| word.text.len()).sum::<usize>();
    }
    // Larger directions first; of equals the smaller angle, so that the order never depends on chance.
    lines.sort_by_key(|line| {
        let direction = direction(line);
        (std::cmp::Reverse(letters[&direction]), direction)
    });
    for group in lines.chunk_by_mut(|a, b| direction(a) == direction(b)) {
        sort_if_disordered(group);
    }
    lines.into_iter().flatten().collect()
}

fn sort_if_disordered(lines: &mut [Vec<Run>]) {
    let down = |line: &[Run]| {
        let along = line[0].along;
        line[0].start.to_vec2().dot(Vec2::new(-along.y, along.x))
    };
    let upwards = lines.windows(2).filter(|pair| down(&pair[1]) < down(&pair[0]) - pair[0][0].em).count();
    if lines.len() >= 3 && upwards as f64 > DISORDER * (lines.len() - 1) as f64 {
        lines.sort_by(|a, b| {
            let left = |line: &[Run]| line[0].start.to_vec2().dot(line[0].along);
            (down(a) / 3.0).round().total_cmp(&(down(b) / 3.0).round()).then(left(a).total_cmp(&left(b)))
        });
    }
}

/// Of a line, in degrees.
fn direction(line: &[Run]) -> i32 {
    (line[0].along.atan2().to_degrees().round() as i32).rem_euclid(360)
}

fn along(glyph: &Glyph) -> Vec2 {
    let step = glyph.end - glyph.start;
    // Letters without a width still have a height, a quarter turn from the baseline.
    let step = if step.hypot2() > 1e-12 { step } else { Vec2::new(-glyph.up.y, glyph.up.x) };
    if step.hypot2() > 1e-12 { step / step.hypot() } else { Vec2::new(1.0, 0.0) }
}

fn em(glyph: &Glyph) -> f64 {
    glyph.up.hypot().max(0.1)
}

fn area_of(glyph: &Glyph) -> Area {
    let (low, high) = (glyph.up * -DESCENT, glyph.up * ASCENT);
    let corner = |a: Point, b: Point| Area::from_points(a, b);
    corner(glyph.start + low, glyph.end + high).union(corner(glyph.start + high, glyph.end + low))
}
