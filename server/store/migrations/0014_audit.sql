-- The audit trail is written once. An entry takes its seal (number and chained hash) when it has none, and changes in no
-- other way; none is ever removed. What only one of the databases understands stands in a comment of its name.

ALTER TABLE audit ADD COLUMN request TEXT;

-- What people did besides saving records is little among much: it is found without walking over the rest.
CREATE INDEX audit_beside ON audit (workspace, object_kind, id) WHERE object_kind <> 'record';

/* sqlite:
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

CREATE TRIGGER audit_is_sealed_once BEFORE UPDATE ON audit
WHEN old.seq IS NOT NULL OR new.seq IS NULL OR new.chain IS NULL
    OR new.workspace IS NOT old.workspace OR new.id IS NOT old.id OR new.at IS NOT old.at
    OR new.who IS NOT old.who OR new.on_behalf_of IS NOT old.on_behalf_of OR new.action IS NOT old.action
    OR new.object_kind IS NOT old.object_kind OR new.object IS NOT old.object OR new.label IS NOT old.label
    OR new.path IS NOT old.path OR new.ip IS NOT old.ip OR new.changes IS NOT old.changes
    OR new.hash IS NOT old.hash OR new.request IS NOT old.request
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

-- INSERT OR REPLACE would remove an entry without a word to the triggers above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN new.seq IS NOT NULL OR EXISTS (SELECT 1 FROM audit WHERE workspace = new.workspace AND id = new.id)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
*/

/* postgres:
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END
$$;

CREATE FUNCTION audit_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.seq IS NOT NULL OR new.seq IS NULL OR new.chain IS NULL
        OR (new.workspace, new.id, new.at, new.action, new.object_kind, new.hash)
            IS DISTINCT FROM (old.workspace, old.id, old.at, old.action, old.object_kind, old.hash)
        OR (new.who, new.on_behalf_of, new.object, new.label, new.path, new.ip, new.changes, new.request)
            IS DISTINCT FROM
            (old.who, old.on_behalf_of, old.object, old.label, old.path, old.ip, old.changes, old.request)
    THEN
        RAISE EXCEPTION 'the audit trail is append-only';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER audit_stays BEFORE DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_is_sealed_once BEFORE UPDATE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_seal();
*/

-- How far each chain reaches: without it nobody could tell that the last entries are gone.
CREATE TABLE audit_head (
    workspace BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    chain BYTEA NOT NULL,
    PRIMARY KEY (workspace)
) /* sqlite: WITHOUT ROWID */;
INSERT INTO audit_head (workspace, seq, chain)
SELECT a.workspace, a.seq, a.chain FROM audit a
WHERE a.seq = (SELECT max(b.seq) FROM audit b WHERE b.workspace = a.workspace);
