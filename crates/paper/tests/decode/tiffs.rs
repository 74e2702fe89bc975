//! Does every way to store a page in a TIFF give the same page?

use std::io::Cursor;

use paper::raster::{Pixels, Raster};
use records::geometry::Turn;
use records::reading::FaultCode;
use tiff::encoder::{Compression, TiffEncoder, colortype};

use crate::scan::{Form, Scan, group_3, group_4, ink, pack_bits, tiff};
use crate::{opened, page};

/// Not a multiple of eight wide.
const SIZE: (u32, u32) = (221, 60);

fn bits() -> Vec<u8> {
    ink(221, 60)
}

fn bilevel(compression: u32, data: Vec<u8>) -> Scan {
    Scan::new(SIZE, 1, 0, data).with(259, compression).dpi(204, 98)
}

fn pixels(bytes: &[u8]) -> Pixels {
    page(bytes).raster.pixels
}

#[test]
fn fax_of_every_kind_and_fill_order_is_the_same_page() {
    for (compression, data) in [
        (1, bits()),
        (2, group_3(&bits(), 221, false)),
        (3, group_3(&bits(), 221, true)),
        (4, group_4(&bits(), 221)),
    ] {
        let turned = data.iter().map(|byte| byte.reverse_bits()).collect();
        for (fill_order, data) in [(1, data), (2, turned)] {
            let page = page(&tiff(&[bilevel(compression, data).with(266, fill_order)]));
            assert!(
                page.raster.pixels == Pixels::Ink(bits()),
                "compression {compression}, fill order {fill_order}"
            );
            assert_eq!(page.raster.dpi, Some([204.0, 98.0]));
        }
    }
}

#[test]
fn ink_is_ink_in_both_polarities_and_paper_ends_with_the_page() {
    let inverted: Vec<u8> = bits().iter().map(|byte| !byte).collect();
    assert!(pixels(&tiff(&[bilevel(1, bits())])) == Pixels::Ink(bits()));
    assert!(pixels(&tiff(&[Scan::new(SIZE, 1, 1, inverted)])) == Pixels::Ink(bits()));
}

#[test]
fn byte_orders_big_tiff_packing_and_strips_change_nothing() {
    let packed =
        Scan { parts: bits().chunks(28 * 7).map(pack_bits).collect(), ..bilevel(32_773, Vec::new()) };
    for form in [(false, false), (true, false), (false, true), (true, true)] {
        let form = Form { big_endian: form.0, big: form.1 };
        assert!(pixels(&form.write(&[packed.clone().with(278, 7)])) == Pixels::Ink(bits()));
    }
}

#[test]
fn a_scan_that_does_not_say_how_long_its_strips_are_is_read() {
    let scan = Scan { without_sizes: true, ..bilevel(1, bits()) };
    assert!(pixels(&tiff(&[scan])) == Pixels::Ink(bits()));
}

#[test]
fn every_orientation_is_laid_the_way_it_is_meant() {
    let stored = Raster { width: 221, height: 60, pixels: Pixels::Ink(bits()), dpi: Some([204.0, 98.0]) };
    for (tag, turn) in [
        (1, Turn::None),
        (2, Turn::None),
        (3, Turn::Half),
        (4, Turn::Half),
        (5, Turn::Left),
        (6, Turn::Right),
        (7, Turn::Right),
        (8, Turn::Left),
    ] {
        let page = page(&tiff(&[bilevel(4, group_4(&bits(), 221)).with(274, tag)]));
        let meant = stored.clone().oriented(paper::raster::Orientation::of_tag(tag as u16));
        assert!(page.raster == meant && page.turned == turn, "orientation {tag}");
    }
}

#[test]
fn orientation_also_holds_where_libtiff_converts() {
    let colours = [[0, 255], [0, 0], [0, 128]].concat().iter().map(|byte| byte * 257).collect();
    let palette = Scan::new((3, 1), 8, 3, vec![0, 1, 1]).with_all(320, 3, wide_palette(colours));
    let page = page(&tiff(&[palette.with(274, 6)]));
    assert_eq!((page.raster.width, page.raster.height), (1, 3));
    assert_eq!(page.raster.pixels, Pixels::Rgb(vec![0, 0, 0, 255, 0, 128, 255, 0, 128]));
}

/// Two colours of each of red, green and blue as a palette of 256.
fn wide_palette(two: Vec<u32>) -> Vec<u32> {
    two.chunks(2).flat_map(|pair| pair.iter().copied().chain([0; 254])).collect()
}

