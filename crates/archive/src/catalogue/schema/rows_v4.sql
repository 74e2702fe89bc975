-- What version 4 brought.

INSERT INTO paper_box (batch, first, box) VALUES (1, 1, 'ER2019.12');
