//! A PostgreSQL of our own for as long as we need it: a fresh cluster in a folder, on a socket, as its own user.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// Stopped and deleted when it is dropped.
pub(super) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// PostgreSQL refuses to run as root.
    user: Option<(u32, u32)>,
}

impl Cluster {
    /// `None`: PostgreSQL is not installed here.
    pub(super) fn start() -> anyhow::Result<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        // Of this run alone, and where nothing is swept away while pages are loaded: sockets in `/tmp` were.
        let folder = Path::new("/var/tmp").join(format!("chartroom-bench-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let user = if id(&["-u"])? == 0 { Some(user()?) } else { None };
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group))?;
        }
        let data = folder.join("data");
        let socket = folder.display().to_string();
        let cluster = Self { programs, folder, user };
        let data = data.to_str().context("a folder with a name that is no text")?;
        cluster.run("initdb", &["-D", data, "-U", "bench", "-A", "trust", "--locale=C.UTF-8", "-N"])?;
        let options = format!("-c listen_addresses= -c unix_socket_directories={socket} -c fsync=off");
        cluster.run("pg_ctl", &["-D", data, "-w", "-o", &options, "-l", &format!("{data}/log"), "start"])?;
        Ok(Some(cluster))
    }

    /// What `psql` prints for a script: columns with `|` between, no heads.
    pub(super) fn ask(&self, script: &Path) -> anyhow::Result<String> {
        let out = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "bench", "-d", "postgres", "-h"])
            .arg(&self.folder)
            .arg("-f")
            .arg(script)
            .output()?;
        if !out.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&out.stderr));
        }
        Ok(String::from_utf8(out.stdout)?)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = Command::new(self.programs.join(program));
        if let Some((user, group)) = self.user {
            command = Command::new("setpriv");
            command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
            command.arg(self.programs.join(program));
        }
        // Its log goes to a file, and nothing of it holds our own output open.
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null());
        let status =
            command.stderr(Stdio::null()).status().with_context(|| format!("cannot start {program}"))?;
        if !status.success() {
            bail!("{program}: {status}");
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.join("data").display().to_string();
        let _ = self.run("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Where Debian keeps the server's programs, the newest first.
fn programs() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.retain(|bin| bin.join("initdb").exists());
    versions.sort();
    versions.pop()
}

fn id(arguments: &[&str]) -> anyhow::Result<u32> {
    let out = Command::new("id").args(arguments).output()?;
    Ok(String::from_utf8(out.stdout)?.trim().parse()?)
}

fn user() -> anyhow::Result<(u32, u32)> {
    let of = |name| anyhow::Ok((id(&["-u", name])?, id(&["-g", name])?));
    of("postgres").or_else(|_| of("nobody"))
}
