//! Where does a page look like a symbol, decoded or not? A torn cover sheet must not pass for nothing, and
//! tables, text and ECG grids must not pass for symbols.

use records::geometry::Rect;

use crate::prepare::components::Component;
use crate::prepare::ink::Ink;

/// Bars side by side from which they are a barcode.
const BARS: usize = 15;
/// Shortest bar, pixels.
const BAR: u32 = 20;
/// Smallest finder pattern of a QR code, pixels: two a module.
const FINDER: u32 = 14;

/// Places that look like a symbol: rows of bars of several widths, and QR codes by their finder patterns.
pub fn suspects(pieces: &[Component], ink: &Ink) -> Vec<Rect> {
    let bars =
        |upright: bool| pieces.iter().filter(move |piece| is_bar(piece, upright)).map(|piece| piece.place);
    let mut places = rows_of_bars(bars(true).collect());
    places.extend(rows_of_bars(bars(false).map(transposed).collect()).into_iter().map(transposed));
    places.extend(finders(pieces, ink));
    places
}

fn is_bar(piece: &Component, upright: bool) -> bool {
    let (long, short) = if upright { (piece.place.h, piece.place.w) } else { (piece.place.w, piece.place.h) };
    long >= BAR && long >= 3 * short && piece.fill() >= 0.5
}

const fn transposed(place: Rect) -> Rect {
    Rect { x: place.y, y: place.x, w: place.h, h: place.w }
}

/// Groups of at least fifteen upright bars of one height, close together, of at least two widths. A ruler, a
/// comb of boxes and a grid have one width and one distance.
fn rows_of_bars(mut bars: Vec<Rect>) -> Vec<Rect> {
    bars.sort_by_key(|bar| bar.x);
    let mut groups: Vec<Vec<Rect>> = Vec::new();
    for bar in bars {
        // Groups are few; the last bar of each decides.
        let near = |group: &&mut Vec<Rect>| {
            let last = group[group.len() - 1];
            let shared = bar.bottom().min(last.bottom()).saturating_sub(bar.y.max(last.y));
            let gap = bar.x.saturating_sub(last.right());
            shared * 10 >= bar.h.max(last.h) * 7 && gap <= 6 * mean_width(group).max(2)
        };
        match groups.iter_mut().rev().take(64).find(near) {
            Some(group) => group.push(bar),
            None => groups.push(vec![bar]),
        }
    }
    groups
        .iter()
        .filter(|group| group.len() >= BARS && has_widths(group))
        .filter_map(|group| group.iter().copied().reduce(Rect::union))
        .collect()
}

fn mean_width(bars: &[Rect]) -> u32 {
    bars.iter().map(|bar| bar.w).sum::<u32>().div_ceil(bars.len() as u32)
}

/// At least two widths of bars and of gaps, and ink for a good part of the way.
fn has_widths(bars: &[Rect]) -> bool {
    let mixed = |mut widths: Vec<u32>| {
        widths.sort_unstable();
        let (narrow, wide) = (widths[widths.len() / 8], widths[widths.len() * 7 / 8]);
        wide * 10 >= narrow.max(1) * 16
    };
    let gaps = bars.windows(2).map(|pair| pair[1].x.saturating_sub(pair[0].right())).collect();
    let inked: u32 = bars.iter().map(|bar| bar.w).sum();
    let way = bars[bars.len() - 1].right() - bars[0].x;
    mixed(bars.iter().map(|bar| bar.w).collect()) && mixed(gaps) && inked * 4 >= way
}

/// Places of QR codes: finder patterns (a square ring around a square, 1:1:3:1:1) that belong together.
fn finders(pieces: &[Component], ink: &Ink) -> Vec<Rect> {
    let square = |piece: &&Component, least: u32| {
        let (w, h) = (piece.place.w, piece.place.h);
        w >= least && h >= least && w * 4 <= h * 5 && h * 4 <= w * 5
    };
    let mut cores: Vec<&Component> =
        pieces.iter().filter(|p| square(p, FINDER * 3 / 7) && p.fill() >= 0.55).collect();
    cores.sort_by_key(|core| core.place.centre().1);
    let rings = pieces.iter().filter(|p| square(p, FINDER) && (0.25..0.7).contains(&p.fill()));
    let found: Vec<Rect> = rings
        .filter(|ring| {
            let (x, y) = ring.place.centre();
            let near = ring.place.w / 7;
            let from = cores.partition_point(|core| core.place.centre().1 + near < y);
            cores[from..].iter().take_while(|core| core.place.centre().1 <= y + near).any(|core| {
                core.place.centre().0.abs_diff(x) <= near
                    && (ring.place.w * 3..=ring.place.w * 6).contains(&(core.place.w * 10))
                    && crosses(ink, ring.place)
            })
        })
        .map(|ring| ring.place)
        .collect();
    symbols_of(&found)
}

/// Whether ink and paper change as 1:1:3:1:1 through the middle, along and down.
fn crosses(ink: &Ink, ring: Rect) -> bool {
    let (x, y) = ring.centre();
    let along: Vec<bool> = (ring.x..ring.right()).map(|x| ink.at(x, y)).collect();
    let down: Vec<bool> = (ring.y..ring.bottom()).map(|y| ink.at(x, y)).collect();
    [along, down].iter().all(|line| {
        let runs: Vec<f32> = line.chunk_by(|a, b| a == b).map(|run| run.len() as f32).collect();
        let module = line.len() as f32 / 7.0;
        let fits = |run: f32, modules: f32| (run / module - modules).abs() <= 0.6;
        runs.len() == 5
            && runs.iter().zip([1.0, 1.0, 3.0, 1.0, 1.0]).all(|(&run, modules)| fits(run, modules))
    })
}

/// Finder patterns of one size within a symbol's reach of each other, joined and grown by a few modules: one
/// may be all that is left of a torn code.
fn symbols_of(finders: &[Rect]) -> Vec<Rect> {
    let mut symbols: Vec<(Rect, u32)> = Vec::new();
    for &finder in finders {
        let reach = 12 * finder.w;
        let mate = symbols.iter_mut().find(|(place, size)| {
            place.grown(reach).overlap(finder) > 0 && finder.w.abs_diff(*size) * 3 <= *size
        });
        match mate {
            Some((place, _)) => *place = place.union(finder),
            None => symbols.push((finder, finder.w)),
        }
    }
    symbols.into_iter().map(|(place, size)| place.grown(size)).collect()
}
