-- What lies in the recycle bin of the things that people design, a line for each. Apps and forms stay where they are, marked
-- as deleted; dashboards, reports, aggregate tables and drafts of flows lie in their line, whole, so that no list of what is
-- there has to leave them out. Its id is that of the thing.
CREATE TABLE bin_line (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- The app that it belongs to; an app's own id.
    app BIGINT NOT NULL,
    -- The form whose flow it was.
    form BIGINT,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    -- Key and label, folded: what a search looks in.
    searched TEXT NOT NULL,
    document TEXT,
    version BIGINT NOT NULL,
    deleted_at BIGINT NOT NULL,
    deleted_by BIGINT,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX bin_line_deleted ON bin_line (workspace, deleted_at, id);
CREATE INDEX bin_line_app ON bin_line (workspace, app);
CREATE INDEX bin_line_form ON bin_line (workspace, form) WHERE form IS NOT NULL;
INSERT INTO bin_line (workspace, id, kind, app, key, label, searched, version, deleted_at)
    SELECT workspace, id, 'app', id, key, label, lower(key || ' ' || label), version, deleted_at
    FROM app WHERE deleted_at IS NOT NULL;
INSERT INTO bin_line (workspace, id, kind, app, key, label, searched, version, deleted_at)
    SELECT workspace, id, 'form', app, key, label, lower(key || ' ' || label), draft_version, deleted_at
    FROM form WHERE deleted_at IS NOT NULL;
-- A version of a flow that was deleted is offered nowhere, and stays for the requests that went by it.
ALTER TABLE flow_version ADD COLUMN deleted_at BIGINT;
