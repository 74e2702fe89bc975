//! What do the symbols of the pages say, and of which modules are they made?

use records::reading::Symbology;
use zxingcpp::{BarcodeFormat, create, write};

use crate::dice::Dice;

/// A symbol by its modules, before it is printed anywhere.
pub(crate) struct Code {
    pub(crate) symbology: Symbology,
    pub(crate) text: String,
    /// Modules across and down; linear symbols are one row.
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Row by row; true is a bar.
    modules: Vec<bool>,
}

pub(crate) const MACHINE_READ: [Symbology; 8] = [
    Symbology::Code128,
    Symbology::Qr,
    Symbology::Code39,
    Symbology::DataMatrix,
    Symbology::Codabar,
    Symbology::Pdf417,
    Symbology::Itf,
    Symbology::Aztec,
];

/// Bars of patch codes, and what each is called.
const PATCHES: [(&str, &str); 6] =
    [("1", "WWNN"), ("2", "WNNW"), ("3", "WNWN"), ("4", "NWWN"), ("6", "NNWW"), ("T", "NWNW")];

impl Code {
    pub(crate) fn of(symbology: Symbology, dice: &mut Dice) -> Self {
        let (format, text) = match symbology {
            Symbology::Code128 => (BarcodeFormat::Code128, number(dice)),
            Symbology::Code39 => (BarcodeFormat::Code39, format!("M{}", dice.digits(8))),
            Symbology::Codabar => (BarcodeFormat::Codabar, format!("A{}B", dice.digits(10))),
            Symbology::Itf => (BarcodeFormat::ITF, dice.digits(12)),
            Symbology::Qr => (BarcodeFormat::QRCode, sheet(dice)),
            Symbology::DataMatrix => {
                (BarcodeFormat::DataMatrix, format!("{}^{}", number(dice), dice.digits(7)))
            }
            Symbology::Pdf417 => (BarcodeFormat::PDF417, licence(dice)),
            Symbology::Aztec => (BarcodeFormat::Aztec, format!("{}|LAB|{}", number(dice), dice.digits(14))),
            Symbology::Patch => return Self::patch(dice),
        };
        let symbol = create(format).from_str(&text).expect("a text that the symbology can say");
        let picture =
            symbol.to_image_with(&write().scale(1).add_quiet_zones(false)).expect("a picture of it");
        let columns = picture.width() as usize;
        let linear =
            matches!(symbology, Symbology::Code128 | Symbology::Code39 | Symbology::Codabar | Symbology::Itf);
        let rows = if linear { 1 } else { picture.height() as usize };
        let modules: Vec<bool> = picture.data().iter().take(columns * rows).map(|&p| p < 128).collect();
        Self { symbology, text, columns, rows, modules }
    }

    /// A module is a fifth of a narrow bar, so that wide ones are two and a half as thick. The bars stand upright.
    fn patch(dice: &mut Dice) -> Self {
        let (name, bars) = *dice.pick(&PATCHES);
        let mut modules = Vec::new();
        for (at, bar) in bars.chars().enumerate() {
            modules.extend(std::iter::repeat_n(false, if at == 0 { 0 } else { 4 }));
            modules.extend(std::iter::repeat_n(true, if bar == 'W' { 10 } else { 4 }));
        }
        Self { symbology: Symbology::Patch, text: name.into(), columns: modules.len(), rows: 1, modules }
    }

    pub(crate) const fn is_linear(&self) -> bool {
        self.rows == 1
    }

    pub(crate) fn is_dark(&self, column: usize, row: usize) -> bool {
        self.modules[row * self.columns + column]
    }
}

/// As a patch code turned so far clockwise reads from left to right or from top to bottom: turned on its head it is
/// another.
pub(crate) fn patch_as_it_lies(name: &str, degrees: f32) -> &str {
    // The first bar is at the left at 0°, on top at 90°, at the right at 180°, at the bottom at 270°.
    if !(135.0..315.0).contains(&degrees.rem_euclid(360.0)) {
        return name;
    }
    match name {
        "1" => "6",
        "6" => "1",
        "3" => "T",
        "T" => "3",
        same => same,
    }
}

fn number(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => dice.digits(8),
        1 => format!("M{}", dice.digits(8)),
        2 => format!("A-{}-Z", dice.digits(8)),
        _ => format!("FRM-{}R{}", dice.digits(4), dice.digits(1)),
    }
}

fn sheet(dice: &mut Dice) -> String {
    if dice.often(0.4) {
        return number(dice);
    }
    format!(
        "CS1|GENHOSP.k1|P|GENHOSP|{}|-|LAB|20190402|2|-|20190402T101500Z|{}",
        dice.digits(8),
        dice.digits(20)
    )
}

/// In the manner of AAMVA: some hundred characters.
fn licence(dice: &mut Dice) -> String {
    let family = dice.pick(&["HARRIS", "OKAFOR", "LINDQVIST", "DELGADO", "WU"]);
    format!(
        "@ANSI 636014080002DL00410278ZC03190008DLDAQ{}DCS{family}DACMARIADBB0412{}DAG2570 24TH STREET",
        dice.digits(8),
        1930 + dice.below(80),
    )
}
