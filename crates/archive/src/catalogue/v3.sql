-- The catalogue, version 3: whose page it is.

-- The patient index -------------------------------------------------------------------------------------

-- Lists that are being taken in. Their rows are laid ready first; from `decided` on the import will happen, whoever
-- finishes it, and until its row is gone the index counts as out of date.
CREATE TABLE patient_import (
    key     INTEGER PRIMARY KEY,
    plan    TEXT NOT NULL,                     -- JSON: source, full, by …
    decided INTEGER,
    done    INTEGER NOT NULL DEFAULT 0,        -- rows that are written
    report  TEXT NOT NULL                      -- JSON: what it has come to so far
) STRICT;

CREATE TABLE patient_import_row (
    import  INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    row     TEXT NOT NULL,                     -- JSON
    PRIMARY KEY (import, ordinal)
) STRICT, WITHOUT ROWID;

-- When a source first and last named a number; absent in what version 2 left.
ALTER TABLE patient_identifier ADD COLUMN first_seen INTEGER;
ALTER TABLE patient_identifier ADD COLUMN last_seen INTEGER;
ALTER TABLE patient_identifier ADD COLUMN source TEXT;

-- What was changed about an identity, and what stood there before. A merge is in force from the row that tells of it.
CREATE TABLE patient_change (
    key     INTEGER PRIMARY KEY,
    patient INTEGER NOT NULL REFERENCES patient (key),
    at      INTEGER NOT NULL,
    by      TEXT NOT NULL,
    source  TEXT NOT NULL,
    what    TEXT NOT NULL,                     -- corrected, merged, unmerged, moved, retired, flags …
    detail  TEXT NOT NULL                      -- JSON
) STRICT;
CREATE INDEX patient_change_patient ON patient_change (patient, key);

-- What a person has to look at in the index. AUTOINCREMENT: people name a matter by its number.
CREATE TABLE patient_matter (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,                  -- frozen, merge_refused, merged, vanished
    patient    INTEGER NOT NULL REFERENCES patient (key),
    other      INTEGER REFERENCES patient (key),
    why        TEXT,
    source     TEXT NOT NULL,
    since      INTEGER NOT NULL,
    opened     INTEGER NOT NULL,
    settled_at INTEGER,
    settled_by TEXT,
    note       TEXT
) STRICT;
-- The same news twice is one matter.
CREATE UNIQUE INDEX patient_matter_open ON patient_matter (kind, patient, coalesce(other, 0)) WHERE settled_at IS NULL;
CREATE INDEX patient_matter_patient ON patient_matter (patient);


-- Acts of a person, doubts ------------------------------------------------------------------------------

-- Questions about filed documents: the pages stay in their document until a person decides.
CREATE TABLE doubt (
    key         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    document    INTEGER NOT NULL REFERENCES document (key),
    reasons     TEXT NOT NULL,                 -- JSON, reason codes
    evidence    TEXT NOT NULL,                 -- JSON
    due         TEXT,                          -- the day it is to be looked at; absent: now
    state       TEXT NOT NULL CHECK (state IN ('open', 'dismissed', 'resolved')),
    raised_by   TEXT NOT NULL,
    created     INTEGER NOT NULL,
    resolution  TEXT,
    resolved_by TEXT,
    resolved_at INTEGER
) STRICT;
CREATE INDEX doubt_document ON doubt (document);
CREATE INDEX doubt_open ON doubt (created, key) WHERE state = 'open';

-- The clerk whose act made it (a split, a join); absent: the line.
ALTER TABLE exception ADD COLUMN made_by TEXT;
-- What a person said its pages are instead (`misdirected`, `route:BILLING`), and the day to look again.
ALTER TABLE exception ADD COLUMN disposition TEXT;
ALTER TABLE exception ADD COLUMN follow_up TEXT;
UPDATE exception SET disposition = substr(resolution, 1, instr(resolution || ': ', ': ') - 1)
    WHERE resolution IS NOT NULL AND state IN ('open', 'set_aside');
CREATE INDEX exception_disposition ON exception (disposition) WHERE disposition IS NOT NULL;

-- The visit or account number it belongs to. JSON.
ALTER TABLE document ADD COLUMN encounter TEXT;
-- When, and with which patient index, its pages were last looked through for other people.
ALTER TABLE document ADD COLUMN swept_at INTEGER;
ALTER TABLE document ADD COLUMN swept_version INTEGER;
CREATE INDEX document_sweep ON document (swept_at, key) WHERE state = 'filed';
CREATE INDEX document_untyped ON document (filed_at, key) WHERE state = 'filed' AND kind = 'UNSORTED';

-- What a document was before a clerk changed it.
CREATE TABLE document_edit (
    key      INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (key),
    was      TEXT NOT NULL,                    -- JSON
    by       TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX document_edit_document ON document_edit (document);

-- Control sheets that no machine could read, as a clerk read them: a declaration of that clerk (with a serial of its
-- own), a separator, or no sheet at all. `outcome`: what came of it; absent: what is behind it is still to be judged.
CREATE TABLE sheet_mended (
    batch     INTEGER NOT NULL,
    page      INTEGER NOT NULL,
    stands    TEXT NOT NULL CHECK (stands IN ('cover', 'separator', 'page')),
    site      TEXT NOT NULL,
    serial    TEXT NOT NULL UNIQUE,
    authority TEXT,
    number    TEXT,
    sheets    INTEGER,
    by        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    exception INTEGER NOT NULL REFERENCES exception (key),
    outcome   TEXT,
    PRIMARY KEY (batch, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX sheet_mended_open ON sheet_mended (batch) WHERE outcome IS NULL;

CREATE INDEX batch_station ON batch (station, created);



-- Shadow mode, pages and sheets that came twice ---------------------------------------------------------

-- Whom the line would have filed an exception to, were its station not on trial: held against what a person decides.
-- `part`: split off such an exception, so that it can disagree only.
CREATE TABLE shadow_proposal (
    exception INTEGER PRIMARY KEY,
    patient   INTEGER NOT NULL REFERENCES patient (key),
    part      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- How a kind of document stands at a station: decisions that agreed with the line since the last that did not, and
-- who ended the trial.
CREATE TABLE shadow_class (
    station           TEXT NOT NULL,
    kind              TEXT NOT NULL,
    agreeing          INTEGER NOT NULL DEFAULT 0,
    disagreeing       INTEGER NOT NULL DEFAULT 0,
    last_disagreement INTEGER,
    signed_by         TEXT,
    signed_at         INTEGER,
    PRIMARY KEY (station, kind)
) STRICT, WITHOUT ROWID;

-- What near-duplicates of a page are found by: two keyed hashes a page that names somebody. (The key is in `meta`.)
CREATE TABLE page_print (
    hash  INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    page  INTEGER NOT NULL,
    PRIMARY KEY (hash, batch, page)
) STRICT, WITHOUT ROWID;

-- Whose pages they are, said who handed the file in.
CREATE TABLE batch_upload (
    batch       INTEGER PRIMARY KEY REFERENCES batch (key),
    authority   TEXT NOT NULL,
    number      TEXT NOT NULL,
    number_kind TEXT NOT NULL,
    declared_by TEXT NOT NULL,
    declared_at INTEGER NOT NULL
) STRICT;


-- Candidates and grounds --------------------------------------------------------------------------------

-- The row of the witness table that let it be filed (JSON); absent: filed by an earlier version.
ALTER TABLE document ADD COLUMN ground TEXT;
-- Protection labels that what is held will carry (JSON).
ALTER TABLE exception ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
-- How common a given name is, and who has it.
CREATE INDEX patient_name_given ON patient_name (given_key);

