-- The catalogue, version 7: sheets that are to be scanned again.

-- A slip that was printed, what it is for, and what came of it. The item is something held, or a filed document with
-- the doubt that keeps the question open; both are the present ones: what supersedes them is pointed to.
CREATE TABLE rescan (
    key        INTEGER PRIMARY KEY,
    site       TEXT NOT NULL,
    serial     TEXT NOT NULL,
    batch      INTEGER NOT NULL,               -- of the page it was asked for
    page       INTEGER NOT NULL,
    exception  INTEGER REFERENCES exception (key),
    document   INTEGER REFERENCES document (key),
    doubt      INTEGER REFERENCES doubt (key),
    asked_by   TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    -- home: it superseded the old sheet; both: both pictures stay on the item; taken, kept: a person chose between
    -- them; absent: it has not come.
    outcome    TEXT CHECK (outcome IN ('home', 'both', 'taken', 'kept')),
    -- The sides of the old sheet, and those that came.
    old_first  INTEGER,
    old_last   INTEGER,
    came_batch INTEGER,
    came_first INTEGER,
    came_last  INTEGER,
    settled_by TEXT,
    settled_at INTEGER,
    CHECK ((document IS NULL) = (doubt IS NULL) AND (exception IS NULL) <> (document IS NULL)),
    CHECK ((outcome IS NULL) = (came_batch IS NULL)),
    UNIQUE (serial, site)
) STRICT;
CREATE INDEX rescan_open ON rescan (asked_at, key) WHERE outcome IS NULL OR outcome = 'both';
CREATE INDEX rescan_page ON rescan (batch, page);
CREATE INDEX rescan_came ON rescan (came_batch, came_first) WHERE came_batch IS NOT NULL;
CREATE INDEX rescan_exception ON rescan (exception) WHERE exception IS NOT NULL;
CREATE INDEX rescan_document ON rescan (document) WHERE document IS NOT NULL;
