-- Inbound hooks of forms: by its token, which only its hash is known of here, and its secret another system makes and changes
-- records.
CREATE TABLE inbound_hook (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    form BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- Of the token, in hexadecimal; the token itself is sealed, for those who tell the sender the address.
    hash TEXT NOT NULL,
    token_sealed TEXT,
    -- sign or bearer
    proof TEXT NOT NULL,
    -- The secret, sealed, and the one before it, which is good until its sender has the new one.
    secret_sealed TEXT,
    former_sealed TEXT,
    secret_at BIGINT NOT NULL,
    is_on BIGINT NOT NULL,
    deleted_at BIGINT,
    -- What goes into which field, as JSON.
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by BIGINT,
    -- When a message was taken last.
    taken_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX inbound_hook_hash ON inbound_hook (hash);
CREATE INDEX inbound_hook_form ON inbound_hook (workspace, form, id);

-- Messages that hooks have taken, with what was answered: the same one again gets the same answer and has no effect.
CREATE TABLE hook_message (
    workspace BIGINT NOT NULL,
    hook BIGINT NOT NULL,
    -- As its sender calls it.
    name TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, hook, name)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX hook_message_age ON hook_message (at);

-- What came lately, and what became of it, for those who administer the form.
CREATE TABLE hook_delivery (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    hook BIGINT NOT NULL,
    at BIGINT NOT NULL,
    name TEXT,
    -- created, updated, unchanged, repeated or refused
    outcome TEXT NOT NULL,
    -- Whether the sender has shown that they have the secret.
    is_proven BIGINT NOT NULL,
    record BIGINT,
    -- Why it was refused, and the same with what was wrong, as JSON.
    code TEXT,
    why TEXT,
    address TEXT,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX hook_delivery_hook ON hook_delivery (workspace, hook, is_proven, id);
CREATE INDEX hook_delivery_age ON hook_delivery (at);

-- How these grow (docs/decisions/0060).
/* sqlite:
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('hook_message', 'hook_message', '1000000 1000000 50000 1'),
    ('hook_message', 'hook_message_age', '1000000 2'),
    ('hook_delivery', 'hook_delivery', '10000 10000 1'),
    ('hook_delivery', 'hook_delivery_hook', '10000 10000 100 50 1'),
    ('hook_delivery', 'hook_delivery_age', '10000 2');
ANALYZE sqlite_schema;
*/
