//! Where records rest: catalogue (SQLite), vault (originals by content), reading packs, change log, audit.
//!
//! [`Archive`] is the one door: a cheap handle that any thread may clone. What it can do is spread over one file
//! a topic in [`catalogue`]; each transactional act (`receive`, `close_batch`, `file`, `assign`, `void` …) is one
//! whole method. Several processes may open the same archive; see [`instance`] for how they keep apart.

mod backup;
mod catalogue;
mod error;
mod instance;
mod keys;
mod open;
mod pack;
mod scrub;
mod staged;
mod vault;
mod views;

pub use backup::{BackupPlan, BackupReport, Manifest, Mended, Restored, restore};
pub use catalogue::accounts::{Account, AccountEdit, LinkFor, NewAccount};
pub use catalogue::acts::Target;
pub use catalogue::arranging::NoRecord;
pub use catalogue::assigning::{Assignment, SecondPerson};
pub use catalogue::audit::{Action, Anchor, AuditEntry, AuditFilter, AuditReport, AuditRow};
pub use catalogue::backups::{BackupRow, Damage};
pub use catalogue::beside::Beside;
pub use catalogue::browsing::{OnShelf, PaperBox};
pub use catalogue::changes::{Change, Changed, IndexedPages};
pub use catalogue::charts::{DocumentFilter, DocumentRow, PatientSummary};
pub use catalogue::claims::{CLAIM_LASTS, Claim};
pub use catalogue::disposing::SetAside;
pub use catalogue::doubts::{DoubtRow, DoubtState};
pub use catalogue::editing::{Edit, EditRow, Was};
pub use catalogue::emergency::{EMERGENCY_LASTS, Emergency};
pub use catalogue::encounters::{EncounterImport, EncounterRow};
pub use catalogue::entry::Follower;
pub use catalogue::filing::Filed;
pub use catalogue::hand::Corrected;
pub use catalogue::history::{NumberSeen, PatientChange};
pub use catalogue::homecoming::Take;
pub use catalogue::identity::Field;
pub use catalogue::import::{FlagChanges, PatientImport, PatientRow};
pub use catalogue::import_report::{News, Overlay, PatientReport, Refusal, Refused, What};
pub use catalogue::intake::{Closed, FileStamp, UnbatchedArrival};
pub use catalogue::kept::Kept;
pub use catalogue::ledger::Ledger;
pub use catalogue::line::{BatchRow, BatchState, Lease, OriginalRow};
pub use catalogue::matters::{Matter, MatterKind};
pub use catalogue::mending::{Mend, Mending, Outcome};
pub use catalogue::merging::Unmerged;
pub use catalogue::prints::FiledPage;
pub use catalogue::rearranging::Rearranged;
pub use catalogue::report::{BatchReport, PlaceCounts, StationStatus, Status};
pub use catalogue::rescans::{RescanItem, RescanRow, RescanState};
pub use catalogue::restored::AfterRestore;
pub use catalogue::retry::Retrying;
pub use catalogue::rights::Sight;
pub use catalogue::saved::SavedSearch;
pub use catalogue::sweeping::{Examiner, Unswept};
pub use catalogue::undoing::UNDO_LASTS;
pub use catalogue::urgency::Coming;
pub use catalogue::verify::VerifyReport;
pub use catalogue::worklist::{Bundle, CandidateRow, ExceptionRow, ExceptionState};
pub use error::{ArchiveError, FileError, Result};
pub use instance::{InstanceId, LineLock};
pub use open::{Archive, Settings};
pub use pack::{PackReader, PackWriter, ReadPage};
pub use scrub::{Scrubbed, Scrubber};
pub use staged::Staged;
pub use vault::Vault;
pub use views::{PictureSize, StoredPicture};
