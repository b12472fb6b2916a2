-- In which order a member sees the apps.
CREATE TABLE app_order (
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    apps TEXT NOT NULL,
    PRIMARY KEY (workspace, member)
) /* sqlite: WITHOUT ROWID */;
