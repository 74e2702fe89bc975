-- A small archive as version 1 wrote it: one row at least in every table. The original is the bytes "a scan".
INSERT INTO meta (name, value) VALUES ('epoch', x'000102030405060708090a0b0c0d0e0f'), ('index_version', 3), ('lease_token', 5);
INSERT INTO station (name, last_file) VALUES ('er', 1700000000000);
INSERT INTO batch (key, id, content, occurrence, station, profile, priority, grouping, held, created, state, filed_at)
VALUES (1, x'10101010101010101010101010101010', x'10101010101010101010101010101010', 0, 'er',
    '{"separation":"control","sides":1,"blank_backs":"unknown","multifeed":"unknown","file_sheets":2,"fax":false}',
    0, '"file"', '[]', 1700000000000, 'filed', 1700000001000);
INSERT INTO arrival (key, id, station, name, digest, size, at, batch) VALUES (1, x'20202020202020202020202020202020', 'er', 'a.tif',
    x'5bb626f4973a4d80adb3d956673807597303a694d5124d9c2298b1fa2811810f', 6, 1700000000000, 1);
INSERT INTO file_seen (station, path, dev, ino, size, mtime_ns, arrival)
VALUES ('er', x'61', 1, 2, 6, 3, x'20202020202020202020202020202020');
INSERT INTO original (batch, ordinal, arrival, digest, size, name, received, pages, first_page, format)
VALUES (1, 0, 1, x'5bb626f4973a4d80adb3d956673807597303a694d5124d9c2298b1fa2811810f', 6, 'a.tif', 1700000000000, 2, 1, '"tiff"');
INSERT INTO place (batch, page, place, original) VALUES (1, 1, 4, 0), (1, 2, 6, 0);
INSERT INTO reader (key, version) VALUES (1, 'tesseract-5.3/eng/p1');
INSERT INTO patient (key, id, birth_date, sex) VALUES (1, x'30303030303030303030303030303030', '1962-03-15', 'F');
INSERT INTO patient_identifier (value, authority, kind, patient, printed) VALUES ('00123456', 'GENHOSP', 'MR', 1, '00123456');
INSERT INTO authority (name) VALUES ('GENHOSP');
INSERT INTO patient_name (patient, family, given, middle, suffix, family_key, given_key, current, since)
VALUES (1, 'Doe', 'Jane', '', '', 'DOE', 'JANE', 1, 1700000000000);
INSERT INTO patient_birth_date (day, patient, current) VALUES ('1962-03-15', 1, 1);
INSERT INTO patient_source (source, last_contact, last_full, rows) VALUES ('csv', 1700000000000, 1700000000000, 1);
INSERT INTO encounter (value, authority, kind, patient) VALUES ('V1', 'GENHOSP', 'VN', 1);
INSERT INTO document (key, id, batch, first_page, issue, patient, authority, number, number_kind, kind, labels, state, filed_by, filed_at)
VALUES (1, x'40404040404040404040404040404040', 1, 2, 0, 1, 'GENHOSP', '00123456', 'MR', 'LAB', '[]', 'void', 'line', 1700000001000);
INSERT INTO document_run (document, ordinal, batch, first, last) VALUES (1, 0, 1, 2, 2);
INSERT INTO document_evidence (document, evidence) VALUES (1, '[]');
INSERT INTO exception (key, id, batch, first_page, issue, reasons, was_contrary, kind, state, created)
VALUES (1, x'50505050505050505050505050505050', 1, 2, 0, '["NO_ID"]', 0, 'LAB', 'void', 1700000001000);
INSERT INTO exception_run (exception, ordinal, batch, first, last) VALUES (1, 0, 1, 2, 2);
INSERT INTO exception_detail (exception, candidates, evidence) VALUES (1, '[]', '[]');
INSERT INTO sheet_issued (site, serial, kind, confirmed, issued_by, issued_at) VALUES ('SITE', 'S1', 'cover', 1, 'os:root', 1700000000000);
INSERT INTO sheet_appearance (site, serial, kind, batch, page, at) VALUES ('SITE', 'S1', 'cover', 1, 1, 1700000000000);
INSERT INTO change (position, what, batch, first, last, at) VALUES (7, 'filed', 1, 1, 2, 1700000001000);
INSERT INTO audit (seq, hash, event) VALUES (1, x'00', '{}');
INSERT INTO audit_run (batch, first, last, seq) VALUES (1, 1, 2, 1);
