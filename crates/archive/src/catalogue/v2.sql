-- The catalogue, version 2: late files, backups, damage found in the background.

-- The name of a job folder or index file, to know a file that comes after its job was closed. Patient data.
ALTER TABLE batch ADD COLUMN job_name TEXT;
-- Images that an index file declared; sheets of paper are `declared_sheets`.
ALTER TABLE batch ADD COLUMN declared_pages INTEGER;
CREATE INDEX batch_job_name ON batch (station, job_name, created) WHERE job_name IS NOT NULL;

-- Every backup that was begun. It holds what was received before `begun`; `verified` is when all of it had been
-- hashed again where it lies now, absent: not yet, or it failed.
CREATE TABLE backup (
    key         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    destination TEXT NOT NULL,
    begun       INTEGER NOT NULL,
    verified    INTEGER
) STRICT;

-- When an original was last hashed in the background, and whether it was what its name says.
CREATE TABLE object_check (
    digest BLOB PRIMARY KEY,
    at     INTEGER NOT NULL,
    whole  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX object_check_at ON object_check (at);
CREATE INDEX object_check_damaged ON object_check (digest) WHERE NOT whole;

-- When the file kept in `taken/` was removed, a verified backup holding it.
ALTER TABLE arrival ADD COLUMN purged INTEGER;
CREATE INDEX arrival_kept ON arrival (at) WHERE taken IS NOT NULL AND purged IS NULL;
