//! Which given names stand for each other? `config/nicknames.toml`: data, not code.

use std::collections::HashMap;

use serde::Deserialize;

use crate::rules::RulesError;

use super::key;

/// Groups of given names. Two names agree if a group holds both; what each agrees with a third says nothing
/// (PAT is Patrick or Patricia).
#[derive(Clone, Debug, Default)]
pub struct Nicknames {
    groups_of: HashMap<String, Vec<usize>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    groups: Vec<Vec<String>>,
}

impl Nicknames {
    /// # Errors
    /// Where the text is no list of groups.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let written: Written = toml::from_str(text).map_err(|error| {
            RulesError::one(format!("nicknames.toml cannot be understood: {}", error.message()))
        })?;
        let mut groups_of: HashMap<String, Vec<usize>> = HashMap::new();
        for (group, names) in written.groups.iter().enumerate() {
            for name in names {
                groups_of.entry(key(name)).or_default().push(group);
            }
        }
        Ok(Self { groups_of })
    }

    /// The table that comes with the program.
    pub fn built_in() -> Self {
        Self::parse(include_str!("../../../../config/nicknames.toml")).expect("the built-in table is tested")
    }

    /// Whether one may stand for the other. Takes keys ([`key`]).
    pub fn agree(&self, a: &str, b: &str) -> bool {
        match (self.groups_of.get(a), self.groups_of.get(b)) {
            (Some(a), Some(b)) => a.iter().any(|group| b.contains(group)),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bill_is_william_but_patrick_is_not_patricia() {
        let names = Nicknames::built_in();
        assert!(
            names.agree("BILL", "WILLIAM") && names.agree("PAT", "PATRICK") && names.agree("PAT", "PATRICIA")
        );
        assert!(!names.agree("PATRICK", "PATRICIA"));
        assert!(!names.agree("DANIEL", "DANIELLE") && !names.agree("ROBERT", "ROBERTA"));
    }
}
