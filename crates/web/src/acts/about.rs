//! What is a document, as a clerk says it?

use jiff::civil::Date;
use records::document::{KindCode, Label};
use records::identifier::Identifier;
use records::rules::Rules;

use super::{ActError, House};

/// As it was typed; what is absent stays as it is.
#[derive(Clone, Copy, Default)]
pub struct Said<'a> {
    pub kind: Option<&'a str>,
    /// A day, or first/last.
    pub date: Option<&'a str>,
    pub encounter: Option<&'a str>,
    pub labels: &'a [String],
    pub authority: Option<&'a str>,
}

/// What a document is, understood.
pub struct About {
    pub kind: Option<KindCode>,
    pub service: Option<(Date, Date)>,
    pub encounter: Option<Identifier>,
    pub labels: Vec<Label>,
}

impl About {
    /// # Errors
    /// `UnknownKind`, `NotADate`, `Backwards`, or a number that nobody assigns.
    pub fn of(house: House<'_>, said: Said<'_>) -> Result<Self, ActError> {
        let kind = said.kind.map(|code| KindCode(code.to_owned()));
        if let Some(code) = kind.as_ref().filter(|code| **code != KindCode::unsorted())
            && house.rules.kinds.get(code).is_none()
        {
            return Err(ActError::UnknownKind(code.0.clone()));
        }
        let encounter = said.encounter.map(|typed| house.number(typed, said.authority));
        Ok(Self {
            kind,
            service: said.date.map(days).transpose()?,
            encounter: encounter.transpose()?,
            labels: said.labels.iter().cloned().map(Label).collect(),
        })
    }

    /// Those it had, those its kind brings, those that were named.
    pub fn labels_of(&self, rules: &Rules, kind: &KindCode, before: &[Label]) -> Vec<Label> {
        let by_kind = rules.kinds.get(kind).and_then(|kind| kind.label.clone());
        let mut all: Vec<Label> = Vec::new();
        for label in before.iter().chain(by_kind.iter()).chain(&self.labels) {
            if !all.contains(label) {
                all.push(label.clone());
            }
        }
        all
    }
}

fn days(text: &str) -> Result<(Date, Date), ActError> {
    let (first, last) = text.split_once('/').unwrap_or((text, text));
    let day = |text: &str| text.parse::<Date>().map_err(ActError::NotADate);
    let (first, last) = (day(first)?, day(last)?);
    if last < first {
        return Err(ActError::Backwards);
    }
    Ok((first, last))
}
