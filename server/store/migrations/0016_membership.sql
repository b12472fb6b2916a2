-- What colleagues know of a member, and who took over from one who has left.
ALTER TABLE member ADD COLUMN title TEXT;
ALTER TABLE member ADD COLUMN phone TEXT;
ALTER TABLE member ADD COLUMN successor BIGINT;

-- Roles lie in groups, so that many are found.
CREATE TABLE role_group (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
ALTER TABLE role ADD COLUMN role_group BIGINT;

-- Links by which somebody joins, by their hashes. One that was used stays until its time is over: who comes with it again
-- is told so.
CREATE TABLE invitation (
    hash TEXT PRIMARY KEY,
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    -- For whom it was made: another address of the member makes it worthless.
    email TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX invitation_member ON invitation (workspace, member);

-- What a workspace has said for everybody in it. Without a row the usual holds.
CREATE TABLE workspace_settings (
    workspace BIGINT PRIMARY KEY,
    -- The languages that people can choose: a JSON array.
    languages TEXT NOT NULL,
    -- Days and hours of work: JSON.
    calendar TEXT NOT NULL,
    -- Characters of a password at least.
    password_length BIGINT NOT NULL,
    -- A session ends after so many minutes without use, and after so many days in any case; a member has so many at once.
    session_minutes BIGINT NOT NULL,
    session_days BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    version BIGINT NOT NULL
);
