-- Who makes apps in a workspace: `everybody`, or `administrators` alone.
ALTER TABLE workspace_settings ADD COLUMN app_makers TEXT NOT NULL DEFAULT 'everybody';
