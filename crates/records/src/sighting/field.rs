//! What do the labelled fields of a page say about its patient?
//!
//! A value stands to the right of its label, or just below it. Other people's fields are read past.

use crate::geometry::Rect;
use crate::identifier::{AuthorityId, IdentifierKind};

use super::facility::Facility;
use super::halves::Half;
use super::lexicon::{Label, Labelled, labels};
use super::number::{number, number_like};
use super::row::{Row, Token};
use super::value::{self, Value};
use super::{Scene, Seen, Sighting, Stands};
use super::{age, halves};

/// What was read, and which tokens (row, place in it) it took: nobody reads them a second time.
pub(super) struct Fields {
    pub(super) sightings: Vec<Sighting>,
    pub(super) used: Vec<Vec<bool>>,
}

/// Reads every labelled field of a page.
pub(super) fn read(scene: &Scene<'_>) -> Fields {
    let labels: Vec<Vec<Labelled>> = scene.rows.iter().map(labels).collect();
    let used = scene.rows.iter().map(|row| vec![false; row.tokens.len()]).collect();
    let mut reader =
        Reader { scene, labels, out: Fields { sightings: Vec::new(), used }, halves: Vec::new() };
    let mut relatives = 0;
    for nth in 0..scene.rows.len() {
        relatives = reader.row(nth, relatives);
    }
    reader.out.sightings.extend(halves::joined(scene, &reader.halves));
    reader.out
}

/// How many rows a heading "GUARANTOR INFORMATION" speaks for.
const SECTION: u32 = 6;

struct Reader<'a> {
    scene: &'a Scene<'a>,
    labels: Vec<Vec<Labelled>>,
    out: Fields,
    halves: Vec<Half<'a>>,
}

impl<'a> Reader<'a> {
    /// Reads one row. `relatives`: for how many rows more a heading says that somebody else is meant.
    fn row(&mut self, nth: usize, relatives: u32) -> u32 {
        let row = &self.scene.rows[nth];
        let labels = self.labels[nth].clone();
        let mut relatives = if labels.iter().any(|label| label.patient) { 0 } else { relatives };
        let mut relative = relatives > 0;
        let mut outside = false;
        let (mut provider, mut treating) = (false, false);
        // The name beside a signature is the signer's.
        let signed = row.tokens.iter().any(|token| token.text.to_uppercase().starts_with("SIGN"));
        for (at, label) in labels.iter().enumerate() {
            self.mark(nth, label.from..label.to);
            let end = labels.get(at + 1).map_or(row.tokens.len(), |next| next.from);
            match label.label {
                Label::Relative => relative = true,
                Label::Outside => outside = true,
                Label::Provider => {
                    (provider, treating) = (true, true);
                    self.pass_over(nth, label.to, end);
                    self.pass_over_below(nth, at, label, end);
                    continue;
                }
                _ if label.patient => (relative, outside, treating) = (false, false, false),
                _ => {}
            }
            let others = match label.label {
                // A provider has no birth date or sex on paper: only the name is theirs.
                Label::Name | Label::Family | Label::Given => {
                    relative || (!label.patient && (signed || (provider && row.gap_before(label.from) < 2.0)))
                }
                Label::Regarding => !self.is_of_letter(nth),
                Label::Birth | Label::Sex | Label::Age => relative || adjoins(&labels, at, Label::Provider),
                Label::Id if treating && is_bare(row, label) => true,
                Label::Number(_) | Label::Id => {
                    outside || (relative && adjoins(&labels, at, Label::Relative))
                }
                _ => true,
            };
            if others {
                self.pass_over(nth, label.to, end);
                if label.label == Label::Relative {
                    self.pass_over_below(nth, at, label, end);
                }
            } else {
                self.field(nth, at, label, end);
            }
            provider = false;
        }
        let heading = labels.len() == 1
            && labels[0].label == Label::Relative
            && !labels[0].marked
            && row.tokens.len() <= 5;
        relatives = if heading { SECTION } else { relatives.saturating_sub(1) };
        relatives
    }

    fn mark(&mut self, row: usize, tokens: std::ops::Range<usize>) {
        self.out.used[row][tokens].iter_mut().for_each(|used| *used = true);
    }

    /// Somebody else's value: as far as its words stand together.
    fn pass_over(&mut self, row: usize, from: usize, end: usize) {
        let end = cell_end(&self.scene.rows[row], from, end);
        self.mark(row, from..end);
    }

