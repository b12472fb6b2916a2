-- Workspaces and the people in them. Every other table carries the workspace it belongs to.
-- Instants are microseconds since 1970, JSON is TEXT, yes and no are 1 and 0.

CREATE TABLE workspace (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    currency TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What the installation itself remembers.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE member (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT,
    state TEXT NOT NULL,
    administrator BIGINT NOT NULL,
    manager BIGINT,
    language TEXT,
    zone TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX member__workspace__email ON member (workspace, email);
CREATE INDEX member_email ON member (email);

CREATE TABLE department (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    parent BIGINT,
    head BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);

CREATE TABLE department_member (
    workspace BIGINT NOT NULL,
    department BIGINT NOT NULL,
    member BIGINT NOT NULL,
    PRIMARY KEY (workspace, department, member)
);
CREATE INDEX department_member_member ON department_member (workspace, member);

CREATE TABLE role (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX role__workspace__key ON role (workspace, key);

CREATE TABLE role_member (
    workspace BIGINT NOT NULL,
    role BIGINT NOT NULL,
    member BIGINT NOT NULL,
    PRIMARY KEY (workspace, role, member)
);
CREATE INDEX role_member_member ON role_member (workspace, member);

-- Cookies and tokens are looked up before their workspace is known; only their hashes are here.
CREATE TABLE session (
    hash TEXT PRIMARY KEY,
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ip TEXT,
    agent TEXT
);
CREATE INDEX session_member ON session (workspace, member);

CREATE TABLE token (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    hash TEXT NOT NULL,
    member BIGINT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    seen_at BIGINT,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX token__hash ON token (hash);
