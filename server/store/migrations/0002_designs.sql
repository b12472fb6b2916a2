-- What people design: apps, forms, flows, rights, aggregates, dashboards, reports.

CREATE TABLE app (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    icon TEXT,
    admins TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX app__workspace__key ON app (workspace, key) WHERE deleted_at IS NULL;

-- Numbers of physical tables: user text is never an identifier.
CREATE TABLE number_sequence (
    name TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE form (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    app BIGINT NOT NULL,
    key TEXT NOT NULL,
    -- The number of its record table.
    number BIGINT NOT NULL,
    label TEXT NOT NULL,
    icon TEXT,
    -- The published version; 0 before the first.
    version BIGINT NOT NULL,
    draft TEXT NOT NULL,
    draft_base BIGINT NOT NULL,
    draft_edits BIGINT NOT NULL,
    draft_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX form__app__key ON form (workspace, app, key) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX form__number ON form (number);

CREATE TABLE form_version (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by BIGINT,
    PRIMARY KEY (workspace, form, version)
);

-- Which column holds which field. A path is a field's key, or SUBFORM.COLUMN.
CREATE TABLE form_column (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    number BIGINT NOT NULL,
    path TEXT NOT NULL,
    shape TEXT NOT NULL,
    scale BIGINT NOT NULL,
    dropped_at BIGINT,
    PRIMARY KEY (workspace, form, number)
);

CREATE TABLE form_index (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace, form, name)
);

CREATE TABLE flow (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    -- The version that new instances run; 0 for none.
    active BIGINT NOT NULL,
    draft TEXT NOT NULL,
    draft_version BIGINT NOT NULL,
    PRIMARY KEY (workspace, form)
);

CREATE TABLE flow_version (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    published_by BIGINT,
    PRIMARY KEY (workspace, form, version)
);

CREATE TABLE permission_group (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    form BIGINT NOT NULL,
    key TEXT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX permission_group__form__key ON permission_group (workspace, form, key);

CREATE TABLE aggregate (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    app BIGINT NOT NULL,
    key TEXT NOT NULL,
    -- The number of the table with its groups.
    number BIGINT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX aggregate__app__key ON aggregate (workspace, app, key);

-- Dashboards, reports, automations, scripts: documents of an app, found by kind and key.
CREATE TABLE app_document (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    app BIGINT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX app_document__app__kind__key ON app_document (workspace, app, kind, key);

CREATE TABLE package_install (
    workspace BIGINT NOT NULL,
    key TEXT NOT NULL,
    app BIGINT NOT NULL,
    version TEXT NOT NULL,
    parameters TEXT NOT NULL,
    -- The package as it was installed, to compare with when it is upgraded.
    package TEXT NOT NULL,
    installed_at BIGINT NOT NULL,
    installed_by BIGINT,
    PRIMARY KEY (workspace, key)
);

CREATE TABLE saved_view (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    form BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    key TEXT NOT NULL,
    scope TEXT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX saved_view_form ON saved_view (workspace, form);
