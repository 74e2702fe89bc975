//! What was written in the configuration ([`ConfigFile`]), and what it means ([`Config`]).

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use pipeline::settings::{Intake, Station};
use records::identifier::AuthorityId;
use records::rules::{AuthoritySettings, BarcodeSettings, Identity};
use records::sheet::SheetKey;
use serde::{Deserialize, Serialize};

use crate::alarms::Alarms;
use crate::code_tables::CodeFiles;
use crate::logs::Log;

/// Defaults ← file ← `CHARTROOM_…` environment. Every key is shown in `config/chartroom.toml`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ConfigFile {
    #[serde(rename = "station")]
    stations: Vec<Station>,
    intake: Intake,
    identity: Identity,
    #[serde(rename = "authority")]
    authorities: Vec<AuthoritySettings>,
    #[serde(rename = "barcode")]
    barcodes: Vec<BarcodeSettings>,
    patients: Patients,
    sheets: Sheets,
    readers: readers::Settings,
    backup: Backup,
    web: web::Settings,
    alarms: Alarms,
    log: Log,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Patients {
    /// Watched for CSV files; none: no watching.
    pub(crate) folder: Option<PathBuf>,
    /// Whether a file in it is the whole index or changes only.
    pub(crate) full: bool,
    /// Lists that are stale by a measure of their own.
    #[serde(rename = "source")]
    pub(crate) sources: Vec<PatientSource>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatientSource {
    /// As `patients import --source` names it.
    pub(crate) name: String,
    /// 0: never.
    pub(crate) stale_after_hours: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sheets {
    pub(crate) site: String,
    pub(crate) keys: Option<PathBuf>,
}

impl Default for Sheets {
    fn default() -> Self {
        Self { site: "SITE".into(), keys: None }
    }
}

/// `[backup]`: how what is kept is watched over.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Backup {
    /// Every original is hashed again in the background within so many days; 0: never.
    pub(crate) rehash_days: u32,
    /// Days a file stays in `taken/` once a verified backup holds it; 0: for ever.
    pub(crate) keep_taken_days: u32,
}

impl Default for Backup {
    fn default() -> Self {
        Self { rehash_days: 30, keep_taken_days: 0 }
    }
}

/// What the configuration means: paths are absolute, rules are compiled, problems are gone.
pub(crate) struct Config {
    pub(crate) stations: Vec<Station>,
    pub(crate) intake: Intake,
    pub(crate) rules: records::rules::Rules,
    pub(crate) vocabulary: search::Vocabulary,
    pub(crate) codes: CodeFiles,
    pub(crate) patients: Patients,
    pub(crate) site: String,
    /// Keys from a file; none: the data directory's own.
    pub(crate) sheet_keys: Option<Vec<SheetKey>>,
    /// The files all this was read from: what a backup holds beside the archive.
    pub(crate) files: Vec<PathBuf>,
    /// The folder they count from.
    pub(crate) home: PathBuf,
    pub(crate) backup: Backup,
    pub(crate) readers: readers::Settings,
    pub(crate) web: web::Settings,
    pub(crate) alarms: Alarms,
    pub(crate) log: Log,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    key: Vec<SheetKey>,
}

impl Config {
    /// Who assigns numbers, where the configuration names exactly one.
    pub(crate) fn only_authority(&self) -> Option<AuthorityId> {
        <[AuthorityId; 1]>::try_from(self.rules.authority_ids()).ok().map(|[only]| only)
    }

    /// What counts where nothing is configured; paths would count from the folder.
    pub(crate) fn defaults(base: &Path) -> anyhow::Result<Self> {
        ConfigFile::default().mean(base)
    }

    /// Reads the named file, or the first that is there of `chartroom.toml` and `config/chartroom.toml`, or
    /// takes the defaults.
    pub(crate) fn load(named: Option<&Path>) -> anyhow::Result<Self> {
        let found = match named {
            Some(path) => Some(path.to_path_buf()),
            None => ["chartroom.toml", "config/chartroom.toml"]
                .map(PathBuf::from)
                .into_iter()
                .find(|p| p.exists()),
        };
        let (text, base) = match &found {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read the configuration {}", path.display()))?;
                let path = std::path::absolute(path)?;
                (text, path.parent().unwrap_or(Path::new("/")).to_path_buf())
            }
            None => (String::new(), std::env::current_dir()?),
        };
        let shown = found.as_deref().unwrap_or(Path::new("the defaults")).display().to_string();
        let mut table: toml::Table = text.parse().with_context(|| format!("{shown} is not valid TOML"))?;
        apply_environment(&mut table, std::env::vars());
        let file: ConfigFile = table.try_into().with_context(|| format!("{shown} cannot be understood"))?;
        let mut config = file.mean(&base).with_context(|| format!("{shown} cannot be used"))?;
        config.files.extend(found.map(std::path::absolute).transpose()?);
        Ok(config)
    }
}

