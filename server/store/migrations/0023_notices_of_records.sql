-- A notice may be about a record on which no request runs: it has no instance then.
CREATE TABLE notice_anew (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    instance BIGINT,
    task BIGINT,
    step TEXT,
    who BIGINT,
    outcome TEXT,
    listed BIGINT NOT NULL,
    read_at BIGINT,
    mail_at BIGINT,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
INSERT INTO notice_anew (workspace, id, member, kind, at, form, record, instance, task, step, who, outcome, listed, read_at, mail_at)
SELECT workspace, id, member, kind, at, form, record, instance, task, step, who, outcome, listed, read_at, mail_at FROM notice;
DROP TABLE notice;
ALTER TABLE notice_anew RENAME TO notice;
CREATE INDEX notice_member ON notice (workspace, member, id);
CREATE INDEX notice_unread ON notice (workspace, member, id) WHERE read_at IS NULL;
CREATE INDEX notice_task ON notice (workspace, task) WHERE read_at IS NULL AND task IS NOT NULL;
CREATE INDEX notice_mail ON notice (mail_at) WHERE mail_at IS NOT NULL;
CREATE INDEX notice_age ON notice (at);
