//! What every catalogue must do, topic by topic, through the archive's public doors.

#![expect(clippy::unwrap_used, reason = "the harness is test code too")]

mod accounts;
mod acts;
mod browsing;
mod doubts;
mod editing;
mod filing;
mod hand;
mod house;
mod intake;
mod kill;
mod line;
mod mending;
mod neighbours;
mod patients;
mod rescans;
mod rights;
mod scrub;
mod shadow;
mod twice;
mod undoing;
mod unmerge;
mod urgency;
mod verify;
mod wrong_chart;
