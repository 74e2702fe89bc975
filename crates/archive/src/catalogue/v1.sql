-- The catalogue, version 1. Rows only, never words: what machines read lies in the packs.
-- Times are milliseconds since 1970 UTC, days are ISO text, ids are their 16 bytes. `key` is a row's place in
-- this catalogue only; it never leaves it.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- Intake -------------------------------------------------------------------------------------------------

CREATE TABLE station (
    name      TEXT PRIMARY KEY,
    last_file INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A closed job. `content` is the id of its first occurrence: equal for equal ordered originals.
CREATE TABLE batch (
    key             INTEGER PRIMARY KEY,
    id              BLOB NOT NULL UNIQUE,
    content         BLOB NOT NULL,
    occurrence      INTEGER NOT NULL,
    station         TEXT NOT NULL,
    profile         TEXT NOT NULL,             -- JSON
    priority        INTEGER NOT NULL,          -- 0 normal, 1 stat
    grouping        TEXT NOT NULL,             -- JSON
    held            TEXT NOT NULL,             -- JSON, reason codes
    declared_sheets INTEGER,
    created         INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'reading', 'filed', 'failed')),
    filed_at        INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0,
    retry_at        INTEGER,
    fault           TEXT,                      -- JSON
    lease_owner     TEXT,
    lease_token     INTEGER,
    -- Bytes of the reading pack whose pages are reported in `place`.
    pack_end        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (content, occurrence)
) STRICT;
CREATE INDEX batch_open ON batch (priority DESC, created, key) WHERE state IN ('waiting', 'reading');
CREATE INDEX batch_failed ON batch (key) WHERE state = 'failed';

