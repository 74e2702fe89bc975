//! Does a patient label stand here, without the names of its fields?
//!
//! "SMITH, JOHN Q  M  03/15/1962" with a number near: a name with a comma in capitals, and something beside or
//! below it that only a label puts there. A city and its state, a heading, a physician are not taken for one.

use jiff::civil::Date;

use crate::geometry::Rect;
use crate::name;
use crate::patient::Sex;

use super::age::{age_and_sex, sex};
use super::number::number_like;
use super::row::{Row, Token};
use super::value::{is_credential, is_no_name};
use super::{Scene, Seen, Sighting, Stands};

/// Reads every label of a page. `used` are the tokens of labelled fields, `fields` what those said.
pub(super) fn read(scene: &Scene<'_>, used: &[Vec<bool>], fields: &[Sighting]) -> Vec<Sighting> {
    let mut all = Vec::new();
    for (nth, row) in scene.rows.iter().enumerate() {
        let mut from = 0;
        while let Some(name) = name_in(row, &used[nth], from) {
            from = name.tokens.end;
            all.extend(Block::around(scene, used, fields, nth, &name).into_sightings(scene, row, &name));
        }
    }
    all
}

/// A name as labels print it.
struct Named {
    tokens: std::ops::Range<usize>,
    name: name::PersonName,
    /// Printed in capitals throughout.
    capitals: bool,
    /// A single M or F behind it that is a sex.
    sex: Option<(usize, Sex)>,
    /// … that may be either a sex or an initial: a birth date follows it closely.
    either: Option<(usize, Sex)>,
}

/// The first "FAMILY, GIVEN" of a row behind `from`.
fn name_in(row: &Row<'_>, used: &[bool], from: usize) -> Option<Named> {
    (from..row.tokens.len()).find_map(|at| {
        let token = &row.tokens[at];
        let comma = token.text.find(',')?;
        let glued = comma + 1 < token.text.len();
        (!used[at] && is_word(token)).then(|| name_at(row, used, at, glued, from)).flatten()
    })
}

fn name_at(row: &Row<'_>, used: &[bool], comma: usize, glued: bool, from: usize) -> Option<Named> {
    /// Gaps within a name, in heights of the row.
    const CLOSE: f32 = 1.6;
    let joins = |at: usize| {
        at < row.tokens.len() && !used[at] && is_word(&row.tokens[at]) && row.gap_before(at) <= CLOSE
    };
    let mut start = comma;
    while start > from
        && comma - start < 2
        && joins(start)
        && is_word(&row.tokens[start - 1])
        && !used[start - 1]
    {
        start -= 1;
    }
    let mut end = comma + 1;
    while end < comma + 5 && joins(end) {
        end += 1;
    }
    if end == comma + 1 && !glued {
        return None;
    }
    let words = &row.tokens[start..end];
    let provider = words
        .iter()
        .enumerate()
        .any(|(at, token)| at + start > comma && is_credential(token.text) && at >= 2)
        || row.tokens.get(end).is_some_and(|next| is_credential(next.text));
    if provider
        || is_dose(row, end)
        || words.iter().any(|token| is_no_name(token.text))
        || is_place(&row.tokens[comma + usize::from(!glued)..end])
    {
        return None;
    }
    let capital =
        |token: &Token<'_>| token.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    if !words.iter().all(capital) {
        return None;
    }
    // A last M or F is a sex behind another initial or some white space, else an initial itself.
    let last = end - 1;
    let apart = || row.tokens[last - 1].letters() == 1 || row.gap_before(last) >= 1.0;
    let sex = (last > comma + 1 + usize::from(!glued) && apart())
        .then(|| sex(row.tokens[last].text))
        .flatten()
        .map(|sex| (last, sex));
    let either = sex.is_none().then(|| either(row, comma + 1 + usize::from(!glued), last)).flatten();
    let end = if sex.is_some() { last } else { end };
    let text = row.tokens[start..end].iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
    let name = name::parse(&text).filter(|name| !name.given.is_empty())?;
    let capitals = !text.chars().any(char::is_lowercase);
    Some(Named { tokens: start..end, name, capitals, sex, either })
}

