-- Work that goes on after its server stopped: how far it is, in JSON of its kind, and how often that was noted. What its
-- saves carry in the history, and the job that took back what it did.
ALTER TABLE job ADD COLUMN place TEXT;
ALTER TABLE job ADD COLUMN step BIGINT NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN batch BIGINT;
ALTER TABLE job ADD COLUMN undone_by BIGINT;
-- A batch is taken back record by record, the last one first.
CREATE INDEX history_batch ON history (workspace, batch, record, version) WHERE batch IS NOT NULL;
-- What kind of values lie in a column that was put aside: the kind of its field with its options, as JSON.
ALTER TABLE form_column ADD COLUMN kind TEXT;
-- What is in the recycle bin too long is looked for by form.
CREATE INDEX form_deleted ON form (workspace, deleted_at) WHERE deleted_at IS NOT NULL;
