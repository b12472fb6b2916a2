-- What a member has handled is listed by the moment of the decision.
CREATE INDEX task_handled ON task (workspace, assignee, state, decided_at, id);
