-- What is looked for again and again is found without walking over what only grows.
-- Word of saved records is taken at once, in the order of its numbers: a save need not keep an index of it.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (kind, due_at, id) WHERE kind <> 'record';
CREATE INDEX notice_letter ON notice (workspace, member, id) WHERE mail_at IS NOT NULL;
CREATE INDEX session_expires ON session (expires_at);
CREATE INDEX invitation_expires ON invitation (expires_at);
CREATE INDEX password_reset_expires ON password_reset (expires_at);
CREATE INDEX mail_expires ON mail (expires_at);
CREATE INDEX file_record ON file (workspace, form, record) WHERE record IS NOT NULL;

-- Without a word SQLite takes ten rows for one workspace, and walks over all of them by the key where a better index is
-- there (docs/decisions/0060). These are no measurements: how many rows there are in a table that has grown, and how many of
-- them are alike in the first column of an index, in the first two, and so on.
/* sqlite:
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('audit', 'audit', '1000000 1000000 1'),
    ('audit', 'audit__workspace__seq', '1000000 1000000 1'),
    ('audit', 'audit_open', '100 100 1'),
    ('audit', 'audit_beside', '100000 100000 10000 1'),
    ('comment', 'sqlite_autoindex_comment_1', '100000 100000 1'),
    ('comment', 'comment_record', '100000 100000 10000 5 1'),
    ('file', 'sqlite_autoindex_file_1', '200000 200000 1'),
    ('file', 'file_sha256', '200000 2'),
    ('file', 'file_untaken', '1000 1000 20'),
    ('file', 'file_untaken_since', '1000 1'),
    ('file', 'file_record', '200000 200000 20000 3'),
    ('flow_due', 'flow_due', '100000 100000 1'),
    ('flow_due', 'flow_due_moment', '100000 2 2 1'),
    ('history', 'history', '5000000 5000000 500000 5 1'),
    ('history', 'history_batch', '500000 500000 500 2 1'),
    ('idempotency', 'idempotency', '100000 100000 1000 200 1'),
    ('idempotency', 'idempotency_age', '100000 1'),
    ('instance', 'sqlite_autoindex_instance_1', '500000 500000 1'),
    ('instance', 'instance_record', '500000 500000 50000 1'),
    ('instance', 'instance_submitter', '500000 500000 500 1'),
    ('instance', 'instance_going', '50000 50000 5000 1'),
    ('instance_log', 'instance_log', '5000000 5000000 10 1'),
    ('job', 'sqlite_autoindex_job_1', '10000 10000 1'),
    ('job', 'job_open', '10 5 1'),
    ('notice', 'notice', '1000000 1000000 1'),
    ('notice', 'notice_member', '1000000 1000000 1000 1'),
    ('notice', 'notice_unread', '50000 50000 50 1'),
    ('notice', 'notice_task', '50000 50000 2'),
    ('notice', 'notice_mail', '1000 5'),
    ('notice', 'notice_letter', '1000 1000 10 1'),
    ('notice', 'notice_age', '1000000 2'),
    ('outbox', 'outbox', '10000 10000 1'),
    ('outbox', 'outbox_due', '5000 2000 2 1'),
    ('step_visit', 'step_visit', '2000000 2000000 5 1'),
    ('step_visit', 'step_visit_left', '2000000 2000000 200000 2'),
    ('task', 'sqlite_autoindex_task_1', '1000000 1000000 1'),
    ('task', 'task_instance', '1000000 1000000 5'),
    ('task', 'task_box', '1000000 1000000 2000 500 1'),
    ('task', 'task_handled', '1000000 1000000 2000 500 2 1'),
    ('task', 'task_copies', '100000 100000 200 1'),
    ('task', 'task_decided', '1000000 1000000 100000 2');
ANALYZE sqlite_schema;
*/
