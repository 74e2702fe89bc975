//! What is on the pages of a TIFF?

use std::fs::File;

use records::reading::{Fault, FaultCode, Format, Survey};

use super::{DecodedPage, Limits, Original};
use crate::raster::{Orientation, Raster, believable_dpi};
use directory::{Broken, Chain, Directory, OnDisk};
use libtiff::{Handle, Layout};

pub(super) mod directory;
mod libtiff;
mod pixels;

/// Opens a TIFF or BigTIFF of either byte order. Nothing but its directories is read before a page is asked for.
///
/// # Errors
/// [`FaultCode::Damaged`] where no directory can be read, [`FaultCode::Empty`] where there is none,
/// [`FaultCode::TooLarge`] where every page is above the limits.
pub fn open(file: File, limits: &Limits) -> Result<Box<dyn Original>, Fault> {
    let size = file.metadata().map_or(0, |about| about.len());
    let disk = OnDisk { file, size };
    let damaged = |detail: &str| Fault::new(FaultCode::Damaged, detail);
    let chain = Chain::of(&disk).ok_or_else(|| damaged("it ends within its first bytes"))?;
    let pages = pages(&chain.directories);
    if pages.is_empty() {
        return Err(match chain.broken {
            Some(_) => damaged("its first page lies behind its end"),
            None => Fault::new(FaultCode::Empty, "a TIFF without a page"),
        });
    }
    if let Some(Err(fault)) =
        pages.iter().map(|page| limits.admit(page.width, page.height)).min_by_key(Result::is_err)
    {
        return Err(fault);
    }
    let damage = damage(&pages, chain.broken, size).map(|detail| Fault::new(FaultCode::Damaged, detail));
    let survey = Survey { format: Format::Tiff, pages: pages.len() as u32, damage };
    Ok(Box::new(Tiff { disk, limits: *limits, pages, survey }))
}

/// What is missing, in a clerk's words: a page that is lost is never lost silently.
fn damage(pages: &[Directory], broken: Option<Broken>, size: u64) -> Option<String> {
    let last = pages.len();
    match broken {
        Some(Broken::CutOff) => Some(format!("it is cut off behind page {last}; more pages were in it")),
        Some(Broken::Circle) => Some(format!("what comes behind page {last} leads back to a page before it")),
        Some(Broken::Endless) => Some(format!("it holds more than {last} pages")),
        None => {
            let cut = pages.iter().position(|page| page.data_end > size)?;
            Some(format!("it ends in the middle of page {}", cut + 1))
        }
    }
}

/// The directories that are pages. Thumbnails and masks in the chain are not; a directory only counts as one if
/// its tag says so *and* it looks like one beside its page, since some fax software marks every page as reduced.
fn pages(directories: &[Directory]) -> Vec<Directory> {
    let full_size = |directory: &&Directory| directory.subfile & 0b101 == 0;
    let mut pages = Vec::new();
    for (at, directory) in directories.iter().enumerate() {
        let before = directories[..at].iter().rev().find(full_size);
        let beside = before.or_else(|| directories[at..].iter().find(full_size));
        if !beside.is_some_and(|page| is_thumbnail(directory, page) || is_mask(directory, page)) {
            pages.push(directory.clone());
        }
    }
    pages
}

/// Marked as reduced, smaller both ways, and as tall for its width (to 5 %; small ones are rounded).
fn is_thumbnail(directory: &Directory, page: &Directory) -> bool {
    let [width, height] = [directory.width, directory.height].map(f64::from);
    let [page_width, page_height] = [page.width, page.height].map(f64::from);
    let alike = (width * page_height - height * page_width).abs() <= 0.05 * width * page_height;
    directory.subfile & 1 != 0 && width < page_width && height < page_height && alike
}

/// Marked as a mask twice, and as large as its page.
fn is_mask(directory: &Directory, page: &Directory) -> bool {
    let same_size = (directory.width, directory.height) == (page.width, page.height);
    directory.subfile & 4 != 0 && directory.photometric == Some(4) && same_size
}

struct Tiff {
    disk: OnDisk,
    limits: Limits,
    pages: Vec<Directory>,
    survey: Survey,
}

impl Original for Tiff {
    fn survey(&self) -> &Survey {
        &self.survey
    }

