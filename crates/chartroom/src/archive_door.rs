//! How does a command get at the archive, and as whom?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use archive::Archive;
use pipeline::settings::Station;
use pipeline::{Line, Parts, Site};
use readers::{LanguageSet, Program, Readers};
use records::identifier::{AuthorityId, Identifier};
use records::rights::Viewer;
use records::sheet::SheetKey;
use tracing::warn;
use web::acts::{ActError, House};

use crate::commands::PlaceArguments;
use crate::config::Config;
use crate::scripted_reader;

/// An opened archive and what the configuration says about it.
pub(crate) struct Door {
    pub(crate) config: Config,
    pub(crate) archive: Archive,
    data: PathBuf,
}

impl Door {
    pub(crate) fn open(place: &PlaceArguments) -> anyhow::Result<Self> {
        Self::open_with(place, Config::load(place.config.as_deref())?)
    }

    pub(crate) fn open_with(place: &PlaceArguments, config: Config) -> anyhow::Result<Self> {
        let sources = &config.patients.sources;
        let settings = archive::Settings {
            site: config.site.clone(),
            sources: sources.iter().map(|source| (source.name.clone(), source.stale_after_hours)).collect(),
            ..archive::Settings::default()
        };
        let archive = Archive::open(&place.data, &settings)
            .with_context(|| format!("cannot open the archive in {}", place.data.display()))?;
        Ok(Self { config, archive, data: place.data.clone() })
    }

    /// Where the search index is.
    pub(crate) fn index_folder(&self) -> PathBuf {
        self.data.join("index")
    }

    /// The keys that sign and check control sheets, the printing one first.
    pub(crate) fn sheet_keys(&self) -> anyhow::Result<Vec<SheetKey>> {
        match &self.config.sheet_keys {
            Some(keys) => Ok(keys.clone()),
            None => Ok(self.archive.sheet_keys()?),
        }
    }

    /// What a person's acts are checked against.
    pub(crate) fn house(&self) -> House<'_> {
        House { archive: &self.archive, rules: &self.config.rules }
    }

    /// The number a person typed. Where two authorities assign numbers, it must be said whose it is.
    pub(crate) fn number(&self, mrn: &str, authority: Option<&str>) -> anyhow::Result<Identifier> {
        self.house().number(mrn, authority).map_err(at_the_prompt)
    }

    /// Who was named, else the only one there is.
    pub(crate) fn authority(&self, named: Option<&str>) -> anyhow::Result<AuthorityId> {
        self.house().authority(named).map_err(at_the_prompt)
    }

    /// Becomes the line of this archive, unless another process is it already.
    pub(crate) fn become_line(&self, stations: Vec<Station>) -> anyhow::Result<Option<Line>> {
        let Some(lock) = self.archive.try_become_line()? else { return Ok(None) };
        let readers = start_readers(&self.config.readers)?;
        let site = Site {
            rules: self.config.rules.clone(),
            sheet_keys: self.sheet_keys()?,
            languages: languages_of_stations(&self.config, &readers),
        };
        Ok(Some(Line::start(Parts {
            archive: self.archive.clone(),
            lock,
            readers: Arc::new(readers),
            site,
            index_folder: self.index_folder(),
            codes: Arc::new(self.config.codes.tables()?),
            stations,
            intake: self.config.intake.clone(),
        })))
    }
}

/// Stations that read in other languages than `[readers] languages` says.
fn languages_of_stations(config: &Config, readers: &Readers) -> BTreeMap<String, LanguageSet> {
    let own = config.stations.iter().filter_map(|station| Some((station, station.languages.as_ref()?)));
    let set =
        |named: &str| readers.languages(named).expect("readers are started with every station's languages");
    own.map(|(station, named)| (station.name.clone(), set(named))).collect()
}

/// The reader processes: this program again, by its own path.
pub(crate) fn start_readers(settings: &readers::Settings) -> anyhow::Result<Readers> {
    // The very file that runs, also when another version is installed over it meanwhile.
    let exe = PathBuf::from("/proc/self/exe");
    let exe = exe.read_link().map_or_else(|_| std::env::current_exe(), |_| Ok(exe));
    let exe = exe.context("cannot find this program's own path")?;
    let mut args = vec!["__reader".into()];
    if std::env::var_os(scripted_reader::VARIABLE).is_some() {
        warn!("scripted readers: nothing but test scripts is read");
        args.push("--script".into());
    }
    Readers::start(settings.clone(), Program { exe, args })
        .context("no page reader could be started; `chartroom doctor` says what is missing")
}

/// Why an act was not done, and what to add to the command.
pub(crate) fn at_the_prompt(error: ActError) -> anyhow::Error {
    match error {
        ActError::WhichAuthority(names) => {
            anyhow!("several authorities assign numbers; add --authority with one of {}", names.join(", "))
        }
        other => other.into(),
    }
}

/// Whoever is at the prompt: looking is recorded under the name the system knows.
pub(crate) fn viewer() -> Viewer {
    Viewer {
        name: format!("os:{}", system_user()),
        labels: Default::default(),
        worklist: true,
        emergency: Default::default(),
    }
}

/// The clerk an act is recorded under.
pub(crate) fn clerk(named: Option<&str>) -> String {
    match named {
        Some(name) => format!("clerk:{name}"),
        None => format!("os:{}", system_user()),
    }
}

fn system_user() -> String {
    let uid = rustix::process::getuid().as_raw().to_string();
    let table = std::fs::read_to_string(Path::new("/etc/passwd")).unwrap_or_default();
    let own = table
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|f| f.get(2) == Some(&uid.as_str()));
    own.and_then(|fields| fields.first().map(ToString::to_string)).unwrap_or(uid)
}
