//! Who may look at this page, and is it on record?

use std::collections::BTreeSet;
use std::fs::File;

use records::document::Label;
use records::ids::{Digest, DocumentId, PageRef};
use records::patient::PatientId;
use records::reading::{Format, PageReading};
use records::rights::{Scope, Viewer};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::audit::{Action, AuditEntry};
use super::changes::{excluded, excluded_pages};
use super::columns::{DOCUMENT, Json, SUPERSEDED, batch_key};
use crate::error::{ArchiveError, Result};
use crate::open::Archive;
use crate::pack::{PackReader, Span};
use crate::views::{PictureSize, StoredPicture};

/// The right to look at named pages, already on record. Made only by [`Archive::viewer_sight`]. It ends with what it
/// was given for: a page that is hidden meanwhile (wrong chart, another label) is not given any more.
#[derive(Debug)]
pub struct Sight {
    viewer: Viewer,
    pages: BTreeSet<PageRef>,
    /// The audit entry.
    seq: u64,
}

impl Sight {
    /// Sequence number of its audit entry.
    pub fn audit_seq(&self) -> u64 {
        self.seq
    }

    pub fn covers(&self, page: PageRef) -> bool {
        self.pages.contains(&page)
    }
}

impl Archive {
    /// Asks for the right to look at pages. The entry in the audit is durable when this returns; so is a refusal's.
    ///
    /// # Errors
    /// `NotAllowed` if any of the pages is not for this viewer; `Unknown` if any does not exist.
    pub fn viewer_sight(&self, viewer: &Viewer, pages: &[PageRef], purpose: &str) -> Result<Sight> {
        let shown = self
            .0
            .catalogue
            .read(|c| pages.iter().map(|page| Shown::of(c, *page)).collect::<Result<Vec<_>>>())?;
        let refused = shown.iter().filter(|page| !page.is_for(viewer)).count();
        let one = |same: fn(&Shown) -> Option<[u8; 16]>| -> Option<[u8; 16]> {
            let first = same(shown.first()?)?;
            shown.iter().all(|page| same(page) == Some(first)).then_some(first)
        };
        let labels: BTreeSet<Label> = shown.iter().flat_map(|page| page.labels.iter().cloned()).collect();
        let seq = self.record(&AuditEntry {
            purpose: Some(purpose.to_owned()),
            patient: one(|page| page.patient).map(|id| PatientId(uuid::Uuid::from_bytes(id))),
            document: one(|page| page.document).map(DocumentId),
            pages: pages.to_vec(),
            labels: labels.into_iter().collect(),
            refused: refused > 0,
            ..AuditEntry::new(&viewer.name, Action::Read, "view")
        })?;
        if refused > 0 {
            return Err(ArchiveError::NotAllowed { viewer: viewer.name.clone(), pages: refused });
        }
        Ok(Sight { viewer: viewer.clone(), pages: pages.iter().copied().collect(), seq })
    }

    /// What a machine saw on a page; `None`: not read yet.
    pub fn reading(&self, sight: &Sight, page: PageRef) -> Result<Option<PageReading>> {
        self.redeem(sight, page)?;
        let span =
            self.0.catalogue.read(|c| {
                let span = c
                    .prepare_cached("SELECT offset, length FROM place WHERE batch = ?1 AND page = ?2")?
                    .query_row(params![batch_key(c, &page.batch)?, page.page.0], |row| {
                        Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
                    })
                    .optional()?;
                Ok::<_, ArchiveError>(span.and_then(|(offset, length)| {
                    Some(Span { offset: offset? as u64, length: length? as u64 })
                }))
            })?;
        let Some(span) = span else { return Ok(None) };
        PackReader::open(&self.pack(&page.batch), [(page.page, span)].into())?.get(page.page)
    }

    /// The picture of a page, where it is kept; else it is to be made from [`Archive::original`].
    pub fn view(&self, sight: &Sight, page: PageRef, size: PictureSize) -> Result<Option<StoredPicture>> {
        self.redeem(sight, page)?;
        self.kept_view(page, size)
    }

    /// The original a page is from, its format, and the page's number in it, from 0.
    pub fn original(&self, sight: &Sight, page: PageRef) -> Result<(File, Option<Format>, u32)> {
        self.redeem(sight, page)?;
        let (digest, format, number) = self.0.catalogue.read(|c| {
            c.prepare_cached(
                "SELECT o.digest, o.format, p.page - o.first_page FROM place p
                 JOIN original o ON o.batch = p.batch AND o.ordinal = p.original
                 WHERE p.batch = ?1 AND p.page = ?2 AND o.first_page IS NOT NULL",
            )?
            .query_row(params![batch_key(c, &page.batch)?, page.page.0], |row| {
                let format: Option<Json<Format>> = row.get(1)?;
                Ok((Digest(row.get(0)?), format.map(|format| format.0), row.get(2)?))
            })
            .optional()?
            .ok_or(ArchiveError::Unknown { what: "page" })
        })?;
        Ok((self.vault().open(&digest)?, format, number))
    }

