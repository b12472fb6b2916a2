-- Records of every form are found by how their titles sound: forms that were published before get what they lack when the
-- server starts.
INSERT INTO setting (name, value) SELECT 'tables_to_settle', 'all'
WHERE EXISTS (SELECT 1 FROM form) AND NOT EXISTS (SELECT 1 FROM setting WHERE name = 'tables_to_settle');
