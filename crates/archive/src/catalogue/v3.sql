-- The catalogue, version 3: whose page it is.

-- The patient index -------------------------------------------------------------------------------------



-- Acts of a person, doubts ------------------------------------------------------------------------------



-- Shadow mode, pages and sheets that came twice ---------------------------------------------------------



-- Candidates and grounds --------------------------------------------------------------------------------

-- The row of the witness table that let it be filed (JSON); absent: filed by an earlier version.
ALTER TABLE document ADD COLUMN ground TEXT;
-- How common a given name is, and who has it.
CREATE INDEX patient_name_given ON patient_name (given_key);

