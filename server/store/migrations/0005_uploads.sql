-- Uploads that no record holds: how much room one member takes with them, and which have lain long enough.
CREATE INDEX file_untaken ON file (workspace, created_by) WHERE record IS NULL;
CREATE INDEX file_untaken_since ON file (created_at) WHERE record IS NULL;
