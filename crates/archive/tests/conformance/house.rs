//! A small archive to test in, and paper to put into it. Everything here is made up.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use archive::{Archive, Closed, Filed, Lease, PatientImport, PatientReport, PatientRow, Settings};
use jiff::Timestamp;
use jiff::civil::Date;
use records::batch::{Arrival, Grouping, NewBatch, Priority};
use records::document::{
    Copies, Disposition, Filing, IndexVersion, KindCode, NewDocument, NewException, SerialUse,
};
use records::evidence::Ground;
use records::exception::Reason;
use records::geometry::Turn;
use records::identifier::{AuthorityId, Identifier, canonical};
use records::ids::{BatchId, DocumentId, ExceptionId, Issue, PageNumber, PageRef};
use records::name::PersonName;
use records::patient::{PatientId, Sex};
use records::reading::{Fault, FaultCode, Format, PageReading, Quality, ReaderVersion, Survey, TextSource};
use records::rights::Viewer;
use records::sighting::{Seen, Sighting, Stands};
use records::station::Profile;

pub(crate) struct House {
    /// Absent where the archive is somebody else's.
    _folder: Option<tempfile::TempDir>,
    dir: PathBuf,
    pub(crate) archive: Archive,
}

pub(crate) fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let (dir, archive) = (folder.path().to_owned(), open(folder.path()));
    House { _folder: Some(folder), dir, archive }
}

/// The archive under a folder.
pub(crate) fn house_at(dir: &Path) -> House {
    House { _folder: None, dir: dir.to_owned(), archive: open(dir) }
}

pub(crate) fn open(dir: &Path) -> Archive {
    Archive::open(dir, &Settings::default()).unwrap()
}

pub(crate) fn pages(numbers: impl IntoIterator<Item = u32>) -> Vec<PageNumber> {
    numbers.into_iter().map(PageNumber).collect()
}

