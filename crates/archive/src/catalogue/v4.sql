-- The catalogue, version 4: which box of paper a page came in.

-- From this page of the batch on, up to the next row: `project.box`, as a signed sheet says.
CREATE TABLE paper_box (
    batch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    box   TEXT NOT NULL,
    PRIMARY KEY (batch, first)
) STRICT, WITHOUT ROWID;
