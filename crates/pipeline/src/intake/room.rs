//! Is there room on the disk for what the stations bring?
//!
//! Scans that wait in their folders are safe there. So intake is what stops first: what was taken can still be read,
//! filed and found with the space that is left.

use std::path::Path;

use tracing::{error, info};

/// Below the mark no station is swept; it goes on by itself once there is a quarter more than that.
#[derive(Debug)]
pub(crate) struct LowWater {
    mark_mb: u64,
    /// No station is swept just now.
    stopped: bool,
}

impl LowWater {
    pub(crate) fn at(mark_mb: u64) -> Self {
        Self { mark_mb, stopped: false }
    }

    /// Looks at the file system of the data directory. Where that cannot be done the vault will say what is wrong.
    pub(crate) fn is_reached(&mut self, data: &Path) -> bool {
        let Some(free) = free_mb(data) else { return false };
        let stopped = stops(free, self.mark_mb, self.stopped);
        if stopped && !self.stopped {
            error!(
                free_mb = free,
                "too little space for the archive; no station is swept until there is more"
            );
        } else if !stopped && self.stopped {
            info!(free_mb = free, "there is space again; stations are swept");
        }
        self.stopped = stopped;
        stopped
    }
}

/// Megabytes that may still be written under a folder.
pub fn free_mb(folder: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(folder).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize) >> 20)
}

fn stops(free: u64, mark: u64, stopped: bool) -> bool {
    free < if stopped { mark + mark.div_ceil(4) } else { mark }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stops_below_the_mark_and_goes_on_a_quarter_above_it() {
        let mut stopped = false;
        let mut seen = Vec::new();
        for free in [2000, 1024, 1023, 1100, 1279, 1280, 1100, 10] {
            stopped = stops(free, 1024, stopped);
            seen.push(stopped);
        }
        assert_eq!(seen, [false, false, true, true, true, false, false, true]);
    }

    #[test]
    fn a_mark_of_nothing_never_stops() {
        assert!(!stops(0, 0, false) && !stops(0, 0, true));
    }
}
