-- What flows send: calls to other systems, and messages to people. Both are written in the transaction of what led there, and
-- sent after it.
CREATE TABLE flow_call (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    app BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    -- The stay at its step.
    visit BIGINT NOT NULL,
    step TEXT NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    -- As JSON: names and values. What a secret adds comes when it is sent.
    headers TEXT NOT NULL,
    body TEXT,
    -- The name of the secret of the app.
    secret TEXT,
    -- waiting, sent or dead
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When to try (again).
    due_at BIGINT NOT NULL,
    tried_at BIGINT,
    -- What was answered last: the status, and the beginning of the rest, or why there is no answer.
    status BIGINT,
    answer TEXT,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX flow_call_due ON flow_call (due_at, id) WHERE state = 'waiting';
CREATE INDEX flow_call_ahead ON flow_call (workspace, record, host, id) WHERE state = 'waiting';
CREATE INDEX flow_call_app ON flow_call (workspace, app, id);
CREATE INDEX flow_call_instance ON flow_call (workspace, instance, id);
CREATE INDEX flow_call_age ON flow_call (created_at);

-- A message as it was written, with the texts of the fields that it names: what of them somebody reads is decided when they do.
CREATE TABLE flow_message (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    step TEXT NOT NULL,
    -- Labels as JSON.
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    -- By path, as JSON.
    texts TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX flow_message_instance ON flow_message (workspace, instance);
CREATE INDEX flow_message_age ON flow_message (at);
ALTER TABLE notice ADD COLUMN message BIGINT;

-- What an app proves with who calls. What it is is sealed.
CREATE TABLE app_secret (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    app BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- sign, bearer or header
    purpose TEXT NOT NULL,
    -- The header that it is sent in.
    header TEXT,
    -- The hosts that may get it, as JSON.
    hosts TEXT NOT NULL,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX app_secret_app ON app_secret (workspace, app, name);

-- How these grow (docs/decisions/0060).
/* sqlite:
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('flow_call', 'flow_call', '1000000 1000000 1'),
    ('flow_call', 'flow_call_due', '1000 2 1'),
    ('flow_call', 'flow_call_ahead', '1000 1000 3 2 1'),
    ('flow_call', 'flow_call_app', '1000000 1000000 100000 1'),
    ('flow_call', 'flow_call_instance', '1000000 1000000 2 1'),
    ('flow_call', 'flow_call_age', '1000000 2'),
    ('flow_message', 'flow_message', '1000000 1000000 1'),
    ('flow_message', 'flow_message_instance', '1000000 1000000 2'),
    ('flow_message', 'flow_message_age', '1000000 2');
ANALYZE sqlite_schema;
*/
