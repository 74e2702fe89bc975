-- What version 5 brought.

INSERT INTO account (name, display, roles, labels, password, totp, totp_step, disabled, failures, locked_until,
                     last_seen, created, created_by, generation)
VALUES ('lopez', 'Maria Lopez', '["clerk"]', '["MH"]', '$argon2id$', 'JBSWY3DPEHPK3PXP', 57, 0, 2, 99, 98, 90, 'os:root', 3);
INSERT INTO account_link (secret, account, expires) VALUES (x'01', 'lopez', 99);
INSERT INTO claim (item, by, at) VALUES ('x00', 'clerk:lopez', 95);
INSERT INTO saved_search (owner, name, query, at) VALUES ('clerk:lopez', 'labs of March', 'type:lab from:2019-03', 96);
INSERT INTO emergency (account, patient, code, reason, began, ends, judged_by, judged_at, judgement)
SELECT 'lopez', key, 'treatment', 'unconscious', 97, 99, 'clerk:privacy', 99, 'justified' FROM patient LIMIT 1;
INSERT INTO audit_actor (actor, seq) VALUES ('line', 1);
INSERT INTO audit_patient (patient, seq) VALUES (x'02', 1);
