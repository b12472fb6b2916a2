-- Whether whoever comes to sign in reads what the workspace is called.
ALTER TABLE workspace_settings ADD COLUMN named_at_sign_in BIGINT NOT NULL DEFAULT 0;
