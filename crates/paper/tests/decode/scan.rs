//! How is a TIFF written that no library would write?

/// Fields and data of one directory.
#[derive(Clone, Default)]
pub(crate) struct Scan {
    /// Tag, type (3 SHORT, 4 LONG, 5 RATIONAL as pairs), values. Any order.
    pub(crate) fields: Vec<(u16, u16, Vec<u32>)>,
    pub(crate) parts: Vec<Vec<u8>>,
    /// Tags 324 and 325 instead of 273 and 279.
    pub(crate) tiled: bool,
    pub(crate) without_sizes: bool,
}

impl Scan {
    /// One strip of so many bits and samples a pixel.
    pub(crate) fn new(size: (u32, u32), bits: u32, photometric: u32, data: Vec<u8>) -> Self {
        let mut scan = Self { parts: vec![data], ..Self::default() };
        for (tag, value) in
            [(256, size.0), (257, size.1), (258, bits), (262, photometric), (277, 1), (278, size.1)]
        {
            scan = scan.with(tag, value);
        }
        scan
    }

    pub(crate) fn with(self, tag: u16, value: u32) -> Self {
        let kind = if matches!(tag, 256 | 257 | 278 | 254) { 4 } else { 3 };
        self.with_all(tag, kind, vec![value])
    }

    pub(crate) fn with_all(mut self, tag: u16, kind: u16, values: Vec<u32>) -> Self {
        self.fields.retain(|(other, ..)| *other != tag);
        self.fields.push((tag, kind, values));
        self
    }

    pub(crate) fn dpi(self, across: u32, down: u32) -> Self {
        self.with_all(282, 5, vec![across, 1]).with_all(283, 5, vec![down, 1]).with(296, 2)
    }
}

/// How the file is written.
#[derive(Clone, Copy, Default)]
pub(crate) struct Form {
    pub(crate) big_endian: bool,
    pub(crate) big: bool,
}

impl Form {
    fn number(self, value: u64, size: usize) -> Vec<u8> {
        if self.big_endian {
            value.to_be_bytes()[8 - size..].to_vec()
        } else {
            value.to_le_bytes()[..size].to_vec()
        }
    }

    /// Each directory behind its data, as scanners write while they scan.
    pub(crate) fn write(self, scans: &[Scan]) -> Vec<u8> {
        let place = if self.big { 8 } else { 4 };
        let mut file = if self.big_endian { b"MM".to_vec() } else { b"II".to_vec() };
        file.extend(self.number(if self.big { 43 } else { 42 }, 2));
        if self.big {
            file.extend([self.number(8, 2), self.number(0, 2)].concat());
        }
        let mut link = file.len();
        file.extend(self.number(0, place));
        for scan in scans {
            let places: Vec<u32> = scan
                .parts
                .iter()
                .map(|part| {
                    file.extend(vec![0; file.len() % 2]);
                    file.extend(part);
                    (file.len() - part.len()) as u32
                })
                .collect();
            let sizes = scan.parts.iter().map(|part| part.len() as u32).collect();
            let (at, long) = if scan.tiled { (324, 325) } else { (273, 279) };
            let mut fields = scan.clone().with_all(at, 4, places).fields;
            if !scan.without_sizes {
                fields.push((long, 4, sizes));
            }
            fields.sort();
            let mut entries = Vec::new();
            for (tag, kind, values) in fields {
                let size = if kind == 3 { 2 } else { 4 };
                let mut raw: Vec<u8> =
                    values.iter().flat_map(|&value| self.number(value.into(), size)).collect();
                let count = if kind == 5 { values.len() / 2 } else { values.len() };
                entries.extend([self.number(tag.into(), 2), self.number(kind.into(), 2)].concat());
                entries.extend(self.number(count as u64, place));
                if raw.len() > place {
                    file.extend(vec![0; file.len() % 2]);
                    let at = file.len() as u64;
                    file.extend(raw);
                    raw = self.number(at, place);
                }
                raw.resize(place, 0);
                entries.extend(raw);
            }
            file.extend(vec![0; file.len() % 2]);
            let directory = self.number(file.len() as u64, place);
            file[link..link + place].copy_from_slice(&directory);
            let count = entries.len() / (4 + 2 * place);
            file.extend(self.number(count as u64, if self.big { 8 } else { 2 }));
            file.extend(entries);
            link = file.len();
            file.extend(self.number(0, place));
        }
        file
    }
}

pub(crate) fn tiff(scans: &[Scan]) -> Vec<u8> {
    Form::default().write(scans)
}

/// A page of ink without any symmetry: `width` × `height` bits, rows of whole bytes.
pub(crate) fn ink(width: usize, height: usize) -> Vec<u8> {
    let mut bits = vec![0; width.div_ceil(8) * height];
    for y in 0..height {
        for x in 0..width {
            if (x / 3 + y / 2) % 5 == 0 || (x > width / 2 && y < height / 4) {
                bits[y * width.div_ceil(8) + x / 8] |= 0x80 >> (x % 8);
            }
        }
    }
    bits
}

/// Lengths of a row's runs, white first.
fn runs(row: &[u8], width: usize) -> Vec<usize> {
    let black = |x: usize| row[x / 8] & (0x80 >> (x % 8)) != 0;
    let mut runs = vec![0];
    for x in 0..width {
        if black(x) != (runs.len() % 2 == 0) {
            runs.push(0);
        }
        *runs.last_mut().expect("a run") += 1;
    }
    runs
}

/// Compression 4 (ITU-T T.6).
pub(crate) fn group_4(bits: &[u8], width: usize) -> Vec<u8> {
    let mut encoder = fax::encoder::Encoder::new(fax::VecWriter::new());
    for row in bits.chunks_exact(width.div_ceil(8)) {
        let colours = (0..width)
            .map(|x| if row[x / 8] & (0x80 >> (x % 8)) == 0 { fax::Color::White } else { fax::Color::Black });
        encoder.encode_line(colours, width as u32).expect("memory");
    }
    encoder.finish().expect("memory").finish()
}

/// Compression 3 (ITU-T T.4, one dimension): an end of line before each row; 2: none, each row in whole bytes.
pub(crate) fn group_3(bits: &[u8], width: usize, ends_of_line: bool) -> Vec<u8> {
    let mut digits = String::new();
    for row in bits.chunks_exact(width.div_ceil(8)) {
        if ends_of_line {
            digits += "000000000001";
        }
        for (at, mut run) in runs(row, width).into_iter().enumerate() {
            let code = |length: usize| {
                let table = if at % 2 == 0 { &fax::maps::white::ENTRIES } else { &fax::maps::black::ENTRIES };
                let (_, bits) = table[if length >= 64 { 63 + length / 64 } else { length }];
                format!("{:0width$b}", bits.data, width = usize::from(bits.len))
            };
            if run >= 64 {
                digits += &code(run / 64 * 64);
                run %= 64;
            }
            digits += &code(run);
        }
        if !ends_of_line {
            digits += &"0".repeat((8 - digits.len() % 8) % 8);
        }
    }
    digits += &"0".repeat((8 - digits.len() % 8) % 8);
    digits
        .as_bytes()
        .chunks(8)
        .map(|eight| eight.iter().fold(0, |sum, digit| (sum << 1) | (digit - b'0')))
        .collect()
}

/// PackBits (TIFF 6.0, section 9), in literal runs of at most 100.
pub(crate) fn pack_bits(bytes: &[u8]) -> Vec<u8> {
    bytes.chunks(100).flat_map(|run| [&[run.len() as u8 - 1], run].concat()).collect()
}
