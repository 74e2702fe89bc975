//! When are two names the same name?

use std::fmt;

use serde::{Deserialize, Serialize};

mod likeness;
mod nickname;
mod parse;

pub use likeness::{Likeness, Order, confusions};
pub use nickname::Nicknames;
pub(crate) use parse::is_particle;
pub use parse::{Placeholder, parse};

/// A person's name in its parts, as written.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PersonName {
    pub family: String,
    pub given: String,
    #[serde(default)]
    pub middle: String,
    /// Jr, Sr, III …
    #[serde(default)]
    pub suffix: String,
}

impl PersonName {
    /// "DOE, JANE Q": how charts and lists show a name.
    pub fn filed(&self) -> String {
        let mut name = format!("{}, {}", self.family, self.given).to_uppercase();
        for part in [&self.middle, &self.suffix] {
            if !part.is_empty() {
                name.push(' ');
                name.push_str(&part.to_uppercase());
            }
        }
        name
    }
}

/// Never shows the name: `Debug` ends up in logs.
impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// The key under which the catalogue finds namesakes: NFKD, letters only, upper case.
pub fn key(part: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    part.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// How a name sounds, as lists of names are searched (NYSIIS). Of a [`key`]; empty where it has no letters.
pub fn sound(key: &str) -> String {
    use rphonetic::Encoder as _;
    rphonetic::Nysiis::default().encode(key)
}
