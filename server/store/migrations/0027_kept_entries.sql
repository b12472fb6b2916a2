-- What a member has entered into a form and not saved: of a new record (0), or of one that is there. It is no record of anybody.
CREATE TABLE kept_entry (
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    form BIGINT NOT NULL,
    record BIGINT NOT NULL,
    fields TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace, member, form, record)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX kept_entry_age ON kept_entry (at);
-- When somebody changed what they had said of a record.
ALTER TABLE comment ADD COLUMN edited_at BIGINT;
