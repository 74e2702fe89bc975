//! What has been filed, where?

use archive::{DocumentFilter, DocumentRow};
use clap::Args;

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, viewer};
use crate::show;

#[derive(Args)]
pub(crate) struct DocumentsArguments {
    /// Only of this batch
    #[arg(long, value_name = "BATCH")]
    batch: Option<String>,
    /// Only of this patient
    #[arg(long, value_name = "MRN")]
    patient: Option<String>,
    /// Who assigned the number
    #[arg(long)]
    authority: Option<String>,
    /// Only from files of this name
    #[arg(long, value_name = "NAME")]
    file: Option<String>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &DocumentsArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    let filter = DocumentFilter {
        batch: arguments.batch.as_deref().map(str::parse).transpose()?,
        patient: match &arguments.patient {
            Some(mrn) => Some(super::patients::find(&door, mrn, arguments.authority.as_deref())?.id),
            None => None,
        },
        file: arguments.file.clone(),
        ..DocumentFilter::default()
    };
    let documents = door.archive.documents(&filter)?;
    super::record_look(&door, &viewer(), "documents", documents.len())?;
    if arguments.json {
        show::json(&web::whole::documents(&documents))?;
    } else if documents.is_empty() {
        show::line("Nothing filed yet.");
    } else {
        let rows: Vec<Vec<String>> = documents.iter().map(row).collect();
        show::table(&["document", "pages", "type", "patient"], &rows);
    }
    Ok(Outcome::Done)
}

fn row(document: &DocumentRow) -> Vec<String> {
    let patient = &document.patient;
    let number = patient.mrn.as_ref().map_or_else(String::new, |mrn| format!(" · {}", mrn.value));
    vec![
        document.id.to_string(),
        web::told::page_ranges(&document.pages),
        document.kind.0.clone(),
        format!("{}{number}", patient.name),
    ]
}
