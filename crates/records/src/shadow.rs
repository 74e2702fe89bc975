//! Has a station earned it, for one kind of document, to file by itself? (`domain.md` 2.12, shadow mode)
//!
//! On trial the line proposes and people decide; every decision agrees with the proposal or does not. A document that
//! turns out to lie in the wrong chart disagrees as well, whenever that is found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::document::KindCode;

/// Agreeing decisions since the last that did not, before a supervisor may end the trial.
pub const ENOUGH: u32 = 300;

/// How one kind of document stands at one station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShadowClass {
    pub station: String,
    pub kind: KindCode,
    /// Decisions that agreed, since the last that did not.
    pub agreeing: u32,
    /// Decisions that did not agree, ever.
    pub disagreeing: u32,
    pub last_disagreement: Option<Timestamp>,
    /// Who ended the trial, and when. A later disagreement takes the signature away.
    pub signed: Option<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub by: String,
    pub at: Timestamp,
}

impl ShadowClass {
    /// Whether a supervisor may end the trial.
    pub const fn may_be_signed(&self) -> bool {
        self.agreeing >= ENOUGH && self.signed.is_none()
    }
}
