//! Does a JPEG or PNG become the page that was put in?

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use paper::raster::Pixels;
use records::geometry::Turn;
use records::reading::{FaultCode, Format};

use crate::{opened, page};

const SIZE: (u32, u32) = (160, 120);

/// Left half dark red, right half white, a black bar along the top.
fn picture() -> Vec<u8> {
    let pixel = |x: u32, y: u32| match (x < SIZE.0 / 2, y < 16) {
        (_, true) => [0, 0, 0],
        (true, _) => [160, 20, 20],
        _ => [255; 3],
    };
    (0..SIZE.1).flat_map(|y| (0..SIZE.0).flat_map(move |x| pixel(x, y))).collect()
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.write_image(&picture(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8).expect("memory");
    bytes
}

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(&picture(), SIZE.0, SIZE.1, ExtendedColorType::Rgb8).expect("memory");
    bytes
}

/// As [`jpeg`], with an EXIF orientation.
fn turned_jpeg(orientation: u8) -> Vec<u8> {
    let mut exif = b"\xFF\xE1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    [&jpeg()[..2], &exif, &jpeg()[2..]].concat()
}

fn near(pixels: &Pixels, at: usize, colour: [u8; 3]) -> bool {
    let Pixels::Rgb(rgb) = pixels else { panic!("not colour") };
    rgb[at * 3..][..3].iter().zip(colour).all(|(is, meant)| is.abs_diff(meant) < 24)
}

#[test]
fn a_png_is_what_was_put_in() {
    let page = page(&png());
    assert!(page.raster.pixels == Pixels::Rgb(picture()));
    assert_eq!(opened(&png()).unwrap().survey().format, Format::Png);
}

#[test]
fn a_photograph_is_turned_as_its_camera_says() {
    let dark_red = [160, 20, 20];
    let upright = page(&turned_jpeg(1)).raster;
    assert!((upright.width, upright.height) == SIZE && near(&upright.pixels, 60 * 160 + 20, dark_red));
    // Turned right: the bar along the top stands at the right, what was left is above.
    let right = page(&turned_jpeg(6));
    assert_eq!((right.raster.width, right.raster.height, right.turned), (120, 160, Turn::Right));
    assert!(
        near(&right.raster.pixels, 20 * 120 + 60, dark_red)
            && near(&right.raster.pixels, 80 * 120 + 118, [0; 3])
    );
    let half = page(&turned_jpeg(3)).raster;
    assert!(near(&half.pixels, 60 * 160 + 140, dark_red) && near(&half.pixels, 118 * 160 + 80, [0; 3]));
}

#[test]
fn a_grey_jpeg_is_grey() {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.write_image(&[77; 64 * 64], 64, 64, ExtendedColorType::L8).unwrap();
    let Pixels::Grey(grey) = page(&bytes).raster.pixels else { panic!("not grey") };
    assert!(grey.iter().all(|pixel| pixel.abs_diff(77) < 3));
}

#[test]
fn a_picture_cut_off_is_damaged_and_shown_as_far_as_it_goes() {
    let whole = jpeg();
    let mut original = opened(&whole[..whole.len() * 3 / 4]).unwrap();
    let damage = original.survey().damage.clone().expect("damage");
    assert_eq!(
        (damage.code, &damage.detail[..]),
        (FaultCode::Damaged, "it ends in the middle of its picture")
    );
    let page = original.page(0).unwrap();
    assert!(page.damage.is_some() && near(&page.raster.pixels, 30 * 160 + 20, [160, 20, 20]));
    let without_its_last_byte = opened(&whole[..whole.len() - 1]).unwrap();
    assert!(without_its_last_byte.survey().damage.is_some());
}

#[test]
fn a_picture_cut_off_in_its_header_is_damaged() {
    for bytes in [&jpeg()[..20], &png()[..20]] {
        assert_eq!(opened(bytes).err().map(|fault| fault.code), Some(FaultCode::Damaged));
    }
}

#[test]
fn a_wrong_checksum_is_noticed() {
    let mut bytes = png();
    let data = bytes.windows(4).position(|four| four == b"IDAT").unwrap();
    let length = u32::from_be_bytes(bytes[data - 4..data].try_into().unwrap()) as usize;
    bytes[data + 4 + length] ^= 1;
    let page = opened(&bytes).unwrap().page(0).unwrap();
    assert!(page.damage.is_some() && page.raster.pixels == Pixels::Rgb(picture()));
}
