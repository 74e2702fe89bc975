-- What version 7 brought.
INSERT INTO rescan (key, site, serial, batch, page, exception, asked_by, asked_at)
VALUES (1, 'SITE', 'S3', 1, 2, 1, 'clerk:lopez', 1700000006000);
