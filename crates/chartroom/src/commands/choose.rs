//! Whom does a person mean, at the prompt? Who that is, and whether what was read speaks against it, says
//! [`web::acts`].

use anyhow::{anyhow, bail};
use clap::Args;
use jiff::civil::Date;
use records::judge::Objections;
use web::acts::{ActError, Chosen, Whose, differing};

use crate::archive_door::{Door, at_the_prompt};
use crate::show;

#[derive(Args)]
pub(crate) struct WhoseArguments {
    /// The number as it is printed on the paper
    #[arg(long, required_unless_present = "name")]
    mrn: Option<String>,
    /// Where no number is printed: the name on the paper ("Doe, Jane"), with --birth-date
    #[arg(long, value_name = "NAME", conflicts_with = "mrn", requires = "birth_date")]
    name: Option<String>,
    /// The birth date on the paper (1962-03-15)
    #[arg(long, value_name = "DATE")]
    birth_date: Option<Date>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
}

impl WhoseArguments {
    pub(super) fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// Several who fit are shown with what tells them apart.
    pub(super) fn chosen(&self, door: &Door) -> anyhow::Result<Chosen> {
        let whose = Whose {
            mrn: self.mrn.as_deref(),
            name: self.name.as_deref(),
            birth_date: self.birth_date,
            authority: self.authority(),
        };
        match Chosen::by(door.house(), whose) {
            Ok(Some(chosen)) => Ok(chosen),
            Ok(None) => bail!("give --mrn, or --name with --birth-date"),
            Err(error) => {
                if let ActError::Several(fit) = &error {
                    let lines = differing(fit);
                    let wrapped = lines.iter().flat_map(|line| show::wrapped(line, 78));
                    wrapped.for_each(|line| show::line(format!("  {line}")));
                }
                Err(at_the_prompt(error))
            }
        }
    }
}

/// Shows what names somebody else, and says how to go on: `how` stands at the end.
pub(super) fn names_other(error: ActError, how: &str) -> anyhow::Error {
    match error {
        ActError::NamesOther(found) => {
            describe(&found);
            anyhow!("{how}")
        }
        other => at_the_prompt(other),
    }
}

/// What names somebody else, page by page.
fn describe(found: &Objections) {
    show::line("What was read names somebody else:");
    for (reason, seen) in &found.against {
        let told = format!("page {}: \u{201c}{}\u{201d}: {}", seen.page, seen.text, reason.words());
        show::wrapped(&told, 76).into_iter().for_each(|line| show::line(format!("  {line}")));
    }
}
