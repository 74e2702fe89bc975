//! What is an identifier? Value, assigning authority and type together; never a bare string.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who assigns numbers: the namespace of PID-3.4.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthorityId(pub String);

impl fmt::Display for AuthorityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// HL7 table 0203, as far as charts need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum IdentifierKind {
    /// Medical record number.
    #[serde(rename = "MR")]
    Mrn,
    /// Account number: names a visit, and through it a patient.
    #[serde(rename = "AN")]
    Account,
    /// Visit number.
    #[serde(rename = "VN")]
    Visit,
}

impl IdentifierKind {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mrn => "MR",
            Self::Account => "AN",
            Self::Visit => "VN",
        }
    }
}

/// One number of one authority. The value is as printed: leading zeros kept, upper case, no inner spaces.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    pub value: String,
    pub authority: AuthorityId,
    pub kind: IdentifierKind,
}

impl Identifier {
    pub fn mrn(authority: &AuthorityId, value: &str) -> Self {
        Self { value: canonical(value), authority: authority.clone(), kind: IdentifierKind::Mrn }
    }
}

/// Never shows the number: identifiers are patient data and `Debug` ends up in logs.
impl fmt::Debug for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}, …)", self.kind.code(), self.authority)
    }
}

/// The form in which numbers are compared: upper case, without white space and hyphens.
/// (Terminal-digit folders print `12-34-56` for 123456.)
pub fn canonical(value: &str) -> String {
    value.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}
