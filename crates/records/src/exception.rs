//! Why does a person have to decide?

use serde::{Deserialize, Serialize};

use crate::patient::PatientId;
use crate::reading::FaultCode;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $why:ident, $words:literal;)*) => {
        /// Reason codes of `domain.md` 2.12.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Reason {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// `NAME_MISMATCH`: what scripts see.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What a clerk reads: what is the matter, and what to do.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }

            const fn cause(self) -> Cause {
                match self { $(Self::$name => Cause::$why,)* }
            }
        }

        impl std::str::FromStr for Reason {
            type Err = String;
            fn from_str(code: &str) -> Result<Self, String> {
                match code { $($code => Ok(Self::$name),)* other => Err(format!("not a reason code: {other}")) }
            }
        }
    };
}

/// What may free an exception again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// Something has not come yet: judged again whenever it may have.
    Missing,
    /// Something contradicts: at most a proposal afterwards, never a filing.
    Contrary,
    /// A person has to look, whatever comes.
    Look,
}

reasons! {
    NoId = "NO_ID", Missing, "No patient could be read on these pages. Find whose they are.";
    NoNumber = "NO_NUMBER", Missing, "Name and birth date fit, but no number was read. Check the number on the paper.";
    OneIdOnly = "ONE_ID_ONLY", Missing, "Only a number was read. Check name and birth date on the paper.";
    OneDemographic = "ONE_DEMOGRAPHIC", Missing, "A number and only one of name and birth date were read. Check the other on the paper.";
    NoWitness = "NO_WITNESS", Missing, "The cover sheet names a patient but nothing on the pages does. Check that they belong to it.";
    IdNotInMpi = "ID_NOT_IN_MPI", Missing, "The number is not in the patient index. Register the patient or correct the number.";
    IdRetired = "ID_RETIRED", Look, "The number was replaced in a merge. Check name and birth date.";
    AuthorityUnknown = "AUTHORITY_UNKNOWN", Look, "It is not clear who assigned the number. Say which facility it is from.";
    MultiPatient = "MULTI_PATIENT", Contrary, "These pages name more than one patient. Take them apart.";
    NameMismatch = "NAME_MISMATCH", Contrary, "The name on the paper differs from the patient index.";
    DobMismatch = "DOB_MISMATCH", Contrary, "The birth date on the paper differs from the patient index.";
    SexMismatch = "SEX_MISMATCH", Contrary, "The sex on the paper differs from the patient index.";
    DecoderDisagree = "DECODER_DISAGREE", Contrary, "A barcode was read in two ways. Type the number that is printed.";
    HriMismatch = "HRI_MISMATCH", Contrary, "A barcode differs from the number printed under it. Ask for a new label.";
    CheckDigitFail = "CHECK_DIGIT_FAIL", Contrary, "The number's check digit is wrong. Type the number that is printed.";
    NameAlert = "NAME_ALERT", Look, "The chart carries an alert (same name, twin, confidential). Compare all identifiers.";
    NotUnique = "NOT_UNIQUE", Look, "Another patient has the same name and birth date. Compare the numbers.";
    PagecountMismatch = "PAGECOUNT_MISMATCH", Contrary, "The number of sheets differs from what was declared. Count the paper.";
    PageGap = "PAGE_GAP", Contrary, "Pages are missing or repeated in this job. Check the scanner's files.";
    SeparatorMissing = "SEPARATOR_MISSING", Contrary, "A second document seems to start in the middle. Split it if so.";
    SheetUnreadable = "SHEET_UNREADABLE", Missing, "A control sheet could not be read. Say whose pages follow it.";
    SheetForeign = "SHEET_FOREIGN", Contrary, "A control sheet was not printed here or was altered.";
    CoversheetReused = "COVERSHEET_REUSED", Contrary, "A control sheet was used twice. Find out which stack is the right one.";
    DosImplausible = "DOS_IMPLAUSIBLE", Contrary, "The date of service cannot be right for this patient.";
    QcFail = "QC_FAIL", Look, "The picture is too poor to trust what was read. Scan it again if you can.";
    OcrLow = "OCR_LOW", Look, "Name or number were read with too little confidence. Check them on the paper.";
    TypeSensitive = "TYPE_SENSITIVE", Look, "This kind of document is filed by a person.";
    MpiStale = "MPI_STALE", Missing, "The patient index is out of date. Import a new one.";
    PatientFrozen = "PATIENT_FROZEN", Missing, "The chart is frozen until two records are told apart.";
    DuplicateScan = "DUPLICATE_SCAN", Contrary, "The same pages were scanned before. Keep one.";
    IdUnread = "ID_UNREAD", Contrary, "There is a label or patient field that could not be read. Read it on the picture.";
    DoubleFeed = "DOUBLE_FEED", Contrary, "Two sheets may have gone through at once. Scan this part again.";
    LateFile = "LATE_FILE", Contrary, "This file came after its job was closed. Join it to the job if it belongs there.";
    DeclarationsDiffer = "DECLARATIONS_DIFFER", Contrary, "Two declarations name different patients for the same pages.";
    Unmerged = "UNMERGED", Contrary, "Filed while two charts were merged by mistake. Decide whose it is.";
    Restored = "RESTORED", Look, "Filed after the backup that was restored. File it again.";
    Shadow = "SHADOW", Look, "Would be filed by itself; the station is still on trial. Confirm.";
    SweepOtherPatient = "SWEEP_OTHER_PATIENT", Contrary, "Another patient is named in what was filed.";
    /// Not of `domain.md`: a rescan that was asked for has not come yet (2.14, D-4).
    RescanAsked = "RESCAN_ASKED", Look, "A page of this is to be scanned again. It closes by itself when the page comes with its slip.";
    /// Not of `domain.md`: both pictures stay (2.14, D-4).
    RescanDiffers = "RESCAN_DIFFERS", Contrary, "This came with a rescan slip, and could not be told to be that page. Compare both pictures.";
    /// Not of `domain.md`: the slip declares nothing any more, or never did.
    RescanClosed = "RESCAN_CLOSED", Contrary, "This came with a rescan slip that nothing waits for. Find out what it is.";
    /// Not of `domain.md`: one person took it out of a chart and filed it again (2.13, 5).
    Review = "REVIEW", Look, "One person alone filed this again. Look at it once more.";
    SilentRun = "SILENT_RUN", Missing, "A long run of pages without any identity. Turn through them.";
    WrongFolder = "WRONG_FOLDER", Contrary, "The folder seems to hold another patient's chart.";
    FolderSheetMissing = "FOLDER_SHEET_MISSING", Contrary, "A folder sheet is missing. Find where one chart ends.";
    Encrypted = "ENCRYPTED", Look, "The file is locked with a password. Ask the sender for an open copy.";
    Damaged = "DAMAGED", Look, "The file is damaged or incomplete. Scan it again; the original is kept.";
    Empty = "EMPTY", Look, "The file has no pages. Scan it again.";
    Unsupported = "UNSUPPORTED", Look, "Not a kind of file Chartroom reads. Scan to PDF, TIFF, JPEG or PNG.";
    TooLarge = "TOO_LARGE", Look, "A page is larger than the limit. Scan it at a lower resolution.";
    LineFault = "LINE_FAULT", Look, "The machine could not work on this job. Mend the cause, then `chartroom retry` it.";
    PageUnreadable = "PAGE_UNREADABLE", Look, "A page could not be read by the machine. Look at the original.";
}

impl Reason {
    /// Held for something that may still come: judged again after every change that could bring it.
    pub const fn is_missing(self) -> bool {
        matches!(self.cause(), Cause::Missing)
    }

    /// A control sheet before the pages is in doubt; a clerk may say what it is.
    pub const fn is_of_sheet(self) -> bool {
        matches!(self, Self::SheetUnreadable | Self::SheetForeign)
    }

    /// Held because something speaks against: never files by itself any more.
    pub const fn is_contrary(self) -> bool {
        matches!(self.cause(), Cause::Contrary)
    }
}

impl From<FaultCode> for Reason {
    fn from(code: FaultCode) -> Self {
        match code {
            FaultCode::Encrypted => Self::Encrypted,
            FaultCode::Damaged => Self::Damaged,
            FaultCode::Empty => Self::Empty,
            FaultCode::Unsupported => Self::Unsupported,
            FaultCode::TooLarge => Self::TooLarge,
            FaultCode::PageUnreadable => Self::PageUnreadable,
        }
    }
}

/// Somebody it may be, and why: ranked for a person, never filed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub patient: PatientId,
    pub why: String,
}
