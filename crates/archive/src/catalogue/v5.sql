-- The catalogue, version 5: people with accounts, and what they keep at the desk.

-- Names are lower case, as they are typed at sign-in. A password is a PHC string; absent: not yet chosen.
CREATE TABLE account (
    name         TEXT PRIMARY KEY,
    display      TEXT NOT NULL,
    roles        TEXT NOT NULL,                -- JSON
    labels       TEXT NOT NULL,                -- JSON, protection labels that may be seen
    password     TEXT,
    totp         TEXT,                         -- base32; absent: not asked for
    totp_step    INTEGER NOT NULL DEFAULT 0,   -- the last one used: a code counts once
    disabled     INTEGER NOT NULL DEFAULT 0,
    failures     INTEGER NOT NULL DEFAULT 0,   -- since the last success
    locked_until INTEGER,
    last_seen    INTEGER,
    created      INTEGER NOT NULL,
    created_by   TEXT NOT NULL,
    -- Raised by whatever ends the sessions of an account.
    generation   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Single-use links by the SHA-256 of their secret. Without an account: makes the first administrator.
CREATE TABLE account_link (
    secret  BLOB PRIMARY KEY,
    account TEXT REFERENCES account (name),
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who works on what of the worklist (an exception's or doubt's id, as text).
CREATE TABLE claim (
    item TEXT PRIMARY KEY,
    by   TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Searches that somebody keeps. The query is patient data.
CREATE TABLE saved_search (
    owner TEXT NOT NULL,
    name  TEXT NOT NULL,
    query TEXT NOT NULL,
    at    INTEGER NOT NULL,
    PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;

-- Emergency access: for one person to one patient's restricted documents, for a while. Never deleted.
CREATE TABLE emergency (
    key     INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient (key),
    code    TEXT NOT NULL,
    reason  TEXT NOT NULL,
    began   INTEGER NOT NULL,
    ends    INTEGER NOT NULL,
    -- Judged by a privacy officer.
    judged_by TEXT,
    judged_at INTEGER,
    judgement TEXT
) STRICT;
CREATE INDEX emergency_account ON emergency (account, ends);
CREATE INDEX emergency_open ON emergency (began) WHERE judged_at IS NULL;

-- The audit by who did it and by whom it was about.
CREATE TABLE audit_actor (
    actor TEXT NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (actor, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_patient (
    patient BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (patient, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_actor (actor, seq) SELECT event ->> '$.entry.actor', seq FROM audit
    WHERE event ->> '$.entry.actor' IS NOT NULL;
INSERT INTO audit_patient (patient, seq)
    SELECT unhex(replace(event ->> '$.entry.patient', '-', '')), seq FROM audit
    WHERE event ->> '$.entry.patient' IS NOT NULL;
