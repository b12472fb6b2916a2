-- In which order, and in which groups, the things of an app stand in its navigation.
CREATE TABLE app_tree (
    workspace BIGINT NOT NULL,
    app BIGINT NOT NULL,
    entries TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, app)
);
-- What a member wants at hand. A target is an id, or the key of a report.
CREATE TABLE favourite (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    member BIGINT NOT NULL,
    kind TEXT NOT NULL,
    app BIGINT NOT NULL,
    target TEXT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
CREATE UNIQUE INDEX favourite__member__kind__app__target ON favourite (workspace, member, kind, app, target);
