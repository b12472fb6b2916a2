-- Demo records of roles in which nobody was when they came: they wait for the first who is.
CREATE TABLE awaited_owner (
    workspace BIGINT NOT NULL,
    role TEXT NOT NULL,
    record BIGINT NOT NULL,
    form BIGINT NOT NULL,
    PRIMARY KEY (workspace, role, record)
) /* sqlite: WITHOUT ROWID */;
