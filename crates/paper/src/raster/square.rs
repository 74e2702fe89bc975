//! What does a page look like with square pixels?

use super::{Pixels, Raster};

/// Resolutions closer than this are the same.
const SQUARE: f32 = 1.01;

/// Places between pixels are counted in 256ths.
const FINE: u64 = 256;

pub(super) fn squared(page: Raster) -> Raster {
    let Some([across, down]) = page.dpi else { return page };
    let finer = across.max(down);
    if finer <= across.min(down) * SQUARE {
        return page;
    }
    let page = match page.pixels {
        Pixels::Ink(_) => page.to_grey(),
        _ => page,
    };
    let stretched =
        |size: u32, dpi: f32| (f64::from(size) * f64::from(finer) / f64::from(dpi)).round().max(1.0) as u32;
    let (width, height) = (stretched(page.width, across), stretched(page.height, down));
    let stretch = |bytes: Vec<u8>, n: usize| {
        if height == page.height {
            wider(&bytes, page.width, width, n)
        } else {
            taller(&bytes, page.width as usize * n, page.height, height)
        }
    };
    let pixels = match page.pixels {
        Pixels::Rgb(bytes) => Pixels::Rgb(stretch(bytes, 3)),
        Pixels::Grey(bytes) | Pixels::Ink(bytes) => Pixels::Grey(stretch(bytes, 1)),
    };
    Raster { width, height, pixels, dpi: Some([finer; 2]) }
}

/// Between which two of `old` places lies place `to` of `new`, and how many 256ths from the first?
fn between(to: u32, new: u32, old: u32) -> (usize, usize, u16) {
    // Centres of pixels lie on each other: from = (to + ½) · old / new − ½.
    let (to, new, last) = (u64::from(to), u64::from(new), u64::from(old) - 1);
    let from = ((2 * to + 1) * u64::from(old) * FINE / (2 * new)).saturating_sub(FINE / 2).min(last * FINE);
    let first = from / FINE;
    (first as usize, (first + 1).min(last) as usize, (from % FINE) as u16)
}

fn mix(first: u8, second: u8, along: u16) -> u8 {
    ((u16::from(first) * (FINE as u16 - along) + u16::from(second) * along) >> 8) as u8
}

fn taller(bytes: &[u8], stride: usize, old: u32, new: u32) -> Vec<u8> {
    let mut tall = Vec::with_capacity(stride * new as usize);
    for y in 0..new {
        let (above, below, along) = between(y, new, old);
        let (above, below) = (&bytes[above * stride..][..stride], &bytes[below * stride..][..stride]);
        tall.extend(above.iter().zip(below).map(|(&a, &b)| mix(a, b, along)));
    }
    tall
}

/// `n` bytes a pixel.
fn wider(bytes: &[u8], old: u32, new: u32, n: usize) -> Vec<u8> {
    let places: Vec<_> = (0..new).map(|x| between(x, new, old)).collect();
    let rows = bytes.chunks_exact(old as usize * n);
    let mut wide = Vec::with_capacity(places.len() * n * rows.len());
    for row in rows {
        for &(left, right, along) in &places {
            let (left, right) = (&row[left * n..][..n], &row[right * n..][..n]);
            wide.extend(left.iter().zip(right).map(|(&a, &b)| mix(a, b, along)));
        }
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_fax_page_becomes_as_tall_as_the_paper() {
        let fax = Raster {
            width: 1728,
            height: 1078,
            pixels: Pixels::Ink(vec![0; 216 * 1078]),
            dpi: Some([204.0, 98.0]),
        };
        let square = fax.squared();
        assert_eq!((square.width, square.height, square.dpi), (1728, 2244, Some([204.0, 204.0])));
        assert_eq!(square.pixels, Pixels::Grey(vec![255; 1728 * 2244]));
    }

    #[test]
    fn stretching_keeps_ends_and_shades_between() {
        let page = |dpi| Raster {
            width: 2,
            height: 2,
            pixels: Pixels::Grey(vec![0, 100, 200, 100]),
            dpi: Some(dpi),
        };
        let Pixels::Grey(tall) = page([200.0, 100.0]).squared().pixels else { panic!("not grey") };
        assert_eq!(tall, [0, 100, 50, 100, 150, 100, 200, 100]);
        let Pixels::Grey(wide) = page([100.0, 200.0]).squared().pixels else { panic!("not grey") };
        assert_eq!(wide, [0, 25, 75, 100, 200, 175, 125, 100]);
    }

    #[test]
    fn square_pixels_and_unknown_resolutions_are_left_alone() {
        for dpi in [None, Some([300.0, 300.0]), Some([204.0, 203.2])] {
            let page = Raster { width: 8, height: 1, pixels: Pixels::Ink(vec![0x5A]), dpi };
            assert_eq!(page.clone().squared(), page);
        }
    }
}