#[test]
fn grey_of_two_four_and_sixteen_bits_is_as_bright_as_it_was() {
    for (bits, photometric, data, grey) in [
        (2, 1, vec![0b0001_1011], vec![0, 85, 170, 255]),
        (2, 0, vec![0b0001_1011], vec![255, 170, 85, 0]),
        (4, 1, vec![0x0F, 0x80], vec![0, 255, 136, 0]),
        (4, 0, vec![0x0F, 0x80], vec![255, 0, 119, 255]),
        (8, 0, vec![0, 1, 2, 255], vec![255, 254, 253, 0]),
        (16, 1, vec![0, 0, 0, 0x80, 0xFF, 0xFF, 1, 2], vec![0, 128, 255, 2]),
    ] {
        let scan = Scan::new((4, 1), bits, photometric, data);
        assert_eq!(pixels(&tiff(&[scan])), Pixels::Grey(grey), "{bits} bits, photometric {photometric}");
    }
}

fn colour(samples: u32, parts: Vec<Vec<u8>>) -> Scan {
    let scan = Scan::new((2, 2), 8, 2, Vec::new()).with(277, samples);
    Scan { parts, ..scan.with_all(258, 3, vec![8; samples as usize]) }
}

const RGB: [u8; 12] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30];

#[test]
fn colour_in_planes_and_colour_in_pixels_are_the_same() {
    let planes = (0..3).map(|plane| RGB.iter().skip(plane).step_by(3).copied().collect()).collect();
    assert_eq!(pixels(&tiff(&[colour(3, vec![RGB.to_vec()])])), Pixels::Rgb(RGB.to_vec()));
    assert_eq!(pixels(&tiff(&[colour(3, planes).with(284, 2)])), Pixels::Rgb(RGB.to_vec()));
}

#[test]
fn alpha_shows_paper_and_a_sample_of_unknown_meaning_hides_nothing() {
    let with = |fourth: u8| RGB.chunks(3).flat_map(|rgb| [rgb, &[fourth]].concat()).collect::<Vec<u8>>();
    assert_eq!(pixels(&tiff(&[colour(4, vec![with(0)]).with(338, 0)])), Pixels::Rgb(RGB.to_vec()));
    assert_eq!(pixels(&tiff(&[colour(4, vec![with(255)]).with(338, 2)])), Pixels::Rgb(RGB.to_vec()));
    let mut first_is_clear = with(255);
    first_is_clear[3] = 0;
    let Pixels::Rgb(rgb) = pixels(&tiff(&[colour(4, vec![first_is_clear]).with(338, 2)])) else {
        panic!("not colour")
    };
    assert_eq!((&rgb[..3], &rgb[3..]), (&[255, 255, 255][..], &RGB[3..]));
}

#[test]
fn inks_become_colours() {
    let inks = vec![0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 255];
    let scan = colour(4, vec![inks]).with(262, 5);
    let meant = vec![255, 255, 255, 0, 255, 255, 255, 0, 0, 0, 0, 0];
    assert_eq!(pixels(&tiff(&[scan])), Pixels::Rgb(meant));
}

#[test]
fn tiles_are_put_together_in_ink_and_grey() {
    let bits = ink(40, 20);
    let tile = |left: usize, top: usize| {
        let byte = |x: usize, y: usize| if x < 5 && y < 20 { bits[y * 5 + x] } else { 0 };
        (0..16).flat_map(|y| (0..2).map(move |x| byte(left / 8 + x, top + y))).collect()
    };
    let places = [(0, 0), (16, 0), (32, 0), (0, 16), (16, 16), (32, 16)];
    let parts: Vec<Vec<u8>> = places.iter().map(|&(left, top)| tile(left, top)).collect();
    let scan = Scan { parts, tiled: true, ..Scan::new((40, 20), 1, 0, Vec::new()) };
    assert!(pixels(&tiff(&[scan.with(322, 16).with(323, 16)])) == Pixels::Ink(bits));

    let grey = |x: u32, y: u32| (x * 5 + y * 3) as u8;
    let tile = |left: u32| (0..16).flat_map(|y| (left..left + 16).map(move |x| grey(x, y))).collect();
    let scan = Scan { parts: vec![tile(0), tile(16)], tiled: true, ..Scan::new((20, 10), 8, 1, Vec::new()) };
    let meant = (0..10).flat_map(|y| (0..20).map(move |x| grey(x, y))).collect();
    assert!(pixels(&tiff(&[scan.with(322, 16).with(323, 16)])) == Pixels::Grey(meant));
}

#[test]
fn lzw_and_deflate_are_unpacked() {
    let grey: Vec<u8> = (0..100 * 80).map(|at| (at % 251) as u8).collect();
    for compression in [Compression::Lzw, Compression::Deflate(Default::default()), Compression::Packbits] {
        let mut file = Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut file).unwrap().with_compression(compression);
        encoder.write_image::<colortype::Gray8>(100, 80, &grey).unwrap();
        assert!(pixels(&file.into_inner()) == Pixels::Grey(grey.clone()));
    }
}

