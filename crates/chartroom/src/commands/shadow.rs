//! Which stations have earned it to file by themselves, and who says so?

use anyhow::bail;
use clap::{Args, Subcommand};
use records::document::KindCode;
use records::rules::Mode;
use records::shadow::{ENOUGH, ShadowClass};
use serde_json::{Value, json};

use super::{Outcome, PlaceArguments};
use crate::archive_door::{Door, clerk};
use crate::show;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ShadowArguments {
    #[command(subcommand)]
    act: Option<Act>,
    /// Print one JSON value
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Act {
    /// A supervisor ends the trial of a station for one kind of document
    Sign(SignArguments),
}

#[derive(Args)]
struct SignArguments {
    station: String,
    /// Code of the kind of document, as `chartroom shadow` shows it
    kind: String,
    /// The supervisor
    #[arg(long = "as", value_name = "WHO", required = true)]
    supervisor: String,
}

pub(crate) fn run(place: &PlaceArguments, arguments: &ShadowArguments) -> anyhow::Result<Outcome> {
    let door = Door::open(place)?;
    match &arguments.act {
        Some(Act::Sign(own)) => sign(&door, own),
        None if arguments.json => {
            show::json(&progress(&door)?)?;
            Ok(Outcome::Done)
        }
        None => list(&door),
    }
}

fn list(door: &Door) -> anyhow::Result<Outcome> {
    show::line(match (mode(door)?, door.archive.in_shadow()?) {
        (_, true) => "Everything is proposed only since the archive was restored.",
        (Mode::Auto, _) => "All stations file by themselves: [identity] mode = \"auto\".",
        (Mode::Shadow, _) => "Stations on trial propose, and people decide.",
    });
    let classes = door.archive.shadow_classes()?;
    if classes.is_empty() {
        show::line("Nobody has decided about a proposal yet.");
        return Ok(Outcome::Done);
    }
    let rows: Vec<Vec<String>> = classes.iter().map(row).collect();
    show::table(&["station", "type", "agreed", "did not", "trial"], &rows);
    Ok(Outcome::Done)
}

fn row(class: &ShadowClass) -> Vec<String> {
    let trial = match &class.signed {
        Some(signature) => format!("ended by {} on {}", signature.by, signature.at.strftime("%Y-%m-%d")),
        None if class.may_be_signed() => "may be ended: `chartroom shadow sign`".into(),
        None => format!("{} more decisions that agree", ENOUGH.saturating_sub(class.agreeing)),
    };
    let agreed = format!("{} of {ENOUGH}", class.agreeing);
    vec![class.station.clone(), class.kind.0.clone(), agreed, class.disagreeing.to_string(), trial]
}

fn sign(door: &Door, arguments: &SignArguments) -> anyhow::Result<Outcome> {
    let (station, kind) = (&arguments.station, KindCode(arguments.kind.to_uppercase()));
    let classes = door.archive.shadow_classes()?;
    let known = classes.iter().find(|class| class.station == *station && class.kind == kind);
    let Some(known) = known else {
        bail!(
            "nobody has decided about a proposal of station {station:?} and type {:?}; see `chartroom shadow`",
            kind.0
        )
    };
    if known.signed.is_none() && !known.may_be_signed() {
        bail!(
            "{} decisions agreed since the last that did not, and {ENOUGH} are needed; go on deciding, then sign",
            known.agreeing
        );
    }
    door.archive.sign_shadow(station, &kind, &clerk(Some(&arguments.supervisor)))?;
    show::line(format!(
        "Station {station} files documents of type {} by itself; one that turns out wrong ends that at once.",
        kind.0
    ));
    Ok(Outcome::Done)
}

/// As scripts see it.
pub(super) fn progress(door: &Door) -> anyhow::Result<Value> {
    let classes = door.archive.shadow_classes()?;
    let classes = classes.iter().map(|class| {
        json!({
            "station": class.station,
            "type": class.kind,
            "agreeing": class.agreeing,
            "needed": ENOUGH,
            "disagreeing": class.disagreeing,
            "last_disagreement": class.last_disagreement,
            "may_be_signed": class.may_be_signed(),
            "signed": class.signed,
        })
    });
    Ok(json!({
        "mode": mode(door)?,
        "after_restore": door.archive.in_shadow()?,
        "classes": classes.collect::<Vec<_>>(),
    }))
}

/// One sentence for `status`; none where nothing is on trial.
pub(super) fn in_words(door: &Door) -> anyhow::Result<Option<String>> {
    if mode(door)? == Mode::Auto {
        return Ok(None);
    }
    let classes = door.archive.shadow_classes()?;
    let signed = classes.iter().filter(|class| class.signed.is_some()).count();
    let ready = classes.iter().filter(|class| class.may_be_signed()).count();
    Ok(Some(format!(
        "Shadow mode: what would be filed is proposed. Kinds of document that a station files by itself: {signed}; \
         that it may, once a supervisor signs: {ready}. See `chartroom shadow`."
    )))
}

fn mode(door: &Door) -> anyhow::Result<Mode> {
    let restored = door.archive.in_shadow()?;
    Ok(if restored { Mode::Shadow } else { door.config.rules.identity.mode })
}
