//! What does this site demand before a document files itself?

use serde::{Deserialize, Serialize};

/// `[identity]` of the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Identity {
    pub mode: Mode,
    pub confirm: Confirm,
    /// Hours after which a patient index without contact counts as out of date.
    pub stale_after_hours: u32,
    /// A number, name or date read as text below this confidence (0 to 100) is no witness.
    pub min_confidence: f32,
}

impl Default for Identity {
    fn default() -> Self {
        Self { mode: Mode::Shadow, confirm: Confirm::Both, stale_after_hours: 168, min_confidence: 60.0 }
    }
}

/// Propose only, or file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    #[default]
    Shadow,
    Auto,
}

/// Which of name and birth date must agree beside a number (`domain.md` 2.12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirm {
    #[default]
    Both,
    Either,
}

/// `[[authority]]` of the configuration: who assigns numbers, and what they look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoritySettings {
    pub name: String,
    /// Fully anchored regular expression; absent: any number the patient index holds.
    #[serde(default)]
    pub shape: Option<String>,
    /// `none`, `luhn`, `m10`, `m11`, `nhs`, `nhi`, `bc-phn`.
    #[serde(default)]
    pub check_digit: Option<String>,
}
