-- Why a version was made, where somebody has to say so: a record that was voided.
ALTER TABLE history ADD COLUMN reason TEXT;
