-- How many calls of flows have led here through other systems: a message that answers a call brings the number along, and the
-- flow that it starts keeps it for what it calls itself.
ALTER TABLE instance ADD COLUMN hops BIGINT NOT NULL DEFAULT 0;

-- Who takes the calls of a step of a flow, as long as they fail: how often they have in a row, and since when none is sent any more.
CREATE TABLE call_receiver (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    step TEXT NOT NULL,
    failures BIGINT NOT NULL,
    off_at BIGINT,
    PRIMARY KEY (workspace, form, step)
) /* sqlite: WITHOUT ROWID */;

-- The calls of a step that wait until it is switched on again.
CREATE INDEX flow_call_held ON flow_call (workspace, form, step, id) WHERE state = 'held';

-- How these grow (docs/decisions/0060).
/* sqlite:
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('flow_call', 'flow_call_held', '1000 1000 500 100 1');
ANALYZE sqlite_schema;
*/
