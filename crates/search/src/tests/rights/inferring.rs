//! Is every answer the one of an index that never held what the asker may not see?
//!
//! Small archives are drawn at random; each is asked within what somebody may see, beside an index of only that. What is
//! found, told and offered must be the same to the letter. How pages are scored, and so in which order pages of unlike
//! scores come, depends on all pages of an index, here as in every index: only there sets are compared.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{ChartText, Charted, Hit, Model, Typed, Vocabulary};

/// Numbers that look random, the same every time (splitmix64).
pub(in crate::tests) struct Chance(pub(in crate::tests) u64);

impl Chance {
    pub(in crate::tests) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most
    }

    pub(in crate::tests) fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u64) as usize]
    }
}

/// No two of them are misreadings of each other.
const WORDS: [&str; 24] = [
    "pneumonia",
    "pneumothorax",
    "methadone",
    "metformin",
    "metoprolol",
    "chest",
    "cough",
    "MI",
    "MS",
    "myocardial",
    "infarction",
    "heart",
    "attack",
    "multiple",
    "sclerosis",
    "knee",
    "fracture",
    "albumin",
    "glucose",
    "hepatitis",
    "warfarin",
    "allergy",
    "biopsy",
    "T2DM",
];
/// Misreadings, each on one page at most.
const MISREAD: [&str; 4] = ["melhadone", "hepatitjs", "fracturc", "warfarln"];
const LABELS: [&str; 3] = ["part2", "psych", "hiv"];
const FORM: &str = "laboratory specimen sodium potassium chloride creatinine calcium bilirubin received good condition \
    reviewed pathologist 136-145 3.5-5.1 10482713";

fn archive(chance: &mut Chance) -> Vec<PageEntry> {
    let mut misread = MISREAD.to_vec();
    (1..=10 + chance.below(30) as u32)
        .map(|number| {
            let mut text: String =
                (0..3 + chance.below(9)).map(|_| format!("{} ", chance.of(&WORDS))).collect();
            if chance.below(6) == 0 {
                text.push_str(misread.pop().unwrap_or("cough"));
            }
            if chance.below(4) == 0 {
                text = format!("{FORM} {} {text}", chance.of(&["139", "141"]));
            }
            let mut entry = if chance.below(5) == 0 { held(number, &text) } else { filed(number, &text) };
            if let Home::Document { patient: whose, kind, .. } = &mut entry.home {
                *whose = patient(u128::from(chance.below(3)));
                *kind = KindCode(chance.of(&["LAB", "PROG", "IMG", "CHEMO"]).into());
                let labels = LABELS.iter().filter(|_| chance.below(6) == 0);
                entry.labels = labels.map(|label| Label((*label).into())).collect();
            }
            entry.station = chance.of(&["ER-Front", "Fax", "East Wing"]).into();
            entry
        })
        .collect()
}

fn may_see(entry: &PageEntry, scope: &Scope) -> bool {
    let placed = match &entry.home {
        Home::Document { id, .. } => !scope.excluded.contains(id),
        Home::Exception { .. } => scope.worklist && !scope.excluded_pages.contains(&entry.page),
    };
    let placed = placed && !scope.excluded_pages.contains(&entry.page);
    placed && entry.labels.iter().all(|label| scope.labels.contains(label))
}

/// All that is ever said to somebody, but for scores.
#[derive(Debug, PartialEq)]
struct Told {
    total: usize,
    found: BTreeSet<u32>,
    /// What has most of it, where all such pages are shown, and what each has not.
    nearly: BTreeMap<u32, Vec<String>>,
    charts: Option<ChartText>,
    facets: Option<Facets>,
    also_searched: Vec<String>,
    meanings: Vec<Meaning>,
    variants: Vec<String>,
    /// By date, screen by screen.
    in_order: Vec<Vec<u32>>,
}

fn pages(hits: &[Hit]) -> Vec<u32> {
    hits.iter().map(|hit| hit.page.page.0).collect()
}

