//! Which codes are asked for?

use std::fmt;

use super::CodeSystem;

/// A code as a clerk types it, `E11.9` or `e119`, or all that begin alike: `E11*`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodePattern {
    key: String,
    prefix: bool,
}

/// Longest code there is, an NDC, in characters.
const LONGEST: usize = 14;

impl CodePattern {
    /// `None`: no code is written like this.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (code, prefix) = text.strip_suffix('*').map_or((text, false), |code| (code, true));
        let key = key(code.strip_suffix('-').unwrap_or(code));
        let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let long = (1..=LONGEST).contains(&key.len());
        let whole = prefix || (key.len() >= 3 && key.bytes().any(|b| b.is_ascii_digit()));
        (plain && long && whole && key.starts_with(|c: char| c.is_ascii_alphanumeric()))
            .then_some(Self { key, prefix })
    }

    /// A code among words: as [`Self::parse`], but only what can hardly be anything else: `E11*`, `E11.9`, `J1100`.
    pub fn in_text(word: &str) -> Option<Self> {
        let pattern = Self::parse(word)?;
        let bytes = pattern.key.as_bytes();
        let stem = bytes[0].is_ascii_alphabetic() && bytes.get(1).is_some_and(u8::is_ascii_digit);
        stem.then_some(pattern)
    }

    /// A code of a table and all codes below it.
    pub fn below(code: &str) -> Self {
        Self { key: key(code), prefix: true }
    }

    /// Lower case, without a point.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether codes that begin like this are meant, too.
    pub const fn is_prefix(&self) -> bool {
        self.prefix
    }

    /// Whether this is such a code.
    pub fn matches(&self, code: &str) -> bool {
        let code = key(code);
        if self.prefix { code.starts_with(&self.key) } else { code == self.key }
    }
}

/// As it is published where that is clear: `E11.9`, `E11*`.
impl fmt::Display for CodePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let upper = self.key.to_uppercase();
        let bytes = upper.as_bytes();
        let hcpcs = bytes.len() == 5 && bytes[1..].iter().all(u8::is_ascii_digit);
        let icd = bytes[0].is_ascii_alphabetic() && bytes.len() <= 7 && !upper.contains('-');
        let shown = if icd && !hcpcs { CodeSystem::Icd10Cm.written(&upper) } else { upper };
        write!(f, "{shown}{}", if self.prefix { "*" } else { "" })
    }
}

impl fmt::Debug for CodePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodePattern(…)")
    }
}

/// The form in which codes are compared and indexed.
pub(super) fn key(code: &str) -> String {
    code.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect()
}
