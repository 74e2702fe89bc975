//! Is there a patch code, and which? Four parallel bars, two wide and two narrow (2.5 to 1), told from the pieces
//! of ink alone. Read from top to bottom, or from left to right where the bars stand upright, as they lie in
//! the upright frame: an upside-down 3 is a T, and nobody but the page's other print can tell.

use records::geometry::Rect;

use crate::prepare::components::Component;

/// Shortest bar, pixels.
const BAR: u32 = 60;
/// Thinnest bar, pixels: 0.08 in at 60 dots an inch.
const NARROW: f32 = 5.0;
/// Bar length to the height of all four: 0.75 in to 0.8 in at the shortest.
const LENGTH: f32 = 0.8;

/// One patch code.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// `1 2 3 4 6 T`.
    pub name: char,
    pub place: Rect,
    /// Width of a narrow bar, pixels.
    pub narrow: f32,
    /// The bars stand upright.
    pub upright: bool,
}

/// All patch codes of a page.
pub fn find(pieces: &[Component]) -> Vec<Patch> {
    let mut found = Vec::new();
    for upright in [false, true] {
        let mut bars: Vec<Bar> = pieces.iter().filter_map(|piece| Bar::of(piece, upright)).collect();
        bars.sort_by(|a, b| a.middle.total_cmp(&b.middle));
        for (at, &first) in bars.iter().enumerate() {
            let mut four = vec![first];
            four.extend(bars[at + 1..].iter().filter(|bar| bar.is_beside(&first)).take(3));
            found.extend(named(&four, upright).filter(|_| stands_alone(&bars, &four)));
        }
    }
    found
}

/// No fifth bar within the height of the four: that is a barcode, whose bars have these widths, too.
fn stands_alone(bars: &[Bar], four: &[Bar]) -> bool {
    let (first, last) = (four[0], four[four.len() - 1]);
    let room = last.middle - first.middle;
    let near = |bar: &&Bar| bar.middle > first.middle - room && bar.middle < last.middle + room;
    bars.iter().filter(near).filter(|bar| bar.from < first.to && first.from < bar.to).count() == four.len()
}

/// A long straight bar: where it begins and ends, and where and how thick it lies across.
#[derive(Clone, Copy)]
struct Bar {
    from: f32,
    to: f32,
    middle: f32,
    thick: f32,
    place: Rect,
}

impl Bar {
    fn of(piece: &Component, upright: bool) -> Option<Self> {
        let Rect { x, y, w, h } = piece.place;
        let (from, long, across, short) = if upright { (y, h, x, w) } else { (x, w, y, h) };
        // A leaning bar fills less of its box; its area still gives its thickness.
        if long < BAR || long < 2 * short || piece.fill() < 0.25 {
            return None;
        }
        Some(Self {
            from: from as f32,
            to: (from + long) as f32,
            middle: across as f32 + short as f32 / 2.0,
            thick: piece.area as f32 / long as f32,
            place: piece.place,
        })
    }

    /// Begins and ends where the other does, but for a lean of some degrees.
    fn is_beside(&self, other: &Self) -> bool {
        let slack = (other.to - other.from) * 0.12;
        (self.from - other.from).abs() <= slack && (self.to - other.to).abs() <= slack
    }
}

fn named(bars: &[Bar], upright: bool) -> Option<Patch> {
    let [a, b, c, d] = bars else { return None };
    let mut thick: Vec<f32> = bars.iter().map(|bar| bar.thick).collect();
    thick.sort_by(f32::total_cmp);
    let (narrow, wide) = ((thick[0] + thick[1]) / 2.0, (thick[2] + thick[3]) / 2.0);
    let alike = thick[1] <= thick[0] * 1.4 + 1.0 && thick[3] <= thick[2] * 1.3 + 1.0;
    if !alike || narrow < NARROW || !(1.8..=3.4).contains(&(wide / narrow)) {
        return None;
    }
    let gap = |a: &Bar, b: &Bar| b.middle - a.middle - (a.thick + b.thick) / 2.0;
    let even = [gap(a, b), gap(b, c), gap(c, d)].iter().all(|gap| (0.5..=1.7).contains(&(gap / narrow)));
    let overall = d.middle - a.middle + (a.thick + d.thick) / 2.0;
    if !even || (a.to - a.from) < LENGTH * overall {
        return None;
    }
    let middle = (narrow + wide) / 2.0;
    let pattern: String = bars.iter().map(|bar| if bar.thick > middle { 'W' } else { 'N' }).collect();
    let name = match pattern.as_str() {
        "WWNN" => '1',
        "WNNW" => '2',
        "WNWN" => '3',
        "NWWN" => '4',
        "NNWW" => '6',
        "NWNW" => 'T',
        _ => return None,
    };
    let place = bars.iter().map(|bar| bar.place).reduce(Rect::union)?;
    Some(Patch { name, place, narrow, upright })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::components::Components;
    use crate::prepare::deskew::straightened;
    use crate::prepare::ink::Ink;
    use crate::prepare::plane::Plane;
    use records::geometry::Turn;

    /// A patch code at 200 dpi, bars two inches long.
    fn page(pattern: &str) -> Plane {
        let mut page = Plane::white(1000, 600);
        let mut y = 200;
        for bar in pattern.chars() {
            let thick = if bar == 'W' { 40 } else { 16 };
            (y..y + thick).for_each(|y| page.row_mut(y)[300..700].fill(0));
            y += thick + 16;
        }
        page
    }

    fn names(page: &Plane) -> String {
        find(&Components::of(&Ink::of(page)).list).iter().map(|patch| patch.name).collect()
    }

    #[test]
    fn each_pattern_has_its_name() {
        for (pattern, name) in
            [("WWNN", "1"), ("WNNW", "2"), ("WNWN", "3"), ("NWWN", "4"), ("NNWW", "6"), ("NWNW", "T")]
        {
            assert_eq!(names(&page(pattern)), name, "{pattern}");
            assert_eq!(names(&straightened(&page(pattern), -4.0)), name, "{pattern}, leaning");
        }
    }

    #[test]
    fn on_its_head_a_3_is_a_t() {
        assert_eq!(names(&page("WNWN").turned(Turn::Half)), "T");
        assert_eq!(names(&page("WNNW").turned(Turn::Right)), "2");
    }

    #[test]
    fn four_bars_of_a_barcode_are_no_patch() {
        assert_eq!(names(&page("WNNWNWNN")), "");
    }

    #[test]
    fn four_equal_rules_are_no_patch() {
        assert_eq!(names(&page("NNNN")), "");
        assert_eq!(names(&page("WWWW")), "");
    }
}