fn told(reader: &IndexReader, query: &str, scope: &Scope) -> Told {
    let query = Query::parse(query, TODAY).speaking(&Vocabulary::default());
    let ask = |screen| reader.search(&query, &Resolved::default(), scope, screen).unwrap();
    let all = ask(Screen { facets: true, ..Screen::of(1_000) });
    let orders = [Order::Newest, Order::Oldest, Order::Received];
    let screens = orders.into_iter().flat_map(|order| [0, 3, 6].map(|offset| (order, offset)));
    let in_order = screens
        .map(|(order, offset)| pages(&ask(Screen { limit: 3, offset, order, facets: false }).hits))
        .collect();
    let shown = all.hits.len() + all.nearly.len() < 10;
    let nearly = all.nearly.into_iter().filter(|_| shown);
    Told {
        nearly: nearly.map(|near| (near.hit.page.page.0, near.without)).collect(),
        charts: all.charts,
        total: all.total,
        found: pages(&all.hits).into_iter().collect(),
        facets: all.facets,
        also_searched: all.also_searched,
        meanings: all.meanings,
        variants: all.variants,
        in_order,
    }
}

fn suggested(reader: &IndexReader, line: &str, scope: &Scope) -> Vec<(String, Vec<String>)> {
    let typed = Typed::parse(line, TODAY, &Vocabulary::default());
    let found = reader.suggest(&typed, &Resolved::default(), scope, 6).unwrap();
    found.into_iter().map(|one| (one.line, one.means)).collect()
}

const QUERIES: [&str; 17] = [
    "chest cough knee",
    "mrn:000007 chest",
    "methadone clinic warfarin",
    "",
    "methadone",
    "MI",
    "MS",
    "means:MS",
    "\"heart attack\"",
    "chest -cough",
    "-pneumonia",
    "hepatitis OR warfarin",
    "state:held",
    "type:lab fracture",
    "type:chemo",
    "from:2019 to:2019 glucose",
    "station:fax metformin",
];
const LINES: [&str; 9] =
    ["pneu", "met", "chest me", "type:", "-cough type:", "station:", "state:", "heart att", "MI fr"];

#[test]
fn nothing_can_be_told_from_an_answer_about_pages_that_the_asker_may_not_see() {
    for seed in 0..12 {
        let chance = &mut Chance(seed);
        let entries = archive(chance);
        let mut some = |one_of: u64| chance.below(one_of) == 0;
        let scope = Scope {
            labels: LABELS.iter().filter(|_| some(3)).map(|label| Label((*label).into())).collect(),
            worklist: some(2),
            excluded: (1..=40).filter(|_| some(8)).map(document).collect(),
            excluded_pages: (1..=40).filter(|_| some(8)).map(page).collect(),
        };
        let visible: Vec<PageEntry> =
            entries.iter().filter(|entry| may_see(entry, &scope)).cloned().collect();
        let (whole, only) = (Shelf::of(&entries), Shelf::of(&visible));
        let (whole, only) = (whole.index.as_ref().unwrap().reader(), only.index.as_ref().unwrap().reader());
        for query in QUERIES {
            assert_eq!(told(whole, query, &scope), told(only, query, &scope), "seed {seed}: {query}");
        }
        for line in LINES {
            assert_eq!(suggested(whole, line, &scope), suggested(only, line, &scope), "seed {seed}: {line}");
        }
        for entry in &entries {
            let model = Model { page: entry.page, reading: &entry.reading, names: &[] };
            let like = |reader: &IndexReader| -> BTreeSet<u32> {
                pages(&reader.similar(model, &scope, 1_000).unwrap()).into_iter().collect()
            };
            assert_eq!(like(whole), like(only), "seed {seed}: pages like {}", entry.page.page);
            let chart = match &entry.home {
                Home::Document { patient, .. } => vec![*patient],
                Home::Exception { .. } => Vec::new(),
            };
            let of = [Charted { page: entry.page, chart }];
            let copies = |reader: &IndexReader| pages(&reader.copies(&of, &scope).unwrap()[0]);
            assert_eq!(copies(whole), copies(only), "seed {seed}: copies of {}", entry.page.page);
        }
    }
}

#[test]
fn pages_that_fit_equally_well_come_in_one_order_whatever_is_hidden() {
    let entries: Vec<PageEntry> = (1..=9)
        .map(|number| {
            if number % 3 == 0 { labelled(number, "hiv", "chest pain") } else { filed(number, "chest pain") }
        })
        .collect();
    assert_eq!(numbers(&Shelf::of(&entries).ask("chest pain")), [1, 2, 4, 5, 7, 8]);
}