    fn page(&mut self, index: u32) -> Result<DecodedPage, Fault> {
        let number = u64::from(index) + 1;
        let on_page = |fault: Fault| Fault::new(fault.code, format!("page {number}: {}", fault.detail));
        let damaged = |detail: &str| on_page(Fault::new(FaultCode::Damaged, detail));
        let page = self.pages.get(index as usize).ok_or_else(|| damaged("there is no such page"))?;
        let dpi = resolution(page);
        self.limits.admit_squared(page.width, page.height, dpi).map_err(on_page)?;
        let handle =
            Handle::open(&self.disk, page.at).ok_or_else(|| damaged("what is said about it is damaged"))?;
        let mut layout = handle.layout();
        if page.photometric.is_none() {
            layout = handle.understood_as(likely_photometric(&layout));
        }
        // libtiff may read the directory another way.
        self.limits.admit_squared(layout.width, layout.height, dpi).map_err(on_page)?;
        if let Some((width, height)) = layout.tile {
            self.limits.admit(width, height).map_err(on_page)?;
        }
        // Warnings about the directory are about fields nobody needs (every scanner has its own); errors are not.
        let mut errors = libtiff::heard().errors;
        libtiff::forget();
        handle.stand_in_for_missing(stand_in(page), self.disk.size.min(STAND_IN_MOST));
        let decoded = pixels::decode(&handle, layout, &self.limits).map_err(on_page)?;
        let messages = libtiff::heard();
        errors += messages.errors + messages.warnings;
        let damage = if handle.missed_bytes() {
            Some(format!("page {number} ends in the middle"))
        } else if decoded.gaps || errors > 0 {
            Some(format!("page {number}: parts of its picture are damaged"))
        } else {
            None
        };
        let orientation = Orientation::of_tag(layout.orientation);
        let raster = Raster { width: layout.width, height: layout.height, pixels: decoded.pixels, dpi };
        let raster = raster.without_idle_colour().oriented(orientation);
        Ok(DecodedPage { raster, turned: orientation.turn(), damage, embedded: Vec::new() })
    }
}

/// What samples mean where the directory does not say: fax is black on white, other single samples white on black,
/// three are colours, four inks.
fn likely_photometric(layout: &Layout) -> u16 {
    match (layout.samples, layout.extra) {
        (1, _) if matches!(layout.compression, 2..=4) => 0,
        (1 | 2, _) => 1,
        (4, None | Some(0)) => 5,
        _ => 2,
    }
}

/// Bytes that may be made up for one page, so that what was cut off can be decoded as far as it goes.
const STAND_IN_MOST: u64 = 16 << 20;

/// What missing bytes read as: no code at all in fax, else what the decoder stumbles over or shows as paper.
fn stand_in(page: &Directory) -> u8 {
    let fax = matches!(page.compression, 2..=4 | 32_771);
    if fax || page.photometric == Some(0) { 0x00 } else { 0xFF }
}

/// Dots per inch. Numbers without a unit are taken for dots per inch where they look like it: many fax programs
/// write 204 and 98 that way.
fn resolution(page: &Directory) -> Option<[f32; 2]> {
    let [across, down] = page.resolution;
    let inches = match page.unit {
        3 => 2.54,
        1 => {
            let plausible = |dpi: Option<f32>| dpi.is_none_or(|dpi| (90.0..=1300.0).contains(&dpi));
            if !(plausible(across) && plausible(down)) {
                return None;
            }
            1.0
        }
        _ => 1.0,
    };
    believable_dpi(across.map(|dots| dots * inches), down.map(|dots| dots * inches))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(width: u32, height: u32, subfile: u32) -> Directory {
        Directory { width, height, subfile, ..Directory::default() }
    }

    #[test]
    fn thumbnails_are_no_pages_and_doubtful_directories_are() {
        let page = directory(2480, 3508, 2);
        assert_eq!(pages(&[page.clone(), directory(124, 175, 1), page.clone()]).len(), 2);
        assert_eq!(pages(&[directory(124, 175, 1), directory(2480, 3508, 0)]).len(), 1, "thumbnail first");
        assert_eq!(
            pages(&[directory(1728, 2200, 1), directory(1728, 2200, 1)]).len(),
            2,
            "all marked as reduced"
        );
        assert_eq!(
            pages(&[page.clone(), directory(2480, 1200, 1)]).len(),
            2,
            "another shape: a page of its own"
        );
        let mask = Directory { photometric: Some(4), ..directory(2480, 3508, 4) };
        assert_eq!(pages(&[page, mask]).len(), 1);
    }

    #[test]
    fn resolution_is_in_inches_whatever_the_unit() {
        let page = |unit, across: f32, down: f32| {
            resolution(&Directory { unit, resolution: [Some(across), Some(down)], ..Directory::default() })
        };
        assert_eq!(page(2, 204.0, 98.0), Some([204.0, 98.0]));
        assert_eq!(page(1, 204.0, 196.0), Some([204.0, 196.0]));
        assert_eq!(page(1, 1.0, 1.0), None);
        let [across, down] = page(3, 80.315, 38.5).expect("centimetres");
        assert!((across - 204.0).abs() < 0.1 && (down - 97.8).abs() < 0.1);
    }
}
