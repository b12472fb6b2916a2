-- How many bytes the files of a workspace have, counted where one is stored or removed: what it may have is looked at there.
CREATE TABLE file_room (
    workspace BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (workspace)
) /* sqlite: WITHOUT ROWID */;
INSERT INTO file_room (workspace, bytes)
SELECT workspace, CAST(sum(size) AS BIGINT) FROM file GROUP BY workspace;
