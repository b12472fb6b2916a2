-- How records of a form stand on paper. Templates of a form are told apart by their keys.
CREATE TABLE print_template (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    form BIGINT NOT NULL,
    key TEXT NOT NULL,
    document TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
);
CREATE UNIQUE INDEX print_template_key ON print_template (workspace, form, key);
