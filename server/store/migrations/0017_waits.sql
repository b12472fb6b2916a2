-- When an instance of a flow has to be looked at next: a delay or a deadline falls due, or what was refused is tried again.
CREATE TABLE flow_due (
    workspace BIGINT NOT NULL,
    instance BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    -- Until when a server has taken it.
    taken_until BIGINT,
    PRIMARY KEY (workspace, instance)
) /* sqlite: WITHOUT ROWID */;
CREATE INDEX flow_due_moment ON flow_due (due_at, workspace, instance);

-- The instance whose step has started another one.
ALTER TABLE instance ADD COLUMN parent BIGINT;
-- Instances that go on are moved to a newer version of their form's flow.
CREATE INDEX instance_going ON instance (workspace, form, id) WHERE ended_at IS NULL;

-- A member decides in the place of another for a while, in all flows or in those of some forms (as JSON).
CREATE TABLE delegation (
    workspace BIGINT NOT NULL,
    id BIGINT NOT NULL,
    giver BIGINT NOT NULL,
    receiver BIGINT NOT NULL,
    starts_at BIGINT,
    ends_at BIGINT,
    forms TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace, id)
) /* sqlite: WITHOUT ROWID */;
