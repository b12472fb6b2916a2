-- The newest jobs that a member began are listed again and again, and a file that was made for somebody is given out by its job:
-- jobs of others are not read for it. Those under way have an index of their own.
CREATE INDEX job_of_member ON job (workspace, created_by, id);

-- How it grows (docs/decisions/0060).
/* sqlite:
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('job', 'job_of_member', '10000 10000 100 1');
ANALYZE sqlite_schema;
*/
