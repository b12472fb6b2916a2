-- A member's views of a form are told apart by their keys.
CREATE UNIQUE INDEX saved_view_key ON saved_view (workspace, form, owner, key);
