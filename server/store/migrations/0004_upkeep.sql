-- What the sealer of the audit trail looks for every second.
CREATE INDEX audit_open ON audit (workspace, id) WHERE seq IS NULL;
