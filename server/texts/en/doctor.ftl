# What `formwork doctor` says, one line for each thing that differs
doctor-sound = Everything is as it should be: { $forms } forms, { $tables } aggregate tables, { $entries } entries in the audit trail.
doctor-differs = Things that are not as they should be: { $count }. They are listed above; a backup has what is gone.
doctor-damaged-file = The database file is damaged: { $detail }
doctor-space-is-kept = The database keeps the room of removed data. On PostgreSQL turn autovacuum on.
doctor-missing-table = The table { $name } is missing.
doctor-missing-column = The column { $name } is missing.
doctor-other-type = The column { $name } has another type.
doctor-missing-index = The index { $name } is missing.
doctor-unfinished-index = The making of the index { $name } broke off.
doctor-form-broken = The form { $form } names something that is gone: { $detail }
doctor-group-broken = The permission group { $group } no longer fits the form { $form } and grants nothing.
doctor-field-without-column = The field { $field } of the form { $form } has no column for its values.
doctor-aggregate-broken = The aggregate table { $aggregate } names something that is gone: { $detail }
doctor-aggregate-wrong = Groups of the aggregate table { $aggregate } that differ from the records: { $count }. The first is { $group }
doctor-audit-broken = The audit trail of “{ $workspace }” was changed: { $detail }
doctor-audit-unsealed = Entries in the audit trail of “{ $workspace }” that have had no seal for over a minute: { $count }
doctor-check-failed = The check “{ $check }” could not be made: { $detail }
