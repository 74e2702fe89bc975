//! What if the plug is pulled just here?
//!
//! Between every two durable writes stands a trace event of target `fault_point` whose message names the moment. It
//! costs nothing until `CHARTROOM_FAULT=NAME[:COUNT][:ACTION]` is set: then the COUNT-th time (default 1) the named
//! moment comes, the process is killed as `kill -9` does it; with the action `soon` five milliseconds later, in the midst of what then
//! happens; with the action `stop` it is halted as SIGSTOP does it. For tests only.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// What the target of such an event is called.
const TARGET: &str = "fault_point";
const VARIABLE: &str = "CHARTROOM_FAULT";

/// Acts on one moment; absent where none is asked for.
pub(crate) fn layer<S>() -> Option<impl Layer<S>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let asked = FaultPoint::parse(&std::env::var(VARIABLE).ok()?)?;
    Some(asked.with_filter(Targets::new().with_target(TARGET, tracing::Level::TRACE)))
}

struct FaultPoint {
    name: String,
    signal: Signal,
    after: Duration,
    /// Times the moment has yet to come.
    left: AtomicU64,
}

impl FaultPoint {
    fn parse(asked: &str) -> Option<Self> {
        let left = AtomicU64::new(1);
        let mut point = Self { name: String::new(), signal: Signal::KILL, after: Duration::ZERO, left };
        for (at, part) in asked.split(':').enumerate() {
            match (at, part, part.parse()) {
                (0, name, _) => point.name = name.to_owned(),
                (_, "stop", _) => point.signal = Signal::STOP,
                (_, "kill", _) => point.signal = Signal::KILL,
                (_, "soon", _) => point.after = Duration::from_millis(5),
                (_, _, Ok(count)) => point.left = AtomicU64::new(count),
                _ => return None,
            }
        }
        (!point.name.is_empty()).then_some(point)
    }
}

impl<S: Subscriber> Layer<S> for FaultPoint {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut here = Named { asked: &self.name, it_is: false };
        event.record(&mut here);
        if here.it_is && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let (signal, after) = (self.signal, self.after);
            let act = move || {
                std::thread::sleep(after);
                let _ = kill_process(getpid(), signal);
                // A signal to the process may find another thread first: this one goes no further meanwhile.
                std::thread::sleep(Duration::from_millis(100));
            };
            if after.is_zero() { act() } else { drop(std::thread::spawn(act)) }
        }
    }
}

/// Whether an event's message is the name asked for.
struct Named<'a> {
    asked: &'a str,
    it_is: bool,
}

impl Visit for Named<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.it_is = format!("{value:?}") == self.asked;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_asked_for_by_name_count_and_action() {
        let point = FaultPoint::parse("in vault:3:stop").unwrap();
        assert_eq!((point.name.as_str(), point.signal), ("in vault", Signal::STOP));
        assert_eq!(point.left.load(Ordering::SeqCst), 3);
        let plain = FaultPoint::parse("claimed").unwrap();
        assert_eq!((plain.signal, plain.left.load(Ordering::SeqCst)), (Signal::KILL, 1));
        assert!(FaultPoint::parse("claimed:loudly").is_none());
        assert!(FaultPoint::parse("").is_none());
    }
}
