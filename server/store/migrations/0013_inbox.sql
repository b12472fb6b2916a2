-- What somebody gives with their words in an approval, as JSON: files, people they name, fields that are to be changed.
ALTER TABLE instance_log ADD COLUMN attached TEXT;
-- What a member was told of is listed apart from what they decide.
CREATE INDEX task_copies ON task (workspace, assignee, id) WHERE kind = 'cc';
-- Phrases of one's own, for opinions.
CREATE TABLE phrase (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX phrase_member ON phrase (workspace, member, id);