    /// What the viewer may find, given how far the index has followed.
    pub fn scope(&self, viewer: &Viewer, position: u64) -> Result<Scope> {
        let (excluded, excluded_pages) = self
            .0
            .catalogue
            .read(|c| Ok::<_, ArchiveError>((excluded(c, position)?, excluded_pages(c, position)?)))?;
        Ok(Scope { labels: viewer.labels.clone(), worklist: viewer.worklist, excluded, excluded_pages })
    }

    /// Whether the page may still be shown: wherever it is by now, to the viewer as they were.
    fn redeem(&self, sight: &Sight, page: PageRef) -> Result<()> {
        if !sight.covers(page) {
            return Err(ArchiveError::Unknown { what: "page of this sight" });
        }
        if self.0.catalogue.read(|c| Shown::of(c, page))?.is_for(&sight.viewer) {
            Ok(())
        } else {
            Err(ArchiveError::NotAllowed { viewer: sight.viewer.name.clone(), pages: 1 })
        }
    }
}

/// What decides whether a page may be shown.
struct Shown {
    labels: Vec<Label>,
    /// In a chart, as anybody with an account may see it; else only who may see the worklist.
    filed: bool,
    document: Option<[u8; 16]>,
    patient: Option<[u8; 16]>,
}

impl Shown {
    fn of(c: &Connection, page: PageRef) -> Result<Self> {
        let (mut shown, place) = Self::where_it_is(c, page)?;
        if place == SUPERSEDED {
            shown.protect_as_what_superseded_it(c, page)?;
        }
        Ok(shown)
    }

    fn where_it_is(c: &Connection, page: PageRef) -> Result<(Self, i64)> {
        c.prepare_cached(
            "SELECT p.place, d.state, d.labels, d.id, pt.id FROM place p
             LEFT JOIN document d ON p.place = 1 AND d.key = p.home LEFT JOIN patient pt ON pt.key = d.patient
             WHERE p.batch = ?1 AND p.page = ?2",
        )?
        .query_row(params![batch_key(c, &page.batch)?, page.page.0], |row| {
            let state: Option<String> = row.get(1)?;
            let place = row.get::<_, i64>(0)?;
            let shown = Self {
                filed: place == DOCUMENT && state.as_deref() == Some("filed"),
                labels: row.get::<_, Option<Json<_>>>(2)?.map_or_else(Vec::new, |labels| labels.0),
                document: row.get(3)?,
                patient: row.get(4)?,
            };
            Ok((shown, place))
        })
        .optional()?
        .ok_or(ArchiveError::Unknown { what: "page" })
    }

    /// An old picture is a picture of the same paper: it is protected as the document it was in, and as the one in which
    /// the new picture is.
    fn protect_as_what_superseded_it(&mut self, c: &Connection, page: PageRef) -> Result<()> {
        let mut rows = c.prepare_cached(
            "WITH RECURSIVE later (batch, page, was) AS (
                 SELECT ?1, ?2, NULL
                 UNION SELECT r.came_batch, r.came_first, r.document FROM later
                 JOIN rescan r ON r.batch = later.batch AND later.page BETWEEN r.old_first AND r.old_last
                     AND r.outcome IN ('home', 'taken'))
             SELECT d.labels, d.id, pt.id FROM later
             LEFT JOIN place p ON p.batch = later.batch AND p.page = later.page AND p.place = 1
             JOIN document d ON d.key IN (later.was, p.home) JOIN patient pt ON pt.key = d.patient
             ORDER BY d.state = 'filed'",
        )?;
        let mut rows = rows.query(params![batch_key(c, &page.batch)?, page.page.0])?;
        while let Some(row) = rows.next()? {
            self.labels.extend(row.get::<_, Json<Vec<Label>>>(0)?.0);
            (self.document, self.patient) = (row.get(1)?, row.get(2)?);
        }
        Ok(())
    }

    fn is_for(&self, viewer: &Viewer) -> bool {
        let patient = self.patient.map(|id| PatientId(uuid::Uuid::from_bytes(id)));
        (self.filed || viewer.worklist) && viewer.may_see(&self.labels, patient)
    }
}
