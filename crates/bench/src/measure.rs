//! How fast, beside what a user would pick instead?
//!
//! The same sample pages, one tool after the other in one run on this machine: the machine is shared and noisy, so
//! only the ratios count.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail};

use crate::program::{Program, root, say};
use crate::samples::{many_pages_tiff, page_of_prose};

/// What a run cost, and said.
pub(crate) struct Cost {
    pub(crate) wall_s: f64,
    pub(crate) cpu_s: f64,
    /// Largest resident set of any of its processes.
    pub(crate) peak_mb: f64,
    pub(crate) stdout: Vec<u8>,
    stderr: String,
}

pub(crate) fn run(rest: &[String]) -> anyhow::Result<bool> {
    if rest.first().map(String::as_str) != Some("pages") {
        bail!("one of: pages");
    }
    let home = root().join("target/measure");
    let scans = good_samples()?;
    let chartroom = fresh(&home.join("samples"))?;
    let mut import = chartroom.command(&["import", "--json"]);
    import.args(&scans);
    let ours = cost(import)?;
    let pages = chartroom.json(&["verify", "--quick", "--json"])?["pages"].as_f64().unwrap_or(0.0);
    let others = [
        ("ocrmypdf -j2", cost(ocrmypdf(&scans, &home.join("ocrmypdf"))?)?),
        ("tesseract loop", cost(tesseract(&scans, &home.join("tesseract"))?)?),
    ];
    say(format!("{pages} pages of {} sample scans\n", scans.len()));
    say(format!(
        "{:<18} {:>8} {:>8} {:>12} {:>13} {:>8} {:>8}",
        "", "wall s", "CPU s", "pages/CPU s", "pages/wall s", "× CPU", "× wall"
    ));
    for (name, spent) in
        [("chartroom import", &ours), (others[0].0, &others[0].1), (others[1].0, &others[1].1)]
    {
        say(format!(
            "{name:<18} {:>8.1} {:>8.1} {:>12.2} {:>13.2} {:>8.2} {:>8.2}",
            spent.wall_s,
            spent.cpu_s,
            pages / spent.cpu_s,
            pages / spent.wall_s,
            spent.cpu_s / ours.cpu_s,
            spent.wall_s / ours.wall_s
        ));
    }
    say("\n× says how many times our cost the others need for the same pages.\n");
    memory(&home)?;
    Ok(true)
}

/// Samples of which every page can be read by all three, by name.
fn good_samples() -> anyhow::Result<Vec<PathBuf>> {
    const BAD: [&str; 2] = ["encrypted.pdf", "truncated.tif"];
    let mut scans = Vec::new();
    for station in fs::read_dir(root().join("sample-scans"))? {
        let station = station?.path();
        if !station.is_dir() {
            continue;
        }
        for entry in fs::read_dir(station)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_file() && !name.ends_with(".json") && !BAD.contains(&name.as_str()) {
                scans.push(path);
            }
        }
    }
    scans.sort();
    Ok(scans)
}

/// A Chartroom that knows the sample patients and has seen nothing yet.
fn fresh(home: &Path) -> anyhow::Result<Program> {
    if home.exists() {
        fs::remove_dir_all(home)?;
    }
    fs::create_dir_all(home)?;
    let samples = root().join("sample-scans");
    for name in ["chartroom.toml", "sheet-keys.toml"] {
        fs::copy(samples.join(name), home.join(name))?;
    }
    let program = Program::at(home)?;
    program.text(&["patients", "import", &samples.join("patients.csv").display().to_string()])?;
    program.text(&["sheet", "--register", &samples.join("sheets.json").display().to_string()])?;
    Ok(program)
}

/// One file after the other, each with two jobs.
fn ocrmypdf(scans: &[PathBuf], out: &Path) -> anyhow::Result<Command> {
    let one = "ocrmypdf -q -j2 --force-ocr --output-type pdf --image-dpi 200 \"$f\" \"$out/$n.pdf\"";
    script(scans, out, one, 1)
}

/// Two files at a time; PDF pages are rendered first.
fn tesseract(scans: &[PathBuf], out: &Path) -> anyhow::Result<Command> {
    let one = "case \"$f\" in *.pdf) pdftoppm -r 300 -gray -png \"$f\" \"$out/$n\" && for p in \"$out/$n\"-*.png; do \
               tesseract \"$p\" \"$p\" 2>/dev/null; done ;; *) tesseract \"$f\" \"$out/$n\" 2>/dev/null ;; esac";
    script(scans, out, one, 2)
}

/// A shell loop over the scans, as a user would write it.
fn script(scans: &[PathBuf], out: &Path, one: &str, at_a_time: u32) -> anyhow::Result<Command> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    let list: String = scans.iter().map(|path| format!("{}\0", path.display())).collect();
    let names = out.join("scans");
    fs::write(&names, list)?;
    let body = format!("f=\"$1\"; out={}; n=$(basename \"$f\"); {one} || true", out.display());
    let mut command = Command::new("sh");
    command.env("OMP_THREAD_LIMIT", "1").arg("-c").arg(format!(
        "xargs -0 -n1 -P{at_a_time} sh -c '{}' one < {}",
        body.replace('\'', "'\\''"),
        names.display()
    ));
    Ok(command)
}

/// Runs under `time`, which counts all descendants that were waited for.
pub(crate) fn cost(command: Command) -> anyhow::Result<Cost> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "cost %U %S %M"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            timed.env(name, value);
        }
    }
    let began = Instant::now();
    let out = timed.output().context("cannot start /usr/bin/time; install the package time")?;
    let wall_s = began.elapsed().as_secs_f64();
    let stderr = String::from_utf8_lossy(&out.stderr).into_owned();
    let line =
        stderr.lines().rev().find_map(|line| line.strip_prefix("cost ")).context("time said nothing")?;
    let numbers: Vec<f64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let [user, system, peak_kb] = numbers[..] else { bail!("time said {line:?}") };
    Ok(Cost { wall_s, cpu_s: user + system, peak_mb: peak_kb / 1024.0, stdout: out.stdout, stderr })
}

/// Memory at 1 and at 500 pages, and how long the largest filing holds the catalogue's write lock.
fn memory(home: &Path) -> anyhow::Result<()> {
    say(format!("{:<12} {:>9} {:>14} {:>18}", "one file of", "seconds", "largest process", "longest lock"));
    let page = page_of_prose()?;
    for pages in [1, 500] {
        let file = home.join(format!("{pages}-pages.tif"));
        fs::write(&file, many_pages_tiff(&page, pages)?)?;
        let program = fresh(&home.join("memory"))?;
        let mut import = program.command(&["-v", "import", "--json"]);
        import.arg(&file);
        let spent = cost(import)?;
        let lock_ms = spent
            .stderr
            .split_whitespace()
            .filter_map(|word| word.strip_prefix("lock_ms="))
            .filter_map(|value| value.parse::<f64>().ok())
            .fold(0.0, f64::max);
        say(format!("{pages:<5} pages  {:>9.1} {:>11.0} MB {lock_ms:>15.1} ms", spent.wall_s, spent.peak_mb));
    }
    Ok(())
}
