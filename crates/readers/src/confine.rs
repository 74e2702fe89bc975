//! What may a reader process do? Little, and once its engine is warm, less.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};

use landlock::{
    ABI, Access as _, AccessFs, Ruleset, RulesetAttr as _, RulesetCreatedAttr as _, RulesetError,
    RulesetStatus, Scope,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getrlimit, nice, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
use serde::{Deserialize, Serialize};

/// What is closed to a warm reader. Memory and time are limited on every system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// No path can be opened (Landlock, Linux 5.13).
    pub files: bool,
    /// No socket can be made and no program started (seccomp).
    pub network: bool,
}

/// For `doctor`: how it is, and what would be better.
impl fmt::Display for Confinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.files, self.network) {
            (true, true) => "readers reach no files and no network",
            (true, false) => "readers reach no files; a kernel with seccomp would close the network to them, too",
            (false, true) => "readers reach no network; a kernel with Landlock would close files to them, too",
            (false, false) => "readers have limits of memory and time only; a kernel with Landlock and seccomp would close files and network to them",
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

/// Once the engine is warm: for this thread and all that it starts. Answers what was refused when it was tried,
/// not what was asked for: a kernel may accept a rule and not keep it.
pub(crate) fn shut_in() -> Confinement {
    let files = no_files().is_ok_and(|status| status != RulesetStatus::NotEnforced);
    let network = no_network().is_some();
    Confinement { files: files && !reaches_files(), network: network && !reaches_network() }
}

/// Whether this very program, which it could read a moment ago, can still be opened.
fn reaches_files() -> bool {
    File::open("/proc/self/exe").is_ok()
}

fn reaches_network() -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).is_ok()
}

fn no_files() -> Result<RulesetStatus, RulesetError> {
    // What a kernel does not know of it is left out.
    let abi = ABI::V6;
    // Engines open it late, to be silent; one that cannot falls over a null pointer.
    let nothing = landlock::path_beneath_rules(["/dev/null"], AccessFs::ReadFile | AccessFs::WriteFile);
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .scope(landlock::make_bitflags!(Scope::{AbstractUnixSocket | Signal}))?
        .create()?
        .add_rules(nothing)?
        .restrict_self()?;
    Ok(status.ruleset)
}

/// Absent: the kernel, or this kind of machine, cannot.
fn no_network() -> Option<()> {
    const CLOSED: [libc::c_long; 10] = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_ptrace,
        libc::SYS_process_vm_writev,
        libc::SYS_io_uring_setup, // would do all of the above unseen
        libc::SYS_bpf,
    ];
    let closed: BTreeMap<_, _> = CLOSED.into_iter().map(|call| (call, Vec::new())).collect();
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let machine = std::env::consts::ARCH.try_into().ok()?;
    let filter = SeccompFilter::new(closed, SeccompAction::Allow, refuse, machine).ok()?;
    let program = BpfProgram::try_from(filter).ok()?;
    seccompiler::apply_filter(&program).ok()
}
