//! What does this site demand before a document files itself?

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::check_digit::CheckDigit;
use crate::identifier::AuthorityId;
use crate::kind::Kinds;
use crate::name::Nicknames;

/// What was written about identity, kinds and names, understood once.
#[derive(Clone, Debug)]
pub struct Rules {
    pub identity: Identity,
    pub authorities: Vec<Authority>,
    pub kinds: Kinds,
    pub nicknames: Nicknames,
}

impl Rules {
    /// # Errors
    /// All faults of the settings, together.
    pub fn new(
        identity: Identity,
        authorities: Vec<AuthoritySettings>,
        kinds: Kinds,
        nicknames: Nicknames,
    ) -> Result<Self, RulesError> {
        let mut problems = Vec::new();
        let mut compiled: Vec<Authority> = Vec::new();
        for settings in authorities {
            if compiled.iter().any(|other| other.id.0 == settings.name) {
                problems.push(format!("authority {:?} is there twice; name each once", settings.name));
            }
            match Authority::new(settings) {
                Ok(authority) => compiled.push(authority),
                Err(problem) => problems.push(problem),
            }
        }
        if !(0.0..=100.0).contains(&identity.min_confidence) {
            problems.push("identity.min_confidence must lie between 0 and 100".to_owned());
        }
        if problems.is_empty() {
            Ok(Self { identity, authorities: compiled, kinds, nicknames })
        } else {
            Err(RulesError { problems })
        }
    }

    /// From the texts of `kinds.toml` and `nicknames.toml`; what the site has none of is the built-in one.
    ///
    /// # Errors
    /// As [`Rules::new`], and where a text cannot be understood.
    pub fn from_config(
        identity: Identity,
        authorities: Vec<AuthoritySettings>,
        kinds: Option<&str>,
        nicknames: Option<&str>,
    ) -> Result<Self, RulesError> {
        let kinds = kinds.map_or_else(|| Ok(Kinds::built_in()), Kinds::parse);
        let nicknames = nicknames.map_or_else(|| Ok(Nicknames::built_in()), Nicknames::parse);
        match (kinds, nicknames) {
            (Ok(kinds), Ok(nicknames)) => Self::new(identity, authorities, kinds, nicknames),
            (kinds, nicknames) => {
                let problems = [kinds.err(), nicknames.err()].into_iter().flatten().flat_map(|e| e.problems);
                Err(RulesError { problems: problems.collect() })
            }
        }
    }

    /// The configured authorities; none means that the patient index says who assigns numbers.
    pub fn authority_ids(&self) -> Vec<AuthorityId> {
        self.authorities.iter().map(|authority| authority.id.clone()).collect()
    }
}

/// What was written cannot be meant. The problems name settings, never patients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("; "))]
pub struct RulesError {
    pub problems: Vec<String>,
}

impl RulesError {
    pub(crate) fn one(problem: String) -> Self {
        Self { problems: vec![problem] }
    }
}

/// Who assigns numbers, and what they look like.
#[derive(Clone, Debug)]
pub struct Authority {
    pub id: AuthorityId,
    /// Anchored at both ends; none: any number the patient index holds.
    pub shape: Option<Regex>,
    pub check_digit: CheckDigit,
}

impl Authority {
    fn new(settings: AuthoritySettings) -> Result<Self, String> {
        let of = |what: &str| format!("authority {:?}: {what}", settings.name);
        if settings.name.trim().is_empty() {
            return Err("an authority has no name; name it as the patient list does".to_owned());
        }
        let compile = |shape: &String| Regex::new(&format!("^(?:{shape})$"));
        let shape = settings.shape.as_ref().map(compile).transpose();
        let shape = shape.map_err(|_| of("shape is not a regular expression"))?;
        let check_digit = settings.check_digit.as_deref().map_or(Ok(CheckDigit::None), str::parse);
        let check_digit = check_digit.map_err(|problem: String| of(&problem))?;
        Ok(Self { id: AuthorityId(settings.name), shape, check_digit })
    }

    /// Whether a canonical value has the authority's shape; false where no shape is configured.
    pub fn fits(&self, value: &str) -> bool {
        self.shape.as_ref().is_some_and(|shape| shape.is_match(value))
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn authority(name: &str, shape: Option<&str>, check: Option<&str>) -> AuthoritySettings {
        AuthoritySettings {
            name: name.into(),
            shape: shape.map(Into::into),
            check_digit: check.map(Into::into),
        }
    }

    #[test]
    fn a_shape_fits_whole_numbers_only() {
        let written = vec![authority("GENHOSP", Some("[0-9]{8}"), None)];
        let rules = Rules::from_config(Identity::default(), written, None, None).unwrap();
        assert!(rules.authorities[0].fits("00123456"));
        assert!(!rules.authorities[0].fits("001234567"));
        assert!(!rules.authorities[0].fits("A00123456"));
    }

    #[test]
    fn all_faults_of_the_settings_are_told_together() {
        let written = vec![authority("A", Some("("), None), authority("B", None, Some("mod97"))];
        let error = Rules::from_config(Identity::default(), written, None, None).unwrap_err();
        assert_eq!(error.problems.len(), 2);
        let error = Rules::from_config(Identity::default(), Vec::new(), Some("kind = 3"), Some("groups = 1"));
        assert_eq!(error.unwrap_err().problems.len(), 2);
    }
}
