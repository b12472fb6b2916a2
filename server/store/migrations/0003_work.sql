-- What happens: files, jobs, flow instances and tasks, and the traces that every save leaves.

CREATE TABLE file (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    -- The record that holds it, once one does.
    form BIGINT,
    record BIGINT,
    field TEXT,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX file_sha256 ON file (sha256);

CREATE TABLE job (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT,
    errors BIGINT NOT NULL,
    input TEXT NOT NULL,
    result TEXT,
    problem TEXT,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    leased_until BIGINT,
    cancelled BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX job_open ON job (state, id) WHERE state IN ('queued', 'running');

CREATE TABLE idempotency (
    workspace BIGINT NOT NULL,
    principal BIGINT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    status BIGINT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, principal, route, key)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX idempotency_age ON idempotency (created_at);

-- What is to be done after a commit; a row goes when it is done.
CREATE TABLE outbox (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX outbox_due ON outbox (due_at);

-- Never changed but for the seal: number and chained hash.
CREATE TABLE audit (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who BIGINT,
    on_behalf_of BIGINT,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object BIGINT,
    label TEXT,
    path TEXT,
    ip TEXT,
    changes TEXT,
    hash BYTEA NOT NULL,
    seq BIGINT,
    chain BYTEA,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX audit__workspace__seq ON audit (workspace, seq) WHERE seq IS NOT NULL;

-- Changes hold what was before, by field; what came after is in the next newer entry, or in the record.
CREATE TABLE history (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who BIGINT,
    on_behalf_of BIGINT,
    path TEXT NOT NULL,
    batch BIGINT,
    changes TEXT,
    PRIMARY KEY (workspace, form, record, version)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE instance (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    flow_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- The marking and tasks as the engine keeps them.
    marking TEXT NOT NULL,
    title TEXT NOT NULL,
    submitter BIGINT,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX instance_record ON instance (workspace, form, record);
CREATE INDEX instance_submitter ON instance (workspace, submitter, id);

CREATE TABLE task (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    step TEXT NOT NULL,
    kind TEXT NOT NULL,
    assignee BIGINT,
    on_behalf_of BIGINT,
    state TEXT NOT NULL,
    decision TEXT,
    arrived_at BIGINT NOT NULL,
    due_at BIGINT,
    decided_at BIGINT,
    -- Edits put aside by the assignee until the decision.
    kept TEXT,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX task_instance ON task (workspace, instance);
CREATE INDEX task_box ON task (workspace, assignee, state, id);

CREATE TABLE instance_log (
    workspace BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who BIGINT,
    on_behalf_of BIGINT,
    event TEXT NOT NULL,
    PRIMARY KEY (workspace, instance, seq)
) /* sqlite: WITHOUT ROWID */;

CREATE TABLE comment (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who BIGINT NOT NULL,
    text TEXT NOT NULL,
    mentions TEXT NOT NULL,
    files TEXT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX comment_record ON comment (workspace, form, record, id);

CREATE TABLE serial_counter (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    field TEXT NOT NULL,
    period TEXT NOT NULL,
    scope TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (workspace, form, field, period, scope)
) /* sqlite: WITHOUT ROWID */;
