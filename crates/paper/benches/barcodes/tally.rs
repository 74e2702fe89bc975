//! How did each engine do?

use std::collections::BTreeMap;
use std::time::Duration;

use records::reading::Symbology;

use crate::engines::{Answer, Engine};
use crate::pages::Page;

/// Of so many, so many read; and how many of those we would believe.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rate {
    pub(crate) all: u32,
    pub(crate) read: u32,
    pub(crate) believed: u32,
}

impl Rate {
    pub(crate) fn share(self) -> f32 {
        self.read as f32 / self.all.max(1) as f32
    }

    pub(crate) fn believed_share(self) -> f32 {
        self.believed as f32 / self.all.max(1) as f32
    }
}

#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) all: Rate,
    pub(crate) patches: Rate,
    pub(crate) by: BTreeMap<String, Rate>,
    /// Values that are on no symbol of their page: all, and those we would believe.
    pub(crate) wrong: [u32; 2],
    /// The same on pages without symbols.
    pub(crate) phantoms: [u32; 2],
    pub(crate) wrong_patches: u32,
    pub(crate) cpu: Vec<Duration>,
    pub(crate) cpu_without: Vec<Duration>,
    pub(crate) preparation: Duration,
    /// What was wrong, to look at.
    pub(crate) complaints: Vec<String>,
    pub(crate) missed: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, engine: Engine, page: &Page, number: u32, answer: &Answer) {
        for truth in &page.truth {
            let given = answer.values.iter().filter(|value| says(&value.text, &truth.text, truth.symbology));
            let (mut read, mut believed) = (false, false);
            for value in given {
                read = true;
                believed |= value.evidence;
            }
            if engine == Engine::Ours && !believed {
                let (what, seen) = (truth.symbology, if read { "doubted" } else { "missed" });
                self.missed
                    .push(format!("page {number} {:?} {what:?} {seen} at {:?}", page.damage, truth.place));
            }
            if truth.symbology == Symbology::Patch {
                self.patches.count(read, believed);
                self.by.entry(format!("patch, {:?}", page.damage)).or_default().count(read, believed);
            } else {
                self.all.count(read, believed);
                for key in [format!("{:?}", page.damage), format!("{:?}", truth.symbology)] {
                    self.by.entry(key).or_default().count(read, believed);
                }
            }
        }
        for value in &answer.values {
            let known = page.truth.iter().any(|truth| says(&value.text, &truth.text, truth.symbology));
            if known {
                continue;
            }
            if value.patch {
                self.wrong_patches += 1;
            } else {
                let counts = if page.clutter.is_some() { &mut self.phantoms } else { &mut self.wrong };
                counts[0] += 1;
                counts[1] += u32::from(value.evidence);
            }
            if engine == Engine::Ours {
                let on = page.clutter.map_or_else(String::new, |clutter| format!(" {clutter:?}"));
                let mark = if value.evidence { "!" } else { "" };
                self.complaints.push(format!("page {number} {:?}{on}: {:?}{mark}", page.damage, value.text));
            }
        }
        self.cpu.push(answer.cpu);
        if page.clutter.is_some() {
            self.cpu_without.push(answer.cpu);
        }
        self.preparation += answer.preparation;
    }
}

impl Rate {
    pub(crate) const fn count(&mut self, read: bool, believed: bool) {
        self.all += 1;
        self.read += read as u32;
        self.believed += believed as u32;
    }
}

/// Engines differ in whether they tell the letters that begin and end a Codabar.
pub(crate) fn says(given: &str, truth: &str, symbology: Symbology) -> bool {
    let bare = |text: &str| match symbology {
        Symbology::Codabar => text.trim().trim_matches(['A', 'B', 'C', 'D']).to_owned(),
        _ => text.trim().to_owned(),
    };
    bare(given) == bare(truth)
}

/// Mean, median and the value that 95 of a hundred stay below, ms.
pub(crate) fn milliseconds(times: &[Duration]) -> [f32; 3] {
    let mut all: Vec<f32> = times.iter().map(|time| time.as_secs_f32() * 1000.0).collect();
    all.sort_by(f32::total_cmp);
    let at = |share: f32| all.get((all.len() as f32 * share) as usize).copied().unwrap_or_default();
    [all.iter().sum::<f32>() / all.len().max(1) as f32, at(0.5), at(0.95)]
}
