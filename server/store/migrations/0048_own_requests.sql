-- How many requests somebody has under way, and since when, is told on their first page: those that have ended are not read for it.
CREATE INDEX instance_own_going ON instance (workspace, submitter, id) WHERE ended_at IS NULL;