impl ConfigFile {
    /// Resolves and checks everything; all problems are reported together.
    fn mean(self, base: &Path) -> anyhow::Result<Config> {
        let mut problems: Vec<String> = self.stations.iter().flat_map(Station::problems).collect();
        problems.extend(self.web.problems());
        for (at, station) in self.stations.iter().enumerate() {
            if self.stations[..at].iter().any(|other| other.name == station.name) {
                problems.push(format!(
                    "station {:?} is there twice; every station needs a name of its own",
                    station.name
                ));
            }
        }
        let other_languages = self.stations.iter().filter_map(|station| station.languages.clone()).collect();
        let stations = self
            .stations
            .into_iter()
            .map(|station| Station { folder: base.join(&station.folder), ..station })
            .collect();
        let beside = |name: &str| std::fs::read_to_string(base.join(name)).ok();
        let rules = records::rules::Rules::from_config(
            self.identity,
            self.authorities,
            beside("kinds.toml").as_deref(),
            beside("nicknames.toml").as_deref(),
        );
        let rules = match rules.and_then(|rules| rules.with_barcodes(self.barcodes)) {
            Ok(rules) => Some(rules),
            Err(error) => {
                problems.push(error.to_string());
                None
            }
        };
        let vocabulary = search::Vocabulary::default();
        let vocabulary = match vocabulary.with(&beside("vocabulary.tsv").unwrap_or_default()) {
            Ok(vocabulary) => Some(vocabulary),
            Err(error) => {
                problems.push(format!("vocabulary.tsv, {error}"));
                None
            }
        };
        let (codes, unknown) = CodeFiles::beside(base);
        problems.extend(unknown);
        let sheet_keys = match self.sheets.keys.as_ref().map(|keys| read_keys(&base.join(keys))).transpose() {
            Ok(keys) => keys,
            Err(error) => {
                problems.push(format!("{error:#}"));
                None
            }
        };
        let data = ["kinds.toml", "nicknames.toml", "vocabulary.tsv"].map(|name| base.join(name));
        let files = data.into_iter().chain(self.sheets.keys.map(|keys| base.join(keys))).chain(codes.paths());
        let files = files.filter(|file| file.exists()).collect();
        match (rules, vocabulary) {
            (Some(rules), Some(vocabulary)) if problems.is_empty() => Ok(Config {
                stations,
                intake: self.intake,
                rules,
                vocabulary,
                codes,
                patients: Patients { folder: self.patients.folder.map(|f| base.join(f)), ..self.patients },
                site: self.sheets.site,
                sheet_keys,
                readers: readers::Settings {
                    other_languages,
                    tessdata: self.readers.tessdata.map(|folder| base.join(folder)),
                    ..self.readers
                },
                files,
                home: base.to_owned(),
                backup: self.backup,
                web: web::Settings {
                    certificate: self.web.certificate.map(|file| base.join(file)),
                    key: self.web.key.map(|file| base.join(file)),
                    ..self.web
                },
                alarms: self.alarms,
                log: Log { file: self.log.file.map(|file| base.join(file)), ..self.log },
            }),
            _ => bail!("{}", problems.join("\n  ")),
        }
    }
}

fn read_keys(path: &Path) -> anyhow::Result<Vec<SheetKey>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the sheet keys {}", path.display()))?;
    let file: KeyFile = toml::from_str(&text)
        .with_context(|| format!("the sheet keys {} cannot be understood", path.display()))?;
    Ok(file.key)
}