/// "JANE M 03/15/1962": the letter before a date or an age is as often a sex.
fn either(row: &Row<'_>, given: usize, last: usize) -> Option<(usize, Sex)> {
    let next = row.tokens.get(last + 1).filter(|_| last > given - 1 && row.tokens[last].letters() == 1)?;
    let dated = next.digits() >= 6 && next.text.contains(['/', '-', '.']);
    let aged = age_and_sex(next.text).is_some_and(|(years, _)| years.is_some());
    (dated || aged).then(|| sex(row.tokens[last].text)).flatten().map(|sex| (last, sex))
}

fn is_word(token: &Token<'_>) -> bool {
    token.letters() > token.digits() && token.text.chars().all(|c| c.is_alphanumeric() || ",.'’-".contains(c))
}

/// "BOSTON, MA", "SPRINGFIELD, ILLINOIS": what stands behind the comma is a state.
fn is_place(after: &[Token<'_>]) -> bool {
    const STATES: &str = " AL AK AZ AR CA CO CT DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM \
        NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY DC ALABAMA ALASKA ARIZONA ARKANSAS CALIFORNIA COLORADO \
        CONNECTICUT DELAWARE FLORIDA HAWAII IDAHO ILLINOIS INDIANA IOWA KANSAS KENTUCKY LOUISIANA MAINE MARYLAND \
        MASSACHUSETTS MICHIGAN MINNESOTA MISSISSIPPI MISSOURI MONTANA NEBRASKA NEVADA OHIO OKLAHOMA OREGON \
        PENNSYLVANIA TENNESSEE TEXAS UTAH VERMONT WISCONSIN WYOMING USA ";
    let state = |token: &Token<'_>| STATES.contains(&format!(" {} ", name::key(token.text)));
    after.first().is_some_and(state)
}

/// What stands around a name.
#[derive(Default)]
struct Block<'a> {
    /// Fields with labels of their own, of number and of birth date.
    labelled_number: Option<&'a str>,
    labelled_birth: bool,
    /// One of them stands in the name's own row.
    labelled_beside: bool,
    /// A name with a label of its own: those fields are that name's.
    labelled_name: bool,
    numbers: Vec<(String, Token<'a>)>,
    dates: Vec<(Date, bool, Token<'a>)>,
    sex: Option<(Sex, Token<'a>)>,
    age: Option<(u16, Token<'a>)>,
    /// The nearest number stands in the name's row or the next.
    number_near: bool,
}

impl<'a> Block<'a> {
    /// Looks two rows up and four down, in the label's width.
    fn around(
        scene: &Scene<'a>,
        used: &[Vec<bool>],
        fields: &'a [Sighting],
        nth: usize,
        name: &Named,
    ) -> Self {
        let row = &scene.rows[nth];
        let place = row.tokens[name.tokens.clone()]
            .iter()
            .map(|token| token.place)
            .reduce(Rect::union)
            .unwrap_or_default();
        let h = row.height;
        let left = place.x.saturating_sub(4 * h);
        let area =
            Rect { x: left, y: place.y.saturating_sub(4 * h), w: place.right() + 30 * h - left, h: 13 * h };
        let mut block = Block::default();
        for field in fields.iter().filter(|field| area.overlap(field.place) > 0) {
            let beside = field.place.centre().1.abs_diff(place.centre().1) <= h;
            match &field.what {
                Seen::Number { value, .. } => block.labelled_number = Some(value),
                Seen::BirthDate(_) => block.labelled_birth = true,
                Seen::Name(_) => block.labelled_name = true,
                _ => {}
            }
            block.labelled_beside |= beside && matches!(field.what, Seen::Number { .. } | Seen::BirthDate(_));
        }
        for (other, line) in
            scene.rows.iter().enumerate().skip(nth.saturating_sub(2)).take_while(|(row, _)| *row < nth + 5)
        {
            for (at, token) in line.tokens.iter().enumerate() {
                if used[other][at]
                    || area.overlap(token.place) == 0
                    || (other == nth && name.tokens.contains(&at))
                {
                    continue;
                }
                let event = at > 0 && is_event(line.tokens[at - 1].text);
                if let Some(read) = scene.dates.calendar.parse(token.text).filter(|_| !event && other >= nth)
                {
                    block.dates.push((read.date, scene.dates.is_sure(read), token.clone()));
                } else if let Some(number) = number_like(token.text) {
                    block.number_near |= other == nth || other == nth + 1;
                    block.numbers.push((number, token.clone()));
                } else if (other == nth || (other > nth && is_beside_day(scene, line, at)))
                    && let Some((years, sex)) = age_and_sex(token.text)
                {
                    block.sex = block.sex.or(sex.map(|sex| (sex, token.clone())));
                    block.age = block.age.or(years.map(|years| (years, token.clone())));
                } else if other == nth && block.sex.is_none() {
                    block.sex = sex(token.text).map(|sex| (sex, token.clone()));
                }
            }
        }
        block
    }

    fn is_label(&self, scene: &Scene<'_>, name: &Named) -> bool {
        if !name.capitals {
            return self.labelled_beside && !self.labelled_name;
        }
        let born = self.labelled_birth && !self.labelled_name;
        let numbered = self.labelled_number.is_some() && !self.labelled_name;
        let dated = !self.dates.is_empty() || born;
        let sexed = self.sex.is_some() || name.sex.is_some();
        let shaped = self.numbers.iter().any(|(value, _)| scene.authority_of(value).is_some());
        numbered || shaped || self.number_near || (dated && (sexed || born || !self.numbers.is_empty()))
    }

    fn into_sightings(self, scene: &Scene<'_>, row: &Row<'_>, name: &Named) -> Vec<Sighting> {
        if !self.is_label(scene, name) {
            return Vec::new();
        }
        let named = scene.in_print(
            &row.tokens[name.tokens.clone()],
            Seen::Name(name.name.clone()),
            Stands::Label,
            true,
        );
        let mut all = vec![named];
        // The only other dates of a label are of what happened later: the earliest is that of birth.
        if let Some((date, sure, token)) =
            self.dates.into_iter().min_by_key(|(date, ..)| *date).filter(|_| !self.labelled_birth)
        {
            all.push(scene.in_print(&[token], Seen::BirthDate(date), Stands::Label, sure));
        }
        if let Some((at, sex)) = name.either {
            all.push(scene.in_print(&row.tokens[at..=at], Seen::SexOrInitial(sex), Stands::Label, true));
        }
        if let Some((years, token)) = self.age {
            all.push(scene.in_print(&[token], Seen::Age(years), Stands::Label, true));
        }
        let sex = name.sex.map(|(at, sex)| (sex, row.tokens[at].clone())).or(self.sex);
        if let Some((sex, token)) = sex {
            all.push(scene.in_print(&[token], Seen::Sex(sex), Stands::Label, true));
        }
        for (value, token) in self.numbers {
            let authority = scene.authority_of(&value);
            // Beside a labelled number only what has its shape is another record number.
            if authority.is_none()
                && self.labelled_number.is_some_and(|labelled| labelled.len() != value.len())
            {
                continue;
            }
            let what = Seen::Number { value, kind: None, authority, symbol: None };
            all.push(scene.in_print(&[token], what, Stands::Label, true));
        }
        all
    }
}

/// Beside a date or an age, M and F are a sex.
fn is_beside_day(scene: &Scene<'_>, row: &Row<'_>, at: usize) -> bool {
    let telling = |token: &Token<'_>| {
        scene.dates.calendar.parse(token.text).is_some()
            || age_and_sex(token.text).is_some_and(|(years, _)| years.is_some())
    };
    let before = at.checked_sub(1).map(|before| &row.tokens[before]);
    telling(&row.tokens[at]) || [before, row.tokens.get(at + 1)].into_iter().flatten().any(telling)
}

/// "ASPIRIN, CHEWABLE 81 mg": a dose follows.
fn is_dose(row: &Row<'_>, end: usize) -> bool {
    const UNITS: [&str; 7] = ["MG", "MCG", "ML", "UNITS", "TABS", "TAB", "MEQ"];
    let behind = row.tokens[end..].iter().take(3);
    behind.into_iter().any(|token| {
        let unit = name::key(token.text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
        UNITS.contains(&unit.as_str())
    })
}

/// "ADM 01/02/2026": not of birth.
fn is_event(text: &str) -> bool {
    let key = name::key(text);
    ["ADM", "ADMIT", "ADMITTED", "DOS", "DATE", "VISIT", "DISCH", "PRINTED", "SERVICE", "COLLECTED"]
        .contains(&key.as_str())
}
