-- What is put aside with a task is the edits and an opinion; before, it was the edits alone.
UPDATE task SET kept = '{"fields":' || kept || '}' WHERE kept IS NOT NULL;
