-- How a session was opened, and when its owner last showed who they are: what changes how they sign in asks for that anew.
ALTER TABLE session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE session ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0;

-- A second step of signing in: a secret that is shared with a member's authenticator, sealed. Without a moment of
-- confirmation it is being set up. The last time step that was used counts never again.
CREATE TABLE second_factor (
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    secret TEXT NOT NULL,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL,
    PRIMARY KEY (workspace, member)
);

-- Codes for who has lost their authenticator, by their hashes. One that was used is gone.
CREATE TABLE recovery_code (
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (workspace, member, hash)
);

-- From whom a workspace asks a second step. Without a row from nobody.
CREATE TABLE sign_in_policy (
    workspace BIGINT PRIMARY KEY,
    second_factor TEXT NOT NULL,
    version BIGINT NOT NULL
);

-- Links that let somebody choose a new password, by their hashes.
CREATE TABLE password_reset (
    hash TEXT PRIMARY KEY,
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_reset_member ON password_reset (workspace, member);

-- Letters that wait to be sent, sealed. One that could not be sent waits until it is due again or its time is over.
CREATE TABLE mail (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE INDEX mail_due ON mail (due_at);

-- Who a member is at an identity provider.
CREATE TABLE identity (
    workspace BIGINT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    member BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, issuer, subject)
);
CREATE INDEX identity_member ON identity (workspace, member);

-- Who administers a form without administering its app: a JSON array.
CREATE TABLE form_administration (
    workspace BIGINT NOT NULL,
    form BIGINT NOT NULL,
    admins TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, form)
);
