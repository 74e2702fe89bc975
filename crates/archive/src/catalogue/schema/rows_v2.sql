-- What version 2 brought.
INSERT INTO backup (key, id, destination, begun, verified) VALUES (1, x'60606060606060606060606060606060', '/backup', 1700000002000, 1700000003000);
INSERT INTO object_check (digest, at, whole) VALUES (x'5bb626f4973a4d80adb3d956673807597303a694d5124d9c2298b1fa2811810f', 1700000000000, 1);
