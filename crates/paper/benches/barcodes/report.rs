//! What is said of the engines, and is what was asked for met?

use std::collections::BTreeSet;

use crate::engines::Engine;
use crate::real::Real;
use crate::tally::{Rate, Tally, milliseconds};

/// Prints the tables and the lines of acceptance; says whether all are met.
pub(crate) fn print(engines: &[Engine], tallies: &[Tally], real: Option<&[Real]>) -> bool {
    println!("read rate in %; of ours also what counts as evidence");
    head(engines);
    row("all", tallies, |tally| shown(Some(&tally.all)));
    let keys: BTreeSet<&String> = tallies.iter().flat_map(|tally| tally.by.keys()).collect();
    for key in keys {
        row(key, tallies, |tally| shown(tally.by.get(key)));
    }
    row("patch codes", tallies, |tally| shown(Some(&tally.patches)));
    row("wrong", tallies, |tally| format!("{} / {}", tally.wrong[0], tally.wrong[1]));
    row("phantoms", tallies, |tally| format!("{} / {}", tally.phantoms[0], tally.phantoms[1]));
    row("wrong patches", tallies, |tally| tally.wrong_patches.to_string());
    println!("\nCPU ms a page");
    head(engines);
    for (at, name) in ["mean", "median", "95 %"].iter().enumerate() {
        row(name, tallies, |tally| format!("{:.1}", milliseconds(&tally.cpu)[at]));
    }
    row("mean without", tallies, |tally| format!("{:.1}", milliseconds(&tally.cpu_without)[0]));
    row("preparation", tallies, |tally| {
        format!("{:.1}", tally.preparation.as_secs_f32() * 1000.0 / tally.cpu.len().max(1) as f32)
    });
    if let Some(real) = real {
        println!("\nzxing-cpp's own pictures");
        head(engines);
        let keys: BTreeSet<&String> = real.iter().flat_map(|real| real.rates.keys()).collect();
        for key in keys {
            row(key, real, |real| shown(real.rates.get(key)));
        }
        row("all", real, |real| shown(Some(&real.all)));
        row("wrong", real, |real| format!("{} / {}", real.wrong[0], real.wrong[1]));
    }
    let real_complaints = real.into_iter().flatten().flat_map(|real| &real.complaints);
    for complaint in tallies.iter().flat_map(|tally| &tally.complaints).chain(real_complaints) {
        println!("  not there: {complaint}");
    }
    accepted(engines, tallies, real)
}

fn accepted(engines: &[Engine], tallies: &[Tally], real: Option<&[Real]>) -> bool {
    let Some(at) = engines.iter().position(|engine| *engine == Engine::Ours) else { return true };
    let (ours, others) = (&tallies[at], tallies.iter().enumerate().filter(|(own, _)| *own != at));
    // Of two that read as much the cheaper.
    let cost = |tally: &Tally| milliseconds(&tally.cpu)[0];
    let best = others.max_by(|(_, a), (_, b)| {
        a.all.share().total_cmp(&b.all.share()).then_with(|| cost(b).total_cmp(&cost(a)))
    });
    let mut met = true;
    let mut line = |ok: bool, text: String| {
        println!("{} {text}", if ok { " ok" } else { "NOT" });
        met &= ok;
    };
    println!();
    if let Some((at, best)) = best {
        let (own, its) = (cost(ours), cost(best));
        let name = engines[at].name();
        line(
            ours.all.share() >= best.all.share(),
            format!(
                "read rate {:.1} % ≥ {:.1} % of {name}",
                ours.all.share() * 100.0,
                best.all.share() * 100.0
            ),
        );
        line(own <= its / 2.0, format!("CPU {own:.1} ms ≤ half of {its:.1} ms of {name}"));
    }
    line(ours.wrong[1] == 0, format!("{} wrong values accepted", ours.wrong[1]));
    line(ours.phantoms[1] == 0, format!("{} phantoms on pages without symbols", ours.phantoms[1]));
    if let Some(real) = real {
        let own = &real[at];
        line(own.wrong[1] == 0, format!("{} wrong values accepted on real pictures", own.wrong[1]));
    }
    met
}

fn shown(rate: Option<&Rate>) -> String {
    match rate {
        Some(rate) if rate.believed < rate.read => {
            format!("{:.1} ({:.1})", rate.share() * 100.0, rate.believed_share() * 100.0)
        }
        Some(rate) => format!("{:.1}", rate.share() * 100.0),
        None => String::new(),
    }
}

fn head(engines: &[Engine]) {
    let names: String = engines.iter().map(|engine| format!("{:>19}", engine.name())).collect();
    println!("{:18}{names}", "");
}

fn row<T>(name: &str, of: &[T], cell: impl Fn(&T) -> String) {
    let cells: String = of.iter().map(|one| format!("{:>19}", cell(one))).collect();
    println!("{name:18}{cells}");
}