impl House {
    pub(crate) fn over(folder: tempfile::TempDir, archive: Archive) -> Self {
        Self { dir: folder.path().to_owned(), _folder: Some(folder), archive }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Puts bytes into the vault; they have not arrived yet.
    pub(crate) fn arrival(&self, bytes: &[u8]) -> Arrival {
        let (digest, size) = self.archive.vault().put(&mut &bytes[..]).unwrap();
        Arrival {
            id: self.archive.draw_arrival(),
            station: "er".into(),
            name: "DOE JANE.tif".into(),
            digest,
            size,
            at: Timestamp::now(),
        }
    }

    pub(crate) fn job(&self, arrivals: &[Arrival]) -> NewBatch {
        NewBatch {
            station: "er".into(),
            profile: Profile::default(),
            priority: Priority::Normal,
            grouping: Grouping::File,
            arrivals: arrivals.iter().map(|arrival| arrival.id).collect(),
            held: Vec::new(),
            declared_sheets: None,
            declared_pages: None,
            job_name: None,
            upload: None,
        }
    }

    /// A file comes and is a job.
    pub(crate) fn drop_file(&self, bytes: &[u8]) -> Closed {
        let arrival = self.arrival(bytes);
        self.archive.receive(&arrival).unwrap();
        self.archive.close_batch(&self.job(&[arrival])).unwrap()
    }

    /// A file of so many pages comes, is leased, surveyed and read.
    pub(crate) fn read_batch(&self, bytes: &[u8], count: u32) -> Lease {
        self.drop_file(bytes);
        let lease = self.archive.lease_next().unwrap().unwrap();
        self.archive.surveyed(&lease, 0, &Ok(survey(count))).unwrap();
        self.archive.number_pages(&lease).unwrap();
        self.read_pages(&lease, 1..=count);
        lease
    }

    pub(crate) fn read_pages(&self, lease: &Lease, numbers: impl IntoIterator<Item = u32>) {
        let mut pack = self.archive.pack_writer(lease).unwrap();
        for page in numbers {
            pack.append(PageNumber(page), &reading(&format!("words of page {page}"))).unwrap();
        }
        let read = pack.sync().unwrap();
        self.archive.pages_read(lease, &read).unwrap();
    }

    pub(crate) fn version(&self) -> IndexVersion {
        self.archive.index_version().unwrap()
    }

    /// Files a batch: every disposition as given, the rest of the pages blank.
    pub(crate) fn file(&self, lease: &Lease, dispositions: Vec<Disposition>) -> Filed {
        let filing = self.filing(lease, dispositions);
        self.archive.file(lease, &filing, &[]).unwrap()
    }

    pub(crate) fn filing(&self, lease: &Lease, dispositions: Vec<Disposition>) -> Filing {
        let named: BTreeSet<PageNumber> = dispositions
            .iter()
            .flat_map(|disposition| match disposition {
                Disposition::File(document) => document.pages.clone(),
                Disposition::Hold(exception) => exception.pages.clone(),
            })
            .collect();
        let all = self.archive.batch(&lease.batch()).unwrap().pages();
        let blanks = pages(1..=all).into_iter().filter(|page| !named.contains(page)).collect();
        let control_sheets = Vec::new();
        Filing {
            batch: lease.batch(),
            dispositions,
            control_sheets,
            blanks,
            held_sheets: Vec::new(),
            boxes: Vec::new(),
            reused: Vec::new(),
            copies: Copies::default(),
            rescanned: Vec::new(),
            version: self.version(),
        }
    }

    /// One document of one page in Jane Doe's chart.
    pub(crate) fn filed_page(&self) -> (PageRef, DocumentId) {
        let jane = self.jane();
        let lease = self.read_batch(b"one page", 1);
        let filed = self.file(&lease, vec![document(&lease, [1], jane)]);
        (PageRef { batch: lease.batch(), page: PageNumber(1) }, filed.documents[0])
    }

    /// One exception of three pages.
    pub(crate) fn held_pages(&self, reason: Reason) -> (BatchId, ExceptionId) {
        let lease = self.read_batch(b"three pages", 3);
        let filed = self.file(&lease, vec![hold(&lease, 1..=3, reason)]);
        (lease.batch(), filed.exceptions[0])
    }

    pub(crate) fn import(&self, rows: Vec<PatientRow>) -> PatientReport {
        self.archive.import_patients(&delta(rows)).unwrap()
    }

    pub(crate) fn patient(&self, mrn: &str) -> PatientId {
        self.archive.patient_by_number(&number(mrn)).unwrap().unwrap().id
    }

    /// Jane Doe, born 1962-03-15, number 00123456.
    pub(crate) fn jane(&self) -> PatientId {
        if self.archive.patient_by_number(&number("00123456")).unwrap().is_none() {
            self.import(vec![row("00123456", "Doe", "Jane", "1962-03-15")]);
        }
        self.patient("00123456")
    }
}

pub(crate) fn number(mrn: &str) -> Identifier {
    Identifier::mrn(&AuthorityId("GENHOSP".into()), mrn)
}

pub(crate) fn delta(rows: Vec<PatientRow>) -> PatientImport {
    PatientImport {
        source: "csv".into(),
        full: false,
        rows,
        dry_run: false,
        despite_losses: false,
        skip_faulty: false,
        left_out: 0,
        by: "os:test".into(),
    }
}

pub(crate) fn name(family: &str, given: &str) -> PersonName {
    PersonName { family: family.into(), given: given.into(), middle: String::new(), suffix: String::new() }
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn row(mrn: &str, family: &str, given: &str, born: &str) -> PatientRow {
    PatientRow {
        line: 2,
        authority: AuthorityId("GENHOSP".into()),
        mrn: mrn.into(),
        name: Some(name(family, given)),
        birth_date: Some(day(born)),
        sex: Some(Sex::Female),
        died: None,
        merged_into_mrn: None,
        updated_at: None,
        flags: archive::FlagChanges::default(),
    }
}

/// A row that only tells of a merge.
pub(crate) fn merged(mrn: &str, into: &str) -> PatientRow {
    PatientRow {
        name: None,
        birth_date: None,
        sex: None,
        merged_into_mrn: Some(into.into()),
        ..row(mrn, "", "", "1900-01-01")
    }
}

pub(crate) fn seen(what: Seen) -> Sighting {
    Sighting {
        page: PageNumber(1),
        place: records::geometry::Rect::default(),
        text: String::new(),
        confidence: 99.0,
        what,
        stands: Stands::Field,
        witness: true,
    }
}

pub(crate) fn seen_number(value: &str, authority: Option<&str>) -> Sighting {
    seen(Seen::Number {
        value: canonical(value),
        kind: None,
        authority: authority.map(|name| AuthorityId(name.into())),
        symbol: None,
    })
}

pub(crate) fn survey(pages: u32) -> Survey {
    Survey { format: Format::Tiff, pages, damage: None }
}

pub(crate) fn encrypted() -> Fault {
    Fault::new(FaultCode::Encrypted, "the file is locked")
}

pub(crate) fn reading(text: &str) -> PageReading {
    PageReading {
        width: 2550,
        height: 3300,
        dpi: [300, 300],
        native_dpi: None,
        turn: Turn::None,
        skew: 0.0,
        blank: false,
        confidence: 91.0,
        words: text
            .split(' ')
            .map(|word| records::reading::Word::new(word, records::geometry::Rect::default(), 91.0, 0))
            .collect(),
        barcodes: Vec::new(),
        unread_symbols: Vec::new(),
        poor_areas: Vec::new(),
        header_lines: Vec::new(),
        footer_lines: Vec::new(),
        quality: Quality::default(),
        source: TextSource::Ocr,
        reader: ReaderVersion("test/1".into()),
        error: None,
    }
}

pub(crate) fn document(
    lease: &Lease,
    numbers: impl IntoIterator<Item = u32>,
    patient: PatientId,
) -> Disposition {
    Disposition::File(new_document(lease.batch(), numbers, patient))
}

pub(crate) fn new_document(
    batch: BatchId,
    numbers: impl IntoIterator<Item = u32>,
    patient: PatientId,
) -> NewDocument {
    let pages = pages(numbers);
    NewDocument {
        id: DocumentId::of(batch, pages[0], Issue::Line),
        pages,
        patient,
        filed_under: number("00123456"),
        kind: KindCode("LAB".into()),
        service: Some((day("2019-04-02"), day("2019-04-02"))),
        labels: Vec::new(),
        ground: Ground::NumberNameBirthDate,
        evidence: Vec::new(),
    }
}

pub(crate) fn hold(lease: &Lease, numbers: impl IntoIterator<Item = u32>, reason: Reason) -> Disposition {
    let pages = pages(numbers);
    let first = pages.first().copied().unwrap_or(PageNumber(0));
    Disposition::Hold(NewException {
        id: ExceptionId::of(lease.batch(), first, Issue::Line),
        pages,
        reasons: vec![reason],
        candidates: Vec::new(),
        evidence: Vec::new(),
        detail: None,
        kind: KindCode::unsorted(),
        service: None,
        proposed: None,
        labels: Vec::new(),
    })
}

pub(crate) fn serial() -> SerialUse {
    SerialUse { site: "SITE".into(), serial: "0123456789ABCDEFGHJK".into(), kind: 'P' }
}

pub(crate) fn clerk() -> Viewer {
    Viewer { name: "clerk:lopez".into(), labels: BTreeSet::new(), worklist: true, emergency: BTreeSet::new() }
}
