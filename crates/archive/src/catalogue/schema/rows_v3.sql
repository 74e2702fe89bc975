-- What version 3 brought.

-- The patient index


-- Acts of a person, doubts


-- Shadow mode, pages and sheets that came twice


-- Candidates and grounds

