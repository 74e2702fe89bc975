//! How does the work spread over two cores?

use std::path::PathBuf;
use std::time::Instant;

use super::tools::{Tools, at_a_time};
use super::trial::Trial;

/// Wall seconds for the same pages, by one and by two at a time.
pub(crate) struct Speed {
    pub(crate) pages: usize,
    pub(crate) ours: [f64; 2],
    pub(crate) tesseract: [f64; 2],
}

/// Each damage gives as many of them.
const PAGES: usize = 36;

pub(crate) fn measure(tools: &Tools, drawn: &[Trial]) -> anyhow::Result<Speed> {
    let each = PAGES.div_ceil(drawn.len().max(1));
    let files: Vec<PathBuf> =
        drawn.iter().flat_map(|trial| trial.unit.files.iter().take(each)).cloned().collect();
    for file in &files {
        tools.picture(file)?;
    }
    let mut speed = Speed { pages: files.len(), ours: [f64::MAX; 2], tesseract: [f64::MAX; 2] };
    // The better of two: what else the machine does comes and goes.
    for at in [0, 1, 0, 1] {
        speed.ours[at] = speed.ours[at].min(tools.ours(&files, at + 1)?.wall_s);
        let began = Instant::now();
        at_a_time(&files, at + 1, |file| tools.one_tesseract(file, &[]))?;
        speed.tesseract[at] = speed.tesseract[at].min(began.elapsed().as_secs_f64());
    }
    Ok(speed)
}
