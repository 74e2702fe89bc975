//! Who assigns numbers, and what do they look like?

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::check_digit::CheckDigit;
use crate::identifier::AuthorityId;
use crate::kind::plain;

/// `[[authority]]` of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthoritySettings {
    pub name: String,
    /// Fully anchored regular expression; absent: any number the patient index holds.
    #[serde(default)]
    pub shape: Option<String>,
    /// In place of a shape: so many characters, `prefix` among them, the rest digits.
    #[serde(default)]
    pub width: Option<usize>,
    #[serde(default)]
    pub prefix: Option<String>,
    /// Whether paper prints numbers without their leading zeros: they are given back, up to `width`.
    #[serde(default)]
    pub pad: bool,
    /// `none`, `luhn`, `m10`, `m11`, `nhs`, `nhi`, `bc-phn`, `chi`, `ontario`.
    #[serde(default)]
    pub check_digit: Option<String>,
    /// Names of its houses as they are printed: "General Hospital MRN: …" is a number of its own.
    #[serde(default)]
    pub facilities: Vec<String>,
}

/// Settings, understood.
#[derive(Clone, Debug)]
pub struct Authority {
    pub id: AuthorityId,
    /// Anchored at both ends; none: any number the patient index holds.
    pub shape: Option<Regex>,
    pub check_digit: CheckDigit,
    /// Prefix and width to which a number that was printed shorter is filled up with zeros.
    pad: Option<(String, usize)>,
    /// As [`plain`] writes them.
    facilities: Vec<String>,
}

impl Authority {
    pub(super) fn new(settings: AuthoritySettings) -> Result<Self, String> {
        let of = |what: &str| format!("authority {:?}: {what}", settings.name);
        if settings.name.trim().is_empty() {
            return Err("an authority has no name; name it as the patient list does".to_owned());
        }
        let prefix = settings.prefix.clone().unwrap_or_default().to_uppercase();
        let written = match (&settings.shape, settings.width) {
            (Some(_), Some(_)) => {
                return Err(of("shape and width are there; say what the numbers look like once"));
            }
            (shape, None) if settings.prefix.is_some() || settings.pad => {
                let what = if shape.is_some() { "in place of the shape" } else { "as well" };
                return Err(of(&format!("prefix and pad go with width; give the width {what}")));
            }
            (shape, None) => shape.clone(),
            (None, Some(width)) => {
                let digits = width.checked_sub(prefix.chars().count()).filter(|digits| *digits > 0);
                let digits = digits.ok_or_else(|| of("width leaves no digit behind the prefix"))?;
                Some(format!("{}[0-9]{{{digits}}}", regex::escape(&prefix)))
            }
        };
        let compile = |shape: &String| Regex::new(&format!("^(?:{shape})$"));
        let shape = written.as_ref().map(compile).transpose();
        let shape = shape.map_err(|_| of("shape is not a regular expression"))?;
        let check_digit = settings.check_digit.as_deref().map_or(Ok(CheckDigit::None), str::parse);
        let check_digit = check_digit.map_err(|problem: String| of(&problem))?;
        let pad = settings.width.filter(|_| settings.pad).map(|width| (prefix, width));
        let facilities = settings.facilities.iter().map(|name| plain(name)).collect();
        Ok(Self { id: AuthorityId(settings.name), shape, check_digit, pad, facilities })
    }

    /// Whether a canonical value has the authority's shape; false where no shape is configured.
    pub fn fits(&self, value: &str) -> bool {
        self.shape.as_ref().is_some_and(|shape| shape.is_match(value))
    }

    /// The one way this authority's number is written: without a version, and with the leading zeros that paper
    /// leaves out, where the site says that it does.
    pub fn canonical(&self, value: &str) -> String {
        let value = crate::identifier::canonical(value);
        let value = self.check_digit.without_version(&value);
        let Some((prefix, width)) = &self.pad else { return value.to_owned() };
        let digits = value.strip_prefix(prefix.as_str());
        match digits.filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())) {
            Some(digits) => {
                let width = width.saturating_sub(prefix.chars().count());
                format!("{prefix}{digits:0>width$}")
            }
            None => value.to_owned(),
        }
    }

    /// Whether these words, written [`plain`], are the authority's own name or that of one of its houses.
    pub fn is_named(&self, words: &str) -> bool {
        plain(&self.id.0) == words || self.facilities.iter().any(|name| name == words)
    }
}
