-- The figure of a rollup that is kept has a column: what it does with what it counts, and the shape of that.
ALTER TABLE form_column ADD COLUMN figure TEXT;
ALTER TABLE form_column ADD COLUMN counted TEXT;
ALTER TABLE form_column ADD COLUMN counted_scale BIGINT NOT NULL DEFAULT 0;

-- Whether the sound of a text stands beside it, by which it is sorted or found.
ALTER TABLE form_column ADD COLUMN spelled BIGINT NOT NULL DEFAULT 0;

-- Forms that were published before get what they lack when the server starts.
INSERT INTO setting (name, value) SELECT 'tables_to_settle', 'all' WHERE EXISTS (SELECT 1 FROM form);
