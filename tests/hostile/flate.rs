//! How does little data unpack to very much? Made by hand, since making it by packing would take as long as
//! unpacking it.

use std::io::Write as _;

use flate2::{Compress, Compression, Crc, FlushCompress};

/// Bytes of nothing in one block of [`zeros`].
const BLOCK: usize = 16 << 20;

/// A zlib stream (RFC 1950) that unpacks to at least so many million zeros, some thousand times its size. Its
/// checksum is wrong: nobody who asks for it has survived to see it.
pub(crate) fn zeros(millions: usize) -> Vec<u8> {
    let blocks = (millions * 1_000_000).div_ceil(BLOCK);
    let mut packer = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(BLOCK / 500);
    packer.compress_vec(&vec![0; BLOCK], &mut block, FlushCompress::Full).unwrap();
    let mut stream = vec![0x78, 0xDA];
    // A full flush ends on a byte and forgets what came before: such blocks can stand in any number.
    (0..blocks).for_each(|_| stream.extend(&block));
    stream.extend([3, 0, 0, 0, 0, 1]);
    stream
}

/// As [`zeros`], packed once more.
pub(crate) fn zeros_twice(millions: usize) -> Vec<u8> {
    packed(&zeros(millions))
}

pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// The checksum of a PNG chunk.
pub(crate) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
