//! What do the site's own barcodes say?
//!
//! A shape is a regular expression over the whole text of a symbol. Its named groups say what they hold: `mrn`,
//! `visit`, `account`, `form`.

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::identifier::{AuthorityId, IdentifierKind};
use crate::reading::Symbology;

/// `[[barcode]]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarcodeSettings {
    /// Regular expression of the whole text. A HIBC provider symbol is matched without its check character.
    pub shape: String,
    /// Whose numbers they are; absent: whose shape they have.
    #[serde(default)]
    pub authority: Option<String>,
    /// Which symbols may say it; absent: all but Codabar and Interleaved 2 of 5, which are read in part too easily.
    #[serde(default)]
    pub symbologies: Option<Vec<Symbology>>,
}

/// A site's barcode, understood.
#[derive(Clone, Debug)]
pub struct SiteBarcode {
    shape: Regex,
    authority: Option<AuthorityId>,
    symbologies: Option<Vec<Symbology>>,
}

/// What a symbol of the site says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload<'t> {
    pub numbers: Vec<(IdentifierKind, &'t str)>,
    pub form: Option<&'t str>,
    pub authority: Option<AuthorityId>,
}

/// Read in part without anybody noticing.
pub(crate) const fn is_partial(symbology: Symbology) -> bool {
    matches!(symbology, Symbology::Itf | Symbology::Codabar)
}

impl SiteBarcode {
    pub(super) fn new(settings: BarcodeSettings) -> Result<Self, String> {
        const GROUPS: [&str; 4] = ["mrn", "visit", "account", "form"];
        let of = |what: &str| format!("barcode {:?}: {what}", settings.shape);
        let shape = Regex::new(&format!("^(?:{})$", settings.shape));
        let shape = shape.map_err(|_| of("shape is not a regular expression"))?;
        let names: Vec<&str> = shape.capture_names().flatten().collect();
        if names.is_empty() || names.iter().any(|name| !GROUPS.contains(name)) {
            return Err(of(
                "name what it holds: groups may be (?<mrn>…), (?<visit>…), (?<account>…), (?<form>…)",
            ));
        }
        let partial = settings.symbologies.iter().flatten().any(|symbology| is_partial(*symbology));
        let prefixed = settings.shape.starts_with(|c: char| c.is_ascii_alphanumeric());
        if partial && (!prefixed || settings.shape.contains('|')) {
            return Err(of("itf and codabar are read in part; begin the shape with a fixed character"));
        }
        let authority = settings.authority.map(AuthorityId);
        Ok(Self { shape, authority, symbologies: settings.symbologies })
    }

    /// What the text of a symbol says, where it has this shape.
    pub fn read<'t>(&self, text: &'t str, symbology: Symbology) -> Option<Payload<'t>> {
        let allowed =
            self.symbologies.as_ref().map_or(!is_partial(symbology), |these| these.contains(&symbology));
        let found = self.shape.captures(text).filter(|_| allowed)?;
        let group = |name: &str| found.name(name).map(|group| group.as_str());
        let kinds = [
            (IdentifierKind::Mrn, "mrn"),
            (IdentifierKind::Visit, "visit"),
            (IdentifierKind::Account, "account"),
        ];
        let numbers = kinds.into_iter().filter_map(|(kind, name)| group(name).map(|value| (kind, value)));
        Some(Payload { numbers: numbers.collect(), form: group("form"), authority: self.authority.clone() })
    }

    /// Longer shapes are tried first: they say more.
    pub(super) fn length(&self) -> usize {
        self.shape.as_str().len()
    }

    pub(super) const fn authority(&self) -> Option<&AuthorityId> {
        self.authority.as_ref()
    }
}
