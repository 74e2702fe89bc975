//! The program under test, as a user starts it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, bail};
use serde_json::Value;

/// The repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    here.canonicalize().unwrap_or(here)
}

/// Public data beside the repository: made-up patients and notes, pages of other projects' tests.
pub(crate) fn corpus() -> PathBuf {
    std::env::var_os("CHARTROOM_CORPUS").map_or_else(|| root().join("../shared/corpus"), PathBuf::from)
}

/// A built `chartroom` with its configuration and data.
#[derive(Clone)]
pub(crate) struct Program {
    exe: PathBuf,
    pub(crate) home: PathBuf,
}

impl Program {
    /// In a folder of its own: `chartroom.toml` and `data/` are there.
    pub(crate) fn at(home: &Path) -> anyhow::Result<Self> {
        let here = std::env::current_exe().context("cannot find this program's own path")?;
        let exe = here.with_file_name("chartroom");
        if !exe.exists() {
            bail!("chartroom is not built; run `cargo build --release -p chartroom`");
        }
        Ok(Self { exe, home: home.to_owned() })
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.exe);
        command.env("OMP_THREAD_LIMIT", "1");
        command.arg("--config").arg(self.home.join("chartroom.toml"));
        command.arg("--data").arg(self.home.join("data")).args(arguments);
        command
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        self.command(arguments).output().with_context(|| format!("cannot start {}", self.exe.display()))
    }

    /// Runs to its end; an exit code of 2 is an error of ours.
    pub(crate) fn text(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let out = self.output(arguments)?;
        if out.status.code().is_none_or(|code| code > 1) {
            bail!("chartroom {}: {}", arguments.join(" "), String::from_utf8_lossy(&out.stderr));
        }
        Ok(String::from_utf8(out.stdout)?)
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let text = self.text(arguments)?;
        serde_json::from_str(&text).with_context(|| format!("chartroom {}: not JSON", arguments.join(" ")))
    }
}

pub(crate) fn say(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
}

pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "bench: {text}");
}
