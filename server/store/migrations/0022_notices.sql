-- What members are told of, in the product and by mail.
CREATE TABLE notice (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    task BIGINT,
    step TEXT,
    -- Who did it.
    who BIGINT,
    -- How the request ended.
    outcome TEXT,
    -- Whether the product lists it; else it is for a letter alone.
    listed BIGINT NOT NULL,
    read_at BIGINT,
    -- When a letter tells of it; none where none does, or one has.
    mail_at BIGINT,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX notice_member ON notice (workspace, member, id);
CREATE INDEX notice_unread ON notice (workspace, member, id) WHERE read_at IS NULL;
CREATE INDEX notice_task ON notice (workspace, task) WHERE read_at IS NULL AND task IS NOT NULL;
CREATE INDEX notice_mail ON notice (mail_at) WHERE mail_at IS NOT NULL;
CREATE INDEX notice_age ON notice (at);

-- How a member wants to be told. Without a row the usual holds.
CREATE TABLE notice_settings (
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    -- For each kind how, as JSON.
    channels TEXT NOT NULL,
    -- The minute of the member's day at which the daily letter is written.
    daily_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, member)
) /* sqlite: WITHOUT ROWID */;
