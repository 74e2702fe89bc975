//! How are things named, for ever?
//!
//! Every id here is derived by SHA-256 from what the thing *is*, so that a run that is killed and started
//! again, or a second Chartroom fed the same paper, arrives at the same names. The recipes are fixed: changing
//! one byte renames everything ever filed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// SHA-256 of an original's bytes. Printed as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of bytes already in memory. Streams are hashed by whoever reads them.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl FromStr for Digest {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let wrong = || IdError { what: "digest", text_len: text.len() };
        if text.len() != 64 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| wrong())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// A name that is not one of ours. Says the length only: what was typed may be patient data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {what}: {text_len} characters; copy it from `chartroom documents` or `chartroom worklist`")]
pub struct IdError {
    what: &'static str,
    text_len: usize,
}

/// Lower-case Crockford base 32: no i, l, o, u, so that an id survives being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn base32(bytes: &[u8; 16]) -> String {
    let value = u128::from_be_bytes(*bytes);
    (0..26).rev().map(|i| char::from(ALPHABET[(value >> (i * 5) & 31) as usize])).collect()
}

fn from_base32(text: &str) -> Option<[u8; 16]> {
    if text.len() != 26 || !text.is_ascii() {
        return None;
    }
    let mut value: u128 = 0;
    for (at, c) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|&a| a == c)? as u128;
        if at == 0 && digit > 7 {
            return None; // 26 × 5 = 130 bits: the first digit carries three
        }
        value = value << 5 | digit;
    }
    Some(value.to_be_bytes())
}

/// The first 128 bits of SHA-256 over a tag and the parts, each part fixed in length by the recipe.
fn derive(tag: &str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(tag.as_bytes());
    hash.update([0]);
    parts.iter().for_each(|part| hash.update(part));
    let full: [u8; 32] = hash.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&full[..16]);
    id
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), base32(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix($prefix)
                    .and_then(from_base32)
                    .map(Self)
                    .ok_or(IdError { what: $what, text_len: text.len() })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// One scan job. See [`BatchId::of`].
    BatchId, "b", "batch id"
);
id!(
    /// What is filed in a chart as one thing. See [`DocumentId::of`].
    DocumentId, "d", "document id"
);
id!(
    /// What waits for a person. See [`ExceptionId::of`].
    ExceptionId, "x", "exception id"
);
id!(
    /// A question about a filed document. See [`DoubtId::of`].
    DoubtId, "q", "doubt id"
);
id!(
    /// One file that came, at one time: random, drawn by the archive.
    ArrivalId, "a", "arrival id"
);
id!(
    /// One life of a catalogue: random, drawn when it is created and anew when it is restored.
    Epoch, "e", "epoch"
);

impl BatchId {
    /// Hash of the ordered digests of the originals and how often the same job came before (0 the first time).
    pub fn of(originals: &[Digest], occurrence: u32) -> Self {
        let count =
            u32::try_from(originals.len()).expect("a batch has fewer than 2^32 originals").to_be_bytes();
        let occurrence = occurrence.to_be_bytes();
        let mut parts: Vec<&[u8]> = vec![&count];
        parts.extend(originals.iter().map(|digest| digest.0.as_slice()));
        parts.push(&occurrence);
        Self(derive("chartroom/batch/1", &parts))
    }
}

/// Which writing of a first page this is: the line writes the first, every act of a clerk takes the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issue {
    /// Issue 0, written by the line: the same in every run and on every machine.
    Line,
    /// Issue n > 0, written by a named act: bound to the catalogue's epoch, so that a restored catalogue
    /// never gives an id that once meant other pages or another patient.
    Act(u32, Epoch),
}

impl Issue {
    fn parts(self) -> Vec<u8> {
        match self {
            Self::Line => 0_u32.to_be_bytes().to_vec(),
            Self::Act(number, epoch) => [number.to_be_bytes().as_slice(), epoch.0.as_slice()].concat(),
        }
    }
}

impl DocumentId {
    /// Hash of batch, first page, issue and (for acts) the catalogue's epoch.
    pub fn of(batch: BatchId, first: PageNumber, issue: Issue) -> Self {
        Self(derive("chartroom/document/1", &[&batch.0, &first.0.to_be_bytes(), &issue.parts()]))
    }
}

impl ExceptionId {
    /// As [`DocumentId::of`]; an exception about a whole original that has no pages takes page 0.
    pub fn of(batch: BatchId, first: PageNumber, issue: Issue) -> Self {
        Self(derive("chartroom/exception/1", &[&batch.0, &first.0.to_be_bytes(), &issue.parts()]))
    }
}

impl DoubtId {
    /// Hash of the document, how many doubts about it came before, and the catalogue's epoch.
    pub fn of(document: DocumentId, earlier: u32, epoch: Epoch) -> Self {
        Self(derive("chartroom/doubt/1", &[&document.0, &earlier.to_be_bytes(), &epoch.0]))
    }
}

/// A page's number in its batch, from 1, counted through all originals in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageNumber(pub u32);

impl fmt::Display for PageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One page anywhere: documents are ordered lists of these, from any batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PageRef {
    pub batch: BatchId,
    pub page: PageNumber,
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipes_of_ids_never_change() {
        let batch = BatchId::of(&[Digest::of(b"one"), Digest::of(b"two")], 0);
        let document = DocumentId::of(batch, PageNumber(1), Issue::Line);
        let exception = ExceptionId::of(batch, PageNumber(1), Issue::Line);
        let act = DocumentId::of(batch, PageNumber(1), Issue::Act(1, Epoch([7; 16])));
        let doubt = DoubtId::of(document, 0, Epoch([7; 16]));
        assert_eq!(
            [
                batch.to_string(),
                document.to_string(),
                exception.to_string(),
                act.to_string(),
                doubt.to_string()
            ],
            [
                "b076smkgvyassby0gyxvrjbkwfh",
                "d5x311ce6e92qhxeg50hv3cqjqk",
                "x0v40xfjy92j16ax0yp8axm05ve",
                "d2f922e2s4vrp9kqrc09afp4r57",
                "q4n3myjpgpmxr2h5js490hzhas6"
            ]
        );
    }

    #[test]
    fn an_id_reads_back_as_itself_and_as_nothing_else() {
        let batch = BatchId::of(&[Digest::of(b"one")], 3);
        assert_eq!(batch.to_string().parse(), Ok(batch));
        assert!(batch.to_string().parse::<DocumentId>().is_err());
        assert!("b".parse::<BatchId>().is_err());
        assert!(format!("b{}", "z".repeat(26)).parse::<BatchId>().is_err(), "more than 128 bits");
    }

    #[test]
    fn the_same_job_come_again_is_another_batch() {
        let digests = [Digest::of(b"one")];
        assert_ne!(BatchId::of(&digests, 0), BatchId::of(&digests, 1));
    }
}
