//! What may a reader process do? Little, and once its engine is warm, less.

use std::fmt;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError,
    RulesetStatus, Scope,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getrlimit, nice, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use serde::{Deserialize, Serialize};

/// How far a warm reader is shut in; older kernels can do less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confinement {
    /// No files and no TCP.
    Whole,
    /// No new files; the kernel cannot close everything else.
    Part,
    /// The kernel has no Landlock: memory and time are limited, files and network are not.
    None,
}

/// For `doctor`: how it is, and what would be better.
impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whole => "readers have no files and no network",
            Self::Part => "readers have no files; a kernel of 6.12 or newer would close the network to them, too",
            Self::None => "readers have limits of memory and time only; a kernel with Landlock would close files and network to them",
        })
    }
}

/// Before the engine loads: memory, no core dumps (they would hold patient data), no files written, low
/// priority, and an end together with the parent.
///
/// # Errors
/// What the system refused. A reader without its limits must not run.
pub(crate) fn limit(memory: u64) -> std::io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    for (resource, most) in [
        // Not RLIMIT_AS: it counts mapped files, and fails good large PDFs.
        (Resource::Data, memory),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 64),
    ] {
        // Whoever started us may have set less; nobody raises that again.
        let most = getrlimit(resource).maximum.map_or(most, |already| already.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    // Already at the lowest priority is low enough.
    let _ = nice(10);
    Ok(())
}

/// Once the engine is warm: no path can be opened any more, no connection made, no signal sent.
pub(crate) fn shut_in() -> Confinement {
    match rules() {
        Ok(RulesetStatus::FullyEnforced) => Confinement::Whole,
        Ok(RulesetStatus::PartiallyEnforced) => Confinement::Part,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Confinement::None,
    }
}

fn rules() -> Result<RulesetStatus, RulesetError> {
    let abi = ABI::V6;
    // Engines open it late, to be silent; one that cannot falls over a null pointer.
    let nothing = landlock::path_beneath_rules(["/dev/null"], AccessFs::ReadFile | AccessFs::WriteFile);
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(landlock::make_bitflags!(Scope::{AbstractUnixSocket | Signal}))?
        .create()?
        .add_rules(nothing)?
        .restrict_self()?;
    Ok(status.ruleset)
}
