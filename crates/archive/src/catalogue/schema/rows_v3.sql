-- What version 3 brought.

-- The patient index
INSERT INTO patient_import (key, plan, report) VALUES (1, '{"source":"csv","full":false,"by":"os:root"}', '{}');
INSERT INTO patient_import_row (import, ordinal, row) VALUES (1, 0, '{}');
INSERT INTO patient_change (key, patient, at, by, source, what, detail) VALUES (1, 1, 1700000000000, 'clerk:lopez', 'manual', 'flags', '{}');
INSERT INTO patient_matter (number, kind, patient, source, since, opened) VALUES (1, 'frozen', 1, 'csv', 1700000000000, 1700000000000);


-- Acts of a person, doubts
INSERT INTO doubt (key, id, document, reasons, evidence, due, state, raised_by, created)
VALUES (1, x'70707070707070707070707070707070', 1, '["SWEEP_OTHER_PATIENT"]', '[]', '2026-11-28', 'open', 'sweep', 1700000004000);
INSERT INTO document_edit (key, document, was, by, at) VALUES (1, 1, '{"kind":"UNSORTED"}', 'clerk:lopez', 1700000005000);
INSERT INTO sheet_mended (batch, page, stands, site, serial, authority, number, by, at, exception, outcome)
VALUES (1, 1, 'cover', 'SITE', 'S2', 'GENHOSP', '00123456', 'clerk:lopez', 1700000005000, 1, 'judged again');


-- Shadow mode, pages and sheets that came twice
INSERT INTO shadow_proposal (exception, patient) VALUES (1, 1);
INSERT INTO shadow_class (station, kind, agreeing, disagreeing, last_disagreement, signed_by, signed_at)
VALUES ('er', 'LAB', 312, 1, 1700000004000, 'clerk:supervisor', 1700000005000);
INSERT INTO page_print (hash, batch, page) VALUES (-42, 1, 1);
INSERT INTO batch_upload (batch, authority, number, number_kind, declared_by, declared_at)
VALUES (1, 'GENHOSP', '00123456', 'MR', 'clerk:lopez', 1700000000000);


-- Candidates and grounds

