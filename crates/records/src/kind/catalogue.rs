//! Which kinds of documents does this site know? `config/kinds.toml`: data, not code.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::document::{KindCode, Label};
use crate::rules::RulesError;

use super::plain;

/// The catalogue of kinds.
#[derive(Clone, Debug)]
pub struct Kinds {
    all: BTreeMap<KindCode, Kind>,
    /// By the code that their barcodes say.
    forms: BTreeMap<String, Form>,
}

/// A form of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    code: String,
    pub kind: KindCode,
    /// Beside the label of its kind.
    #[serde(default)]
    pub label: Option<Label>,
}

/// One kind of document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    pub code: KindCode,
    /// What a clerk reads.
    pub name: String,
    #[serde(default)]
    pub loinc: Option<String>,
    /// Phrases that decide as a title; upper case, single spaces.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Phrases that only suggest; upper case, single spaces.
    #[serde(default)]
    pub cues: Vec<String>,
    pub date: ServiceDate,
    #[serde(default)]
    pub file: Filed,
    #[serde(default)]
    pub label: Option<Label>,
    /// Codes of its forms, as barcodes say them.
    #[serde(default)]
    pub forms: Vec<String>,
    /// May be dated long after the patient's death.
    #[serde(default)]
    pub after_death: bool,
    /// Names nobody by its nature (a photograph, a tracing): filed on a cover sheet whose number of sheets is right.
    #[serde(default)]
    pub witnessless: bool,
}

/// Which of a document's dates is its date of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceDate {
    Admit,
    Arrival,
    Collected,
    Discharge,
    Exam,
    Letter,
    Procedure,
    Scan,
    Service,
    Signed,
    Visit,
}

/// Who files a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Filed {
    #[default]
    Auto,
    /// By itself only under a valid cover sheet.
    Cover,
    /// By a person, always.
    Manual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: Vec<Kind>,
    #[serde(default)]
    form: Vec<Form>,
}

impl Kinds {
    /// The kinds that somebody may mean: the one of this code, else all whose name or title has each of the words, or
    /// begins a word with it.
    pub fn named<'k>(&'k self, said: &str) -> Vec<&'k Kind> {
        if let Some(kind) = self.all.values().find(|kind| kind.code.0.eq_ignore_ascii_case(said.trim())) {
            return vec![kind];
        }
        let said = plain(said);
        let has =
            |phrase: &str| said.split(' ').all(|word| phrase.split(' ').any(|own| own.starts_with(word)));
        let is_meant = |kind: &&Kind| has(&plain(&kind.name)) || kind.titles.iter().any(|title| has(title));
        if said.is_empty() { Vec::new() } else { self.all.values().filter(is_meant).collect() }
    }

    /// # Errors
    /// Where the text is no catalogue, or names a kind or a form twice.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let written: Written = toml::from_str(text).map_err(|error| {
            RulesError::one(format!("kinds.toml cannot be understood: {}", error.message()))
        })?;
        let mut kinds = Self { all: BTreeMap::new(), forms: BTreeMap::new() };
        let mut problems = Vec::new();
        let mut forms = written.form;
        for mut kind in written.kind {
            let code = kind.code.0.clone();
            if kind.code == KindCode::unsorted() {
                problems.push(format!(
                    "kinds.toml: {code} is the kind of what nobody has typed; take another code"
                ));
            }
            let form = |code: &String| Form { code: code.clone(), kind: kind.code.clone(), label: None };
            forms.extend(kind.forms.iter().map(form));
            kind.titles.iter_mut().chain(&mut kind.cues).for_each(|phrase| *phrase = plain(phrase));
            if kinds.all.insert(kind.code.clone(), kind).is_some() {
                problems.push(format!("kinds.toml: kind {code} is there twice; name each once"));
            }
        }
        for form in forms {
            if !kinds.all.contains_key(&form.kind) {
                problems.push(format!(
                    "kinds.toml: form {:?} is of kind {}, which is not there; name one that is",
                    form.code, form.kind.0
                ));
            }
            if let Some(twice) = kinds.forms.insert(form.code.clone(), form) {
                problems
                    .push(format!("kinds.toml: form {:?} is there twice; give it to one kind", twice.code));
            }
        }
        if problems.is_empty() { Ok(kinds) } else { Err(RulesError { problems }) }
    }

    /// The catalogue that comes with the program.
    pub fn built_in() -> Self {
        Self::parse(include_str!("../../../../config/kinds.toml")).expect("the built-in catalogue is tested")
    }

    pub fn get(&self, code: &KindCode) -> Option<&Kind> {
        self.all.get(code)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.all.values()
    }

    /// The form of this code.
    pub fn form(&self, code: &str) -> Option<&Form> {
        self.forms.get(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_knows_what_a_person_files_and_what_is_protected() {
        let kinds = Kinds::built_in();
        let filed = |code: &str| kinds.get(&KindCode(code.into())).map(|kind| kind.file);
        assert!(kinds.iter().count() > 80);
        assert_eq!(filed("LAB"), Some(Filed::Auto));
        assert_eq!(filed("PSYCH"), Some(Filed::Manual));
        assert_eq!(filed("INSCARD"), Some(Filed::Cover));
    }

    #[test]
    fn one_phrase_is_the_title_of_one_kind_only() {
        let kinds = Kinds::built_in();
        let mut titles: Vec<&String> = kinds.iter().flat_map(|kind| &kind.titles).collect();
        titles.sort_unstable();
        let twice: Vec<_> = titles.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn a_form_belongs_to_one_kind() {
        let two = "[[kind]]\ncode='A'\nname='a'\ndate='visit'\nforms=['F1']\n[[kind]]\ncode='B'\nname='b'\ndate='visit'\nforms=['F1']\n";
        assert_eq!(Kinds::parse(two).unwrap_err().problems.len(), 1);
        let nobodys = "[[kind]]\ncode='A'\nname='a'\ndate='visit'\n[[form]]\ncode='F1'\nkind='B'\n";
        assert_eq!(Kinds::parse(nobodys).unwrap_err().problems.len(), 1);
    }
}
