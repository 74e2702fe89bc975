-- The catalogue, version 6: charts by the last digits of their numbers, as paper charts stand on shelves.

-- The last two digits, then the two before them, then the whole number.
CREATE INDEX patient_identifier_terminal ON patient_identifier (substr(value, -2), substr(value, -4, 2), value)
    WHERE kind = 'MR';