-- Every file that came, also a duplicate. The name is patient data.
CREATE TABLE arrival (
    key          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    station      TEXT NOT NULL,
    name         TEXT NOT NULL,
    digest       BLOB NOT NULL,
    size         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    job          TEXT,
    taken        BLOB,                         -- a path, as bytes
    batch        INTEGER REFERENCES batch (key),
    duplicate_of INTEGER REFERENCES batch (key)
) STRICT;
CREATE INDEX arrival_unbatched ON arrival (at) WHERE batch IS NULL AND duplicate_of IS NULL;
CREATE INDEX arrival_duplicate ON arrival (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX arrival_batch ON arrival (batch) WHERE batch IS NOT NULL;

-- Files of folders that cannot be written, by what they look like from outside.
CREATE TABLE file_seen (
    station  TEXT NOT NULL,
    path     BLOB NOT NULL,
    dev      INTEGER NOT NULL,
    ino      INTEGER NOT NULL,
    size     INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    arrival  BLOB NOT NULL,
    PRIMARY KEY (station, path, dev, ino, size, mtime_ns)
) STRICT, WITHOUT ROWID;

CREATE TABLE original (
    batch      INTEGER NOT NULL,
    ordinal    INTEGER NOT NULL,
    arrival    INTEGER NOT NULL,
    digest     BLOB NOT NULL,
    size       INTEGER NOT NULL,
    name       TEXT NOT NULL,
    received   INTEGER NOT NULL,
    pages      INTEGER,
    first_page INTEGER,
    format     TEXT,                           -- JSON
    fault      TEXT,                           -- JSON
    damage     TEXT,                           -- JSON
    PRIMARY KEY (batch, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX original_digest ON original (digest);
CREATE INDEX original_name ON original (name);

-- Pages --------------------------------------------------------------------------------------------------

-- Where every page is, exactly once: 0 pending, 1 document, 2 exception, 3 control sheet, 4 blank,
-- 5 superseded, 6 void, 7 set aside. `home` is the key of the document (1) or exception (2, 7).
-- The rest is where its last reading lies in the batch's pack, and what a list needs to know of it.
CREATE TABLE place (
    batch      INTEGER NOT NULL,
    page       INTEGER NOT NULL,
    place      INTEGER NOT NULL DEFAULT 0 CHECK (place BETWEEN 0 AND 7),
    home       INTEGER,
    original   INTEGER NOT NULL,
    offset     INTEGER,
    length     INTEGER,
    reader     INTEGER,
    blank      INTEGER,
    readable   INTEGER,
    words      INTEGER,
    confidence REAL,
    PRIMARY KEY (batch, page),
    CHECK (place NOT IN (1, 2) OR home IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE reader (
    key     INTEGER PRIMARY KEY,
    version TEXT NOT NULL UNIQUE
) STRICT;

-- Charts -------------------------------------------------------------------------------------------------

-- 'staged' rows are laid ready for a filing that has not happened: nothing may see them.
CREATE TABLE document (
    key            INTEGER PRIMARY KEY,
    id             BLOB NOT NULL UNIQUE,
    batch          INTEGER NOT NULL,
    first_page     INTEGER NOT NULL,
    issue          INTEGER NOT NULL,
    patient        INTEGER NOT NULL REFERENCES patient (key),
    authority      TEXT NOT NULL,
    number         TEXT NOT NULL,
    number_kind    TEXT NOT NULL,
    kind           TEXT NOT NULL,
    service_from   TEXT,
    service_to     TEXT,
    labels         TEXT NOT NULL,              -- JSON
    state          TEXT NOT NULL CHECK (state IN ('staged', 'filed', 'void', 'quarantined')),
    filed_by       TEXT NOT NULL,
    filed_at       INTEGER NOT NULL,
    withdrawn_by   TEXT,
    withdrawn_at   INTEGER,
    withdrawn_why  TEXT,
    UNIQUE (batch, first_page, issue)
) STRICT;
CREATE INDEX document_patient ON document (patient);

-- Pages of a document in order, as runs of consecutive pages, from any batch.
CREATE TABLE document_run (
    document INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,
    batch    INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_evidence (
    document INTEGER PRIMARY KEY,
    evidence TEXT NOT NULL                     -- JSON
) STRICT;

CREATE TABLE exception (
    key          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    batch        INTEGER NOT NULL,
    first_page   INTEGER NOT NULL,
    issue        INTEGER NOT NULL,
    reasons      TEXT NOT NULL,                -- JSON, reason codes
    was_contrary INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    service_from TEXT,
    service_to   TEXT,
    state        TEXT NOT NULL CHECK (state IN ('staged', 'open', 'resolved', 'void', 'set_aside')),
    created      INTEGER NOT NULL,
    document     BLOB,
    resolution   TEXT,
    resolved_by  TEXT,
    resolved_at  INTEGER,
    UNIQUE (batch, first_page, issue)
) STRICT;
CREATE INDEX exception_open ON exception (created, key) WHERE state = 'open';

CREATE TABLE exception_run (
    exception INTEGER NOT NULL,
    ordinal   INTEGER NOT NULL,
    batch     INTEGER NOT NULL,
    first     INTEGER NOT NULL,
    last      INTEGER NOT NULL,
    PRIMARY KEY (exception, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE exception_detail (
    exception  INTEGER PRIMARY KEY,
    candidates TEXT NOT NULL,                  -- JSON
    evidence   TEXT NOT NULL,                  -- JSON
    detail     TEXT
) STRICT;

-- Control sheets -----------------------------------------------------------------------------------------

CREATE TABLE sheet_issued (
    site      TEXT NOT NULL,
    serial    TEXT NOT NULL,
    kind      TEXT NOT NULL,
    authority TEXT,
    number    TEXT,
    number_kind TEXT,
    confirmed INTEGER NOT NULL,
    issued_by TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    PRIMARY KEY (serial, site, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE sheet_appearance (
    site   TEXT NOT NULL,
    serial TEXT NOT NULL,
    kind   TEXT NOT NULL,
    batch  INTEGER NOT NULL,
    page   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (serial, site, kind, batch, page)
) STRICT, WITHOUT ROWID;

-- Patient index ------------------------------------------------------------------------------------------

-- One identity. Merges point, they never rewrite.
CREATE TABLE patient (
    key         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    birth_date  TEXT,
    sex         TEXT,
    died        TEXT,
    flags       INTEGER NOT NULL DEFAULT 0,
    merged_into INTEGER REFERENCES patient (key),
    updated_at  INTEGER
) STRICT;
CREATE INDEX patient_merged ON patient (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX patient_frozen ON patient (key) WHERE flags & 8;

CREATE TABLE patient_identifier (
    value     TEXT NOT NULL,
    authority TEXT NOT NULL,
    kind      TEXT NOT NULL,
    patient   INTEGER NOT NULL REFERENCES patient (key),
    printed   TEXT NOT NULL,
    retired   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (value, authority, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_identifier_patient ON patient_identifier (patient);

-- Everybody who assigns numbers, so that asking for them costs nothing.
CREATE TABLE authority (
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Every name a person ever had.
CREATE TABLE patient_name (
    patient    INTEGER NOT NULL REFERENCES patient (key),
    family     TEXT NOT NULL,
    given      TEXT NOT NULL,
    middle     TEXT NOT NULL,
    suffix     TEXT NOT NULL,
    family_key TEXT NOT NULL,
    given_key  TEXT NOT NULL,
    current    INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    PRIMARY KEY (patient, family, given, middle, suffix)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_name_key ON patient_name (family_key, given_key);

-- Every birth date the index ever had for a person.
CREATE TABLE patient_birth_date (
    day     TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient (key),
    current INTEGER NOT NULL,
    PRIMARY KEY (day, patient)
) STRICT, WITHOUT ROWID;
CREATE INDEX patient_birth_date_patient ON patient_birth_date (patient);

CREATE TABLE patient_source (
    source       TEXT PRIMARY KEY,
    last_contact INTEGER NOT NULL,
    last_full    INTEGER,
    rows         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE encounter (
    value     TEXT NOT NULL,
    authority TEXT NOT NULL,
    kind      TEXT NOT NULL,
    patient   INTEGER NOT NULL REFERENCES patient (key),
    first_day TEXT,
    last_day  TEXT,
    PRIMARY KEY (value, authority, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX encounter_patient ON encounter (patient);

-- Change log and audit -----------------------------------------------------------------------------------

-- AUTOINCREMENT: a position is never given twice.
CREATE TABLE change (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    what     TEXT NOT NULL,
    document BLOB,
    batch    INTEGER NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

-- hash = SHA-256(hash of the entry before, event).
CREATE TABLE audit (
    seq   INTEGER PRIMARY KEY,
    hash  BLOB NOT NULL,
    event TEXT NOT NULL                        -- JSON
) STRICT;

CREATE TABLE audit_run (
    batch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (batch, first, last, seq)
) STRICT, WITHOUT ROWID;
