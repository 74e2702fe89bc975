//! Which published tables of codes does this house have?
//!
//! They lie in `codes/` beside the configuration, as they were downloaded and unpacked. Their names are looked at when
//! the configuration is; they are read only by who needs them: commands start often, and the files are large.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use records::codes::{CodeTables, CodesError, Descriptions, Release};

/// The folder beside the configuration.
const FOLDER: &str = "codes";

/// The files that are there, by what their names say.
#[derive(Clone, Debug, Default)]
pub(crate) struct CodeFiles {
    folder: PathBuf,
    releases: Vec<Release>,
}

impl CodeFiles {
    /// The files beside a configuration; names that say nothing are problems. No folder: no tables.
    pub(crate) fn beside(base: &Path) -> (Self, Vec<String>) {
        let folder = base.join(FOLDER);
        let mut files = Self { folder, releases: Vec::new() };
        let listed = match std::fs::read_dir(&files.folder) {
            Ok(listed) => listed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (files, Vec::new()),
            Err(error) => return (files, vec![format!("the folder {FOLDER} cannot be read: {error}")]),
        };
        let mut problems = Vec::new();
        for file in listed.filter_map(Result::ok) {
            let name = file.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name.to_lowercase().ends_with(".md") {
                continue;
            }
            match Release::of(&name) {
                Ok(release) => files.releases.push(release),
                Err(problem) => problems.push(said(&problem)),
            }
        }
        files.releases.sort_by(|a, b| a.file.cmp(&b.file));
        problems.sort();
        (files, problems)
    }

    /// Where the files are, for a backup.
    pub(crate) fn paths(&self) -> impl Iterator<Item = PathBuf> + '_ {
        self.releases.iter().map(|release| self.folder.join(&release.file))
    }

    /// All codes with the days on which they were valid.
    ///
    /// # Errors
    /// Names every file that cannot be read or understood, with its line.
    pub(crate) fn tables(&self) -> anyhow::Result<CodeTables> {
        let texts = self.releases.iter().map(|release| self.text(release)).collect::<Result<Vec<_>, _>>()?;
        let files = self.releases.iter().cloned().zip(texts.iter().map(String::as_str)).collect();
        CodeTables::of(files).or_else(|problems| {
            bail!("{}", problems.iter().map(said).collect::<Vec<_>>().join("\n  "));
        })
    }

    /// What the codes of the newest releases stand for.
    pub(crate) fn descriptions(&self) -> anyhow::Result<Descriptions> {
        let newest = Descriptions::newest(&self.releases);
        let texts = newest.iter().map(|release| self.text(release)).collect::<Result<Vec<_>, _>>()?;
        let files = newest.iter().copied().zip(texts.iter().map(String::as_str));
        Descriptions::of(files).map_err(|problem| anyhow::anyhow!(said(&problem)))
    }

    /// Older files are no UTF-8: their few accents are those of Latin 1.
    fn text(&self, release: &Release) -> anyhow::Result<String> {
        let path = self.folder.join(&release.file);
        let bytes =
            std::fs::read(&path).with_context(|| format!("cannot read the code table {}", path.display()))?;
        Ok(String::from_utf8(bytes)
            .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect()))
    }
}

fn said(problem: &CodesError) -> String {
    format!("{FOLDER}/{problem}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(FOLDER)).unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(FOLDER).join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn without_a_folder_there_are_no_tables() {
        let (files, problems) = CodeFiles::beside(Path::new("/nowhere"));
        assert!(problems.is_empty() && files.tables().unwrap().releases().is_empty());
        assert!(files.descriptions().unwrap().named(&[vec!["diabetes".into()]]).is_empty());
    }

    #[test]
    fn a_file_whose_name_says_nothing_and_a_line_that_says_nothing_are_named() {
        let home = house(&[("icd10cm-order-2026.txt", "E119\n"), ("codes.zip", ""), ("README.md", "ours")]);
        let (files, problems) = CodeFiles::beside(home.path());
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("codes/codes.zip: not the name of a code table"), "{problems:?}");
        let said = files.tables().unwrap_err().to_string();
        assert!(
            said.starts_with("codes/icd10cm-order-2026.txt, line 1: not a line of an order file"),
            "{said}"
        );
    }

    #[test]
    fn files_that_are_no_utf8_are_read_as_latin_1() {
        let home = house(&[]);
        let text: Vec<u8> =
            b"00001 G903    1 x                                                            M\xe9ni\xe8re"
                .to_vec();
        std::fs::write(home.path().join(FOLDER).join("icd10cm-order-2026.txt"), text).unwrap();
        let named = CodeFiles::beside(home.path()).0.descriptions().unwrap().named(&[vec!["ménière".into()]]);
        assert_eq!(named[0].1[0].text, "Ménière");
    }
}