#[test]
fn jpeg_in_a_tiff_keeps_its_colours() {
    let size = (64, 48);
    let rgb: Vec<u8> = [200, 40, 90].repeat(64 * 48);
    let mut jpeg = Vec::new();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90);
    encoder.encode(&rgb, size.0, size.1, image::ExtendedColorType::Rgb8).unwrap();
    let scan = Scan::new(size, 8, 6, jpeg).with(277, 3).with(259, 7);
    let scan = scan.with_all(258, 3, vec![8; 3]).with_all(530, 3, vec![1, 1]);
    let Pixels::Rgb(decoded) = pixels(&tiff(&[scan])) else { panic!("not colour") };
    assert!(decoded.iter().zip(&rgb).all(|(&is, &was)| is.abs_diff(was) < 6));
}

#[test]
fn pages_come_in_order_and_each_in_its_own_form() {
    let second = Scan::new((4, 1), 8, 1, vec![1, 2, 3, 4]);
    let thumbnail = Scan::new((22, 6), 8, 1, vec![9; 132]).with(254, 1);
    let file = tiff(&[bilevel(4, group_4(&bits(), 221)).with(254, 2), thumbnail, second.clone(), second]);
    let mut original = opened(&file).unwrap();
    assert_eq!((original.survey().pages, original.survey().damage.as_ref()), (3, None));
    assert_eq!(original.page(2).unwrap().raster.pixels, Pixels::Grey(vec![1, 2, 3, 4]));
    assert!(original.page(0).unwrap().raster.pixels == Pixels::Ink(bits()));
    assert_eq!(original.page(3).err().map(|fault| fault.code), Some(FaultCode::Damaged));
}

#[test]
fn pages_lost_with_the_end_of_a_file_are_never_lost_silently() {
    let scan = bilevel(4, group_4(&bits(), 221));
    let file = tiff(&[scan.clone(), scan.clone(), scan]);
    for length in [file.len() * 2 / 3, file.len() - 1, file.len() - 200] {
        let mut original = opened(&file[..length]).unwrap();
        let damage = original.survey().damage.clone().expect("damage");
        assert_eq!(damage.code, FaultCode::Damaged);
        assert!(original.page(0).unwrap().raster.pixels == Pixels::Ink(bits()), "the first page is whole");
    }
}

#[test]
fn a_page_cut_off_is_shown_as_far_as_it_goes() {
    let (bits, code) = (ink(221, 600), group_4(&ink(221, 600), 221));
    // The directory first, then the strip, as some copiers write.
    let whole = tiff(&[Scan::new((221, 600), 1, 0, Vec::new()).with(259, 4)]);
    let mut file = whole.clone();
    let strip_at = whole.len() as u32;
    patch(&mut file, 273, strip_at);
    patch(&mut file, 279, code.len() as u32);
    file.extend(&code[..code.len() / 2]);
    let mut original = opened(&file).unwrap();
    assert_eq!(original.survey().damage.as_ref().unwrap().detail, "it ends in the middle of page 1");
    let page = original.page(0).unwrap();
    assert_eq!(page.damage.as_deref(), Some("page 1 ends in the middle"));
    let Pixels::Ink(decoded) = page.raster.pixels else { panic!("not ink") };
    assert!(decoded[..28 * 250] == bits[..28 * 250], "the first rows are there");
}

/// Puts another value into a field of the only directory.
fn patch(file: &mut [u8], tag: u16, value: u32) {
    let at = u32::from_le_bytes(file[4..8].try_into().expect("a field")) as usize + 2;
    let entry =
        file[at..].chunks_exact(12).position(|entry| entry[..2] == tag.to_le_bytes()).expect("a field");
    file[at + entry * 12 + 8..][..4].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn flipped_bytes_in_fax_are_noticed() {
    let bits = ink(1728, 1000);
    let mut data = group_4(&bits, 1728);
    for at in 0..20 {
        let place = data.len() / 3 + at * 37;
        data[place] ^= 0x5A;
    }
    let scan = Scan::new((1728, 1000), 1, 0, data).with(259, 4);
    let page = opened(&tiff(&[scan])).unwrap().page(0).unwrap();
    assert_eq!(page.damage.as_deref(), Some("page 1: parts of its picture are damaged"));
    let Pixels::Ink(decoded) = page.raster.pixels else { panic!("not ink") };
    assert!(decoded[..216 * 200] == bits[..216 * 200], "what came before is there");
}
