-- How far an import is, or the undoing of one, written with each of its slices: whoever goes on with it after a crash
-- repeats nothing and leaves nothing out.
CREATE TABLE import_run (
    workspace BIGINT NOT NULL,
    job BIGINT NOT NULL,
    form BIGINT NOT NULL,
    -- What all its records carry in their history; of an undoing, the batch that is undone.
    batch BIGINT NOT NULL,
    -- Of an import the rows of the file that are done, of an undoing the last record that is.
    position BIGINT NOT NULL,
    -- The counts so far: JSON.
    counts TEXT NOT NULL,
    -- The job that undoes it.
    undone_by BIGINT,
    PRIMARY KEY (workspace, job)
) /* sqlite: WITHOUT ROWID */;

-- What an import could not take, until it ends and tells it in a workbook.
CREATE TABLE import_fault (
    workspace BIGINT NOT NULL,
    job BIGINT NOT NULL,
    -- The place of the record among the rows of the file.
    position BIGINT NOT NULL,
    -- JSON.
    faults TEXT NOT NULL,
    PRIMARY KEY (workspace, job, position)
) /* sqlite: WITHOUT ROWID */;
