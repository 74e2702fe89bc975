//! What narrows an answer, as a click sends it and as the query language asks for it?

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use records::patient::PatientId;
use records::reading::Legibility;
use search::Query;
use serde::{Deserialize, Serialize};

/// One part of an answer: of what divides it, this.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Narrowing {
    Patient(PatientId),
    /// Code of a type, lower case as the index has it.
    Kind(String),
    Year(i16),
    Station(String),
    /// `filed` or `held`.
    State(String),
    Legibility(Legibility),
    /// Little or no readable text.
    HardToRead,
}

impl Narrowing {
    pub(super) fn query(&self, today: Date) -> Query {
        let field = |name: &str, value: &str| Query::field(name, value, today).unwrap_or_default();
        match self {
            Self::Patient(patient) => Query::chart(*patient),
            Self::Kind(code) => field("type", code),
            Self::Year(year) => field("from", &format!("{year}..{year}")),
            Self::Station(station) => field("station", station),
            Self::State(state) => field("state", state),
            Self::Legibility(legibility) => field("legibility", legibility.word()),
            Self::HardToRead => Query::parse("legibility:none OR legibility:little", today),
        }
    }
}

impl fmt::Display for Narrowing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Patient(patient) => write!(f, "patient={}", patient.0),
            Self::Kind(code) => write!(f, "type={code}"),
            Self::Year(year) => write!(f, "year={year}"),
            Self::Station(station) => write!(f, "station={station}"),
            Self::State(state) => write!(f, "state={state}"),
            Self::Legibility(legibility) => write!(f, "legibility={}", legibility.word()),
            Self::HardToRead => f.write_str("legibility=hard"),
        }
    }
}

impl FromStr for Narrowing {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = "not a part of an answer";
        let (what, value) = text.split_once('=').ok_or(unknown)?;
        Ok(match what {
            "patient" => Self::Patient(PatientId(value.parse().map_err(|_| unknown)?)),
            "type" => Self::Kind(value.to_lowercase()),
            "year" => Self::Year(value.parse().map_err(|_| unknown)?),
            "station" => Self::Station(value.to_lowercase()),
            "state" if ["filed", "held"].contains(&value) => Self::State(value.into()),
            "legibility" if value == "hard" => Self::HardToRead,
            "legibility" => Self::Legibility(Legibility::of_word(value).ok_or(unknown)?),
            _ => return Err(unknown),
        })
    }
}

impl Serialize for Narrowing {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Narrowing {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Never shows what is looked for.
impl fmt::Debug for Narrowing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Narrowing(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_read_as_it_is_written() {
        let patient = "patient=00000000-0000-0000-0000-000000000007";
        for part in [
            patient,
            "type=lab",
            "year=2019",
            "station=er front",
            "state=held",
            "legibility=none",
            "legibility=hard",
        ] {
            assert_eq!(part.parse::<Narrowing>().unwrap().to_string(), part);
        }
        for wrong in ["", "lab", "patient=jane", "state=void", "year=x", "legibility=fair", "label=psych"] {
            assert!(wrong.parse::<Narrowing>().is_err(), "{wrong}");
        }
    }
}
