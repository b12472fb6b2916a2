-- Which hints of the pages a member has put away.
CREATE TABLE put_away (
    workspace BIGINT NOT NULL,
    member BIGINT NOT NULL,
    hints TEXT NOT NULL,
    PRIMARY KEY (workspace, member)
) /* sqlite: WITHOUT ROWID */;