/// `CHARTROOM_READERS_JOBS=4` is `[readers] jobs = 4`. What is no TOML value is taken as a string.
fn apply_environment(table: &mut toml::Table, variables: impl Iterator<Item = (String, String)>) {
    const SECTIONS: [&str; 9] =
        ["intake", "identity", "patients", "sheets", "readers", "backup", "web", "alarms", "log"];
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix("CHARTROOM_") else { continue };
        let rest = rest.to_lowercase();
        let Some((section, key)) = rest.split_once('_') else { continue };
        if !SECTIONS.contains(&section) {
            continue;
        }
        let parsed = format!("v = {value}").parse::<toml::Table>().ok().and_then(|mut t| t.remove("v"));
        let entry = table.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        if let toml::Value::Table(section) = entry {
            section.insert(key.into(), parsed.unwrap_or(toml::Value::String(value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(text: &str) -> anyhow::Result<Config> {
        let file: ConfigFile = toml::from_str(text)?;
        file.mean(Path::new("/etc/chartroom"))
    }

    #[test]
    fn the_shipped_file_shows_the_defaults() {
        let shipped: ConfigFile = toml::from_str(include_str!("../../../config/chartroom.toml")).unwrap();
        let shown = toml::to_string(&shipped).unwrap();
        assert_eq!(shown, toml::to_string(&ConfigFile::default()).unwrap());
    }

    #[test]
    fn relative_paths_count_from_the_file() {
        let config = meaning("[[station]]\nname = \"er\"\nfolder = \"in/er\"\n").unwrap();
        assert_eq!(config.stations[0].folder, Path::new("/etc/chartroom/in/er"));
    }

    #[test]
    fn readers_know_the_languages_of_every_station() {
        let station =
            |name: &str, more: &str| format!("[[station]]\nname = \"{name}\"\nfolder = \"{name}\"\n{more}\n");
        let clinic = station("clinic", "languages = \"deu\"");
        let mixed = station("mixed", "languages = \"eng+deu\"");
        let config = meaning(&format!("{clinic}{mixed}{}", station("er", ""))).unwrap();
        assert_eq!(config.readers.language_sets(), ["eng", "deu", "eng+deu"]);
    }

    #[test]
    fn all_problems_are_reported_together() {
        let text = "[[station]]\nname = \"er\"\nfolder = \"a\"\nsides = 3\n\
                    [[station]]\nname = \"er\"\nfolder = \"b\"\nseparation = \"file\"\ngroup = \"folder\"\n";
        let said = meaning(text).err().unwrap().to_string();
        for part in ["sides is 3", "there twice", "separation = \"file\""] {
            assert!(said.contains(part), "{said}");
        }
    }

    #[test]
    fn the_house_s_own_vocabulary_lies_beside_the_file_and_its_faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("vocabulary.tsv");
        std::fs::write(&own, "Mount Carmel clinic\tMCC\n").unwrap();
        let config = ConfigFile::default().mean(folder.path()).unwrap();
        assert_eq!(config.files, std::slice::from_ref(&own), "a backup holds it");
        std::fs::write(&own, "Mount Carmel clinic").unwrap();
        let error = ConfigFile::default().mean(folder.path()).err().unwrap().to_string();
        assert_eq!(error, "vocabulary.tsv, line 1: one form only; the others follow after a tab");
    }

    #[test]
    fn a_key_nobody_knows_is_refused() {
        assert!(meaning("[readers]\njbos = 4\n").is_err());
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let mut table: toml::Table = "[readers]\njobs = 1\n".parse().unwrap();
        let variables =
            [("CHARTROOM_READERS_JOBS", "4"), ("CHARTROOM_SHEETS_SITE", "NORTH"), ("CHARTROOM_DATA", "x")];
        apply_environment(&mut table, variables.map(|(k, v)| (k.into(), v.into())).into_iter());
        assert_eq!(table["readers"]["jobs"].as_integer(), Some(4));
        assert_eq!(table["sheets"]["site"].as_str(), Some("NORTH"));
        assert!(!table.contains_key("data"));
    }
}
