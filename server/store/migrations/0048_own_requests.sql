-- How many requests somebody has under way, and since when, is told on their first page: those that have ended are not read for it.
CREATE INDEX instance_own_going ON instance (workspace, submitter, id) WHERE ended_at IS NULL;

-- How it grows (docs/decisions/0060).
/* sqlite:
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('instance', 'instance_own_going', '50000 50000 50 1');
ANALYZE sqlite_schema;
*/