    /// "Attending" over a column: the name below is theirs as well, unless what follows it has the look of a
    /// patient's label. A contrary name is rather told twice than hidden.
    fn pass_over_below(&mut self, row: usize, at: usize, label: &Labelled, end: usize) {
        if label.marked || label.to < end {
            return;
        }
        let Some((below, columns)) = self.below(row, at, label) else { return };
        let rows = &self.scene.rows[below..self.scene.rows.len().min(below + 3)];
        let place = rows[0].tokens[columns.clone()].iter().map(|token| token.place).reduce(Rect::union);
        let column = |token: &&Token<'_>| {
            place.is_some_and(|place| token.place.x < place.right() && token.place.right() > place.x)
        };
        let dated = |row: &Row<'_>| {
            row.tokens
                .iter()
                .filter(column)
                .any(|token| self.scene.dates.calendar.parse(token.text).is_some())
        };
        let labelled = self.labels[below..].iter().take(3).flatten().any(|label| {
            matches!(label.label, Label::Birth | Label::Number(_) | Label::Id | Label::Sex | Label::Age)
        });
        if !labelled && !rows.iter().any(dated) {
            self.mark(below, columns);
        }
    }

    /// Whether a number or birth date of the patient stands beside or just below "Re:".
    fn is_of_letter(&self, row: usize) -> bool {
        let near = self.labels[row..self.labels.len().min(row + 3)].iter().flatten();
        near.into_iter().any(|label| matches!(label.label, Label::Birth | Label::Number(_) | Label::Id))
    }

    fn field(&mut self, row: usize, at: usize, label: &Labelled, end: usize) {
        let scene = self.scene;
        let line = &scene.rows[row];
        let end = cell_end(line, label.to, end);
        // Without a colon a value stands close by, or is one by its looks.
        let near = label.marked || label.to >= end || line.gap_before(label.to) <= 6.0;
        let right = if near { &line.tokens[label.to..end] } else { &[] };
        if let Some(taken) = self.value(row, label, right, !label.marked) {
            self.mark(row, label.to..label.to + taken);
            return;
        }
        if !right.is_empty() {
            return;
        }
        let Some((below, columns)) = self.below(row, at, label) else { return };
        let tokens = &scene.rows[below].tokens[columns.clone()];
        if let Some(taken) = self.value(below, label, tokens, true) {
            self.mark(below, columns.start..columns.start + taken);
        }
    }

    /// Takes the value of a field from these tokens; how many it took. `shy`: only what looks like a value is one.
    fn value(&mut self, row: usize, label: &Labelled, tokens: &'a [Token<'a>], shy: bool) -> Option<usize> {
        let scene = self.scene;
        let bound = scene.rules.identity.min_confidence;
        let (what, taken, sure) = match label.label {
            Label::Name | Label::Regarding => match value::name(tokens, bound, shy, label.patient) {
                Value::Read(name, taken) => (Seen::Name(name), taken, true),
                Value::Unread => (Seen::Unread, 1, true),
                Value::Empty => {
                    // "Patient: 00123456".
                    let number =
                        tokens.first().filter(|_| label.marked).and_then(|first| number_like(first.text))?;
                    (self.number(number, None, None), 1, true)
                }
            },
            Label::Birth => match value::birth(tokens, scene.dates.calendar, bound) {
                Value::Read(read, taken) => {
                    self.behind_birth(&tokens[taken..]);
                    (Seen::BirthDate(read.date), taken, !read.mended && scene.dates.is_sure(read))
                }
                Value::Unread => (Seen::Unread, 1, true),
                Value::Empty => return None,
            },
            Label::Number(_) | Label::Id => {
                let kind = if let Label::Number(kind) = label.label { Some(kind) } else { None };
                let record = kind == Some(IdentifierKind::Mrn);
                let facility = Facility::before(scene, &scene.rows[row], label);
                let fits =
                    |value: &str| scene.rules.authorities.iter().any(|authority| authority.fits(value));
                match number(tokens, label.marked, bound, fits) {
                    Value::Read(value, taken) => match facility {
                        Facility::Ours(said) => (self.number(value, kind, said), taken, true),
                        Facility::Unknown => {
                            let what = Seen::Number { value, kind, authority: None, symbol: None };
                            let elsewhere =
                                scene.in_print(&tokens[..taken.max(1)], what, Stands::Outside, true);
                            self.out.sightings.push(elsewhere);
                            return Some(taken);
                        }
                        Facility::Outside => return Some(taken),
                    },
                    Value::Unread if record && matches!(facility, Facility::Ours(_)) => {
                        (Seen::Unread, 1, true)
                    }
                    Value::Unread | Value::Empty => return None,
                }
            }
            Label::Sex => {
                let read: Vec<_> = tokens.iter().take(4).filter_map(|token| age::sex(token.text)).collect();
                // "[ ] M [ ] F": boxes to tick say nothing.
                let [sex] = read.as_slice() else { return None };
                (Seen::Sex(*sex), 1, true)
            }
            Label::Age => {
                let first = tokens.first()?;
                if let Some((Some(years), Some(sex))) = age::age_and_sex(first.text) {
                    self.out.sightings.push(scene.in_print(
                        &tokens[..1],
                        Seen::Sex(sex),
                        Stands::Field,
                        true,
                    ));
                    (Seen::Age(years), 1, true)
                } else {
                    let years = age::age(first.text, tokens.get(1).map(|next| next.text))?;
                    (Seen::Age(years), 1, true)
                }
            }
            Label::Family | Label::Given => {
                let taken =
                    tokens.iter().take(3).take_while(|token| token.letters() > token.digits()).count();
                let known = taken > 0 && !value::is_no_name(tokens[0].text);
                let tokens = tokens[..taken].to_vec();
                return known
                    .then(|| self.halves.push(Half { row, label: label.label, tokens }))
                    .map(|()| taken);
            }
            Label::Provider | Label::Relative | Label::Outside | Label::Other => return None,
        };
        let sighting = scene.in_print(&tokens[..taken.max(1)], what, Stands::Field, sure);
        self.out.sightings.push(sighting);
        Some(taken)
    }

    /// "03/15/1962 (63 yrs) F": age and sex behind a birth date.
    fn behind_birth(&mut self, tokens: &'a [Token<'a>]) {
        for (at, token) in tokens.iter().enumerate().take(3) {
            let next = tokens.get(at + 1).map(|next| next.text);
            let in_years = next.filter(|next| value::plain_key(next).starts_with('Y'));
            let alone = token.text.trim_matches(|c: char| !c.is_alphanumeric());
            let (years, sex) = match (age::age_and_sex(token.text), in_years) {
                (Some(read), _) => read,
                (None, Some(unit)) => (age::age(alone, Some(unit)), None),
                (None, None) => (None, age::sex(token.text)),
            };
            let seen = [years.map(Seen::Age), sex.map(Seen::Sex)];
            for what in seen.into_iter().flatten() {
                let sighting = self.scene.in_print(&tokens[at..=at], what, Stands::Field, true);
                self.out.sightings.push(sighting);
            }
        }
    }

    /// A number of ours. An account or visit number has no configured shape.
    fn number(&self, value: String, kind: Option<IdentifierKind>, said: Option<AuthorityId>) -> Seen {
        let (value, authority) = match kind {
            None | Some(IdentifierKind::Mrn) => self.scene.rules.number(&value, said.as_ref()),
            Some(_) => (value, said),
        };
        Seen::Number { value, kind, authority, symbol: None }
    }

    /// The tokens just below a label, in its column, that are no labels themselves.
    fn below(&self, row: usize, at: usize, label: &Labelled) -> Option<(usize, std::ops::Range<usize>)> {
        let line = &self.scene.rows[row];
        let height = line.height;
        let (first, last) = (&line.tokens[label.from].place, &line.tokens[label.to - 1].place);
        let next = self.labels[row].get(at + 1).map(|next| line.tokens[next.from].place.x);
        let left = first.x.saturating_sub(height);
        let right = next.map_or(last.right() + 14 * height, |next| next.saturating_sub(height / 2));
        for below in row + 1..self.scene.rows.len().min(row + 3) {
            let value = &self.scene.rows[below];
            let column = |token: &Token<'_>| token.place.x >= left && token.place.centre().0 < right;
            let Some(from) = value.tokens.iter().position(column) else { continue };
            let top = value.tokens[from].place.y;
            if top < last.bottom().saturating_sub(height / 2)
                || top - last.bottom().min(top) > 2 * height.max(value.height)
            {
                return None;
            }
            if self.labels[below].iter().any(|label| label.from <= from && from < label.to) {
                return None;
            }
            let to = from + value.tokens[from..].iter().take_while(|token| column(token)).count();
            let to = self.labels[below]
                .iter()
                .map(|label| label.from)
                .find(|start| *start > from)
                .map_or(to, |start| to.min(start));
            return Some((below, from..cell_end(value, from, to)));
        }
        None
    }
}

/// "ID:" and nothing more: whose it is, the row says.
fn is_bare(row: &Row<'_>, label: &Labelled) -> bool {
    row.tokens[label.from..label.to]
        .iter()
        .all(|token| ["ID", "NO", "NUMBER"].contains(&value::plain_key(token.text).as_str()))
}

/// Whether the label just before is somebody else's, so that even this is theirs: "Mother MRN: 7".
fn adjoins(labels: &[Labelled], at: usize, whose: Label) -> bool {
    let before = at.checked_sub(1).map(|before| labels[before]);
    before.is_some_and(|before| before.label == whose && before.to == labels[at].from)
}

/// Where the words that begin at `from` stop standing together.
fn cell_end(row: &Row<'_>, from: usize, end: usize) -> usize {
    /// White space that parts two cells, in heights of the row.
    const WIDE: f32 = 2.5;
    (from + 1..end).find(|&at| row.gap_before(at) > WIDE).unwrap_or(end)
}
